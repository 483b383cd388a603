//! What may stand at the policy's place instead of a policy: none of it is taken for "no policy".

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use fs_err as fs;
use rustix::fs::{CWD, Mode, mkfifoat};

use super::{BROKEN, held_back, is_broken, mode, package, run};
use crate::support::project::Project;
use crate::support::recorder::Recorder;
use crate::support::sandbox::Sandbox;
use crate::support::twins::Twins;

type Case = (fn(&Path), &'static [&'static str]);

fn link(to: &str, at: &Path) {
    symlink(to, at).expect("a link");
}

fn write(at: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(at.parent().expect("a file is in a directory")).expect("its directory");
    fs::write(at, bytes).expect("a file");
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    (|root| write(&root.join("doctor.toml"), ""), &["doctor.toml is empty", "help: restore it"]),
    (|root| write(&root.join("doctor.toml"), " \r\n\t\n"), &["doctor.toml is empty", "help: restore it"]),
    (|root| write(&root.join("doctor.toml"), "\u{feff}\n"), &["doctor.toml is empty", "help: restore it"]),
    (|root| write(&root.join("doctor.toml"), b"[clean]\n# caf\xe9\n"), &["not UTF-8 (line 2, byte offset 13)", "--> doctor.toml:2:6", "^ this byte", "help: save it as UTF-8"]),
    (|root| write(&root.join("doctor.toml"), b"\xff\xfe[\0c\0"), &["not UTF-8 (line 1, byte offset 0)", "help: save it as UTF-8"]),
    (|root| write(&root.join("doctor.toml"), "#".repeat(1024 * 1024 + 1)), &["larger than 1024 KiB", "help: "]),
    (|root| fs::create_dir(root.join("doctor.toml")).expect("a directory"), &["doctor.toml is a directory, not a file", "help: put a file in its place"]),
    (|root| fs::create_dir_all(root.join(".cargo/doctor.toml")).expect("a directory"), &[".cargo/doctor.toml is a directory, not a file", "help: "]),
    (|root| mkfifoat(CWD, root.join("doctor.toml"), Mode::RWXU).expect("a FIFO"), &["is a pipe, socket or device, not a file", "help: "]),
    (|root| link("/dev/null", &root.join("doctor.toml")), &["is a pipe, socket or device, not a file", "help: "]),
    (|root| link("gone.toml", &root.join("doctor.toml")), &["doctor.toml cannot be read: ", "is not taken for none", "help: "]),
    (|root| link("doctor.toml", &root.join("doctor.toml")), &["doctor.toml cannot be read: ", "is not taken for none", "help: "]),
    (|root| link("src/main.rs/doctor.toml", &root.join("doctor.toml")), &["doctor.toml cannot be read: ", "help: "]),
    (|root| { write(&root.join("doctor.toml"), "[policy]\n"); write(&root.join(".cargo/doctor.toml"), "[policy]\n") },
     &["there are two policies: doctor.toml and .cargo/doctor.toml", "help: remove one of them"]),
    (|root| { fs::create_dir(root.join(".cargo")).expect("a directory"); write(&root.join("doctor.toml"), "[policy]\n"); link("gone", &root.join(".cargo/doctor.toml")) },
     &["there are two policies", "help: remove one of them"]),
    (|root| write(&root.join(".cargo/doctor.toml"), "[toolchian]\n"), &["--> .cargo/doctor.toml:1:2", "did you mean `toolchain`?"]),
];

/// A full disk, a bad merge or a stray `mkdir` must not switch off what a team relies on.
#[test]
fn what_is_no_policy_file_stops_every_command() {
    let sandbox = Sandbox::new();
    let recorder = Recorder::install(&sandbox);
    for (at, (make, says)) in CASES.iter().enumerate() {
        let project = package(&sandbox, &format!("p{at}"));
        make(project.root());
        is_broken(&sandbox, &recorder, &project, says);
    }
}

/// What one may not read may forbid everything.
#[test]
fn a_policy_that_may_not_be_read_stops_the_command() {
    let sandbox = Sandbox::new();
    let named = "[policy]\nextends = ['team.toml']\n";
    for (at, (files, shut, says)) in [
        (
            &[("doctor.toml", "[policy]\n")][..],
            "doctor.toml",
            "doctor.toml cannot be read: Permission denied",
        ),
        (&[("doctor.toml", named), ("team.toml", "[policy]\n")], "team.toml", "team.toml cannot be read"),
        (&[(".cargo/doctor.toml", "[policy]\n")], ".cargo", "Permission denied"),
    ]
    .into_iter()
    .enumerate()
    {
        let project = package(&sandbox, &format!("p{at}"));
        for (path, text) in files {
            write(&project.root().join(path), text);
        }
        let shut = project.root().join(shut);
        mode(&shut, 0);
        let runs = [&["build"][..], &["test"], &["metadata"], &["policy", "check"]]
            .map(|args| held_back(&sandbox).args(args).dir(project.root()).run());
        // So that the sandbox can go.
        mode(&shut, 0o700);
        for run in runs {
            let run = run.code(BROKEN);
            for part in [says, "is not taken for none", " = help: "] {
                assert!(run.err().contains(part), "{part:?} is not said\n{}", run.show());
            }
        }
        assert!(!project.root().join("target").exists());
    }
}

/// Directories have names in any bytes; a policy in one is a policy.
#[test]
fn a_workspace_whose_directory_is_not_utf8_has_a_policy_as_any_other() {
    let sandbox = Sandbox::new();
    let odd = |name: &[u8]| sandbox.work().join(std::ffi::OsStr::from_bytes(name));
    let fill = |root| Project::at(root).package("", "p", "").file("src/main.rs", "fn main() {}\n");
    let project = fill(odd(b"caf\xe9"));
    run(&sandbox, &project, &["policy", "init"]).ok();
    run(&sandbox, &project, &["policy", "check"]).ok();
    run(&sandbox, &project, &["policy", "show"]).ok();
    assert!(project.root().join("doctor.toml").is_file());

    // Neither cargo 1.95 nor its rustc can finish a build in such a place, so the plan of one has to do.
    let planned = run(&sandbox, &project, &["--dry-run", "build"]).ok();
    assert!(planned.err().contains("Would run"), "{}", planned.show());
    let twins = Twins::of(&sandbox, &project);
    twins.same(&["tree"]).ok();
    twins.same(&["metadata", "--format-version=1"]);
    twins.same(&["clean"]).ok();

    let project = fill(odd(b"na\xefve")).doctor("[clean]\nscop = 'all'\n");
    let inner = sandbox.xcargo().arg("build").dir(project.root().join("src")).run().code(BROKEN);
    assert!(inner.err().contains("did you mean `scope`?"), "{}", inner.show());
    assert!(inner.err().contains("na\u{fffd}ve/doctor.toml:2:1"), "{}", inner.show());
}
