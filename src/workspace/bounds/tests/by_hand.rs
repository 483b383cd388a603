//! `--manual`: what may be removed although no manifest can be read, and what may not.

use std::fs;
use std::path::PathBuf;

use super::{OutOfBounds, OwnDir, Place, TAG, Treasure};
use crate::sourced::{Origin, Sourced};
use crate::workspace::bounds::prove_by_hand;

fn prove(place: &Place, dir: &str, allowed: &[&str]) -> Result<OwnDir, OutOfBounds> {
    let sourced = |path: PathBuf| Sourced::new(path, Origin::CommandLine("--manual".to_owned()));
    let allowed: Vec<_> = allowed.iter().map(|path| sourced(place.root.join(path))).collect();
    prove_by_hand(&sourced(PathBuf::from(dir)), &place.root.join("ws"), &allowed, &place.env)
}

/// The very situation it is for.
fn broken() -> Place {
    let place = Place::new();
    place.write("ws/Cargo.toml", "[package\n");
    place.write("ws/a/Cargo.toml", "[package\n");
    place.build("ws/target");
    place
}

#[test]
fn a_target_dir_of_a_broken_workspace_is_recognised() {
    let place = broken();
    for file in [
        "package/a-0.1.0/Cargo.toml",
        "tmp/x/Cargo.toml",
        "doc/x/Cargo.toml",
        "debug/build/a-0123456789abcdef/out/native/Cargo.toml",
        "debug/build/a/0123456789abcdef/out/Cargo.toml",
        "x86_64-unknown-linux-gnu/debug/build/a-0/out/Cargo.toml",
        ".xcargo/trash/1-0/Cargo.toml",
        "notes/mine.txt",
    ] {
        place.write(&format!("ws/target/{file}"), "");
    }
    let proven = prove(&place, "target", &[]).expect("it is cargo's");
    assert_eq!(proven.path(), place.root.join("ws/target"));
    assert!(proven.handle().is_some());
    assert!(prove(&place, "nothing/here", &[]).expect("absent").handle().is_none());
}

#[test]
fn people_s_work_is_found_wherever_it_lies() {
    for (file, treasure) in [
        ("notes/deep/er/.git/HEAD", Treasure::Git),
        ("debug/build/a-0/out/clone/.git", Treasure::Git),
        ("package/x/.GIT", Treasure::Git),
        ("debug/deps/Cargo.toml", Treasure::Package),
        ("debug/build/a-0/Cargo.toml", Treasure::Package),
        ("semver-checks/git-0/cargo.toml", Treasure::Package),
        ("a/b/c/d/e/f/g/Cargo.toml", Treasure::Package),
        ("Cargo.toml", Treasure::Package),
    ] {
        let place = broken();
        place.write(&format!("ws/target/{file}"), "");
        match prove(&place, "target", &["."]) {
            Err(OutOfBounds::Holds { treasure: found, path, .. }) => {
                assert_eq!(found, treasure, "{file}");
                assert!(place.root.join("ws/target").join(file).starts_with(&path), "{path:?}");
            }
            other => panic!("{file}: {other:?}"),
        }
    }
}

#[test]
fn one_mark_alone_proves_nothing() {
    for (file, text) in [
        ("CACHEDIR.TAG", TAG),
        (".rustc_info.json", "{}"),
        ("debug/.cargo-lock", ""),
        ("debug/.fingerprint/x", ""),
        ("debug/build/a/0123456789abcdef/fingerprint/x", ""),
    ] {
        let place = broken();
        place.write(&format!("ws/other/{file}"), text);
        assert!(matches!(prove(&place, "other", &[]), Err(OutOfBounds::Doubtful { .. })), "{file}");
    }
    let place = broken();
    place.write("ws/other/notes.txt", "");
    assert!(matches!(prove(&place, "other", &[]), Err(OutOfBounds::Strange { .. })));
}

#[test]
fn the_other_rules_hold_as_ever() {
    for (dir, allowed, expect) in [
        (".", &["."][..], "Holds"),
        ("..", &["."], "Holds"),
        ("src", &["."], "Holds"),
        ("../home", &["."], "Holds"),
        ("../home/.cargo", &["."], "Holds"),
        (".git", &["."], "Holds"),
        ("/", &["/"], "Holds"),
        ("a/target", &[], "OtherWorkspace"),
        ("../elsewhere", &[], "Outside"),
        ("../elsewhere", &["elsewhere"], ""),
        ("", &[], "Nameless"),
        ("link", &[], "Link {"),
        ("file", &[], "NotADirectory"),
    ] {
        let place = broken();
        for built in ["ws", "ws/src", "ws/.git", "ws/a/target", "home", "home/.cargo", "elsewhere"] {
            place.build(built);
        }
        place.write("ws/file", TAG);
        std::os::unix::fs::symlink("target", place.root.join("ws/link")).expect("a link");
        let found = prove(&place, dir, allowed).map_or_else(|out| format!("{out:?}"), |_| String::new());
        assert!(found.starts_with(expect) && found.is_empty() == expect.is_empty(), "{dir}: {found}");
    }
}

/// A directory that cannot be looked into may hold anything; so may one that is nested beyond any sense.
#[test]
fn what_cannot_be_looked_through_is_refused() {
    let place = broken();
    let deep: PathBuf = std::iter::repeat_n("d", 300).collect();
    fs::create_dir_all(place.root.join("ws/target").join(deep)).expect("directories");
    assert!(matches!(prove(&place, "target", &[]), Err(OutOfBounds::Unsearchable { .. })));
}
