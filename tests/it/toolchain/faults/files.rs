//! The files themselves: one may not be written, leads elsewhere, or is not any more what it was when the plan was made.

use std::os::unix::fs::{PermissionsExt, symlink};

use fs_err as fs;

use super::ground::{NEW, OLD, Repo, STEP_FAILED, State, install, rustup_is, sandbox, words};
use crate::support::cmd::Running;
use crate::support::dist::full_name;

/// A file that somebody protects is not replaced behind their back, and no other one changes without it. It is known before
/// minutes are spent on an installation.
#[test]
fn a_file_that_may_not_be_written_stops_before_anything_is_installed() {
    let sandbox = sandbox();
    let mode = |repo: &Repo<'_>, name: &str, mode: u32| {
        fs::set_permissions(repo.path(name), PermissionsExt::from_mode(mode)).unwrap();
    };
    let unchanged = "all files are as they were before";
    let repo = Repo::new(&sandbox, "file");
    mode(&repo, "Dockerfile", 0o444);
    let says = ["Dockerfile was not changed: it may not be written", unchanged, "make it writable"];
    let run = repo.refused(repo.set(NEW).run(), STEP_FAILED, &says);
    assert!(!run.err().contains("Installing"), "{}", run.show());
    mode(&repo, "Dockerfile", 0o640);

    let dir = Repo::new(&sandbox, "dir");
    mode(&dir, ".github/workflows", 0o555);
    let says = ["ci.yml was not changed: its directory may not be written", unchanged, "make it writable"];
    dir.refused(dir.set(NEW).run(), STEP_FAILED, &says);
    mode(&dir, ".github/workflows", 0o755);

    let hard = Repo::new(&sandbox, "hard");
    fs::hard_link(hard.path("Dockerfile"), hard.path(".git/second")).unwrap();
    let says = ["Dockerfile was not changed: it has 2 names", unchanged, "cp -p"];
    hard.refused(hard.set(NEW).run(), STEP_FAILED, &says);

    let link = Repo::with(&sandbox, "link", |project| {
        let elsewhere = sandbox.root().join("elsewhere.toml");
        fs::rename(project.root().join("rust-toolchain.toml"), &elsewhere).unwrap();
        symlink(&elsewhere, project.root().join("rust-toolchain.toml")).unwrap();
        project
    });
    let says = ["rust-toolchain.toml was not changed: it lies outside of the repository", unchanged];
    link.refused(link.set(NEW).run(), STEP_FAILED, &says);

    let asked = repo.xcargo(&["toolchain", "set", NEW, "--yes"]).run().ok();
    assert_eq!(repo.state(), State::New, "{}", asked.show());
    let now = fs::metadata(repo.path("Dockerfile")).unwrap().permissions().mode() & 0o7777;
    assert_eq!(now, 0o640, "its mode is kept");
}

/// Without a place for the record of the change, a kill could leave it half done.
#[test]
fn without_a_place_for_the_journal_nothing_is_changed() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "git");
    fs::write(repo.path(".git/xcargo"), "somebody's").unwrap();
    let run = repo.set(NEW).run().code(STEP_FAILED);
    assert!(run.err().contains("could not lock") && run.err().contains("help:"), "{}", run.show());
    assert_eq!(repo.state(), State::Old);
    fs::remove_file(repo.path(".git/xcargo")).unwrap();
    repo.succeeds();
    // Outside of git it lies in the state dir.
    let repo = Repo::new(&sandbox, "no-git");
    fs::rename(repo.path(".git"), sandbox.root().join("moved")).unwrap();
    let state = sandbox.root().join("home/.local");
    fs::write(&state, "somebody's").unwrap();
    let run = repo.set(NEW).run().code(STEP_FAILED);
    assert!(run.err().contains("could not lock") && run.err().contains("help:"), "{}", run.show());
    assert_eq!(repo.state(), State::Old);
    fs::remove_file(&state).unwrap();
    let run = repo.set(NEW).run().ok();
    assert_eq!(repo.state(), State::New, "{}", run.show());
}

/// Whoever edits a file while rustup downloads keeps the edit, and the plan that did not know it is not carried out.
#[test]
fn a_file_that_changes_while_rustup_works_stops_the_change() {
    let sandbox = sandbox();
    // A rustup that takes no time: it copies what was installed before, after somebody did something else.
    install(&sandbox, NEW);
    let there = sandbox.rustup_home().join("toolchains").join(full_name(NEW));
    let ready = sandbox.root().join("ready");
    fs::rename(&there, &ready).unwrap();
    let rustup_does = |repo: &Repo<'_>, edit: &str| {
        let script = format!(
            "cd '{}'\n{edit}\ncp -R '{}' '{}'",
            repo.root().display(),
            ready.display(),
            there.display()
        );
        rustup_is(&sandbox, &script);
    };
    let changed = "somebody changed it meanwhile";
    for (at, (name, edit, says)) in [
        ("Dockerfile", "echo 'FROM rust:1.77.2-slim' > Dockerfile", changed),
        (".gitlab-ci.yml", "echo '# one more line' >> .gitlab-ci.yml", changed),
        ("rust-toolchain.toml", "echo '[toolchain]' > rust-toolchain.toml", changed),
        (".tool-versions", "git rm -q .tool-versions", "somebody removed it meanwhile"),
    ]
    .into_iter()
    .enumerate()
    {
        let repo = Repo::new(&sandbox, &format!("p{at}"));
        rustup_does(&repo, edit);
        let run = repo.set(NEW).run().code(STEP_FAILED);
        let err = words(&run);
        for text in
            [says, &format!("{name} was not changed"), "all files are as they were before", "plans anew"]
        {
            assert!(err.contains(text), "no {text:?}: {}", run.show());
        }
        for other in ["Dockerfile", ".gitlab-ci.yml", "rust-toolchain.toml", ".tool-versions"] {
            if other != name {
                assert!(repo.text(other).contains(OLD), "{other} is as it was");
            }
        }
        assert!(!repo.journal().exists() && !run.err().contains("Pinned"), "{}", run.show());
        fs::remove_dir_all(&there).unwrap();
    }
    // A file that was to be made and is there by now.
    let repo = Repo::with(&sandbox, "made", |project| {
        fs::remove_file(project.root().join("rust-toolchain.toml")).unwrap();
        project
    });
    rustup_does(&repo, "echo '# theirs' > rust-toolchain.toml");
    let run = repo.set(NEW).run().code(STEP_FAILED);
    assert!(run.err().contains("there is something of this name already"), "{}", run.show());
    assert_eq!(repo.text("rust-toolchain.toml"), "# theirs\n");
    assert!(repo.text("Dockerfile").contains(OLD));
}

/// Two people at one checkout, or an editor and a terminal: one of the two changes is made, whole, and the other one says that
/// it was not.
#[test]
fn of_two_changes_at_once_one_is_made_in_all_files() {
    let sandbox = sandbox();
    let repo = Repo::new(&sandbox, "p");
    // The first one's rustup is held up until the second one has made its plan and waits; that one's, until the first has ended.
    let script = "case \"$3\" in stable) flag=ended;; *) flag=go;; esac\n\
                  while [ ! -e \"$HOME/$flag\" ]; do sleep 0.05; done\nexec \"$real\" \"$@\"";
    rustup_is(&sandbox, script);
    let flag = |name: &str| fs::write(sandbox.root().join("home").join(name), "").unwrap();
    let mut first = repo.set(NEW).spawn();
    first.wait_for_err("Installing 1.78.0");
    let mut second = repo.set("stable").spawn();
    second.wait_for_err("Blocking waiting for file lock on ");
    flag("go");
    let first = first.finish().ok();
    assert_eq!(repo.state(), State::New, "{}", first.show());
    flag("ended");
    let second = second.finish().code(STEP_FAILED);
    for text in ["somebody changed it meanwhile", "all files are as they were before", "plans anew"] {
        assert!(words(&second).contains(text), "no {text:?}: {}", second.show());
    }
    assert_eq!(repo.state(), State::New, "{}", second.show());

    // Both at once with nothing to install: only the files are fought for.
    install(&sandbox, OLD);
    for round in 0..3 {
        let repo = Repo::new(&sandbox, &format!("p{round}"));
        let all: Vec<_> = [NEW; 3].iter().map(|channel| repo.set(channel).spawn()).collect();
        let runs: Vec<_> = all.into_iter().map(Running::finish).collect();
        assert_eq!(repo.state(), State::New);
        for run in &runs {
            let code = run.status.code();
            assert!(code == Some(0) || code == Some(STEP_FAILED), "{}", run.show());
            assert!(
                code == Some(0) || words(run).contains("somebody changed it meanwhile"),
                "{}",
                run.show()
            );
        }
        assert!(runs.iter().any(|run| run.status.success() && run.err().contains("Pinned")));
    }
}
