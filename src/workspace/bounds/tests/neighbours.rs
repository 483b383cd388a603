//! Whose a directory is: nested, parent and sibling workspaces, strangers' work in a target dir, other users' files.

use super::{OutOfBounds, Place, Treasure};

const ROOT: &str = "[workspace]\n";
const PACKAGE: &str = "[package]\nname = \"p\"\nversion = \"0.1.0\"\n";

#[test]
fn the_target_dir_of_a_workspace_in_between_is_that_workspaces() {
    for (manifest, text, dir, allowed, refused) in [
        // Members and their like are ours.
        ("ws/x", None, "a/target", &[][..], None),
        ("ws/x", None, "a/deep/er/target", &[], None),
        ("ws/x", None, "plain/target", &[], None),
        // Nested workspaces, strangers, and what cannot be read are not.
        ("ws/inner/Cargo.toml", Some(ROOT), "inner/target", &[], Some("ws/inner")),
        ("ws/inner/Cargo.toml", Some(ROOT), "inner/deep/er/target", &[], Some("ws/inner")),
        ("ws/inner/Cargo.toml", Some(PACKAGE), "inner/target", &[], Some("ws/inner")),
        ("ws/inner/Cargo.toml", Some("broken ="), "inner/target", &[], Some("ws/inner")),
        ("ws/a/fuzz/Cargo.toml", Some(ROOT), "a/fuzz/target", &[], Some("ws/a/fuzz")),
        // Opened by the policy: a place for target dirs is one thing, a place with workspaces another.
        ("all/x", None, "../all/one/target", &["all"], None),
        ("all/one/Cargo.toml", Some(PACKAGE), "../all/one/target", &["all"], Some("all/one")),
        ("all/Cargo.toml", Some(ROOT), "../all/target", &["all"], Some("all")),
        // Whoever names the very directory means it.
        ("all/Cargo.toml", Some(ROOT), "../all/target", &["all/target"], None),
        ("all/Cargo.toml", Some(ROOT), "../all/target", &["all", "all/target"], None),
        ("all/Cargo.toml", Some(ROOT), "../all/target/deeper", &["all/target"], None),
    ] {
        let place = Place::new();
        place.write(manifest, text.unwrap_or(""));
        place.build(&format!("ws/{dir}"));
        match (place.prove(dir, allowed), refused) {
            (Ok(_), None) => {}
            (Err(OutOfBounds::OtherWorkspace { root, .. }), Some(refused)) => {
                assert_eq!(root, place.root.join(refused), "{dir}");
            }
            (found, _) => panic!("{manifest} {dir} {allowed:?}: {found:?}"),
        }
    }
}

/// Seen from a nested workspace the target dir of the one around it is outside, and so is a sibling's.
#[test]
fn a_parents_and_a_siblings_target_dirs_are_outside() {
    let place = Place::new();
    for built in ["target", "sibling/target", "ws-2/target"] {
        place.build(built);
    }
    place.write("Cargo.toml", ROOT);
    place.write("sibling/Cargo.toml", ROOT);
    for dir in ["../target", "../sibling/target", "../ws-2/target", "../ws/../target"] {
        assert!(matches!(place.prove(dir, &[]), Err(OutOfBounds::Outside { .. })), "{dir}");
    }
    assert!(matches!(
        place.prove("..", &["."]),
        Err(OutOfBounds::Holds { treasure: Treasure::Workspace, .. })
    ));
}

#[test]
fn somebodys_work_in_a_target_dir_is_precious() {
    for (file, refused) in [
        ("notes/.git/HEAD", Some(Treasure::Git)),
        ("notes/.git", Some(Treasure::Git)),
        ("scratch/Cargo.toml", Some(Treasure::Package)),
        ("x86_64-unknown-linux-gnu/Cargo.toml", Some(Treasure::Package)),
        // Cargo's own, or of programs that run there.
        ("package/a-0.1.0/Cargo.toml", None),
        ("package/Cargo.toml", None),
        ("doc/Cargo.toml", None),
        ("tmp/Cargo.toml", None),
        ("debug/Cargo.toml", None),
        // Deeper, tools keep what they like: it is left alone, and does not hinder.
        ("semver-checks/git-0/Cargo.toml", None),
    ] {
        let place = Place::new();
        place.build("ws/target");
        place.write(&format!("ws/target/{file}"), "");
        match (place.prove("target", &["."]), refused) {
            (Ok(_), None) => {}
            (Err(OutOfBounds::Holds { treasure, path, .. }), Some(refused)) => {
                assert_eq!(treasure, refused, "{file}");
                assert!(path.starts_with(place.root.join("ws/target")), "{path:?}");
            }
            (found, _) => panic!("{file}: {found:?}"),
        }
    }
}

/// Only root can give files away; the rule itself is a table in `user.rs`.
#[cfg(unix)]
#[test]
fn another_users_directory_is_refused() {
    use std::os::unix::fs::chown;
    let place = Place::new();
    place.build("ws/target");
    if !rustix::process::geteuid().is_root() {
        // What somebody else owns and everybody may see: root's own `/`, taken for a workspace's root and target.
        let root = std::path::Path::new("/");
        let dir =
            cap_std::fs::Dir::open_ambient_dir(root, cap_std::ambient_authority()).expect("a directory");
        let found = super::super::user::first_foreign(&dir, root, root).expect("its owner");
        return assert_eq!(found.map(|found| found.owner), Some(0));
    }
    let at = |path: &str| place.root.join(path);
    chown(at("ws/target/debug"), Some(4321), None).expect("given away");
    let refused = place.prove("target", &[]).expect_err("a stranger's profile");
    match &refused {
        OutOfBounds::Foreign { at: found, owner, me, .. } => {
            assert_eq!((found, *owner, *me), (&at("ws/target/debug"), 4321, 0));
        }
        other => panic!("{other:?}"),
    }
    let shown = refused.into_failure().diagnostics[0].render(false);
    assert!(shown.contains("belongs to user 4321") && shown.contains("chown"), "{shown}");
    // A workspace that is mounted into a container, where root builds.
    chown(at("ws"), Some(4321), None).expect("given away");
    place.prove("target", &[]).expect("the workspace's owner's");
    chown(at("ws/target"), Some(4322), None).expect("given away");
    assert!(matches!(place.prove("target", &[]), Err(OutOfBounds::Foreign { owner: 4322, .. })));
}
