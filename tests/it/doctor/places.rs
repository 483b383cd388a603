//! Where it works, what it waits for, and what it leaves alone.

use fs_err as fs;
use xcargo::doctor::CHECKS;

use super::{BUSY, FINDINGS, Layout, Site, json, snapshot, unseen};
use crate::support::recorder::Recorder;
use crate::support::sandbox::Sandbox;

/// Exit codes from docs/exit-codes.md.
const POLICY_BROKEN: i32 = 42;
const NO_WORKSPACE: i32 = 49;

#[test]
fn nothing_there_is_healthy_and_no_workspace_is_an_error() {
    let site = Site::new(Layout::One);
    fs::remove_dir_all(site.at("target")).unwrap();
    let run = site.doctor(&[]).run().ok();
    assert_eq!(run.out(), "nothing is wrong; 0 units\n");
    assert!(!site.at("target").exists(), "only cargo makes a build dir");
    let sandbox = Sandbox::new();
    sandbox.xcargo().arg("doctor").run().code(NO_WORKSPACE);
    fs::write(site.at("doctor.toml"), "[policy\n").unwrap();
    site.doctor(&[]).run().code(POLICY_BROKEN);
}

/// Whoever asks wants to know, even where builds go by times alone.
#[test]
fn policy_says_what_is_done_and_not_what_is_found() {
    let site = Site::new(Layout::One);
    site.is_healthy("built by plain cargo");
    unseen(&site.at("low/src/m.rs"), |text| {
        String::from_utf8(text).unwrap().replace("one", "two").into_bytes()
    });
    fs::write(site.at("doctor.toml"), "[policy]\n[cache]\nfreshness = \"mtime\"\nrestore = \"off\"\n")
        .unwrap();
    let report = json(&site.doctor(&["--json"]).run().code(FINDINGS));
    assert_eq!(report["findings"][0]["code"], "ghost-source", "{report}");
    site.doctor(&["--fix"]).run().ok();
    site.prints("41 two");
}

#[test]
fn all_profiles_are_examined() {
    let site = Site::new(Layout::One);
    site.cargo(&["build", "--release"]).run().ok();
    site.is_healthy("two profiles");
    let rlib = site
        .file(|path| path.starts_with("release/") && path.contains("/liblow-") && path.ends_with(".rlib"));
    unseen(&rlib, |_| Vec::new());
    let report = json(&site.doctor(&["--json"]).run().code(FINDINGS));
    assert_eq!(report["findings"][0]["profile"], "release", "{report}");
}

/// A dry run shows the plan and changes nothing, not even what xcargo keeps.
#[test]
fn a_dry_run_writes_nothing_at_all() {
    let site = Site::new(Layout::One);
    unseen(&site.rlib(), |bytes| bytes[..bytes.len() / 2].to_vec());
    let before = site.built();
    for dry in
        [site.doctor(&["--fix"]).env("XCARGO_DRY_RUN", "1"), site.doctor(&[]).env("XCARGO_DRY_RUN", "1")]
    {
        let run = dry.run().code(FINDINGS);
        assert!(run.out().contains("no lock was taken in a dry run"), "{}", run.show());
    }
    let planned = site.doctor(&["--fix"]).env("XCARGO_DRY_RUN", "1").run().code(FINDINGS);
    assert!(planned.err().contains("Would repair low (debug): "), "{}", planned.show());
    assert_eq!(before, site.built());
    assert!(!site.at("target/.xcargo").exists());
}

/// A target dir that others share is not this workspace's to change.
#[test]
fn out_of_bounds_it_is_said_and_left_alone() {
    let site = Site::new(Layout::One);
    let elsewhere = site.sandbox.work().join("elsewhere");
    let there = |cmd: crate::support::cmd::Cmd| cmd.env("CARGO_TARGET_DIR", &elsewhere);
    there(site.cargo(&["build"])).run().ok();
    let rlib =
        super::files(&elsewhere).into_iter().find(|path| path.extension().is_some_and(|it| it == "rlib"));
    unseen(&rlib.unwrap(), |_| Vec::new());
    let before = snapshot(&elsewhere);
    let names = super::files(&elsewhere);
    for args in [&[][..], &["--fix"], &["--fix", "--json"]] {
        let run = there(site.doctor(args)).run().code(FINDINGS);
        assert!(run.out().contains("damaged-artifact"), "{}", run.show());
        assert!(run.out().contains("outside of the workspace's bounds"), "{}", run.show());
        assert_eq!(run.err().contains("repaired nothing"), args.contains(&"--fix"), "{}", run.show());
    }
    assert_eq!(before, snapshot(&elsewhere));
    assert_eq!(names, super::files(&elsewhere), "not even a lock file");
}

/// What somebody is building looks damaged. So what is wrong is only said, and repaired, while nobody builds.
#[test]
fn while_somebody_builds_it_waits_or_stops() {
    let site = Site::new(Layout::One);
    site.is_healthy("built by plain cargo");
    let lock = || {
        let lock = fs::File::options().write(true).open(site.at("target/debug/.cargo-lock")).unwrap();
        lock.lock().unwrap();
        lock
    };
    let held = lock();
    // A look that finds nothing needs no lock.
    site.doctor(&["--no-wait"]).run().ok();
    unseen(&site.rlib(), |_| Vec::new());
    let before = site.built();
    for args in [&["--no-wait"][..], &["--no-wait", "--fix"], &["--no-wait", "--json"]] {
        let run = site.doctor(args).run().code(BUSY);
        assert!(run.stdout.is_empty() && run.err().contains("error[busy]"), "{}", run.show());
    }
    assert_eq!(before, site.built());
    let mut waiting = site.doctor(&["--fix"]).spawn();
    waiting.wait_for_err("Blocking");
    drop(held);
    let run = waiting.finish().ok();
    assert!(run.out().contains("= fixed: "), "{}", run.show());
    site.prints("41 one");
}

/// It asks nobody but, at most, the compiler who it is.
#[test]
fn it_starts_no_cargo() {
    let site = Site::new(Layout::One);
    let recorder = Recorder::install(&site.sandbox);
    site.doctor(&[]).run().ok();
    let calls = recorder.take();
    assert!(calls.iter().all(|call| call.tool == "rustc" && call.args == ["-vV"]), "{calls:?}");
}

/// The codes are published; scripts hold on to them, and their weight decides on the exit code.
#[test]
fn the_page_lists_every_code_with_its_weight() {
    let page = include_str!("../../../docs/doctor.md");
    for check in CHECKS {
        let row = format!("| `{}` | {} | {} |", check.code, check.severity.name(), check.brief);
        assert!(page.contains(&row), "docs/doctor.md has no row starting {row:?}");
    }
}
