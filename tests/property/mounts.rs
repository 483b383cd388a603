//! Mounts inside a target dir, real ones: what is mounted there is not the target dir's.
//!
//! They are made in a mount namespace of the test's own, by this very test program started again through `unshare`, so that
//! nobody else sees them. Where the system does not allow that, the test says so on standard error, whatever captures the
//! output of tests, and checks what needs no mount of its own.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use xcargo::cache::Entry;
use xcargo::workspace::bounds::OutOfBounds;

use super::arena::Arena;
use super::attempt::{prepare, prove};
use super::snapshot::{self, Snapshot};

/// Set for the program that runs in the namespace.
const INSIDE: &str = "XCARGO_PROPERTY_IN_NAMESPACE";

#[test]
fn what_is_mounted_in_a_target_dir_stays() {
    if std::env::var_os(INSIDE).is_some() {
        return mounted();
    }
    let program = std::env::current_exe().unwrap();
    let may = Command::new("unshare").args(["-rm", "true"]).output();
    if !may.as_ref().is_ok_and(|output| output.status.success()) {
        // Not by `eprintln!`, which the test harness keeps for itself.
        let _ = writeln!(
            std::io::stderr(),
            "\nNOT CHECKED: removals beside real mounts, as this system allows no mount namespaces (`unshare -rm`: {may:?})\n"
        );
        return without_mounts();
    }
    let run = Command::new("unshare")
        .arg("-rm")
        .arg(program)
        .args(["--exact", "mounts::what_is_mounted_in_a_target_dir_stays", "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let shown = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(
        run.status.success() && shown.contains("1 passed") && shown.contains("all mounts were tried"),
        "{shown}"
    );
}

/// That the device of a directory is looked at, on one that is mounted anyway: `/proc` holds no target dir.
fn without_mounts() {
    let arena = Arena::new(None);
    assert!(matches!(prove(&arena, Path::new("/proc")), Err(OutOfBounds::Outside { .. })));
    assert!(matches!(prove(&arena, Path::new("/proc/self")), Err(OutOfBounds::Link { .. })));
}

fn mount(args: &[&str], at: &Path) {
    let output = Command::new("mount").args(args).arg(at).output().unwrap();
    assert!(output.status.success(), "mount {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn umount(at: &Path) {
    assert!(Command::new("umount").arg(at).status().unwrap().success());
}

fn outside(arena: &Arena) -> Snapshot {
    let mut all = snapshot::take(&arena.root);
    all.retain(|path, _| !path.starts_with("ws/target"));
    all
}

fn mounted() {
    let arena = Arena::new(None);
    let target = arena.root.join("ws/target");
    let outside_dir = arena.root.join("outside");
    let bind: &[&str] = &["--bind", outside_dir.to_str().unwrap()];
    let tmpfs: &[&str] = &["-t", "tmpfs", "none"];
    for what in [bind, tmpfs] {
        for place in [
            "debug",
            "debug/deps",
            "debug/build/a-0123456789abcdef",
            "debug/build/a-0123456789abcdef/out",
            ".xcargo",
            "doc",
            "notes",
        ] {
            arena.clear();
            let unit = "a-0123456789abcdef";
            for file in [
                "debug/.cargo-lock",
                "release/.cargo-lock",
                "debug/deps/liba-0123456789abcdef.rlib",
                &format!("debug/build/{unit}/out/x"),
                &format!("debug/.fingerprint/{unit}/lib-a.json"),
                "doc/index.html",
                "notes/x",
                ".xcargo/stamp-0",
            ] {
                let path = target.join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, r#"{"rustc":7,"deps":[],"local":[]}"#).unwrap();
            }
            let at = target.join(place);
            mount(what, &at);
            if what == tmpfs {
                // What a mount of its own holds, which looks like cargo's.
                fs::create_dir_all(at.join("deps")).unwrap();
                fs::write(at.join("deps/precious"), "mine").unwrap();
                fs::write(at.join(".cargo-lock"), "").unwrap();
            }
            let inside = snapshot::take(&at);
            let survivors = outside(&arena);
            let what = format!("{what:?} at {place}");
            let own = prove(&arena, &target).unwrap_or_else(|out| panic!("{what}: {out:?}"));
            assert!(matches!(own.is_closed(), Err(OutOfBounds::MountInside { .. })), "{what}");
            let ready = prepare(&arena, &target).unwrap_or_else(|why| panic!("{what}: {why:?}"));
            let mut entries = ready.everything();
            let dirs =
                ["debug/deps", "debug/build", "debug/.fingerprint", "doc", "notes", "debug/deps/precious"];
            entries.extend(dirs.iter().map(|dir| Entry::Tree(dir.into())));
            for entry in &entries {
                ready.remove(std::slice::from_ref(entry));
            }
            ready.empty_trash();
            drop(ready);
            // It may have been moved into the trash with what is around it; there it stays mounted, and whole.
            let still = fs::read_to_string("/proc/self/mountinfo").unwrap();
            let now = still
                .lines()
                .filter_map(|line| line.split(' ').nth(4))
                .find(|path| Path::new(path).starts_with(&target))
                .unwrap_or_else(|| panic!("{what}: it is no longer mounted"))
                .to_owned();
            let mut left = snapshot::take(Path::new(&now));
            // Lock files are made where a profile's directory is mounted.
            left.retain(|path, _| inside.contains_key(path) || !path.to_string_lossy().contains(".cargo-"));
            assert_eq!(left, inside, "{what}");
            let mut left = outside(&arena);
            left.retain(|path, _| {
                survivors.contains_key(path) || !path.to_string_lossy().contains(".cargo-")
            });
            assert_eq!(left, survivors, "{what}");
            umount(Path::new(&now));
            // What a bind mount brought along was made outside; each case begins without it.
            let _ = fs::remove_file(outside_dir.join(".cargo-build-lock"));
            let _ = fs::remove_file(outside_dir.join(".cargo-lock"));
        }
    }
    // The target dir itself may well be a mount of its own.
    arena.clear();
    fs::create_dir(&target).unwrap();
    mount(&["-t", "tmpfs", "none"], &target);
    fs::create_dir_all(target.join("debug/deps")).unwrap();
    fs::write(target.join("debug/.cargo-lock"), "").unwrap();
    let ready = prepare(&arena, &target).expect("a mounted target dir");
    assert!(ready.remove(&[Entry::Tree("debug/deps".into())]) && ready.empty_trash());
    assert!(!target.join("debug/deps").exists());
    drop(ready);
    umount(&target);
    println!("all mounts were tried");
}
