//! That the proof is of a directory and not of a path: exchanged parents, hostile and very long names, other spellings.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::PathBuf;

use super::{OutOfBounds, Place, State};

#[test]
fn what_is_put_in_its_place_after_the_proof_is_another_directory() {
    let place = Place::new();
    let at = |path: &str| place.root.join(path);
    place.build("ws/sub/target");
    place.write("precious/target/debug/mine", "mine");
    let proven = place.prove("sub/target", &[]).expect("ours");
    fs::rename(at("ws/sub"), at("ws/moved")).expect("the parent moves");
    symlink(at("precious"), at("ws/sub")).expect("a link in its place");
    let handle = proven.handle().expect("it is held open");
    assert!(!handle.exists("debug/mine") && handle.exists("debug/.cargo-lock"));
    let (held, moved) =
        (handle.dir_metadata().expect("it"), fs::metadata(at("ws/moved/target")).expect("it"));
    assert_eq!(cap_std::fs::MetadataExt::ino(&held), moved.ino());
    assert!(matches!(place.prove("sub/target", &[]), Err(OutOfBounds::ThroughLink { .. })));
}

#[test]
fn hostile_names_are_names_like_others() {
    let longest = OsString::from("n".repeat(255));
    for name in [
        OsStr::from_bytes(b"\xff\xfe"),
        OsStr::new("two\nlines"),
        OsStr::new("-rf"),
        OsStr::new("..."),
        OsStr::new(" "),
        OsStr::new("~"),
        OsStr::new("*"),
        OsStr::new("a\\b"),
        OsStr::new("\u{1b}[31m"),
        // Composed and decomposed, which some file systems take for one.
        OsStr::new("\u{e9}"),
        OsStr::new("e\u{301}"),
        &longest,
    ] {
        let place = Place::new();
        let dir = place.root.join("ws").join(name);
        assert_eq!(place.prove(name, &[]).expect("absent").state(), State::Absent, "{name:?}");
        fs::create_dir(&dir).expect("a directory");
        assert_eq!(place.prove(name, &[]).expect("empty").state(), State::Empty, "{name:?}");
        fs::write(dir.join(".rustc_info.json"), "{}").expect("a mark");
        assert_eq!(place.prove(name, &[]).expect("cargo's").path(), dir);
        assert!(matches!(place.prove(PathBuf::from("..").join(name), &[]), Err(OutOfBounds::Outside { .. })));
    }
}

#[test]
fn names_that_no_file_system_has_are_refused() {
    let place = Place::new();
    let long: PathBuf = std::iter::repeat_n("d", 3000).collect();
    for dir in [PathBuf::from("n".repeat(256)), PathBuf::from(OsStr::from_bytes(b"a\0b")), long] {
        let refused = place.prove(&dir, &["."]).expect_err("no name");
        assert!(matches!(refused, OutOfBounds::Unresolved { .. }), "{refused:?}");
    }
}

/// Longer than any path may be, by nesting: reached by handles only, and no way round the rules.
#[test]
fn a_tree_that_no_path_reaches_is_no_obstacle() {
    let place = Place::new();
    place.build("ws/target");
    let mut dir =
        cap_std::fs::Dir::open_ambient_dir(place.root.join("ws/target/debug"), cap_std::ambient_authority())
            .expect("a directory");
    let name = "d".repeat(200);
    for _ in 0..40 {
        dir.create_dir(&name).expect("a directory");
        dir = dir.open_dir(&name).expect("a directory");
    }
    dir.write("Cargo.toml", "").expect("a file");
    place.prove("target", &[]).expect("ours");
}

/// `/home` is often searchable and not readable.
#[test]
fn directories_above_need_not_be_readable() {
    let place = Place::new();
    place.build("ws/closed/target");
    let closed = place.root.join("ws/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o311)).expect("chmod");
    let proven = place.prove("closed/target", &[]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("chmod");
    proven.expect("ours");
}

/// A file, a pipe, a socket: nothing hangs, nothing is taken for a directory or a mark.
#[test]
fn what_is_no_directory_and_no_file_is_neither() {
    let place = Place::new();
    let at = |path: &str| place.root.join(path);
    let pipe = |path: &str| {
        let made = std::process::Command::new("mkfifo").arg(at(path)).status().expect("mkfifo");
        assert!(made.success());
    };
    pipe("ws/pipe");
    assert!(matches!(place.prove("pipe", &[]), Err(OutOfBounds::NotADirectory { .. })));
    assert!(matches!(
        place.prove("pipe/target", &[]),
        Err(OutOfBounds::Unresolved { .. } | OutOfBounds::NotADirectory { .. })
    ));
    fs::create_dir_all(at("ws/odd/debug")).expect("directories");
    for mark in ["ws/odd/CACHEDIR.TAG", "ws/odd/.rustc_info.json", "ws/odd/debug/.cargo-lock"] {
        pipe(mark);
    }
    assert!(matches!(place.prove("odd", &[]), Err(OutOfBounds::Strange { .. })));
}
