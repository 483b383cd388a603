//! Codes are distinct, every page leads somewhere, and every symptom is found by what people type.

use std::collections::BTreeSet;
use std::path::Path;

use super::explain::{Topic, find, symptoms};
use super::{CHECKS, Examination, Finding, Fix, check};
use crate::cache::UnitRef;
use crate::cache::damage::{Damage, Damaged, What};
use crate::cache::digest::Digest;
use crate::cache::ledger::{
    Artifact, BuildRecord, FileRecord, InputRecord, Ledger, Place, Roots, UnitKey, UnitRecord, Watch, Where,
};
use crate::cache::stat::{Stat, Time};
use crate::plan::freshness::{Note, PutBack, Repairs, Restamp, Stale, StaleWhy};

#[test]
fn codes_are_distinct_and_every_symptom_names_checks_that_exist() {
    let codes: BTreeSet<&str> = CHECKS.iter().map(|check| check.code).collect();
    assert_eq!(codes.len(), CHECKS.len());
    for symptom in symptoms() {
        assert!(!symptom.messages.is_empty() && !symptom.findings.is_empty(), "{symptom:?}");
        assert!(symptom.findings.iter().all(|code| codes.contains(code)), "{symptom:?}");
    }
}

/// Who has only one line of the error must find its page.
#[test]
fn every_symptom_is_found_by_each_of_its_codes_and_messages_in_any_case() {
    for symptom in symptoms() {
        let mut queries: Vec<String> = symptom.codes.iter().map(|code| format!("error[{code}]: x")).collect();
        queries.extend(symptom.codes.iter().map(|code| code.to_lowercase()));
        queries.extend(symptom.messages.iter().map(|message| message.to_uppercase()));
        queries.extend(symptom.messages.iter().map(|message| format!("error: {message} `x`: more")));
        for query in queries {
            let found = find(&query).unwrap_or_default();
            let is_it = |topic: &Topic| matches!(topic, Topic::Symptom(it) if std::ptr::eq(*it, symptom));
            assert!(found.iter().any(is_it), "{query}: {found:?}");
        }
    }
}

#[test]
fn a_findings_code_is_found_and_what_is_unknown_is_not() {
    for check in CHECKS {
        let found = find(&check.code.to_uppercase()).unwrap_or_default();
        assert!(matches!(found.as_slice(), [Topic::Finding(it)] if it.code == check.code), "{}", check.code);
    }
    for (asked, nearest) in [
        ("gost-source", Some("ghost-source")),
        ("E0465", Some("E0463")),
        ("", None),
        ("of", None),
        ("nonsense", None),
    ] {
        let unknown = find(asked).expect_err("there is no such page");
        assert_eq!(unknown.nearest, nearest, "{asked}");
    }
}

fn place(path: &str) -> Place {
    Place { base: Where::Workspace, path: Path::new(path).into() }
}

fn key() -> UnitKey {
    UnitKey {
        profile: Path::new("debug").into(),
        package: "low".to_owned(),
        id: "0123456789abcdef".to_owned(),
    }
}

fn stat(modified: i64) -> Stat {
    Stat { size: 1, modified: Time(modified), changed: Time(modified), inode: 1, device: 1 }
}

/// A unit whose time is 100, built from a file of which nobody knows what it was.
fn ledger() -> Ledger {
    let dep_info = || Path::new("debug/dep-lib-low").into();
    let build = BuildRecord {
        name: "lib-low".to_owned(),
        rustc: 1,
        hash: 2,
        dependencies: Vec::new(),
        watch: Watch::DepInfo(dep_info()),
        inputs: vec![InputRecord { file: 0, digest: None, modified: Time(1), is_listed: true }],
    };
    let artifact = Artifact { path: dep_info(), stat: stat(100), digest: Digest::of(b"") };
    Ledger {
        files: vec![FileRecord { place: place("low/src/lib.rs"), stat: None, digest: None }],
        units: vec![UnitRecord { key: key(), built: None, builds: vec![build], artifacts: vec![artifact] }],
        ..Ledger::default()
    }
}

fn found(repairs: &Repairs, damaged: &[Damaged]) -> Vec<Finding> {
    let roots = Roots { workspace: Path::new("/ws"), build_dir: Path::new("/ws/target") };
    check(&Examination { ledger: &ledger(), repairs, damaged, roots })
}

/// Each kind of thing that is seen has one code, and what can be done about it is said with it.
#[test]
fn everything_that_is_seen_is_found_under_one_code() {
    let stale = |why| Repairs {
        stale: vec![Stale { unit: key(), build: "lib-low".to_owned(), why }],
        ..Repairs::default()
    };
    let restamp = |to| Repairs {
        restamp: vec![Restamp {
            unit: key(),
            path: Path::new("debug/dep-lib-low").into(),
            to: Time(to),
            keeps: true,
        }],
        ..Repairs::default()
    };
    let noted = |note| Repairs { notes: [note].into(), ..Repairs::default() };
    let put_back = Repairs {
        put_back: vec![PutBack { place: place("in.txt"), seen: stat(3), to: Time(2) }],
        ..Repairs::default()
    };
    let cases: [(&str, Option<Fix>, Repairs); 7] = [
        ("ghost-source", Some(Fix::Rebuild), stale(StaleWhy::Ghost(place("low/src/lib.rs")))),
        ("suspect-source", Some(Fix::Rebuild), stale(StaleWhy::Suspect(place("low/src/lib.rs")))),
        ("future-time", None, noted(Note::Future(place("low/src/lib.rs")))),
        ("future-time", Some(Fix::SetTime), restamp(99)),
        ("stale-times", Some(Fix::SetTime), restamp(101)),
        ("stale-times", Some(Fix::SetTime), put_back),
        ("guarded-time", None, noted(Note::Guarded(place("in.txt"), key()))),
    ];
    for (code, fix, repairs) in cases {
        // The unit is not proven, which is said unless it is built anew.
        let is_stale = !repairs.stale.is_empty();
        let findings = found(&repairs, &[]);
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, if is_stale { vec![code] } else { vec![code, "unproven-unit"] });
        assert_eq!(findings[0].fix, fix, "{code}");
    }
    let unit = || What::Unit(UnitRef { package: "low".to_owned(), id: key().id });
    for (code, what, damage) in [
        ("damaged-artifact", unit(), Damage::Altered),
        ("damaged-artifact", unit(), Damage::Missing),
        ("mislabelled-unit", unit(), Damage::Mislabelled),
        ("damaged-session", What::Incremental("debug/incremental/low-1".into()), Damage::Empty),
        ("damaged-compiler-record", What::RustcInfo, Damage::Altered),
        ("damaged-compiler-record", What::RustcInfo, Damage::Empty),
    ] {
        let damaged = Damaged { profile: "debug".into(), what, file: "debug/file".into(), damage };
        let findings = found(&Repairs::default(), &[damaged]);
        assert_eq!((findings[0].code, findings[0].fix, findings.len()), (code, Some(Fix::Remove), 2));
        assert!(findings[0].is_in(&findings) && !findings[0].is_in(&findings[1..]));
    }
}
