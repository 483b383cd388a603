//! New units on their way into the ledger: their artifacts, read whole, and what cargo compares for them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::super::{Examined, Request};
use super::prints;
use super::watch::{Packages, is_of_package, is_path, watched};
use crate::cache::damage::{Damaged, What};
use crate::cache::digest::Digest;
use crate::cache::inputs::{self, Build, Watched};
use crate::cache::ledger::{Artifact, BuildRecord, InputRecord, Listing, UnitKey, UnitRecord, Watch};
use crate::cache::stat::{Stat, Time};
use crate::cache::{self, Cache, Mode, Unit, UnitRef};

/// What was known of a unit that was built since.
pub(super) struct Known {
    pub(super) record: Option<UnitRecord>,
    /// Whether all that it made is, byte for byte, what was made before.
    pub(super) is_same: bool,
}

pub(super) fn record(
    request: &Request<'_>,
    cache: &Cache,
    mut built: HashMap<UnitKey, Known>,
    damaged: &[Damaged],
    found: &mut Examined,
) {
    let build_dir = request.workspace.build_dir.value.as_path();
    let is_damaged = |profile: &Path, unit: &Unit| {
        let what = What::Unit(UnitRef::from(unit));
        damaged.iter().any(|it| it.profile == profile && it.what == what)
    };
    let mut units = Vec::new();
    for profile in &cache.profiles {
        let relative = profile.relative();
        for unit in profile.units.iter().filter(|unit| !is_damaged(&relative, unit)) {
            let key = UnitKey::of(&relative, unit);
            if let Some(known) = built.remove(&key) {
                units.push((key, unit, known));
            }
        }
    }
    let unfinished = Mutex::new(Vec::new());
    let draft = |(key, unit, known): (UnitKey, _, _)| {
        let builds = inputs::builds(build_dir, unit);
        // Without what cargo compares with it is going to be built, and nothing could be proven of what is there.
        let is_gone = |path: &PathBuf| Stat::of_file(&build_dir.join(path)).is_none();
        let is_waiting = |build: &Build| {
            build.watched == Watched::Unknown && build.reference.as_ref().is_some_and(is_gone)
        };
        if builds.is_empty() || builds.iter().any(is_waiting) {
            lock(&unfinished).extend(hash_files(build_dir, unit));
            return None;
        }
        let hashes = builds.iter().flat_map(|build| {
            let path = prints(unit).join(&build.name);
            [path.with_extension("json"), path]
        });
        let paths = inputs::artifacts(build_dir, unit).into_iter().chain(hashes).collect();
        Some(Draft { key, unit, builds, paths, known })
    };
    let drafts: Vec<Draft<'_>> = units.into_par_iter().filter_map(draft).collect();
    found.ledger.listings.append(&mut lock(&unfinished));
    let mut packages = Packages::new(request.workspace, cache);
    let mut places = found.ledger.index();
    let artifacts = hashed(request, &drafts);
    // What rustc made tells where packages lie, so it comes first.
    let mut drafts: Vec<_> = drafts.into_iter().zip(artifacts).collect();
    drafts.sort_by_key(|(draft, _)| draft.builds.iter().any(|build| build.kind.mode == Mode::Run));
    for (draft, artifacts) in drafts {
        let Some(artifacts) = artifacts else {
            // It is being built.
            found.ledger.listings.extend(hash_files(build_dir, draft.unit));
            continue;
        };
        let root = packages.root(build_dir, draft.unit, &draft.builds);
        let builds = draft.builds.iter().map(|build| {
            let (watch, inputs, links) = if root.is_none() && is_of_package(build) && is_path(draft.unit) {
                // Nobody knows where its sources are, so nothing can be proven, nor may half of them seem to prove it.
                (Watch::Nothing, Vec::new(), Vec::new())
            } else {
                watched(request, draft.unit, build, root.as_deref())
            };
            let earlier = draft.known.record.iter().flat_map(|unit| &unit.builds);
            let earlier: Vec<InputRecord> =
                earlier.filter(|it| it.name == build.name).flat_map(|it| it.inputs.iter().copied()).collect();
            // What rustc makes of the same is the same. Of what else a build script left than what is counted nobody knows.
            let is_known = draft.known.is_same && matches!(watch, Watch::DepInfo(_));
            let mut found_at = |(place, is_listed)| {
                let file = found.ledger.file(place, &mut places);
                let known = earlier.iter().find(|input| is_known && input.file == file);
                let unknown = InputRecord { file, digest: None, modified: Time::default(), is_listed };
                known.copied().unwrap_or(unknown)
            };
            let inputs = inputs.into_iter().map(|place| (place, true));
            let mut inputs: Vec<InputRecord> =
                inputs.chain(links.into_iter().map(|place| (place, false))).map(&mut found_at).collect();
            if matches!(watch, Watch::Package { .. }) {
                // What has gone may have been there when the build began.
                let gone = earlier.iter().filter(|it| !inputs.iter().any(|input| input.file == it.file));
                let gone: Vec<InputRecord> =
                    gone.map(|it| InputRecord { digest: None, modified: Time::default(), ..*it }).collect();
                inputs.extend(gone);
            }
            BuildRecord {
                name: build.name.clone(),
                rustc: build.rustc,
                hash: build.hash,
                dependencies: build.dependencies.clone(),
                watch,
                inputs,
            }
        });
        let builds = builds.collect();
        found.built.insert(draft.key.clone());
        let time = draft.unit.built.map(Time::of);
        found.ledger.units.push(UnitRecord { key: draft.key, built: time, builds, artifacts });
    }
}

/// A unit on its way into the ledger.
struct Draft<'a> {
    key: UnitKey,
    unit: &'a Unit,
    builds: Vec<Build>,
    paths: Vec<PathBuf>,
    known: Known,
}

/// What changes when a build of the unit ends.
pub(super) fn hash_files(build_dir: &Path, unit: &Unit) -> Vec<Listing> {
    let prints = prints(unit);
    let names = cache::hash_files(&build_dir.join(&prints));
    let listing = |path: PathBuf| {
        let stat = Stat::of_file(&build_dir.join(&path));
        Listing { path: path.as_path().into(), stat }
    };
    std::iter::once(prints.clone()).chain(names.iter().map(|name| prints.join(name))).map(listing).collect()
}

/// The artifacts of each, read whole. `None`: one of them changed while it was read, or is gone: it is being built.
fn hashed(request: &Request<'_>, drafts: &[Draft<'_>]) -> Vec<Option<Vec<Artifact>>> {
    let build_dir = request.workspace.build_dir.value.as_path();
    let size = |path: &PathBuf| Stat::of_file(&build_dir.join(path)).map_or(0, |stat| stat.size);
    let total = drafts.iter().flat_map(|draft| &draft.paths).map(size).sum();
    let done = AtomicU64::new(0);
    let read = |path: &PathBuf| {
        let full = build_dir.join(path);
        let stat = Stat::of_file(&full)?;
        let digest = Digest::at(&full).ok()?;
        (request.progress)(done.fetch_add(stat.size, Ordering::Relaxed) + stat.size, total);
        (Stat::of_file(&full)? == stat).then(|| Artifact { path: path.as_path().into(), stat, digest })
    };
    drafts
        .iter()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|draft| draft.paths.iter().map(read).collect::<Option<Vec<_>>>())
        .collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
