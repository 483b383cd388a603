//! Small repositories on the disk, and what is seen of them.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{Asked, Seen, survey};
use crate::env::Env;
use crate::pins::survey::shown;
use crate::policy::load;
use crate::sourced::{Origin, Sourced};
use crate::workspace::Workspace;

const PACKAGE: &str = "[package]\nname = \"a\"\nversion = \"0.1.0\"\n";

/// A directory with these files, and `.git` in it.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    fs_err::create_dir(dir.path().join("repo")).expect("a directory");
    fs_err::create_dir(dir.path().join("repo/.git")).expect("a directory");
    fs_err::write(dir.path().join("repo/.git/HEAD"), "ref: refs/heads/main\n").expect("a file");
    for (path, text) in files {
        let path = dir.path().join("repo").join(path);
        fs_err::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs_err::write(path, text).expect("a file");
    }
    dir
}

/// What is seen from the workspace in this directory of the repository.
fn seen(dir: &TempDir, workspace: &str) -> Seen {
    let root = dir.path().join("repo").join(workspace).components().collect::<PathBuf>();
    let target = Sourced::new(root.join("target"), Origin::Default);
    let workspace = Workspace {
        manifest: root.join("Cargo.toml"),
        package_manifest: root.join("Cargo.toml"),
        lock_file: root.join("Cargo.lock"),
        target_dir: target.clone(),
        build_dir: target,
        cargo_home: dir.path().join("cargo-home"),
        root,
    };
    let env = Env::of([("HOME", dir.path())], &workspace.root);
    let loaded = load::load(&workspace.root, &env).expect("a policy");
    let asked = Asked { workspace: &workspace, loaded: loaded.as_ref(), lately: Vec::new(), env: &env };
    survey(&asked).expect("no broken toolchain file")
}

/// Every place as `path:name role why`.
fn places(seen: &Seen) -> Vec<String> {
    let mut found = Vec::new();
    for file in &seen.survey.files {
        for placed in &file.pins {
            let path = shown(&file.path);
            found.push(format!("{path}:{} {:?} {:?}", placed.pin.text, placed.role(), placed.why()));
        }
    }
    found
}

fn paths(seen: &Seen) -> Vec<String> {
    let with_pins = seen.survey.files.iter().filter(|file| !file.pins.is_empty());
    with_pins.map(|file| shown(&file.path)).collect()
}

/// `set` in a workspace would change the compiler of the crates around it.
#[test]
fn a_toolchain_file_that_is_not_in_charge_is_another_tree() {
    let ci = "jobs:\n  a:\n    steps:\n      - run: cargo +1.75.0 test\n      - run: cargo +1.78.0 test\n";
    let dir = repository(&[
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"nightly-2026-05-19\"\n"),
        ("Dockerfile", "FROM rust:1.75.0\nFROM rust:1.78.0\n"),
        (".github/workflows/ci.yml", ci),
        ("sub/Cargo.toml", PACKAGE),
        ("sub/rust-toolchain", "1.78.0\n"),
        ("sub/rust-toolchain.toml", "[toolchain]\nchannel = \"1.77.0\"\n"),
        ("sub/Dockerfile", "FROM rust:1.75.0\n"),
        ("sub/same/rust-toolchain", "1.78\n"),
        ("sub/same/Dockerfile", "FROM rust:1.75.0\n"),
        ("sub/fuzz/rust-toolchain", "nightly\n"),
        ("sub/fuzz/Dockerfile", "FROM rust:1.75.0\n# xcargo: role=dev\nFROM rust:1.74.0\n"),
        ("other/rust-toolchain", "1.70.0\n"),
        ("other/Dockerfile", "FROM rust:1.70.0\n"),
    ]);
    assert_eq!(
        places(&seen(&dir, "sub")),
        [
            "sub/rust-toolchain:1.78.0 Dev IsThePin",
            ".github/workflows/ci.yml:1.75.0 Deliberate OtherTree",
            ".github/workflows/ci.yml:1.78.0 Dev NamesThePin",
            "Dockerfile:1.75.0 Deliberate OtherTree",
            "Dockerfile:1.78.0 Dev NamesThePin",
            "other/Dockerfile:1.70.0 Deliberate OtherTree",
            "other/rust-toolchain:1.70.0 Deliberate OtherTree",
            "rust-toolchain.toml:nightly-2026-05-19 Deliberate OtherTree",
            "sub/Dockerfile:1.75.0 Dev SetsUpEnvironment",
            "sub/fuzz/Dockerfile:1.75.0 Deliberate OtherTree",
            "sub/fuzz/Dockerfile:1.74.0 Dev Comment",
            "sub/fuzz/rust-toolchain:nightly Deliberate OtherTree",
            "sub/rust-toolchain.toml:1.77.0 Undecided NamesAnother",
            "sub/same/Dockerfile:1.75.0 Dev SetsUpEnvironment",
            "sub/same/rust-toolchain:1.78 Dev NamesThePin",
        ]
    );
    // From the root, the other way round.
    let dir = repository(&[
        ("Cargo.toml", PACKAGE),
        ("rust-toolchain", "1.78.0\n"),
        ("Dockerfile", "FROM rust:1.75.0\n"),
        ("sub/rust-toolchain", "1.78.0\n"),
    ]);
    assert_eq!(
        places(&seen(&dir, "")),
        [
            "rust-toolchain:1.78.0 Dev IsThePin",
            "Dockerfile:1.75.0 Dev SetsUpEnvironment",
            "sub/rust-toolchain:1.78.0 Dev NamesThePin",
        ]
    );
}

/// The policy of a workspace is law for that workspace alone.
#[test]
fn the_policies_of_other_workspaces_are_no_pins() {
    let channel = "[toolchain]\nchannel = \"1.78.0\"\n";
    let own = format!("[policy]\nextends = [\"../shared/base.toml\", \"../../outside.toml\"]\n{channel}");
    for place in ["sub/doctor.toml", "sub/.cargo/doctor.toml"] {
        let own = if place.contains(".cargo") { own.replace("\"../", "\"../../") } else { own.clone() };
        let dir = repository(&[
            ("sub/Cargo.toml", PACKAGE),
            (place, &own),
            ("shared/base.toml", channel),
            ("doctor.toml", channel),
            ("other/.cargo/doctor.toml", channel),
            ("sub/below/doctor.toml", channel),
        ]);
        fs_err::write(dir.path().join("outside.toml"), channel).expect("a file");
        assert_eq!(
            places(&seen(&dir, "sub")),
            ["shared/base.toml:1.78.0 Dev IsThePin".to_owned(), format!("{place}:1.78.0 Dev IsThePin")],
        );
    }
}

#[test]
fn what_a_pattern_describes_need_not_speak_of_rust() {
    let extra = "[pins]\nextra = [{ path = \"**/*.txt\", pattern = \"compiler=(\\\\S+)\", role = \"dev\" }, \
                 { path = \"Dockerfile\", pattern = \"COMPILER=(\\\\S+)\", role = \"dev\" }]\n";
    let dir = repository(&[
        ("Cargo.toml", PACKAGE),
        ("doctor.toml", extra),
        ("rust-toolchain", "1.78.0\n"),
        ("docs/needs.txt", "compiler=1.77.0\n"),
        ("Dockerfile", "FROM scratch\nENV COMPILER=1.77.0\n"),
    ]);
    assert_eq!(
        places(&seen(&dir, "")),
        [
            "rust-toolchain:1.78.0 Dev IsThePin",
            "Dockerfile:1.77.0 Dev Policy",
            "docs/needs.txt:1.77.0 Dev Policy",
        ]
    );
}

/// Somebody's rules for the home directory, or a scratch directory of theirs, would hide the repository's own files.
#[test]
fn what_lies_above_the_repository_hides_nothing() {
    let dir = repository(&[
        ("Cargo.toml", PACKAGE),
        ("rust-toolchain", "1.78.0\n"),
        (".gitignore", "/ignored\n"),
        ("Dockerfile", "FROM rust:1.78.0\n"),
        ("ignored/Dockerfile", "FROM rust:1.78.0\n"),
        ("nested/.git/HEAD", ""),
        ("nested/Dockerfile", "FROM rust:1.78.0\n"),
    ]);
    fs_err::write(dir.path().join(".gitignore"), "Dockerfile\n").expect("a file");
    assert_eq!(paths(&seen(&dir, "")), ["rust-toolchain", "Dockerfile"]);
}

/// To git, and to everybody who clones it, a tracked file is there whatever a rule says.
#[test]
fn what_is_tracked_counts_though_it_is_ignored() {
    let dir = repository(&[
        ("Cargo.toml", PACKAGE),
        ("rust-toolchain", "1.78.0\n"),
        (".gitignore", "Dockerfile*\n"),
        ("Dockerfile", "FROM rust:1.78.0\n"),
        ("Dockerfile.mine", "FROM rust:1.78.0\n"),
        ("node_modules/Dockerfile", "FROM rust:1.78.0\n"),
    ]);
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(dir.path().join("repo")).args(args).stdout(Stdio::null());
        assert!(git.status().is_ok_and(|status| status.success()));
    };
    fs_err::remove_dir_all(dir.path().join("repo/.git")).expect("a directory");
    git(&["init", "-q"]);
    git(&["add", "-f", "Dockerfile", "node_modules/Dockerfile"]);
    assert_eq!(paths(&seen(&dir, "")), ["rust-toolchain", "Dockerfile"]);
}
