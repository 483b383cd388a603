//! What must never happen to files that are not the cache's, and what must happen to those that are.

#[cfg(target_os = "linux")]
mod hostile;
#[cfg(unix)]
mod unix;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{Cause, Removal, RemovalError};
use crate::cache::has_trash;
use crate::cache::locks::{Held, Locks, try_lock};
use crate::cache::{Cache, Entry, Layout, ProfileDir, Size, Tally};

struct Fixture {
    temp: tempfile::TempDir,
    locks: Locks,
}

impl Fixture {
    fn new(files: &[&str]) -> Self {
        let temp = tempfile::tempdir().expect("temp dir");
        let build = temp.path().join("build");
        fs::create_dir_all(build.join("debug")).expect("dir");
        fs::create_dir(temp.path().join("outside")).expect("dir");
        fs::write(temp.path().join("outside/precious"), "precious").expect("file");
        for file in files {
            let path = build.join(file);
            fs::create_dir_all(path.parent().expect("parent")).expect("dir");
            fs::write(path, "1234").expect("file");
        }
        let profile = ProfileDir {
            path: build.join("debug"),
            triple: None,
            name: "debug".into(),
            layout: Layout::One,
            units: vec![],
            incremental: vec![],
            builds_std: false,
        };
        let Held::Locks(locks) =
            try_lock(&build, &build, &Cache { profiles: vec![profile], ..Cache::default() }).expect("lock")
        else {
            panic!("busy")
        };
        Self { temp, locks }
    }

    fn build(&self) -> PathBuf {
        self.temp.path().join("build")
    }

    fn removal(&self) -> Removal {
        Removal::at(&self.build()).expect("open")
    }

    /// Both phases.
    fn remove(&self, entries: &[Entry]) -> Result<Size, RemovalError> {
        let taken = self.removal().take(&self.locks, entries)?;
        Ok(taken + self.removal().empty_trash(&|_| {})?)
    }

    /// All names below the build dir, but for the locks.
    fn left(&self) -> Vec<String> {
        let mut names = Vec::new();
        walk(&self.build(), &self.build(), &mut names);
        names.retain(|name| !name.contains(".cargo-"));
        names.sort();
        names
    }
}

fn walk(root: &Path, dir: &Path, names: &mut Vec<String>) {
    for entry in fs::read_dir(dir).expect("list") {
        let path = entry.expect("entry").path();
        names.push(path.strip_prefix(root).expect("below").to_string_lossy().into_owned());
        if path.symlink_metadata().expect("meta").is_dir() {
            walk(root, &path, names);
        }
    }
}

fn file(path: &str) -> Entry {
    Entry::File(path.into())
}

fn dir(path: &str) -> Entry {
    Entry::Tree(path.into())
}

#[test]
fn what_was_counted_before_is_what_is_removed() {
    let fixture =
        Fixture::new(&["debug/deps/a", "debug/deps/b", "debug/build/x/out/g", "debug/build/x/out/h"]);
    let build = fixture.build();
    fs::hard_link(build.join("debug/build/x/out/g"), build.join("debug/build/x/again")).expect("hard link");
    fs::hard_link(build.join("debug/deps/a"), build.join("debug/uplifted")).expect("hard link");
    let entries =
        [file("debug/deps/a"), dir("debug/build/x"), file("debug/deps/none"), dir("debug/none/none")];
    let mut tally = Tally::default();
    let planned = entries.iter().fold(Size::default(), |sum, entry| sum + tally.entry(&build, entry));
    let taken = fixture.removal().take(&fixture.locks, &entries).expect("take");
    assert_eq!(taken, Size { files: 1, bytes: 0 }, "`uplifted` keeps what `deps/a` held");
    assert!(!build.join("debug/build/x").exists() && has_trash(&build));
    let told = std::sync::Mutex::new(Vec::new());
    let emptied =
        fixture.removal().empty_trash(&|size| told.lock().expect("told").push(size)).expect("empty");
    assert_eq!(emptied, Size { files: 3, bytes: 8 });
    assert_eq!(told.into_inner().expect("told").last(), Some(&emptied));
    assert_eq!(taken + emptied, planned);
    let left = ["debug", "debug/build", "debug/deps", "debug/deps/b", "debug/uplifted", ".xcargo"];
    let mut left: Vec<String> = left.map(str::to_owned).to_vec();
    left.sort();
    assert_eq!(fixture.left(), left);
    assert!(!has_trash(&build));
}

#[test]
fn what_is_not_the_caches_is_refused() {
    let fixture = Fixture::new(&["debug/deps/a", "debug/build/x/g", "release/deps/a", ".xcargo/stamp"]);
    let before = fixture.left();
    let outside = fixture.temp.path().join("outside/precious");
    for entry in [
        Entry::File(outside.clone()),
        Entry::Tree(outside.clone()),
        file("../outside/precious"),
        file("debug/../../outside/precious"),
        file("release/deps/a"),
        dir("release"),
        dir("debug"),
        dir(""),
        dir("."),
        dir(".xcargo"),
        file("debug/deps"),
        dir("debug/deps/a"),
        file("debug/deps/a/b"),
    ] {
        let error = fixture.remove(std::slice::from_ref(&entry)).expect_err("refused");
        let expected =
            matches!(error.cause, Cause::Outside | Cause::NotLocked | Cause::NotAFile | Cause::NotADirectory);
        assert!(expected, "{entry:?}: {error:?}");
        assert_eq!(
            fixture.left().into_iter().filter(|name| !name.ends_with("trash")).collect::<Vec<_>>(),
            before
        );
    }
    assert!(outside.exists());
}

#[test]
fn an_error_says_what_was_done_before_it() {
    let fixture = Fixture::new(&["debug/deps/a", "debug/deps/b", "debug/deps/c"]);
    let error = fixture.remove(&[file("debug/deps/a"), dir("debug/deps/b"), file("debug/deps/c")]);
    let error = error.expect_err("not a directory");
    assert_eq!(error.done, Size { files: 1, bytes: 4 });
    assert_eq!(error.path, fixture.build().join("debug/deps/b"));
    assert!(fixture.build().join("debug/deps/c").exists());
}

/// The one file outside of the profile dirs that may go.
#[test]
fn the_record_of_the_compiler_goes_and_nothing_beside_it() {
    let fixture = Fixture::new(&[".rustc_info.json", "CACHEDIR.TAG", "debug/deps/a"]);
    let size = fixture.remove(&[file(".rustc_info.json")]).expect("removed");
    assert_eq!(size, Size { files: 1, bytes: 4 });
    assert_eq!(fixture.left(), ["CACHEDIR.TAG", "debug", "debug/deps", "debug/deps/a"]);
}

#[test]
fn another_build_dirs_locks_are_not_enough() {
    let (fixture, other) = (Fixture::new(&["debug/deps/a"]), Fixture::new(&[]));
    let result = fixture.removal().take(&other.locks, &[file("debug/deps/a")]);
    assert!(matches!(result, Err(RemovalError { cause: Cause::NotLocked, .. })), "{result:?}");
}

#[test]
fn a_package_directory_goes_with_its_last_unit() {
    let fixture = Fixture::new(&["debug/build/a/1/x", "debug/build/a/2/x"]);
    let package = Entry::EmptyDir("debug/build/a".into());
    fixture.remove(&[dir("debug/build/a/1"), package.clone()]).expect("remove");
    assert!(fixture.build().join("debug/build/a/2/x").exists());
    fixture.remove(&[dir("debug/build/a/2"), package.clone(), package]).expect("remove");
    assert!(!fixture.build().join("debug/build/a").exists());
}

#[test]
fn an_interrupted_emptying_is_finished() {
    let fixture = Fixture::new(&[".xcargo/trash/1-0/out/x", ".xcargo/trash/1-1", ".xcargo/stamp", "debug/x"]);
    assert!(has_trash(&fixture.build()));
    let done = fixture.removal().empty_trash(&|_| {}).expect("empty");
    assert_eq!(done, Size { files: 2, bytes: 8 });
    assert!(!has_trash(&fixture.build()));
    assert_eq!(fixture.removal().empty_trash(&|_| {}).expect("again"), Size::default());
    assert_eq!(fixture.left(), [".xcargo", ".xcargo/stamp", "debug", "debug/x"]);
}

#[test]
fn a_name_in_the_trash_that_is_taken_is_not_overwritten() {
    let taken = format!(".xcargo/trash/{}-0/x", std::process::id());
    let fixture = Fixture::new(&["debug/build/a/x", &taken]);
    fixture.removal().take(&fixture.locks, &[dir("debug/build/a")]).expect("take");
    assert!(fixture.build().join(taken).exists(), "another removal's");
    assert!(!fixture.build().join("debug/build/a").exists());
    assert!(has_trash(&fixture.build()));
}

#[test]
fn several_may_empty_the_same_trash() {
    let names: Vec<String> = (0..300).map(|n| format!(".xcargo/trash/{}-{n}/out/{}", n % 7, n % 3)).collect();
    let units: Vec<String> = (0..100).map(|n| format!("debug/build/{n}/x")).collect();
    let names: Vec<&str> = names.iter().chain(&units).map(String::as_str).collect();
    let fixture = Fixture::new(&names);
    let entries: Vec<Entry> = (0..100).map(|n| dir(&format!("debug/build/{n}"))).collect();
    let removed = std::thread::scope(|scope| {
        let empty = || fixture.removal().empty_trash(&|_| {});
        let threads = [scope.spawn(empty), scope.spawn(empty), scope.spawn(empty)];
        let mut done = fixture.remove(&entries).expect("remove").files;
        for thread in threads {
            done += thread.join().expect("no panic").expect("empty").files;
        }
        done
    });
    // Each file was removed by one of them; who was told of it may differ where two met, but never more than there were.
    assert!(removed <= 400, "{removed}");
    fixture.removal().empty_trash(&|_| {}).expect("empty");
    assert_eq!(fixture.left(), [".xcargo", "debug", "debug/build"]);
}
