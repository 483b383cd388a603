//! Killed or failing at any step, in the change and in its recovery.

use std::path::Path;

use super::faults::{Fault, with};
use super::{NEW, OLD, Repository, all};
use crate::apply::journal::{JournalError, Recovered, Way};

/// Tries every step until there is no such step any more.
fn every_step(mut run: impl FnMut(usize) -> bool) -> usize {
    (0..1000).find(|at| !run(*at)).expect("it ends")
}

#[test]
fn killed_anywhere_and_again_in_the_recovery_all_files_are_old_or_new() {
    let (mut forward, mut back) = (0, 0);
    let steps = every_step(|at| {
        let mut was_met = true;
        every_step(|again| {
            let repository = Repository::new();
            let (done, met) = with(Fault::Kill(at), || repository.held().commit(&repository.changes()));
            was_met = met;
            assert_eq!(done.is_none(), met, "{done:?}");
            let (recovered, met) = with(Fault::Kill(again), || repository.held().recover());
            assert_eq!(recovered.is_none(), met, "{recovered:?}");
            let last = repository.held().recover().expect("a recovery");
            assert!(!met || last.is_some() || !repository.place().is_interrupted());
            let files = repository.files();
            assert!(files == all(OLD) || files == all(NEW), "killed at {at} and {again}: {files:#?}");
            assert!(!repository.place().is_interrupted());
            if !met {
                match recovered.expect("not killed").expect("a recovery") {
                    Some(Recovered::Finished { files: said }) => {
                        forward += 1;
                        assert_eq!(said.len(), 3);
                        assert_eq!(files, all(NEW));
                    }
                    Some(Recovered::RolledBack { foreign, .. }) => {
                        back += 1;
                        assert!(foreign.is_empty());
                        assert_eq!(files, all(OLD));
                    }
                    None => {}
                }
            }
            met
        });
        was_met
    });
    assert!(steps > 20 && forward > 3 && back > 10, "{steps} {forward} {back}");
}

#[test]
fn where_a_step_fails_all_is_as_before_or_the_next_command_ends_it() {
    for kind in [Fault::Fail as fn(usize) -> Fault, Fault::FailFrom as fn(usize) -> Fault] {
        every_step(|at| {
            let repository = Repository::new();
            let (done, met) = with(kind(at), || repository.held().commit(&repository.changes()));
            match done.expect("nobody was killed") {
                Ok(()) => assert_eq!(repository.files(), all(NEW)),
                Err(JournalError::Stuck { journal, .. }) => {
                    assert!(journal.ends_with(".git/xcargo/journal.json"));
                    repository.held().recover().expect("a recovery");
                    let files = repository.files();
                    assert!(files == all(OLD) || files == all(NEW), "{:?}: {files:#?}", kind(at));
                }
                Err(_) => assert_eq!(repository.files(), all(OLD), "{:?}", kind(at)),
            }
            assert!(!repository.place().is_interrupted());
            met
        });
    }
}

/// The recovery itself may fail as well, and be tried again.
#[test]
fn a_recovery_that_fails_can_be_tried_again() {
    every_step(|at| {
        let mut was_met = true;
        for kind in [Fault::Fail as fn(usize) -> Fault, Fault::FailFrom as fn(usize) -> Fault] {
            every_step(|again| {
                let repository = Repository::new();
                was_met = with(Fault::Kill(at), || repository.held().commit(&repository.changes())).1;
                let (recovered, met) = with(kind(again), || repository.held().recover());
                if recovered.expect("not killed").is_err() {
                    repository.held().recover().expect("a recovery");
                }
                let files = repository.files();
                assert!(files == all(OLD) || files == all(NEW), "{at} {:?}: {files:#?}", kind(again));
                assert!(!repository.place().is_interrupted());
                met
            });
        }
        was_met
    });
}

#[test]
fn what_somebody_else_changed_meanwhile_is_never_written_over() {
    let (mut back, mut forward) = (0, 0);
    for (edited, (name, _)) in NEW.iter().enumerate() {
        every_step(|at| {
            let repository = Repository::new();
            let met = with(Fault::Kill(at), || repository.held().commit(&repository.changes())).1;
            fs_err::write(repository.path(name), "theirs").expect("a file");
            let plan = repository.place().interrupted().expect("a journal");
            let recovered = repository.held().recover().expect("a recovery");
            assert_eq!(repository.text(name).as_deref(), Some("theirs"), "{name}, {at}");
            let others = |state: [(&str, Option<&str>); 3]| {
                let mut files = all(state);
                files.insert(name.into(), b"theirs".to_vec());
                files
            };
            let files = repository.files();
            match (plan.map(|plan| (plan.way, plan.foreign)), recovered) {
                (Some((Way::Back, foreign)), Some(Recovered::RolledBack { foreign: said, .. })) => {
                    back += 1;
                    assert_eq!(foreign, said);
                    assert_eq!(said, [Path::new(name)]);
                    assert_eq!(files, others(OLD), "{edited} {at}");
                }
                (Some((Way::Forward, _)), Some(Recovered::Finished { .. })) => {
                    forward += 1;
                    assert_eq!(files, others(NEW), "{edited} {at}");
                }
                (None, None) => {
                    assert!(files == others(OLD) || files == others(NEW), "{edited} {at}: {files:#?}")
                }
                odd => panic!("{odd:?}"),
            }
            met
        });
    }
    assert!(back > 10 && forward > 5, "{back} {forward}");
}

#[test]
fn a_file_that_changes_while_others_are_renamed_is_left_alone() {
    let repository = Repository::new();
    // Killed behind the first rename; the last file is removed by somebody, and its directory becomes a link elsewhere.
    let renamed = (0..1000).find(|at| {
        let repository = Repository::new();
        with(Fault::Kill(*at), || repository.held().commit(&repository.changes()));
        repository.text("rust-toolchain.toml").as_deref() == NEW[0].1
    });
    let elsewhere = tempfile::tempdir().expect("a directory");
    fs_err::write(elsewhere.path().join("build.yml"), "old ci\r\n").expect("a file");
    with(Fault::Kill(renamed.expect("a rename")), || repository.held().commit(&repository.changes()));
    fs_err::rename(repository.path("ci"), repository.path("moved")).expect("a rename");
    #[cfg(unix)]
    std::os::unix::fs::symlink(elsewhere.path(), repository.path("ci")).expect("a link");
    let recovered = repository.held().recover().expect("a recovery");
    assert!(
        matches!(recovered, Some(Recovered::RolledBack { foreign, .. }) if foreign == [Path::new("ci/build.yml")])
    );
    assert_eq!(repository.text("rust-toolchain.toml").as_deref(), OLD[0].1);
    assert_eq!(fs_err::read_to_string(elsewhere.path().join("build.yml")).expect("a file"), "old ci\r\n");
}

#[test]
fn a_journal_that_cannot_be_read_stops_and_changes_nothing() {
    for text in [
        "",
        "{}",
        "{\"xcargo_journal\":2,\"news\":1}",
        "{\"xcargo_journal\":1,\"files\":[],\"more\":1}",
        "{\"xcargo_journal\":1,\"files\":[{\"path\":\"../x\",\"staged\":\".xcargo-1\",\"before\":null,\"after\":\"\"}]}",
        "{\"xcargo_journal\":1,\"files\":[{\"path\":\"/x\",\"staged\":\".xcargo-1\",\"before\":null,\"after\":\"\"}]}",
        "{\"xcargo_journal\":1,\"files\":[{\"path\":\"\",\"staged\":\".xcargo-1\",\"before\":null,\"after\":\"\"}]}",
        "{\"xcargo_journal\":1,\"files\":[{\"path\":\"x\",\"staged\":\".xcargo-/../y\",\"before\":null,\"after\":\"\"}]}",
        "{\"xcargo_journal\":1,\"files\":[{\"path\":\"x\",\"staged\":\"y\",\"before\":null,\"after\":\"\"}]}",
    ] {
        let repository = Repository::new();
        let held = repository.held();
        fs_err::write(repository.place().journal(), text).expect("a file");
        let error = held.recover().expect_err(text);
        assert!(matches!(error, JournalError::Unreadable { .. }), "{text}: {error:?}");
        assert!(error.into_failure().diagnostics[0].help[0].contains("journal.json"));
        assert!(matches!(held.commit(&repository.changes()), Err(JournalError::Unfinished(_))));
        assert_eq!(repository.files(), all(OLD));
        assert!(repository.place().is_interrupted());
    }
}
