//! Repositories of other shapes: no toolchain file, a bare one, no git, a workspace below the top.

use std::os::unix::fs::symlink;

use fs_err as fs;

use super::site::{NEW, OLD, Snapshot, git, install, said, sandbox, small, small_at, xcargo};
use crate::support::dist::installed;
use crate::support::project::Project;

/// What a user would lose: the first pin of a repository that had none.
#[test]
fn without_a_toolchain_file_one_is_created() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small_at(Project::new(&sandbox, "small"));
    fs::remove_file(project.root().join("rust-toolchain.toml")).unwrap();
    let project = project.commit(&sandbox);
    let args = [
        "toolchain",
        "set",
        NEW,
        "--yes",
        "--component",
        "clippy,rustfmt",
        "--target",
        "wasm32-unknown-unknown",
    ];
    let run = xcargo(&sandbox, &project, &args).run().ok();
    assert_eq!(said(&run, "Installing").len(), 1, "{}", run.show());
    assert_eq!(
        fs::read_to_string(project.root().join("rust-toolchain.toml")).unwrap(),
        "[toolchain]\nchannel = \"1.78.0\"\ncomponents = [\"clippy\", \"rustfmt\"]\ntargets = [\"wasm32-unknown-unknown\"]\n"
    );
    assert_eq!(fs::read_to_string(project.root().join("Dockerfile")).unwrap(), "FROM rust:1.78-slim\n");
    // Nothing says that this was ever the pin.
    assert!(said(&run, "Leaving")[0].starts_with(".github/workflows/ci.yml:5 (1.77.2): "), "{}", run.show());
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let version = sandbox.command("rustc").arg("-V").dir(project.root()).run().ok();
    assert!(version.out().starts_with("rustc 1.78.0 "));
}

/// What a user would lose: the old form of the file, which rustup still reads, and a refusal where it has no room.
#[test]
fn a_bare_toolchain_file() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small_at(Project::new(&sandbox, "small")).file("rust-toolchain", "1.77.2\n");
    fs::remove_file(project.root().join("rust-toolchain.toml")).unwrap();
    let project = project.commit(&sandbox);
    let before = Snapshot::of(&sandbox, &project);
    let run = xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes", "--component", "clippy"])
        .run()
        .code(46);
    assert!(run.err().contains("rename it to rust-toolchain.toml"), "{}", run.show());
    before.assert_same();
    xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes"]).run().ok();
    assert_eq!(fs::read_to_string(project.root().join("rust-toolchain")).unwrap(), "1.78.0\n");
    assert_eq!(
        git(&sandbox, &project, &["diff", "--name-only"]),
        ".github/workflows/ci.yml\nDockerfile\nrust-toolchain\n"
    );
}

/// What a user would lose: components and targets that the next machine needs, too.
#[test]
fn parts_are_installed_and_written() {
    let sandbox = sandbox();
    let file = "# pinned\r\n[toolchain]\r\ncomponents = [ \"clippy\" ] # lints\r\nchannel = \"1.77.2\"\r\n";
    let project =
        small_at(Project::new(&sandbox, "small")).file("rust-toolchain.toml", file).commit(&sandbox);
    let there = |channel: &str, what: &str| installed(&sandbox, channel, what).exists();
    let wasm = "../lib/rustlib/wasm32-unknown-unknown/lib/stub";
    let args = ["--component", "rustfmt", "--target", "wasm32-unknown-unknown", "--profile", "minimal"];
    let set = |channel: &str| {
        let args: Vec<&str> = ["toolchain", "set", channel, "--yes"].into_iter().chain(args).collect();
        xcargo(&sandbox, &project, &args).run().ok()
    };
    let run = set(NEW);
    for what in ["cargo-clippy", "rustfmt", wasm] {
        assert!(there(NEW, what), "{what}: {}", run.show());
    }
    let expect = "# pinned\r\n[toolchain]\r\ncomponents = [ \"clippy\" , \"rustfmt\"] # lints\r\nchannel = \"1.78.0\"\r\n\
                  targets = [\"wasm32-unknown-unknown\"]\r\nprofile = \"minimal\"\r\n";
    let text = fs::read_to_string(project.root().join("rust-toolchain.toml")).unwrap();
    assert_eq!(text, expect);
    // The parts alone: of a toolchain that is there, and in a file that names it.
    git(&sandbox, &project, &["checkout", "-q", "."]);
    let run = set(OLD);
    assert!(there(OLD, "rustfmt") && there(OLD, wasm) && there(OLD, "cargo-clippy"), "{}", run.show());
    assert_eq!(git(&sandbox, &project, &["diff", "--name-only"]), "rust-toolchain.toml\n");
    let text = fs::read_to_string(project.root().join("rust-toolchain.toml")).unwrap();
    assert_eq!(text, expect.replace("1.78.0", "1.77.2"));
    let again = set(OLD);
    assert_eq!(said(&again, "Checked").len(), 1, "{}", again.show());
    // What the server does not have stops it before a file is touched.
    let before = Snapshot::of(&sandbox, &project);
    let run =
        xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes", "--component", "miri"]).run().code(46);
    assert!(run.err().contains("miri") && run.err().contains("no file was changed"), "{}", run.show());
    before.assert_same();
}

/// What a user would lose: everything here without git. The record of the change is kept among the user's own files.
#[test]
fn without_git() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small_at(Project::new(&sandbox, "small"));
    let before = Snapshot::of(&sandbox, &project);
    let run = xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes"]).run().ok();
    assert_eq!(said(&run, "Pinned"), ["1.78.0: 3 places in 3 files"], "{}", run.show());
    assert_eq!(fs::read_to_string(project.root().join("Dockerfile")).unwrap(), "FROM rust:1.78-slim\n");
    xcargo(&sandbox, &project, &["toolchain", "set", OLD, "--yes"]).run().ok();
    before.assert_same();
    let state = sandbox.root().join("home/.local/state/xcargo");
    let journals =
        fs::read_dir(&state).unwrap().flat_map(|entry| fs::read_dir(entry.unwrap().path()).unwrap());
    let left: Vec<_> =
        journals.map(|entry| entry.unwrap().file_name()).filter(|name| name == "journal.json").collect();
    assert!(left.is_empty(), "a change that is done leaves no record");
    // Where that record cannot be kept, nothing could be taken back, so nothing is begun.
    fs::write(sandbox.root().join("full"), "").unwrap();
    let set = xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes"]);
    let run = set.env("XDG_STATE_HOME", sandbox.root().join("full")).run().code(46);
    assert!(run.err().contains("error[step-failed]"), "{}", run.show());
    before.assert_same();
}

/// What a user would lose: in a repository of many languages, all that lies beside the workspace.
#[test]
fn a_workspace_below_the_top() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    for file in ["rust/rust-toolchain.toml", "rust-toolchain.toml"] {
        let project = Project::new(&sandbox, &file.replace('/', "-"))
            .file("rust/Cargo.toml", "[package]\nname = \"below\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
            .file("rust/src/main.rs", "fn main() {}\n")
            .file("rust/Dockerfile", "FROM rust:1.77.2\n")
            .file(
                "rust/doctor.toml",
                "[pins]\nextra = [{ path = 'notes/*.txt', pattern = 'rust=(\\S+)', role = 'dev' }]\n",
            )
            .file("rust/notes/a.txt", "rust=1.77.2\n")
            .file("Dockerfile", "FROM rust:1.77\n")
            .file(".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - run: cargo +1.77.2 test\n")
            .file("python/.tool-versions", "rust 1.77.2\n")
            .file(".gitignore", "target\n")
            .file(file, "[toolchain]\nchannel = \"1.77.2\"\n")
            .commit(&sandbox);
        let set = |args: &[&str]| {
            sandbox.xcargo().args(["toolchain", "set", NEW]).args(args).dir(project.root().join("rust/src"))
        };
        let shown = set(&["--dry-run"]).run().ok();
        let run = set(&["--yes"]).run().ok();
        assert_eq!(said(&run, "Pinned"), ["1.78.0: 6 places in 6 files"], "{}", run.show());
        assert_eq!(fs::read_to_string(project.root().join("Dockerfile")).unwrap(), "FROM rust:1.78\n");
        assert_eq!(fs::read_to_string(project.root().join("rust/notes/a.txt")).unwrap(), "rust=1.78.0\n");
        // Its diff is relative to the top, as git's are.
        git(&sandbox, &project, &["stash", "-q"]);
        sandbox.command("git").arg("apply").dir(project.root()).stdin(&shown.out()).run().ok();
        assert_eq!(git(&sandbox, &project, &["diff", "stash@{0}"]), "", "{}", shown.show());
        // From outside it is named by its manifest.
        git(&sandbox, &project, &["checkout", "-q", "."]);
        let manifest = project.root().join("rust/Cargo.toml");
        let run = sandbox
            .xcargo()
            .args(["toolchain", "set", NEW, "--yes", "--build", "--manifest-path"])
            .arg(&manifest)
            .run()
            .ok();
        assert!(run.err().contains("Finished"), "{}", run.show());
        assert_eq!(git(&sandbox, &project, &["diff", "stash@{0}"]), "", "{}", run.show());
    }
}

/// What a user would lose: a file of an unusual kind, or the link that leads to it.
#[test]
fn unusual_toolchain_files() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let set = |project: &Project| {
        xcargo(&sandbox, project, &["toolchain", "set", NEW, "--yes", "--build"]).run().ok()
    };
    let marked = "\u{feff}# é\r\n[toolchain]\r\nchannel = \"1.77.2\"\r\n";
    let project =
        small_at(Project::new(&sandbox, "marked")).file("rust-toolchain.toml", marked).commit(&sandbox);
    set(&project);
    let text = fs::read_to_string(project.root().join("rust-toolchain.toml")).unwrap();
    assert_eq!(text, marked.replace("1.77.2", NEW));

    let project = small_at(Project::new(&sandbox, "linked"));
    let file = project.root().join("rust-toolchain.toml");
    fs::create_dir(project.root().join("conf")).unwrap();
    fs::rename(&file, project.root().join("conf/toolchain.toml")).unwrap();
    symlink("conf/toolchain.toml", &file).unwrap();
    let project = project.commit(&sandbox);
    set(&project);
    let changed = git(&sandbox, &project, &["diff", "--name-only"]);
    assert_eq!(changed, ".github/workflows/ci.yml\nDockerfile\nconf/toolchain.toml\n");
    assert!(fs::symlink_metadata(&file).unwrap().is_symlink());
}

/// What a user would lose: the pin that a whole team's policy names, or another work tree of theirs.
#[test]
fn shared_policies_and_work_trees() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small_at(Project::new(&sandbox, "main"))
        .file("policy/base.toml", "[toolchain]\nchannel = \"1.77.2\"\n")
        .doctor("[policy]\nextends = [\"policy/base.toml\"]\n")
        .commit(&sandbox);
    git(&sandbox, &project, &["worktree", "add", "-q", "../tree"]);
    let tree = Project::new(&sandbox, "tree");
    xcargo(&sandbox, &tree, &["toolchain", "set", NEW, "--yes", "--build"]).run().ok();
    let changed = git(&sandbox, &tree, &["diff", "--name-only"]);
    assert_eq!(changed, ".github/workflows/ci.yml\nDockerfile\npolicy/base.toml\nrust-toolchain.toml\n");
    assert_eq!(git(&sandbox, &project, &["status", "--porcelain"]), "");
}

/// What a user would lose: rustup's order of things. A pin in a directory below, for a tree of its own, is none of ours.
#[test]
fn a_tree_below_with_a_pin_of_its_own_stays() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small(&sandbox)
        .file("fuzz/rust-toolchain.toml", "[toolchain]\nchannel = \"nightly-2024-05-01\"\n")
        .file("fuzz/Dockerfile", "FROM rust:1.75.0\n")
        .file("tools/rust-toolchain", "1.77.2\n");
    xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes"]).run().ok();
    let read = |path: &str| fs::read_to_string(project.root().join(path)).unwrap();
    assert!(read("fuzz/rust-toolchain.toml").contains("nightly-2024-05-01"));
    assert_eq!(read("fuzz/Dockerfile"), "FROM rust:1.75.0\n");
    assert_eq!(read("tools/rust-toolchain"), "1.78.0\n");
}
