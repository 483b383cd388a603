//! Exit codes, output, input and terminal behaviour are cargo's own.

use super::POLICY;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::terminal::Terminal;
use crate::support::twins::Twins;

const MAIN: &str = r#"
use std::io::{IsTerminal, Read};
fn main() {
    let mut input = String::new();
    if !std::io::stdin().is_terminal() {
        std::io::stdin().read_to_string(&mut input).unwrap();
    }
    println!("read {input:?}");
    eprintln!("terminals: {} {}", std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
    std::process::exit(std::env::args().nth(1).map_or(0, |code| code.parse().unwrap()));
}
fn unused() {}
"#;

fn project(sandbox: &Sandbox) -> Project {
    Project::program(sandbox, "small", MAIN)
        .file(".cargo/config.toml", "[alias]\nseven = \"run --quiet -- 7\"\nloop = \"loop\"\n")
        .file("examples/broken.rs", "fn main() { no_such_thing() }")
        .file("tests/fails.rs", "#[test]\nfn fails() -> Result<(), &'static str> { Err(\"as it should\") }")
        .file("single.rs", "fn main() {}")
}

/// The command and the code it ends with, so that "the same" is not "both failed at once".
const COMMANDS: &[(&[&str], i32)] = &[
    (&[], 0),
    (&["build"], 0),
    (&["build"], 0),
    (&["+host", "build"], 0),
    (&["+no-such-toolchain", "build"], 1),
    (&["run"], 0),
    (&["run", "--", "7"], 7),
    (&["run", "--", "47"], 47),
    (&["seven"], 7),
    (&["--config", "build.incremental=false", "run", "--", "8"], 8),
    (&["--color", "always", "-v", "check"], 0),
    (&["--quiet", "check"], 0),
    (&["check", "--message-format=json"], 0),
    (&["build", "--example", "broken"], 101),
    (&["test", "--test", "fails"], 101),
    (&["loop"], 101),
    (&["foo", "a", "--", "b"], 9),
    (&["fooo"], 101),
    (&["single.rs"], 101),
    (&["-Zscript", "single.rs"], 101),
    (&["build", "--no-such-flag"], 1),
    (&["--no-such-flag"], 1),
    (&["--", "build"], 101),
    (&["-C", "src", "build"], 101),
    (&["--locked", "metadata", "--no-deps", "--format-version=1"], 0),
    (&["--manifest-path", "nowhere/Cargo.toml", "build"], 1),
    (&["build", "--manifest-path", "nowhere/Cargo.toml"], 101),
];

#[test]
fn without_a_policy_code_streams_and_tree_are_cargos() {
    let sandbox = Sandbox::new();
    sandbox.script("bin/cargo-foo", "#!/bin/sh\necho \"foo: $*\"\necho on stderr >&2\nexit 9\n");
    let twins = Twins::of(&sandbox, &project(&sandbox));
    for (args, code) in COMMANDS {
        twins.same(args).code(*code);
    }
}

#[test]
fn what_is_piped_into_cargo_run_reaches_the_program() {
    for policy in [false, true] {
        let sandbox = Sandbox::new();
        let project = project(&sandbox);
        let project = if policy { project.doctor(POLICY) } else { project };
        let twins = Twins::of(&sandbox, &project);
        let run = twins.same_with(|cmd| cmd.args(["run"]).stdin("from a pipe"));
        assert!(run.out().contains("read \"from a pipe\""), "{}", run.show());
    }
}

#[test]
fn a_user_at_a_terminal_sees_the_same_bytes() {
    for policy in [false, true] {
        let sandbox = Sandbox::new();
        let project = project(&sandbox);
        let project = if policy { project.doctor(POLICY) } else { project };
        let twins = Twins::of(&sandbox, &project);
        // Built before, so that no progress bar depends on how fast the machine is.
        twins.same(&["build"]);
        for args in [&["run", "--", "3"][..], &["build"], &["fooo"], &["help"][..0]] {
            let run = twins.same_as(|cmd| Terminal::start(cmd.args(args)).finish());
            assert!(run.out().contains("\x1b["), "cargo sees a terminal and shows colours: {}", run.show());
        }
        let run = twins.same_as(|cmd| Terminal::start(cmd.args(["run", "-q"])).finish());
        assert!(run.out().contains("terminals: true true"), "{}", run.show());
    }
}
