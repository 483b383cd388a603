//! Units that were built since they were last looked at: what they were built from goes into the ledger, as far as it can be
//! proven. And units that were not, but whose files are others: those are damaged.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::neighbours::Neighbours;
use super::{Examined, Request, is_wanted};
use crate::cache::damage::{self, Damage, Damaged, Search, What};
use crate::cache::digest::Digest;
use crate::cache::inputs::{self, Build, Input, Watched};
use crate::cache::ledger::{
    Artifact, BuildRecord, InputRecord, Ledger, Listing, Place, UnitKey, UnitRecord, Watch, Where,
};
use crate::cache::stat::{Stat, Time};
use crate::cache::{self, Cache, Entry, Mode, Source, Target, Unit, UnitRef};
use crate::plan::freshness::{is_generated, was_there};
use crate::workspace::Workspace;

/// A directory that a build script names is followed no further than to so many files.
const MOST_IN_TREE: usize = 20_000;

/// Reads the build dir. `others` are the artifacts that are not what was recorded.
pub(super) fn read(request: &Request<'_>, others: &BTreeMap<UnitKey, Vec<PathBuf>>, found: &mut Examined) {
    let workspace = request.workspace;
    let build_dir = workspace.build_dir.value.as_path();
    let Ok(mut cache) = cache::read(build_dir, &workspace.cargo_home) else { return };
    let mut known: BTreeMap<UnitKey, UnitRecord> =
        std::mem::take(&mut found.ledger.units).into_iter().map(|unit| (unit.key.clone(), unit)).collect();
    let generated: HashSet<PathBuf> = found
        .ledger
        .files
        .iter()
        .filter(|file| is_generated(file))
        .map(|file| file.place.path.as_path().to_path_buf())
        .collect();
    let mut keep = Vec::new();
    let mut built = HashMap::new();
    for profile in &mut cache.profiles {
        profile.incremental.clear();
    }
    for profile in &cache.profiles {
        let relative = profile.relative();
        for unit in &profile.units {
            let key = UnitKey::of(&relative, unit);
            if !is_wanted(request, &key) {
                continue;
            }
            let record = known.remove(&key);
            let others = others.get(&key).map(Vec::as_slice).unwrap_or_default();
            let time = unit.built.map(Time::of);
            match record {
                Some(record) if record.built == time => {
                    // Cargo empties the hash file of whatever it is going to build.
                    if others.iter().any(|path| is_emptied_hash(build_dir, path)) {
                        found.ledger.listings.extend(hash_files(build_dir, unit));
                        continue;
                    }
                    keep.push(same_build(build_dir, unit, record, others, &generated, &mut found.damaged));
                }
                // Restored with other times: it is the same build, byte for byte.
                Some(record) if others.is_empty() && !is_native(build_dir, &record, time) => {
                    keep.push(UnitRecord { built: time, ..record });
                }
                record => {
                    built.insert(key, record.filter(|_| others.is_empty()));
                }
            }
        }
    }
    // Of other profiles; what is gone from these is forgotten.
    keep.extend(known.into_values().filter(|unit| !is_wanted(request, &unit.key)));
    found.ledger.units = keep;
    let search = Search {
        compiler: request.compiler.map(|it| (it.version.as_str(), it.hashes)),
        is_wanted: &|profile, unit| built.contains_key(&UnitKey::of(profile, unit)),
    };
    let mut damaged = damage::find_among(&cache, &search);
    if damaged.iter().any(|it| it.damage == Damage::Mislabelled)
        && !request.compiler.is_some_and(|it| damage::is_by(&it.version, &it.libraries))
    {
        damaged.retain(|it| it.damage != Damage::Mislabelled);
    }
    record(request, &cache, built, &damaged, found);
    found.damaged.extend(damaged);
}

fn is_emptied_hash(build_dir: &Path, path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_hash = path.extension().is_none() && cache::fingerprint_kind(name).is_some();
    is_hash && Stat::of_file(&build_dir.join(path)).is_some_and(|stat| stat.size == 0)
}

/// A unit that was not built again: whatever is another of it was damaged.
fn same_build(
    build_dir: &Path,
    unit: &Unit,
    mut record: UnitRecord,
    others: &[PathBuf],
    generated: &HashSet<PathBuf>,
    damaged: &mut Vec<Damaged>,
) -> UnitRecord {
    let is_run = record.builds.iter().any(BuildRecord::is_run);
    for path in others {
        // What a build script left and nobody compiles or links from is its own affair: tests write there.
        let is_library = path
            .extension()
            .is_some_and(|it| ["a", "lib", "so", "dylib", "dll"].iter().any(|library| it == *library));
        let is_out = is_run && path.components().any(|it| it.as_os_str() == "out");
        if is_out && !is_library && !generated.contains(path) {
            record.artifacts.retain(|file| file.path.as_path() != path);
            continue;
        }
        let is_there = Stat::of_file(&build_dir.join(path)).is_some();
        let mut damage = if is_there { Damage::Altered } else { Damage::Missing };
        if !path.to_string_lossy().contains(&unit.id) {
            // In layout 1 several units may write to one file whose name has no id.
            let Some(found) = damage::of_file(&build_dir.join(path)) else {
                record.artifacts.retain(|file| file.path.as_path() != path);
                continue;
            };
            damage = found;
        }
        damaged.push(Damaged {
            profile: record.key.profile.as_path().to_path_buf(),
            what: What::Unit(UnitRef::from(unit)),
            file: path.clone(),
            damage,
        });
    }
    record
}

/// So long at least a compiler takes, in nanoseconds: longer than a tick of a file system's clock.
const SHORTEST: i64 = 10_000_000;

/// Whether the times of this unit's files are those that cargo gave them. A restored cache without its times, or with made-up
/// ones, has others.
fn is_native(build_dir: &Path, unit: &UnitRecord, built: Option<Time>) -> bool {
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
/// itself, so its script must be one of these.
fn compiled_here(build_dir: &Path, units: &[UnitRecord]) -> HashSet<u64> {
    let here = |unit: &&UnitRecord| is_native(build_dir, unit, unit.built);
    let is_script = |build: &&BuildRecord| {
        build.kind().is_some_and(|kind| kind.target == Target::BuildScript && kind.mode == Mode::Build)
    };
    let scripts = units.iter().filter(|unit| unit.builds.iter().any(|build| is_script(&build)));
    scripts.filter(here).flat_map(|unit| &unit.builds).map(|build| build.hash).collect()
}

/// A unit on its way into the ledger.
struct Draft<'a> {
    key: UnitKey,
    unit: &'a Unit,
    builds: Vec<Build>,
    paths: Vec<PathBuf>,
    before: Option<UnitRecord>,
}

fn record(
    request: &Request<'_>,
    cache: &Cache,
    mut built: HashMap<UnitKey, Option<UnitRecord>>,
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
            if let Some(before) = built.remove(&key) {
                units.push((key, unit, before));
            }
        }
    }
    let unfinished = Mutex::new(Vec::new());
    let draft = |(key, unit, before): (UnitKey, _, _)| {
        let builds = inputs::builds(build_dir, unit);
        if builds.is_empty() {
            lock(&unfinished).extend(hash_files(build_dir, unit));
            return None;
        }
        let hashes = builds.iter().flat_map(|build| {
            let path = prints(unit).join(&build.name);
            [path.with_extension("json"), path]
        });
        let paths = inputs::artifacts(build_dir, unit).into_iter().chain(hashes).collect();
        Some(Draft { key, unit, builds, paths, before })
    };
    let drafts: Vec<Draft<'_>> = units.into_par_iter().filter_map(draft).collect();
    found.ledger.listings.append(&mut lock(&unfinished));
    let mut packages = Packages { workspace: request.workspace, known: None, found: BTreeMap::new() };
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
        let root = packages.root(build_dir, draft.unit);
        let builds = draft.builds.iter().map(|build| {
            let (watch, inputs, links) = if root.is_none() && is_of_package(build) && is_path(draft.unit) {
                // Nobody knows where its sources are, so nothing can be proven, nor may half of them seem to prove it.
                (Watch::Nothing, Vec::new(), Vec::new())
            } else {
                watched(request, draft.unit, build, root.as_deref())
            };
            let inputs = inputs.into_iter().map(|place| (place, true));
            let inputs =
                inputs.chain(links.into_iter().map(|place| (place, false))).map(|(place, is_listed)| {
                    let file = found.ledger.file(place, &mut places);
                    let same =
                        draft.before.iter().flat_map(|unit| &unit.builds).find(|it| it.name == build.name);
                    let known = same.and_then(|it| it.inputs.iter().find(|input| input.file == file));
                    let unknown = InputRecord { file, digest: None, modified: Time::default(), is_listed };
                    known.copied().unwrap_or(unknown)
                });
            BuildRecord {
                name: build.name.clone(),
                rustc: build.rustc,
                hash: build.hash,
                dependencies: build.dependencies.clone(),
                watch,
                inputs: inputs.collect(),
            }
        });
        let builds = builds.collect();
        found.built.insert(draft.key.clone());
        let time = draft.unit.built.map(Time::of);
        found.ledger.units.push(UnitRecord { key: draft.key, built: time, builds, artifacts });
    }
}

/// What changes when a build of the unit ends.
fn hash_files(build_dir: &Path, unit: &Unit) -> Vec<Listing> {
    let prints = prints(unit);
    let names = cache::hash_files(&build_dir.join(&prints));
    let listing = |path: PathBuf| {
        let stat = Stat::of_file(&build_dir.join(&path));
        Listing { path: path.as_path().into(), stat }
    };
    std::iter::once(prints.clone()).chain(names.iter().map(|name| prints.join(name))).map(listing).collect()
}

/// The unit's fingerprint directory.
fn prints(unit: &Unit) -> PathBuf {
    let first = unit.entries.first().map(Entry::path);
    let last = unit.entries.last().map(|entry| entry.path().to_path_buf());
    first
        .filter(|first| first.ends_with(&unit.id))
        .map_or_else(|| last.unwrap_or_default(), |first| first.join("fingerprint"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Where packages lie: read only where a unit asks for one.
struct Packages<'a> {
    workspace: &'a Workspace,
    known: Option<Vec<(String, PathBuf)>>,
    /// Those that the workspace does not list, by name, as rustc found them.
    found: BTreeMap<String, BTreeSet<PathBuf>>,
}

impl Packages<'_> {
    fn root(&mut self, build_dir: &Path, unit: &Unit) -> Option<PathBuf> {
        if !is_path(unit) {
            return None;
        }
        let workspace = self.workspace;
        let known = self.known.get_or_insert_with(|| {
            let members = workspace.members().unwrap_or_default();
            let others = workspace.path_dependencies().unwrap_or_default();
            members.into_iter().chain(others).map(|member| (member.name, member.dir)).collect()
        });
        let listed = inputs::package_root(build_dir, &workspace.root, unit, known).map(Path::to_path_buf);
        let is_listed = known.iter().any(|(name, _)| *name == unit.package);
        if listed.is_some() || is_listed {
            return listed;
        }
        let found = self.found.entry(unit.package.clone()).or_default();
        match inputs::root_by_sources(build_dir, &workspace.root, unit) {
            Some(root) => {
                found.insert(root.clone());
                Some(root)
            }
            // What rustc did not make is of the one package of this name.
            None if found.len() == 1 => found.first().cloned(),
            None => None,
        }
    }
}

fn is_path(unit: &Unit) -> bool {
    unit.source == Source::Path
}

/// Whether it was made from files of the package.
fn is_of_package(build: &Build) -> bool {
    match &build.watched {
        Watched::Files(inputs) | Watched::Rerun(inputs) => {
            inputs.iter().any(|input| matches!(input, Input::Package(_)))
        }
        Watched::Package { .. } => true,
        Watched::Nothing | Watched::Unknown => false,
    }
}

/// How cargo finds out that a build is stale, the inputs that it looks at, and links to some of them that it has resolved.
fn watched(
    request: &Request<'_>,
    unit: &Unit,
    build: &Build,
    root: Option<&Path>,
) -> (Watch, Vec<Place>, Vec<Place>) {
    let build_dir = request.workspace.build_dir.value.as_path();
    let place = |input: &Input| place(request, input, root);
    match (&build.watched, &build.reference) {
        (Watched::Files(files), Some(reference)) => {
            let sources = inputs::sources(build_dir, &request.workspace.root, unit);
            let links: BTreeSet<Input> = sources
                .into_iter()
                .filter(|path| root.is_some() && path.is_symlink())
                .map(Input::Absolute)
                .collect();
            let links = links.iter().filter_map(place).collect();
            (Watch::DepInfo(reference.into()), files.iter().filter_map(place).collect(), links)
        }
        (Watched::Rerun(paths), Some(reference)) => {
            let roots = super::roots(request);
            // Devices and pipes have no content that could be another one.
            let is_plain = |place: &Place| {
                let meta = std::fs::metadata(roots.path(place));
                meta.is_ok_and(|meta| meta.is_file() || meta.is_dir()) || !roots.path(place).exists()
            };
            let mut places: Vec<Place> = paths.iter().filter_map(place).filter(is_plain).collect();
            let below = places.iter().flat_map(|it| tree(&roots.path(it), it)).collect::<Vec<_>>();
            places.extend(below);
            (Watch::Script(reference.into()), places, Vec::new())
        }
        (Watched::Package { newest }, _) => {
            let lever = lever(build_dir, unit, build);
            let (Some(root), Some(lever)) = (root, lever) else {
                return (Watch::Nothing, Vec::new(), Vec::new());
            };
            let files: Vec<Input> =
                inputs::package_files(root, build_dir).into_iter().map(Input::Package).collect();
            let watch = Watch::Package { newest: newest.clone(), lever: lever.as_path().into() };
            (watch, files.iter().filter_map(place).collect(), Vec::new())
        }
        _ => (Watch::Nothing, Vec::new(), Vec::new()),
    }
}

/// What to remove for a build of which no time is compared: what a script printed, or the hash file.
fn lever(build_dir: &Path, unit: &Unit, build: &Build) -> Option<PathBuf> {
    if build.kind.mode == Mode::Run {
        return inputs::printed(build_dir, unit);
    }
    Some(prints(unit).join(&build.name))
}

/// Where an input is. `None`: cargo does not look at it (sources that it unpacked itself), or nobody knows where it is.
fn place(request: &Request<'_>, input: &Input, root: Option<&Path>) -> Option<Place> {
    let workspace = request.workspace;
    let (path, is_of_build) = match input {
        Input::Package(path) => (root?.join(path), false),
        Input::Build(path) => (workspace.build_dir.value.join(path), true),
        Input::Absolute(path) => (path.clone(), false),
    };
    let is_cargos = ["registry", "git"].iter().any(|dir| path.starts_with(workspace.cargo_home.join(dir)));
    // Of packages that are no path packages cargo only looks at what was generated.
    if is_cargos || (root.is_none() && !is_of_build && !path.starts_with(&workspace.build_dir.value)) {
        return None;
    }
    let below = |base: &Path, of| Some(Place { base: of, path: path.strip_prefix(base).ok()?.into() });
    below(&workspace.build_dir.value, Where::BuildDir)
        .or_else(|| below(&workspace.root, Where::Workspace))
        .or_else(|| Some(Place { base: Where::Absolute, path: path.as_path().into() }))
}

/// All that is below a directory, for cargo takes the newest time of it all.
fn tree(dir: &Path, place: &Place) -> Vec<Place> {
    let mut found = Vec::new();
    if !dir.is_dir() {
        return found;
    }
    let walk = ignore::WalkBuilder::new(dir).standard_filters(false).build();
    for entry in walk.filter_map(Result::ok).filter(|entry| entry.depth() > 0).take(MOST_IN_TREE) {
        if let Ok(below) = entry.path().strip_prefix(dir) {
            found.push(Place { base: place.base, path: (&place.path.as_path().join(below)).into() });
        }
    }
    found
}

/// Records what units were built from, where it is sure: after [`read`], and after the inputs were looked at.
pub(super) fn adopt(request: &Request<'_>, found: &mut Examined) {
    let build_dir = request.workspace.build_dir.value.as_path();
    if found.built.is_empty() {
        return;
    }
    let neighbours = match request.before {
        // Nobody else was building when the cargo of ours was started.
        Some(before) if !before.is_contested => Neighbours::none(),
        _ => Neighbours::of(request.workspace),
    };
    let scripts = compiled_here(build_dir, &found.ledger.units);
    let Ledger { files, units, .. } = &mut found.ledger;
    let now = Time::now().later(1);
    for unit in units.iter_mut().filter(|unit| found.built.contains(&unit.key)) {
        let theirs = neighbours.who_may_have_built(unit, files);
        let times: Vec<Option<Time>> = unit
            .builds
            .iter()
            .map(|build| {
                let is_sure = !build.is_run() || build.dependencies.iter().any(|hash| scripts.contains(hash));
                reference(build_dir, unit, build, unit.built).filter(|time| is_sure && *time <= now)
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
                let is_unmoved =
                    ours.and_then(|before| before.files.get(&file.place)) == Some(&(file.stat, file.digest));
                let was_there = reference.is_some_and(|time| was_there(&stat, time, is_generated(file)));
                if file.digest.is_some() && (is_unmoved || was_there) {
                    (input.digest, input.modified) = (file.digest, stat.modified);
                }
            }
        }
    }
}
