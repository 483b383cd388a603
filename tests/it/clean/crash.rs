//! Killed, held back or out of space in the middle of a clean: the next build works, and the next command finishes it.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use fs_err as fs;
use rustix::process::{Signal, test_kill_process};

use super::fixture::Shape;
use super::little::{DONE, Little};
use crate::support::cmd::{Cmd, wait_until};
use crate::support::copy::copy_tree;
use crate::support::machine::find_in_path;
use crate::support::sandbox::{Sandbox, xcargo};

/// The exit code for a step that failed, from docs/exit-codes.md.
const FAILED: i32 = 46;

/// Enough files that a kill can come between the first and the last.
const FILES: usize = 15_000;

/// A look that says how far a clean is.
type Reached = fn(&Little<'_>) -> bool;

fn count(dir: &Path) -> usize {
    fs::read_dir(dir).map_or(0, |entries| {
        entries.flatten().map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    })
}

fn trash(little: &Little<'_>) -> std::path::PathBuf {
    little.at("target/.xcargo/trash")
}

/// Where to kill: arguments, and what to wait for.
const POINTS: &[(&[&str], &str, Reached)] = &[
    (&[], "something has moved", |little| count(&trash(little)) > 0),
    (&[], "the fingerprints are gone", |little| !little.at("target/debug/.fingerprint").exists()),
    (&[], "what is built is gone", |little| !little.at("target/debug/build").exists()),
    (&[], "the program is gone", |little| !little.at("target/debug/top").exists()),
    (&[], "the trash shrinks", |little| {
        !little.at("target/debug/build").exists() && (1..FILES).contains(&count(&trash(little)))
    }),
    (&["-p", "low"], "one file is gone", |little| count(&little.at("target/debug")) < FILES + FILES / 4),
    (&["-p", "low"], "half of the files are gone", |little| count(&little.at("target/debug")) < FILES / 2),
    (&["--workspace"], "one file is gone", |little| count(&little.at("target/debug")) < FILES + FILES / 4),
    (&["--incremental"], "a session has moved", |little| count(&trash(little)) > 0),
];

#[test]
fn killed_anywhere_the_next_build_works_and_the_next_command_finishes() {
    for shape in [Shape::One, Shape::Two] {
        killed_anywhere(shape);
    }
}

fn killed_anywhere(shape: Shape) {
    let sandbox = Sandbox::new();
    let mut little = Little::built(&sandbox, "p", DONE, shape);
    let slim = count(&little.at("target/debug"));
    let full = sandbox.work().join("full");
    copy_tree(little.project.root(), &full);
    let mut hit = 0;
    // In layout 2 whole units move at once, so that there are fewer places to stop at.
    let every = if shape == Shape::One { 2 } else { 4 };
    let points: Vec<_> = POINTS.iter().enumerate().step_by(every).collect();
    for (at, (args, what, reached)) in &points {
        let what = format!("{shape:?} {args:?} {what}");
        // A place of its own for each: what a killed one left would be what the next begins with.
        let root = sandbox.work().join(format!("p{at}"));
        copy_tree(&full, &root);
        little.project = crate::support::project::Project::at(root);
        little.fatten(FILES);
        let running = little.xcargo(&["clean"]).args(*args).spawn();
        while !reached(&little) && is_running(&running) {
            std::hint::spin_loop();
        }
        running.signal(Signal::KILL);
        let run = running.finish();
        hit += usize::from(run.killed_by().is_some());
        little.works();
        let next = little.xcargo(&["build"]).run().ok();
        wait_until("an interrupted clean is finished", || !trash(&little).exists());
        let again = little.xcargo(&["clean"]).args(*args).run().ok();
        assert!(!trash(&little).exists(), "{what}: {}\n{}", next.show(), again.show());
        if args.contains(&"low") {
            let left = count(&little.at("target/debug"));
            assert!(left < slim + FILES / 10, "{what}: what was left is found again: {left} of {slim}");
        }
        fs::remove_dir_all(little.project.root()).unwrap();
    }
    assert!(
        hit > points.len() / 2,
        "only {hit} of {} kills came in time: too little was shown",
        points.len()
    );
}

/// A zombie still is a process: `kill(pid, 0)` succeeds until it is waited for. So the state is asked for where that can be.
fn is_running(running: &crate::support::cmd::Running) -> bool {
    let pid = running.pid().as_raw_nonzero();
    match fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')),
        Err(_) => test_kill_process(running.pid()).is_ok(),
    }
}

/// By default the command returns when everything is out of cargo's sight; the rest is another process's.
#[test]
fn the_trash_is_emptied_behind_the_commands_back() {
    let sandbox = Sandbox::new();
    let little = Little::built(&sandbox, "p", "[policy]\n", Shape::One);
    little.fatten(FILES);
    let run = little.xcargo(&["clean"]).run().ok();
    for gone in ["target/debug/top", "target/debug/deps", "target/debug/incremental"] {
        assert!(!little.at(gone).exists(), "{gone} is there: {}", run.show());
    }
    little.works();
    wait_until("the trash is emptied", || !trash(&little).exists());
    little.works();
}

/// As a user whom permissions hold back: root is not.
fn held_back(sandbox: &Sandbox, little: &Little<'_>, args: &[&str]) -> Cmd {
    if !rustix::process::geteuid().is_root() {
        return little.xcargo(args);
    }
    let copy = sandbox.root().join("tools/xcargo");
    if !copy.exists() {
        fs::copy(xcargo(), &copy).expect("a copy that everybody can run");
    }
    mode(sandbox.root(), 0o755);
    own(little.project.root(), NOBODY);
    // The sandbox's own cargo leads to the machine's, which may be root's alone; there is no need for one.
    let cargo = sandbox.script("nobodys/cargo", "#!/bin/sh\nexit 99\n");
    sandbox.command(copy).args(args).dir(little.project.root()).env("XCARGO_CARGO", cargo).user(NOBODY)
}

const NOBODY: u32 = 65534;

fn own(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).expect("an owner");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a directory") {
            own(&entry.expect("an entry").path(), user);
        }
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("permissions");
}

#[test]
fn held_back_half_way_it_says_where_and_the_next_build_works() {
    let sandbox = Sandbox::new();
    // What may not be written, and what is asked.
    for (at, (shape, closed, args)) in [
        (Shape::One, "target/debug/deps", &["clean", "-p", "low"][..]),
        (Shape::One, "target/debug/.fingerprint", &["clean", "--workspace"]),
        (Shape::One, "target/debug/build", &["clean", "-p", "low"]),
        (Shape::Two, "target/debug/build/low", &["clean", "-p", "low"]),
        (Shape::One, "target/debug/deps", &["clean"]),
        (Shape::Two, "target/debug", &["clean"]),
        (Shape::One, "target", &["clean"]),
    ]
    .into_iter()
    .enumerate()
    {
        let little = Little::built(&sandbox, &format!("p{at}"), DONE, shape);
        let cmd = held_back(&sandbox, &little, args);
        mode(&little.at(closed), 0o555);
        let run = cmd.run();
        mode(&little.at(closed), 0o755);
        // A directory that may not be written may still be moved away whole, and then emptied.
        if run.status.code() != Some(0) {
            let run = run.code(FAILED);
            assert!(
                run.err().contains("error[step-failed]") && run.err().contains("target"),
                "{}",
                run.show()
            );
            assert!(run.err().contains("ermission denied"), "{closed} {args:?}: {}", run.show());
        }
        if rustix::process::geteuid().is_root() {
            own(little.project.root(), 0);
        }
        little.works();
        little.xcargo(args).run().ok();
        assert!(!trash(&little).exists(), "{closed} {args:?}");
        little.works();
    }
}

/// In a namespace of its own a small file system is full to the last byte.
#[test]
fn on_a_full_disk_a_clean_makes_room() {
    let sandbox = Sandbox::new();
    let tool = |name: &str| find_in_path(name).map(|path| path.display().to_string());
    let unshare = tool("unshare").zip(tool("mount"));
    let allowed = unshare.as_ref().is_some_and(|(unshare, mount)| {
        let script = format!("{mount} -t tmpfs tmpfs {}", sandbox.root().join("tmp").display());
        sandbox.command(unshare).args(["-rm", "sh", "-c", &script]).run().status.success()
    });
    let Some((unshare, mount)) = unshare.filter(|_| allowed) else {
        // Past the capture of a passing test's output: nobody should believe that this was shown.
        let note = "NOT SHOWN: this system lets nobody mount a file system of his own, so no disk was full\n";
        std::io::Write::write_all(&mut std::io::stderr(), note.as_bytes()).unwrap();
        return;
    };
    for (at, (shape, args, policy)) in [
        (Shape::One, "clean", DONE),
        (Shape::One, "clean -p low", DONE),
        (Shape::Two, "clean --workspace", DONE),
        (Shape::Two, "clean", "[policy]\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let little = Little::built(&sandbox, &format!("p{at}"), policy, shape);
        little.fatten(300);
        let root = little.project.root().display();
        let cleaner = xcargo().display();
        let script = format!(
            "set -e\ncd /\n{mount} -t tmpfs -o size=48m tmpfs {tmp}\ncp -a {root} {tmp}/p\ncd {tmp}/p\n\
             cat /dev/zero > {tmp}/filler 2>{tmp}/../said || true\necho full\n\
             code=0; {cleaner} {args} || code=$?\necho \"code $code\"\n: > {tmp}/filler\ncargo run -q\n\
             {cleaner} {args}\ncargo run -q\n",
            tmp = sandbox.root().join("tmp").display(),
        );
        let run = shape.set(sandbox.command(&unshare)).args(["-rm", "sh", "-c", &script]).run().ok();
        assert!(
            fs::read_to_string(sandbox.root().join("said")).unwrap().contains("No space"),
            "{}",
            run.show()
        );
        let lines: Vec<String> = run.out().lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "full", "{}", run.show());
        assert_eq!(lines[1], "code 0", "a clean is what makes room: {}", run.show());
        assert_eq!(lines[2..], ["42", "42"], "{}", run.show());
    }
}
