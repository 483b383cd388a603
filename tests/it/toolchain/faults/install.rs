//! Installing: there is no rustup, it may not, it dies, it lies, or its directory is in somebody's way.

use std::os::unix::fs::PermissionsExt;

use fs_err as fs;

use super::ground::{NEW, Repo, STEP_FAILED, State, TOOLCHAIN_MISSING, installed, rustup_is, sandbox};
use crate::support::dist::full_name;
use crate::support::machine::machine;

/// A distribution's cargo cannot be moved by rustup: a pin that nobody can follow is not written.
#[test]
fn without_rustup_nothing_is_set() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    let system = sandbox.root().join("system");
    fs::create_dir_all(&system).unwrap();
    for tool in ["cargo", "rustc", "rustdoc"] {
        std::os::unix::fs::symlink(machine().tool(tool), system.join(tool)).unwrap();
    }
    let path = std::env::join_paths([system.clone(), sandbox.root().join("tools")]).unwrap();
    let says = ["the cargo in use is not rustup's", "nothing was changed", "install rustup"];
    for path_is in [true, false] {
        let cmd = match path_is {
            true => repo.set(NEW).env("PATH", &path).env("RUSTUP_HOME", sandbox.root().join("nowhere")),
            // rustup is there, but another cargo was asked for.
            false => repo.set(NEW).env("XCARGO_CARGO", machine().tool("cargo")),
        };
        repo.refused(cmd.run(), TOOLCHAIN_MISSING, &says);
    }
    // No cargo at all.
    let cmd = repo.set(NEW).env("PATH", sandbox.root().join("tools")).env("CARGO_HOME", "/nowhere");
    repo.refused(cmd.run(), TOOLCHAIN_MISSING, &says);
}

/// An administrator's "no" holds for this command as for a build, and it names the line that says no.
#[test]
fn where_the_policy_forbids_to_install_nothing_is_set() {
    let sandbox = sandbox();
    let repo =
        Repo::with(&sandbox, "p", |project| project.doctor("# ours\n[toolchain]\ninstall = \"deny\"\n"));
    let says = ["policy forbids it", "doctor.toml:3", "rustup toolchain install 1.78.0"];
    repo.refused(repo.set(NEW).run(), TOOLCHAIN_MISSING, &says);
    // What is there already needs no leave.
    super::ground::install(&sandbox, NEW);
    repo.succeeds();
}

/// `--offline` means that the network is left alone, wherever it stands.
#[test]
fn offline_nothing_is_installed_and_nothing_set() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    let says =
        ["1.78.0 is not installed, and the network is off", "nothing was changed", "without `--offline`"];
    for args in [
        &["toolchain", "set", NEW, "--yes", "--offline"][..],
        &["--offline", "toolchain", "set", NEW, "--yes"],
    ] {
        repo.refused(repo.xcargo(args).run(), TOOLCHAIN_MISSING, &says);
    }
    let run = repo.xcargo(&["toolchain", "set", "latest", "--yes", "--offline"]).run().code(48);
    assert!(run.err().contains("the network is off") && run.err().contains("help:"), "{}", run.show());
    super::ground::install(&sandbox, NEW);
    repo.xcargo(&["toolchain", "set", NEW, "--yes", "--offline"]).run().ok();
    assert_eq!(repo.state(), State::New);
}

/// rustup says that all is well and it is not (a wrapper, a damaged disk): the pin does not move to what cannot build.
#[test]
fn a_rustup_that_does_nothing_is_not_believed() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    rustup_is(&sandbox, "exit 0");
    let says = ["rustup reported success, but 1.78.0 is still not complete", "no file was changed"];
    repo.refused(repo.set(NEW).run(), STEP_FAILED, &says);
    rustup_is(&sandbox, "exit 3");
    repo.refused(repo.set(NEW).run(), STEP_FAILED, &["failed (exit status: 3)", "no file was changed"]);
    let rustup = sandbox.cargo_home().join("bin/rustup");
    fs::set_permissions(&rustup, PermissionsExt::from_mode(0o644)).unwrap();
    repo.refused(repo.set(NEW).run(), STEP_FAILED, &["could not start", "no file was changed"]);
    rustup_is(&sandbox, "exec \"$real\" \"$@\"");
    repo.succeeds();
}

/// The system kills rustup in the middle (no memory left): the command ends so, and the next one mends what is left.
#[test]
fn a_rustup_that_is_killed_half_way_is_mended_by_the_next_set() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    let half = sandbox.rustup_home().join("toolchains").join(full_name(NEW)).join("bin");
    rustup_is(&sandbox, &format!("mkdir -p '{}'\nkill -KILL $$", half.display()));
    let run = repo.set(NEW).run();
    assert_eq!(run.killed_by(), Some(9), "{}", run.show());
    assert!(!run.err().contains("Pinned"), "{}", run.show());
    assert_eq!(repo.state(), State::Old);
    rustup_is(&sandbox, "exec \"$real\" \"$@\"");
    let run = repo.succeeds();
    assert!(run.err().contains("1.78.0 again: its installation was interrupted"), "{}", run.show());
}

/// Where xcargo cannot know whether rustup is at work, it does not let it work.
#[test]
fn a_lock_that_cannot_be_had_stops_before_rustup_starts() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    let lock = sandbox.rustup_home().join(".xcargo-lock");
    fs::create_dir(&lock).unwrap();
    repo.refused(repo.set(NEW).run(), STEP_FAILED, &["could not take a lock", "no file was changed"]);
    fs::remove_dir(&lock).unwrap();
    repo.succeeds();
}

/// Half a toolchain that somebody else left is theirs: said, with the way out, and no pin moves to it.
#[test]
fn a_toolchain_that_is_only_half_there_is_not_pinned() {
    let sandbox = installed();
    fs::remove_file(crate::support::dist::installed(&sandbox, NEW, "rustc")).unwrap();
    let repo = Repo::new(&sandbox, "p");
    let says = ["only half there", "rustup toolchain uninstall 1.78.0"];
    repo.refused(repo.set(NEW).run(), TOOLCHAIN_MISSING, &says);
}
