//! What may have changed: decided from what was handed over for removal and from nothing that the code under test says.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use xcargo::cache::Entry;

use super::arena::TARGETS;
use super::snapshot::{Kind, Seen, Snapshot};

/// Cargo's lock files, which stay for those who wait for them.
const LOCKS: [&str; 3] = [".cargo-lock", ".cargo-build-lock", ".cargo-artifact-lock"];

/// What cargo makes beside profile dirs.
const PRODUCTS: [&str; 7] = [
    "doc",
    "package",
    "tmp",
    "cargo-timings",
    ".metabuild",
    ".rustc_info.json",
    ".future-incompat-report.json",
];

/// What a removal was asked for.
#[derive(Debug)]
pub(super) struct Asked {
    /// The directory that was proven, relative to the arena; none where it was refused.
    pub(super) dir: Option<PathBuf>,
    /// What was handed over.
    pub(super) entries: Vec<Entry>,
    /// Whether every trash was to be emptied: then it is empty.
    pub(super) is_emptied: bool,
}

/// Compares before and after; returns how many names are gone.
///
/// # Errors
/// Something is gone or changed, or was made, that should not be.
pub(super) fn judge(asked: &Asked, before: &Snapshot, after: &Snapshot) -> Result<usize, String> {
    let profiles = asked.dir.as_ref().map_or_else(Vec::new, |dir| profiles(dir, before));
    let mut gone: HashMap<(u64, u64), u64> = HashMap::new();
    let mut count = 0;
    for (path, seen) in before {
        if !after.contains_key(path) {
            may_go(asked, &profiles, path, seen)?;
            *gone.entry(seen.inode).or_default() += 1;
            count += 1;
        }
    }
    for (path, seen) in before {
        let Some(now) = after.get(path) else { continue };
        let links = seen.links - gone.get(&seen.inode).copied().unwrap_or(0).min(seen.links);
        // A file that was renamed into the trash still has that name there, until it is emptied.
        let expect = Seen { links: if asked.is_emptied { links } else { now.links }, ..seen.clone() };
        let links_fit = asked.is_emptied || (links..=seen.links).contains(&now.links);
        if seen.kind != Kind::Dir && (!links_fit || *now != expect) {
            return Err(format!("{path:?} changed from {seen:?} to {now:?}"));
        }
        if seen.kind == Kind::Dir && (now.kind, now.inode, now.mode) != (seen.kind, seen.inode, seen.mode) {
            let in_trash = asked.dir.as_ref().is_some_and(|dir| path.starts_with(dir.join(".xcargo/trash")));
            if !in_trash {
                return Err(format!("the directory {path:?} changed from {seen:?} to {now:?}"));
            }
        }
    }
    for path in after.keys().filter(|path| !before.contains_key(*path)) {
        may_come(asked, &profiles, path)?;
    }
    Ok(count)
}

/// One of the arena's target dirs; what lies in one is cargo's, too.
fn is_target(dir: &Path) -> bool {
    TARGETS.iter().any(|target| dir.starts_with(target))
}

/// The directories that cargo made for profiles, relative to the directory: at the top, or in a triple's.
fn profiles(dir: &Path, before: &Snapshot) -> Vec<PathBuf> {
    let is_in = |outer: &Path, path: &Path| path.starts_with(outer);
    let below = |outer: &Path| before.range(outer.to_path_buf()..).map(|(path, _)| path.as_path());
    let is_unit = |profile: &Path, path: &Path| {
        let names: Vec<_> = path.strip_prefix(profile).into_iter().flatten().collect();
        names.len() == 4 && names[2].len() == 16 && names[3] == "fingerprint"
    };
    let is_profile = |path: &Path| {
        let build = path.join("build");
        [".cargo-lock", ".cargo-build-lock", ".fingerprint"]
            .iter()
            .any(|it| before.contains_key(&path.join(it)))
            || below(&build).take_while(|unit| is_in(&build, unit)).any(|unit| is_unit(path, unit))
    };
    below(dir)
        .take_while(|path| is_in(dir, path))
        .filter(|path| before[*path].kind == Kind::Dir)
        .filter_map(|path| path.strip_prefix(dir).ok().filter(|below| matches!(below.iter().count(), 1 | 2)))
        .filter(|below| is_profile(&dir.join(below)))
        .map(Path::to_path_buf)
        .collect()
}

fn may_go(asked: &Asked, profiles: &[PathBuf], path: &Path, seen: &Seen) -> Result<(), String> {
    let no = |why: &str| Err(format!("{path:?} is gone: {why}"));
    let Some(dir) = &asked.dir else { return no("although the directory was refused") };
    if !is_target(dir) {
        return no("in a directory that is not the workspace's to clean");
    }
    let Ok(below) = path.strip_prefix(dir) else { return no("outside the directory") };
    if below.starts_with(".xcargo/trash") {
        return Ok(());
    }
    if !asked.entries.iter().any(|entry| names(entry, below, seen.kind)) {
        return no("and nobody asked for it");
    }
    let in_profile = |profile: &PathBuf| {
        let rest = below.strip_prefix(profile).ok().filter(|rest| !rest.as_os_str().is_empty());
        rest.is_some_and(|rest| !LOCKS.iter().any(|lock| rest == Path::new(lock)))
    };
    // A triple's `doc` lies beside its profile dirs.
    let triples = profiles.iter().filter_map(|it| it.parent()).filter(|it| !it.as_os_str().is_empty());
    let is_product = |path: &Path| PRODUCTS.iter().any(|name| path.starts_with(name));
    let of_triple = triples.into_iter().any(|it| below.strip_prefix(it).is_ok_and(is_product));
    if !(is_product(below) || of_triple || profiles.iter().any(in_profile)) {
        return no("and no lock covers it");
    }
    Ok(())
}

/// Whether an entry names this, and what it is; one that leads only downwards.
fn names(entry: &Entry, below: &Path, kind: Kind) -> bool {
    let path = entry.path();
    let downwards = path.components().all(|name| matches!(name, Component::Normal(_)));
    let is_it = match entry {
        Entry::File(path) => below == path && kind == Kind::File,
        Entry::EmptyDir(path) => below == path && kind == Kind::Dir,
        Entry::Tree(path) => below.starts_with(path),
    };
    downwards && !path.as_os_str().is_empty() && is_it
}

fn may_come(asked: &Asked, profiles: &[PathBuf], path: &Path) -> Result<(), String> {
    let no = || Err(format!("{path:?} was made"));
    let Some(dir) = asked.dir.as_ref().filter(|dir| is_target(dir)) else { return no() };
    let Ok(below) = path.strip_prefix(dir) else { return no() };
    let is_lock = || profiles.iter().any(|profile| LOCKS.iter().any(|lock| below == profile.join(lock)));
    let own = below == Path::new(".xcargo");
    let trash = below.starts_with(".xcargo/trash") && !asked.is_emptied;
    if own || trash || is_lock() { Ok(()) } else { no() }
}
