//! `XCARGO_POLICY=off`, and what a policy only recommends.

use super::{BROKEN, REFUSED, USAGE, package, run};
use crate::support::cmd::Run;
use crate::support::recorder::{Recorder, processes};
use crate::support::sandbox::Sandbox;
use crate::support::tree::{Ours, Tree};
use crate::support::twins::Twins;

/// The way past a policy that does not work today: open to people, loud, and shut to CI and to slips of the hand.
#[test]
fn the_way_past_is_open_to_people_and_shut_to_ci() {
    let sandbox = Sandbox::new();
    let recorder = Recorder::install(&sandbox);
    let project = package(&sandbox, "p").doctor("[commands]\ndeny = [{ command = 'tree' }]\n");
    let broken = package(&sandbox, "broken").doctor("[toolchian]\n");
    let before = [&project, &broken].map(|project| Tree::read(project.root(), Ours::Counts));
    let tree = |root: &std::path::Path, vars: &[(&str, &str)]| -> Run {
        let cmd = sandbox.xcargo().args(["-q", "tree"]).dir(root);
        vars.iter().fold(cmd, |cmd, (name, value)| cmd.env(name, value)).run()
    };
    for (vars, code, says) in [
        (
            &[("XCARGO_POLICY", "off"), ("CI", "true")][..],
            REFUSED,
            "error[policy-refused]: `XCARGO_POLICY=off` is refused",
        ),
        (
            &[("XCARGO_POLICY", "off"), ("CI", "false")],
            REFUSED,
            "error[policy-refused]: `XCARGO_POLICY=off` is refused",
        ),
        (
            &[("XCARGO_POLICY", "off"), ("CI", "")],
            REFUSED,
            "error[policy-refused]: `XCARGO_POLICY=off` is refused",
        ),
        (&[("XCARGO_POLICY", "OFF")], USAGE, "allowed: `on` or `off`"),
        (&[("XCARGO_POLICY", "0")], USAGE, "allowed: `on` or `off`"),
        (&[("XCARGO_POLICY", "\u{e9}")], USAGE, "allowed: `on` or `off`"),
    ] {
        for project in [&project, &broken] {
            let run = tree(project.root(), vars).code(code);
            assert!(run.stdout.is_empty() && run.err().contains(says), "{}", run.show());
        }
    }
    for vars in [&[][..], &[("XCARGO_POLICY", "on"), ("CI", "1")], &[("XCARGO_POLICY", "")]] {
        let denied = tree(project.root(), vars).code(REFUSED);
        assert!(denied.err().contains("doctor.toml:2"), "{}", denied.show());
        tree(broken.root(), vars).code(BROKEN);
    }
    assert_eq!(recorder.take(), [], "nothing ran");
    for (project, before) in [&project, &broken].into_iter().zip(before) {
        assert_eq!(before.difference(&Tree::read(project.root(), Ours::Counts)), "");
    }

    for project in [&project, &broken] {
        let off = tree(project.root(), &[("XCARGO_POLICY", "off")]).ok();
        assert_eq!(
            off.err().matches("warning[policy-refused]: the policy is off").count(),
            1,
            "{}",
            off.show()
        );
        assert!(off.out().starts_with("p v0.1.0"), "{}", off.show());
        assert_eq!(processes(&recorder.take(), "cargo"), 1);
    }
    // A check is about the file, and goes past nothing.
    let check = sandbox.xcargo().args(["policy", "check"]).dir(broken.root()).env("XCARGO_POLICY", "off");
    check.run().code(BROKEN);
}

/// Somebody who has the variable in their profile must not notice it in a repository without a policy.
#[test]
fn without_a_policy_the_variable_says_nothing() {
    let sandbox = Sandbox::new();
    for (at, value) in ["off", "on", "nonsense", ""].into_iter().enumerate() {
        let twins = Twins::of(&sandbox, &package(&sandbox, &format!("p{at}")));
        twins.same_with(|cmd| cmd.arg("tree").env("XCARGO_POLICY", value).env("CI", "true")).ok();
    }
}

/// A recommendation that stopped anything, or that one could overlook for months, would be none.
#[test]
fn a_recommendation_warns_once_and_whoever_is_quiet_too() {
    let sandbox = Sandbox::new();
    let project =
        package(&sandbox, "p").file("team.toml", "[policy]\nxcargo = { recommended = '>=98' }\n").doctor(
            "[policy]\nextends = ['team.toml']\nxcargo = { required = '>=0.0.1', recommended = '>=99' }\n",
        );
    for args in [
        &["build"][..],
        &["-q", "build"],
        &["clean", "--quiet"],
        &["metadata", "--format-version=1", "--no-deps"],
        &["policy", "check"],
        &["policy", "show", "-q"],
    ] {
        let run = run(&sandbox, &project, args).ok();
        assert_eq!(run.err().matches("warning[policy-broken]: ").count(), 1, "{}", run.show());
        for part in
            ["this policy recommends xcargo >=9", "recommended here", "--> ", "help: install such an xcargo"]
        {
            assert!(run.err().contains(part), "{part:?} is not said\n{}", run.show());
        }
        assert!(!run.out().contains("warning"), "{}", run.show());
    }
}
