//! The pinned toolchain is missing, or must not be replaced.

use super::{files, pin, project, said, sandbox, xcargo};
use crate::support::dist::{Dist, R1_78, installed};
use crate::support::project::Project;
use crate::support::recorder::{Recorder, processes};
use crate::support::sandbox::Sandbox;

#[test]
fn a_missing_pin_is_installed_with_what_the_toolchain_file_asks_for() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n").toolchain(
        "channel = \"1.78.0\"\nprofile = \"minimal\"\ncomponents = [\"clippy\"]\ntargets = [\"wasm32-unknown-unknown\"]",
    );
    // A machine where rustup's own installing is off: plain cargo fails.
    let plain = sandbox.cargo().arg("build").dir(project.root()).env("RUSTUP_AUTO_INSTALL", "0").run();
    assert!(!plain.status.success() && plain.err().contains("is not installed"), "{}", plain.show());
    let run = xcargo(&sandbox, &project, &["build"]).env("RUSTUP_AUTO_INSTALL", "0").run().ok();
    assert!(said(&run, "Installing")[0].starts_with("1.78.0: "), "{}", run.show());
    for there in ["cargo-clippy", "../lib/rustlib/wasm32-unknown-unknown/lib/stub"] {
        assert!(installed(&sandbox, "1.78.0", there).exists(), "{there}");
    }
    // Later the file asks for one more component: only that is added.
    let project = project.toolchain("channel = \"1.78.0\"\ncomponents = [\"clippy\", \"rustfmt\"]");
    let run = xcargo(&sandbox, &project, &["build"]).env("RUSTUP_AUTO_INSTALL", "0").run().ok();
    assert!(said(&run, "Installing")[0].starts_with("rustfmt for 1.78.0: "), "{}", run.show());
    assert!(installed(&sandbox, "1.78.0", "rustfmt").exists());
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(said(&run, "Installing").is_empty(), "{}", run.show());
}

#[test]
fn the_policy_may_forbid_to_install() {
    for (install, note) in [("deny", "the policy forbids to install it"), ("ask", "no terminal")] {
        let sandbox = sandbox();
        let project = project(&sandbox, &format!("[toolchain]\ninstall = \"{install}\"\n"));
        let run = xcargo(&sandbox, &project, &["build"]).run().code(44);
        assert!(run.err().contains("error[toolchain-missing]") && run.err().contains(note), "{}", run.show());
        assert!(run.err().contains("doctor.toml:2"), "it names the line of policy: {}", run.show());
        assert!(!project.root().join("target").exists());
        assert!(!installed(&sandbox, "1.77.2", "rustc").exists());
    }
}

#[test]
fn a_version_that_does_not_exist_stops_before_anything_is_cleaned() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let before = files(&project);
    pin(&project, "1.70.0");
    let run = xcargo(&sandbox, &project, &["build"]).run().code(46);
    assert!(run.err().contains("error[step-failed]"), "{}", run.show());
    assert!(run.err().contains("not done: sync-pins, scoped-clean"), "{}", run.show());
    assert_eq!(files(&project), before);
    pin(&project, "1.77.2");
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(super::compiled(&run).is_empty(), "{}", run.show());
}

#[test]
fn a_custom_toolchain_that_nobody_linked_is_not_looked_for_on_the_net() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    pin(&project, "our-own");
    let run = xcargo(&sandbox, &project, &["build"]).run().code(44);
    assert!(
        run.err().contains("error[toolchain-missing]") && run.err().contains("rustup toolchain link"),
        "{}",
        run.show()
    );
}

#[test]
fn the_channel_of_the_policy_is_the_pin_where_nothing_else_is() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[toolchain]\nchannel = \"1.78.0\"\n");
    let run = xcargo(&sandbox, &project, &["build"]).run().code(41);
    assert!(
        run.err().contains("doctor.toml and the toolchain file name different toolchains"),
        "{}",
        run.show()
    );
    fs_err::remove_file(project.root().join("rust-toolchain.toml")).unwrap();
    let run = xcargo(&sandbox, &project, &["build", "-v"]).run().ok();
    assert!(said(&run, "Installing")[0].starts_with("1.78.0"), "{}", run.show());
    assert!(run.err().contains("toolchains/1.78.0-"), "the pinned compiler ran: {}", run.show());
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(super::compiled(&run).is_empty(), "{}", run.show());
}

#[test]
fn a_moving_channel_is_refreshed_when_the_policy_says_so() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[toolchain]\nupdate = \"1h\"\n");
    pin(&project, "stable");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let before = files(&project);
    Dist::of(&sandbox).stub("stable", &R1_78);
    let fresh = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(said(&fresh, "Updating").is_empty(), "it was installed a moment ago: {}", fresh.show());
    let manifest = installed(&sandbox, "stable", "../lib/rustlib/multirust-channel-manifest.toml");
    filetime::set_file_mtime(&manifest, filetime::FileTime::from_unix_time(1_000_000_000, 0)).unwrap();
    let offline =
        xcargo(&sandbox, &project, &["build", "--offline"]).env("CARGO_NET_OFFLINE", "false").run().ok();
    assert_eq!(said(&offline, "Skipping").len(), 1, "{}", offline.show());
    let run = xcargo(&sandbox, &project, &["build"]).env("CARGO_NET_OFFLINE", "false").run().ok();
    assert_eq!(
        said(&run, "Updating").iter().filter(|line| line.starts_with("stable")).count(),
        1,
        "{}",
        run.show()
    );
    assert!(said(&run, "Cleaning")[0].contains("built by 1.77.2"), "{}", run.show());
    assert!(before.difference(&files(&project)).count() > 0);
}

/// No rustup at all: a distribution's cargo works as it is, and its compiler is still noticed.
#[test]
fn a_cargo_without_rustup_works() {
    let sandbox = Sandbox::new();
    let project = Project::program(&sandbox, "p", "fn main() {}").doctor("[policy]\n");
    let machine = crate::support::machine::machine();
    let system = sandbox.root().join("system");
    fs_err::create_dir_all(&system).unwrap();
    for tool in ["cargo", "rustc", "rustdoc"] {
        std::os::unix::fs::symlink(machine.tool(tool), system.join(tool)).unwrap();
    }
    let path = std::env::join_paths([system, sandbox.root().join("tools")]).unwrap();
    let nowhere = sandbox.root().join("nowhere");
    let x = |args: &[&str]| xcargo(&sandbox, &project, args).env("PATH", &path).env("RUSTUP_HOME", &nowhere);
    x(&["build"]).run().ok();
    let own = fs_err::read_dir(project.root().join("target/.xcargo")).unwrap();
    let mut names: Vec<String> =
        own.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert!(
        matches!(&names[..], [ledger, .., stamp, uses]
            if ledger.starts_with("ledger-") && stamp.starts_with("stamp-") && uses.starts_with("uses-")),
        "{names:?}"
    );
    x(&["build"]).run().ok();
    fs_err::write(project.root().join("doctor.toml"), "[toolchain]\nchannel = \"1.70.0\"\n").unwrap();
    let run = x(&["build"]).run().code(44);
    assert!(run.err().contains("is not rustup's"), "{}", run.show());
}

/// A build of a pinned toolchain asks the compiler who it is once, not every time.
#[test]
fn the_compiler_is_asked_once() {
    let sandbox = Sandbox::new();
    let project = Project::program(&sandbox, "p", "fn main() {}").doctor("[policy]\n");
    let recorder = Recorder::install(&sandbox);
    let count = || {
        xcargo(&sandbox, &project, &["build"]).run().ok();
        let calls = recorder.take();
        let asked = calls.iter().filter(|call| call.tool == "rustc" && call.args == ["-vV"]).count();
        (asked, processes(&calls, "rustup"))
    };
    let first = count();
    let second = count();
    assert_eq!((first.1, second), (0, (0, 0)), "{first:?}");
}
