//! Killed for real (SIGKILL): between the steps, and anywhere while the files are written. The next command, whichever it is,
//! leaves all files old or all files new, and says so.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fs_err as fs;
use rustix::process::{Signal, test_kill_process};

use super::ground::{NEW, OLD, Repo, State, files, install, installed, rustup_is, sandbox};
use crate::support::cmd::{Run, Running};
use crate::toolchain::site;

/// What a person or a machine may call next.
const NEXT: [&[&str]; 5] = [
    &["policy", "check"],
    &["toolchain", "show"],
    &["metadata", "--format-version=1", "--no-deps"],
    &["toolchain", "check", "--offline"],
    &["toolchain", "sync", "--yes", "--offline"],
];

fn runs(running: &Running) -> bool {
    test_kill_process(running.pid()).is_ok()
}

/// What all files of either repository say together; nothing may be left over beside them.
fn state(repo: &Repo<'_>) -> State {
    let is_left =
        |path: &&PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".xcargo"));
    let all = files(repo.root());
    assert_eq!(all.keys().find(is_left), None);
    if !all.contains_key(Path::new("clippy.toml")) {
        return repo.state();
    }
    match site::state(&repo.project) {
        site::State::All(release) if release == OLD => State::Old,
        site::State::All(release) if release == NEW => State::New,
        odd => panic!("{odd:?}"),
    }
}

/// Runs the next command and asserts that nothing is half done. Whether it had to end something.
fn mended(repo: &Repo<'_>, killed: &Run, next: &[&str]) -> (State, Option<&'static str>) {
    let was_begun = repo.journal().exists();
    let run = repo.xcargo(next).run();
    let err = run.err();
    let said = ["Finishing an interrupted change", "Rolling back an interrupted change"]
        .into_iter()
        .find(|text| err.contains(text));
    assert_eq!(was_begun, said.is_some(), "{}\n{}", killed.show(), run.show());
    let state = state(repo);
    match said {
        Some(text) if text.starts_with("Finishing") => assert_eq!(state, State::New, "{}", run.show()),
        Some(_) => assert_eq!(state, State::Old, "{}", run.show()),
        None => {}
    }
    assert!(!repo.journal().exists(), "{}", run.show());
    (state, said)
}

/// How often the writing is killed at least: a multiple of three.
fn rounds() -> u32 {
    let set = std::env::var("XCARGO_TEST_KILL_ROUNDS").ok();
    set.map_or(12, |text| text.parse().expect("XCARGO_TEST_KILL_ROUNDS is a number"))
}

/// Power cut, closed laptop, `kill -9`: the first thing that is done afterwards works on files that agree with each other.
#[test]
fn killed_anywhere_while_the_files_are_written_all_are_old_or_all_new() {
    let sandbox = installed();
    install(&sandbox, OLD);
    let repo = Repo::of(&sandbox, site::site(&sandbox));
    let first = repo.path("rust-toolchain.toml");
    let old = files(repo.root());
    let (mut back, mut forward, mut states) = (0, 0, Vec::new());
    let rounds = rounds();
    for round in 0.. {
        // On a busy machine the clock may miss all that is of interest; then it is tried more often.
        if round >= rounds && (round >= rounds * 20 || (back > 0 && forward > 0)) {
            break;
        }
        let running = repo.set(NEW).spawn();
        // A third each: by the clock alone, from when the journal is there, from when the first file is new.
        let wait = match round % 3 {
            0 => Duration::from_millis(9) * (round / 3),
            1 => {
                while !repo.journal().exists() && runs(&running) {}
                Duration::from_millis(2) * (round / 3)
            }
            _ => {
                while !fs::read_to_string(&first).is_ok_and(|text| text.contains(NEW)) && runs(&running) {}
                Duration::from_micros(60) * (round / 3 % 8)
            }
        };
        let until = Instant::now() + wait;
        while Instant::now() < until {
            std::hint::spin_loop();
        }
        running.signal(Signal::KILL);
        let killed = running.finish();
        let next = NEXT[usize::try_from(round).unwrap() % NEXT.len()];
        let (state, said) = mended(&repo, &killed, next);
        match said {
            Some(text) if text.starts_with("Finishing") => forward += 1,
            Some(_) => back += 1,
            None => {}
        }
        states.push(state);
        // Back to the beginning, as another checkout would be.
        for (path, text) in &old {
            let path = repo.root().join(path);
            if fs::read(&path).unwrap() != *text {
                fs::write(&path, text).unwrap();
            }
        }
    }
    assert!(back > 0, "no kill hit the writing before the first rename: {states:?}");
    assert!(forward > 0, "no kill hit the renames: {states:?}");
    repo.set(NEW).run().ok();
    assert_eq!(state(&repo), State::New);
}

/// The toolchain is there, the files are not: the same command again does the rest without another download.
#[test]
fn killed_when_rustup_has_just_returned_the_same_command_does_the_rest() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    rustup_is(&sandbox, "\"$real\" \"$@\" && kill -KILL $PPID");
    let killed = repo.set(NEW).run();
    assert_eq!(killed.killed_by(), Some(9), "{}", killed.show());
    assert_eq!(mended(&repo, &killed, &["toolchain", "show"]), (State::Old, None));
    let run = repo.succeeds();
    assert!(!run.err().contains("Installing"), "it is there: {}", run.show());
}

/// The files are new, the cache is not cleaned: the next build does that, as after any move of the pin.
#[test]
fn killed_between_the_files_and_the_clean_the_next_build_cleans() {
    let sandbox = installed();
    install(&sandbox, OLD);
    let repo = Repo::new(&sandbox, "p");
    repo.xcargo(&["build"]).run().ok();
    let lock = fs::File::open(repo.path("target/debug/.cargo-lock")).unwrap();
    lock.file().lock().unwrap();
    let mut running = repo.set(NEW).spawn();
    running.wait_for_err("Blocking waiting for file lock on ");
    running.signal(Signal::KILL);
    let killed = running.finish();
    lock.file().unlock().unwrap();
    assert!(killed.err().contains("Pinned 1.78.0: 6 places in 5 files"), "{}", killed.show());
    assert_eq!(repo.state(), State::New);
    let next = repo.xcargo(&["build"]).run().ok();
    assert!(next.err().contains("Cleaning ") && next.err().contains("built by 1.77.2"), "{}", next.show());
    assert!(next.err().contains("Compiling p "), "{}", next.show());
    let last = repo.xcargo(&["build"]).run().ok();
    assert!(!last.err().contains("Compiling") && !last.err().contains("Cleaning"), "{}", last.show());
}
