//! What is found on disk of rustup and its toolchains.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{AutoInstall, Missing, installed, is_installed, missing, rustup};
use crate::env::Env;
use crate::sourced::{Origin, Sourced};
use crate::toolchain::{Active, Channel, ToolchainError, Wants};

const HOST: &str = "x86_64-unknown-linux-gnu";

fn write(path: PathBuf, text: &str) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
    fs::write(path, text).expect("a file");
}

fn env(home: &Path, vars: &[(&str, &str)]) -> Env {
    // Below the test's own directory: at a fixed place in the root somebody may have made something.
    let none = home.join("no-such-settings");
    let path = |path: &Path| path.to_str().expect("a plain path").to_owned();
    let (home, none) = (path(home), path(&none));
    let fixed = [("RUSTUP_HOME", home.as_str()), ("RUSTUP_OVERRIDE_UNIX_FALLBACK_SETTINGS", none.as_str())];
    Env::of(fixed.into_iter().chain(vars.iter().copied()), "/")
}

fn active(path: PathBuf, components: &[&str], targets: &[&str]) -> Active {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let channel = Channel::parse("1.95.0").expect("a name");
    Active {
        full_name: channel.full_name(HOST),
        name: Sourced::new(channel, Origin::RustupDefault),
        path,
        wants: Wants { components: owned(components), targets: owned(targets), profile: None },
        shadowed: None,
    }
}

#[test]
fn what_the_toolchain_file_asks_for_is_found_by_every_name_that_rustup_knows() {
    let dir = TempDir::new().expect("a directory");
    let lines = format!(
        "clippy-preview-{HOST}\nrustc-{HOST}\nrust-std-{HOST}\nrust-std-wasm32-wasip1\nrust-src\nrustfmt-{HOST}\n"
    );
    write(dir.path().join("lib/rustlib/components"), &lines);
    for (name, there) in [
        ("clippy", true),
        ("clippy-preview", true),
        ("clippy-preview-x86_64-unknown-linux-gnu", true),
        ("clippy-x86_64-unknown-linux-gnu", true),
        ("clippy-aarch64-unknown-linux-gnu", false),
        ("rustfmt-preview", true),
        ("rust-src", true),
        ("rust-std", true),
        ("rust-std-wasm32-wasip1", true),
        ("rust", false),
        ("miri", false),
        ("", false),
    ] {
        let missing = missing(&active(dir.path().to_owned(), &[name], &[]));
        assert_eq!(missing.is_empty(), there, "{name}");
    }
    let seen = missing(&active(
        dir.path().to_owned(),
        &["miri", "clippy"],
        &[HOST, "wasm32-wasip1", "wasm32-wasip2"],
    ));
    let (components, targets) = (vec!["miri".to_owned()], vec!["wasm32-wasip2".to_owned()]);
    assert_eq!(seen, Missing { toolchain: false, components, targets });
}

#[test]
fn of_a_toolchain_that_is_not_there_everything_is_missing() {
    let gone = active(PathBuf::from("/nonexistent/1.95.0"), &["clippy"], &["wasm32-wasip1"]);
    assert!(!is_installed(&gone));
    let expect = Missing {
        toolchain: true,
        components: vec!["clippy".to_owned()],
        targets: vec!["wasm32-wasip1".to_owned()],
    };
    assert_eq!(missing(&gone), expect);
}

#[test]
fn toolchains_on_disk_are_those_that_rustup_lists() {
    let dir = TempDir::new().expect("a directory");
    let root = fs::canonicalize(dir.path()).expect("a real path");
    let toolchains = root.join("toolchains");
    for name in ["stable", "nightly-aarch64-apple-darwin", "stage1", ".hidden"] {
        fs::create_dir_all(toolchains.join(name)).expect(name);
    }
    write(toolchains.join("file"), "");
    let mut expect = vec![
        (".hidden".to_owned(), toolchains.join(".hidden")),
        ("nightly-aarch64-apple-darwin".to_owned(), toolchains.join("nightly-aarch64-apple-darwin")),
        ("stage1".to_owned(), toolchains.join("stage1")),
    ];
    #[cfg(unix)]
    {
        let elsewhere = root.join("build/stage2");
        fs::create_dir_all(&elsewhere).expect("a directory");
        std::os::unix::fs::symlink(&elsewhere, toolchains.join("stage2")).expect("a link");
        std::os::unix::fs::symlink(root.join("gone"), toolchains.join("stage3")).expect("a link");
        expect.push(("stage2".to_owned(), elsewhere));
    }
    let rustup = rustup(&env(&root, &[])).expect("valid").expect("toolchains are there");
    assert_eq!(installed(&rustup), expect);
}

#[test]
fn auto_install_follows_the_variable_then_the_settings() {
    let dir = TempDir::new().expect("a directory");
    for (settings, variable, expect) in [
        ("", "", AutoInstall::Enable),
        ("", "0", AutoInstall::Disable),
        ("auto_install = \"disable\"", "", AutoInstall::Disable),
        ("auto_install = \"disable\"", "1", AutoInstall::Enable),
    ] {
        write(dir.path().join("settings.toml"), &format!("version = \"12\"\n{settings}\n"));
        let env = env(dir.path(), &[("RUSTUP_AUTO_INSTALL", variable)]);
        let rustup = rustup(&env).expect("valid").expect("settings are there");
        assert_eq!(rustup.auto_install(&env), expect, "{settings:?} {variable:?}");
    }
}

#[test]
fn settings_that_cannot_be_read_are_not_taken_for_absent() {
    let dir = TempDir::new().expect("a directory");
    fs::create_dir_all(dir.path().join("settings.toml")).expect("a directory in the place of the file");
    assert!(matches!(rustup(&env(dir.path(), &[])), Err(ToolchainError::Read { .. })));
    assert_eq!(rustup(&env(&dir.path().join("none"), &[])).expect("no mistake"), None);
}
