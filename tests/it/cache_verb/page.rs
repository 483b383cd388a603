//! `--html FILE`: written whole, over nothing but its own earlier self. What the page shows is tested in a browser.

use std::os::unix::fs::PermissionsExt;

use fs_err as fs;

use super::{USAGE, cache, cargo, items, json, project};
use crate::support::sandbox::Sandbox;
use crate::support::tree::{Ours, Tree};

const STEP_FAILED: i32 = 46;

#[test]
fn a_page_is_written_and_written_again() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    cargo(&sandbox, &project, &["build"]);
    let path = project.root().join("page.html");
    let would =
        sandbox.xcargo().args(["--dry-run", "cache", "--html", "page.html"]).dir(project.root()).run().ok();
    assert!(would.err().contains("Would write") && !path.exists(), "{}", would.show());
    let rows = || fs::read_to_string(&path).expect("the page").matches("<tr><td").count();
    for profile in ["debug", "release"] {
        let run = cache(&sandbox, &project, &["--html", "page.html"]).ok();
        assert!(
            run.stdout.is_empty() && run.err().contains(&format!("Wrote {}", path.display())),
            "{}",
            run.show()
        );
        assert_eq!(rows(), items(&json(&sandbox, &project, &[])).len(), "{profile}");
        assert_eq!(fs::metadata(&path).expect("page").permissions().mode() & 0o777, 0o644);
        cargo(&sandbox, &project, &["build", "--release"]);
    }
    let left: Vec<_> =
        Tree::read(project.root(), Ours::Counts).named(".xcargo-").map(ToOwned::to_owned).collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new(), "no half-written file stays");
}

/// `--html src/main.rs` is a slip of the finger, and not the end of a day's work.
#[test]
fn what_is_somebodys_is_never_written_over() {
    let sandbox = Sandbox::new();
    let project =
        project(&sandbox).file("empty", "").file("other.html", "<!doctype html>\n<html lang=\"en\">\n");
    cache(&sandbox, &project, &["--html", "page.html"]).ok();
    std::os::unix::fs::symlink("page.html", project.root().join("link.html")).expect("link");
    std::os::unix::fs::symlink("nowhere", project.root().join("dangling.html")).expect("link");
    fs::create_dir(project.root().join("dir")).expect("dir");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        project.root().join("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .expect("a named pipe");
    let before = Tree::read(project.root(), Ours::Counts);
    for name in ["src/main.rs", "empty", "other.html", "link.html", "dangling.html", "dir", "pipe"] {
        let run = cache(&sandbox, &project, &["--html", name]).code(USAGE);
        assert!(run.err().contains("it was left as it is"), "{}", run.show());
    }
    let run = cache(&sandbox, &project, &["--html", "no/such/dir.html"]).code(STEP_FAILED);
    assert!(run.err().contains("could not write"), "{}", run.show());
    assert_eq!(before.difference(&Tree::read(project.root(), Ours::Counts)), "");
}
