//! What was used lately must never look unused: it would be removed, and built again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{DAY, Head, MOST, REMEMBERED, Uses, digest, path};
use crate::cache::{Fingerprint, Kind, Layout, Mode, NoSource, ProfileDir, Source, Target, Unit, stamp};
use crate::toolchain::Identity;
use crate::workspace::lock_file::{self, Package};

const NOW: i64 = 2_000_000_000;

fn compiler(release: &str) -> Identity {
    Identity {
        name: release.to_owned(),
        verbose_version: format!("rustc {release} (abc 2026-01-01)\nhost: h\nrelease: {release}\n"),
        stat: serde_json::from_str("{\"files\":[]}").expect("a stamp of no files"),
    }
}

fn unit(package: &str, compilers: &[&str], source: Source) -> Unit {
    let print = |release: &&str| Fingerprint {
        kind: Kind { mode: Mode::Build, target: Target::Lib, name: package.to_owned() },
        rustc: compiler(release).fingerprint_hashes()[0],
        features: vec![],
        profile: 0,
    };
    Unit {
        package: package.to_owned(),
        id: "0123456789abcdef".to_owned(),
        fingerprints: compilers.iter().map(print).collect(),
        source,
        built: None,
        entries: vec![],
    }
}

fn profile(triple: Option<&str>, name: &str) -> ProfileDir {
    ProfileDir {
        path: PathBuf::from("/t").join(triple.unwrap_or_default()).join(name),
        triple: triple.map(str::to_owned),
        name: name.into(),
        layout: Layout::One,
        units: vec![],
        incremental: vec![],
        builds_std: false,
    }
}

fn package(name: &str, version: &str, source: lock_file::Source) -> Package {
    Package { name: name.to_owned(), version: version.to_owned(), source }
}

fn registry(version: &str) -> Source {
    Source::Registry { version: version.to_owned() }
}

fn lock(versions: &[&str]) -> BTreeSet<Package> {
    let itoas = versions.iter().map(|version| package("itoa", version, lock_file::Source::Registry));
    let rev = lock_file::Source::Git("0123456789abcdef0123456789abcdef01234567".to_owned());
    let others = [package("app", "0.1.0", lock_file::Source::Path), package("git", "0.1.0", rev)];
    itoas.chain(others).collect()
}

/// Through its file, as every reader gets it.
fn written(uses: &Uses) -> Uses {
    let bytes = uses.to_bytes().expect("bytes");
    let read = Uses::parse(&bytes).expect("it reads");
    assert_eq!(read, *uses);
    for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        assert_eq!(Uses::parse(&bytes[..cut]), None, "cut at {cut}");
    }
    let other = String::from_utf8(bytes).expect("UTF-8").replace("\"format\":2", "\"format\":1");
    assert_eq!(Uses::parse(other.as_bytes()), None);
    read
}

#[test]
fn a_unit_was_used_by_the_latest_build_that_could_have() {
    let mut uses = Uses::starting(NOW);
    let debug = [PathBuf::from("debug")];
    uses.record(NOW, &compiler("1.1.0"), &debug, "a", Some(&lock(&["1.0.0", "1.0.1"])));
    uses.record(NOW + 10, &compiler("1.1.0"), &debug, "b", Some(&lock(&["1.0.1"])));
    uses.record(NOW + 20, &compiler("1.2.0"), &[], "b", Some(&lock(&["1.0.1"])));
    let uses = written(&uses);
    assert_eq!(uses.since, NOW);
    let git = |rev: &str| Source::Git { rev: rev.to_owned() };
    for (unit, place, expect) in [
        (unit("itoa", &["1.1.0"], registry("1.0.1")), profile(None, "debug"), Some(10)),
        (unit("itoa", &["1.1.0"], registry("1.0.0")), profile(None, "debug"), Some(0)),
        (unit("itoa", &["1.1.0"], registry("0.4.8")), profile(None, "debug"), None),
        (unit("itoa", &["1.1.0"], registry("1.0.1")), profile(None, "release"), None),
        (unit("itoa", &["1.1.0"], registry("1.0.1")), profile(Some("t"), "debug"), None),
        (unit("itoa", &["1.2.0"], registry("1.0.1")), profile(Some("t"), "debug"), Some(20)),
        (unit("itoa", &["1.3.0"], registry("1.0.1")), profile(None, "debug"), None),
        (unit("app", &["1.1.0"], Source::Path), profile(None, "debug"), Some(10)),
        (unit("app", &["1.3.0", "1.2.0"], Source::Path), profile(None, "debug"), Some(20)),
        (unit("gone", &["1.1.0"], Source::Path), profile(None, "debug"), None),
        (unit("git", &["1.1.0"], git("0123456")), profile(None, "debug"), Some(10)),
        (unit("git", &["1.1.0"], git("fffffff")), profile(None, "debug"), None),
        // What is not known about a unit may be the thing that was used.
        (unit("itoa", &["1.1.0"], Source::Unknown(NoSource::NoEvidence)), profile(None, "debug"), Some(10)),
        (unit("itoa", &[], registry("1.0.1")), profile(None, "debug"), Some(20)),
    ] {
        assert_eq!(uses.last_use(&unit, &place), expect.map(|after| NOW + after), "{unit:?} in {place:?}");
    }
    let std = ProfileDir { builds_std: true, ..profile(None, "debug") };
    assert_eq!(uses.last_use(&unit("core", &["1.1.0"], Source::Path), &std), Some(NOW + 10));
}

/// A first build has no lock file yet: any package may have been in it.
#[test]
fn a_build_without_a_lock_file_used_whatever_its_compiler_built() {
    let mut uses = Uses::starting(NOW);
    uses.record(NOW, &compiler("1.1.0"), &[], &digest(None), None);
    let uses = written(&uses);
    let used = |release| uses.last_use(&unit("x", &[release], registry("1.0.0")), &profile(None, "debug"));
    assert_eq!((used("1.1.0"), used("1.2.0")), (Some(NOW), None));
}

#[test]
fn the_same_build_is_news_once_a_day() {
    let mut uses = Uses::starting(NOW);
    let (one, two) = (compiler("1.1.0"), compiler("1.2.0"));
    let dirs = [PathBuf::from("t/debug"), PathBuf::from("debug")];
    let turned = [PathBuf::from("debug"), PathBuf::from("t/debug")];
    let (a, b) = (digest(Some(b"a")), digest(Some(b"b")));
    let head = |uses: &Uses| {
        let bytes = uses.to_bytes().expect("bytes");
        // The first line is enough, and a file that was cut behind it is none.
        let line = bytes.split_inclusive(|byte| *byte == b'\n').next().expect("a line");
        assert!(Head::parse(line, bytes.len() as u64 - 1).is_none());
        Head::parse(line, bytes.len() as u64).expect("a head").0
    };
    assert!(head(&uses).is_news(NOW, &one, &dirs, &a));
    uses.record(NOW, &one, &dirs, &a, Some(&lock(&[])));
    let head = head(&written(&uses));
    for (after, compiler, dirs, lock, expect) in [
        (0, &one, &dirs[..], &a, false),
        (DAY - 1, &one, &turned[..], &a, false),
        (DAY, &one, &dirs[..], &a, true),
        (-DAY, &one, &dirs[..], &a, true),
        (0, &one, &dirs[..], &b, true),
        (0, &one, &dirs[..1], &a, true),
        (0, &two, &dirs[..], &a, true),
    ] {
        assert_eq!(head.is_news(NOW + after, compiler, dirs, lock), expect, "{after} {dirs:?} {lock}");
    }
}

/// A record that forgets must not pretend to know: it begins later then.
#[test]
fn what_is_forgotten_is_not_known_to_be_unused() {
    let mut uses = Uses::starting(NOW);
    let place = profile(None, "debug");
    uses.record(NOW, &compiler("1.1.0"), &[], "", Some(&lock(&["1.0.0"])));
    uses.record(NOW + REMEMBERED + DAY, &compiler("1.2.0"), &[], "", Some(&lock(&["1.0.1"])));
    assert_eq!(uses.since, NOW + DAY);
    assert_eq!(uses.last_use(&unit("itoa", &["1.1.0"], registry("1.0.0")), &place), None);
    assert_eq!(written(&uses).since, NOW + DAY);
    // A clock that was years ahead when the record began would keep everything for years.
    let mut ahead = Uses::starting(NOW + REMEMBERED);
    ahead.record(NOW, &compiler("1.1.0"), &[], "", Some(&lock(&[])));
    assert_eq!(ahead.since, NOW);
}

/// A record does not grow for ever, and what it forgets for that it does not call unused.
#[test]
fn the_compilers_that_were_not_used_for_longest_are_forgotten() {
    let mut uses = Uses::starting(NOW);
    for nth in 0..=MOST {
        let at = NOW + i64::try_from(nth).expect("small");
        uses.record(at, &compiler(&format!("1.{nth}.0")), &[], "", Some(&lock(&["1.0.0"])));
    }
    let uses = written(&uses);
    assert_eq!((uses.builds.len(), uses.since), (MOST, NOW + 1));
    let long = uses.to_bytes().expect("bytes").iter().position(|byte| *byte == b'\n').expect("a line");
    assert!(long < 8 << 10, "the head is read at once: {long}");
}

#[test]
fn a_damaged_file_is_none() {
    for damaged in ["", "\n", "{}\n", "null\n", "{\"format\":2,\"body\":0,\"latest\":[]}\n"] {
        assert_eq!(Uses::parse(damaged.as_bytes()), None, "{damaged}");
    }
    let number = r#"{"since":0,"packages":[],"builds":[{"compiler":[1,2],"profiles":[],"latest":[0,""],"unlocked":null,"used":[[0,[[0,1]]]]}]}"#;
    let file = |body: &str| format!("{{\"format\":2,\"body\":{},\"latest\":[]}}\n{body}\n", body.len() + 1);
    assert_eq!(Uses::parse(file(number).as_bytes()), None, "a package that is not there");
    assert!(Uses::parse(file(&number.replace("[[0,1]]", "[]")).as_bytes()).is_some());
}

#[test]
fn it_lies_beside_the_stamp_of_the_same_workspace() {
    let (build, root) = (Path::new("/w/target"), Path::new("/w/nested"));
    let (uses, stamp) = (path(build, root), stamp::path(build, root));
    assert_eq!(uses.parent(), stamp.parent());
    let hash = |path: &Path| {
        path.file_name().expect("name").to_string_lossy().split_once('-').expect("-").1.to_owned()
    };
    assert_eq!(hash(&uses), hash(&stamp));
    assert_ne!(uses, stamp);
}
