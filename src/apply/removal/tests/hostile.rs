//! What a trash may hold that makes emptying it hard: depth, mounts, pipes, closed directories, a file that stays.
#![allow(clippy::print_stderr, reason = "what could not be tested on this machine is said")]

use std::os::unix::fs::{PermissionsExt, chown};
use std::process::Command;

use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat, openat};
use rustix::thread::{set_thread_res_gid, set_thread_res_uid};

use super::*;

/// A recursion would overflow the stack or run out of descriptors, and the path is far too long for any call.
#[test]
fn ten_thousand_levels_are_no_obstacle() {
    let fixture = Fixture::new(&["debug/build/x/a"]);
    let top = fixture.build().join("debug/build/x");
    let mut dir = openat(CWD, &top, OFlags::DIRECTORY, Mode::empty()).expect("open");
    for _ in 0..10_000 {
        rustix::fs::mkdirat(&dir, "d", Mode::RWXU).expect("mkdir");
        dir = openat(&dir, "d", OFlags::DIRECTORY, Mode::empty()).expect("open");
    }
    openat(&dir, "file", OFlags::CREATE | OFlags::RDWR, Mode::RUSR).expect("file");
    drop(dir);
    assert_eq!(fixture.remove(&[tree("debug/build/x")]).expect("remove").files, 2);
    assert!(!has_trash(&fixture.build()));
}

fn tree(path: &str) -> Entry {
    super::dir(path)
}

#[test]
fn wide_and_deep_trees_go_whole() {
    let names: Vec<String> = (0..900)
        .map(|n| format!(".xcargo/trash/{}/{}/{}/b/c/d/e/f/g/h/i/j/{n}", n % 5, n % 7, n % 11))
        .collect();
    let fixture = Fixture::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let done = fixture.removal().empty_trash(&|_| {}).expect("empty");
    assert_eq!(done, Size { files: 900, bytes: 3600 });
    assert!(!has_trash(&fixture.build()));
}

/// Two threads that remove two names of one file at the same time must not both leave its bytes to the other.
#[test]
fn hard_links_count_once_on_all_cores() {
    let names: Vec<String> = (0..200).map(|n| format!(".xcargo/trash/a{n}/x")).collect();
    let fixture = Fixture::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let trash = fixture.build().join(".xcargo/trash");
    for n in 0..200 {
        for other in ["b", "c"] {
            let dir = trash.join(format!("{other}{n}"));
            fs::create_dir(&dir).expect("dir");
            fs::hard_link(trash.join(format!("a{n}/x")), dir.join("x")).expect("link");
        }
    }
    let done = fixture.removal().empty_trash(&|_| {}).expect("empty");
    assert_eq!(done, Size { files: 600, bytes: 800 });
}

#[test]
fn pipes_and_sockets_are_unlinked_and_never_opened() {
    let fixture = Fixture::new(&[".xcargo/trash/a/x"]);
    let pipe = fixture.build().join(".xcargo/trash/a/pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RWXU, 0).expect("pipe");
    assert_eq!(fixture.removal().empty_trash(&|_| {}).expect("empty").files, 2);
}

/// Runs as a user without root's rights, on this thread and those that it starts only.
fn as_nobody(act: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            if rustix::process::geteuid().is_root() {
                let (uid, gid) = (rustix::fs::Uid::from_raw(65534), rustix::fs::Gid::from_raw(65534));
                set_thread_res_gid(gid, gid, gid).expect("group");
                set_thread_res_uid(uid, uid, uid).expect("user");
            }
            act();
        });
        thread.join().expect("as nobody");
    });
}

/// Gives a whole fixture away, so that nobody's thread may remove what is in it.
fn give_away(fixture: &Fixture) {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let mut names = Vec::new();
    walk(fixture.temp.path(), fixture.temp.path(), &mut names);
    for path in names.iter().map(|name| fixture.temp.path().join(name)).chain([fixture.temp.path().into()]) {
        chown(path, Some(65534), Some(65534)).expect("chown");
    }
}

/// Root may do all of this anyway; a user could not get rid of such a trash.
#[test]
fn closed_directories_open_for_their_owner() {
    let fixture = Fixture::new(&[
        "debug/build/x/out/closed/a/file",
        "debug/build/x/out/unsearchable/b/file",
        "debug/build/x/out/read-only/c/d/file",
        "debug/build/x/out/empty/e/file",
    ]);
    let out = fixture.build().join("debug/build/x/out");
    give_away(&fixture);
    fs::remove_file(out.join("empty/e/file")).expect("remove");
    for (name, mode) in [
        ("closed/a", 0o000),
        ("closed", 0o000),
        ("unsearchable", 0o400),
        ("read-only/c/d", 0o555),
        ("read-only/c", 0o555),
        ("read-only", 0o555),
        ("empty/e", 0o000),
        ("empty", 0o500),
    ] {
        fs::set_permissions(out.join(name), fs::Permissions::from_mode(mode)).expect("chmod");
    }
    as_nobody(|| assert_eq!(fixture.remove(&[tree("debug/build/x")]).expect("remove").files, 3));
    assert!(!has_trash(&fixture.build()));
}

/// What cannot be deleted is named, and all else goes nevertheless.
#[test]
fn denied_half_way_the_rest_goes_and_the_obstacle_is_named() {
    let fixture = Fixture::new(&[".xcargo/trash/1/foreign/file", ".xcargo/trash/1/x", ".xcargo/trash/2/y/z"]);
    if !rustix::process::geteuid().is_root() {
        return eprintln!("NOT TESTED: only root can make another user's files");
    }
    give_away(&fixture);
    let foreign = fixture.build().join(".xcargo/trash/1/foreign");
    chown(&foreign, Some(0), Some(0)).expect("chown");
    as_nobody(|| {
        let error = fixture.removal().empty_trash(&|_| {}).expect_err("another user's");
        assert_eq!(error.path, foreign.join("file"));
        assert!(matches!(&error.cause, Cause::Io(error) if error.kind() == io::ErrorKind::PermissionDenied));
        assert_eq!(error.done, Size { files: 2, bytes: 8 });
    });
    assert!(foreign.join("file").exists() && !fixture.build().join(".xcargo/trash/2").exists());
    chown(&foreign, Some(65534), Some(65534)).expect("chown");
    as_nobody(|| assert_eq!(fixture.removal().empty_trash(&|_| {}).expect("now").files, 1));
    assert!(!has_trash(&fixture.build()));
}

/// Runs a script in a mount namespace of its own; `false` where the system gives none.
fn in_namespace(script: &str, args: &[&Path]) -> bool {
    let works = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    if !works(Command::new("unshare").args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"])) {
        eprintln!("NOT TESTED: mounts need root's rights or namespaces, which this machine does not give");
        return false;
    }
    let output = Command::new("unshare").args(["-m", "sh", "-euc", script, "sh"]).args(args).output();
    let output = output.expect("unshare");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

/// The part of the tests below that runs inside; it does nothing where it was not told what.
#[test]
fn inside() {
    let Some(build) = std::env::var_os("XCARGO_TEST_INSIDE").map(PathBuf::from) else { return };
    match std::env::var("XCARGO_TEST_CASE").expect("case").as_str() {
        "mount" => {
            let removal = Removal::at(&build).expect("open");
            let error = removal.empty_trash(&|_| {}).expect_err("a mount");
            assert!(matches!(error.cause, Cause::MountPoint), "{error:?}");
            assert!(error.path.starts_with(build.join(".xcargo/trash/1")), "{error:?}");
            assert_eq!(error.done.files, 1, "what is beside it");
        }
        "full" => full(&build),
        case => panic!("{case}"),
    }
}

const INSIDE: &str = "exec \"$2\" --exact apply::removal::tests::hostile::inside --nocapture";

/// A user would lose what is mounted into the build dir.
#[test]
fn what_is_mounted_in_the_trash_stays() {
    let fixture =
        Fixture::new(&[".xcargo/trash/1/a/bind/x", ".xcargo/trash/1/a/tmpfs/x", ".xcargo/trash/1/b/y"]);
    let outside = fixture.temp.path().join("outside");
    let script = "cd \"$1/.xcargo/trash/1/a\"; rm bind/x tmpfs/x; mount --bind \"$3\" bind; mount -t tmpfs none tmpfs; \
         echo precious > tmpfs/precious; export XCARGO_TEST_INSIDE=\"$1\" XCARGO_TEST_CASE=mount; \
         \"$2\" --exact apply::removal::tests::hostile::inside --nocapture; test -f tmpfs/precious";
    let me = std::env::current_exe().expect("this program");
    if in_namespace(script, &[&fixture.build(), &me, &outside]) {
        assert!(outside.join("precious").exists());
    }
}

/// On a disk without room for a trash the directories go where they are, and the next build works.
#[test]
fn a_full_disk_can_be_cleaned() {
    let fixture = Fixture::new(&[]);
    let script = format!(
        "mount -t tmpfs -o size=1m,nr_inodes=200 none \"$1\"; \
         export XCARGO_TEST_INSIDE=\"$1\" XCARGO_TEST_CASE=full; {INSIDE}"
    );
    let me = std::env::current_exe().expect("this program");
    in_namespace(&script, &[&fixture.build(), &me]);
}

/// No inode is left; a run of a build script and an old session are to go.
fn full(build: &Path) {
    for file in
        ["debug/build/x/output", "debug/build/x/out/g", "debug/incremental/y/s/z", "debug/.cargo-lock"]
    {
        let path = build.join(file);
        fs::create_dir_all(path.parent().expect("parent")).expect("dir");
        fs::write(path, "1234").expect("file");
    }
    let cache = crate::cache::read(build, build).expect("read");
    let Held::Locks(locks) = try_lock(build, build, &cache).expect("lock") else { panic!("busy") };
    let filled = (0..).find(|n| File::create(build.join(format!("debug/filler-{n}"))).is_err());
    assert!(filled > Some(0));
    let removal = Removal::at(build).expect("open");
    let taken = removal.take(&locks, &[tree("debug/build/x")]).expect("take in place");
    assert_eq!(taken, Size { files: 2, bytes: 8 });
    assert!(!build.join("debug/build/x").exists() && !has_trash(build));
    // Now there is room.
    let taken = removal.take(&locks, &[tree("debug/incremental/y")]).expect("take");
    assert!(taken.files == 0 && has_trash(build), "{taken:?}");
}
