//! A workspace that is built in a second: a program above a library with a build script.

use std::path::{Path, PathBuf};

use fs_err as fs;

use super::fixture::Shape;
use crate::support::cmd::Cmd;
use crate::support::listing::Listing;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// What its program prints.
pub(super) const PRINTS: &str = "42\n";

/// A policy under which a clean is done when it returns.
pub(super) const DONE: &str = "[policy]\n[clean]\nbackground = false\n";

/// The workspace, with the sandbox that it is in.
pub(super) struct Little<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) project: Project,
    shape: Shape,
}

impl<'a> Little<'a> {
    /// Not built yet.
    pub(super) fn new(sandbox: &'a Sandbox, name: &str, policy: &str) -> Self {
        let project = Project::new(sandbox, name)
            .package("", "top", "[workspace]\nmembers = [\"low\"]\n[dependencies]\nlow = { path = \"low\" }\n[profile.dev]\ndebug = false\n")
            .file("src/main.rs", "fn main() { println!(\"{}\", low::N + 1); }\n")
            .package("low", "low", "")
            .file("low/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/n.rs\"));\n")
            .file(
                "low/build.rs",
                "fn main() {\n    println!(\"cargo::rerun-if-changed=build.rs\");\n    \
                 let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
                 std::fs::write(format!(\"{out}/n.rs\"), \"pub const N: u32 = 41;\").unwrap();\n}\n",
            )
            .doctor(policy);
        Self { sandbox, project, shape: Shape::One }
    }

    /// From now on in this layout.
    pub(super) fn shaped(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }

    /// Built for dev.
    pub(super) fn built(sandbox: &'a Sandbox, name: &str, policy: &str, shape: Shape) -> Self {
        let little = Self::new(sandbox, name, policy).shaped(shape);
        little.cargo(&["build"]).run().ok();
        little
    }

    pub(super) fn cargo(&self, args: &[&str]) -> Cmd {
        self.shape.set(self.sandbox.cargo()).args(args).dir(self.project.root())
    }

    pub(super) fn xcargo(&self, args: &[&str]) -> Cmd {
        self.shape.set(self.sandbox.xcargo()).args(args).dir(self.project.root())
    }

    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.project.root().join(path)
    }

    /// Everything in the workspace but what xcargo keeps for itself and lock files, which may come and never go.
    pub(super) fn listing(&self) -> Listing {
        Listing::read(self.project.root()).without(|path| {
            path.iter().any(|part| part == ".xcargo")
                || path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".cargo-"))
        })
    }

    /// Plain cargo builds it, and it is right.
    #[track_caller]
    pub(super) fn works(&self) {
        let run = self.cargo(&["run", "-q"]).run().ok();
        assert_eq!(run.out(), PRINTS, "{}", run.show());
    }

    /// Where rustc's outputs for `low`'s library are.
    pub(super) fn outputs(&self) -> PathBuf {
        let library = self.listing();
        let is_library = |path: &&Path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            path.starts_with(self.at("target/debug"))
                && name.starts_with("liblow-")
                && name.ends_with(".rlib")
        };
        let library = library.paths().find(is_library).expect("the library is built");
        library.parent().expect("it is in a directory").to_owned()
    }

    /// Makes a removal long enough to be hit in the middle: very many files of `low`'s library, and an incremental session.
    pub(super) fn fatten(&self, files: usize) {
        let outputs = self.outputs();
        let library = fs::read_dir(&outputs)
            .expect("outputs")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .find(|name| name.starts_with("liblow-"))
            .expect("the library");
        let stem = library.trim_start_matches("lib").split('.').next().expect("a stem").to_owned();
        for number in 0..files {
            fs::write(outputs.join(format!("{stem}.{number}.rcgu.o")), "x").expect("a file");
        }
        let incremental = fs::read_dir(self.at("target/debug/incremental")).expect("sessions");
        let lows = incremental
            .map(|entry| entry.expect("an entry").path())
            .find(|path| path.file_name().expect("a name").to_string_lossy().starts_with("low-"))
            .expect("sessions of `low`");
        fs::create_dir(lows.join("more")).expect("a directory");
        for number in 0..files / 4 {
            fs::write(lows.join(format!("more/{number}.o")), "x").expect("a file");
        }
    }
}
