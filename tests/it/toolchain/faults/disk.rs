//! A disk that is full to the last byte, made in a namespace of the test's own.

use fs_err as fs;

use super::ground::{NEW, OLD, Repo, installed, sandbox};
use crate::support::machine::find_in_path;
use crate::support::sandbox::{Sandbox, xcargo};

/// `unshare` and `mount`, where this system lets somebody mount a file system of his own.
fn tools(sandbox: &Sandbox) -> Option<[String; 2]> {
    let tool = |name: &str| find_in_path(name).map(|path| path.display().to_string());
    let [unshare, mount] = [tool("unshare")?, tool("mount")?];
    let script = format!("{mount} -t tmpfs tmpfs {}", sandbox.root().join("tmp").display());
    let may = sandbox.command(&unshare).args(["-rm", "sh", "-c", &script]).run().status.success();
    may.then_some([unshare, mount])
}

fn not_shown() {
    // Past the capture of a passing test's output: nobody should believe that this was shown.
    let note = "NOT SHOWN: this system lets nobody mount a file system of his own, so no disk was full\n";
    std::io::Write::write_all(&mut std::io::stderr(), note.as_bytes()).unwrap();
}

/// A full disk must not leave half of the files new, nor cut off: with a little more room each time the journal, a staged file,
/// several of them find a place, until there is room for all.
#[test]
fn on_a_full_disk_all_files_stay_as_they_are() {
    let sandbox = installed();
    let Some([unshare, mount]) = tools(&sandbox) else { return not_shown() };
    let padding = "# padding\n".repeat(1200);
    let repo = Repo::with(&sandbox, "p", |project| {
        project
            .file("Dockerfile", format!("FROM rust:1.77.2\n{padding}"))
            .file("web.dockerfile", format!("FROM rust:1.77.2\n{padding}"))
    });
    let script = format!(
        "cd /\n{mount} -t tmpfs -o size=2m tmpfs {tmp} || exit 1\ncp -a {root} {tmp}/p\ncd {tmp}/p\n\
         for room in 0 4 24 52 60 68 76 84 92 110 200; do\n\
           : > {tmp}/filler\n  head -c ${{room}}k /dev/zero > {tmp}/room\n\
           cat /dev/zero > {tmp}/filler 2>/dev/null\n  : > {tmp}/room\n\
           code=0; {xcargo} toolchain set {NEW} --yes || code=$?\n\
           old=0; new=0\n\
           for file in rust-toolchain.toml Dockerfile web.dockerfile .gitlab-ci.yml .tool-versions .github/workflows/ci.yml; do\n\
             old=$((old + $(grep -c '{OLD}' $file))); new=$((new + $(grep -c '{NEW}' $file)))\n  done\n\
           left=$(ls -A . .github/workflows .git/xcargo | grep -c 'xcargo-\\|journal')\n\
           echo \"$room $code $old $new $left $(wc -c < Dockerfile)\"\n\
           [ $code = 0 ] && break\n\
         done\n{xcargo} toolchain show >/dev/null || echo broken\n",
        tmp = sandbox.root().join("tmp").display(),
        root = repo.root().display(),
        xcargo = xcargo().display(),
    );
    let path = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths(
        [sandbox.cargo_home().join("bin")].into_iter().chain(std::env::split_paths(&path)),
    )
    .unwrap();
    let run = sandbox.command(&unshare).args(["-rm", "sh", "-c", &script]).env("PATH", path).run().ok();
    let size = format!("{}", "FROM rust:1.77.2\n".len() + padding.len());
    let lines: Vec<Vec<String>> =
        run.out().lines().map(|line| line.split(' ').map(str::to_owned).collect()).collect();
    let (last, failed) = lines.split_last().unwrap();
    assert!(failed.len() > 3, "it was full in few places only: {}", run.show());
    for line in failed {
        assert_eq!(line[1..], ["46", "7", "0", "0", &size], "{}", run.show());
    }
    assert_eq!(last[1..], ["0", "0", "7", "0", &size], "{}", run.show());
    let err = super::ground::words(&run);
    for text in
        ["error[step-failed]", "No space left on device", "all files are as they were before", "make room"]
    {
        assert!(err.contains(text), "no {text:?}: {}", run.show());
    }
}

/// Where rustup has no room, the pin does not move.
#[test]
fn where_rustup_has_no_room_nothing_is_set() {
    let sandbox = sandbox();
    let Some([unshare, mount]) = tools(&sandbox) else { return not_shown() };
    let repo = Repo::new(&sandbox, "p");
    let tight = sandbox.rustup_home().join("tmp");
    fs::create_dir_all(&tight).unwrap();
    let script = format!(
        "{mount} -t tmpfs -o size=4k tmpfs {} || exit 1\nexec {} toolchain set {NEW} --yes\n",
        tight.display(),
        xcargo().display()
    );
    let run = sandbox.command(&unshare).args(["-rm", "sh", "-c", &script]).dir(repo.root()).run();
    repo.refused(run, super::ground::STEP_FAILED, &["No space left on device", "no file was changed"]);
    repo.succeeds();
}
