//! Locks held by others, in each of the places where a cargo of some version holds one.

use std::fs::{self, File};
use std::path::Path;

use super::{Held, LOCK_FILES, are_free, try_lock};
use crate::cache::{Cache, Layout, ProfileDir};

fn profile(build_dir: &Path, triple: Option<&str>) -> ProfileDir {
    ProfileDir {
        path: build_dir.join(triple.unwrap_or_default()).join("debug"),
        triple: triple.map(str::to_owned),
        name: "debug".into(),
        layout: Layout::One,
        units: vec![],
        incremental: vec![],
        builds_std: false,
    }
}

fn cache(profiles: Vec<ProfileDir>) -> Cache {
    Cache { profiles, ..Cache::default() }
}

#[test]
fn a_running_cargo_of_any_version_keeps_us_out() {
    let temp = tempfile::tempdir().expect("temp dir");
    let (build, target) = (temp.path().join("b"), temp.path().join("t"));
    for dir in [build.join("debug"), build.join("x/debug"), target.join("debug"), target.join("x/debug")] {
        fs::create_dir_all(dir).expect("dir");
    }
    fs::write(target.join("debug/.cargo-artifact-lock"), "").expect("file");
    let seen = cache(vec![profile(&build, Some("x")), profile(&build, None)]);
    for (held, shared) in [
        (build.join("debug/.cargo-lock"), false),
        (build.join("debug/.cargo-build-lock"), false),
        (build.join("x/debug/.cargo-build-lock"), false),
        (build.join("debug/.cargo-build-lock"), true),
        (target.join("debug/.cargo-lock"), false),
        (target.join("debug/.cargo-lock"), true),
        (target.join("debug/.cargo-artifact-lock"), false),
    ] {
        let file =
            File::options().create(true).truncate(false).write(true).read(true).open(&held).expect("open");
        if shared { file.lock_shared() } else { file.lock() }.expect("lock");
        assert!(!are_free(&build, &target, &seen), "although {} was held", held.display());
        match try_lock(&build, &target, &seen).expect("try") {
            Held::Busy { path } => assert_eq!(path, held),
            Held::Locks(_) => panic!("locked although {} was held", held.display()),
        }
        file.unlock().expect("unlock");
        // All that had been taken before was given back.
        assert!(matches!(try_lock(&build, &target, &seen), Ok(Held::Locks(_))), "after {}", held.display());
    }
    assert!(!target.join("x/debug/.cargo-artifact-lock").exists(), "made although nobody needs it");
}

#[test]
fn to_ask_whether_somebody_builds_makes_no_file() {
    let temp = tempfile::tempdir().expect("temp dir");
    fs::create_dir_all(temp.path().join("debug")).expect("dir");
    assert!(are_free(temp.path(), temp.path(), &cache(vec![profile(temp.path(), None)])));
    for name in LOCK_FILES {
        assert!(!temp.path().join("debug").join(name).exists(), "{name}");
    }
}

#[test]
fn locks_are_held_until_dropped_and_cover_only_their_profile_dirs() {
    let temp = tempfile::tempdir().expect("temp dir");
    fs::create_dir_all(temp.path().join("debug")).expect("dir");
    fs::create_dir_all(temp.path().join("x/debug")).expect("dir");
    let seen = cache(vec![profile(temp.path(), None), profile(temp.path(), Some("x"))]);
    let held = try_lock(temp.path(), temp.path(), &seen).expect("try");
    let Held::Locks(locks) = held else { panic!("busy") };
    for name in [".cargo-lock", ".cargo-build-lock"] {
        let file = File::open(temp.path().join("debug").join(name)).expect("open");
        assert!(file.try_lock_shared().is_err(), "{name}");
    }
    for (path, covered) in [
        ("debug/deps/x", true),
        ("debug/deps/.cargo-lock", true),
        ("debug", false),
        ("debug/.cargo-lock", false),
        ("debug/.cargo-build-lock", false),
        ("debug/.cargo-artifact-lock", false),
        ("release/deps/x", false),
        ("debugger/x", false),
        ("x", false),
        ("x/debug/deps/x", true),
        ("x/debug/.cargo-lock", false),
        ("x/doc/index.html", true),
        ("x/other", false),
        ("y/doc", false),
        (".rustc_info.json", true),
        ("doc", true),
        ("package/x-1.0.0.crate", true),
        ("documents", false),
        ("CACHEDIR.TAG", false),
        (".xcargo/trash", false),
    ] {
        assert_eq!(locks.cover(temp.path(), Path::new(path)), covered, "{path}");
        assert!(!locks.cover(&temp.path().join("debug"), Path::new(path)), "another dir's {path}");
    }
    drop(locks);
    assert!(matches!(try_lock(temp.path(), temp.path(), &seen), Ok(Held::Locks(_))));
}

/// A user would lose what a cargo is writing there just now.
#[test]
fn only_what_is_really_locked_is_covered() {
    let temp = tempfile::tempdir().expect("temp dir");
    let (build, target) = (temp.path().join("b"), temp.path().join("t"));
    fs::create_dir_all(&build).expect("dir");
    fs::create_dir_all(target.join("debug")).expect("dir");
    let lock = File::create(target.join("debug/.cargo-lock")).expect("file");
    lock.lock().expect("lock");
    let seen = cache(vec![profile(&build, None)]);
    assert!(matches!(try_lock(&build, &target, &seen), Ok(Held::Busy { .. })));
    lock.unlock().expect("unlock");
    let Held::Locks(locks) = try_lock(&build, &target, &seen).expect("try") else { panic!("busy") };
    assert!(locks.cover(&target, Path::new("debug/app")) && lock.try_lock().is_err());
    assert!(!build.join("debug").exists(), "nothing was made");
    assert!(locks.hold_all(&seen));
    // Somebody begins to build.
    fs::create_dir_all(build.join("debug/deps")).expect("dir");
    assert!(!locks.cover(&build, Path::new("debug/deps")), "nothing is locked there");
    assert!(!locks.hold_all(&seen));
    // A directory that was removed and made again has another lock.
    fs::remove_dir_all(build.join("debug")).expect("gone");
    assert!(locks.hold_all(&seen));
    fs::remove_dir_all(target.join("debug")).expect("gone");
    fs::create_dir_all(target.join("debug")).expect("dir");
    File::create(target.join("debug/.cargo-lock")).expect("file");
    assert!(!locks.hold_all(&seen));
}

#[cfg(unix)]
#[test]
fn one_directory_by_two_names_is_locked_once() {
    let temp = tempfile::tempdir().expect("temp dir");
    let (build, target) = (temp.path().join("build"), temp.path().join("target"));
    fs::create_dir_all(build.join("debug")).expect("dir");
    std::os::unix::fs::symlink(&build, &target).expect("link");
    let held = try_lock(&build, &target, &cache(vec![profile(&build, None)])).expect("try");
    assert!(matches!(held, Held::Locks(_)), "we stood in our own way: {held:?}");
}

#[cfg(unix)]
#[test]
fn a_lock_that_is_a_link_is_refused_and_nothing_is_made_behind_it() {
    let temp = tempfile::tempdir().expect("temp dir");
    fs::create_dir_all(temp.path().join("debug")).expect("dir");
    let outside = temp.path().join("outside");
    std::os::unix::fs::symlink(&outside, temp.path().join("debug/.cargo-lock")).expect("link");
    let error =
        try_lock(temp.path(), temp.path(), &cache(vec![profile(temp.path(), None)])).expect_err("a link");
    assert!(error.to_string().contains(".cargo-lock"), "{error}");
    assert!(!outside.exists());
}
