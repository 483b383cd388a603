//! Sessions made by hand. What rustc makes of altered ones is in `tests/zoo/damage/sessions.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Record, Session, Sessions, Trust, altered, last};
use crate::cache::damage::What;
use crate::cache::digest::Digest;
use crate::cache::ledger::Spelled;
use crate::cache::stat::{Stat, Time};
use crate::cache::{Cache, only_sessions};

const CRATE: &str = "debug/incremental/app-0";
const NONE: [PathBuf; 0] = [];

struct Ground(tempfile::TempDir);

impl Ground {
    fn new() -> Self {
        let temp = tempfile::tempdir().expect("temp dir");
        fs::create_dir_all(temp.path().join("debug/.fingerprint")).expect("dirs");
        Self(temp)
    }

    fn path(&self, session: &str, file: &str) -> PathBuf {
        self.0.path().join(CRATE).join(session).join(file)
    }

    fn write(&self, session: &str, file: &str, content: &str) {
        let path = self.path(session, file);
        fs::create_dir_all(path.parent().expect("dir")).expect("dirs");
        fs::write(path, content).expect("file");
    }

    /// As rustc begins a session: with the files of the one before.
    fn link(&self, from: &str, to: &str, file: &str) {
        fs::create_dir_all(self.path(to, "")).expect("dirs");
        fs::hard_link(self.path(from, file), self.path(to, file)).expect("link");
    }

    /// Other content, in place and under the old time.
    fn alter(&self, session: &str, file: &str, content: &str) {
        // The clock of the file system has ticked since the file was written.
        std::thread::sleep(Duration::from_millis(30));
        let path = self.path(session, file);
        let before = Stat::of_file(&path).expect("there");
        fs::write(&path, content).expect("file");
        let file = fs::File::options().write(true).open(&path).expect("file");
        file.set_modified(before.modified.system()).expect("time");
    }

    fn cache(&self) -> Cache {
        only_sessions(self.0.path(), [&PathBuf::from("debug")], |_, _| true)
    }

    fn renewed(&self, before: &Sessions, was_checked: bool) -> Sessions {
        before.renewed(&self.cache(), |_, _| was_checked)
    }

    fn altered(&self, record: &Sessions, trust: Trust) -> Vec<PathBuf> {
        let found = altered(&self.cache(), record, trust, &[]);
        assert!(found.iter().all(|it| it.what == What::Incremental(CRATE.into())), "{found:?}");
        assert_eq!(altered(&self.cache(), record, trust, &found), [], "found already");
        found.into_iter().map(|it| it.file).collect()
    }
}

fn of(sessions: &mut Sessions) -> &mut Session {
    sessions.crates.get_mut(&Spelled::from(CRATE)).expect("recorded")
}

fn record<'a>(sessions: &'a mut Sessions, file: &str) -> &'a mut Record {
    of(sessions).files.get_mut(&Spelled::from(file)).expect("recorded")
}

fn at(session: &str, file: &str) -> PathBuf {
    Path::new(CRATE).join(session).join(file)
}

#[test]
fn what_was_altered_under_its_old_time_is_found_and_what_is_gone_is_not() {
    let ground = Ground::new();
    for (file, content) in [("a.o", "one"), ("b.o", "two"), ("c.o", "three")] {
        ground.write("s-1-x-h", file, content);
    }
    let sessions = ground.renewed(&Sessions::default(), false);
    for trust in [Trust::Stat, Trust::Nothing] {
        assert_eq!(ground.altered(&sessions, trust), NONE);
    }
    ground.alter("s-1-x-h", "b.o", "2wo");
    assert_eq!(ground.altered(&sessions, Trust::Stat), [at("s-1-x-h", "b.o")]);
    ground.alter("s-1-x-h", "b.o", "two");
    assert_eq!(ground.altered(&sessions, Trust::Stat), NONE, "only the time is another");
    ground.alter("s-1-x-h", "c.o", "longer than it was");
    assert_eq!(ground.altered(&sessions, Trust::Stat), [at("s-1-x-h", "c.o")]);
    fs::remove_file(ground.path("s-1-x-h", "c.o")).expect("file");
    assert_eq!(ground.altered(&sessions, Trust::Nothing), NONE);
}

#[test]
fn files_with_their_recorded_stat_are_read_only_where_nothing_is_trusted() {
    let ground = Ground::new();
    ground.write("s-1-x-h", "a.o", "one");
    let mut sessions = ground.renewed(&Sessions::default(), false);
    record(&mut sessions, "a.o").digest = Digest::of(b"another");
    assert_eq!(ground.altered(&sessions, Trust::Stat), NONE);
    assert_eq!(ground.altered(&sessions, Trust::Nothing), [at("s-1-x-h", "a.o")]);
}

#[cfg(unix)]
#[test]
fn digests_go_along_with_links_where_the_session_before_was_checked() {
    let ground = Ground::new();
    ground.write("s-1-x-h", "a.o", "one");
    let mut before = ground.renewed(&Sessions::default(), false);
    let other = Digest::of(b"another");
    record(&mut before, "a.o").digest = other;
    ground.link("s-1-x-h", "s-2-x-h", "a.o");
    ground.write("s-2-x-h", "b.o", "two");
    let mut after = ground.renewed(&before, true);
    assert_eq!(of(&mut after).name, Spelled::from("s-2-x-h"));
    assert_eq!(record(&mut after, "a.o").digest, other, "it is not read");
    assert_eq!(record(&mut after, "b.o").digest, Digest::of(b"two"));
    assert_eq!(ground.altered(&after, Trust::Stat), NONE);
    // Nobody looked whether it was still what it had been when rustc took it.
    let mut after = ground.renewed(&before, false);
    assert_eq!(record(&mut after, "b.o").digest, Digest::of(b"two"));
    assert_eq!(ground.altered(&after, Trust::Stat), [at("s-2-x-h", "a.o")]);
    // The session before is removed, by which the file has one name less: its `stat` is another.
    let whole = ground.renewed(&Sessions::default(), false);
    std::thread::sleep(Duration::from_millis(30));
    fs::remove_dir_all(ground.path("s-1-x-h", "")).expect("session");
    let now = Stat::of_file(&ground.path("s-2-x-h", "a.o")).expect("there");
    assert_eq!(record(&mut ground.renewed(&whole, true), "a.o").stat, now);
    assert_ne!(record(&mut ground.renewed(&whole, false), "a.o").stat, now);
}

#[cfg(unix)]
#[test]
fn of_a_session_by_somebody_else_the_links_are_known() {
    let ground = Ground::new();
    ground.write("s-1-x-h", "a.o", "one");
    let before = ground.renewed(&Sessions::default(), false);
    ground.link("s-1-x-h", "s-2-x-h", "a.o");
    ground.write("s-2-x-h", "b.o", "two");
    assert_eq!(ground.altered(&before, Trust::Stat), NONE);
    ground.alter("s-2-x-h", "b.o", "2wo");
    assert_eq!(ground.altered(&before, Trust::Stat), NONE, "nobody knows what it was");
    ground.alter("s-1-x-h", "a.o", "1ne");
    assert_eq!(ground.altered(&before, Trust::Stat), [at("s-2-x-h", "a.o")]);
}

#[test]
fn the_last_session_that_ended_is_the_one_that_counts() {
    let ground = Ground::new();
    for session in ["s-zz-x-h", "s-100-x-h", "s-0zz-x-h", "s-200-x-working", "t-300-x-h"] {
        ground.write(session, "a.o", session);
    }
    ground.write("", "s-400-x.lock", "");
    assert_eq!(last(ground.0.path(), Path::new(CRATE)), Some(at("s-100-x-h", "").components().collect()));
}

#[test]
fn damaged_sessions_are_not_recorded_and_those_that_are_gone_are_forgotten() {
    let ground = Ground::new();
    ground.write("s-1-x-h", "a.o", "");
    assert_eq!(ground.renewed(&Sessions::default(), false), Sessions::default());
    ground.write("s-2-x-h", "a.o", "one");
    let sessions = ground.renewed(&Sessions::default(), false);
    assert_eq!(sessions.crates.len(), 1);
    assert_eq!(ground.renewed(&sessions, false), sessions);
    fs::remove_dir_all(ground.0.path().join(CRATE)).expect("sessions");
    assert_eq!(ground.renewed(&sessions, false), Sessions::default());
}

#[test]
fn the_file_is_believed_only_whole_and_not_of_what_was_just_written() {
    let ground = Ground::new();
    ground.write("s-1-x-h", "a.o", "one");
    let mut sessions = ground.renewed(&Sessions::default(), false);
    let bytes = sessions.to_bytes().expect("bytes");
    let path = ground.0.path().join("sessions");
    let read = |bytes: &[u8], seconds: i64| {
        fs::write(&path, bytes).expect("file");
        let file = fs::File::options().write(true).open(&path).expect("file");
        file.set_modified(Time::now().later(seconds).system()).expect("time");
        Sessions::read(&path)
    };
    assert_eq!(read(&bytes, 10).as_ref(), Some(&sessions));
    for length in [0, 8, 16, 40, bytes.len() - 1] {
        assert_eq!(read(&bytes[..length], 10), None, "cut at {length}");
    }
    for place in [0, 15, 20, bytes.len() - 1] {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1;
        assert_eq!(read(&flipped, 10), None, "flipped at {place}");
    }
    let mut doubted = read(&bytes, -10).expect("whole");
    record(&mut sessions, "a.o").digest = Digest::of(b"another");
    record(&mut doubted, "a.o").digest = Digest::of(b"another");
    assert_eq!(ground.altered(&sessions, Trust::Stat), NONE);
    assert_eq!(ground.altered(&doubted, Trust::Stat), [at("s-1-x-h", "a.o")], "it is read again");
}
