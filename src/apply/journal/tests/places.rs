//! Where the journal lies: never where it would be committed, and found again by every later command.

use std::path::Path;

use super::{NEW, OLD, Repository, all};
use crate::apply::journal::tests::faults::{Fault, with};
use crate::apply::journal::{Place, Recovered};
use crate::env::Env;

fn env(home: &Path) -> Env {
    Env::of([("HOME", home)], "/")
}

fn write(path: &Path, text: &str) {
    fs_err::create_dir_all(path.parent().expect("a parent")).expect("a directory");
    fs_err::write(path, text).expect("a file");
}

#[test]
fn in_the_git_dir_that_counts() {
    let dir = tempfile::tempdir().expect("a directory");
    let at = |name: &str| dir.path().join(name);
    write(&at("main/.git/HEAD"), "ref");
    write(&at("main/.git/worktrees/side/HEAD"), "ref");
    write(&at("main/.git/modules/sub/HEAD"), "ref");
    write(&at("side/.git"), &format!("gitdir: {}\n", at("main/.git/worktrees/side").display()));
    write(&at("main/sub/.git"), "gitdir: ../.git/modules/sub\r\n");
    write(&at("main/odd/.git"), "gitdir: nowhere\n");
    write(&at("main/other/.git"), "something else");
    fs_err::create_dir_all(at("main/empty/.git")).expect("a directory");
    for (workspace, place, root) in [
        ("main", "main/.git/xcargo", "main"),
        ("main/deep/er", "main/.git/xcargo", "main"),
        ("main/empty", "main/.git/xcargo", "main"),
        ("main/odd", "main/.git/xcargo", "main"),
        ("main/other", "main/.git/xcargo", "main"),
        ("side", "main/.git/worktrees/side/xcargo", "side"),
        ("main/sub/ws", "main/sub/../.git/modules/sub/xcargo", "main/sub"),
    ] {
        let found = Place::of(&at(workspace), &env(&at("home"))).expect("a place");
        assert_eq!(found, Place { dir: at(place), root: at(root) }, "{workspace}");
        assert_eq!(Place::interrupted_at(&at(workspace), &env(&at("home"))), None);
    }
}

#[test]
fn without_git_in_the_state_dir_by_whatever_name_the_workspace_goes() {
    let repository = Repository::new();
    fs_err::remove_dir_all(repository.path(".git")).expect("a directory");
    let home = tempfile::tempdir().expect("a directory");
    let env = env(home.path());
    let real = fs_err::canonicalize(repository.root()).expect("a directory");
    let place = Place::of(repository.root(), &env).expect("a place");
    assert_eq!((&place.root, place.dir.starts_with(home.path())), (&real, true));
    let killed = (0..1000).find(|at| {
        with(Fault::Kill(*at), || place.try_hold().expect("the lock").commit(&repository.changes()));
        let is_begun = repository.text("rust-toolchain.toml").as_deref() == NEW[0].1;
        if !is_begun {
            place.try_hold().expect("the lock").recover().expect("a recovery");
        }
        is_begun
    });
    assert!(killed.is_some() && repository.files() != all(OLD));
    #[cfg(unix)]
    let by_another_name = {
        let link = home.path().join("link");
        std::os::unix::fs::symlink(repository.root(), &link).expect("a link");
        link
    };
    #[cfg(not(unix))]
    let by_another_name = repository.root().to_path_buf();
    let found = Place::interrupted_at(&by_another_name, &env).expect("a journal");
    assert_eq!(found, place);
    let recovered = found.try_hold().expect("the lock").recover().expect("a recovery");
    assert!(matches!(recovered, Some(Recovered::Finished { .. })));
    assert_eq!(repository.files(), all(NEW));
    let env = Env::of([("HOME", home.path().as_os_str()), ("XDG_STATE_HOME", "relative".as_ref())], "/");
    assert_eq!(Place::of(repository.root(), &env), Some(place));
    assert_eq!(Place::of(repository.root(), &Env::of::<&str, &str>([], "/")), None);
}

/// A repository that was copied while a change was interrupted is recovered in itself, and so is the other.
#[test]
fn a_copied_or_moved_repository_is_recovered_in_itself() {
    let repository = Repository::new();
    (0..1000).find(|at| {
        with(Fault::Kill(*at), || repository.held().commit(&repository.changes()));
        let is_begun = repository.text("rust-toolchain.toml").as_deref() == NEW[0].1;
        if !is_begun {
            repository.held().recover().expect("a recovery");
        }
        is_begun
    });
    let parent = tempfile::tempdir().expect("a directory");
    let moved = parent.path().join("moved");
    copy(repository.root(), &moved);
    let before = repository.files();
    let place = Place::interrupted_at(&moved, &env(parent.path())).expect("a journal");
    place.try_hold().expect("the lock").recover().expect("a recovery");
    assert_eq!(fs_err::read_to_string(moved.join("ci/build.yml")).ok().as_deref(), NEW[2].1);
    assert_eq!(repository.files(), before);
}

fn copy(from: &Path, to: &Path) {
    fs_err::create_dir(to).expect("a directory");
    for entry in fs_err::read_dir(from).expect("a directory") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs_err::copy(&path, &target).expect("a copy");
        }
    }
}
