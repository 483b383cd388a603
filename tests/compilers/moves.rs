//! The pin moves from one real compiler to the next, and back.

use std::collections::BTreeSet;

use crate::compilers::{self, Compiler};
use crate::ground::{Ground, PRINTS, assert_all_fresh, assert_no_mix, said};

const BUILD: &[&str] = &["build", "--workspace", "-v"];

/// What else is done with a compiler before the pin moves on.
const WORK: &[&[&str]] = &[
    &["test", "--workspace"],
    &["check", "--workspace", "--all-targets"],
    &["doc", "--workspace", "--no-deps"],
];

/// A user would lose a right build, or the disk to dead weight: with every move all that the old compiler left goes,
/// and what is there then is what plain cargo leaves in an empty directory.
#[test]
fn a_moved_pin_leaves_what_a_fresh_build_would_leave() {
    let chain = compilers::modern();
    let ground = Ground::new("[policy]\n");
    ground.pin(chain[0]);
    assert_no_mix(&ground.xcargo(BUILD).run().ok());
    for (old, new) in chain.iter().zip(chain.iter().skip(1).chain([&chain[0]])) {
        for args in WORK {
            let run = ground.xcargo(args).run().ok();
            assert_no_mix(&run);
            assert!(said(&run, "Cleaning").is_empty(), "{}", run.show());
        }
        let before = ground.state();
        assert_eq!(before.compilers.len(), 1, "one compiler at a time");
        move_pin(&ground, old, new);
        let after = ground.state();
        after.assert_is(&ground.fresh(BUILD), &format!("from {} to {}", old.name, new.name));
        assert!(before.units.is_disjoint(&after.units), "two compilers name their units differently");
        assert!(before.sessions.is_disjoint(&after.sessions), "and their incremental sessions");
        assert_all_fresh(&ground.xcargo(BUILD).run().ok());
    }
}

fn move_pin(ground: &Ground, old: &Compiler, new: &Compiler) {
    ground.pin(new);
    let run = ground.xcargo(BUILD).run().ok();
    assert_no_mix(&run);
    let way = format!("from {} to {}", old.release, new.release);
    let switching = said(&run, "Switching");
    // A nightly is named with its commit.
    assert!(switching.len() == 1 && without_commits(&switching[0]).starts_with(&way), "{}", run.show());
    let cleaning = said(&run, "Cleaning");
    let reason = format!("built by {}: the pin is now {}", old.release, new.release);
    assert!(cleaning.len() == 1 && without_commits(&cleaning[0]).ends_with(&reason), "{}", run.show());
    assert_eq!(ground.program_prints(), PRINTS);
}

/// `1.97.0-nightly (e50aa6fba 2026-05-19)` → `1.97.0-nightly`.
fn without_commits(line: &str) -> String {
    let mut text = String::new();
    for (at, part) in line.split(" (").enumerate() {
        text.push_str(if at == 0 { part } else { part.split_once(')').map_or("", |(_, rest)| rest) });
    }
    text
}

/// A user would lose the time of a whole build on the way back, or, if too much were kept, the disk.
#[test]
fn a_kept_compiler_builds_nothing_again_and_the_third_pushes_the_oldest_out() {
    let [first, second, third, ..] = compilers::modern()[..] else { unreachable!("there are three") };
    let ground = Ground::new("[clean]\nkeep-toolchains = 1\n");
    let mut numbers = Vec::new();
    let mut before = BTreeSet::new();
    for compiler in [first, second] {
        ground.pin(compiler);
        let run = ground.xcargo(BUILD).run().ok();
        assert_no_mix(&run);
        assert!(said(&run, "Cleaning").is_empty(), "{}", run.show());
        let state = ground.state();
        assert!(state.files.is_superset(&before));
        numbers.extend(
            state.compilers.difference(&numbers.iter().copied().collect()).copied().collect::<Vec<_>>(),
        );
        before = state.files;
    }
    for compiler in [first, second, first] {
        ground.pin(compiler);
        let run = ground.xcargo(BUILD).run().ok();
        assert_all_fresh(&run);
        assert_eq!(said(&run, "Switching").len(), 1, "{}", run.show());
        assert_eq!(ground.program_prints(), PRINTS);
    }
    ground.pin(third);
    let run = ground.xcargo(BUILD).run().ok();
    assert_no_mix(&run);
    let cleaning = said(&run, "Cleaning");
    let reason = format!("built by {}: the pin is now {}", second.release, third.release);
    assert!(cleaning.len() == 1 && without_commits(&cleaning[0]).ends_with(&reason), "{}", run.show());
    let left = ground.state().compilers;
    assert!(
        left.contains(&numbers[0]) && !left.contains(&numbers[1]) && left.len() == 2,
        "{numbers:?} {left:?}"
    );
    ground.pin(first);
    assert_all_fresh(&ground.xcargo(BUILD).run().ok());
}

/// The same in layout 2, where a unit is one directory.
#[test]
fn a_moved_pin_cleans_layout_two() {
    let able = compilers::in_both_layouts();
    let ground = Ground::new("[policy]\n").in_layout_two();
    ground.pin(able[0]);
    assert_no_mix(&ground.xcargo(BUILD).run().ok());
    for (old, new) in able.iter().zip(able.iter().skip(1).chain([&able[0]])) {
        let before = ground.state();
        assert!(!ground.target().join("debug/.fingerprint").exists(), "this is layout 2");
        move_pin(&ground, old, new);
        let after = ground.state();
        after.assert_is(&ground.fresh(BUILD), &format!("from {} to {}", old.name, new.name));
        assert!(before.units.is_disjoint(&after.units));
        assert_all_fresh(&ground.xcargo(BUILD).run().ok());
    }
}
