//! A build by any cargo keeps a clean out as long as it runs, and a clean keeps any cargo out.

use fs_err as fs;
use xcargo::cache;
use xcargo::cache::locks::{Held, try_lock};

use crate::compilers;
use crate::ground::{Ground, assert_no_mix, said};
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// A build script that says when it runs, and waits until it may go on.
const WAITS: &str = r#"
use std::path::Path;
fn main() {
    println!("cargo:rerun-if-changed=again");
    if Path::new("wait").exists() {
        println!("started");
        while Path::new("wait").exists() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}
"#;

fn project(sandbox: &Sandbox) -> Project {
    Project::new(sandbox, "p")
        .package("", "app", "[dependencies]\nitoa = \"1\"\n")
        .file("src/main.rs", "fn main() { println!(\"{}\", itoa::Buffer::new().format(42)); }\n")
        .file("build.rs", WAITS)
        .file("again", "")
}

/// A user would lose a running build, with an error that names nothing.
#[test]
fn a_running_build_of_each_generation_keeps_the_clean_waiting() {
    let [older, newer] = compilers::generations();
    for (running, next) in [(older, newer), (newer, older)] {
        let ground = Ground::with("[policy]\n", project);
        ground.pin(running);
        ground.xcargo(&["build"]).run().ok();
        assert_eq!(ground.target().join("debug/.cargo-build-lock").exists(), running.takes_three_locks());
        let root = ground.project.root();
        fs::write(root.join("wait"), "").unwrap();
        fs::write(root.join("again"), "and again").unwrap();
        // With `-vv` cargo passes on what a build script prints, while it runs.
        let mut build = ground.cargo(&["build", "-vv"]).spawn();
        build.wait_for("started");
        let before = ground.state();

        ground.pin(next);
        let mut cleaning = ground.xcargo_aloud(&["build"]).spawn();
        cleaning.wait_for("waiting for file lock");
        ground.state().assert_is(&before, "while the other builds");
        fs::remove_file(root.join("wait")).unwrap();
        let build = build.finish().ok();
        assert_no_mix(&build);
        let cleaned = cleaning.finish().ok();
        let reason = format!("built by {}: the pin is now", running.release);
        assert!(cleaned.out().contains(&reason) && cleaned.out().contains("Blocking"), "{}", cleaned.show());
        ground
            .state()
            .assert_is(&ground.fresh(&["build"]), &format!("{} cleaned for {}", running.name, next.name));
    }
}

/// A user would lose a build that starts while a clean is under way.
#[test]
fn a_clean_keeps_each_generation_waiting() {
    for compiler in compilers::generations() {
        let ground = Ground::with("[policy]\n", project);
        ground.pin(compiler);
        ground.cargo(&["build"]).run().ok();
        let target = ground.target();
        let cache = cache::read(&target, &ground.sandbox.cargo_home()).unwrap();
        let Held::Locks(locks) = try_lock(&target, &target, &cache).unwrap() else {
            panic!("nobody builds here");
        };
        let sh = "exec cargo build 2>&1";
        let mut build = ground.sandbox.command("sh").args(["-c", sh]).dir(ground.project.root()).spawn();
        build.wait_for("waiting for file lock");
        drop(locks);
        let build = build.finish().ok();
        assert!(build.out().contains("Finished") && said(&build, "Compiling").is_empty(), "{}", build.show());
    }
}
