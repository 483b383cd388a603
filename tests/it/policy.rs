//! The policy as a user meets it: broken ones, its verbs, the way past it.

mod broken;
mod init;
mod odd;
mod past;
mod verbs;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use fs_err as fs;

use crate::support::cmd::{Cmd, Run};
use crate::support::project::Project;
use crate::support::recorder::Recorder;
use crate::support::sandbox::{Sandbox, xcargo};
use crate::support::tree::{Ours, Tree};

/// Exit codes from docs/exit-codes.md.
const FINDINGS: i32 = 40;
const REFUSED: i32 = 41;
const BROKEN: i32 = 42;
const STEP_FAILED: i32 = 46;
const USAGE: i32 = 48;
const NO_WORKSPACE: i32 = 49;

/// A package with a program, and no lock file: whoever runs cargo on it leaves something.
fn package(sandbox: &Sandbox, name: &str) -> Project {
    Project::new(sandbox, name).package("", "p", "").file("src/main.rs", "fn main() {}\n")
}

/// `xcargo <args>` in the project.
fn run(sandbox: &Sandbox, project: &Project, args: &[&str]) -> Run {
    sandbox.xcargo().args(args).dir(project.root()).run()
}

/// The commands that a broken policy must stop: they build, test, ask, update, clean.
const STOPPED: [&[&str]; 5] =
    [&["build"], &["test", "--quiet"], &["metadata", "--format-version=1"], &["update"], &["clean"]];

/// Runs all of [`STOPPED`] and asserts that each says these things, and that nothing ran and nothing changed.
#[track_caller]
fn is_broken(sandbox: &Sandbox, recorder: &Recorder, project: &Project, says: &[&str]) {
    let before = Tree::read(project.root(), Ours::Counts);
    recorder.take();
    for args in STOPPED.into_iter().chain([&["policy", "check"][..]]) {
        let run = run(sandbox, project, args).code(BROKEN);
        assert!(run.stdout.is_empty(), "stdout belongs to cargo and to data\n{}", run.show());
        assert!(run.err().starts_with("error[policy-broken]: "), "{}", run.show());
        for part in says {
            assert!(run.err().contains(part), "{part:?} is not said\n{}", run.show());
        }
    }
    assert_eq!(recorder.take(), [], "something ran in {}", project.root().display());
    assert_eq!(before.difference(&Tree::read(project.root(), Ours::Counts)), "", "something changed");
}

/// xcargo as somebody whom permissions hold back: root, as whom containers run tests, is not held back by any.
///
/// There is a cargo that ends with 99, so that nothing of the machine's has to be readable.
fn held_back(sandbox: &Sandbox) -> Cmd {
    sandbox.script("bin/cargo", "#!/bin/sh\nexit 99\n");
    if !rustix::process::geteuid().is_root() {
        return sandbox.xcargo();
    }
    const NOBODY: u32 = 65534;
    let copy = sandbox.root().join("tools/xcargo");
    if !copy.exists() {
        fs::copy(xcargo(), &copy).expect("a copy that everybody can run");
    }
    mode(sandbox.root(), 0o755);
    sandbox.command(copy).user(NOBODY)
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("permissions");
}
