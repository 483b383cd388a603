//! What a person at a terminal is asked, and what policy makes of the cache afterwards.

use super::site::{NEW, OLD, Snapshot, git, install, is_installed, said, sandbox, small, xcargo};
use crate::support::terminal::Terminal;

/// What a user would lose: the last word.
#[test]
fn a_person_is_asked_before_anything_happens() {
    let sandbox = sandbox();
    let project = small(&sandbox);
    let before = Snapshot::of(&sandbox, &project);
    let set = || Terminal::start(xcargo(&sandbox, &project, &["toolchain", "set", NEW]));
    for answer in ["n\n", "N\r", "\u{4}"] {
        let mut terminal = set();
        terminal.wait_for("Change these 3 files to 1.78.0?");
        terminal.type_in(answer);
        let run = terminal.finish().code(48);
        assert!(
            run.out().contains("Will edit") && run.out().contains("the toolchain was not changed"),
            "{}",
            run.show()
        );
        before.assert_same();
    }
    let mut terminal = set();
    terminal.wait_for("[Y/n]");
    assert!(!is_installed(&sandbox, NEW), "nothing is installed before somebody agrees");
    terminal.type_in("y\n");
    let run = terminal.finish().ok();
    assert!(is_installed(&sandbox, NEW), "{}", run.show());
    assert_eq!(git(&sandbox, &project, &["diff", "--name-only"]).lines().count(), 3);
    // Return alone is the answer in capitals.
    git(&sandbox, &project, &["checkout", "-q", "."]);
    let mut terminal = set();
    terminal.wait_for("[Y/n]");
    terminal.type_in("\n");
    terminal.finish().ok();
    assert_eq!(git(&sandbox, &project, &["diff", "--name-only"]).lines().count(), 3);
}

/// What a user would lose: a script that hangs for an answer nobody gives, or one that goes on as if there was one.
#[test]
fn without_a_terminal_nobody_is_asked() {
    let sandbox = sandbox();
    let project = small(&sandbox);
    let before = Snapshot::of(&sandbox, &project);
    let set = || xcargo(&sandbox, &project, &["toolchain", "set", NEW]);
    for cmd in [set(), set().stdin("y\n"), set().env("CI", "true")] {
        let run = cmd.run().code(48);
        assert!(run.err().contains("error[usage]") && run.err().contains("`--yes`"), "{}", run.show());
        before.assert_same();
    }
    let run = xcargo(&sandbox, &project, &["toolchain", "sync", "--from", "1.70.0"]).run().ok();
    assert_eq!(said(&run, "Checked").len(), 1, "what needs no change needs no answer: {}", run.show());
}

/// What a user would lose: the steps that their policy names, or a cache that it wants to keep.
#[test]
fn the_policy_says_what_comes_after() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    for (steps, args, cleans, builds) in [
        ("[\"sync-pins\", \"scoped-clean\"]", &[][..], true, false),
        ("[\"scoped-clean\", \"build\"]", &[], true, true),
        ("[\"build\"]", &[], false, true),
        ("[]", &[], false, false),
        ("[]", &["--build"], false, true),
    ] {
        let project = small(&sandbox).doctor(&format!("[steps]\ntoolchain-change = {steps}\n"));
        xcargo(&sandbox, &project, &["toolchain", "set", OLD, "--yes"]).run().ok();
        sandbox.cargo().arg("build").dir(project.root()).run().ok();
        let all: Vec<&str> = ["toolchain", "set", NEW].iter().chain(args).copied().collect();
        let shown = xcargo(&sandbox, &project, &all).arg("--dry-run").run().ok();
        let would = |verb: &str| said(&shown, "Would").iter().any(|line| line.starts_with(verb));
        assert_eq!(
            (would("then clean"), would("run cargo build")),
            (cleans, builds),
            "{steps} {}",
            shown.show()
        );
        let run = xcargo(&sandbox, &project, &all).arg("--yes").run().ok();
        assert_eq!(!said(&run, "Cleaning").is_empty(), cleans, "{steps} {}", run.show());
        assert_eq!(said(&run, "Compiling").len(), usize::from(builds), "{steps} {}", run.show());
        let program = project.root().join("target/debug/small");
        assert!(program.exists() || (cleans && !builds), "{steps} {}", run.show());
        git(&sandbox, &project, &["checkout", "-q", "."]);
        fs_err::remove_dir_all(project.root()).unwrap();
    }
}

/// What a user would lose: the result of the build that they asked for.
#[test]
fn a_build_that_fails_is_the_commands_failure() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small(&sandbox).file("src/main.rs", "fn main() { 1 + }\n");
    let run = xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes", "--build"]).run().code(101);
    assert!(said(&run, "Pinned").len() == 1, "the change itself is done: {}", run.show());
    assert!(git(&sandbox, &project, &["diff", "--name-only"]).contains("rust-toolchain.toml"));
}
