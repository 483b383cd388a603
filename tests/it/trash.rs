//! The process that empties the trash in the background: it does, it outlives who started it, and it does nothing else.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use fs_err as fs;
use xcargo::apply::removal::Removal;
use xcargo::cache::has_trash;
use xcargo::invocation::EMPTY_TRASH;

const XCARGO: &str = env!("CARGO_BIN_EXE_xcargo");

/// A dir with a trash of this many directories, and things beside it that are nobody's business.
fn dir_with_trash(dirs: usize) -> (tempfile::TempDir, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("target");
    for n in 0..dirs {
        let trash = dir.join(format!(".xcargo/trash/{n}/out"));
        fs::create_dir_all(&trash).unwrap();
        for file in 0..10 {
            fs::write(trash.join(file.to_string()), "1234").unwrap();
        }
    }
    fs::create_dir_all(dir.join("debug/deps")).unwrap();
    for file in [".xcargo/stamp", "debug/deps/a", "precious"] {
        fs::create_dir_all(dir.join(file).parent().unwrap()).unwrap();
        fs::write(dir.join(file), file).unwrap();
    }
    (temp, dir)
}

fn wait_until_empty(dir: &Path) {
    // Until the tests' own time is up: how long it takes is the machine's business.
    while has_trash(dir) {
        std::thread::sleep(Duration::from_millis(5));
    }
    for file in [".xcargo/stamp", "debug/deps/a", "precious"] {
        assert!(dir.join(file).is_file(), "{file}");
    }
}

fn by_hand(stdin: impl Into<Stdio>) -> Output {
    Command::new(XCARGO).arg(EMPTY_TRASH).stdin(stdin).output().unwrap()
}

#[test]
fn it_empties_the_trash_and_nothing_else() {
    let (_temp, dir) = dir_with_trash(50);
    Removal::at(&dir).unwrap().empty_in_background(Path::new(XCARGO)).unwrap();
    wait_until_empty(&dir);
}

/// A process that was started by one that is gone, in a session of its own, and that gives way to all others.
#[test]
fn it_is_on_its_own_and_gives_way() {
    let (_temp, dir) = dir_with_trash(1500);
    Removal::at(&dir).unwrap().empty_in_background(Path::new(XCARGO)).unwrap();
    let mut seen = false;
    while has_trash(&dir) && !seen {
        seen = fs::read_dir("/proc")
            .unwrap()
            .filter_map(Result::ok)
            .any(|entry| is_at_work(&entry.path(), &dir));
    }
    assert!(seen, "it was never seen in a session of its own with the lowest priority");
    wait_until_empty(&dir);
}

/// Whether this process empties the trash of that dir, leads its session, and is as nice as can be.
fn is_at_work(process: &Path, dir: &Path) -> bool {
    let Some(pid) = process.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()) else {
        return false;
    };
    // After the name in parentheses: state, parent, group, session, …, and at 19 the niceness.
    let Ok(stat) = fs::read_to_string(process.join("stat")) else { return false };
    let Some((_, rest)) = stat.rsplit_once(") ") else { return false };
    let fields: Vec<&str> = rest.split(' ').collect();
    fs::read_link(process.join("fd/0")).is_ok_and(|stdin| stdin == dir)
        && fields.get(3) == Some(&pid.to_string().as_str())
        && fields.get(16) == Some(&"19")
}

/// Killed at any point, the next one goes on.
#[test]
fn killed_half_way_the_next_one_finishes() {
    let (_temp, dir) = dir_with_trash(1500);
    let trash = dir.join(".xcargo/trash");
    let mut child = Command::new(XCARGO).arg(EMPTY_TRASH).stdin(File::open(&dir).unwrap()).spawn().unwrap();
    while fs::read_dir(&trash).map_or(0, Iterator::count) > 1400 {}
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success(), "it was killed before it was done");
    assert!(has_trash(&dir));
    assert!(by_hand(File::open(&dir).unwrap()).status.success());
    wait_until_empty(&dir);
}

#[test]
fn while_somebody_else_empties_it_keeps_away() {
    let (_temp, dir) = dir_with_trash(3);
    let own = xcargo::cache::locks::try_own(&dir).unwrap();
    assert!(by_hand(File::open(&dir).unwrap()).status.success());
    assert_eq!(fs::read_dir(dir.join(".xcargo/trash")).unwrap().count(), 3);
    drop(own);
    assert!(by_hand(File::open(&dir).unwrap()).status.success());
    wait_until_empty(&dir);
}

/// Anybody may call it, with anything.
#[test]
fn it_is_harmless_whatever_it_is_given() {
    let (temp, dir) = dir_with_trash(3);
    let elsewhere = temp.path().join("elsewhere");
    fs::create_dir_all(elsewhere.join("trash/precious")).unwrap();
    let link = temp.path().join("link");
    fs::create_dir(&link).unwrap();
    std::os::unix::fs::symlink(&elsewhere, link.join(".xcargo")).unwrap();
    for (case, stdin) in [
        ("nothing", Stdio::null()),
        ("a file", File::open(dir.join("precious")).unwrap().into()),
        ("a pipe", Stdio::piped()),
        ("a dir whose own dir is a link", File::open(&link).unwrap().into()),
    ] {
        assert!(!by_hand(stdin).status.success(), "{case}");
    }
    assert!(by_hand(File::open(&elsewhere).unwrap()).status.success(), "no trash is no error");
    assert!(elsewhere.join("trash/precious").exists() && has_trash(&dir));
    // Only as the whole command line is it meant for xcargo; else it is cargo's to refuse.
    let output = Command::new(XCARGO)
        .args([EMPTY_TRASH, "x"])
        .stdin(File::open(&dir).unwrap())
        .current_dir(temp.path())
        .output()
        .unwrap();
    assert!(!output.status.success() && has_trash(&dir));
}
