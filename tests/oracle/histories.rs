//! As many histories as are asked for, each by plain cargo and by xcargo.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use fastrand::Rng;
use fs_err as fs;

use super::flags::lend_other_compiler;
use super::player::{Driver, Player, Wrong};
use super::support::copy::copy_tree;
use super::support::sandbox::Sandbox;

/// What `cargo test` plays.
const AT_LEAST: u64 = 8;

/// What became of them.
#[derive(Default)]
struct Tally {
    cargo: AtomicU64,
    xcargo: AtomicU64,
}

#[test]
fn whatever_happens_the_program_is_what_its_sources_say() {
    let count = number("XCARGO_ORACLE_SEQUENCES").unwrap_or(AT_LEAST);
    let first = number("XCARGO_ORACLE_SEED").unwrap_or(FIRST);
    let tally = Tally::default();
    each(first, count, "whatever_happens", |sandbox, seed| history(sandbox, seed, &tally));
    let [cargo, xcargo] = [&tally.cargo, &tally.xcargo].map(|it| it.load(Ordering::Relaxed));
    println!(
        "sequences: {count} from seed {first}, plain cargo wrong in: {cargo}, xcargo wrong in: {xcargo}"
    );
    assert_eq!(xcargo, 0, "what xcargo had wrong is above");
    assert!(count < AT_LEAST || cargo > 0, "plain cargo is never wrong: these histories prove nothing");
}

/// One history with each of the two. What plain cargo has wrong is counted, what xcargo has wrong is shown.
fn history(sandbox: &Sandbox, seed: u64, tally: &Tally) {
    for driver in [Driver::Cargo, Driver::Xcargo] {
        let mut player = Player::new(sandbox, seed, driver);
        let played = player.play(&mut Rng::with_seed(seed));
        // Nothing rests on the model alone: neither that somebody is wrong, nor that both were right to the end.
        if played.is_err() || driver == Driver::Xcargo {
            player.hold_against_a_clean_build();
        }
        match (played, driver) {
            (Ok(()), _) => {}
            (Err(Wrong(_)), Driver::Cargo) => drop(tally.cargo.fetch_add(1, Ordering::Relaxed)),
            (Err(Wrong(why)), Driver::Xcargo) => {
                tally.xcargo.fetch_add(1, Ordering::Relaxed);
                eprintln!("{why}\n{}", again(seed, "whatever_happens"));
                keep(&player, seed);
            }
        }
        fs::remove_dir_all(player.site.base()).unwrap();
    }
}

/// Plays each seed, on two threads with a sandbox each. The first panic ends it.
pub(super) fn each(first: u64, count: u64, test: &str, play: impl Fn(&Sandbox, u64) + Sync) {
    let (next, failed) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let sandbox = Sandbox::in_memory();
                lend_other_compiler(&sandbox);
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count || failed.load(Ordering::Relaxed) {
                        return;
                    }
                    let seed = first.wrapping_add(at);
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| play(&sandbox, seed))) {
                        failed.store(true, Ordering::Relaxed);
                        eprintln!("{}", again(seed, test));
                        resume_unwind(panic);
                    }
                }
            });
        }
    });
}

/// The command that plays one again.
pub(super) fn again(seed: u64, test: &str) -> String {
    format!(
        "to play this one again: XCARGO_ORACLE_SEED={seed} XCARGO_ORACLE_SEQUENCES=1 cargo test --test oracle {test}"
    )
}

/// Where the histories begin that everybody plays. Others are asked for by XCARGO_ORACLE_SEED.
pub(super) const FIRST: u64 = 1;

/// A number that the environment gives.
pub(super) fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.replace('_', "").parse().unwrap_or_else(|_| panic!("{name}={text}: a number is meant")))
}

/// With `XCARGO_ORACLE_KEEP=<dir>` a copy of the workspace stays there as it was found wrong.
fn keep(player: &Player<'_>, seed: u64) {
    if let Some(dir) = std::env::var_os("XCARGO_ORACLE_KEEP") {
        let dir = std::path::Path::new(&dir).join(seed.to_string());
        copy_tree(player.site.base(), &dir);
        eprintln!("it is in {}", dir.display());
    }
}
