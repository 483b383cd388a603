//! After a failure: what the build itself broke is found, said and repaired; what is the user's own affair stays it.

use std::path::PathBuf;

use fs_err as fs;

use super::harm::append;
use crate::faults::edit;
use crate::outcome::Outcome;
use crate::sets::NONE;
use crate::site::{Driver, Layout, Site};
use crate::support::cmd::Run;
use crate::support::sandbox::Sandbox;

const BUILD: &[&str] = &["build", "-p", "app", "--bin", "app"];

/// A compiler that loses what it wrote for one crate, once.
fn forgetful(site: &Site<'_>) -> PathBuf {
    let root = site.root().display();
    site.sandbox().script(
        "forgetful",
        &format!(
            "#!/bin/sh\n\"$@\" || exit\ncase \" $* \" in *' --crate-name leaf '*) ;; *) exit 0 ;; esac\n\
             [ -e '{root}/lost' ] && exit 0\n: > '{root}/lost'\n\
             for file in '{root}'/target/debug/deps/libleaf-*.rlib '{root}'/target/debug/build/leaf/*/out/libleaf-*.rlib; do\n  \
             [ -e \"$file\" ] && : > \"$file\"\ndone\nexit 0\n"
        ),
    )
}

/// The build in which it happens.
fn broken_build(site: &Site<'_>) -> Outcome {
    edit(site, "leaf/src/module.rs");
    let wrapper = forgetful(site);
    site.build_with(BUILD, |cmd| cmd.env("RUSTC_WRAPPER", &wrapper))
}

/// The next one, by the same compiler.
fn next_build(site: &Site<'_>) -> Outcome {
    let wrapper = site.sandbox().root().join("forgetful");
    site.build_with(BUILD, |cmd| cmd.env("RUSTC_WRAPPER", &wrapper))
}

fn what_a_build_broke_is_repaired(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::new(&sandbox, "plain", layout, Driver::Cargo);
    broken_build(&site).fails_with("rlib format");
    next_build(&site).fails_with("rlib format");

    let site = Site::new(&sandbox, "xcargo", layout, Driver::Xcargo);
    let outcome = broken_build(&site);
    outcome.fails_with("rlib format").says(&["leaf", ".rlib"]);
    assert_eq!(outcome.run.status.code(), Some(101), "{}", outcome.run.show());
    assert!(outcome.run.err().contains("again"), "{}", outcome.run.show());
    next_build(&site).prints(&[("module", "2")]).rebuilds(super::sets::LEAF).says(&[]);
    next_build(&site).prints(&[("module", "2")]).rebuilds(NONE).says(&[]);

    // Or at once, where the policy wants it.
    let site = Site::new(&sandbox, "retried", layout, Driver::Xcargo);
    fs::write(site.root().join("doctor.toml"), "[policy]\n[diagnose]\nretry = true\n").unwrap();
    broken_build(&site).prints(&[("module", "2")]).says(&["leaf", ".rlib"]);
    next_build(&site).prints(&[("module", "2")]).rebuilds(NONE).says(&[]);

    // Or never.
    let site = Site::new(&sandbox, "unwanted", layout, Driver::Xcargo);
    fs::write(site.root().join("doctor.toml"), "[policy]\n[diagnose]\non-failure = \"off\"\n").unwrap();
    broken_build(&site).fails_with("rlib format").says(&[]);
}

/// What a command says, without what differs between two runs of the same: places, times and process ids.
fn said(site: &Site<'_>, run: &Run) -> String {
    let err = run.err().replace(&site.root().display().to_string(), "ROOT");
    let words = err.lines().map(|line| {
        let line = line.split(" target(s) in ").next().unwrap_or_default();
        // `thread 'prints' (1234) panicked at …`
        line.split(") panicked at ").last().unwrap_or_default().to_owned()
    });
    words.collect::<Vec<_>>().join("\n")
}

/// The same command through both, after the same change. Both end with cargo's exit code and say the same.
fn xcargo_says_what_cargo_says(layout: Layout, change: fn(&Site<'_>), command: &[&str], text: &str) {
    let sandbox = Sandbox::in_memory();
    let [plain, xcargo] = [("plain", Driver::Cargo), ("xcargo", Driver::Xcargo)].map(|(name, driver)| {
        let site = Site::new(&sandbox, name, layout, driver);
        change(&site);
        let run = site.cmd(command).run().code(101);
        assert!((run.err() + &run.out()).contains(text), "{}", run.show());
        said(&site, &run)
    });
    assert_eq!(plain, xcargo);
}

/// An error of the user's own.
fn mistyped(site: &Site<'_>) {
    let file = site.root().join("leaf/src/module.rs");
    fs::write(file, "pub fn value() -> u32 { \"text\" }\n").unwrap();
}

/// A program, or a test, that harms the build dir and fails. What it did is found before the next build: if it were found now,
/// somebody would have looked.
const SABOTAGE: &str = "for dir in [\"target/debug/deps\", \"target/debug/build\"] { spoil(dir.as_ref()); }\n    panic!(\"as I wish\");\n}\n\
     fn spoil(dir: &std::path::Path) {\n    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {\n        \
     let path = entry.path();\n        if path.is_dir() { spoil(&path); }\n        \
     if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(\"libleaf-\")) { std::fs::write(path, \"\").unwrap(); }\n    }\n";

fn failing_program(site: &Site<'_>) {
    let file = site.root().join("app/src/main.rs");
    fs::write(file, format!("fn main() {{\n    {SABOTAGE}}}\n")).unwrap();
}

fn failing_test(site: &Site<'_>) {
    let text = format!(
        "#[test]\nfn fails() {{\n    std::env::set_current_dir(\"..\").unwrap();\n    {SABOTAGE}}}\n"
    );
    fs::write(site.root().join("app/tests/it.rs"), text).unwrap();
}

/// The sabotage is one, so that the silence after it proves something.
fn the_program_really_harms(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for (change, command) in [
        (failing_program as fn(&Site<'_>), &["run", "-p", "app", "--bin", "app"][..]),
        (failing_test, &["test", "-p", "app", "--test", "it"]),
    ] {
        let site = Site::new(&sandbox, command[0], layout, Driver::Cargo);
        change(&site);
        site.cmd(command).run().code(101);
        append(site.root(), "app/src/lib.rs");
        site.build(&["build", "-p", "app", "--lib"]).fails_with("leaf");
    }
}

macro_rules! in_both_layouts {
    ($($name:ident => $play:expr;)*) => { $(
        mod $name {
            use super::*;

            #[test]
            fn in_layout_one() {
                $play(Layout::One);
            }

            #[test]
            fn in_layout_two() {
                $play(Layout::Two);
            }
        }
    )* };
}

in_both_layouts! {
    broken_by_the_build => what_a_build_broke_is_repaired;
    sabotage => the_program_really_harms;
    error_of_the_user => |layout| xcargo_says_what_cargo_says(layout, mistyped, &["build", "-p", "leaf"], "E0308");
    failed_program => |layout| {
        xcargo_says_what_cargo_says(layout, failing_program, &["run", "-p", "app", "--bin", "app"], "as I wish");
    };
    failed_test => |layout| {
        xcargo_says_what_cargo_says(layout, failing_test, &["test", "-p", "app", "--test", "it"], "as I wish");
    };
}
