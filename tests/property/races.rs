//! Somebody exchanges directories for links while a removal runs: whatever comes of the removal, nothing outside goes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::arena::{Arena, number};
use super::attempt::prepare;
use super::memory;
use super::snapshot::{self, Snapshot};

/// So many for each directory, unless `XCARGO_PROPERTY_ROUNDS` says otherwise.
const ROUNDS: u64 = 60;

/// Directories on the way to what is removed, from the target dir down to what the removal itself makes.
const SWAPPED: [&str; 7] =
    ["", "debug", "debug/deps", "debug/build", ".xcargo", ".xcargo/trash", "debug/.fingerprint"];

#[test]
fn a_directory_that_becomes_a_link_leads_nowhere() {
    for (at, swapped) in SWAPPED.into_iter().enumerate() {
        let arena = Arena::new(memory::dir());
        let survivors = outside(&arena);
        let (mut whole, mut stopped) = (0, 0);
        for _ in 0..number("XCARGO_PROPERTY_ROUNDS").unwrap_or(ROUNDS) {
            if round(&arena, swapped) {
                whole += 1
            } else {
                stopped += 1
            }
            assert_eq!(outside(&arena), survivors, "{swapped:?}");
        }
        println!("{at}: {swapped:?} was a link now and then: {whole} removals were whole, {stopped} stopped");
    }
}

/// All but the target dirs and the link.
fn outside(arena: &Arena) -> Snapshot {
    let mut all = snapshot::take(&arena.root);
    all.retain(|path, _| !(path.starts_with("ws/target") || path.starts_with("ws/link")));
    all
}

/// One removal with a directory that is exchanged for a link to one that looks like it, and back, all the while.
fn round(arena: &Arena, swapped: &str) -> bool {
    arena.clear();
    let target = arena.root.join("ws/target");
    let files: Vec<PathBuf> = (0..8)
        .flat_map(|unit| {
            let id = format!("000000000000000{unit}");
            [
                format!("debug/deps/liba-{id}.rlib"),
                format!("debug/build/a-{id}/out/precious"),
                format!("debug/.fingerprint/a-{id}/lib-a.json"),
            ]
        })
        .chain(["debug/.cargo-lock", ".xcargo/trash/1-0/precious"].map(str::to_owned))
        .map(|file| target.join(file))
        .collect();
    for file in &files {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, r#"{"rustc":7,"deps":[],"local":[]}"#).unwrap();
    }
    let link = arena.root.join("ws/link");
    let leads_to = if swapped.starts_with(".xcargo") { "outside/.xcargo" } else { "outside" };
    symlink(arena.root.join(leads_to), &link).unwrap();
    let ready = prepare(arena, &target).expect("nothing is exchanged yet");
    let entries = ready.everything();
    assert!(!entries.is_empty());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let place = target.join(swapped);
            while !done.load(Ordering::Relaxed) {
                // Where the trash is gone there is nothing to exchange it with; then it is made a link.
                if renameat_with(CWD, &place, CWD, &link, RenameFlags::EXCHANGE).is_err() {
                    let _ = fs::rename(&link, &place);
                    let _ = fs::rename(&place, &link);
                }
            }
        });
        let is_whole = ready.remove(&entries) & ready.empty_trash();
        done.store(true, Ordering::Relaxed);
        is_whole
    })
}
