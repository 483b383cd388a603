//! Any text whatever, read as any kind of file that names toolchains: nothing panics, nothing is found outside of the text, and an
//! edit changes the names and not one byte beside them.
//!
//! Each case makes one text (noise, a mutated file, a generated one), reads it as what it was made as and as some or all of the
//! other kinds, and moves what it finds to another channel and back.

mod corpus;
mod generate;
mod judge;
mod large;
mod mutate;
mod yaml;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use fastrand::Rng;
use judge::Tally;
use xcargo::pins::Kind;

use super::arena::number;

/// What `cargo test` plays.
const AT_LEAST: u64 = 3_000;

/// Every kind of file there is.
const KINDS: [Kind; 21] = [
    Kind::ToolchainFile,
    Kind::Policy,
    Kind::Workflow,
    Kind::Action,
    Kind::Dockerfile,
    Kind::GitLab,
    Kind::CircleCi,
    Kind::Azure,
    Kind::Travis,
    Kind::Woodpecker,
    Kind::Jenkinsfile,
    Kind::Devcontainer,
    Kind::Compose,
    Kind::ToolVersions,
    Kind::Mise,
    Kind::Prototools,
    Kind::Nix,
    Kind::Bazel,
    Kind::ReadTheDocs,
    Kind::Clippy,
    Kind::Manifest,
];

#[test]
fn pins_of_any_text() {
    let count = number("XCARGO_PROPERTY_CASES").unwrap_or(AT_LEAST);
    let first = number("XCARGO_PROPERTY_SEED").unwrap_or_else(|| fastrand::u64(..));
    let (next, failed, tally) = (AtomicU64::new(0), AtomicBool::new(false), Tally::default());
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count || failed.load(Ordering::Relaxed) {
                        return;
                    }
                    let seed = first.wrapping_add(at);
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| play(seed, &tally))) {
                        failed.store(true, Ordering::Relaxed);
                        eprintln!("to play this case again: XCARGO_PROPERTY_SEED={seed} XCARGO_PROPERTY_CASES=1 cargo test --test property pins_of_any");
                        resume_unwind(panic);
                    }
                }
            });
        }
    });
    println!("{count} cases from seed {first}: {tally}");
    if count >= 1000 {
        for (what, times, least) in tally.figures(count) {
            assert!(times >= least, "{what} {times} times in {count} cases: they prove nothing");
        }
    }
}

fn play(seed: u64, tally: &Tally) {
    let mut rng = Rng::with_seed(seed);
    let (kind, text) = text(&mut rng);
    let shown = catch_unwind(AssertUnwindSafe(|| {
        judge::judge(kind, &text, judge::How::Own, &mut rng, tally);
        // Most texts of one kind are quickly done with as any other, and what they are made as comes round often enough.
        let is_for_all = rng.usize(..4) == 0;
        for other in KINDS {
            if other != kind && (is_for_all || rng.usize(..6) == 0) {
                judge::judge(other, &text, judge::How::Other, &mut rng, tally);
            }
        }
    }));
    if let Err(panic) = shown {
        eprintln!("the text, made as {kind:?}:\n{text:?}\n{text}");
        resume_unwind(panic);
    }
}

/// A text, and the kind of file that it is made as.
fn text(rng: &mut Rng) -> (Kind, String) {
    let (kind, mut text) = match rng.usize(..16) {
        0 => (KINDS[rng.usize(..KINDS.len())], mutate::noise(rng)),
        1..8 => {
            let (kind, text) = corpus::TEXTS[rng.usize(..corpus::TEXTS.len())];
            (kind, text.to_owned())
        }
        8..12 => yaml::file(rng),
        _ => generate::file(rng),
    };
    // A third of all stay as they are made: what is edited and proved most often.
    if rng.usize(..3) > 0 {
        for _ in 0..rng.usize(1..6) {
            mutate::once(&mut text, rng);
        }
    }
    match rng.usize(..12) {
        0 => text = text.replace('\n', "\r\n"),
        1 => text.insert(0, '\u{feff}'),
        _ => {}
    }
    (kind, text)
}
