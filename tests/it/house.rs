//! The invariants that `src/lib.rs` promises, held against the text of the source: who may read the environment, touch
//! the disk, start processes, print.

use std::fs;
use std::path::{Path, PathBuf};

/// All source files below `src`, by their path from there.
fn sources() -> Vec<(String, String)> {
    fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).expect("src is readable") {
            let path = entry.expect("src is readable").path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ext| ext == "rs"))
        .map(|path| {
            let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).expect("sources are UTF-8"))
        })
        .collect()
}

/// The code of a file: without comments and without its tests.
fn code(text: &str) -> String {
    let end = text.find("\nmod tests {").unwrap_or(text.len());
    text[..end].lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// No file that `may_not` names uses one of `words`.
fn nobody(may_not: impl Fn(&str) -> bool, words: &[&str], rule: &str) {
    let mut broken = Vec::new();
    let mut looked_at = 0;
    for (name, text) in sources() {
        let is_test = name.ends_with("tests.rs") || name.contains("/tests/");
        if is_test || !may_not(&name) {
            continue;
        }
        looked_at += 1;
        for (at, line) in code(&text).lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                broken.push(format!("{name}, code line {}: {word}", at + 1));
            }
        }
    }
    assert!(looked_at > 0, "{rule}: no file was looked at, so the test proves nothing");
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

const DISK: &[&str] = &[
    "fs_err::",
    "std::fs",
    " File::",
    "(File::",
    "fs::File",
    "tempfile",
    "cap_std",
    ".exists()",
    ".is_file()",
    "read_dir(",
];
const PROCESSES: &[&str] = &["Command::new", "process::Command", "spawn("];
const CLOCK: &[&str] = &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"];
const CHANGES: &[&str] = &[
    "fs_err::write",
    "fs_err::remove",
    "fs_err::rename",
    "fs_err::create",
    "fs_err::copy",
    "fs_err::hard_link",
    "std::fs::write",
    "std::fs::remove",
    "std::fs::rename",
    "std::fs::create",
    "std::fs::copy",
    "set_permissions",
    "remove_file",
    "remove_dir",
    "File::create",
    "create_dir",
    "NamedTempFile",
    "tempfile::",
];

#[test]
fn the_environment_is_read_in_one_place() {
    nobody(
        |name| name != "env.rs",
        &[
            "env::var",
            "env::vars",
            "env::args",
            "env::current_",
            "env::home_dir",
            "env::temp_dir",
            "env::set_",
            "env::split_paths",
        ],
        "only env.rs reads std::env",
    );
}

#[test]
fn deciding_touches_nothing() {
    let pure = |name: &str| {
        (name.starts_with("policy/") && !matches!(name, "policy/load.rs" | "policy/bypass.rs"))
            || (name.starts_with("toolchain/") && !name.starts_with("toolchain/probe"))
            || name.starts_with("pins/")
            || name.starts_with("plan/")
            || name.starts_with("doctor/")
            || name.starts_with("report/")
            || name.starts_with("invocation/")
    };
    for (words, what) in [(DISK, "the disk"), (PROCESSES, "processes"), (CLOCK, "the clock")] {
        nobody(
            pure,
            words,
            &format!(
                "policy (but its loader), toolchain (but its probe), pins, plan, doctor, report and invocation: not {what}"
            ),
        );
    }
}

#[test]
fn only_apply_changes_anything() {
    // `cache/locks` opens lock files, creating them as cargo does; a lock is no change of what is locked.
    nobody(
        |name| !name.starts_with("apply/") && !name.starts_with("cache/locks"),
        CHANGES,
        "only apply changes the disk",
    );
}

#[test]
fn only_output_prints() {
    // `apply/process.rs` hands stderr to rustup as its stdout, and writes nothing itself.
    nobody(
        |name| !matches!(name, "output.rs" | "apply/process.rs"),
        &["println!", "eprintln!", "print!(", "eprint!(", "io::stdout", "io::stderr", "dbg!("],
        "only output.rs prints",
    );
}

#[test]
fn every_file_says_why_it_exists() {
    let silent: Vec<String> =
        sources().into_iter().filter(|(_, text)| !text.starts_with("//!")).map(|(name, _)| name).collect();
    assert!(silent.is_empty(), "files without a first line `//!`: {silent:?}");
}
