//! What is made once per test run, for all sandboxes: crates downloaded from the registry, helper programs compiled,
//! workspaces built.
//!
//! It lies under `CARGO_TARGET_TMPDIR`, is built aside and renamed into place, and a file lock lets one
//! thread of one process do the work while the others wait.

use std::collections::hash_map::DefaultHasher;
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use fs_err as fs;

use super::machine::{find_in_path, machine};

/// The registry packages that the tests may use. Each line is one resolution, so that two compatible versions of a
/// package (for lock files that move) can both be there. Every version is exact: a test run tomorrow is the one of today.
const CRATES: &[&[(&str, &str)]] = &[
    &[
        ("autocfg", "1.5.1"),
        ("bzip2-sys", "0.1.13"),
        ("cc", "1.11.3"),
        ("cfg-if", "1.0.5"),
        ("either", "1.19.0"),
        ("find-msvc-tools", "0.1.15"),
        ("itoa", "1.0.19"),
        ("paste", "1.0.15"),
        ("pkg-config", "0.3.34"),
        ("shlex", "2.0.1"),
    ],
    &[("itoa", "1.0.18")],
];

/// A `CARGO_HOME` that holds [`CRATES`], downloaded and unpacked. Read-only by agreement: sandboxes link to its files.
pub(crate) fn seed() -> PathBuf {
    once(&format!("seed-{:016x}", hash(CRATES)), |home| {
        let config = user_cargo_home().join("config.toml");
        if config.is_file() {
            fs::copy(config, home.join("config.toml")).expect("the user's registry settings");
        }
        for (at, crates) in CRATES.iter().enumerate() {
            let package = home.join(format!("fetch-{at}"));
            let mut manifest =
                "[package]\nname = \"seed\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n".to_owned();
            for (name, version) in *crates {
                manifest.push_str(&format!("{name} = \"={version}\"\n"));
            }
            fs::create_dir_all(package.join("src")).expect("a directory to fetch from");
            fs::write(package.join("src/lib.rs"), "").expect("a library to fetch for");
            fs::write(package.join("Cargo.toml"), manifest).expect("a manifest to fetch for");
            let out = Command::new(machine().tool("cargo"))
                .args(["fetch", "--quiet"])
                .current_dir(&package)
                .env("CARGO_HOME", home)
                .output()
                .expect("cargo starts");
            let says = String::from_utf8_lossy(&out.stderr);
            assert!(out.status.success(), "the crates for the tests could not be downloaded:\n{says}");
        }
    })
}

/// The compiled helper program `tests/it/support/programs/<name>.rs`, whose source is `text`.
pub(crate) fn program(name: &str, text: &str) -> PathBuf {
    let key = hash(&(text, &machine().sysroot, &machine().release));
    let dir = once(&format!("program-{name}-{key:016x}"), |dir| {
        let source = dir.join(format!("{name}.rs"));
        fs::write(&source, text).expect("the program's source");
        let out = Command::new(machine().tool("rustc"))
            .args(["--edition=2024", "-O", "-o"])
            .arg(dir.join(name))
            .arg(&source)
            .output()
            .expect("rustc starts");
        assert!(out.status.success(), "{name}.rs: {}", String::from_utf8_lossy(&out.stderr));
    });
    dir.join(name)
}

/// The user's own `CARGO_HOME`: read for registry settings and nothing else.
pub(crate) fn user_cargo_home() -> PathBuf {
    let set = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    set.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).expect("a home directory")
}

/// A program of the machine's that every sandbox may use under its plain name.
pub(crate) fn system_tool(name: &str) -> PathBuf {
    find_in_path(name).unwrap_or_else(|| panic!("the integration tests need `{name}` in PATH"))
}

/// The directory of this name, made by `make` if no test run before made it. `make` works in a place beside it.
pub(crate) fn once(name: &str, make: impl FnOnce(&Path)) -> PathBuf {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let done = base.join(name);
    if done.is_dir() {
        return done;
    }
    let lock = File::create(base.join(format!("{name}.lock"))).expect("a lock file");
    lock.lock().expect("the lock of what the tests share");
    if !done.is_dir() {
        let partial = base.join(format!("{name}.partial"));
        if partial.exists() {
            fs::remove_dir_all(&partial).expect("what an interrupted run left");
        }
        fs::create_dir_all(&partial).expect("a directory to build in");
        make(&partial);
        fs::rename(&partial, &done).expect("the finished directory moves into place");
    }
    done
}

/// A number for names: what is made from other things has another.
pub(crate) fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
