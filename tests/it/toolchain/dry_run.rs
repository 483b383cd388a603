//! A dry run changes nothing, and what it shows is what is done.

use fs_err as fs;

use super::site::{
    NEW, OLD, Snapshot, State, assert_names, count, git, install, said, sandbox, site, small_at, state,
    xcargo,
};
use crate::support::copy::copy_tree;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// Applies a diff to a copy of the repository; the copy.
fn applied(sandbox: &Sandbox, project: &Project, diff: &str) -> Project {
    let copy = Project::at(sandbox.work().join("copy"));
    copy_tree(project.root(), copy.root());
    let apply = |args: &[&str]| {
        sandbox.command("git").arg("apply").args(args).dir(copy.root()).stdin(diff).run().ok();
    };
    apply(&["--check", "--whitespace=error-all"]);
    apply(&[]);
    copy
}

/// What a user would lose: a preview that can be trusted, and a patch to send to somebody else.
#[test]
fn its_diff_is_the_change() {
    let sandbox = sandbox();
    let project = site(&sandbox);
    let before = Snapshot::of(&sandbox, &project);
    let shown = xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--dry-run"]).run().ok();
    let by_variable =
        xcargo(&sandbox, &project, &["toolchain", "set", NEW]).env("XCARGO_DRY_RUN", "1").run().ok();
    before.assert_same();
    assert_eq!(state(&project), State::All(OLD.to_owned()));
    assert!(!project.root().join(".git/xcargo").exists(), "not even a lock");
    assert_eq!((shown.out(), shown.err()), (by_variable.out(), by_variable.err()));
    let would = said(&shown, "Would");
    let with = |verb: &str| would.iter().filter(|line| line.starts_with(verb)).count();
    assert_eq!(
        (with("run "), with("edit "), with("leave "), with("then ")),
        (1, count().0, 1, 1),
        "{}",
        shown.show()
    );
    assert!(
        would
            .iter()
            .any(|line| line.ends_with("rustup toolchain install 1.78.0 --no-self-update --profile minimal"))
    );

    // A diff that ends lines by CRLF: git would warn of trailing blanks, and must not repair them.
    let copy = Project::at(sandbox.work().join("copy"));
    copy_tree(project.root(), copy.root());
    let git_apply =
        sandbox.command("git").args(["apply", "-"]).dir(copy.root()).stdin(&shown.out()).run().ok();
    assert_names(&copy, NEW);
    assert_eq!(git_apply.out(), "");

    xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes"]).run().ok();
    assert_names(&project, NEW);
    let trees = [git(&sandbox, &project, &["diff"]), git(&sandbox, &copy, &["diff"])];
    assert_eq!(trees[0], trees[1]);
}

/// What a user would lose: the preview of a file that is not there yet, and of one with a name that is not plain.
#[test]
fn new_files_and_odd_names_are_in_the_diff() {
    let sandbox = sandbox();
    install(&sandbox, NEW);
    let odd = ["ci build.dockerfile", "é \"a\".dockerfile", "tab\there.dockerfile", "-x.dockerfile"];
    let project = odd.iter().fold(small_at(Project::new(&sandbox, "small")), |project, name| {
        project.file(name, "FROM rust:1.77.2")
    });
    fs::remove_file(project.root().join("rust-toolchain.toml")).unwrap();
    let project = project.commit(&sandbox);
    let before = Snapshot::of(&sandbox, &project);
    let shown = xcargo(&sandbox, &project, &["toolchain", "set", NEW, "-n"]).run().ok();
    before.assert_same();
    assert!(said(&shown, "Would").contains(&"edit rust-toolchain.toml (new)".to_owned()), "{}", shown.show());
    let copy = applied(&sandbox, &project, &shown.out());
    xcargo(&sandbox, &project, &["toolchain", "set", NEW, "--yes"]).run().ok();
    for name in odd.iter().chain(&["rust-toolchain.toml", "Dockerfile", ".github/workflows/ci.yml"]) {
        let texts = [&project, &copy].map(|project| fs::read_to_string(project.root().join(name)).unwrap());
        assert_eq!(texts[0], texts[1], "{name}");
        assert!(texts[0] == "FROM rust:1.78.0" || !odd.contains(name), "{name}");
    }
}
