//! `set`: everything moves at once, and back, and nothing but what is meant.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use fs_err as fs;

use super::site::{
    NEW, OLD, Snapshot, assert_names, count, git, install, is_installed, said, sandbox, site, small, xcargo,
};
use crate::support::cmd::Run;
use crate::support::dist::{Dist, R1_77, R1_78, Release};
use crate::support::machine::machine;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::tree::{Ours, Tree};
use crate::support::unit_graph::rebuilt;

/// The words that git says differ from the commit: how often each went and each came.
fn words(sandbox: &Sandbox, project: &Project) -> BTreeMap<String, usize> {
    let regex = "--word-diff-regex=[0-9]+([.][0-9]+)+|[^[:space:]]";
    let text = git(sandbox, project, &["diff", "-U0", "--word-diff=porcelain", regex]);
    let mut words = BTreeMap::new();
    let is_word =
        |line: &&str| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---");
    for line in text.lines().filter(is_word) {
        *words.entry(line.to_owned()).or_default() += 1;
    }
    words
}

/// Builds with what the repository is pinned to: everything once, then nothing; and it is this release that builds.
fn builds_with(sandbox: &Sandbox, project: &Project, release: &Release) {
    let version = sandbox.command("rustc").arg("-vV").dir(project.root()).run().ok();
    assert_eq!(version.out(), release.verbose_version());
    let build = || xcargo(sandbox, project, &["build", "-v", "--message-format=json"]).run().ok();
    let first = build();
    assert_eq!(rebuilt(&first.stdout).len(), 3, "{}", first.show());
    let runs = first.err().lines().filter(|line| line.contains("/rustc --crate-name")).count();
    let compiler = format!("/toolchains/{}-{}/bin/rustc --crate-name", release.version, machine().host);
    assert_eq!(first.err().matches(&compiler).count(), runs, "{}", first.show());
    let second = build();
    assert_eq!(rebuilt(&second.stdout), Default::default(), "{}", second.show());
    assert!(said(&second, "Cleaning").is_empty(), "{}", second.show());
    let program = sandbox.command(project.root().join("target/debug/app")).run().ok();
    assert_eq!(program.out(), "42 7\n");
}

/// What is left of units in the build dir. Incremental sessions say the version of the real compiler behind a stub.
fn units(project: &Project) -> Vec<PathBuf> {
    let tree = Tree::read(&project.root().join("target/debug"), Ours::Ignored);
    let prefixes = ["libitoa-", "liblib-", "app-", "itoa-", "lib-"];
    let found =
        prefixes.iter().flat_map(|prefix| tree.named(prefix).map(Path::to_path_buf).collect::<Vec<_>>());
    found.filter(|path| !path.starts_with("incremental")).collect()
}

/// What a user would lose: the trust that one command moves what it should, and that it leaves everything else alone.
#[test]
fn there_and_back() {
    let sandbox = sandbox();
    let project = site(&sandbox);
    let odd = project.root().join("docs/building.md");
    fs::set_permissions(&odd, PermissionsExt::from_mode(0o755)).unwrap();
    symlink("Dockerfile.ci", project.root().join("docker/Dockerfile.link")).unwrap();
    git(&sandbox, &project, &["add", "-A"]);
    git(&sandbox, &project, &["commit", "-q", "-m", "odd files"]);
    assert_names(&project, OLD);
    builds_with(&sandbox, &project, &R1_77);

    // The lock file is cargo's: a newer one may write it anew.
    git(&sandbox, &project, &["commit", "-q", "-a", "--allow-empty", "-m", "lock file"]);
    let there = xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes"]).run().ok();
    assert!(is_installed(&sandbox, NEW));
    assert_names(&project, NEW);
    let (files, places) = count();
    assert_eq!(
        said(&there, "Pinned"),
        [format!("{NEW}: {places} places in {files} files")],
        "{}",
        there.show()
    );
    assert_eq!(said(&there, "Will edit").len(), files, "{}", there.show());
    assert_eq!(
        said(&there, "Leaving"),
        [
            ".github/workflows/containers.yml:18 (1.77.2): its digest decides, not the tag: bring both up to date by hand"
        ]
    );
    assert_eq!(said(&there, "Cleaning").len(), 1, "{}", there.show());
    assert!(
        said(&there, "Cleaning")[0].contains(&format!("built by {OLD}: the pin is now {NEW}")),
        "{}",
        there.show()
    );
    assert_eq!(units(&project), Vec::<PathBuf>::new(), "what the old compiler built is gone");
    let words = words(&sandbox, &project);
    let short = words["-1.77"];
    let expect =
        [("+1.78", short), ("+1.78.0", places - short), ("-1.77", short), ("-1.77.2", places - short)];
    assert_eq!(words, expect.map(|(word, count)| (word.to_owned(), count)).into());
    let changed = git(&sandbox, &project, &["diff", "--name-only"]);
    assert_eq!(changed.lines().count(), files, "{changed}");
    builds_with(&sandbox, &project, &R1_78);

    let back = xcargo(&sandbox, &project, &["toolchain", "set", OLD, "--yes"]).run().ok();
    assert!(said(&back, "Installing").is_empty(), "{}", back.show());
    assert_eq!(said(&back, "Cleaning").len(), 1, "{}", back.show());
    assert_names(&project, OLD);
    assert_eq!(git(&sandbox, &project, &["status", "--porcelain"]), "");
    assert_eq!(git(&sandbox, &project, &["diff"]), "");
    builds_with(&sandbox, &project, &R1_77);
    assert_eq!(fs::metadata(&odd).unwrap().permissions().mode() & 0o777, 0o755);
    assert!(fs::symlink_metadata(project.root().join("docker/Dockerfile.link")).unwrap().is_symlink());
}

/// What a user would lose: stubs are scripts; a whole toolchain is installed, pinned, and builds.
#[test]
fn there_and_back_with_a_real_compiler() {
    let sandbox = sandbox();
    let release = machine().release.as_str();
    Dist::of(&sandbox).real(release);
    let project = small(&sandbox);
    xcargo(&sandbox, &project, &["build"]).run().ok();
    git(&sandbox, &project, &["commit", "-q", "-a", "--allow-empty", "-m", "lock file"]);
    let there = xcargo(&sandbox, &project, &["toolchain", "set", release, "--yes", "--build"]).run().ok();
    assert!(there.err().contains("Compiling small"), "{}", there.show());
    let version = sandbox.command("rustc").arg("-V").dir(project.root()).run().ok();
    assert!(version.out().starts_with(&format!("rustc {release} ")), "{}", version.show());
    let again = xcargo(&sandbox, &project, &["run", "-q"]).run().ok();
    assert_eq!(again.out(), "42 7\n");
    xcargo(&sandbox, &project, &["toolchain", "set", OLD, "--yes", "--build"]).run().ok();
    assert_eq!(git(&sandbox, &project, &["status", "--porcelain"]), "");
}

/// What a user would lose: time, and the modification times of files that need no change.
#[test]
fn the_same_again_is_nothing_to_do() {
    let sandbox = sandbox();
    let project = small(&sandbox);
    let time = || fs::metadata(project.root().join("rust-toolchain.toml")).unwrap().modified().unwrap();
    let before = (Snapshot::of(&sandbox, &project), time());
    // Neither a person nor `--yes` is needed for nothing.
    for args in [&["toolchain", "set", OLD][..], &["toolchain", "set", OLD, "--yes", "--offline"]] {
        let run = xcargo(&sandbox, &project, args).run().ok();
        assert_eq!(
            said(&run, "Checked"),
            ["every place that follows names 1.77.2 already"],
            "{}",
            run.show()
        );
        assert!(said(&run, "Pinned").is_empty() && said(&run, "Installing").is_empty(), "{}", run.show());
    }
    before.0.assert_same();
    assert_eq!(time(), before.1);
}

/// What a user would lose: the belief that they build with what they have just set.
#[test]
fn what_outranks_the_pin_is_said() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small(&sandbox);
    let set = |channel: &str| xcargo(&sandbox, &project, &["toolchain", "set", channel, "--yes", "-q"]);
    let warns = |run: &Run, by: &str| {
        let says = format!("warning: 1.77.2{by} outranks the pin\n");
        assert_eq!(run.err(), says, "{}", run.show());
    };
    let by_variable = |channel: &str| set(channel).env("RUSTUP_TOOLCHAIN", OLD).run().ok();
    warns(&by_variable(NEW), " is in use here, not 1.78.0: environment variable `RUSTUP_TOOLCHAIN`");
    assert_eq!(by_variable(OLD).err(), "", "it is the pin");
    sandbox.rustup().args(["override", "set", OLD]).dir(project.root()).run().ok();
    let run = set(NEW).run().ok();
    assert!(run.err().contains("is in use here, not 1.78.0: `rustup override` for "), "{}", run.show());
    assert_eq!(set(OLD).run().ok().err(), "");
}

/// What a user would lose: what they had not committed yet.
#[test]
fn uncommitted_work_in_the_same_files_stays() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small(&sandbox);
    let dockerfile = project.root().join("Dockerfile");
    fs::write(&dockerfile, "# mine\nFROM rust:1.77-slim\nRUN true").unwrap();
    fs::write(project.root().join("Containerfile"), "FROM rust:1.77.2\n").unwrap();
    git(&sandbox, &project, &["add", "Dockerfile"]);
    let index = git(&sandbox, &project, &["ls-files", "--stage"]);
    xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes"]).run().ok();
    assert_eq!(fs::read_to_string(&dockerfile).unwrap(), "# mine\nFROM rust:1.78-slim\nRUN true");
    assert_eq!(fs::read_to_string(project.root().join("Containerfile")).unwrap(), "FROM rust:1.78.0\n");
    assert_eq!(git(&sandbox, &project, &["ls-files", "--stage"]), index, "nothing is staged for anybody");
}

/// What a user would lose: other people's files, changed because they lie around in the same directory.
#[test]
fn what_is_not_the_repositorys_own_stays() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let project = small(&sandbox)
        .file(".gitignore", "/target\n/scratch\n*.local.toml\n")
        .file("scratch/Dockerfile", "FROM rust:1.77.2\n")
        .file("mise.local.toml", "[tools]\nrust = \"1.77.2\"\n")
        .file("web/node_modules/x/Dockerfile", "FROM rust:1.77.2\n")
        .file("target/Dockerfile", "FROM rust:1.77.2\n")
        .file("other/Dockerfile", "FROM rust:1.77.2\n");
    sandbox.command("git").args(["init", "-q", "other"]).dir(project.root()).run().ok();
    fs::write(sandbox.work().join("Dockerfile"), "FROM rust:1.77.2\n").unwrap();
    symlink("../Dockerfile", project.root().join("Dockerfile.outside")).unwrap();
    symlink("..", project.root().join("up")).unwrap();
    let run = xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes"]).run().ok();
    assert_eq!(said(&run, "Pinned"), ["1.78.0: 3 places in 3 files"], "{}", run.show());
    for path in [
        "scratch/Dockerfile",
        "web/node_modules/x/Dockerfile",
        "target/Dockerfile",
        "other/Dockerfile",
        "../Dockerfile",
    ] {
        assert_eq!(fs::read_to_string(project.root().join(path)).unwrap(), "FROM rust:1.77.2\n", "{path}");
    }
}
