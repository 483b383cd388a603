//! `show`: what is in effect, who says so, and every place that names a toolchain.

use serde_json::Value;

use super::files::FILES;
use super::site::{NEW, Snapshot, install, sandbox, site, small, xcargo};
use crate::support::project::Project;

/// What a user would lose: a place that they have to know of and cannot see.
#[test]
fn every_place_is_there_with_its_line() {
    let sandbox = sandbox();
    let project = site(&sandbox);
    let before = Snapshot::of(&sandbox, &project);
    let run = xcargo(&sandbox, &project, &["toolchain", "show"]).run().ok();
    assert_eq!(run.err(), "");
    assert!(run.out().starts_with("Pinned to 1.77.2 by rust-toolchain.toml\n"), "{}", run.out());
    for (path, text) in FILES {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| line.contains('«')) {
            let place = format!("{path}:{}", at + 1);
            let found = run.out().lines().filter(|row| row.split(' ').next() == Some(&place)).count();
            assert!(found >= line.matches('«').count(), "{place}: {}", run.out());
        }
    }
    assert!(run.out().contains("\n.github/workflows/miri.yml  follows nightly\n"), "{}", run.out());
    let json = xcargo(&sandbox, &project, &["toolchain", "show", "--json"]).run().ok();
    let value: Value = serde_json::from_slice(&json.stdout).unwrap();
    let places = value["places"].as_array().unwrap();
    let follow = places.iter().filter(|place| place["role"] == "dev").count();
    assert_eq!(follow, super::site::count().1 + 1, "all of them, and the one with a digest");
    for place in places {
        let text = std::fs::read_to_string(project.root().join(place["file"].as_str().unwrap())).unwrap();
        let at = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
        assert_eq!(&text[at("start")..at("end")], place["name"], "{place}");
    }
    before.assert_same();
}

/// What a user would lose: the answer to "why does it not use what the file says".
#[test]
fn what_is_in_use_and_why() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small(&sandbox);
    let show = || xcargo(&sandbox, &project, &["toolchain", "show"]);
    assert!(!show().run().ok().out().contains("In use"));
    for run in [
        show().env("RUSTUP_TOOLCHAIN", NEW).run().ok(),
        xcargo(&sandbox, &project, &["+1.78.0", "toolchain", "show"]).run().ok(),
    ] {
        assert!(run.out().contains("In use is 1.78.0 by "), "{}", run.show());
    }
    sandbox.rustup().args(["override", "set", NEW]).dir(project.root()).run().ok();
    let run = show().run().ok();
    assert!(run.out().contains("In use is 1.78.0"), "{}", run.show());
    // Without rustup no name says what runs; the places are the same.
    let alone = sandbox.script("alone/cargo", "#!/bin/sh\n");
    let run = show().env("PATH", alone.parent().unwrap()).run().ok();
    assert!(
        run.out().starts_with("Pinned to 1.77.2") && run.out().contains("Dockerfile:1"),
        "{}",
        run.show()
    );
}

/// What a user would lose: all of the answer, because of one file.
#[test]
fn what_cannot_be_read_is_said() {
    let sandbox = sandbox();
    let project = small(&sandbox)
        .file(".github/workflows/odd.yml", "# rust\njobs: [\n")
        .file("bin.dockerfile", b"FROM rust:\xff\n");
    let run = xcargo(&sandbox, &project, &["toolchain", "show"]).run().ok();
    assert!(
        run.out().contains("\nNot read\n.github/workflows/odd.yml") && run.out().contains("it is not UTF-8"),
        "{}",
        run.show()
    );
    let nowhere =
        Project::new(&sandbox, "nowhere").file("rust-toolchain.toml", "[toolchain]\nchannel = \"1.77.2\"\n");
    let run = xcargo(&sandbox, &nowhere, &["toolchain", "show"]).run().code(49);
    assert!(run.err().contains("--manifest-path"), "{}", run.show());
    let broken = small(&sandbox).file("rust-toolchain.toml", "[toolchain\n");
    let run = xcargo(&sandbox, &broken, &["toolchain", "show"]).run();
    assert!(!run.status.success() && run.err().contains("rust-toolchain.toml"), "{}", run.show());
}
