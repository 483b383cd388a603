//! What may be changed, and how it looks afterwards.

use super::{NEW, OLD, Repository, all};
use crate::apply::journal::{Change, JournalError, Refusal};

fn refused(repository: &Repository, changes: &[Change]) -> Refusal {
    let before = repository.files();
    let error = repository.held().commit(changes).expect_err("a refusal");
    assert_eq!(repository.files(), before, "nothing was written");
    assert!(!repository.place().is_interrupted());
    match error {
        JournalError::Refused { path, why } => {
            let failure = JournalError::Refused { path: path.clone(), why: why.clone() }.into_failure();
            assert!(failure.diagnostics[0].message.contains(&path.display().to_string()));
            assert!(!failure.diagnostics[0].help.is_empty());
            why
        }
        error => panic!("{error:?}"),
    }
}

#[test]
fn all_files_change() {
    let repository = Repository::on_disk();
    repository.held().commit(&repository.changes()).expect("a change");
    assert_eq!(repository.files(), all(NEW));
    assert_eq!(repository.held().recover().expect("nothing to do"), None);
    let names: Vec<_> = fs_err::read_dir(repository.place().dir)
        .expect("a directory")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(names, ["lock"]);
    repository.held().commit(&[]).expect("no change");
}

#[test]
fn a_file_that_does_not_say_what_the_plan_saw_stops_everything() {
    for (name, text, why) in [
        ("ci/build.yml", Some("theirs"), Refusal::Changed),
        ("ci/build.yml", Some("old ci\r\n and more"), Refusal::Changed),
        ("ci/build.yml", None, Refusal::Missing),
        ("clippy.toml", Some("theirs"), Refusal::Exists),
        ("clippy.toml", Some(""), Refusal::Exists),
    ] {
        let repository = Repository::new();
        match text {
            Some(text) => fs_err::write(repository.path(name), text).expect("a file"),
            None => fs_err::remove_file(repository.path(name)).expect("a file"),
        }
        assert_eq!(refused(&repository, &repository.changes()), why, "{name} {text:?}");
    }
}

#[test]
fn one_at_a_time() {
    let repository = Repository::new();
    let held = repository.held();
    assert!(matches!(repository.place().try_hold(), Err(JournalError::Busy(_))));
    let place = repository.place();
    let (tell, told) = std::sync::mpsc::channel();
    let waiting =
        std::thread::spawn(move || place.hold(|_| tell.send(()).expect("somebody listens")).map(|_| ()));
    told.recv().expect("it waits");
    drop(held);
    waiting.join().expect("no panic").expect("the lock");
}

#[test]
fn bytes_that_are_no_text_and_nothing_to_do() {
    let repository = Repository::new();
    let path = repository.path("binary");
    fs_err::write(&path, b"\xff\x00\xfe").expect("a file");
    let change = |before: &[u8], after: &[u8]| Change {
        path: path.clone(),
        before: Some(before.to_vec()),
        after: after.to_vec(),
    };
    repository.held().commit(&[change(b"\xff\x00\xfe", b"\x80")]).expect("a change");
    assert_eq!(fs_err::read(&path).expect("a file"), b"\x80");
    repository.held().commit(&[change(b"same", b"same")]).expect("what does not change is not looked at");
    assert_eq!(refused(&repository, &[change(b"\x80", b"1"), change(b"\x80", b"2")]), Refusal::Twice);
    let missing = Change { path: repository.path("no/dir/file"), before: None, after: Vec::new() };
    assert!(matches!(refused(&repository, &[missing]), Refusal::Unreadable(_)));
    let dir = Change { path: repository.path("ci"), before: Some(Vec::new()), after: vec![1] };
    assert_eq!(refused(&repository, &[dir]), Refusal::NotRegular);
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};

    use super::{OLD, Refusal, Repository, refused};
    use crate::apply::journal::tests::faults::{Fault, with};
    use crate::apply::journal::tests::{NEW, all};
    use crate::apply::journal::{Change, JournalError};

    fn mode(repository: &Repository, name: &str) -> u32 {
        fs_err::metadata(repository.path(name)).expect("a file").mode() & 0o7777
    }

    fn set_mode(repository: &Repository, name: &str, mode: u32) {
        fs_err::set_permissions(repository.path(name), std::fs::Permissions::from_mode(mode))
            .expect("a mode");
    }

    #[test]
    fn modes_and_owners_are_kept_also_by_a_recovery() {
        for at in (0..60).step_by(3) {
            let repository = Repository::new();
            set_mode(&repository, "rust-toolchain.toml", 0o755);
            set_mode(&repository, "ci/build.yml", 0o620);
            let may = chown(repository.path("ci/build.yml"), Some(4711), Some(4712)).is_ok();
            with(Fault::Kill(at), || repository.held().commit(&repository.changes()));
            repository.held().recover().expect("a recovery");
            assert_eq!(mode(&repository, "rust-toolchain.toml"), 0o755, "{at}");
            assert_eq!(mode(&repository, "ci/build.yml"), 0o620, "{at}");
            if may {
                let found = fs_err::metadata(repository.path("ci/build.yml")).expect("a file");
                assert_eq!((found.uid(), found.gid()), (4711, 4712));
            }
            if repository.text("clippy.toml").is_some() {
                assert_ne!(mode(&repository, "clippy.toml"), 0o600, "made as an editor would make it");
            }
        }
    }

    #[test]
    fn another_users_journal_is_not_obeyed() {
        let repository = Repository::new();
        let journal = repository.place().journal();
        with(Fault::Kill(12), || repository.held().commit(&repository.changes()));
        let before = repository.files();
        if chown(&journal, Some(4711), None).is_ok() {
            let error = repository.held().recover().expect_err("not ours");
            assert!(matches!(error, JournalError::Unreadable { why, .. } if why.contains("another user")));
            assert_eq!(repository.files(), before);
            chown(&journal, Some(rustix::process::geteuid().as_raw()), None).expect("ours again");
        }
        fs_err::rename(&journal, repository.path("moved.json")).expect("a file");
        symlink(repository.path("moved.json"), &journal).expect("a link");
        assert!(matches!(repository.held().recover(), Err(JournalError::Unreadable { .. })));
    }

    #[test]
    fn what_may_not_be_written_is_not() {
        let repository = Repository::new();
        set_mode(&repository, "ci/build.yml", 0o444);
        assert_eq!(refused(&repository, &repository.changes()), Refusal::ReadOnly);
        set_mode(&repository, "ci/build.yml", 0o644);
        set_mode(&repository, "ci", 0o555);
        assert_eq!(refused(&repository, &repository.changes()), Refusal::ReadOnlyDir);
        set_mode(&repository, "ci", 0o755);
        repository.held().commit(&repository.changes()).expect("a change");
    }

    #[test]
    fn links_pipes_and_second_names() {
        let repository = Repository::new();
        let elsewhere = tempfile::tempdir().expect("a directory");
        let outside = elsewhere.path().join("file");
        fs_err::write(&outside, "old ci\r\n").expect("a file");
        let ci = repository.path("ci/build.yml");
        let put = |target: &std::path::Path| {
            fs_err::remove_file(&ci).expect("a file");
            symlink(target, &ci).expect("a link");
        };
        put(&outside);
        assert!(matches!(refused(&repository, &repository.changes()), Refusal::Outside(_)));
        put(&repository.path("nowhere"));
        assert!(matches!(refused(&repository, &repository.changes()), Refusal::Unreadable(_)));
        let mut made = repository.changes();
        made[2].before = None;
        assert_eq!(refused(&repository, &made), Refusal::Exists, "nothing is made through a dangling link");
        fs_err::write(repository.path("real.yml"), "old ci\r\n").expect("a file");
        put(&repository.path("real.yml"));
        let mut twice = repository.changes();
        twice.push(Change { path: repository.path("real.yml"), ..twice[2].clone() });
        assert_eq!(refused(&repository, &twice), Refusal::Twice);
        repository.held().commit(&repository.changes()).expect("a change");
        assert!(fs_err::symlink_metadata(&ci).expect("a link").is_symlink(), "it is still a link");
        assert_eq!(repository.text("real.yml").as_deref(), NEW[2].1);

        let repository = Repository::new();
        let ci = repository.path("ci/build.yml");
        fs_err::hard_link(&ci, repository.path("second")).expect("a second name");
        assert_eq!(refused(&repository, &repository.changes()), Refusal::HardLinks(2));
        for name in ["second", "ci/build.yml"] {
            fs_err::remove_file(repository.path(name)).expect("a file");
        }
        rustix::fs::mknodat(rustix::fs::CWD, &ci, rustix::fs::FileType::Fifo, 0o644.into(), 0)
            .expect("a pipe");
        assert_eq!(refused(&repository, &repository.changes()), Refusal::NotRegular);
    }

    #[test]
    fn names_that_are_no_text_survive_the_journal() {
        let repository = Repository::new();
        let name = OsStr::from_bytes(b"caf\xe9.yml");
        fs_err::write(repository.root().join(name), "old").expect("a file");
        let mut changes = repository.changes();
        let path = repository.root().join(name);
        changes.push(Change { path: path.clone(), before: Some(b"old".to_vec()), after: b"new".to_vec() });
        let mut met = true;
        for at in 0.. {
            if !met {
                break;
            }
            fs_err::write(&path, "old").expect("a file");
            for (name, text) in OLD {
                match text {
                    Some(text) => fs_err::write(repository.path(name), text).expect("a file"),
                    None => drop(fs_err::remove_file(repository.path(name))),
                }
            }
            met = with(Fault::Kill(at), || repository.held().commit(&changes)).1;
            repository.held().recover().expect("a recovery");
            let mut files = repository.files();
            let text = files.remove(std::path::Path::new(name)).expect("the file");
            assert!(files == all(if text == b"new" { NEW } else { OLD }), "{at}: {files:#?}");
        }
    }

    /// In a namespace of its own this very test is run again, on a small file system that is full to the last byte.
    #[test]
    fn on_a_full_disk_nothing_changes() {
        const FULL: &str = "XCARGO_TEST_FULL_DISK";
        if let Some(dir) = std::env::var_os(FULL) {
            let repository = Repository { dir: tempfile::tempdir_in(dir).expect("room") };
            let big = |byte: u8| vec![byte; 40_000];
            let mut changes = Vec::new();
            fs_err::create_dir(repository.path(".git")).expect("room");
            fs_err::write(repository.path(".git/HEAD"), "ref").expect("room");
            for name in ["a", "b"] {
                fs_err::write(repository.path(name), big(b'o')).expect("room");
                changes.push(Change {
                    path: repository.path(name),
                    before: Some(big(b'o')),
                    after: big(b'n'),
                });
            }
            let before = repository.files();
            // There is room for nothing; for half the journal; for the journal; for one staged file as well; for all.
            let mut failed = 0;
            for room in [0, 100_000, 150_000, 190_000, 400_000] {
                let filler = repository.path(".git/filler");
                fs_err::write(&filler, vec![0; 600_000 - room]).expect("room");
                match repository.held().commit(&changes) {
                    Ok(()) => break,
                    Err(JournalError::Undone { cause, .. }) => {
                        failed += 1;
                        assert_eq!(cause.kind(), std::io::ErrorKind::StorageFull);
                        assert_eq!(repository.files(), before);
                        assert!(!repository.place().is_interrupted());
                    }
                    Err(error) => panic!("{error:?}"),
                }
            }
            assert_eq!(failed, 4);
            assert_eq!(fs_err::read(repository.path("b")).expect("a file"), big(b'n'));
            return;
        }
        let dir = tempfile::tempdir().expect("a directory");
        let program = std::env::current_exe().expect("this program");
        let name = std::thread::current().name().expect("a test's name").to_owned();
        let mount = "mount -t tmpfs -o size=688k tmpfs \"$0\"";
        let unshare = |script: &str| {
            let mut command = std::process::Command::new("unshare");
            command
                .args(["-rm", "sh", "-c", script])
                .arg(dir.path())
                .arg(&program)
                .arg(&name)
                .env(FULL, dir.path());
            command.output()
        };
        if !unshare(mount).is_ok_and(|done| done.status.success()) {
            // Past the capture of a passing test's output: nobody should believe that this was shown.
            let note =
                "NOT SHOWN: this system lets nobody mount a file system of his own, so no disk was full\n";
            std::io::Write::write_all(&mut std::io::stderr(), note.as_bytes()).expect("stderr");
            return;
        }
        let done = unshare(&format!("{mount} && exec \"$1\" --exact \"$2\" --nocapture")).expect("unshare");
        let said =
            String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && said.contains("1 passed"), "{said}");
    }
}
