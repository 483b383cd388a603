//! `clean.max-size`: what nobody used goes, what is in use stays, and a build that has nothing to do is not asked about it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use filetime::FileTime;

use super::{compiled, files, pin, project, said, sandbox, xcargo};
use crate::support::project::Project;

/// Forgets who used what, and makes everything look as if it had been built long ago.
fn age(project: &Project) {
    let target = project.root().join("target");
    let then = FileTime::from_system_time(SystemTime::now() - Duration::from_secs(40 * 24 * 60 * 60));
    for file in files(project) {
        filetime::set_file_mtime(target.join(file), then).unwrap();
    }
    for record in records(project) {
        fs_err::remove_file(record).unwrap();
    }
}

fn records(project: &Project) -> Vec<PathBuf> {
    let own = fs_err::read_dir(project.root().join("target/.xcargo")).unwrap();
    let paths = own.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("uses-")).collect()
}

/// What a user would lose: the disk to what nobody uses, or a build to a clean of what they do use.
#[test]
fn what_nobody_used_goes_until_the_rest_fits() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[clean]\nkeep-toolchains = 5\nmax-size = \"1kB\"\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    assert_eq!(records(&project).len(), 1, "the first build is recorded");
    let old = files(&project);
    age(&project);
    pin(&project, "1.78.0");

    let shown = xcargo(&sandbox, &project, &["--dry-run", "build"]).run().ok();
    let would: Vec<String> = said(&shown, "Would clean");
    assert!(
        would.iter().any(|line| line.contains("least recently used, to stay below 1000 B")),
        "{}",
        shown.show()
    );
    assert_eq!(files(&project), old, "a dry run removes nothing");

    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    let cleaned = said(&run, "Cleaning");
    assert_eq!(cleaned.iter().map(String::as_str).collect::<Vec<_>>(), would, "what was shown is done");
    let left = files(&project);
    let units = |path: &&PathBuf| {
        ["debug/deps", "debug/.fingerprint", "debug/build"]
            .iter()
            .any(|part| path.starts_with(Path::new(part)))
    };
    assert!(old.iter().filter(units).all(|file| !left.contains(file)), "{left:?}");
    assert!(left.contains(Path::new("debug/app")), "what people run stays");

    // In use, and too large all the same: nothing goes, and within a day nobody looks again.
    let again = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(compiled(&again).is_empty() && said(&again, "Cleaning").is_empty(), "{}", again.show());
    assert!(said(&again, "Leaving").is_empty(), "{}", again.show());
    assert_eq!(files(&project), left);

    // Another build: looked at again, said once, and still nothing that is in use goes.
    let other = xcargo(&sandbox, &project, &["check"]).run().ok();
    assert!(said(&other, "Cleaning").is_empty(), "{}", other.show());
    let release = xcargo(&sandbox, &project, &["build", "--release"]).run().ok();
    assert!(said(&release, "Cleaning").is_empty(), "{}", release.show());
    assert!(files(&project).is_superset(&left));
}

/// What a user would lose: time, to somebody's build that this one has nothing to do with.
#[test]
fn nobody_is_waited_for() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[clean]\nkeep-toolchains = 5\nmax-size = \"1kB\"\n");
    xcargo(&sandbox, &project, &["build", "--release"]).run().ok();
    xcargo(&sandbox, &project, &["build"]).run().ok();
    age(&project);
    let old = files(&project);
    // Whoever builds the release profile has its lock; this build is of another.
    let held = fs_err::File::open(project.root().join("target/release/.cargo-lock")).unwrap();
    held.file().lock().unwrap();
    pin(&project, "1.78.0");
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(said(&run, "Blocking").is_empty() && said(&run, "Cleaning").is_empty(), "{}", run.show());
    let skipped = said(&run, "Skipping");
    assert!(skipped.len() == 1 && skipped[0].contains("clean.max-size"), "{}", run.show());
    assert!(files(&project).is_superset(&old));
}

/// What a user would lose: a CI cache to trash that nobody came to delete.
#[test]
fn in_ci_nothing_is_left_to_the_background() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[policy]\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    let trash = project.root().join("target/.xcargo/trash");
    fs_err::create_dir_all(trash.join("1-0/deep")).unwrap();
    let run = xcargo(&sandbox, &project, &["build"]).env("CI", "").run().ok();
    assert!(said(&run, "Finishing").iter().all(|line| !line.contains("background")), "{}", run.show());
    assert!(!trash.exists(), "{}", run.show());
}

/// A healthy build pays for nothing that nobody asked for: without a size none is looked at.
#[test]
fn without_a_size_nothing_is_collected() {
    let sandbox = sandbox();
    let project = project(&sandbox, "[clean]\nkeep-toolchains = 5\n");
    xcargo(&sandbox, &project, &["build"]).run().ok();
    age(&project);
    let old = files(&project);
    pin(&project, "1.78.0");
    let run = xcargo(&sandbox, &project, &["build"]).run().ok();
    assert!(said(&run, "Cleaning").is_empty(), "{}", run.show());
    assert!(files(&project).is_superset(&old));
    assert_eq!(records(&project).len(), 1);
}
