//! When a build began, as far as its files tell it, and whether their times are those that cargo gave them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::OsStr;
use std::path::Path;

use super::super::{Before, Request};
use crate::cache::ledger::{Artifact, BuildRecord, UnitKey, UnitRecord, Watch};
use crate::cache::stat::{HAS_CHANGED, Stat, Time};
use crate::cache::{Cache, Mode, Target, inputs};

/// Whether a build that began then is of the time since the look ahead of ours.
pub(super) fn is_since(request: &Request<'_>, began: Time) -> bool {
    request.before.is_some_and(|before| began >= started(before, began))
}

/// When our own build was started, by a clock that ticks as that of this time.
pub(super) fn started(before: &Before, like: Time) -> Time {
    if like.is_coarse() { before.started.whole() } else { before.started }
}

/// Where only the end is known, and nobody but our own cargo was building: when that was started.
pub(super) fn at_the_latest(request: &Request<'_>, began: Began) -> Began {
    match request.before {
        Some(before) if began.is_end && is_since(request, began.time) => {
            Began { time: started(before, began.time), is_end: false }
        }
        _ => began,
    }
}

/// So long at least a compiler takes, in nanoseconds: longer than a tick of a file system's clock.
const SHORTEST: i64 = 10_000_000;

/// Whether the times of this unit's files are those that cargo gave them. A restored cache without its times, or with made-up
/// ones, has others.
pub(super) fn is_native(build_dir: &Path, unit: &UnitRecord, built: Option<Time>) -> bool {
    unit.builds.iter().any(|build| began(build_dir, unit, build, built, false).is_some())
}

/// When a build began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Began {
    pub(super) time: Time,
    /// Of documentation only the end is known.
    pub(super) is_end: bool,
}

/// When a build began, where its files tell it: the time that cargo compares with is the one at which the compiler was started,
/// and the build ended later. (A build script may well end within the same tick, and so may a compiler that finds its answer in a
/// cache of its own, which only counts where nobody else built.)
pub(super) fn began(
    build_dir: &Path,
    unit: &UnitRecord,
    build: &BuildRecord,
    built: Option<Time>,
    is_alone: bool,
) -> Option<Began> {
    let built = built?;
    if is_unpacked(unit, build) {
        return None;
    }
    let (path, shortest) = match &build.watch {
        Watch::DepInfo(path) => (path.as_path(), if is_alone { 0 } else { SHORTEST }),
        Watch::Script(path) => (path.as_path(), 0),
        Watch::Package { lever, .. } if !build.is_run() => {
            return modified(build_dir, lever.as_path()).map(|time| Began { time, is_end: true });
        }
        Watch::Package { lever, .. } => (lever.as_path(), 0),
        Watch::Nothing => return None,
    };
    let reference = Stat::of_file(&build_dir.join(path))?;
    // Cargo gives it a time that has been.
    if HAS_CHANGED && reference.modified > reference.changed {
        return None;
    }
    let time = reference.modified;
    // Several builds in one directory share what tells when the last one began.
    let began = invoked(build_dir, path);
    let is_first = unit.builds.len() == 1;
    let is_told = time.0.saturating_add(shortest) <= built.0 && (!is_first || began == Some(time));
    is_told.then_some(Began { time, is_end: false })
}

/// When something that depends on a build was last compiled, where that is sure, by the build's fingerprint hash.
pub(super) fn last_dependants(build_dir: &Path, cache: &Cache) -> HashMap<u64, Time> {
    let mut last = HashMap::new();
    let units = cache.profiles.iter().flat_map(|profile| &profile.units);
    for (unit, built) in units.filter_map(|unit| Some((unit, Time::of(unit.built?)))) {
        for build in inputs::builds(build_dir, unit) {
            let Some(reference) = build.reference.as_deref() else { continue };
            let Some(began) = modified(build_dir, reference) else { continue };
            let is_told = began.0.saturating_add(SHORTEST) <= built.0;
            if is_told && invoked(build_dir, reference) == Some(began) {
                for hash in build.dependencies {
                    let time: &mut Time = last.entry(hash).or_insert(began);
                    *time = began.max(*time);
                }
            }
        }
    }
    last
}

fn modified(build_dir: &Path, path: &Path) -> Option<Time> {
    Stat::of_file(&build_dir.join(path)).map(|stat| stat.modified)
}

/// When the last build was started whose dep-info lies at this path, by the file beside it that cargo writes then.
fn invoked(build_dir: &Path, path: &Path) -> Option<Time> {
    modified(build_dir, &path.with_file_name("invoked.timestamp"))
}

/// Whether the explanation of a build came to be at another moment than it says: copied here, with its old time.
fn is_unpacked(unit: &UnitRecord, build: &BuildRecord) -> bool {
    let is_of_it = |file: &&Artifact| {
        file.is_explanation() && file.path.as_path().file_stem() == Some(OsStr::new(&build.name))
    };
    let explanation = unit.artifacts.iter().find(is_of_it);
    HAS_CHANGED && explanation.is_some_and(|file| file.stat.changed > file.stat.modified.later(1))
}

/// The fingerprint hashes of what was surely built here, and not unpacked: the run of a build script is too short to tell by
/// itself, so its script must be one of these, or be known already: its own time may have been moved since.
pub(super) fn compiled_here(
    build_dir: &Path,
    units: &[UnitRecord],
    built: &BTreeSet<UnitKey>,
) -> HashSet<u64> {
    let here = |unit: &&UnitRecord| !built.contains(&unit.key) || is_native(build_dir, unit, unit.built);
    let is_script = |build: &&BuildRecord| {
        build.kind().is_some_and(|kind| kind.target == Target::BuildScript && kind.mode == Mode::Build)
    };
    let scripts = units.iter().filter(|unit| unit.builds.iter().any(|build| is_script(&build)));
    scripts.filter(here).flat_map(|unit| &unit.builds).map(|build| build.hash).collect()
}
