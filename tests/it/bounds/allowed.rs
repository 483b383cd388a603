//! What is let through: a clean inside the bounds, and one that the policy opens.

use std::os::unix::fs::symlink;

use fs_err as fs;

use super::{OUTSIDE_BOUNDS, Place, plus};
use crate::support::cmd::Cmd;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::tree::{Ours, Tree};
use crate::support::twins::Twins;

/// Puts a command at home in the place that stands on the stage.
fn in_ws(cmd: Cmd, place: &Place, args: &[&str]) -> Cmd {
    let cmd = cmd.dir(place.at("ws")).env("HOME", place.at("home"));
    cmd.args(args.iter().map(|arg| place.text(arg)))
}

/// Where cargo has its own word, it says it: also with a directory outside, as it deletes nothing then.
#[test]
fn what_cargo_refuses_or_explains_it_does_itself() {
    let sandbox = Sandbox::new();
    for (at, policy) in [None, Some("[policy]\n")].into_iter().enumerate() {
        for (each, (args, vars)) in [
            (&["help", "clean"][..], &[("CARGO_TARGET_DIR", "../outside")][..]),
            (&["clean", "--profile", "unheard-of"], &[]),
            (&["clean", "--manifest-path", "gone/Cargo.toml"], &[("CARGO_TARGET_DIR", "../outside")]),
            (&["clean"], &[("CARGO_TARGET_DIR", "")]),
        ]
        .into_iter()
        .enumerate()
        {
            let place = Place::new(&sandbox, &format!("place-{at}-{each}"));
            if let Some(policy) = policy {
                place.write("ws/doctor.toml", policy);
            }
            let twins = Twins::of(&sandbox, &place.project);
            twins.same_with(|cmd| {
                vars.iter()
                    .fold(in_ws(cmd, &place, args), |cmd, (name, value)| cmd.env(name, place.text(value)))
            });
        }
    }
}

/// A flag that only a later cargo knows must not let that one loose: it gets a dry run.
#[test]
fn a_flag_that_nobody_knows_deletes_nothing() {
    let sandbox = Sandbox::new();
    let place = Place::new(&sandbox, "place");
    let before = Tree::read(place.root(), Ours::Counts);
    let run = place.run(sandbox.xcargo(), &["clean", "--no-such-flag"], &[]);
    assert!(run.err().contains("unexpected argument '--no-such-flag'"), "{}", run.show());
    for args in [&["clean", "--target="][..], &["clean", "-p", ""], &["clean", "--profile="]] {
        let run = place.run(sandbox.xcargo(), args, &[]).code(48);
        assert!(run.err().contains("empty value"), "{}", run.show());
    }
    // Cargo 1.95 removes everything for an empty triple, and lists the triples where there is no value.
    place.run(sandbox.xcargo(), &["clean", "--target"], &[]);
    assert_eq!(before.difference(&Tree::read(place.root(), Ours::Counts)), "");
}

/// A clean within the bounds takes what was asked for, and leaves the user's own file that lies beside.
#[test]
fn a_clean_inside_takes_what_was_asked_for() {
    let sandbox = Sandbox::new();
    let plus = plus();
    let (debug, release, doc) = ("ws/target/debug/deps", "ws/target/release/deps", "ws/target/doc");
    for (at, policy) in [None, Some("[policy]\n")].into_iter().enumerate() {
        for (each, (args, vars, gone)) in [
            (&["clean"][..], &[][..], &[debug, release, doc][..]),
            (&["clean", "--release", "-v"], &[], &[release]),
            (&["clean", "--doc"], &[], &[doc]),
            (&["clean", "-n"], &[], &[]),
            (&["-q", "wipe"], &[], &[release]),
            (&[&plus, "clean", "--profile", "dev"], &[], &[debug]),
            (&["clean", "--target-dir", "target/debug/../../target"], &[], &[debug, release, doc]),
            (
                &["clean"],
                &[("CARGO_TARGET_DIR", "@/ws/deep/er"), ("CARGO_BUILD_BUILD_DIR", "{workspace-root}/target")],
                &[debug, release, doc],
            ),
        ]
        .into_iter()
        .enumerate()
        {
            let place = Place::new(&sandbox, &format!("place-{at}-{each}"));
            if let Some(policy) = policy {
                place.write("ws/doctor.toml", policy);
            }
            let run = place.run(sandbox.xcargo(), args, vars).ok();
            for dir in [debug, release, doc] {
                assert_eq!(place.at(dir).exists(), !gone.contains(&dir), "{dir}: {}", run.show());
            }
            assert!(place.at("ws/target/precious.txt").exists(), "{}", run.show());
            assert!(place.at("ws/target/debug/.cargo-lock").exists(), "{}", run.show());
        }
    }
}

/// Teams with one target dir for all their projects must be able to clean it, and only it.
#[test]
fn what_the_policy_opens_may_be_cleaned_and_nothing_else() {
    let sandbox = Sandbox::new();
    for (at, (args, vars, gone)) in [
        (&["clean", "--target-dir", "../outside"][..], &[][..], "outside/debug/deps"),
        (&["clean"], &[("CARGO_TARGET_DIR", "@/outside")], "outside/debug/deps"),
        (&["clean"], &[("CARGO_BUILD_BUILD_DIR", "../outside")], "outside/release/deps"),
        (&["clean", "--release"], &[("CARGO_TARGET_DIR", "../outside")], "outside/release/deps"),
        (&["clean"], &[("CARGO_TARGET_DIR", "../way/target")], "way/target/debug/deps"),
    ]
    .into_iter()
    .enumerate()
    {
        let place = Place::new(&sandbox, &format!("place-{at}"));
        place.write("ws/doctor.toml", "[clean]\nallow-outside = [\"@/outside\", \"@/way\"]\n");
        let run = place.run(sandbox.xcargo(), args, vars).ok();
        assert!(!place.at(gone).exists(), "{args:?} {vars:?} cleaned {gone}: {}", run.show());
        assert!(place.at("outside/precious.txt").exists() && place.at("other/target/debug/deps").exists());
    }

    let place = Place::new(&sandbox, "place");
    place.write("ws/doctor.toml", "[clean]\nallow-outside = [\"@/outside\", \"@/other\", \"@/cargo\"]\n");
    fs::remove_dir_all(place.at("ws/target")).expect("it makes room for a link");
    symlink("../outside", place.at("ws/target")).expect("a link");
    let before = Tree::read(place.root(), Ours::Counts);
    for (args, says) in [
        (&["clean", "--target-dir", "../way/target"][..], "lies outside the workspace"),
        (&["clean", "--target-dir", "../other"], "is or holds a package"),
        (&["clean", "--target-dir", "../cargo"], "is or holds cargo's home"),
        (&["clean"], "is a link to"),
    ] {
        let run = place.run(sandbox.xcargo(), args, &[]).code(OUTSIDE_BOUNDS);
        assert!(run.err().contains(says), "{}", run.show());
    }
    assert_eq!(before.difference(&Tree::read(place.root(), Ours::Counts)), "");
}

/// A step that nobody typed must never be what empties a directory outside: it is left, that is said, and the build runs.
#[test]
fn scoped_clean_leaves_a_build_dir_outside_alone_and_builds() {
    let sandbox = Sandbox::new();
    let project = Project::new(&sandbox, "p")
        .package("", "app", "[dependencies]\nitoa = \"=1.0.18\"\n")
        .file("src/lib.rs", "pub use itoa::Buffer;\n")
        .doctor("[policy]\n");
    let outside = sandbox.work().join("outside");
    let front = |args: &[&str]| {
        sandbox.xcargo().args(args).dir(project.root()).env("CARGO_BUILD_BUILD_DIR", "../outside")
    };
    front(&["check"]).run().ok();
    let units = || {
        let tree = Tree::read(&outside, Ours::Counts);
        tree.named("itoa-").map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let old = units();
    assert!(!old.is_empty(), "the build dir is outside");

    let manifest = project.root().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("the manifest");
    fs::write(&manifest, text.replace("1.0.18", "1.0.19")).expect("the manifest");
    sandbox.cargo().arg("generate-lockfile").dir(project.root()).run().ok();
    let before = Tree::read(&sandbox.work(), Ours::Counts);
    let shown = front(&["--dry-run", "check"]).run().ok();
    assert!(shown.err().contains("left everything alone"), "{}", shown.show());
    assert_eq!(before.difference(&Tree::read(&sandbox.work(), Ours::Counts)), "");
    let run = front(&["check"]).run().ok();
    for part in [
        "warning[outside-bounds]: scoped-clean left everything alone",
        "`CARGO_BUILD_BUILD_DIR`",
        "Checking itoa v1.0.19",
    ] {
        assert!(run.err().contains(part), "{part:?} is not said\n{}", run.show());
    }
    let now = units();
    assert!(old.iter().all(|unit| now.contains(unit)), "{old:?} is not all in {now:?}");
    assert!(now.len() > old.len());

    // Opened by the policy, the same is cleaned: it was the bounds that held it back.
    fs::write(&manifest, &text).expect("the manifest");
    sandbox.cargo().arg("generate-lockfile").dir(project.root()).run().ok();
    let policy = format!("[clean]\nallow-outside = [{:?}]\n", outside.to_str().expect("UTF-8"));
    fs::write(project.root().join("doctor.toml"), policy).expect("the policy");
    let run = front(&["check"]).run().ok();
    assert!(run.err().contains("Cleaning ") && !run.err().contains("warning["), "{}", run.show());
    assert!(units().len() < now.len(), "{}", run.show());
}
