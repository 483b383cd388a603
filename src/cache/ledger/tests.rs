//! The ledger's file: what is written is read, and whatever is not as it was written counts as absent.

use std::fs;
use std::path::Path;

use super::{
    AnswersRecord, Artifact, BuildRecord, FileRecord, InputRecord, Ledger, Listing, Place, UnitKey,
    UnitRecord, Watch, Where,
};
use crate::cache::digest::Digest;
use crate::cache::stat::{Stat, Time};

fn stat(changed: i64) -> Stat {
    Stat { size: 3, modified: Time(5), changed: Time(changed), inode: 7, device: 8 }
}

fn ledger(path: &Path) -> Ledger {
    let place = Place { base: Where::Workspace, path: path.into() };
    let unused = Place { base: Where::Absolute, path: Path::new("/elsewhere").into() };
    let digest = Digest::of(b"content");
    Ledger {
        files: vec![
            FileRecord { place: unused, stat: None, digest: None },
            FileRecord { place, stat: Some(stat(6)), digest: Some(digest) },
        ],
        units: vec![UnitRecord {
            key: UnitKey {
                profile: Path::new("debug").into(),
                package: "p".to_owned(),
                id: "0123456789abcdef".to_owned(),
            },
            built: Some(Time(9)),
            builds: vec![BuildRecord {
                name: "lib-p".to_owned(),
                rustc: 1,
                hash: 2,
                dependencies: vec![3],
                watch: Watch::DepInfo(Path::new("debug/.fingerprint/p/dep-lib-p").into()),
                inputs: vec![InputRecord {
                    file: 1,
                    digest: Some(digest),
                    modified: Time(5),
                    is_listed: true,
                }],
            }],
            artifacts: vec![Artifact {
                path: Path::new("debug/deps/libp.rlib").into(),
                stat: stat(6),
                digest,
            }],
        }],
        listings: vec![Listing { path: Path::new("debug/.fingerprint").into(), stat: Some(stat(6)) }],
        answers: Some(AnswersRecord { stat: stat(6), digest: Some(Digest::of(b"answers")) }),
        commands: vec![Digest::of(b"build")],
        took: 0,
        read_whole: None,
    }
}

fn paths() -> Vec<std::path::PathBuf> {
    let mut paths = vec![std::path::PathBuf::from("src/lib.rs")];
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        paths.push(std::ffi::OsStr::from_bytes(b"src/\xff\n.rs").into());
    }
    paths
}

#[test]
fn what_is_written_is_read() {
    for path in paths() {
        let ledger = ledger(&path);
        assert_eq!(Ledger::parse(&ledger.to_bytes().expect("bytes")), Some(ledger));
    }
    assert_eq!(Ledger::parse(&Ledger::default().to_bytes().expect("bytes")), Some(Ledger::default()));
}

#[test]
fn what_is_damaged_is_dropped() {
    let whole = ledger(Path::new("src/lib.rs")).to_bytes().expect("bytes");
    for length in 0..whole.len() {
        assert_eq!(Ledger::parse(&whole[..length]), None, "cut at {length}");
    }
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        assert_eq!(Ledger::parse(&flipped), None, "flipped at {at}");
    }
    assert_eq!(Ledger::parse(&[whole, vec![0]].concat()), None, "longer");
}

/// Whoever writes a ledger of his own can make its digest fit; it must not lead anywhere else.
#[test]
fn a_ledger_that_leads_out_of_the_build_dir_is_dropped() {
    let spoil: [fn(&mut Ledger); 9] = [
        |it| it.units[0].artifacts[0].path = Path::new("../../secret").into(),
        |it| it.units[0].artifacts[0].path = Path::new("/secret").into(),
        |it| it.units[0].builds[0].watch = Watch::Script(Path::new("debug/../../x").into()),
        |it| {
            it.units[0].builds[0].watch = Watch::Script(Path::new("release/.fingerprint/x/dep-lib-x").into())
        },
        |it| it.units[0].builds[0].watch = Watch::DepInfo(Path::new("debug/.cargo-lock").into()),
        |it| it.units[0].key.profile = Path::new("..").into(),
        |it| it.units[0].key.profile = Path::new("").into(),
        |it| it.units[0].key.profile = Path::new(".xcargo").into(),
        |it| it.units[0].builds[0].inputs[0].file = 2,
    ];
    for (number, spoil) in spoil.into_iter().enumerate() {
        let mut ledger = ledger(Path::new("src/lib.rs"));
        spoil(&mut ledger);
        assert_eq!(Ledger::parse(&ledger.to_bytes().expect("bytes")), None, "{number}");
    }
}

#[test]
fn a_package_named_as_a_hash_file_is_no_unfinished_build() {
    let listing = |path: &str| Listing { path: Path::new(path).into(), stat: None };
    let paths = [
        "debug/.fingerprint/p-0123456789abcdef/lib-p",
        "debug/.fingerprint/p-0123456789abcdef",
        "debug/build/p/0123456789abcdef/fingerprint/lib-p",
        "debug/build/lib-p",
        "debug/build/example-hello",
    ];
    let ledger = Ledger { listings: paths.map(listing).to_vec(), ..Ledger::default() };
    let unfinished: Vec<&Path> = ledger.unfinished().map(|(path, _)| path).collect();
    assert_eq!(unfinished, [Path::new(paths[0]), Path::new(paths[2])]);
}

#[test]
fn inputs_of_no_unit_are_forgotten() {
    let tidied = ledger(Path::new("src/lib.rs")).tidied();
    assert_eq!(tidied.files.len(), 1);
    assert_eq!(tidied.units[0].builds[0].inputs[0].file, 0);
}

/// A change within the tick in which the ledger was written would leave the same `stat`.
#[test]
fn what_changed_just_before_it_was_written_is_read_again() {
    let temp = tempfile::tempdir().expect("temp dir");
    let path = temp.path().join("ledger");
    for (before, is_believed) in [(1, false), (1_000, true)] {
        let mut ledger = ledger(Path::new("src/lib.rs"));
        let written = Time::now();
        let changed = written.0 - before * 1_000_000;
        ledger.files[1].stat = Some(stat(changed));
        fs::write(&path, ledger.to_bytes().expect("bytes")).expect("file");
        let file = fs::File::options().write(true).open(&path).expect("file");
        file.set_modified(written.system()).expect("time");
        let read = Ledger::read(&path).expect("ledger");
        assert_eq!(read.files[1].stat == Some(stat(changed)), is_believed, "{before} ms before");
        assert_eq!(read.files[1].digest, ledger.files[1].digest);
    }
    assert_eq!(Ledger::read(&temp.path().join("none")), None);
}
