//! What stands in the way from the start: said all at once, before anything is installed or asked.

use fs_err as fs;

use super::ground::{NEW, OLD, POLICY_BROKEN, Repo, STEP_FAILED, State, WORKSPACE, sandbox, words};
use crate::support::project::Project;

const CONFLICT: &str =
    "test:\n<<<<<<< HEAD\n  image: rust:1.77.2\n=======\n  image: rust:1.76.0\n>>>>>>> theirs\n";
const NO_YAML: &str = "on: [push\njobs: {test: rust 1.77.2\n";

/// In the middle of a merge, or with a broken workflow, a change would leave the one file behind that nobody can read.
#[test]
fn files_that_cannot_be_read_block_and_may_be_skipped() {
    let sandbox = sandbox();
    let broken: [(&str, &[u8]); 4] = [
        (".gitlab-ci.yml", CONFLICT.as_bytes()),
        (".github/workflows/broken.yml", NO_YAML.as_bytes()),
        (".github/workflows/latin.yml", b"# caf\xe9\njobs: {test: {container: 'rust:1.77.2'}}\n"),
        ("mise.toml", b"[tools]\n<<<<<<< HEAD\nrust = \"1.77.2\"\n=======\nrust = \"1.76\"\n>>>>>>> x\n"),
    ];
    let add = |mut project: Project, files: &[(&str, &[u8])]| {
        for (path, text) in files {
            project = project.file(path, text);
        }
        project
    };
    for one in &broken {
        let name = one.0.replace(['/', '.'], "-");
        let repo = Repo::with(&sandbox, &name, |project| add(project, &[*one]));
        let says = [one.0, "cannot be read", "--skip-unreadable", "[pins] ignore", "nothing was changed"];
        repo.refused(repo.set(NEW).run(), STEP_FAILED, &says);
    }
    // All of them at once, and the rest goes on where that is wanted.
    let repo = Repo::with(&sandbox, "all", |project| add(project, &broken));
    let all: Vec<&str> = broken.iter().map(|(path, _)| *path).collect();
    repo.refused(repo.set(NEW).run(), STEP_FAILED, &all);
    repo.refused(repo.xcargo(&["toolchain", "set", NEW, "--dry-run"]).run(), STEP_FAILED, &all);
    let run = repo.xcargo(&["toolchain", "set", NEW, "--yes", "--skip-unreadable"]).run().ok();
    for (path, text) in &broken {
        assert_eq!(fs::read(repo.path(path)).unwrap(), *text, "{path} is left alone");
        assert!(words(&run).contains(&format!("Leaving {path}")), "{path}: {}", run.show());
    }
    for path in ["rust-toolchain.toml", "Dockerfile", ".tool-versions", ".github/workflows/ci.yml"] {
        let text = repo.text(path);
        assert!(text.contains(NEW) && !text.contains(OLD), "{path}: {text}");
    }
}

/// The files that say how to read all others: without them nothing is decided.
#[test]
fn a_conflict_in_the_files_in_charge_stops_with_their_own_errors() {
    let sandbox = sandbox();
    let both = |a: &str, b: &str| format!("<<<<<<< HEAD\n{a}=======\n{b}>>>>>>> theirs\n");
    for (path, text, code) in [
        (
            "rust-toolchain.toml",
            both("[toolchain]\nchannel = \"1.77.2\"\n", "[toolchain]\nchannel = \"1.76.0\"\n"),
            WORKSPACE,
        ),
        ("doctor.toml", both("[policy]\n", "[clean]\n"), POLICY_BROKEN),
        ("Cargo.toml", both("[package]\nname = \"p\"\n", "[package]\nname = \"q\"\n"), WORKSPACE),
    ] {
        let repo = Repo::with(&sandbox, &path.replace('.', "-"), |project| project.file(path, &text));
        for more in [&["--yes"][..], &["--yes", "--skip-unreadable"]] {
            let run = repo.xcargo(&["toolchain", "set", NEW]).args(more).run();
            repo.refused(run, code, &[path]);
        }
    }
}

/// cargo would refuse to build such a package with the new pin, so the pin does not move there.
#[test]
fn a_package_that_asks_for_a_newer_compiler_blocks() {
    let sandbox = sandbox();
    let repo = Repo::with(&sandbox, "p", |project| {
        project
            .package("", "p", "rust-version = \"1.79\"\n[workspace]\nmembers = [\"member\"]\n")
            .package("member", "member", "rust-version = \"1.80.1\"\n")
            .file("member/src/lib.rs", "")
    });
    let says = [
        "Cargo.toml:7 asks for Rust 1.79",
        "member/Cargo.toml:7 asks for Rust 1.80.1",
        "cargo would refuse to build the package",
        "lower `rust-version` first",
        "nothing was changed",
    ];
    repo.refused(repo.set(NEW).run(), STEP_FAILED, &says);
    repo.refused(repo.xcargo(&["toolchain", "set", NEW, "--dry-run"]).run(), STEP_FAILED, &says);
}

/// What the toolchain file cannot hold is not put into it by force.
#[test]
fn a_toolchain_file_that_cannot_hold_it_blocks() {
    let sandbox = sandbox();
    let path = Repo::with(&sandbox, "path", |project| {
        project.file("rust-toolchain.toml", "[toolchain]\npath = \"/opt/rust\"\n")
    });
    let says = ["rust-toolchain.toml cannot be changed", "give it a `channel` instead of a `path` first"];
    path.refused(path.set(NEW).run(), STEP_FAILED, &says);
    let bare = Repo::with(&sandbox, "bare", |project| {
        fs::remove_file(project.root().join("rust-toolchain.toml")).unwrap();
        project.file("rust-toolchain", "1.77.2\n")
    });
    let run = bare.xcargo(&["toolchain", "set", NEW, "--yes", "--component", "clippy"]).run();
    bare.refused(run, STEP_FAILED, &["rust-toolchain cannot be changed", "rename it to rust-toolchain.toml"]);
    assert_eq!(bare.state(), State::Old);
}
