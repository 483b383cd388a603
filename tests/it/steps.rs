//! The coordinated steps, with a real rustup, a local dist server and compilers that differ.

mod change;
mod crash;
mod others;
mod rulings;
mod size;
mod toolchain;
mod update;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::cmd::{Cmd, Run};
use crate::support::dist::{Dist, NIGHTLY, R1_77, R1_78};
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// A sandbox whose dist server has two releases, a nightly, and `stable`.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let dist = Dist::of(&sandbox);
    dist.stub("1.77.2", &R1_77);
    dist.stub("1.78.0", &R1_78);
    dist.stub("nightly-2024-05-01", &NIGHTLY);
    dist.stub("stable", &R1_77);
    sandbox
}

/// A workspace with a library of its own, a build script and two packages from the registry, pinned to 1.77.2.
fn project(sandbox: &Sandbox, doctor: &str) -> Project {
    Project::new(sandbox, "p")
        .package("", "app", "[workspace]\nmembers = [\"lib\"]\n[dependencies]\nlib = { path = \"lib\" }\nitoa = \"=1.0.18\"\npaste = \"1\"\n")
        .file("src/main.rs", "fn main() { println!(\"{} {}\", lib::answer(), itoa::Buffer::new().format(7)); }\n")
        .package("lib", "lib", "")
        .file("lib/build.rs", "fn main() { println!(\"cargo::rerun-if-changed=build.rs\"); }\n")
        .file("lib/src/lib.rs", "pub fn answer() -> u32 { 42 }\n")
        .toolchain("channel = \"1.77.2\"")
        .doctor(doctor)
}

/// Moves the pin.
fn pin(project: &Project, channel: &str) {
    fs_err::write(
        project.root().join("rust-toolchain.toml"),
        format!("[toolchain]\nchannel = \"{channel}\"\n"),
    )
    .unwrap();
}

/// Moves a dependency in the manifest and the lock file, as a pulled commit does.
fn move_itoa(sandbox: &Sandbox, project: &Project) {
    let manifest = project.root().join("Cargo.toml");
    let text = fs_err::read_to_string(&manifest).unwrap();
    fs_err::write(&manifest, text.replace("=1.0.18", "=1.0.19")).unwrap();
    sandbox.cargo().arg("generate-lockfile").dir(project.root()).env("RUSTUP_TOOLCHAIN", "host").run().ok();
}

/// `xcargo <args>` in the project.
fn xcargo(sandbox: &Sandbox, project: &Project, args: &[&str]) -> Cmd {
    sandbox.xcargo().args(args).dir(project.root())
}

/// The packages that a build compiled, by cargo's own word.
fn compiled(run: &Run) -> BTreeSet<String> {
    let err = run.err();
    let lines = err.lines().filter_map(|line| line.trim_start().strip_prefix("Compiling "));
    lines.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// All files below `target`, without xcargo's own, without what is random (incremental sessions), and without cargo's
/// lock files.
fn files(project: &Project) -> BTreeSet<PathBuf> {
    fn walk(dir: &Path, below: &Path, found: &mut BTreeSet<PathBuf>) {
        for entry in fs_err::read_dir(dir.join(below)).unwrap() {
            let entry = entry.unwrap();
            let path = below.join(entry.file_name());
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == ".xcargo" || name.starts_with(".cargo-") || name == "incremental" {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                walk(dir, &path, found)
            } else {
                found.insert(path);
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&project.root().join("target"), Path::new(""), &mut found);
    found
}

/// The lines of xcargo's own on stderr with this verb.
fn said(run: &Run, verb: &str) -> Vec<String> {
    let err = run.err();
    let lines = err.lines().filter_map(|line| line.trim_start().strip_prefix(verb)?.strip_prefix(' '));
    lines.map(str::to_owned).collect()
}
