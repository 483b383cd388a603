//! Killed in the middle of a step, the next command works; held up by somebody else's lock, it waits.

use std::fs::File;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::{compiled, files, pin, project, said, sandbox, xcargo};
use crate::support::dist::{Dist, full_name, installed};
use crate::support::machine::machine;

/// Makes removal long enough to be hit in the middle: very many files that belong to one old unit.
fn fatten(project: &crate::support::project::Project) -> std::path::PathBuf {
    let deps = project.root().join("target/debug/deps");
    let unit = fs_err::read_dir(&deps)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with("libitoa-"))
        .unwrap();
    let stem = unit.file_stem().unwrap().to_string_lossy().replacen("lib", "", 1);
    for number in 0..4000 {
        fs_err::write(deps.join(format!("{stem}.{number}.rcgu.o")), "x").unwrap();
    }
    deps
}

fn count(dir: &std::path::Path) -> usize {
    fs_err::read_dir(dir).map_or(0, Iterator::count)
}

#[test]
fn killed_in_the_middle_of_a_clean_the_next_build_works() {
    let sandbox = sandbox();
    let mut hit = 0;
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let old = files(&project);
    for wait_for in [1, 1000, 3000] {
        pin(&project, "1.77.2");
        xcargo(&sandbox, &project, &["build"]).run().ok();
        let deps = fatten(&project);
        let full = count(&deps);
        pin(&project, "1.78.0");
        let running = xcargo(&sandbox, &project, &["build"]).spawn();
        while count(&deps) + wait_for > full && rustix::process::test_kill_process(running.pid()).is_ok() {
            if full == count(&deps) + 4000 {
                break;
            }
            std::hint::spin_loop();
        }
        running.signal(Signal::KILL);
        let run = running.finish();
        let left = count(&deps);
        if run.killed_by().is_some() && left < full && left + 4000 > full {
            hit += 1;
        }
        let next = xcargo(&sandbox, &project, &["run", "-q"]).run().ok();
        assert_eq!(next.out(), "42 7\n", "{}", next.show());
        assert!(count(&deps) < 100, "what was left is found again");
        // And back: the compiler whose units were cut in half builds the right program, too.
        pin(&project, "1.77.2");
        let back = xcargo(&sandbox, &project, &["run", "-q"]).run().ok();
        assert_eq!(back.out(), "42 7\n", "{}", back.show());
        assert_eq!(files(&project), old);
    }
    assert!(hit > 0, "no kill hit the middle of a clean, so nothing was shown");
}

#[test]
fn killed_between_the_steps_the_next_build_takes_them_again() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    pin(&project, "1.78.0");
    // A cargo that takes its time: the steps are done, the stamp is not written yet.
    sandbox.rustup().args(["toolchain", "install", "1.78.0", "--no-self-update"]).run().ok();
    let cargo = sandbox.script("slow/cargo", "#!/bin/sh\necho started\nexec sleep 3\n");
    let real = sandbox.cargo_home().join("bin");
    for tool in ["rustup", "rustc"] {
        std::os::unix::fs::symlink(real.join(tool), cargo.with_file_name(tool)).unwrap();
    }
    let mut running = xcargo(&sandbox, &project, &["build"]).env("XCARGO_CARGO", &cargo).spawn();
    running.wait_for("started");
    running.signal(Signal::KILL);
    let run = running.finish();
    assert_eq!(run.killed_by(), Some(9), "{}", run.show());
    let next = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(compiled(&next).contains("app"), "{}", next.show());
    let last = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(compiled(&last).is_empty() && said(&last, "Cleaning").is_empty(), "{}", last.show());
}

#[test]
fn a_clean_waits_for_cargos_lock_and_says_so() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let before = files(&project);
    let lock = File::open(project.root().join("target/debug/.cargo-lock")).unwrap();
    lock.lock().unwrap();
    pin(&project, "1.78.0");
    let marker = project.root().join("target/debug/deps");
    let running = xcargo(&sandbox, &project, &["build"]).spawn();
    // Long enough for an installation and a clean that did not ask; then nothing may have gone.
    std::thread::sleep(Duration::from_secs(5));
    assert!(count(&marker) > 0 && files(&project) == before, "nothing goes under somebody else's lock");
    lock.unlock().unwrap();
    let run = running.finish().ok();
    assert_eq!(said(&run, "Blocking").len(), 1, "{}", run.show());
    assert_eq!(said(&run, "Cleaning").len(), 1, "{}", run.show());
}

/// What a user would lose: the disk to what was removed long ago. By whom it is deleted is for policy to say.
#[test]
fn an_interrupted_emptying_is_finished() {
    for (doctor, says) in [
        ("[clean]\nbackground = false\n", "an interrupted clean: 1 file, 5 B"),
        ("[policy]\n", "an interrupted clean, in the background"),
    ] {
        let sandbox = sandbox();
        let project = project(&sandbox, doctor);
        xcargo(&sandbox, &project, &["build"]).run().ok();
        let trash = project.root().join("target/.xcargo/trash");
        fs_err::create_dir_all(trash.join("left")).unwrap();
        fs_err::write(trash.join("left/file"), "12345").unwrap();
        let run = xcargo(&sandbox, &project, &["build"]).run().ok();
        assert_eq!(said(&run, "Finishing"), [says], "{}", run.show());
        // The process of low priority has all the time that it needs; a machine on which it needs more is hung.
        let patience = Instant::now() + Duration::from_secs(120);
        while says.ends_with("background") && trash.exists() && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(50));
        }
        assert!(!trash.exists(), "{}", run.show());
    }
}

/// A step that cannot be carried out stops the command, says what it was, and leaves what is there usable.
#[test]
fn an_obstacle_stops_the_clean_with_its_own_exit_code() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let trash = project.root().join("target/.xcargo/trash");
    fs_err::write(&trash, "somebody's file").unwrap();
    pin(&project, "1.78.0");
    let run = xcargo(&sandbox, &project, &["build"]).run().code(46);
    assert!(run.err().contains("error[step-failed]"), "{}", run.show());
    assert_eq!(fs_err::read_to_string(&trash).unwrap(), "somebody's file");
    pin(&project, "1.77.2");
    let plain = sandbox.cargo().args(["run", "-q"]).dir(project.root()).run().ok();
    assert_eq!(plain.out(), "42 7\n");
    fs_err::remove_file(&trash).unwrap();
    pin(&project, "1.78.0");
    xcargo(&sandbox, &project, &["build"]).run().ok();
}

/// What rustup itself does not mend: `rustup toolchain install` calls a half-installed toolchain "unchanged".
#[test]
fn an_interrupted_installation_is_done_again() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    for tool in ["rustc", "cargo"] {
        fs_err::remove_file(installed(&sandbox, "1.77.2", tool)).unwrap();
    }
    let plain = sandbox.cargo().arg("build").dir(project.root()).run();
    assert!(!plain.status.success(), "{}", plain.show());
    let again = sandbox.rustup().args(["toolchain", "install", "1.77.2", "--no-self-update"]).run().ok();
    assert!(again.out().contains("unchanged"), "{}", again.show());
    assert!(!sandbox.cargo().arg("build").dir(project.root()).run().status.success());

    // Whoever left it so may still be at work: it is not xcargo's to clear away.
    let refused = xcargo(&sandbox, &project, &["build"]).run().code(44);
    assert!(refused.err().contains("only half there"), "{}", refused.show());
    assert!(refused.err().contains("rustup toolchain uninstall 1.77.2"), "{}", refused.show());
    // Where its own note says that it was interrupted there, it is.
    fs_err::write(sandbox.rustup_home().join(".xcargo-lock"), full_name("1.77.2")).unwrap();
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert_eq!(
        said(&run, "Installing"),
        ["1.77.2 again: its installation was interrupted"],
        "{}",
        run.show()
    );
    assert!(compiled(&run).is_empty(), "it is the same compiler: {}", run.show());
}

/// xcargo dies, rustup does not: the next command waits for it instead of spoiling what it does.
#[test]
fn killed_while_rustup_installs_the_next_command_waits_for_it() {
    let sandbox = sandbox();
    let release = machine().release.as_str();
    Dist::of(&sandbox).real(release);
    let project = project(&sandbox, "[policy]\n");
    pin(&project, release);
    let toolchain = sandbox.rustup_home().join("toolchains").join(full_name(release));
    let running = xcargo(&sandbox, &project, &["build"]).spawn();
    while !toolchain.exists() {
        std::thread::yield_now();
    }
    running.signal(Signal::KILL);
    let next = xcargo(&sandbox, &project, &["run", "-q"]).run().ok();
    assert_eq!(next.out(), "42 7\n", "{}", next.show());
    assert_eq!(running.finish().killed_by(), Some(9));
}

#[test]
fn many_at_once_install_once() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    let all: Vec<_> = (0..6).map(|_| xcargo(&sandbox, &project, &["build"]).spawn()).collect();
    let runs: Vec<_> = all.into_iter().map(|running| running.finish().ok()).collect();
    let installs: usize = runs.iter().map(|run| said(run, "Installing").len()).sum();
    assert_eq!(installs, 1);
    assert!(compiled(&xcargo(&sandbox, &project, &["build"]).run().ok()).is_empty());
}
