//! What is refused, whoever set the directory: with the twin on which plain cargo does the damage.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use fs_err as fs;

use super::cases::{CASES, Case, POLICY};
use super::{OUTSIDE_BOUNDS, Place, plus};
use crate::support::project::Project;
use crate::support::recorder::Recorder;
use crate::support::sandbox::{Sandbox, xcargo};
use crate::support::tree::{Ours, Tree};

/// If this failed, a `clean` would cost somebody what cargo never made: the cache of all projects, a home, the sources.
#[test]
fn a_clean_out_of_bounds_is_refused_and_touches_nothing() {
    let sandbox = Sandbox::new();
    let recorder = Recorder::install(&sandbox);
    for (at, case) in CASES.iter().enumerate() {
        let what =
            format!("case {at}: {:?} with {:?} {:?} {:?}", case.args, case.vars, case.files, case.links);
        let damaged = place(&sandbox, &format!("damaged-{at}"), case);
        if !case.lost.is_empty() {
            let lost = damaged.at(case.lost);
            assert!(fs::symlink_metadata(&lost).is_ok(), "{what}: there is something to lose");
            // It may end with an error, but only after the damage: the last directory is the current one, say.
            let run = damaged.run(sandbox.cargo(), case.args, case.vars);
            assert!(
                fs::symlink_metadata(&lost).is_err(),
                "{what}: plain cargo spares it now\n{}",
                run.show()
            );
        }

        let place = place(&sandbox, &format!("guarded-{at}"), case);
        for policy in [None, Some(POLICY)] {
            if let Some(policy) = policy {
                place.write("ws/doctor.toml", policy);
                place.write("ws/inner/doctor.toml", policy);
            }
            recorder.take();
            let before = Tree::read(place.root(), Ours::Counts);
            let run = place.run(sandbox.xcargo(), case.args, case.vars).code(OUTSIDE_BOUNDS);
            let what = || format!("{what} under {policy:?}\n{}", run.show());
            assert!(recorder.take().is_empty(), "nothing ran: {}", what());
            assert_eq!(before.difference(&Tree::read(place.root(), Ours::Counts)), "", "{}", what());
            assert!(run.stdout.is_empty() && run.err().starts_with("error[outside-bounds]: "), "{}", what());
            for part in case.says.iter().chain(&["the directory was set by ", " = help: "]) {
                assert!(run.err().contains(part), "{part:?} is not said: {}", what());
            }
        }
    }
}

fn place(sandbox: &Sandbox, name: &str, case: &Case) -> Place {
    let place = Place::new(sandbox, name);
    for (path, text) in case.files {
        place.write(path, text);
    }
    for (link, leads_to) in case.links {
        let link = place.at(link);
        if link.exists() {
            fs::remove_dir_all(&link).expect("a directory makes room for a link");
        }
        symlink(leads_to, link).expect("a link");
    }
    place
}

/// What somebody committed from a target dir, on purpose or not, is theirs.
#[test]
fn what_git_tracks_is_not_cleaned() {
    let sandbox = Sandbox::new();
    let place = Place::new(&sandbox, "place");
    fs::remove_dir_all(place.at("ws/.git")).expect("the pretended repository");
    for args in [&["init", "-q"][..], &["add", "-f", "target/precious.txt"]] {
        let mut git = std::process::Command::new("git");
        git.args(args).current_dir(place.at("ws")).env_remove("GIT_DIR").env("HOME", place.at("home"));
        assert!(git.status().expect("git").success());
    }
    let before = Tree::read(place.root(), Ours::Counts);
    let run = place.run(sandbox.xcargo(), &["clean"], &[]).code(OUTSIDE_BOUNDS);
    for part in ["git tracks what lies in", "target/precious.txt", "git rm -r --cached"] {
        assert!(run.err().contains(part), "{part}: {}", run.show());
    }
    assert_eq!(before.difference(&Tree::read(place.root(), Ours::Counts)), "");
    // No longer tracked, it goes as ever.
    fs::remove_file(place.at("ws/.git/index")).expect("the index");
    place.run(sandbox.xcargo(), &["clean"], &[]).ok();
}

/// The ways round xcargo's other rules are no ways round this one.
#[test]
fn neither_the_toolchain_nor_the_bypass_nor_a_dry_run_lets_it_through() {
    let sandbox = Sandbox::new();
    let recorder = Recorder::install(&sandbox);
    let place = Place::new(&sandbox, "place");
    place.write("ws/doctor.toml", "[toolchain]\noverride = \"warn\"\n");
    let outer = sandbox.cargo_home().join("bin/cargo");
    let before = Tree::read(place.root(), Ours::Counts);
    let dir = ["clean", "--target-dir", "../outside"];
    let with = |first: &'static [&'static str]| [first, &dir].concat();
    for (args, vars) in [
        (with(&[]), vec![("XCARGO_POLICY", "off")]),
        (with(&[]), vec![("CARGO", outer.to_str().expect("UTF-8"))]),
        (with(&[]), vec![("XCARGO_DRY_RUN", "1")]),
        (with(&["--dry-run"]), vec![]),
    ] {
        let run = place.run(sandbox.xcargo(), &args, &vars).code(OUTSIDE_BOUNDS);
        assert!(run.err().contains("error[outside-bounds]"), "{}", run.show());
    }
    let plus = plus();
    let run = place.run(sandbox.xcargo(), &[plus.as_str(), "clean"], &[("CARGO_TARGET_DIR", "../outside")]);
    assert!(run.code(OUTSIDE_BOUNDS).err().contains("error[outside-bounds]"));
    assert!(recorder.take().is_empty(), "nothing ran");
    assert_eq!(before.difference(&Tree::read(place.root(), Ours::Counts)), "");
}

/// A build script or an xtask that cleans is held to the bounds as well, although everything else passes it through.
#[test]
fn a_clean_within_cargo_is_refused_too() {
    let sandbox = Sandbox::new();
    let place = Place::new(&sandbox, "place");
    place.write(
        "ws/src/main.rs",
        "fn main() { let args = [\"clean\", \"--target-dir\", \"../outside\"];\n\
         std::process::exit(std::process::Command::new(\"cargo\").args(args).status().unwrap().code().unwrap()); }\n",
    );
    symlink(xcargo(), sandbox.bin().join("cargo")).unwrap();
    let run = place.run(sandbox.cargo(), &["run", "-q"], &[]).code(OUTSIDE_BOUNDS);
    assert!(run.err().contains("error[outside-bounds]"), "{}", run.show());
    assert!(place.at("outside/precious.txt").exists());
}

/// Paths are bytes: what cannot be shown can be guarded all the same.
#[test]
fn directories_that_are_not_utf8_are_guarded() {
    let sandbox = Sandbox::new();
    let odd = OsStr::from_bytes(b"caf\xe9");
    for cleaner in [sandbox.cargo(), sandbox.xcargo()] {
        let root = sandbox.work().join(odd);
        let ws =
            Project::at(root.join("ws")).package("", "p", "").file("src/lib.rs", "").file("target/keep", "");
        let outside = Project::at(root.join("outside")).file("precious.txt", "mine");
        let run = cleaner.arg("clean").dir(ws.root()).env("CARGO_TARGET_DIR", outside.root()).run();
        if outside.root().exists() {
            assert!(run.code(OUTSIDE_BOUNDS).err().contains("error[outside-bounds]"));
        } else {
            assert!(run.shown.contains("\"cargo\""), "only plain cargo deletes it: {}", run.show());
        }
    }
    assert!(sandbox.work().join(odd).join("outside/precious.txt").exists());
}

/// `cargo clean -p` follows links below the target dir. Nothing is deleted through one.
#[test]
fn a_link_inside_that_leads_out_is_not_followed() {
    let sandbox = Sandbox::new();
    let make = |name: &str| {
        let place = Place::new(&sandbox, name);
        let deps = place.at("ws/target/debug/deps");
        fs::remove_dir_all(&deps).unwrap();
        symlink(place.at("outside/debug/deps"), &deps).unwrap();
        place
    };
    let lost = "outside/debug/deps/libp-0123456789abcdef.rlib";
    let damaged = make("damaged");
    damaged.run(sandbox.cargo(), &["clean", "-p", "p"], &[]);
    assert!(!damaged.at(lost).exists(), "plain cargo spares it now");
    let place = make("guarded");
    let before = Tree::read(place.root(), Ours::Counts);
    for args in [&["clean", "-p", "p"][..], &["clean"], &["clean", "--release"]] {
        let run = place.run(sandbox.xcargo(), args, &[]).code(OUTSIDE_BOUNDS);
        assert!(run.err().contains("holds the link"), "{}", run.show());
        assert_eq!(before.difference(&Tree::read(place.root(), Ours::Counts)), "", "{}", run.show());
    }
}
