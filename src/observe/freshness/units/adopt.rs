//! What units were built from, as far as that is sure: by the times that cargo gave them, or because nothing changed around our
//! own build.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::super::neighbours::Neighbours;
use super::super::{Examined, Request, roots};
use super::ways::Ways;
use crate::cache::ledger::{BuildRecord, Ledger, UnitKey, UnitRecord, Watch};
use crate::cache::stat::{Stat, Time};
use crate::cache::{Mode, Target};
use crate::plan::freshness::{is_generated, was_there};

/// Records what units were built from, where it is sure: after [`super::read`], and after the inputs were looked at.
pub(in crate::observe::freshness) fn adopt(request: &Request<'_>, found: &mut Examined) {
    let build_dir = request.workspace.build_dir.value.as_path();
    if found.built.is_empty() {
        return;
    }
    let neighbours = match request.before {
        // Nobody else was building when the cargo of ours was started.
        Some(before) if !before.is_contested => Neighbours::none(),
        _ => Neighbours::of(request.workspace),
    };
    let scripts = compiled_here(build_dir, &found.ledger.units, &found.built);
    let Ledger { files, units, .. } = &mut found.ledger;
    let now = Time::now().later(1);
    let mut ways = Ways::new(roots(request));
    for unit in units.iter_mut().filter(|unit| found.built.contains(&unit.key)) {
        let theirs = neighbours.who_may_have_built(unit, files);
        let times: Vec<Option<Time>> = unit
            .builds
            .iter()
            .map(|build| {
                let is_ours = |began: Time| request.before.is_some_and(|before| began >= before.started);
                let is_sure = |began: &Time| {
                    !build.is_run()
                        || is_ours(*began)
                        || build.dependencies.iter().any(|hash| scripts.contains(hash))
                };
                reference(build_dir, unit, build, unit.built).filter(|time| is_sure(time) && *time <= now)
            })
            .collect();
        for (build, reference) in unit.builds.iter_mut().zip(times) {
            // It began after everything had been looked at. A build of somebody else's that only ended since then may have read
            // what was there before.
            let ours = request.before.filter(|before| reference.is_some_and(|began| began >= before.started));
            for input in &mut build.inputs {
                let file = &files[input.file as usize];
                if let Some(theirs) = &theirs {
                    input.digest = theirs.digest_of(&build.name, &file.place);
                    continue;
                }
                let Some(stat) = file.stat else { continue };
                let seen = ours.and_then(|before| before.files.get(&file.place));
                let is_unmoved = seen == Some(&(file.stat, file.digest));
                // Another than was seen just before our build changed while we built. (Not so where it waited for others.)
                let may_go_by_time = seen.is_none()
                    || is_generated(file)
                    || request.before.is_some_and(|before| before.is_contested);
                let was_there = may_go_by_time
                    && reference.is_some_and(|time| {
                        was_there(&stat, time, is_generated(file)) && ways.moved(&file.place) <= time
                    });
                if file.digest.is_some() && (is_unmoved || was_there) {
                    (input.digest, input.modified) = (file.digest, stat.modified);
                }
            }
        }
    }
}

/// So long at least a compiler takes, in nanoseconds: longer than a tick of a file system's clock.
const SHORTEST: i64 = 10_000_000;

/// Whether the times of this unit's files are those that cargo gave them. A restored cache without its times, or with made-up
/// ones, has others.
pub(super) fn is_native(build_dir: &Path, unit: &UnitRecord, built: Option<Time>) -> bool {
    unit.builds.iter().any(|build| reference(build_dir, unit, build, built).is_some())
}

/// When a build began, where its files tell it: the time that cargo compares with is the one at which the compiler was started,
/// and the build ended later. (A build script may well end within the same tick.)
fn reference(build_dir: &Path, unit: &UnitRecord, build: &BuildRecord, built: Option<Time>) -> Option<Time> {
    let modified = |path: &Path| Stat::of_file(&build_dir.join(path)).map(|stat| stat.modified);
    let built = built?;
    let (path, shortest) = match &build.watch {
        Watch::DepInfo(path) => (path.as_path(), SHORTEST),
        Watch::Script(path) => (path.as_path(), 0),
        // Documentation: nothing tells when it was begun.
        Watch::Package { lever, .. } if !build.is_run() => return modified(lever.as_path()),
        Watch::Package { lever, .. } => (lever.as_path(), 0),
        Watch::Nothing => return None,
    };
    let time = modified(path)?;
    // Several builds in one directory share what tells when the last one began.
    let began = modified(&path.with_file_name("invoked.timestamp"));
    let is_first = unit.builds.len() == 1;
    (time.0.saturating_add(shortest) <= built.0 && (!is_first || began == Some(time))).then_some(time)
}

/// The fingerprint hashes of what was surely built here, and not unpacked: the run of a build script is too short to tell by
/// itself, so its script must be one of these, or be known already: its own time may have been moved since.
fn compiled_here(build_dir: &Path, units: &[UnitRecord], built: &BTreeSet<UnitKey>) -> HashSet<u64> {
    let here = |unit: &&UnitRecord| !built.contains(&unit.key) || is_native(build_dir, unit, unit.built);
    let is_script = |build: &&BuildRecord| {
        build.kind().is_some_and(|kind| kind.target == Target::BuildScript && kind.mode == Mode::Build)
    };
    let scripts = units.iter().filter(|unit| unit.builds.iter().any(|build| is_script(&build)));
    scripts.filter(here).flat_map(|unit| &unit.builds).map(|build| build.hash).collect()
}
