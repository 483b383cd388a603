//! While somebody builds, a clean waits and says for whom, or does not wait and takes nothing.

use std::fs::{File, OpenOptions};

use fs_err as fs;

use super::edges::BUSY;
use super::fixture::Shape;
use super::little::{DONE, Little};
use crate::support::cmd::wait_until;
use crate::support::sandbox::Sandbox;

/// A build script that says it runs, and ends when it is told to, or when the sandbox is gone.
const WAITS: &str = "fn main() {\n    println!(\"cargo::rerun-if-changed=../go\");\n    \
    let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
    std::fs::write(format!(\"{out}/n.rs\"), \"pub const N: u32 = 41;\").unwrap();\n    \
    std::fs::write(\"../started\", \"\").unwrap();\n    \
    let is_there = |path: &str| std::path::Path::new(path).exists();\n    \
    while is_there(\"../started\") && !is_there(\"../go\") { std::thread::sleep(std::time::Duration::from_millis(10)); }\n}\n";

#[test]
fn a_clean_waits_for_a_running_build_and_says_for_whom() {
    for shape in [Shape::One, Shape::Two] {
        waits_for_a_build(shape);
    }
}

fn waits_for_a_build(shape: Shape) {
    let sandbox = Sandbox::new();
    let mut little = Little::new(&sandbox, "p", DONE).shaped(shape);
    little.project = little.project.file("low/build.rs", WAITS);
    let build = little.cargo(&["build"]).spawn();
    let pid = build.pid().as_raw_nonzero().to_string();
    wait_until("the build script runs", || little.at("started").exists());
    let before = little.listing();
    let unharmed =
        || before.gone_in(&little.listing()).is_empty() && before.altered_in(&little.listing()).is_empty();
    for args in [
        &["clean"][..],
        &["clean", "-p", "low"],
        &["clean", "--workspace"],
        &["clean", "--profile", "dev"],
        &["clean", "--incremental"],
    ] {
        let run = little.xcargo(args).arg("--no-wait").run().code(BUSY);
        assert!(run.err().contains("error[busy]") && run.stdout.is_empty(), "{}", run.show());
        assert!(!cfg!(target_os = "linux") || run.err().contains(&pid), "who has it ({pid})? {}", run.show());
        assert!(unharmed(), "{}", run.show());
    }
    let mut clean = little.xcargo(&["clean"]).spawn();
    clean.wait_for_err("Blocking");
    assert!(before.gone_in(&little.listing()).is_empty(), "nothing goes while it waits");
    fs::write(little.at("go"), "").unwrap();
    build.finish().ok();
    let run = clean.finish().ok();
    assert!(!cfg!(target_os = "linux") || run.err().contains(&pid), "who had it ({pid})? {}", run.show());
    assert!(
        !little.at("target/debug/top").exists() && little.at("target/debug/.cargo-lock").exists(),
        "{}",
        run.show()
    );
    little.works();
}

/// Cargo up to 1.95 holds `.cargo-lock`; from 1.96 a build holds `.cargo-build-lock`, shares `.cargo-lock`, and holds
/// `.cargo-artifact-lock` while it uplifts.
#[test]
fn the_locks_of_both_generations_are_respected() {
    for shape in [Shape::One, Shape::Two] {
        respects_both(shape);
    }
}

fn respects_both(shape: Shape) {
    let sandbox = Sandbox::new();
    let little = Little::built(&sandbox, "p", DONE, shape);
    let before = little.listing();
    let open = |name: &str| -> File {
        let path = little.at("target/debug").join(name);
        OpenOptions::new().create(true).truncate(false).write(true).open(path).expect("a lock file")
    };
    for (name, is_shared) in [
        (".cargo-lock", false),
        (".cargo-lock", true),
        (".cargo-build-lock", false),
        (".cargo-build-lock", true),
        (".cargo-artifact-lock", false),
    ] {
        let file = open(name);
        if is_shared { file.lock_shared() } else { file.lock() }.expect("the lock");
        for args in [&["clean"][..], &["clean", "-p", "low"]] {
            let run = little.xcargo(args).arg("--no-wait").run().code(BUSY);
            assert!(run.err().contains(name), "which lock? {}", run.show());
            assert!(before.gone_in(&little.listing()).is_empty(), "{name}: {}", run.show());
        }
    }
    little.xcargo(&["clean", "--no-wait"]).run().ok();
    assert!(!little.at("target/debug/top").exists());
    for name in [".cargo-lock", ".cargo-build-lock", ".cargo-artifact-lock"] {
        assert!(little.at("target/debug").join(name).exists(), "{name}: somebody may wait for it");
    }
    little.works();
}
