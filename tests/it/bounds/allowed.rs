//! What is let through: a clean inside the bounds, and one that the policy opens, are cargo's own to the last byte.

use std::os::unix::fs::symlink;

use fs_err as fs;

use super::{OUTSIDE_BOUNDS, Place, plus};
use crate::support::cmd::Cmd;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::tree::{Ours, Tree};
use crate::support::twins::Twins;

/// Puts a command at home in the place that stands on the stage.
fn in_ws(cmd: Cmd, place: &Place, args: &[&str]) -> Cmd {
    let cmd = cmd.dir(place.at("ws")).env("HOME", place.at("home"));
    cmd.args(args.iter().map(|arg| place.text(arg)))
}

/// If guarding the bounds changed a byte of an ordinary clean, xcargo would be no drop-in.
#[test]
fn a_clean_inside_is_cargos_own() {
    let sandbox = Sandbox::new();
    let plus = plus();
    for (at, policy) in [None, Some("[policy]\n")].into_iter().enumerate() {
        for (each, (args, vars)) in [
            (&["clean"][..], &[][..]),
            (&["clean", "-p", "p"], &[]),
            (&["clean", "--release", "-v"], &[]),
            (&["clean", "--doc"], &[]),
            (&["clean", "-n"], &[]),
            (&["-q", "wipe"], &[]),
            (&[&plus, "clean", "--profile", "dev"], &[]),
            (&["clean", "--target-dir", "target/debug/../../target"], &[]),
            (
                &["clean"],
                &[("CARGO_TARGET_DIR", "@/ws/deep/er"), ("CARGO_BUILD_BUILD_DIR", "{workspace-root}/target")],
            ),
            // Not cleans at all, or none that cargo would carry out: also with a directory outside.
            (&["clean", "--help", "--target-dir", "../outside"], &[]),
            (&["help", "clean"], &[("CARGO_TARGET_DIR", "../outside")]),
            (&["clean", "--no-such-flag"], &[]),
            (&["clean", "--manifest-path", "gone/Cargo.toml"], &[("CARGO_TARGET_DIR", "../outside")]),
            (&["clean"], &[("CARGO_TARGET_DIR", "")]),
        ]
        .into_iter()
        .enumerate()
        {
            let place = Place::new(&sandbox, &format!("place-{at}-{each}"));
            if let Some(policy) = policy {
                place.write("ws/doctor.toml", policy);
            }
            let twins = Twins::of(&sandbox, &place.project);
            twins.same_with(|cmd| {
                vars.iter()
                    .fold(in_ws(cmd, &place, args), |cmd, (name, value)| cmd.env(name, place.text(value)))
            });
        }
    }
}

/// Teams with one target dir for all their projects must be able to clean it, and only it.
#[test]
fn what_the_policy_opens_may_be_cleaned_and_nothing_else() {
    let sandbox = Sandbox::new();
    for (at, (args, vars, gone)) in [
        (&["clean", "--target-dir", "../outside"][..], &[][..], "outside"),
        (&["clean"], &[("CARGO_TARGET_DIR", "@/outside")], "outside"),
        (&["clean"], &[("CARGO_BUILD_BUILD_DIR", "../outside")], "outside"),
        (&["clean", "--release"], &[("CARGO_TARGET_DIR", "../outside")], "outside/release"),
        (&["clean"], &[("CARGO_TARGET_DIR", "../way/target")], "way/target"),
    ]
    .into_iter()
    .enumerate()
    {
        let place = Place::new(&sandbox, &format!("place-{at}"));
        place.write("ws/doctor.toml", "[clean]\nallow-outside = [\"@/outside\", \"@/way\"]\n");
        let set = |cmd| {
            vars.iter().fold(in_ws(cmd, &place, args), |cmd, (name, value)| cmd.env(name, place.text(value)))
        };
        let twins = Twins::of(&sandbox, &place.project);
        twins.same_with(set).ok();
        twins.change(|root| assert!(!root.join(gone).exists(), "{args:?} {vars:?} cleaned {gone}"));
    }

    let place = Place::new(&sandbox, "place");
    place.write("ws/doctor.toml", "[clean]\nallow-outside = [\"@/outside\", \"@/other\", \"@/cargo\"]\n");
    fs::remove_dir_all(place.at("ws/target")).expect("it makes room for a link");
    symlink("../outside", place.at("ws/target")).expect("a link");
    let before = Tree::read(place.root(), Ours::Counts);
    for (args, says) in [
        (&["clean", "--target-dir", "../way/target"][..], "lies outside the workspace"),
        (&["clean", "--target-dir", "../other"], "is or holds a package"),
        (&["clean", "--target-dir", "../cargo"], "is or holds cargo's home"),
        (&["clean"], "is a link to"),
    ] {
        let run = place.run(sandbox.xcargo(), args, &[]).code(OUTSIDE_BOUNDS);
        assert!(run.err().contains(says), "{}", run.show());
    }
    assert_eq!(before.difference(&Tree::read(place.root(), Ours::Counts)), "");
}

/// A step that nobody typed must never be what empties a directory outside: it is left, that is said, and the build runs.
#[test]
fn scoped_clean_leaves_a_build_dir_outside_alone_and_builds() {
    let sandbox = Sandbox::new();
    let project = Project::new(&sandbox, "p")
        .package("", "app", "[dependencies]\nitoa = \"=1.0.18\"\n")
        .file("src/lib.rs", "pub use itoa::Buffer;\n")
        .doctor("[policy]\n");
    let outside = sandbox.work().join("outside");
    let front = |args: &[&str]| {
        sandbox.xcargo().args(args).dir(project.root()).env("CARGO_BUILD_BUILD_DIR", "../outside")
    };
    front(&["check"]).run().ok();
    let units = || {
        let tree = Tree::read(&outside, Ours::Counts);
        tree.named("itoa-").map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let old = units();
    assert!(!old.is_empty(), "the build dir is outside");

    let manifest = project.root().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("the manifest");
    fs::write(&manifest, text.replace("1.0.18", "1.0.19")).expect("the manifest");
    sandbox.cargo().arg("generate-lockfile").dir(project.root()).run().ok();
    let before = Tree::read(&sandbox.work(), Ours::Counts);
    let shown = front(&["--dry-run", "check"]).run().ok();
    assert!(shown.err().contains("left everything alone"), "{}", shown.show());
    assert_eq!(before.difference(&Tree::read(&sandbox.work(), Ours::Counts)), "");
    let run = front(&["check"]).run().ok();
    for part in [
        "warning[outside-bounds]: scoped-clean left everything alone",
        "`CARGO_BUILD_BUILD_DIR`",
        "Checking itoa v1.0.19",
    ] {
        assert!(run.err().contains(part), "{part:?} is not said\n{}", run.show());
    }
    let now = units();
    assert!(old.iter().all(|unit| now.contains(unit)), "{old:?} is not all in {now:?}");
    assert!(now.len() > old.len());

    // Opened by the policy, the same is cleaned: it was the bounds that held it back.
    fs::write(&manifest, &text).expect("the manifest");
    sandbox.cargo().arg("generate-lockfile").dir(project.root()).run().ok();
    let policy = format!("[clean]\nallow-outside = [{:?}]\n", outside.to_str().expect("UTF-8"));
    fs::write(project.root().join("doctor.toml"), policy).expect("the policy");
    let run = front(&["check"]).run().ok();
    assert!(run.err().contains("Cleaning ") && !run.err().contains("warning["), "{}", run.show());
    assert!(units().len() < now.len(), "{}", run.show());
}
