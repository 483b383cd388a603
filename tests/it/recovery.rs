//! A change of several files was interrupted: the next command ends it, says so, and works with what is then there.

use fs_err as fs;
use serde_json::json;

use crate::support::cmd::Cmd;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// Exit code from docs/exit-codes.md.
const STEP_FAILED: i32 = 46;

const PIN: &str = "# the pin, which is new\n";
const OLD_PIN: &str = "# the pin\n";
const DOCTOR: &str = "[policy]\n";
/// Broken, so that nobody can miss which of the two was read.
const OLD_DOCTOR: &str = "[polizei]\n";

/// A repository in which the first of two files was renamed when its xcargo was killed.
fn interrupted(sandbox: &Sandbox, name: &str) -> Project {
    let project = Project::new(sandbox, name)
        .package("", "p", "")
        .file("src/main.rs", "fn main() {}\n")
        .file("ci.yml", OLD_PIN)
        .doctor(OLD_DOCTOR)
        .commit(sandbox);
    let files = json!([
        { "path": "ci.yml", "staged": ".xcargo-1-0", "before": OLD_PIN, "after": PIN },
        { "path": "doctor.toml", "staged": ".xcargo-1-1", "before": OLD_DOCTOR, "after": DOCTOR },
    ]);
    let journal = json!({ "xcargo_journal": 1, "files": files }).to_string();
    project.file("ci.yml", PIN).file(".xcargo-1-1", &DOCTOR[..4]).file(".git/xcargo/journal.json", journal)
}

fn run(sandbox: &Sandbox, project: &Project, args: &[&str]) -> Cmd {
    sandbox.xcargo().args(args).dir(project.root())
}

/// What two files say, and whether anything is left over.
fn state(project: &Project) -> (String, String, bool) {
    let text = |name: &str| fs::read_to_string(project.root().join(name)).unwrap();
    let left = [".git/xcargo/journal.json", ".xcargo-1-0", ".xcargo-1-1"];
    let left = left.iter().any(|name| project.root().join(name).symlink_metadata().is_ok());
    (text("ci.yml"), text("doctor.toml"), left)
}

fn is(project: &Project, ci: &str, doctor: &str) {
    assert_eq!(state(project), (ci.to_owned(), doctor.to_owned(), false));
}

#[test]
fn the_next_command_finishes_it_before_it_reads_the_policy() {
    let sandbox = Sandbox::new();
    for (at, args) in [&["build"][..], &["metadata", "--format-version=1"], &["clean"], &["policy", "check"]]
        .iter()
        .enumerate()
    {
        let project = interrupted(&sandbox, &format!("p{at}"));
        let first = run(&sandbox, &project, args).run().ok();
        assert!(first.err().contains("   Finishing an interrupted change of 2 files\n"), "{}", first.show());
        is(&project, PIN, DOCTOR);
        let next = run(&sandbox, &project, args).run().ok();
        assert!(!next.err().contains("Finishing"), "{}", next.show());
    }
}

#[test]
fn a_dry_run_and_a_nested_call_leave_it() {
    let sandbox = Sandbox::new();
    let project = interrupted(&sandbox, "p");
    let before = state(&project);
    let dry = run(&sandbox, &project, &["--dry-run", "policy", "check"]).run();
    assert!(dry.err().contains("Would finish an interrupted change of 2 files\n"), "{}", dry.show());
    assert_eq!(state(&project), before);
    // The outer call had to end it before it started the cargo that this one is told of.
    let cargo = sandbox.rustup().args(["which", "cargo"]).run().ok().out();
    run(&sandbox, &project, &["metadata", "--format-version=1"]).env("CARGO", cargo.trim()).run().ok();
    assert_eq!(state(&project), before);
}

#[test]
fn somebody_elses_change_stays_and_the_rest_is_put_back() {
    let sandbox = Sandbox::new();
    let project = interrupted(&sandbox, "p").doctor("[policy] # theirs\n");
    let run = run(&sandbox, &project, &["build"]).run().ok();
    let says =
        "Rolling back an interrupted change of 2 files; left alone, as somebody changed it: doctor.toml\n";
    assert!(run.err().contains(says), "{}", run.show());
    is(&project, OLD_PIN, "[policy] # theirs\n");
}

#[test]
fn a_journal_of_a_newer_xcargo_stops_the_command_and_says_the_way_out() {
    let sandbox = Sandbox::new();
    let project = interrupted(&sandbox, "p").file(".git/xcargo/journal.json", "{\"xcargo_journal\":99}");
    let stopped = run(&sandbox, &project, &["build"]).run().code(STEP_FAILED);
    assert!(
        stopped.err().contains("error[step-failed]: a change of files was interrupted"),
        "{}",
        stopped.show()
    );
    assert!(stopped.err().contains("it is of version 99"), "{}", stopped.show());
    assert!(stopped.err().contains("help: a newer xcargo may be able to end"), "{}", stopped.show());
    assert!(!project.root().join("target").exists());
}

#[test]
fn whoever_still_works_on_it_is_waited_for() {
    let sandbox = Sandbox::new();
    let project = interrupted(&sandbox, "p");
    let lock = fs::File::create(project.root().join(".git/xcargo/lock")).unwrap();
    lock.file().lock().unwrap();
    let mut running = run(&sandbox, &project, &["build"]).spawn();
    running.wait_for_err("Blocking waiting for file lock on ");
    fs::write(project.root().join("doctor.toml"), DOCTOR).unwrap();
    fs::remove_file(project.root().join(".git/xcargo/journal.json")).unwrap();
    lock.file().unlock().unwrap();
    let run = running.finish().ok();
    assert!(!run.err().contains("Finishing"), "there was nothing left to do: {}", run.show());
}

/// Killed for real, again and again, while it ends the change: the change is ended nevertheless.
#[test]
fn killed_while_it_finishes_it_is_finished_later() {
    let sandbox = Sandbox::new();
    for at in 0..12 {
        let project = interrupted(&sandbox, &format!("p{at}"));
        let running = run(&sandbox, &project, &["policy", "check"]).spawn();
        std::thread::sleep(std::time::Duration::from_micros(at * 700));
        running.signal(rustix::process::Signal::KILL);
        running.finish();
        run(&sandbox, &project, &["policy", "check"]).run().ok();
        is(&project, PIN, DOCTOR);
    }
}
