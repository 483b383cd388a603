//! No false alarm: in a history without faults xcargo has exactly that built which plain cargo alone would build.
//!
//! Two copies of one workspace live through the same history, one with each. What is built is compared by the file that it is
//! built into, whose name stands for package, target, profile and features, and beside it the runs of build scripts, of which
//! cargo tells only in words.

use std::collections::BTreeSet;
use std::path::Path;

use fastrand::Rng;
use fs_err as fs;
use serde_json::Value;

use super::histories::{FIRST, again, each, number};
use super::player::{Driver, Player};
use super::site::mtime;
use super::step::{self, Step};
use super::support::cmd::Run;

/// What `cargo test` plays.
const AT_LEAST: u64 = 3;

#[test]
fn nothing_is_rebuilt_in_vain() {
    let count = number("XCARGO_ORACLE_SEQUENCES").unwrap_or(AT_LEAST);
    let first = number("XCARGO_ORACLE_SEED").unwrap_or(FIRST);
    each(first, count, "nothing_is_rebuilt", |sandbox, seed| {
        let mut twins = [Driver::Cargo, Driver::Xcargo].map(|driver| Player::new(sandbox, seed, driver));
        let mut rng = Rng::with_seed(seed);
        let mut steps = vec![None];
        steps.extend((0..rng.usize(4..9)).map(|_| Some((step::faultless(&mut rng), rng.u64(..)))));
        for step in steps {
            let [(by_cargo, cargo), (by_xcargo, xcargo)] = twins.each_mut().map(|twin| live(twin, step));
            assert!(
                by_cargo == by_xcargo,
                "only by cargo: {:#?}\nonly by xcargo: {:#?}\n{}\n{}{}\n{}",
                by_cargo.difference(&by_xcargo).collect::<Vec<_>>(),
                by_xcargo.difference(&by_cargo).collect::<Vec<_>>(),
                twins[1].log(),
                cargo.show(),
                xcargo.show(),
                again(seed, "nothing_is_rebuilt")
            );
        }
        twins.iter().for_each(|twin| fs::remove_dir_all(twin.site.base()).unwrap());
    });
}

/// If the comparison above could not see one unit too many, it would prove nothing: one file of one twin has a new time, and
/// exactly what hangs on it is seen.
#[test]
fn one_unit_in_vain_is_seen() {
    each(1, 2, "one_unit_in_vain", |sandbox, seed| {
        let mut player = Player::new(sandbox, seed, Driver::Cargo);
        let all = live(&mut player, None).0;
        assert!(live(&mut player, None).0.is_empty(), "nothing has changed");
        let program = player.site.root().join(&player.spec.members.last().unwrap().name).join("src/main.rs");
        let former = mtime(&program);
        filetime::set_file_mtime(&program, filetime::FileTime::now()).unwrap();
        assert!(mtime(&program) > former);
        let one = live(&mut player, None).0;
        assert_eq!(one.len(), 1, "{one:#?}");
        assert!(one.is_subset(&all));
    });
}

/// Carries a step out and builds; what was built.
fn live(twin: &mut Player<'_>, step: Option<(Step, u64)>) -> (BTreeSet<String>, Run) {
    if let Some((step, seed)) = step {
        twin.act_and_note(step, &mut Rng::with_seed(seed));
    }
    let run = twin.loud_build().run().ok();
    let root = twin.site.root();
    (artifacts(&run.out(), &root).chain(scripts(&run.err(), &root)).collect(), run)
}

/// The artifacts that were made, by their paths below the checkout.
fn artifacts(messages: &str, root: &Path) -> impl Iterator<Item = String> {
    let messages = messages.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let made = messages.filter(|it| it["reason"] == "compiler-artifact" && it["fresh"] == false);
    made.map(|it| format!("{} {}", it["target"], it["filenames"]).replace(root.to_str().unwrap(), ""))
}

/// The runs of build scripts, from what `cargo build -v` says: the program's path below the checkout is the unit.
fn scripts(said: &str, root: &Path) -> Vec<String> {
    let lines = said.lines().filter_map(|line| line.trim_start().strip_prefix("Running `"));
    let lines = lines.filter(|line| line.trim_end_matches('`').ends_with("build-script-build"));
    lines.map(|line| line.replace(root.to_str().unwrap(), "")).collect()
}
