//! Builds and checks in loops, ten cleaners of all kinds between them: no build fails, and nothing outside is touched.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use fs_err as fs;

use super::edges::BUSY;
use super::fixture::Shape;
use super::little::Little;
use crate::support::listing::Listing;
use crate::support::sandbox::Sandbox;

/// How often each builder builds. More for a longer run, see docs/testing.md.
const ROUNDS: &str = "XCARGO_TEST_STRESS_ROUNDS";

/// What builds: cargo as people run it, and as an editor does, and xcargo, which looks for what was interrupted.
const BUILDERS: &[(&str, &[&str])] = &[
    ("cargo", &["build"]),
    ("cargo", &["check", "--message-format=json"]),
    ("cargo", &["check", "--message-format=json", "--target-dir", "target/rust-analyzer"]),
    ("cargo", &["build", "--release"]),
    ("xcargo", &["build"]),
];

const CLEANERS: [&[&str]; 10] = [
    &[],
    &["--no-wait"],
    &["-p", "low"],
    &["--workspace"],
    &["--release"],
    &["--incremental"],
    &["--stale"],
    &["--damaged"],
    &["--keep-size", "100kB"],
    &["--manual", "target"],
];

#[test]
fn no_build_fails_whoever_cleans() {
    let rounds = std::env::var(ROUNDS).map_or(4, |rounds| rounds.parse().expect("a number of rounds"));
    for shape in [Shape::One, Shape::Two] {
        builds_and_cleans(shape, rounds);
    }
}

fn builds_and_cleans(shape: Shape, rounds: usize) {
    let sandbox = Sandbox::new();
    // Emptied behind the back of the cleaner, as by default.
    let little = Little::new(&sandbox, "p", "[policy]\n").shaped(shape);
    little.cargo(&["build"]).run().ok();
    let outside = sandbox.work().join("outside");
    for canary in ["target/debug/deps/canary", "canary", "p/target/canary"] {
        fs::create_dir_all(outside.join(canary).parent().unwrap()).unwrap();
        fs::write(outside.join(canary), "mine").unwrap();
    }
    std::os::unix::fs::symlink(&outside, little.at("way-out")).unwrap();
    let canaries = || {
        let target = little.at("target");
        let kept = [Listing::read(&outside), Listing::read(little.project.root())];
        kept.map(|listing| listing.without(|path| path.starts_with(&target) && !path.ends_with("canary")))
    };
    let before = canaries();

    let at_work = AtomicUsize::new(BUILDERS.len());
    let cleaned = AtomicUsize::new(0);
    thread::scope(|scope| {
        let builders: Vec<_> = BUILDERS
            .iter()
            .map(|(front, args)| {
                let (little, at_work) = (&little, &at_work);
                scope.spawn(move || {
                    // However it ends, the cleaners must see it.
                    let _done = Done(at_work);
                    for _ in 0..rounds {
                        let cmd = if *front == "cargo" { little.cargo(args) } else { little.xcargo(args) };
                        cmd.run().ok();
                    }
                })
            })
            .collect();
        for args in CLEANERS {
            let (little, at_work, cleaned) = (&little, &at_work, &cleaned);
            scope.spawn(move || {
                while at_work.load(Ordering::SeqCst) > 0 {
                    let run = little.xcargo(&["clean", "--yes"]).args(args).run();
                    let is_busy = args.contains(&"--no-wait") && run.status.code() == Some(BUSY);
                    assert!(run.status.success() || is_busy, "{}", run.show());
                    cleaned.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for builder in builders {
            builder.join().expect("no build fails");
        }
    });
    assert!(cleaned.load(Ordering::SeqCst) >= CLEANERS.len(), "every cleaner was at work");
    assert!(before == canaries(), "something else was touched");
    little.works();
}

struct Done<'a>(&'a AtomicUsize);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
