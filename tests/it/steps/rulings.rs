//! What the policy forbids is refused before anything runs, with the line that forbids it.

use super::{pin, project, sandbox, xcargo};
use crate::support::project::Project;
use crate::support::recorder::Recorder;
use crate::support::sandbox::Sandbox;

#[test]
fn another_toolchain_than_the_pin_is_refused() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[toolchain]\noverride = \"deny\"\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    sandbox.rustup().args(["toolchain", "install", "1.78.0", "--no-self-update"]).run().ok();
    let plus = xcargo(&sandbox, &project, &["+1.78.0", "build"]).run().code(41);
    assert!(plus.err().contains("doctor.toml:2") && plus.err().contains("+1.78.0"), "{}", plus.show());
    let variable = xcargo(&sandbox, &project, &["build"]).env("RUSTUP_TOOLCHAIN", "1.78.0").run().code(41);
    assert!(variable.err().contains("RUSTUP_TOOLCHAIN"), "{}", variable.show());
    // The pin itself may be named.
    xcargo(&sandbox, &project, &["+1.77.2", "build"]).run().ok();
    // A directory's override outranks the toolchain file beside it: that is what the policy is against.
    sandbox.rustup().args(["override", "set", "1.78.0"]).dir(project.root()).run().ok();
    let directory = xcargo(&sandbox, &project, &["build"]).run().code(41);
    assert!(directory.err().contains("rustup override"), "{}", directory.show());
    sandbox.rustup().args(["override", "unset"]).dir(project.root()).run().ok();

    fs_err::write(project.root().join("doctor.toml"), "[toolchain]\noverride = \"warn\"\n").unwrap();
    let warned = xcargo(&sandbox, &project, &["+1.78.0", "build"]).run().ok();
    assert!(warned.err().contains("warning[policy-refused]"), "{}", warned.show());
}

#[test]
fn commands_are_denied_and_arguments_required() {
    let sandbox = Sandbox::new();
    let project = Project::program(&sandbox, "p", "fn main() {}")
        .file(".cargo/config.toml", "[alias]\nship = \"publish\"\n")
        .doctor(
            "[commands]\ndeny = [{ command = \"publish\", reason = \"releases go through CI\" }]\n\
             require = [{ command = \"build\", args = [\"--locked\"], when = \"ci\" }]\n",
        );
    let recorder = Recorder::install(&sandbox);
    for args in [&["publish"][..], &["ship"], &["-q", "publish", "--dry-run"]] {
        let run = xcargo(&sandbox, &project, args).run().code(41);
        assert!(run.err().contains("reason: releases go through CI"), "{}", run.show());
        assert!(run.err().contains("doctor.toml:2"), "{}", run.show());
    }
    xcargo(&sandbox, &project, &["build"]).run().ok();
    recorder.take();
    let run = xcargo(&sandbox, &project, &["b"]).env("CI", "true").run().code(41);
    assert!(run.err().contains("cargo build --locked"), "{}", run.show());
    assert!(recorder.take().is_empty(), "nothing ran");
    xcargo(&sandbox, &project, &["b", "--locked"]).env("CI", "true").run().ok();
    xcargo(&sandbox, &project, &["--locked", "b"]).env("CI", "true").run().ok();

    let text = fs_err::read_to_string(project.root().join("doctor.toml")).unwrap();
    fs_err::write(project.root().join("doctor.toml"), format!("[policy]\nenforce = \"warn\"\n{text}"))
        .unwrap();
    let warned = xcargo(&sandbox, &project, &["b"]).env("CI", "true").run().ok();
    assert!(warned.err().contains("warning[policy-refused]"), "{}", warned.show());
}

#[test]
fn the_way_past_the_policy_is_loud_and_closed_in_ci() {
    let sandbox = sandbox();
    let project = project(&sandbox, "this is no policy\n");
    pin(&project, "host");
    let broken = xcargo(&sandbox, &project, &["build"]).run().code(42);
    assert!(broken.err().contains("error[policy-broken]"), "{}", broken.show());
    assert!(!project.root().join("target").exists());
    let off = xcargo(&sandbox, &project, &["-q", "build"]).env("XCARGO_POLICY", "off").run().ok();
    assert!(off.err().contains("XCARGO_POLICY=off"), "{}", off.show());
    let ci = xcargo(&sandbox, &project, &["build"]).env("XCARGO_POLICY", "off").env("CI", "1").run().code(41);
    assert!(ci.err().contains("error[policy-refused]"), "{}", ci.show());
    let typo = xcargo(&sandbox, &project, &["build"]).env("XCARGO_POLICY", "no").run().code(48);
    assert!(typo.err().contains("allowed"), "{}", typo.show());
}
