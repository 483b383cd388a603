//! A cargo within a cargo, where both are xcargo: no step twice, no deadlock, no process more than cargo alone would start.

use std::os::unix::fs::symlink;

use crate::support::project::Project;
use crate::support::recorder::{Call, Place, Recorder, processes};
use crate::support::sandbox::{Sandbox, xcargo};

/// Runs `cargo` by its name twice: on its own workspace, and to build another package.
const NESTED: &str = r#"
    let run = |args: &[&str]| {
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/other");
        let out = std::process::Command::new("cargo").args(args).current_dir(dir).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    };
    run(&["metadata", "--no-deps", "--format-version=1", "--manifest-path", "../Cargo.toml"]);
    run(&["build", "--quiet", "--target-dir", "../target/nested-WHO"]);
"#;

const POLICY: &str = "[policy]\nenforce = \"deny\"\n";

fn project(sandbox: &Sandbox) -> Project {
    let nested = |who: &str| NESTED.replace("WHO", who);
    Project::new(sandbox, "outer")
        .package("", "outer", "[workspace]\nmembers = [\"xtask\"]\nexclude = [\"other\"]\n")
        .file(
            "build.rs",
            format!("fn main() {{ println!(\"cargo::rerun-if-changed=build.rs\");{}}}", nested("script")),
        )
        .file("src/main.rs", format!("fn main() {{{}}}", nested("program")))
        .file("tests/nested.rs", format!("#[test]\nfn nested() {{{}}}", nested("test")))
        .package("other", "other", "[workspace]\n")
        .file("other/src/lib.rs", "")
        .file("other/doctor.toml", POLICY)
        .package("xtask", "xtask", "")
        .file(
            "xtask/src/main.rs",
            format!("fn main() {{{}}}", nested("xtask").replace("\"/other\"", "\"/../other\"")),
        )
        .file(".cargo/config.toml", "[alias]\nxtask = \"run --package xtask --\"\n")
        .doctor(POLICY)
}

/// The commands that run cargo within cargo, each in a fresh tree, so that nothing is skipped as fresh.
const COMMANDS: [&[&str]; 4] = [&["build"], &["run"], &["test"], &["xtask"]];

/// Runs the command twice and returns what the first and the second run started.
fn calls(args: &[&str], shim: bool) -> [Vec<Call>; 2] {
    let sandbox = Sandbox::new();
    let recorder = Recorder::install(&sandbox);
    let project = project(&sandbox);
    if shim {
        symlink(xcargo(), sandbox.bin().join("cargo")).expect("a link named cargo");
    }
    [(); 2].map(|()| {
        sandbox.cargo().args(args).dir(project.root()).run().ok();
        recorder.take()
    })
}

/// What was started, without what differs from run to run: process ids and the sandbox's own paths.
fn started(calls: &[Call], tool: &str) -> Vec<(Place, Vec<String>)> {
    let mut list: Vec<_> = calls
        .iter()
        .filter(|call| call.tool == tool)
        .map(|call| {
            (call.place, call.args.iter().filter(|arg| !arg.contains("xcargo-it-")).cloned().collect())
        })
        .collect();
    list.sort();
    list
}

#[test]
fn every_cargo_within_cargo_passes_straight_through() {
    for args in COMMANDS {
        let [plain_first, plain_second] = calls(args, false);
        let [first, second] = calls(args, true);
        assert!(processes(&plain_first, "cargo") >= 3, "{args:?} runs cargo within cargo: {plain_first:#?}");
        // The outer call may ask about the compiler once, to remember it; nobody else may start anything.
        assert_eq!(started(&plain_first, "cargo"), started(&first, "cargo"), "{args:?}, the first time");
        assert_eq!(started(&plain_first, "rustup"), started(&first, "rustup"), "{args:?}, the first time");
        for tool in ["cargo", "rustc", "rustup"] {
            assert_eq!(
                started(&plain_second, tool),
                started(&second, tool),
                "{args:?}, {tool}, the second time"
            );
        }
    }
}

/// Were the recorder to change what runs, or to miss it, every count above would be worth nothing.
#[test]
fn the_recorder_sees_all_and_changes_nothing() {
    let sandbox = Sandbox::new();
    let project = Project::program(&sandbox, "small", "fn main() {}");
    let build = || sandbox.cargo().args(["build", "-v"]).dir(project.root()).run().ok();
    build();
    let recorder = Recorder::install(&sandbox);
    let again = build();
    let calls = recorder.take();
    assert_eq!(processes(&calls, "cargo"), 1, "the proxy becomes the toolchain's cargo: {calls:#?}");
    assert_eq!(processes(&calls, "rustup"), 0, "{calls:#?}");
    assert!(calls.iter().all(|call| call.tool != "rustc" || call.place == Place::Toolchain), "{calls:#?}");
    assert!(again.err().contains("Finished"), "{}", again.show());

    sandbox.command("rustup").arg("show").run().ok();
    sandbox.command("rustc").arg("a\u{e9}\tb\n").run();
    let calls = recorder.take();
    assert_eq!(processes(&calls, "rustup"), 1, "{calls:#?}");
    let rustc = started(&calls, "rustc");
    let args = vec!["a\\xc3\\xa9\\tb\\n".to_owned()];
    assert_eq!(rustc, [(Place::Proxy, args.clone()), (Place::Toolchain, args)], "{calls:#?}");
    assert!(calls.iter().filter(|call| call.tool == "rustc").all(|call| call.parent == std::process::id()));
    assert!(recorder.take().is_empty());
}
