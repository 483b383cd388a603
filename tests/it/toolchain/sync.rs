//! `sync`: somebody has edited the toolchain file, and every other place follows.

use fs_err as fs;

use super::site::{
    NEW, OLD, Snapshot, assert_names, count, git, install, said, sandbox, site, small, small_at, xcargo,
};
use crate::support::cmd::Run;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// The toolchain file names the new release, by hand.
fn edit(project: &Project) {
    let path = project.root().join("rust-toolchain.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("'1.77.2'", "'1.78.0'").replace("\"1.77.2\"", "\"1.78.0\"")).unwrap();
}

fn sync(sandbox: &Sandbox, project: &Project, args: &[&str]) -> Run {
    let all: Vec<&str> = ["toolchain", "sync"].iter().chain(args).copied().collect();
    xcargo(sandbox, project, &all).run()
}

/// What a user would lose: the other places, left behind by an edit that rustup obeys at once and nobody else does.
#[test]
fn everything_follows_the_edited_file() {
    let sandbox = sandbox();
    let project = site(&sandbox);
    edit(&project);
    let before = Snapshot::of(&sandbox, &project);
    let (files, places) = count();
    let checked = xcargo(&sandbox, &project, &["toolchain", "check", "--offline"]).run().code(40);
    assert!(checked.out().contains("error[two-pins-disagree]"), "{}", checked.show());
    let shown = sync(&sandbox, &project, &["--dry-run"]).ok();
    assert!(!shown.out().contains("b/rust-toolchain.toml"), "{}", shown.show());
    let refused = sync(&sandbox, &project, &[]).code(48);
    assert!(refused.err().contains("`--yes`"), "{}", refused.show());
    before.assert_same();

    let run = sync(&sandbox, &project, &["--yes"]).ok();
    assert_eq!(
        said(&run, "Pinned"),
        [format!("{NEW}: {} places in {} files", places - 1, files - 1)],
        "{}",
        run.show()
    );
    assert_names(&project, NEW);
    // It was not asked to install anything, and has not.
    assert!(!super::site::is_installed(&sandbox, NEW));
    let again = sync(&sandbox, &project, &[]).ok();
    assert_eq!(
        said(&again, "Checked"),
        ["every place that follows names 1.78.0 already"],
        "{}",
        again.show()
    );
    // What a digest decides is all that is left to do.
    let checked = xcargo(&sandbox, &project, &["toolchain", "check", "--offline"]).run().code(40);
    assert_eq!(checked.out().matches("error[").count(), 1, "{}", checked.show());
    assert!(checked.out().contains("--> .github/workflows/containers.yml:18:"), "{}", checked.show());

    git(&sandbox, &project, &["checkout", "-q", "."]);
    edit(&project);
    sandbox.command("git").arg("apply").dir(project.root()).stdin(&shown.out()).run().ok();
    assert_names(&project, NEW);
}

/// What a user would lose: time to find out why CI and their machine differ. The build itself edits nothing.
#[test]
fn a_build_says_what_has_stayed_behind() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small(&sandbox).doctor("[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    edit(&project);
    let status = git(&sandbox, &project, &["status", "--porcelain", "-uno"]);
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert_eq!(git(&sandbox, &project, &["status", "--porcelain", "-uno"]), status);
    let says = "names another toolchain than 1.78.0: `xcargo toolchain check` shows them, `xcargo toolchain sync` mends them";
    assert!(run.err().contains(says), "{}", run.show());
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(!run.err().contains("another toolchain"), "once is enough: {}", run.show());
    let run = sync(&sandbox, &project, &["--yes"]).ok();
    assert!(said(&run, "Cleaning").is_empty(), "the build has cleaned: {}", run.show());
    let fresh = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(!fresh.err().contains("Compiling"), "{}", fresh.show());
}

/// What a user would lose: a commit that moved only the toolchain file. What the pin was is not known then, and nobody guesses.
#[test]
fn after_the_commit_the_old_pin_has_to_be_named() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    for with_git in [true, false] {
        let name = if with_git { "small" } else { "plain" };
        let project = small_at(Project::new(&sandbox, name));
        edit(&project);
        let project = if with_git { project.commit(&sandbox) } else { project };
        let read = |path: &str| fs::read_to_string(project.root().join(path)).unwrap();
        let run = sync(&sandbox, &project, &["--yes"]).ok();
        // An image sets up a whole environment: it follows, whatever it names.
        assert_eq!(read("Dockerfile"), "FROM rust:1.78-slim\n", "{}", run.show());
        assert!(read(".github/workflows/ci.yml").contains("cargo +1.77.2 test"), "{}", run.show());
        let left = said(&run, "Leaving");
        assert!(
            left[0].starts_with(".github/workflows/ci.yml:5 (1.77.2): ") && left[0].contains("xcargo: role=")
        );
        let run = sync(&sandbox, &project, &["--yes", "--from", "1.70.0", "--from", OLD]).ok();
        assert!(read(".github/workflows/ci.yml").contains("cargo +1.78.0 test"), "{}", run.show());
        sync(&sandbox, &project, &["--yes", "--from", "a/../b"]).code(48);
    }
}

/// What a user would lose: the same where `doctor.toml` is the pin, and an answer where nothing is.
#[test]
fn without_a_toolchain_file_the_policy_is_followed() {
    let sandbox = sandbox();
    let project = small(&sandbox).doctor("[toolchain]\nchannel = \"1.78.0\"\n");
    fs::remove_file(project.root().join("rust-toolchain.toml")).unwrap();
    sync(&sandbox, &project, &["--yes", "--from", OLD]).ok();
    assert_eq!(fs::read_to_string(project.root().join("Dockerfile")).unwrap(), "FROM rust:1.78-slim\n");
    assert!(!project.root().join("rust-toolchain.toml").exists());
    for (file, says) in [
        (None, "`xcargo toolchain set <channel>` writes one"),
        (Some("[toolchain]\ncomponents = [\"clippy\"]\n"), "`xcargo toolchain set <channel>` writes one"),
        (Some("[toolchain]\npath = \"/nowhere\"\n"), "names a directory"),
    ] {
        fs::write(project.root().join("doctor.toml"), "[policy]\n").unwrap();
        if let Some(text) = file {
            fs::write(project.root().join("rust-toolchain.toml"), text).unwrap();
        }
        let before = Snapshot::of(&sandbox, &project);
        let run = sync(&sandbox, &project, &["--yes"]).code(48);
        assert!(run.err().contains(says), "{}", run.show());
        before.assert_same();
    }
}

/// What a user would lose: a sync on a machine that builds nothing.
#[test]
fn it_needs_no_cargo() {
    let sandbox = sandbox();
    let project = small(&sandbox);
    edit(&project);
    let run = xcargo(&sandbox, &project, &["toolchain", "sync", "--yes", "--from", OLD])
        .env("PATH", "/nowhere")
        .run()
        .ok();
    assert_eq!(said(&run, "Pinned"), ["1.78.0: 2 places in 2 files"], "{}", run.show());
}

/// What a user would lose: a sync, because a toolchain is missing that it does not need.
#[test]
fn a_toolchain_that_may_not_be_installed_is_no_obstacle() {
    let sandbox = sandbox();
    let project = small(&sandbox).doctor("[toolchain]\ninstall = \"deny\"\n").commit(&sandbox);
    sandbox.cargo().arg("build").dir(project.root()).run().ok();
    edit(&project);
    let run = sync(&sandbox, &project, &["--yes"]).ok();
    assert_eq!(said(&run, "Pinned"), ["1.78.0: 2 places in 2 files"], "{}", run.show());
    assert!(
        project.root().join("target/debug/small").exists(),
        "whose compiler is unknown is not cleaned for"
    );
}
