//! The pin or the lock file moves: exactly what can never be used again goes, and nothing is built twice.

use std::collections::BTreeSet;

use super::{compiled, files, move_itoa, pin, project, said, sandbox, xcargo};
use crate::support::project::Project;
use crate::support::recorder::{Recorder, processes};
use crate::support::sandbox::Sandbox;

/// What a fresh tree holds after one build with this compiler.
fn fresh_build(channel: &str) -> BTreeSet<std::path::PathBuf> {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    pin(&project, channel);
    xcargo(&sandbox, &project, &["build"]).run().ok();
    files(&project)
}

/// The story of the README: a newcomer pulls a commit that moves the toolchain and the lock file, and types
/// `cargo build`.
#[test]
fn a_pulled_commit_that_moves_pin_and_lock_just_builds() {
    let sandbox = sandbox();
    // As in every project: a target dir that git tracks would be left alone.
    let project = project(&sandbox, "[policy]\n").file(".gitignore", "/target\n").commit(&sandbox);
    let git = |args: &[&str]| sandbox.command("git").args(args).dir(project.root()).run().ok();
    let first = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert_eq!(said(&first, "Installing").len(), 1, "{}", first.show());
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "lock file"]);
    git(&["checkout", "-q", "-b", "moved"]);
    pin(&project, "1.78.0");
    move_itoa(&sandbox, &project);
    git(&["commit", "-q", "-a", "-m", "move"]);
    git(&["checkout", "-q", "main"]);
    assert!(compiled(&xcargo(&sandbox, &project, &["build"]).run().ok()).is_empty());

    git(&["checkout", "-q", "moved"]);
    let pulled = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert_eq!(said(&pulled, "Installing").len(), 1, "{}", pulled.show());
    assert!(said(&pulled, "Switching")[0].starts_with("from 1.77.2 to 1.78.0"), "{}", pulled.show());
    assert!(
        said(&pulled, "Cleaning")[0].ends_with("built by 1.77.2: the pin is now 1.78.0"),
        "{}",
        pulled.show()
    );
    let run = xcargo(&sandbox, &project, &["run", "-q"]).run().ok();
    assert_eq!(run.out(), "42 7\n");
    let again = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(compiled(&again).is_empty() && said(&again, "Cleaning").is_empty(), "{}", again.show());
}

#[test]
fn a_moved_pin_leaves_what_a_fresh_build_would_leave() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let old = files(&project);
    pin(&project, "1.78.0");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let new = files(&project);
    assert_eq!(new, fresh_build("1.78.0"), "the old compiler's units are gone, all of them and only they");
    assert!(old.intersection(&new).count() < new.len(), "the two compilers do name their files differently");

    pin(&project, "1.77.2");
    let back = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(said(&back, "Installing").is_empty(), "{}", back.show());
    assert_eq!(files(&project), old, "{}", back.show());
}

#[test]
fn a_kept_toolchain_is_not_built_again_on_the_way_back() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[clean]\nkeep-toolchains = 1\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let old = files(&project);
    pin(&project, "1.78.0");
    let there = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(said(&there, "Cleaning").is_empty() && said(&there, "Switching").len() == 1, "{}", there.show());
    assert!(files(&project).is_superset(&old));
    pin(&project, "1.77.2");
    let back = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert_eq!(compiled(&back), BTreeSet::new(), "{}", back.show());
    // The third compiler pushes the oldest kept one out.
    pin(&project, "nightly-2024-05-01");
    let third = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert_eq!(said(&third, "Cleaning").len(), 1, "{}", third.show());
    assert!(said(&third, "Cleaning")[0].contains("built by 1.78.0"), "{}", third.show());
}

#[test]
fn a_moved_lock_file_takes_exactly_the_old_versions_units() {
    for layout in [&[][..], &[("RUSTC_BOOTSTRAP", "1"), ("CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT", "true")]] {
        let sandbox = sandbox();
        let project = project(&sandbox, "[policy]\n");
        let x = |args: &[&str]| {
            layout.iter().fold(xcargo(&sandbox, &project, args), |cmd, (name, value)| cmd.env(name, value))
        };
        x(&["build", "--workspace"]).run().ok();
        x(&["check"]).run().ok();
        let before = files(&project);
        move_itoa(&sandbox, &project);
        let run = x(&["build", "--workspace"]).run().ok();
        assert!(
            said(&run, "Cleaning")[0].ends_with("of itoa 1.0.18: no longer in Cargo.lock"),
            "{}",
            run.show()
        );
        assert_eq!(compiled(&run), BTreeSet::from(["app".to_owned(), "itoa".to_owned()]), "{}", run.show());
        let after = files(&project);
        let gone: Vec<_> = before.difference(&after).collect();
        assert!(gone.iter().all(|path| path.to_string_lossy().contains("itoa")), "{gone:?}");
        // Twice (build and check), the fingerprint and the outputs.
        assert!(gone.len() >= 8, "{gone:?}");
        let old_sources = after.iter().filter(|path| path.extension().is_some_and(|ext| ext == "d"));
        for path in old_sources {
            let text = fs_err::read_to_string(project.root().join("target").join(path)).unwrap();
            assert!(!text.contains("itoa-1.0.18"), "{} is of the old version", path.display());
        }
    }
}

#[test]
fn a_moved_pin_cleans_the_new_layout_too() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    let x = |args: &[&str]| {
        xcargo(&sandbox, &project, args)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT", "true")
    };
    x(&["build"]).run().ok();
    let old = files(&project);
    assert!(!project.root().join("target/debug/.fingerprint").exists(), "this is the new layout");
    pin(&project, "1.78.0");
    let run = x(&["build"]).run().ok();
    assert_eq!(said(&run, "Cleaning").len(), 1, "{}", run.show());
    let new = files(&project);
    let left: Vec<_> = old.intersection(&new).collect();
    assert!(
        left.iter().all(|path| path.components().count() <= 2),
        "only what has no compiler in its name: {left:?}"
    );
    assert!(!new.is_empty());
}

/// What a user would lose: their time. Nothing to do means one process, cargo.
#[test]
fn a_healthy_build_starts_one_process() {
    let sandbox = Sandbox::new();
    let recorder = Recorder::install(&sandbox);
    let project = project_on_host(&sandbox);
    xcargo(&sandbox, &project, &["build"]).run().ok();
    recorder.take();
    for args in [&["build"][..], &["check"], &["b", "--workspace"]] {
        sandbox.cargo().args(args).dir(project.root()).run().ok();
        recorder.take();
        sandbox.cargo().args(args).dir(project.root()).run().ok();
        let plain = recorder.take();
        xcargo(&sandbox, &project, args).run().ok();
        let ours = recorder.take();
        assert_eq!(processes(&ours, "cargo"), 1, "{ours:#?}");
        let pids: BTreeSet<u32> = ours.iter().map(|call| call.pid).collect();
        assert_eq!(pids.len(), plain.iter().map(|call| call.pid).collect::<BTreeSet<_>>().len(), "{ours:#?}");
    }
}

fn project_on_host(sandbox: &Sandbox) -> Project {
    let project = project(sandbox, "[policy]\n");
    fs_err::remove_file(project.root().join("rust-toolchain.toml")).unwrap();
    project
}

#[test]
fn a_one_off_toolchain_is_no_change() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    sandbox.rustup().args(["toolchain", "install", "1.78.0", "--no-self-update"]).run().ok();
    let before = files(&project);
    for run in [
        xcargo(&sandbox, &project, &["+1.78.0", "build"]).run().ok(),
        xcargo(&sandbox, &project, &["build"]).env("RUSTUP_TOOLCHAIN", "1.78.0").run().ok(),
        xcargo(&sandbox, &project, &["build"]).run().ok(),
    ] {
        assert!(said(&run, "Cleaning").is_empty() && said(&run, "Switching").is_empty(), "{}", run.show());
    }
    assert!(files(&project).is_superset(&before));
    let last = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(compiled(&last).is_empty(), "{}", last.show());
}

/// What is shown is what is done, and showing it does nothing.
#[test]
fn a_dry_run_shows_the_plan_and_does_nothing() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    sandbox.rustup().args(["toolchain", "install", "1.78.0", "--no-self-update"]).run().ok();
    pin(&project, "1.78.0");
    move_itoa(&sandbox, &project);
    let before = files(&project);
    let by_flag = xcargo(&sandbox, &project, &["--dry-run", "build"]).run().ok();
    let by_variable = xcargo(&sandbox, &project, &["build"]).env("XCARGO_DRY_RUN", "1").run().ok();
    assert_eq!(by_flag.err(), by_variable.err());
    assert_eq!(files(&project), before);
    assert!(by_flag.out().is_empty());
    let shown: Vec<String> = said(&by_flag, "Would")
        .iter()
        .filter_map(|line| line.strip_prefix("clean ").map(str::to_owned))
        .collect();
    assert!(!shown.is_empty(), "{}", by_flag.show());
    let real = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert_eq!(said(&real, "Cleaning"), shown, "{}", real.show());
}

/// An unknown layout or a foreign directory is left alone and said.
#[test]
fn what_is_not_known_stays() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let strange = project.root().join("target/debug/.fingerprint/strange-0123456789abcdef");
    fs_err::create_dir_all(&strange).unwrap();
    fs_err::write(strange.join("lib-strange.json"), "{\"rustc\":\"a newer format\"}").unwrap();
    pin(&project, "1.78.0");
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(strange.join("lib-strange.json").exists());
    assert!(said(&run, "Leaving").iter().any(|line| line.contains("strange-")), "{}", run.show());
}
