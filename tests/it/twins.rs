//! A real workspace, worked on through cargo and through xcargo: same code, same streams, same tree.

use crate::support::sandbox::Sandbox;
use crate::support::twins::Twins;
use crate::support::workspace::locked_workspace;

/// A day's commands and the codes they end with.
const DAY: &[(&[&str], i32)] = &[
    (&["metadata", "--format-version=1"], 0),
    (&["tree", "--workspace", "--edges", "all"], 0),
    (&["check", "--workspace", "--all-targets"], 0),
    (&["build", "--workspace"], 0),
    (&["build"], 0),
    (&["run", "--", "3"], 3),
    (&["test", "--workspace"], 0),
    (&["bench", "-p", "text"], 0),
    (&["doc", "--workspace", "--no-deps"], 0),
    (&["clippy", "--workspace"], 0),
    (&["clippy", "--workspace", "--keep-going", "--", "-D", "warnings"], 101),
    (&["fmt", "--check"], 1),
    (&["fmt"], 0),
    (&["xtask", "a", "--", "b"], 0),
    (&["b2"], 0),
    (&["package", "-p", "macros", "--list"], 0),
    (&["add", "either", "-p", "app"], 0),
    (&["tree", "-p", "app", "--depth", "1"], 0),
    (&["remove", "either", "-p", "app"], 0),
    (&["init", "crates/fresh", "--vcs", "none"], 0),
    (&["init", "crates/fresh"], 101),
    (&["check", "-p", "fresh"], 0),
];

#[test]
fn a_days_work_without_a_policy() {
    let sandbox = Sandbox::in_memory();
    let twins = Twins::of(&sandbox, &locked_workspace(&sandbox, "real"));
    for (args, code) in DAY {
        twins.same(args).code(*code);
    }
    twins.same(&["update", "itoa"]).code(0);
    twins.same(&["build", "--workspace", "--locked"]).code(0);
}

#[test]
fn a_days_work_under_a_policy_that_asks_for_nothing_new() {
    let sandbox = Sandbox::in_memory();
    // What `restore` keeps from being built again would be said, and built by cargo alone.
    let policy = "[policy]\nenforce = \"deny\"\n[cache]\nrestore = \"off\"\n";
    let project = locked_workspace(&sandbox, "real").doctor(policy).commit(&sandbox);
    let twins = Twins::of(&sandbox, &project);
    for (args, code) in DAY {
        twins.same(args).code(*code);
    }
}
