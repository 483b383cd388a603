//! `policy init`: writes the template at the workspace's root, and nothing over what is there.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use fs_err as fs;

use super::{NO_WORKSPACE, STEP_FAILED, USAGE, held_back, mode, package, run};
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::tree::{Ours, Tree};

/// Puts something at the policy's place.
type Make = fn(&Path);

const TEMPLATE: &str = include_str!("../../../doctor.toml.example");

/// The first command that a newcomer types after reading about the policy.
#[test]
fn the_template_is_written_at_the_root_and_is_valid() {
    let sandbox = Sandbox::new();
    let workspace = |name: &str| {
        Project::new(&sandbox, name)
            .file("Cargo.toml", "[workspace]\nmembers = [\"deep/er/p\"]\n")
            .package("deep/er/p", "p", "")
            .file("deep/er/p/src/lib.rs", "")
    };
    let work = sandbox.work();
    for (name, from, args) in [
        ("root", "", &["policy", "init"][..]),
        ("member", "deep/er/p", &["policy", "init"]),
        ("sources", "deep/er/p/src", &["-v", "policy", "init"]),
        ("elsewhere", "..", &["policy", "init", "--manifest-path", "elsewhere/deep/er/p/Cargo.toml"]),
        ("before", "..", &["policy", "--manifest-path=before/Cargo.toml", "init"]),
        ("plus", "deep", &["+no-such-toolchain", "policy", "init"]),
    ] {
        let project = workspace(name);
        let before = Tree::read(project.root(), Ours::Counts);
        let run = sandbox.xcargo().args(args).dir(project.root().join(from)).run().ok();
        let path = work.join(name).join("doctor.toml");
        assert_eq!(fs::read_to_string(&path).unwrap(), TEMPLATE);
        assert!(run.stdout.is_empty() && run.err().contains("Created"), "{}", run.show());
        assert!(run.err().contains(path.to_str().unwrap()), "the file is named: {}", run.show());
        let difference = before.difference(&Tree::read(project.root(), Ours::Counts));
        assert_eq!(difference.lines().count(), 1, "one file and nothing else: {difference}");
        let shared = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(shared, 0o644, "the team can read it");
        super::run(&sandbox, &project, &["policy", "check"]).ok();
    }
    let quiet = run(&sandbox, &workspace("quiet"), &["policy", "init", "-q"]).ok();
    assert_eq!((quiet.out(), quiet.err()), (String::new(), String::new()));
}

/// What somebody wrote is worth more than a template.
#[test]
fn nothing_that_is_there_is_overwritten() {
    let sandbox = Sandbox::new();
    let cases: [(&str, Make); 6] = [
        ("doctor.toml", |root| fs::write(root.join("doctor.toml"), "# mine\n").unwrap()),
        ("doctor.toml", |root| fs::write(root.join("doctor.toml"), "").unwrap()),
        ("doctor.toml", |root| fs::create_dir(root.join("doctor.toml")).unwrap()),
        ("doctor.toml", |root| symlink("gone.toml", root.join("doctor.toml")).unwrap()),
        (".cargo/doctor.toml", |root| {
            fs::create_dir(root.join(".cargo")).unwrap();
            fs::write(root.join(".cargo/doctor.toml"), "[policy]\n").unwrap();
        }),
        (".cargo/doctor.toml", |root| {
            fs::create_dir(root.join(".cargo")).unwrap();
            symlink("gone.toml", root.join(".cargo/doctor.toml")).unwrap();
        }),
    ];
    for (at, (named, make)) in cases.into_iter().enumerate() {
        let project = package(&sandbox, &format!("p{at}"));
        make(project.root());
        let before = Tree::read(project.root(), Ours::Counts);
        for args in [&["policy", "init"][..], &["--dry-run", "policy", "init"]] {
            let run = run(&sandbox, &project, args).code(USAGE);
            for part in ["error[usage]: ", named, "is there already; it was left as it is", "help: "] {
                assert!(run.err().contains(part), "{part:?} is not said\n{}", run.show());
            }
        }
        assert_eq!(before.difference(&Tree::read(project.root(), Ours::Counts)), "");
    }
}

/// A dry run that writes is no dry run.
#[test]
fn a_dry_run_writes_nothing() {
    let sandbox = Sandbox::new();
    let project = package(&sandbox, "p");
    let before = Tree::read(project.root(), Ours::Counts);
    let flag = run(&sandbox, &project, &["--dry-run", "policy", "init"]).ok();
    let cmd = sandbox.xcargo().args(["-q", "policy", "init"]).dir(project.root());
    let variable = cmd.env("XCARGO_DRY_RUN", "1").run().ok();
    for run in [flag, variable] {
        assert!(run.err().contains("Would create") && run.err().contains("doctor.toml"), "{}", run.show());
    }
    assert_eq!(before.difference(&Tree::read(project.root(), Ours::Counts)), "");
}

/// Without a workspace, or without leave to write, nothing is left behind, half a file least of all.
#[test]
fn where_it_cannot_be_written_that_is_said() {
    let sandbox = Sandbox::new();
    let nowhere = sandbox.xcargo().args(["policy", "init"]).run().code(NO_WORKSPACE);
    assert!(nowhere.err().contains("error[workspace]: there is no Cargo.toml"), "{}", nowhere.show());
    assert!(nowhere.err().contains("`--manifest-path`"), "{}", nowhere.show());
    assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 0);

    let project = package(&sandbox, "p");
    let before = Tree::read(project.root(), Ours::Counts);
    mode(project.root(), 0o555);
    let run = held_back(&sandbox).args(["policy", "init"]).dir(project.root()).run();
    mode(project.root(), 0o755);
    let run = run.code(STEP_FAILED);
    for part in ["error[step-failed]: could not write ", "Permission denied", "help: "] {
        assert!(run.err().contains(part), "{part:?} is not said\n{}", run.show());
    }
    assert_eq!(before.difference(&Tree::read(project.root(), Ours::Counts)), "");
}
