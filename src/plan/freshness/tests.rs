//! The judgement as tables: what was seen, what the policy wants, what follows. A row that is wrong shows a user yesterday's
//! program, or builds for nothing.

use std::path::Path;

use super::{Note, Reader, Repairs, Seen, Settings, StaleWhy, judge, was_there};
use crate::cache::digest::Digest;
use crate::cache::ledger::{
    Artifact, BuildRecord, FileRecord, InputRecord, Ledger, Place, UnitKey, UnitRecord, Watch, Where,
};
use crate::cache::stat::{HAS_CHANGED, Stat, Time};
use crate::policy::{Freshness, Restore, Suspects};

const NOW: Time = Time(1_000_000_000_000);
const SECOND: i64 = 1_000_000_000;

/// Some nanoseconds, so that no time looks like one of a file system without parts of a second.
fn at(seconds: i64) -> Time {
    Time(seconds * SECOND + 7)
}

fn stat(modified: Time, changed: Time) -> Stat {
    Stat { size: 1, modified, changed, inode: 1, device: 1 }
}

fn place(path: &str) -> Place {
    Place { base: Where::Workspace, path: Path::new(path).into() }
}

fn key(package: &str) -> UnitKey {
    UnitKey { profile: Path::new("debug").into(), package: package.to_owned(), id: "0".repeat(16) }
}

/// What a build was made from, and what is there now.
#[derive(Clone, Copy)]
struct Row {
    built_from: Option<&'static str>,
    now: Option<&'static str>,
    modified: Time,
}

const fn same(modified: Time) -> Row {
    Row { built_from: Some("a"), now: Some("a"), modified }
}

const fn other(modified: Time) -> Row {
    Row { built_from: Some("a"), now: Some("b"), modified }
}

const fn unknown(modified: Time) -> Row {
    Row { built_from: None, now: Some("a"), modified }
}

/// A ledger with one unit, of which cargo compares its inputs' times with `reference`.
fn ledger(watch: fn(&str) -> Watch, reference: Time, rows: &[Row]) -> Ledger {
    let mut ledger = Ledger::default();
    add(&mut ledger, "p", watch, reference, rows);
    ledger
}

fn add(ledger: &mut Ledger, package: &str, watch: fn(&str) -> Watch, reference: Time, rows: &[Row]) {
    let file = format!("debug/dep-{package}");
    let mut inputs = Vec::new();
    for (number, row) in (0..).zip(rows) {
        let known = ledger.files.iter().position(|file| file.place == place(&format!("src/{number}.rs")));
        let index = known.unwrap_or_else(|| {
            ledger.files.push(FileRecord {
                place: place(&format!("src/{number}.rs")),
                stat: row.now.map(|_| stat(row.modified, row.modified)),
                digest: row.now.map(|text| Digest::of(text.as_bytes())),
            });
            ledger.files.len() - 1
        });
        inputs.push(InputRecord {
            file: u32::try_from(index).expect("few"),
            digest: row.built_from.map(|text| Digest::of(text.as_bytes())),
            modified: at(5),
            is_listed: true,
        });
    }
    ledger.units.push(UnitRecord {
        key: key(package),
        built: None,
        builds: vec![BuildRecord {
            name: format!("lib-{package}"),
            rustc: 1,
            hash: 2,
            dependencies: Vec::new(),
            watch: watch(&file),
            inputs,
        }],
        artifacts: vec![Artifact {
            path: Path::new(&file).into(),
            stat: stat(reference, reference),
            digest: Digest::of(b""),
        }],
    });
}

fn dep_info(file: &str) -> Watch {
    Watch::DepInfo(file.into())
}

fn script(file: &str) -> Watch {
    Watch::Script(file.into())
}

fn package(file: &str) -> Watch {
    Watch::Package { newest: format!("{} (src/0.rs)", at(5).as_cargo_writes()), lever: file.into() }
}

fn judged(ledger: &Ledger, restore: Restore, suspects: Suspects) -> Repairs {
    let settings = Settings { freshness: Freshness::Content, restore, suspects };
    judge(&Seen { ledger, profiles: None, now: NOW }, settings)
}

/// In a word.
fn said(repairs: &Repairs) -> String {
    let mut words = Vec::new();
    for stale in &repairs.stale {
        words.push(match stale.why {
            StaleWhy::Ghost(_) | StaleWhy::Gone(_) => "ghost".to_owned(),
            StaleWhy::Suspect(_) => "suspect".to_owned(),
        });
    }
    words.extend(repairs.restamp.iter().map(|restamp| format!("restamp {}", restamp.to.0 / SECOND)));
    words.extend(repairs.put_back.iter().map(|back| format!("back {}", back.to.0 / SECOND)));
    if !repairs.cargo_builds.is_empty() {
        words.push("cargo builds".to_owned());
    }
    words.extend(repairs.notes.iter().map(|note| match note {
        Note::Future(_) => "future".to_owned(),
        Note::Guarded(..) => "guarded".to_owned(),
    }));
    words.join(", ")
}

#[test]
fn what_is_done_follows_from_content_and_times() {
    use Restore::{Mtimes, Off, Units};
    let gone = Row { built_from: Some("a"), now: None, modified: at(5) };
    for (watch, reference, rows, restore, expect) in [
        // Cargo is right.
        (dep_info as fn(&str) -> Watch, at(10), &[same(at(5))][..], Units, ""),
        (dep_info, at(10), &[same(at(10))], Units, ""),
        (dep_info, at(10), &[other(at(11))], Units, "cargo builds"),
        (dep_info, at(10), &[gone], Units, "cargo builds"),
        (dep_info, at(10), &[unknown(at(11))], Units, "cargo builds"),
        // Other content, and no newer.
        (dep_info, at(10), &[same(at(5)), other(at(5))], Units, "ghost"),
        (dep_info, at(10), &[other(at(10))], Off, "ghost"),
        // Cargo builds it for another input anyway.
        (dep_info, at(10), &[other(at(5)), other(at(11))], Units, "cargo builds"),
        // The same content, and newer.
        (dep_info, at(10), &[same(at(11)), same(at(20))], Units, "restamp 20"),
        (dep_info, at(10), &[same(at(11))], Off, "cargo builds"),
        (dep_info, at(10), &[same(at(11)), unknown(at(5))], Units, "cargo builds"),
        (dep_info, at(10), &[same(at(11)), other(at(5))], Units, "cargo builds"),
        // Nobody knows.
        (dep_info, at(10), &[unknown(at(5))], Units, "suspect"),
        // Scripts go by time alone.
        (script, at(10), &[same(at(11))], Units, "cargo builds"),
        (script, at(10), &[same(at(11))], Mtimes, "back 5"),
        (script, at(10), &[other(at(5))], Units, "ghost"),
        (package, at(10), &[same(at(5))], Units, ""),
        (package, at(10), &[same(at(6))], Units, "cargo builds"),
        (package, at(10), &[same(at(6))], Mtimes, "back 5"),
        (package, at(10), &[same(at(5)), other(at(4))], Units, "ghost"),
        (package, at(10), &[same(at(5)), other(at(11))], Units, "cargo builds"),
        // What is newer, the package may exclude.
        (package, at(10), &[same(at(5)), other(at(4)), other(at(11))], Units, "ghost"),
        // The clock.
        (dep_info, at(10), &[same(at(2_000))], Units, "cargo builds, future"),
        (dep_info, at(10), &[same(at(2_000))], Mtimes, "back 5"),
        (dep_info, at(2_000), &[same(at(2_000))], Units, "future"),
        (dep_info, at(2_000), &[same(at(5))], Units, "restamp 1000"),
        (dep_info, at(2_000), &[unknown(at(5))], Units, "suspect"),
        (dep_info, at(2_000), &[other(at(5))], Units, "ghost"),
    ] {
        let ledger = ledger(watch, reference, rows);
        let rows: Vec<_> = rows.iter().map(|row| (row.built_from, row.now, row.modified)).collect();
        let found = said(&judged(&ledger, restore, Suspects::Rebuild));
        assert_eq!(found, expect, "{:?} {reference:?} {rows:?} {restore:?}", watch("x"));
    }
}

#[test]
fn suspects_may_be_trusted_and_contents_ignored() {
    let unproven = ledger(dep_info, at(10), &[unknown(at(5))]);
    assert_eq!(said(&judged(&unproven, Restore::Units, Suspects::Trust)), "");
    let ghost = ledger(dep_info, at(10), &[other(at(5))]);
    assert_eq!(said(&judged(&ghost, Restore::Units, Suspects::Trust)), "ghost");
    let settings =
        Settings { freshness: Freshness::Mtime, restore: Restore::Units, suspects: Suspects::Rebuild };
    let seen = Seen { ledger: &ghost, profiles: None, now: NOW };
    assert_eq!(judge(&seen, settings), Repairs::default());
}

/// What a user would lose: the release build of other sources would look fresh.
#[test]
fn a_time_is_not_put_back_where_another_unit_was_built_from_another_content() {
    for (built_from, reference, expect) in [
        (Some("z"), at(7), "cargo builds, guarded"),
        (None, at(7), "cargo builds, guarded"),
        // Even by the old time it is seen to be stale.
        (Some("z"), at(4), "back 5, cargo builds"),
        // Once the time is back, the other unit is fresh as well.
        (Some("a"), at(7), "back 5"),
    ] {
        let other_unit = Row { built_from, ..same(at(11)) };
        let mut ledger = ledger(script, at(10), &[same(at(11))]);
        add(&mut ledger, "q", dep_info, reference, &[other_unit]);
        let found = said(&judged(&ledger, Restore::Mtimes, Suspects::Trust));
        assert_eq!(found, expect, "{reference:?}");
    }
}

#[test]
fn a_file_was_there_only_if_neither_of_its_times_is_later() {
    use Reader::{Rustc, Script};
    let coarse = |seconds: i64| Time(seconds * SECOND);
    for (modified, changed, reference, reader, is_generated, expect) in [
        (at(1), at(2), at(3), Rustc, false, true),
        (at(3), at(3), at(3), Rustc, false, true),
        (at(4), at(2), at(3), Rustc, false, false),
        // The mark of a change behind cargo's back.
        (at(1), at(4), at(3), Rustc, false, !HAS_CHANGED),
        // A script may read a file, and somebody move another over it, within one tick of the clock.
        (at(1), at(2), at(3), Script, false, true),
        (at(1), at(3), at(3), Script, false, !HAS_CHANGED),
        (at(3), at(3), at(3), Script, false, false),
        (at(3), at(3), at(3), Script, true, true),
        // Within a second anything may have happened.
        (coarse(3), coarse(3), coarse(3), Rustc, false, false),
        (coarse(2), coarse(2), coarse(3), Rustc, false, true),
        (coarse(3), coarse(3), coarse(3), Rustc, true, true),
    ] {
        let found = was_there(&stat(modified, changed), reference, reader, is_generated);
        assert_eq!(found, expect, "{modified:?} {changed:?} {reference:?} {reader:?}");
    }
}
