//! Others at work in the same build dir, and odd things in the way: waiting is honest, and what they need stays.

use std::fs::File;
use std::time::Duration;

use fs_err as fs;
use rustix::process::Signal;

use super::{compiled, files, move_itoa, pin, project, said, sandbox, xcargo};
use crate::support::cmd::Running;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// Holds cargo's lock on the dev profile, as a running build does.
fn building(project: &Project) -> File {
    let lock = File::open(project.root().join("target/debug/.cargo-lock")).unwrap();
    lock.lock().unwrap();
    lock
}

/// Until the command has had every chance to come to the lock and past it. That it has not is what the caller then asserts by
/// the tree; a machine that is slower only makes the test weaker, never red.
fn let_it_come_to_the_lock(_: &Running) {
    std::thread::sleep(Duration::from_secs(3));
}

/// What a user would lose: the units of the lock file that they went back to while the build waited.
#[test]
fn a_lock_file_that_moved_back_during_the_wait_cleans_nothing() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let restore = |name: &str| fs::read(project.root().join(name)).unwrap();
    let (manifest, lock_file) = (restore("Cargo.toml"), restore("Cargo.lock"));
    let before = files(&project);
    move_itoa(&sandbox, &project);
    let held = building(&project);
    let running = xcargo(&sandbox, &project, &["build"]).spawn();
    let_it_come_to_the_lock(&running);
    fs::write(project.root().join("Cargo.toml"), manifest).unwrap();
    fs::write(project.root().join("Cargo.lock"), lock_file).unwrap();
    held.unlock().unwrap();
    let run = running.finish().ok();
    assert_eq!(said(&run, "Blocking").len(), 1, "{}", run.show());
    assert!(said(&run, "Cleaning").is_empty() && compiled(&run).is_empty(), "{}", run.show());
    assert_eq!(files(&project), before);
}

/// What a user would lose: time, to a build in a profile of which nothing goes.
#[test]
fn only_the_profiles_where_something_goes_are_waited_for() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let release = project.root().join("target/release");
    fs::create_dir_all(&release).unwrap();
    let held = File::create(release.join(".cargo-lock")).unwrap();
    held.lock().unwrap();
    move_itoa(&sandbox, &project);
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(said(&run, "Blocking").is_empty(), "{}", run.show());
    assert_eq!(said(&run, "Cleaning").len(), 1, "{}", run.show());
}

/// A child has run before (`cargo update`): signals must still end a command that only waits.
#[test]
fn a_signal_ends_a_clean_that_waits() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let sandbox = sandbox();
        let project = project(&sandbox, "[policy]\n");
        xcargo(&sandbox, &project, &["build"]).run().ok();
        let manifest = project.root().join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, text.replace("=1.0.18", "1")).unwrap();
        xcargo(&sandbox, &project, &["build"]).run().ok();
        let before = files(&project);
        let _held = building(&project);
        let running = xcargo(&sandbox, &project, &["update", "itoa"]).spawn();
        let_it_come_to_the_lock(&running);
        running.signal(signal);
        let run = running.finish();
        assert_eq!(run.killed_by(), Some(signal.as_raw()), "{}", run.show());
        assert_eq!(files(&project), before);
    }
}

#[test]
fn an_updates_own_dry_run_touches_nothing() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    move_itoa(&sandbox, &project);
    let before = files(&project);
    let run = xcargo(&sandbox, &project, &["update", "--dry-run"]).run().ok();
    assert!(said(&run, "Cleaning").is_empty(), "{}", run.show());
    assert_eq!(files(&project), before);
}

/// A nested workspace that builds into its parent's dir: what it needs is not stale, and no scope takes it.
#[test]
fn workspaces_that_share_a_build_dir_respect_each_other() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[clean]\nscope = \"all\"\n")
        .file(".cargo/config.toml", "[build]\ntarget-dir = \"target\"\n")
        .package("fuzz", "fuzzer", "[workspace]\n[dependencies]\nitoa = \"=1.0.18\"\n")
        .file("fuzz/src/lib.rs", "")
        .file("fuzz/doctor.toml", "[policy]\n");
    let nested = |args: &[&str]| xcargo(&sandbox, &project, args).dir(project.root().join("fuzz"));
    xcargo(&sandbox, &project, &["build"]).run().ok();
    nested(&["build"]).run().ok();
    assert!(!project.root().join("fuzz/target").exists(), "both build into one dir");
    move_itoa(&sandbox, &project);
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(said(&run, "Leaving").iter().any(|line| line.contains("other workspaces")), "{}", run.show());
    assert!(said(&run, "Cleaning").is_empty(), "itoa 1.0.18 is in the other lock file: {}", run.show());
    let again = nested(&["build"]).run().ok();
    assert!(compiled(&again).is_empty(), "{}", again.show());
}

/// A nested workspace that is built with plain cargo and another toolchain: no stamp speaks for it, only what it built does.
#[test]
fn a_neighbour_that_never_heard_of_xcargo_keeps_its_units() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[clean]\nscope = \"all\"\n")
        .file(".cargo/config.toml", "[build]\ntarget-dir = \"target\"\n")
        .package("fuzz", "fuzzer", "[workspace]\n[dependencies]\nitoa = \"=1.0.18\"\n")
        .file("fuzz/src/lib.rs", "")
        .file("fuzz/rust-toolchain.toml", "[toolchain]\nchannel = \"1.78.0\"\n");
    let nested = || sandbox.cargo().arg("build").dir(project.root().join("fuzz")).run().ok();
    xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(compiled(&nested()).contains("fuzzer"));
    assert!(!project.root().join("fuzz/target").exists(), "both build into one dir");
    pin(&project, "nightly-2024-05-01");
    move_itoa(&sandbox, &project);
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(said(&run, "Leaving").iter().any(|line| line.contains("other workspaces")), "{}", run.show());
    let again = nested();
    assert!(compiled(&again).is_empty(), "{}\n{}", run.show(), again.show());
}

/// Odd things where the stamp should be: neither a hang nor a crash, and the build is built.
#[test]
fn a_stamp_that_is_none_counts_as_absent() {
    let sandbox = Sandbox::new();
    let project = Project::program(&sandbox, "p", "fn main() {}").doctor("[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let dir = project.root().join("target/.xcargo");
    let stamp = fs::read_dir(&dir).unwrap().next().unwrap().unwrap().path();
    let fifo = |path: &std::path::Path| {
        rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0)
            .unwrap();
    };
    let odd: [(&str, &dyn Fn()); 5] = [
        ("a pipe", &|| fifo(&stamp)),
        ("endless", &|| std::os::unix::fs::symlink("/dev/zero", &stamp).unwrap()),
        ("huge", &|| File::create(&stamp).unwrap().set_len(3 << 30).unwrap()),
        ("garbage", &|| fs::write(&stamp, b"{\"format\":1}\n\xff").unwrap()),
        ("a directory", &|| fs::create_dir(&stamp).unwrap()),
    ];
    for (what, make) in odd {
        fs::remove_file(&stamp).ok();
        make();
        let run = xcargo(&sandbox, &project, &["build"]).run().ok();
        assert!(compiled(&run).is_empty(), "{what}: {}", run.show());
    }
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert_eq!(said(&run, "Skipping").len(), 1, "a record that cannot be kept is said: {}", run.show());
}

/// A Makefile that exports `CARGO` must not switch the policy off.
#[test]
fn an_exported_cargo_is_no_outer_cargo() {
    let sandbox = Sandbox::new();
    let project = Project::program(&sandbox, "p", "fn main() {}")
        .doctor("[commands]\ndeny = [{ command = \"build\", reason = \"use just\" }]\n");
    for cargo in [sandbox.cargo_home().join("bin/cargo"), crate::support::sandbox::xcargo().to_owned()] {
        let run = xcargo(&sandbox, &project, &["build"]).env("CARGO", &cargo).run().code(41);
        assert!(run.err().contains("use just"), "{}", run.show());
    }
    xcargo(&sandbox, &project, &["+host", "check"]).run().ok();
    let proxy = sandbox.cargo_home().join("bin/cargo");
    let shim = sandbox.script("shim/cargo", &format!("#!/bin/sh\nexec {} \"$@\"\n", proxy.display()));
    fs::write(project.root().join("doctor.toml"), "[toolchain]\noverride = \"deny\"\n").unwrap();
    let run = xcargo(&sandbox, &project, &["+host", "check"]).env("XCARGO_CARGO", shim).run().code(41);
    assert!(run.err().contains("+host"), "what a script makes of it cannot be judged: {}", run.show());
}

#[test]
fn what_policy_forbids_to_install_no_command_installs() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[toolchain]\ninstall = \"deny\"\n");
    pin(&project, "1.78.0");
    for args in [&["metadata", "--no-deps"][..], &["fmt"], &["tree"], &["update"]] {
        let run = xcargo(&sandbox, &project, args).run().code(44);
        assert!(run.out().is_empty(), "{}", run.show());
    }
    let offline = "[policy]\n";
    fs::write(project.root().join("doctor.toml"), offline).unwrap();
    let run = xcargo(&sandbox, &project, &["build", "--offline"]).run().code(44);
    assert!(run.err().contains("the network is off"), "{}", run.show());
    let run = xcargo(&sandbox, &project, &["metadata", "--no-deps", "--format-version=1"]).run().ok();
    assert_eq!(said(&run, "Installing").len(), 1, "{}", run.show());
    assert!(
        run.out().starts_with('{') && run.out().trim_end().ends_with('}'),
        "stdout is cargo's alone: {}",
        run.show()
    );
}
