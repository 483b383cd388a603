//! What units were built from, as far as that is sure: by the times that cargo gave them, or because nothing changed around our
//! own build.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::path::Path;

use super::super::neighbours::Neighbours;
use super::super::{Before, Examined, Request, roots};
use super::ways::Ways;
use crate::cache::digest::Digest;
use crate::cache::ledger::{
    Artifact, BuildRecord, FileRecord, InputRecord, Ledger, UnitKey, UnitRecord, Watch,
};
use crate::cache::stat::{HAS_CHANGED, Stat, Time};
use crate::cache::{Cache, Mode, Target, inputs};
use crate::plan::freshness::{Reader, is_generated, was_there};

/// Records what units were built from, where it is sure: after [`super::read`], and after the inputs were looked at.
pub(in crate::observe::freshness) fn adopt(request: &Request<'_>, found: &mut Examined) {
    let build_dir = request.workspace.build_dir.value.as_path();
    if found.built.is_empty() {
        return;
    }
    let neighbours = Neighbours::of(request.workspace);
    // Nobody else was building when our cargo was started, nor when it ended.
    let is_alone = request.before.is_some_and(|before| !before.is_contested);
    let scripts = compiled_here(build_dir, &found.ledger.units, &found.built);
    let Examined { ledger, unsure, built, .. } = found;
    let Ledger { files, units, .. } = ledger;
    let now = Time::now().later(1);
    let roots = roots(request);
    let mut ways = Ways::new(roots);
    for unit in units.iter_mut().filter(|unit| built.contains(&unit.key)) {
        let theirs = neighbours.who_may_have_built(unit, files);
        // A program that was run may have outlived the build by far, and others have built since.
        let theirs = theirs.filter(|theirs| !is_alone || theirs.is_of(unit.built));
        let times: Vec<Option<Began>> = unit
            .builds
            .iter()
            .map(|build| {
                let began = began(build_dir, unit, build, unit.built, is_alone)?;
                let began = if is_alone { at_the_latest(request, began) } else { began };
                let is_sure = !build.is_run()
                    || is_since(request, began.time)
                    || build.dependencies.iter().any(|hash| scripts.contains(hash));
                (is_sure && began.time <= now).then_some(began)
            })
            .collect();
        for (build, began) in unit.builds.iter_mut().zip(times) {
            // It began after everything had been looked at. A build of somebody else's that only ended since then may have read
            // what was there before.
            let is_ours = |began: Began| is_since(request, began.time) && (is_alone || !began.is_end);
            let ours = request.before.filter(|_| began.is_some_and(is_ours));
            let reader = if build.is_run() { Reader::Script } else { Reader::Rustc };
            for input in &mut build.inputs {
                let file = &files[input.file as usize];
                if let Some(theirs) = &theirs {
                    let (digest, modified) = theirs.input_of(&build.name, &file.place).unzip();
                    (input.digest, input.modified) = (digest, modified.unwrap_or_default());
                    continue;
                }
                let Some(stat) = file.stat else { continue };
                let seen = ours.and_then(|before| before.files.get(&file.place));
                let moved = ways.moved(&file.place);
                let is_seen = |before: &Before, seen: &Seen| {
                    moved <= before.started
                        && (*seen == (file.stat, file.digest)
                            || is_touched_since(before, &roots.path(&file.place), unit.built, file, *seen))
                };
                let is_unmoved = ours.zip(seen).is_some_and(|(before, seen)| is_seen(before, seen));
                // Another than was seen just before our build changed while we built, as its own times must tell. (Not so where it
                // waited for others.)
                let is_told = |before: &Before| HAS_CHANGED && stat.changed > before.started;
                let may_go_by_time = seen.is_none()
                    || is_generated(file)
                    || request.before.is_some_and(|before| before.is_contested || is_told(before));
                let was_there = may_go_by_time
                    && began.is_some_and(|began| {
                        let arrived = stat.modified.max(moved);
                        let stat = Stat { modified: arrived, ..stat };
                        was_there(&stat, began.time, reader, is_generated(file))
                    });
                // Either what was known is true, or what the times say: so both have to say the same.
                let is_agreed = unsure.get(&unit.key).is_none_or(|known| {
                    let builds = known.builds.iter().filter(|it| it.name == build.name);
                    let mut inputs = builds.flat_map(|it| &it.inputs).filter(|it| it.file == input.file);
                    inputs.any(|known| known.digest == file.digest)
                });
                if file.digest.is_some() && is_agreed && (is_unmoved || was_there) {
                    (input.digest, input.modified) = (file.digest, stat.modified);
                }
            }
            // What had gone before the build began was not its input.
            let had_gone = |input: &InputRecord| {
                let file = &files[input.file as usize];
                file.stat.is_none()
                    && began
                        .is_some_and(|began| has_gone_before(&roots.path(&file.place), began.time, reader))
            };
            if matches!(build.watch, Watch::Package { .. }) {
                build.inputs.retain(|input| !had_gone(input));
            }
        }
    }
}

/// As [`Before::files`] has it.
type Seen = (Option<Stat>, Option<Digest>);

/// Whether the file that was seen ahead of the build is the same, and got its new change time after the unit was built: a test
/// makes a link to it, say. Where its directory changed as well, it may have been away.
fn is_touched_since(
    before: &Before,
    path: &Path,
    built: Option<Time>,
    file: &FileRecord,
    seen: Seen,
) -> bool {
    let (Some(then), Some(now), Some(built)) = (seen.0, file.stat, built) else { return false };
    let is_same = then == Stat { changed: then.changed, ..now } && seen.1 == file.digest;
    let dir = path.parent().and_then(Stat::of_file);
    is_same
        && now.changed > built
        && dir.is_some_and(|dir| dir.modified.max(dir.changed) < started(before, dir.changed))
}

/// Whether a file that is not there any more was not there either when a build began: the directory that it was in has not
/// changed since then.
fn has_gone_before(path: &Path, began: Time, reader: Reader) -> bool {
    let dir = path.ancestors().skip(1).find_map(Stat::of_file);
    dir.is_some_and(|dir| was_there(&dir, began, reader, false))
}

/// Whether a build that began then is of the time since the look ahead of ours.
pub(super) fn is_since(request: &Request<'_>, began: Time) -> bool {
    request.before.is_some_and(|before| began >= started(before, began))
}

/// When our own build was started, by a clock that ticks as that of this time.
fn started(before: &Before, like: Time) -> Time {
    if like.is_coarse() { before.started.whole() } else { before.started }
}

/// Where only the end is known, and nobody but our own cargo was building: when that was started.
fn at_the_latest(request: &Request<'_>, began: Began) -> Began {
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
struct Began {
    time: Time,
    /// Of documentation only the end is known.
    is_end: bool,
}

/// When a build began, where its files tell it: the time that cargo compares with is the one at which the compiler was started,
/// and the build ended later. (A build script may well end within the same tick, and so may a compiler that finds its answer in a
/// cache of its own, which only counts where nobody else built.)
fn began(
    build_dir: &Path,
    unit: &UnitRecord,
    build: &BuildRecord,
    built: Option<Time>,
    is_alone: bool,
) -> Option<Began> {
    let modified = |path: &Path| Stat::of_file(&build_dir.join(path)).map(|stat| stat.modified);
    let built = built?;
    if is_unpacked(unit, build) {
        return None;
    }
    let (path, shortest) = match &build.watch {
        Watch::DepInfo(path) => (path.as_path(), if is_alone { 0 } else { SHORTEST }),
        Watch::Script(path) => (path.as_path(), 0),
        Watch::Package { lever, .. } if !build.is_run() => {
            return modified(lever.as_path()).map(|time| Began { time, is_end: true });
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
    let began = modified(&path.with_file_name("invoked.timestamp"));
    let is_first = unit.builds.len() == 1;
    let is_told = time.0.saturating_add(shortest) <= built.0 && (!is_first || began == Some(time));
    is_told.then_some(Began { time, is_end: false })
}

/// Whether something that depends on the build with this fingerprint hash was surely compiled after this moment.
pub(super) fn has_dependant_since(build_dir: &Path, cache: &Cache, hash: u64, since: Time) -> bool {
    let modified = |path: &Path| Stat::of_file(&build_dir.join(path)).map(|stat| stat.modified);
    let units = cache.profiles.iter().flat_map(|profile| &profile.units);
    units.filter_map(|unit| Some((unit, Time::of(unit.built?)))).any(|(unit, built)| {
        inputs::builds(build_dir, unit).iter().any(|build| {
            let reference = build.reference.as_deref().filter(|_| build.dependencies.contains(&hash));
            let began = reference.and_then(modified);
            let invoked = reference.and_then(|path| modified(&path.with_file_name("invoked.timestamp")));
            began.is_some_and(|began| {
                began >= since && Some(began) == invoked && began.0.saturating_add(SHORTEST) <= built.0
            })
        })
    })
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
fn compiled_here(build_dir: &Path, units: &[UnitRecord], built: &BTreeSet<UnitKey>) -> HashSet<u64> {
    let here = |unit: &&UnitRecord| !built.contains(&unit.key) || is_native(build_dir, unit, unit.built);
    let is_script = |build: &&BuildRecord| {
        build.kind().is_some_and(|kind| kind.target == Target::BuildScript && kind.mode == Mode::Build)
    };
    let scripts = units.iter().filter(|unit| unit.builds.iter().any(|build| is_script(&build)));
    scripts.filter(here).flat_map(|unit| &unit.builds).map(|build| build.hash).collect()
}
