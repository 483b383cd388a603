//! Packages and workspaces on disk, written as a test needs them.

use std::path::{Path, PathBuf};

use fs_err as fs;

use super::sandbox::Sandbox;

/// A directory with a project in it.
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// An empty directory of this name among the sandbox's projects.
    pub(crate) fn new(sandbox: &Sandbox, name: &str) -> Self {
        Self::at(sandbox.work().join(name))
    }

    /// An empty directory here.
    pub(crate) fn at(root: PathBuf) -> Self {
        fs::create_dir_all(&root).expect("the project's directory");
        Self { root }
    }

    /// A package with one program.
    pub(crate) fn program(sandbox: &Sandbox, name: &str, main: &str) -> Self {
        Self::new(sandbox, name).package("", name, "").file("src/main.rs", main)
    }

    /// Its directory.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file, and the directories that lead to it.
    pub(crate) fn file(self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> Self {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a directory")).expect("the file's directory");
        fs::write(path, text.as_ref()).expect("the project's file");
        self
    }

    /// Writes a manifest into `dir`; `rest` is what follows `[package]`.
    pub(crate) fn package(self, dir: &str, name: &str, rest: &str) -> Self {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
             description = \"part of a test\"\nlicense = \"MIT\"\n{rest}"
        );
        self.file(Path::new(dir).join("Cargo.toml"), manifest)
    }

    /// Writes the toolchain file.
    pub(crate) fn toolchain(self, lines: &str) -> Self {
        self.file("rust-toolchain.toml", format!("[toolchain]\n{lines}\n"))
    }

    /// Writes the policy.
    pub(crate) fn doctor(self, text: &str) -> Self {
        self.file("doctor.toml", text)
    }

    /// Makes it a git repository with one commit of all there is.
    pub(crate) fn commit(self, sandbox: &Sandbox) -> Self {
        for args in [&["init", "-q"][..], &["add", "-A"], &["commit", "-q", "-m", "all of it"]] {
            sandbox.command("git").args(args).dir(&self.root).run().ok();
        }
        self
    }
}
