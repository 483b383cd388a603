//! The cases: as many as CI has time for, or as many as are asked for, each from a seed of its own.

use std::fs;
use std::os::unix::fs::symlink;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use fastrand::Rng;
use xcargo::cache::Entry;

use super::arena::{Arena, TARGETS, number};
use super::attempt::{Refused, prepare};
use super::memory;
use super::oracle::{Asked, judge};
use super::snapshot::{self, Snapshot, show};
use super::tree;

/// What `cargo test` plays.
const AT_LEAST: u64 = 3_000;

/// What became of the cases: a test that removes nothing, or refuses nothing, proves nothing.
#[derive(Default)]
struct Tally {
    refused: AtomicU64,
    cleaned: AtomicU64,
    names: AtomicU64,
    stopped: AtomicU64,
}

#[test]
fn nothing_outside_is_ever_removed() {
    let count = number("XCARGO_PROPERTY_CASES").unwrap_or(AT_LEAST);
    let first = number("XCARGO_PROPERTY_SEED").unwrap_or_else(|| fastrand::u64(..));
    let (next, failed, tally) = (AtomicU64::new(0), AtomicBool::new(false), Tally::default());
    let threads = std::thread::available_parallelism().map_or(2, |threads| threads.get().max(2));
    // Mostly in memory, where cases are quick; now and then where temporary files go, on a file system with a disk.
    let memory = memory::dir();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (next, failed, tally) = (&next, &failed, &tally);
            scope.spawn(move || {
                let stages = [memory, None].map(Stage::new);
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count || failed.load(Ordering::Relaxed) {
                        return;
                    }
                    let stage = &stages[usize::from(at % 32 == 31)];
                    let seed = first.wrapping_add(at);
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| play(stage, seed, tally))) {
                        failed.store(true, Ordering::Relaxed);
                        eprintln!("to play this case again: XCARGO_PROPERTY_SEED={seed} XCARGO_PROPERTY_CASES=1 cargo test --test property nothing_outside");
                        resume_unwind(panic);
                    }
                }
            });
        }
    });
    let [refused, cleaned, names, stopped] =
        [&tally.refused, &tally.cleaned, &tally.names, &tally.stopped].map(|it| it.load(Ordering::Relaxed));
    println!(
        "{count} cases from seed {first}: {refused} refused, {cleaned} cleaned ({names} names), {stopped} stopped"
    );
    if count >= 1000 {
        for (what, times) in [("refused", refused), ("cleaned", cleaned), ("stopped", stopped)] {
            assert!(times >= count / 20, "{what} {times} times in {count}: the cases prove nothing");
        }
    }
}

/// An arena, and what must survive in it: each case leaves that as it was, or fails.
struct Stage {
    arena: Arena,
    survivors: Snapshot,
}

impl Stage {
    fn new(parent: Option<&Path>) -> Self {
        let arena = Arena::new(parent);
        let survivors = snapshot::take(&arena.root);
        Self { arena, survivors }
    }
}

fn play(Stage { arena, survivors }: &Stage, seed: u64, tally: &Tally) {
    let mut rng = Rng::with_seed(seed);
    arena.clear();
    let target = arena.root.join(TARGETS[rng.usize(..TARGETS.len())]);
    let made = tree::make(&arena.root, &target, &mut rng);
    let spelled = spelled(arena, &target, &mut rng);

    let before = snapshot::retake(&arena.root, survivors);
    let ready = match prepare(arena, &spelled) {
        Ok(ready) => ready,
        Err(refused) => {
            // Locks may have been taken, and lock files made, before the system refused one.
            let dir = matches!(refused, Refused::System)
                .then(|| target.strip_prefix(&arena.root).unwrap().to_path_buf());
            let asked = Asked { dir, entries: Vec::new(), is_emptied: true };
            let after = snapshot::take(&arena.root);
            let gone = judge(&asked, &before, &after);
            assert_eq!(gone, Ok(0), "refused ({refused}) {spelled:?}\n{}", show(&before));
            tally.refused.fetch_add(1, Ordering::Relaxed);
            return;
        }
    };
    let (mut handed, mut is_whole) = (Vec::new(), true);
    let mut hand_over = |entries: &[Entry]| {
        is_whole &= ready.remove(entries);
        handed.extend_from_slice(entries);
    };
    let everything = ready.everything();
    match rng.usize(..4) {
        0 => hand_over(&everything),
        1 => {
            let some: Vec<Entry> = everything.iter().filter(|_| rng.bool()).cloned().collect();
            hand_over(&some);
        }
        _ => {
            for _ in 0..rng.usize(1..8) {
                hand_over(&[anything(arena, &made, &everything, &mut rng)]);
            }
        }
    }
    let is_emptied = ready.empty_trash();
    let dir = ready.path().strip_prefix(&arena.root).map(Path::to_path_buf).ok();
    drop(ready);

    let after = snapshot::take(&arena.root);
    let asked = Asked { dir, entries: handed, is_emptied };
    match judge(&asked, &before, &after) {
        Ok(gone) => {
            tally.cleaned.fetch_add(u64::from(gone > 0), Ordering::Relaxed);
            tally.names.fetch_add(gone as u64, Ordering::Relaxed);
            tally.stopped.fetch_add(u64::from(!is_whole), Ordering::Relaxed);
        }
        Err(why) => panic!(
            "{why}\nspelled {spelled:?}\n{asked:#?}\nbefore:\n{}after:\n{}",
            show(&before),
            show(&after)
        ),
    }
}

/// How the directory to clean is named: mostly as it is, sometimes as what must be refused.
fn spelled(arena: &Arena, target: &Path, rng: &mut Rng) -> PathBuf {
    let link = arena.root.join("ws/link");
    let linked = |to: &Path, below: &str| {
        symlink(to, &link).unwrap();
        link.join(below)
    };
    match rng.usize(..24) {
        0 => linked(target, ""),
        1 => linked(&arena.root.join("outside"), ""),
        2 => linked(target.parent().unwrap(), "target"),
        3 => linked(&arena.root, "outside"),
        4 => PathBuf::from("../outside"),
        5 => PathBuf::from("."),
        6 => PathBuf::from(["", "..", "src", "notes", "member", ".git", "inner/target"][rng.usize(..7)]),
        7 => target.join("debug"),
        8 => target.join(tree::hostile(rng)),
        9 => {
            // The target dir itself is a link.
            fs::rename(target, &link).unwrap();
            symlink(&link, target).unwrap();
            target.to_path_buf()
        }
        10 => target.join("../target/."),
        11 => target.join("nowhere/..").join("../target"),
        _ => target.to_path_buf(),
    }
}

/// An entry that no planner would make; or, for once, one that it would. Were it carried out, it would cost nothing beyond
/// the arena.
fn anything(arena: &Arena, made: &tree::Made, everything: &[Entry], rng: &mut Rng) -> Entry {
    let known: Vec<&PathBuf> = made.dirs.iter().chain(&made.files).collect();
    let some = |rng: &mut Rng| match known.len() {
        0 => PathBuf::from("debug"),
        all => known[rng.usize(..all)].clone(),
    };
    let path = match rng.usize(..16) {
        0 if !everything.is_empty() => return everything[rng.usize(..everything.len())].clone(),
        0 | 1 => arena.root.join("outside/precious"),
        2 => PathBuf::from("../../outside/precious"),
        3 => some(rng).join("../../../outside"),
        4 => some(rng).join(".."),
        5 => {
            let names = ["", ".", "..", "../..", ".xcargo", ".xcargo/trash", "CACHEDIR.TAG", "notes"];
            PathBuf::from(names[rng.usize(..names.len())])
        }
        6 => some(rng).join([".cargo-lock", ".cargo-build-lock", ".cargo-artifact-lock"][rng.usize(..3)]),
        7 => some(rng).join("precious"),
        8 => some(rng).join(tree::hostile(rng)),
        9 => arena.root.join("ws/target").join(some(rng)),
        _ => some(rng),
    };
    match rng.usize(..3) {
        0 => Entry::File(path),
        1 => Entry::Tree(path),
        _ => Entry::EmptyDir(path),
    }
}

/// The judge itself: were it blind, all of the above would prove nothing.
#[test]
fn the_oracle_sees_what_must_not_happen() {
    type Deed = fn(&Path);
    let deeds: [(&str, Deed); 11] = [
        ("", |_| {}),
        ("", |root| fs::remove_dir_all(root.join("ws/target/debug/deps")).unwrap()),
        ("outside the directory", |root| fs::remove_file(root.join("outside/precious")).unwrap()),
        ("outside the directory", |root| fs::remove_dir_all(root.join("ws/src")).unwrap()),
        ("nobody asked", |root| fs::remove_file(root.join("ws/target/debug/other")).unwrap()),
        ("no lock covers", |root| fs::remove_file(root.join("ws/target/debug/.cargo-lock")).unwrap()),
        ("no lock covers", |root| fs::remove_file(root.join("ws/target/notes")).unwrap()),
        ("changed from", |root| fs::write(root.join("outside/precious"), "changed").unwrap()),
        ("changed from", |root| {
            fs::hard_link(root.join("outside/precious"), root.join("ws/target/.xcargo")).unwrap()
        }),
        ("changed from", |root| {
            let text = fs::read(root.join("ws/src/lib.rs")).unwrap();
            fs::remove_file(root.join("ws/src/lib.rs")).unwrap();
            fs::write(root.join("ws/src/lib.rs"), text).unwrap();
        }),
        ("was made", |root| fs::write(root.join("outside/new"), "").unwrap()),
    ];
    for (expect, deed) in deeds {
        let arena = Arena::new(None);
        for file in ["debug/deps/a", "debug/other", "debug/.cargo-lock", "notes"] {
            let path = arena.root.join(TARGETS[0]).join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let before = snapshot::take(&arena.root);
        deed(&arena.root);
        let asked = Asked {
            dir: Some(PathBuf::from(TARGETS[0])),
            entries: ["debug/deps", "debug/.cargo-lock", "notes"].map(|it| Entry::Tree(it.into())).to_vec(),
            is_emptied: true,
        };
        let judged = judge(&asked, &before, &snapshot::take(&arena.root));
        match judged {
            Ok(_) => assert_eq!(expect, "", "it was not seen"),
            Err(why) => assert!(!expect.is_empty() && why.contains(expect), "{expect}: {why}"),
        }
    }
}
