//! Directories in which git tracks something, with the indexes that the real git writes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{OutOfBounds, Place};

fn git(dir: &Path, args: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "protocol.file.allow=always"])
        .args(args)
        .current_dir(dir)
        .env_clear()
        .envs([("PATH", std::env::var_os("PATH").expect("a path")), ("HOME", dir.into())])
        .stdin(Stdio::null())
        .output()
        .expect("git");
    assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A place whose `ws` is a fresh repository, with build dirs in it.
fn repository(init: &[&str]) -> Place {
    let place = Place::new();
    let ws = place.root.join("ws");
    fs::remove_dir_all(ws.join(".git")).expect("the pretended repository");
    git(&ws, &[&["init", "-q"], init].concat());
    place.build("ws/target");
    place.build("ws/a/target");
    place
}

fn tracked(place: &Place, dir: &str) -> Option<std::path::PathBuf> {
    match place.prove(dir, &["."]) {
        Ok(_) => None,
        Err(OutOfBounds::Tracked { file, .. }) => Some(file),
        Err(other) => panic!("{dir}: {other:?}"),
    }
}

#[test]
fn what_git_tracks_is_not_a_build_product() {
    // Every format that git writes indexes in.
    for (init, before, after) in [
        (&[][..], &[][..], &[][..]),
        (&[], &["config", "index.version", "4"], &[]),
        (&[], &[], &["update-index", "--index-version", "3"]),
        (&["--object-format=sha256"], &[], &[]),
        (&[], &["config", "index.skipHash", "true"], &[]),
        (&[], &[], &["update-index", "--split-index"]),
        (&[], &[], &["update-index", "--untracked-cache"]),
    ] {
        let what = format!("{init:?} {before:?} {after:?}");
        let place = repository(init);
        let ws = place.root.join("ws");
        place.write("ws/targets/near", "");
        place.write("ws/.gitignore", "target\n");
        if !before.is_empty() {
            git(&ws, before);
        }
        git(&ws, &["add", "."]);
        if !after.is_empty() {
            git(&ws, after);
        }
        assert_eq!(tracked(&place, "target"), None, "{what}");
        assert_eq!(tracked(&place, "a/target"), None, "{what}");
        place.write("ws/target/keep", "");
        git(&ws, &["add", "-f", "target/keep"]);
        assert_eq!(tracked(&place, "target"), Some(ws.join("target/keep")), "{what}");
        assert_eq!(tracked(&place, "a/target"), None, "{what}");
        place.write("ws/a/target/debug/keep", "");
        git(&ws, &["add", "-fN", "a/target/debug/keep"]);
        assert_eq!(tracked(&place, "a/target"), Some(ws.join("a/target/debug/keep")), "{what}");
        // It is still a person's when they have just removed it from the disk.
        fs::remove_file(ws.join("target/keep")).expect("removed");
        assert!(tracked(&place, "target").is_some(), "{what}");
    }
}

#[test]
fn worktrees_submodules_and_sparse_checkouts_have_indexes_elsewhere() {
    let place = repository(&[]);
    let (root, ws) = (&place.root, place.root.join("ws"));
    place.write("ws/.gitignore", "target\n");
    git(&ws, &["add", "."]);
    git(&ws, &["commit", "-qm", "one"]);
    // The workspace is the submodule of another repository, and in that tracks its target.
    git(root, &["init", "-q", "outer"]);
    git(&root.join("outer"), &["submodule", "--quiet", "add", ws.to_str().expect("UTF-8"), "sub"]);
    place.build("outer/sub/target");
    let id = super::super::id_at(&root.join("outer/sub/target")).expect("a directory");
    let first = |dir: &str| super::super::tracked::first(&root.join(dir), id).expect("an index");
    assert_eq!(first("outer/sub/target"), None);
    git(&root.join("outer/sub"), &["add", "-f", "target/CACHEDIR.TAG"]);
    assert_eq!(first("outer/sub/target"), Some(root.join("outer/sub/target/CACHEDIR.TAG")));
    // The submodule itself is tracked by what is around it.
    assert_eq!(first("outer/sub"), Some(root.join("outer/sub")));

    git(&ws, &["worktree", "add", "-q", "../tree"]);
    place.build("tree/target");
    assert_eq!(first("tree/target"), None);
    git(&root.join("tree"), &["add", "-f", "target/.rustc_info.json"]);
    assert_eq!(first("tree/target"), Some(root.join("tree/target/.rustc_info.json")));
    assert_eq!(first("ws/target"), None);

    // With a sparse index `a/` is one entry, and what is tracked in it is not in the index.
    git(&ws, &["sparse-checkout", "set", "--cone", "--sparse-index", "src"]);
    assert_eq!(first("ws/a/target"), Some(ws.join("a/")));
    assert_eq!(first("ws/target"), None);
}

#[test]
fn an_index_that_cannot_be_read_is_a_refusal_with_a_way_out() {
    for (file, text, named) in [
        ("ws/.git/index", "DIRC", "ws/.git/index"),
        ("ws/.git/index", "", "ws/.git/index"),
        (
            "ws/.git/index",
            "DIRC\0\0\0\x63\0\0\0\x01aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "ws/.git/index",
        ),
        ("ws/a/.git", "gitdir: ../nowhere", "ws/a/.git"),
        ("ws/a/.git", "nonsense", "ws/a/.git"),
    ] {
        let place = repository(&[]);
        place.write(file, text);
        let refused = place.prove("a/target", &["."]).expect_err(file);
        match &refused {
            OutOfBounds::IndexUnreadable { index, .. } => assert_eq!(index, &place.root.join(named)),
            other => panic!("{file}: {other:?}"),
        }
        assert!(refused.into_failure().diagnostics[0].render(false).contains("git status"));
    }
    // Cut short behind the header, and with one byte changed.
    let place = repository(&[]);
    let index = place.root.join("ws/.git/index");
    git(&place.root.join("ws"), &["add", "Cargo.toml", "src", "a/src"]);
    let whole = fs::read(&index).expect("an index");
    let mut changed = whole.clone();
    changed[80] ^= 1;
    for damaged in [&whole[..whole.len() / 2], &whole[..40], &whole[..12], &changed] {
        fs::write(&index, damaged).expect("damaged");
        assert!(matches!(place.prove("target", &[]), Err(OutOfBounds::IndexUnreadable { .. })));
    }
}

/// An index says `Target` where the disk says `target`, on a file system that takes them for one.
#[test]
fn another_spelling_is_the_same_directory_where_the_disk_says_so() {
    let place = repository(&[]);
    let ws = place.root.join("ws");
    // As close as a file system that minds case comes to it: both spellings lead to one directory.
    std::os::unix::fs::symlink("target", ws.join("Target")).expect("a link");
    let blob =
        Command::new("git").args(["hash-object", "-w", "Cargo.toml"]).current_dir(&ws).output().expect("git");
    let blob = String::from_utf8(blob.stdout).expect("a hash");
    for (spelled, is_same) in [("Target/x", true), ("TARGET/x", false), ("src/x", false)] {
        git(&ws, &["read-tree", "--empty"]);
        git(&ws, &["update-index", "--add", "--cacheinfo", &format!("100644,{},{spelled}", blob.trim())]);
        assert_eq!(tracked(&place, "target").is_some(), is_same, "{spelled}");
    }
}
