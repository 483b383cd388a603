//! `update`: a channel that moves is brought up to date, and the cache follows only if the compiler is another one.

use super::site::{OLD, Snapshot, git, install, is_installed, said, sandbox, small, small_at, xcargo};
use crate::support::cmd::Cmd;
use crate::support::dist::{Dist, R1_78};
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::terminal::Terminal;

fn update(sandbox: &Sandbox, project: &Project, args: &[&str]) -> Cmd {
    xcargo(sandbox, project, &["toolchain", "update"]).args(args)
}

/// Pinned to `stable`, which is not installed yet.
fn moving(sandbox: &Sandbox, doctor: &str) -> Project {
    small_at(Project::new(sandbox, "moving")).toolchain("channel = \"stable\"").doctor(doctor).commit(sandbox)
}

/// What a user would lose: a build cache, cleaned although the compiler is the same; or gigabytes, kept although it is not.
#[test]
fn the_cache_follows_if_the_compiler_changed() {
    let sandbox = sandbox();
    let project = moving(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let shown = update(&sandbox, &project, &["--dry-run"]).run().ok();
    assert!(said(&shown, "Would")[0].ends_with("rustup update stable --no-self-update"), "{}", shown.show());
    let same = update(&sandbox, &project, &[]).run().ok();
    assert_eq!(said(&same, "Checked"), ["stable is still 1.77.2"], "{}", same.show());
    assert!(said(&same, "Cleaning").is_empty(), "{}", same.show());
    let fresh = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(!fresh.err().contains("Compiling"), "{}", fresh.show());

    Dist::of(&sandbox).stub("stable", &R1_78);
    let offline = update(&sandbox, &project, &["--offline"]).run().code(48);
    assert!(offline.err().contains("run it again without `--offline`"), "{}", offline.show());
    let moved = update(&sandbox, &project, &[]).run().ok();
    assert_eq!(said(&moved, "Updated"), ["stable: 1.77.2 -> 1.78.0"], "{}", moved.show());
    assert!(said(&moved, "Cleaning")[0].contains("built by 1.77.2"), "{}", moved.show());
    assert_eq!(git(&sandbox, &project, &["status", "--porcelain"]), "");
    let built = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(
        built.err().contains("Compiling small") && said(&built, "Cleaning").is_empty(),
        "{}",
        built.show()
    );
    let again = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(!again.err().contains("Compiling"), "{}", again.show());
}

/// What a user would lose: the knowledge that nothing will ever happen here.
#[test]
fn a_release_never_moves() {
    let sandbox = sandbox();
    let project = small(&sandbox);
    let before = Snapshot::of(&sandbox, &project);
    let run = update(&sandbox, &project, &[]).run().ok();
    assert_eq!(
        said(&run, "Checked"),
        ["1.77.2 never moves: `xcargo toolchain set` changes it"],
        "{}",
        run.show()
    );
    before.assert_same();
}

/// What a user would lose: what their policy forbids, done by the other door.
#[test]
fn the_policy_has_its_say() {
    let sandbox = sandbox();
    install(&sandbox, OLD);
    let project = moving(&sandbox, "[toolchain]\ninstall = \"deny\"\n");
    let run = update(&sandbox, &project, &["--yes"]).run().code(44);
    assert!(
        run.err().contains("error[toolchain-missing]") && run.err().contains("doctor.toml:2"),
        "{}",
        run.show()
    );
    assert!(!is_installed(&sandbox, "stable"));
    let project = project.doctor("[toolchain]\ninstall = \"ask\"\n");
    let run = update(&sandbox, &project, &[]).run().code(48);
    assert!(run.err().contains("`--yes`") && !is_installed(&sandbox, "stable"), "{}", run.show());
    let mut terminal = Terminal::start(update(&sandbox, &project, &[]));
    terminal.wait_for("Bring stable up to date?");
    terminal.type_in("n\n");
    terminal.finish().code(48);
    assert!(!is_installed(&sandbox, "stable"));
    let run = update(&sandbox, &project, &["--yes"]).run().ok();
    assert_eq!(said(&run, "Updated"), ["stable: not installed -> 1.77.2"], "{}", run.show());
    let project = project.doctor("[steps]\ntoolchain-change = []\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    Dist::of(&sandbox).stub("stable", &R1_78);
    let run = update(&sandbox, &project, &[]).run().ok();
    assert!(said(&run, "Updated").len() == 1 && said(&run, "Cleaning").is_empty(), "{}", run.show());
}

/// What a user would lose: the toolchain that they had, and their cache, to a server that is away.
#[test]
fn a_server_that_is_down_changes_nothing() {
    let sandbox = sandbox();
    let project = moving(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let before = Snapshot::of(&sandbox, &project);
    let nobody = "http://127.0.0.1:1";
    let run = update(&sandbox, &project, &[])
        .env("RUSTUP_DIST_SERVER", nobody)
        .env("RUSTUP_MAX_RETRIES", "0")
        .run()
        .code(46);
    assert!(
        run.err().contains("error[step-failed]") && run.err().contains("rustup update stable"),
        "{}",
        run.show()
    );
    before.assert_same();
    let fresh = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(!fresh.err().contains("Compiling"), "{}", fresh.show());
}
