//! What can be set: releases, channels that move, dated nightlies, linked toolchains, and the newest.

use fs_err as fs;

use super::site::{NEW, OLD, Snapshot, git, install, is_installed, said, sandbox, small, xcargo};
use crate::support::dist::{Dist, R1_78, full_name};

/// What a user would lose: the channel as they typed it, in every place that can name it, and no lie in those that cannot.
#[test]
fn every_kind_of_channel() {
    let sandbox = sandbox();
    let dist = Dist::of(&sandbox);
    dist.stub("1.78", &R1_78);
    let project = small(&sandbox);
    let read = |path: &str| fs::read_to_string(project.root().join(path)).unwrap();
    // The toolchain file and the command, the image, what is left.
    for (asked, name, image, left) in [
        ("1.78", "1.78", "1.78", None),
        ("stable", "stable", "1.77", Some("such a place cannot name stable")),
        (
            "nightly-2024-05-01",
            "nightly-2024-05-01",
            "1.77",
            Some("such a place cannot name nightly-2024-05-01"),
        ),
        // `stable` is 1.77.2 here.
        ("latest", OLD, "1.77", None),
    ] {
        let run = xcargo(&sandbox, &project, &["toolchain", "set", asked, "--yes"]).run().ok();
        assert_eq!(read("rust-toolchain.toml"), format!("[toolchain]\nchannel = \"{name}\" # the pin\n"));
        assert!(
            read(".github/workflows/ci.yml").ends_with(&format!("cargo +{name} test # 1.77.2\n")),
            "{asked}"
        );
        assert_eq!(read("Dockerfile"), format!("FROM rust:{image}-slim\n"), "{asked}");
        let leaving = said(&run, "Leaving");
        assert_eq!(leaving.len(), usize::from(left.is_some()), "{}", run.show());
        assert!(
            left.is_none_or(|left| leaving[0] == format!("Dockerfile:1 (1.77): {left}")),
            "{}",
            run.show()
        );
        assert!(is_installed(&sandbox, name));
        git(&sandbox, &project, &["checkout", "-q", "."]);
    }
    // What the server calls newest moves.
    dist.stub("stable", &R1_78);
    xcargo(&sandbox, &project, &["toolchain", "set", "latest", "--yes"]).run().ok();
    assert!(read("rust-toolchain.toml").contains(NEW) && is_installed(&sandbox, NEW));
}

/// What a user would lose: a toolchain that they built themselves. No CI has it, so no other place can name it.
#[test]
fn a_linked_toolchain() {
    let sandbox = sandbox();
    let project = small(&sandbox);
    let before = Snapshot::of(&sandbox, &project);
    let run = xcargo(&sandbox, &project, &["toolchain", "set", "our-own", "--yes"]).run().code(44);
    assert!(
        run.err().contains("error[toolchain-missing]") && run.err().contains("rustup toolchain link"),
        "{}",
        run.show()
    );
    before.assert_same();
    let there = sandbox.rustup_home().join("toolchains").join(full_name(OLD));
    sandbox.rustup().args(["toolchain", "link", "our-own"]).arg(there).run().ok();
    let run = xcargo(&sandbox, &project, &["toolchain", "set", "our-own", "--yes"]).run().ok();
    let changed = git(&sandbox, &project, &["diff", "--name-only"]);
    assert_eq!(changed, "rust-toolchain.toml\n", "{}", run.show());
    assert_eq!(
        said(&run, "Leaving"),
        [
            ".github/workflows/ci.yml:5 (1.77.2): such a place cannot name our-own",
            "Dockerfile:1 (1.77): such a place cannot name our-own"
        ]
    );
    xcargo(&sandbox, &project, &["build"]).run().ok();
}

/// What a user would lose: an answer. Each of these stops before anything happens and says what to do.
#[test]
fn what_is_no_channel_or_cannot_be_had() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small(&sandbox);
    let before = Snapshot::of(&sandbox, &project);
    for (args, code, says) in [
        (&["latest", "--offline"][..], 48, "leave out `--offline`"),
        (&["stable", "--offline"], 44, "the network is off"),
        (&["a b"], 44, "is a custom toolchain"),
        (&[""], 48, "is no toolchain"),
        (&["none"], 48, "is no toolchain"),
        (&["1.78.0", "--profile", "huge"], 48, "possible values: minimal, default, complete"),
        (&[], 48, "<CHANNEL>"),
        (&["1.78.0"], 48, "`--yes` goes on without asking, `--dry-run` shows each change"),
    ] {
        let all: Vec<&str> = ["toolchain", "set"].iter().chain(args).copied().collect();
        let run = xcargo(&sandbox, &project, &all).run().code(code);
        assert!(run.err().contains(says) && run.err().contains("error["), "{}", run.show());
    }
    before.assert_same();
}
