//! Called `xcargo`, it shows its own verbs after cargo's; called `cargo`, it is cargo.

use std::path::Path;

use fs_err as fs;

use crate::support::project::Project;
use crate::support::sandbox::{Sandbox, xcargo};

const QUESTIONS: &[&[&str]] =
    &[&["--version"], &["-V"], &["-vV"], &["--list"], &["help"], &["--help"], &["help", "build"], &[]];

type Place = fn(&Path);

const LINKS: [(&str, Place); 3] = [
    ("symbolic link", |at| std::os::unix::fs::symlink(xcargo(), at).expect("a symbolic link")),
    ("hard link", |at| {
        // The build directory may be on another file system; then the copy is what can be had.
        if fs::hard_link(xcargo(), at).is_err() {
            fs::copy(xcargo(), at).expect("a copy");
        }
    }),
    ("copy", |at| assert!(fs::copy(xcargo(), at).expect("a copy") > 0)),
];

#[test]
fn a_link_named_cargo_early_in_path_is_cargo_to_the_letter() {
    for (what, place) in LINKS {
        let sandbox = Sandbox::new();
        let real = sandbox.cargo_home().join("bin/cargo");
        place(&sandbox.bin().join("cargo"));
        for args in QUESTIONS {
            let ours = sandbox.cargo().args(*args).run();
            let theirs = sandbox.command(&real).args(*args).run();
            assert_eq!(ours.status, theirs.status, "{what}, {args:?}: {}", ours.show());
            assert_eq!(ours.out(), theirs.out(), "{what}, {args:?}");
            assert_eq!(ours.err(), theirs.err(), "{what}, {args:?}");
        }
        let project = Project::program(&sandbox, "seven", "fn main() { std::process::exit(7) }");
        sandbox.cargo().args(["run", "-q"]).dir(project.root()).run().code(7);
    }
}

#[test]
fn two_xcargos_in_path_still_end_at_the_real_one() {
    let sandbox = Sandbox::new();
    let second = sandbox.root().join("second");
    fs::create_dir(&second).unwrap();
    fs::copy(xcargo(), sandbox.bin().join("cargo")).unwrap();
    fs::copy(xcargo(), second.join("cargo")).unwrap();
    let proxies = sandbox.cargo_home().join("bin");
    let tools = sandbox.root().join("tools");
    let path = std::env::join_paths([sandbox.bin(), second.clone(), sandbox.bin(), proxies, tools]).unwrap();
    let first = sandbox.bin().join("cargo");
    let second = second.join("cargo");
    for program in [Path::new("cargo"), &first, &second, xcargo()] {
        let run = sandbox.command(program).arg("-V").env("PATH", &path).run().ok();
        assert!(run.out().starts_with("cargo 1."), "{}", run.show());
        assert!(run.err().is_empty(), "{}", run.show());
    }
}

#[test]
fn named_xcargo_cargos_words_come_first_and_unchanged() {
    let sandbox = Sandbox::new();
    for (args, then) in [
        (&["--version"][..], "xcargo 0."),
        (&["-V"], "xcargo 0."),
        (&["--list"], "policy"),
        (&["help"], "policy"),
    ] {
        let theirs = sandbox.cargo().args(args).run().ok();
        let ours = sandbox.xcargo().args(args).run().ok();
        let Some(rest) = ours.out().strip_prefix(&theirs.out()).map(str::to_owned) else {
            panic!("not cargo's own words first: {}", ours.show());
        };
        assert!(rest.contains(then), "{args:?} says nothing of ours: {}", ours.show());
        assert_eq!(ours.err(), theirs.err(), "{args:?}");
    }
    // What is not asked about all of it is cargo's alone.
    for args in [&["help", "build"][..], &["build", "--help"], &[]] {
        let theirs = sandbox.cargo().args(args).run();
        let ours = sandbox.xcargo().args(args).run();
        assert_eq!(ours.status, theirs.status);
        assert_eq!(ours.out(), theirs.out(), "{args:?}");
    }
}
