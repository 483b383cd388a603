//! A small repository that is pinned to 1.77.2 in six files, and what is to be held against it after a fault.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use fs_err as fs;

use crate::support::cmd::{Cmd, Run};
use crate::support::machine::machine;
use crate::support::project::Project;
use crate::support::sandbox::{PROXIES, Sandbox};
pub(super) use crate::toolchain::site::{NEW, OLD, bare_sandbox as sandbox, install};

// Exit codes from docs/exit-codes.md.
pub(super) const POLICY_BROKEN: i32 = 42;
pub(super) const TOOLCHAIN_MISSING: i32 = 44;
pub(super) const STEP_FAILED: i32 = 46;
pub(super) const WORKSPACE: i32 = 49;

/// What names the pin.
const FILES: [(&str, &str); 5] = [
    (
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      \
         - uses: dtolnay/rust-toolchain@1.77.2\n      - run: cargo +1.77.2 test\n",
    ),
    (".gitlab-ci.yml", "test:\n  image: rust:1.77.2-slim # the pin\n  script:\n    - cargo test\n"),
    (".tool-versions", "nodejs 20.1.0\r\nrust 1.77.2\r\n"),
    ("Dockerfile", "FROM rust:1.77.2 AS build\nRUN cargo build --release\n"),
    ("rust-toolchain.toml", "[toolchain] # ours\nchannel = \"1.77.2\"\nprofile = \"minimal\"\n"),
];

/// A sandbox in which the new one is installed, so that a `set` comes to its files at once.
pub(super) fn installed() -> Sandbox {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    sandbox
}

/// The toolchains that rustup has, by name.
pub(super) fn toolchains(sandbox: &Sandbox) -> BTreeSet<String> {
    let dir = fs::read_dir(sandbox.rustup_home().join("toolchains")).unwrap();
    dir.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// Puts a shell script in the place of rustup, in which `"$real"` is the real one; cargo stays rustup's proxy.
pub(super) fn rustup_is(sandbox: &Sandbox, script: &str) {
    let bin = sandbox.cargo_home().join("bin");
    let real = &machine().rustup;
    for name in PROXIES {
        fs::remove_file(bin.join(name)).unwrap();
        symlink(real, bin.join(name)).unwrap();
    }
    fs::remove_file(bin.join("rustup")).unwrap();
    sandbox.script("cargo/bin/rustup", &format!("#!/bin/sh\nreal='{}'\n{script}\n", real.display()));
}

/// In which state all files are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Old,
    New,
}

/// The repository.
pub(super) struct Repo<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) project: Project,
    before: BTreeMap<PathBuf, Vec<u8>>,
    toolchains: BTreeSet<String>,
}

impl<'a> Repo<'a> {
    /// A new one of this name, in git, with a policy of defaults.
    pub(super) fn new(sandbox: &'a Sandbox, name: &str) -> Self {
        Self::with(sandbox, name, |project| project)
    }

    /// As [`Self::new`], with something changed before it is committed.
    pub(super) fn with(sandbox: &'a Sandbox, name: &str, more: impl FnOnce(Project) -> Project) -> Self {
        let mut project = Project::program(sandbox, name, "fn main() {}\n").doctor("[policy]\n");
        for (path, text) in FILES {
            project = project.file(path, text);
        }
        Self::of(sandbox, more(project).commit(sandbox))
    }

    /// One that is there already.
    pub(super) fn of(sandbox: &'a Sandbox, project: Project) -> Self {
        let before = files(project.root());
        let toolchains = toolchains(sandbox);
        Self { sandbox, project, before, toolchains }
    }

    pub(super) fn root(&self) -> &Path {
        self.project.root()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub(super) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.path(".git/xcargo/journal.json")
    }

    /// `xcargo <args>` in it.
    pub(super) fn xcargo(&self, args: &[&str]) -> Cmd {
        self.sandbox.xcargo().args(args).dir(self.root())
    }

    /// `xcargo toolchain set <channel> --yes`.
    pub(super) fn set(&self, channel: &str) -> Cmd {
        self.xcargo(&["toolchain", "set", channel, "--yes"])
    }

    /// What all files say together.
    ///
    /// # Panics
    /// Some are old and some are new, or something is left over.
    #[track_caller]
    pub(super) fn state(&self) -> State {
        let now = files(self.root());
        if now == self.before {
            return State::Old;
        }
        let new = self.before.iter().map(|(path, bytes)| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            (path.clone(), text.replace(OLD, NEW).into_bytes())
        });
        let new: BTreeMap<_, _> = new.collect();
        let other: Vec<_> = now.iter().filter(|(path, text)| new.get(*path) != Some(text)).collect();
        assert!(now == new, "some files are old and some are new, or there are others: {other:?}");
        State::New
    }

    /// Asserts that the command ended so, said these things and a way out, and that nothing at all came of it.
    #[track_caller]
    pub(super) fn refused(&self, run: Run, code: i32, says: &[&str]) -> Run {
        let run = run.code(code);
        let name = match code {
            POLICY_BROKEN => "policy-broken",
            TOOLCHAIN_MISSING => "toolchain-missing",
            STEP_FAILED => "step-failed",
            WORKSPACE => "workspace",
            other => panic!("no code of these tests: {other}"),
        };
        let err = words(&run);
        for text in [&*format!("error[{name}]")].iter().chain(says) {
            assert!(err.contains(text), "it does not say {text:?}: {}", run.show());
        }
        // Where it points at the line, that line is to be mended.
        assert!(err.contains("help:") || err.contains("--> "), "it says no way out: {}", run.show());
        assert_eq!(self.state(), State::Old, "{}", run.show());
        assert!(!self.journal().exists(), "{}", run.show());
        assert_eq!(toolchains(self.sandbox), self.toolchains, "{}", run.show());
        run
    }

    /// Asserts that the very same command, now that nothing stands in its way, does all that it is for.
    #[track_caller]
    pub(super) fn succeeds(&self) -> Run {
        let run = self.set(NEW).run().ok();
        assert_eq!(self.state(), State::New, "{}", run.show());
        run
    }
}

/// What it said, in one line: long messages may be wrapped.
pub(super) fn words(run: &Run) -> String {
    run.err().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every file of a repository but git's own and what was built, by its path.
pub(super) fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(root: &Path, below: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(root.join(below)).unwrap() {
            let entry = entry.unwrap();
            let path = below.join(entry.file_name());
            if path == Path::new(".git") || path == Path::new("target") || path == Path::new("Cargo.lock") {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                walk(root, &path, found);
            } else {
                found.insert(path, fs::read(entry.path()).unwrap_or_default());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(root, Path::new(""), &mut found);
    found
}
