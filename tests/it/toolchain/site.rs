//! A repository that names its toolchain in every way there is, and what it is to look like after a change.
//!
//! Its files are written once, with the names that follow the pin in «»: what stands outside of the marks may never change.

use std::path::{Path, PathBuf};

use fs_err as fs;

use super::files::FILES;
use crate::support::cmd::{Cmd, Run};
use crate::support::copy::copy_tree;
use crate::support::dist::{Dist, NIGHTLY, R1_77, R1_78, full_name};
use crate::support::machine::machine;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::shared;
use crate::support::tree::{Ours, Tree};

/// What the repository is pinned to at first.
pub(super) const OLD: &str = "1.77.2";
/// What it is usually set to.
pub(super) const NEW: &str = "1.78.0";

/// A sandbox whose dist server has two releases, a nightly, and `stable`, which is the older release. Nothing is installed.
pub(super) fn bare_sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let dist = Dist::of(&sandbox);
    dist.stub(OLD, &R1_77);
    dist.stub(NEW, &R1_78);
    dist.stub("nightly-2024-05-01", &NIGHTLY);
    dist.stub("stable", &R1_77);
    sandbox
}

/// The same, where [`OLD`] is installed, as on the machine of somebody who works on the repository.
pub(super) fn sandbox() -> Sandbox {
    let sandbox = bare_sandbox();
    install(&sandbox, OLD);
    sandbox
}

/// Installs one of the two releases: rustup did it once for all tests, this is a copy of what it made.
pub(super) fn install(sandbox: &Sandbox, channel: &str) {
    let made = shared::once(&format!("stubs-{:016x}", shared::hash(&(&machine().sysroot, "2"))), |dir| {
        let sandbox = bare_sandbox();
        for channel in [OLD, NEW] {
            sandbox.rustup().args(["toolchain", "install", channel, "--no-self-update"]).run().ok();
        }
        for part in ["toolchains", "update-hashes"] {
            fs::create_dir(dir.join(part)).unwrap();
            for channel in [OLD, NEW] {
                let (from, to) = (sandbox.rustup_home().join(part), dir.join(part));
                let name = full_name(channel);
                match from.join(&name).is_dir() {
                    true => copy_tree(&from.join(&name), &to.join(&name)),
                    false => drop(fs::copy(from.join(&name), to.join(&name)).unwrap()),
                }
            }
        }
        for channel in [OLD, NEW] {
            let manifest = manifest(&dir.join("toolchains").join(full_name(channel)));
            replace(&manifest, &sandbox.dist().display().to_string(), "@dist@");
        }
    });
    let name = full_name(channel);
    let toolchain = sandbox.rustup_home().join("toolchains").join(&name);
    copy_tree(&made.join("toolchains").join(&name), &toolchain);
    // rustup keeps the addresses of what it has not installed yet.
    replace(&manifest(&toolchain), "@dist@", &sandbox.dist().display().to_string());
    let hashes = sandbox.rustup_home().join("update-hashes");
    fs::create_dir_all(&hashes).unwrap();
    fs::copy(made.join("update-hashes").join(&name), hashes.join(&name)).unwrap();
}

fn manifest(toolchain: &Path) -> PathBuf {
    toolchain.join("lib/rustlib/multirust-channel-manifest.toml")
}

fn replace(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    fs::write(file, text.replace(from, to)).unwrap();
}

/// Whether a toolchain is there.
pub(super) fn is_installed(sandbox: &Sandbox, channel: &str) -> bool {
    sandbox.rustup_home().join("toolchains").join(full_name(channel)).join("bin/rustc").exists()
}

/// The repository, committed, pinned to [`OLD`].
pub(super) fn site(sandbox: &Sandbox) -> Project {
    site_at(Project::new(sandbox, "site")).commit(sandbox)
}

/// The same files without git.
pub(super) fn site_at(project: Project) -> Project {
    FILES.iter().fold(project, |project, (path, text)| project.file(path, naming(text, OLD)))
}

/// A small one: a toolchain file, a workflow, a Dockerfile. Committed.
pub(super) fn small(sandbox: &Sandbox) -> Project {
    small_at(Project::new(sandbox, "small")).commit(sandbox)
}

/// The same files without git.
pub(super) fn small_at(project: Project) -> Project {
    let package = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let lock = "version = 3\n\n[[package]]\nname = \"small\"\nversion = \"0.1.0\"\n";
    project
        .file("Cargo.toml", package)
        .file("Cargo.lock", lock)
        .file("src/main.rs", "fn main() { println!(\"42 7\") }\n")
        .file(".gitignore", "/target\n")
        .file("rust-toolchain.toml", "[toolchain]\nchannel = \"1.77.2\" # the pin\n")
        .file(".github/workflows/ci.yml", "jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo +1.77.2 test # 1.77.2\n")
        .file("Dockerfile", "FROM rust:1.77-slim\n")
}

/// A text of [`FILES`] with this release in the marked places; where two numbers are marked there are two afterwards.
pub(super) fn naming(marked: &str, release: &str) -> String {
    let short = release.rsplit_once('.').map_or(release, |(short, _)| short);
    marked.replace("«1.77.2»", release).replace("«1.77»", short)
}

/// Which release the files of [`site`] name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// This one, in all of them.
    All(String),
    /// Neither the old one nor the new one in all: the files that are neither, or disagree.
    Mixed(Vec<String>),
}

/// Looks at every file of [`site`].
pub(super) fn state(project: &Project) -> State {
    let named = |release: &str| -> Vec<String> {
        let differs = FILES.iter().filter(|(path, text)| {
            fs::read(project.root().join(path)).ok().as_deref() != Some(naming(text, release).as_bytes())
        });
        differs.map(|(path, _)| (*path).to_owned()).collect()
    };
    let (not_old, not_new) = (named(OLD), named(NEW));
    match (&not_old[..], &not_new[..]) {
        ([], _) => State::All(OLD.to_owned()),
        (_, []) => State::All(NEW.to_owned()),
        _ => State::Mixed(not_old.into_iter().filter(|path| not_new.contains(path)).collect()),
    }
}

/// Asserts that every file of [`site`] names this release, and that nothing else in it is different.
#[track_caller]
pub(super) fn assert_names(project: &Project, release: &str) {
    for (path, text) in FILES {
        let now = fs::read_to_string(project.root().join(path)).unwrap();
        assert_eq!(now, naming(text, release), "{path}");
    }
}

/// How many files name the pin, and in how many places.
pub(super) fn count() -> (usize, usize) {
    let marks = |text: &str| text.matches('«').count();
    let named = FILES.iter().filter(|(_, text)| marks(text) > 0);
    (named.clone().count(), named.map(|(_, text)| marks(text)).sum())
}

/// All that a change could touch: the repository's files, and the names of what is below `RUSTUP_HOME`.
pub(super) struct Snapshot {
    files: Tree,
    toolchains: Vec<PathBuf>,
    root: PathBuf,
    rustup: PathBuf,
}

impl Snapshot {
    /// As it is now.
    pub(super) fn of(sandbox: &Sandbox, project: &Project) -> Self {
        let (root, rustup) = (project.root().to_owned(), sandbox.rustup_home());
        Self { files: Tree::read(&root, Ours::Ignored), toolchains: toolchains(&rustup), root, rustup }
    }

    /// Asserts that nothing is different now, in the files or in what rustup has.
    #[track_caller]
    pub(super) fn assert_same(&self) {
        self.assert_same_files();
        assert_eq!(toolchains(&self.rustup), self.toolchains);
    }

    /// Asserts that the files are the same; a toolchain may have been installed.
    #[track_caller]
    pub(super) fn assert_same_files(&self) {
        let now = Tree::read(&self.root, Ours::Ignored);
        let difference = self.files.difference(&now);
        // The lock of a change stays in the git dir, as cargo's locks stay in theirs.
        let lines = difference.lines().filter(|line| !line.starts_with(".git/xcargo"));
        assert_eq!(lines.collect::<Vec<_>>(), Vec::<&str>::new());
    }
}

fn toolchains(rustup: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["toolchains", "update-hashes"]
        .iter()
        .filter_map(|part| fs::read_dir(rustup.join(part)).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

/// `xcargo <args>` in the project. A toolchain that is missing is xcargo's to install, not the proxy's.
pub(super) fn xcargo(sandbox: &Sandbox, project: &Project, args: &[&str]) -> Cmd {
    sandbox.xcargo().args(args).dir(project.root()).env("RUSTUP_AUTO_INSTALL", "0")
}

/// `git <args>` in the project: what it prints.
pub(super) fn git(sandbox: &Sandbox, project: &Project, args: &[&str]) -> String {
    sandbox.command("git").args(args).dir(project.root()).run().ok().out()
}

/// The lines of xcargo's own on stderr with this verb.
pub(super) fn said(run: &Run, verb: &str) -> Vec<String> {
    let err = run.err();
    let lines = err.lines().filter_map(|line| line.trim_start().strip_prefix(verb)?.strip_prefix(' '));
    lines.map(str::to_owned).collect()
}
