//! Which units are damaged: files that cargo takes for whole because they are there, and that cannot be what they were.
//!
//! Cargo compares no size and no content of what rustc made, so a full disk or a power failure shows as errors that look
//! like the code's (cargo #2836, #3661). Here headers, sizes and ends of files are looked at, never whole contents, and only
//! what is *proven* is said: a file that is empty where its format has a header, shorter than its own header says, or without
//! the marks that every file of its kind has. A flipped bit is not found here, but by the records of contents (`ledger/`,
//! `sessions.rs`). Formats that are not known are not judged.
//!
//! A build that was interrupted is not damage: cargo empties the hash file before it builds, and builds anew. A unit that is
//! being built looks damaged, so what was found without cargo's locks must be found again under them.
//!
//! `file.rs` reads, one file per format judges.

mod ar;
mod dep_info;
mod file;
mod generated;
pub(super) mod incremental;
mod metadata;
mod object;
mod prints;
mod rustc_info;
mod script;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::disk::Dir;
use super::finals::{self, UnitRef};
use super::ledger::UnitKey;
use super::place::{Place, is_run};
use super::{Cache, ProfileDir, RUSTC_INFO, Unit, fingerprint, parallel};
use file::Probe;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Damage {
    /// Nothing is in it.
    Empty,
    /// It ends before its own header says.
    Cut,
    /// It has not the marks of its format.
    Garbage,
    /// It is not there, and cargo would not notice.
    Missing,
    /// It is not what was made, and nothing was built since.
    Altered,
    /// Another compiler made it than the one that it is said to be of.
    Mislabelled,
}

/// What is damaged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// A unit.
    Unit(UnitRef),
    /// Incremental sessions of a crate: its directory, relative to the build dir.
    Incremental(PathBuf),
    /// [`RUSTC_INFO`].
    RustcInfo,
}

/// A damaged thing, with one file that proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// The profile dir, relative to the build dir; empty for [`What::RustcInfo`].
    pub profile: PathBuf,
    /// What is damaged as a whole.
    pub what: What,
    /// The file, relative to the build dir.
    pub file: PathBuf,
    /// What is wrong with it.
    pub damage: Damage,
}

impl Damaged {
    /// Whether it is this unit that is damaged.
    #[must_use]
    pub fn is_in(&self, key: &UnitKey) -> bool {
        let is_it = |unit: &UnitRef| unit.package == key.package && unit.id == key.id;
        key.profile.as_path() == self.profile && matches!(&self.what, What::Unit(unit) if is_it(unit))
    }
}

/// All that is damaged, in the order of the cache (and last what was generated and is gone), each with the first file that proves it. Reads some blocks of every
/// file that cargo or rustc would read.
#[must_use]
pub fn find(cache: &Cache) -> Vec<Damaged> {
    let mut found: Vec<Damaged> =
        cache.has_rustc_info.then(|| in_rustc_info(&cache.dir)).flatten().into_iter().collect();
    found.extend(find_among(cache, &Search { compiler: None, is_wanted: &|_, _| true }));
    found
}

/// What is looked for.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    /// The compiler in use, as it writes itself into metadata and as cargo writes it into fingerprints; what is said to be of
    /// it must be.
    pub compiler: Option<(&'a str, [u64; 2])>,
    /// Which units are looked at, by their profile dir.
    pub is_wanted: &'a (dyn Fn(&Path, &Unit) -> bool + Sync),
}

/// What is wrong with [`RUSTC_INFO`].
#[must_use]
pub fn in_rustc_info(build_dir: &Path) -> Option<Damaged> {
    let damage = rustc_info::check(&build_dir.join(RUSTC_INFO))?;
    Some(of_rustc_info(damage))
}

/// That this is wrong with [`RUSTC_INFO`].
#[must_use]
pub fn of_rustc_info(damage: Damage) -> Damaged {
    Damaged { profile: PathBuf::new(), what: What::RustcInfo, file: RUSTC_INFO.into(), damage }
}

/// As [`find`], of units and sessions only, and of those units that are wanted. The others still tell what depends on them.
#[must_use]
pub fn find_among(cache: &Cache, search: &Search<'_>) -> Vec<Damaged> {
    let mut found = Vec::new();
    let dependencies = Dependencies { cache, hashes: OnceLock::new() };
    for profile in &cache.profiles {
        found.extend(in_profile(&cache.dir, profile, &dependencies, search));
    }
    let is_wanted_run =
        |(profile, unit): (PathBuf, &Unit)| super::place::is_run(unit) && (search.is_wanted)(&profile, unit);
    let units = cache.profiles.iter().flat_map(|it| it.units.iter().map(|unit| (it.relative(), unit)));
    if !units.into_iter().any(is_wanted_run) {
        return found;
    }
    for missing in generated::check(cache, search.is_wanted) {
        let is_known = |it: &Damaged| it.profile == missing.profile && it.what == missing.what;
        if !found.iter().any(is_known) {
            found.push(missing);
        }
    }
    found
}

/// The units that others were built with, by the hash in their fingerprints. Rarely asked for.
struct Dependencies<'a> {
    cache: &'a Cache,
    hashes: OnceLock<HashSet<u64>>,
}

impl Dependencies<'_> {
    fn contain(&self, prints: &Path) -> bool {
        let read = |below: &Path| {
            let dir = Dir::open(&self.cache.dir.join(below)).ok().flatten();
            dir.and_then(|dir| fingerprint::read_all(dir).ok()).map(|records| records.all).unwrap_or_default()
        };
        let hashes = self.hashes.get_or_init(|| {
            let units = self.cache.profiles.iter().flat_map(|profile| &profile.units);
            let records = units.filter_map(Place::of).flat_map(|place| read(&place.prints));
            records.flat_map(|record| record.edges).map(|edge| edge.hash).collect()
        });
        let files: Vec<_> = read(prints).into_iter().map(|record| record.hash_file).collect();
        fingerprint::hashes(&self.cache.dir.join(prints), &files).iter().any(|hash| hashes.contains(hash))
    }
}

fn in_profile(
    build_dir: &Path,
    profile: &ProfileDir,
    dependencies: &Dependencies<'_>,
    search: &Search<'_>,
) -> Vec<Damaged> {
    let relative = profile.relative();
    let wanted = profile.units.iter().filter(|unit| (search.is_wanted)(&relative, unit));
    let units = parallel::map(wanted.collect(), |unit: &Unit| {
        let (file, damage) = in_unit(build_dir, unit, dependencies, search)?;
        Some(Damaged { profile: relative.clone(), what: What::Unit(unit.into()), file, damage })
    });
    let sessions = parallel::map(profile.incremental.iter().collect(), |crate_dir: &super::Incremental| {
        let below = crate_dir.path.strip_prefix(build_dir).ok()?;
        let (file, damage) = incremental::check(build_dir, below)?;
        Some(Damaged { profile: relative.clone(), what: What::Incremental(below.into()), file, damage })
    });
    units.into_iter().chain(sessions).flatten().collect()
}

/// A file, relative to the build dir, with what is wrong with it.
type Proof = (PathBuf, Damage);

fn in_unit(
    build_dir: &Path,
    unit: &Unit,
    dependencies: &Dependencies<'_>,
    search: &Search<'_>,
) -> Option<Proof> {
    let place = Place::of(unit)?;
    match prints::check(build_dir, &place.prints) {
        prints::State::Damaged(file, damage) => return Some((file, damage)),
        // Never ended, or begun again: nothing here is believed by cargo.
        prints::State::Unfinished => return None,
        prints::State::Finished => {}
    }
    if is_run(unit) {
        return script::check(build_dir, &place.run?, &place.out?);
    }
    let judge = |file: PathBuf| {
        let judge = judge_of(&file)?;
        let damage = judge.damage(&build_dir.join(&file))?;
        // Programs, and libraries that no crate can be built with, have empty metadata by right.
        let is_right =
            judge == Judge::Metadata && damage == Damage::Empty && !dependencies.contain(&place.prints);
        (!is_right).then_some((file, damage))
    };
    let outputs = place.outputs(build_dir, unit);
    outputs.iter().cloned().find_map(judge).or_else(|| {
        let (version, hashes) = search.compiler?;
        let is_of_it = unit.all_built_by(|rustc| hashes.contains(&rustc));
        let metadata = outputs.into_iter().filter(|file| judge_of(file) == Some(Judge::Metadata));
        let mut by_another = metadata.filter(|file| {
            metadata::compiler(&build_dir.join(file)).is_some_and(|found| found != format!("rustc {version}"))
        });
        Some((by_another.next().filter(|_| is_of_it)?, Damage::Mislabelled))
    })
}

/// How a file is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judge {
    Metadata,
    Archive,
    Object,
}

/// By the name that rustc gives; other files are not judged.
fn judge_of(file: &Path) -> Option<Judge> {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("rmeta") => Some(Judge::Metadata),
        Some("rlib" | "a" | "lib") => Some(Judge::Archive),
        Some("so" | "dylib" | "dll" | "exe" | "wasm" | "efi") => Some(Judge::Object),
        // A program, of this platform or another.
        None => Some(Judge::Object),
        Some(_) => None,
    }
}

/// Whether a compiler writes itself into metadata as it is said to do (as wrappers around others do not): by the standard
/// library that came with it.
#[must_use]
pub fn is_by(version: &str, libraries: &Path) -> bool {
    let items = super::disk::list(libraries).unwrap_or_default();
    let mut metadata =
        items.iter().filter(|item| Path::new(&item.name).extension().is_some_and(|it| it == "rmeta"));
    metadata.any(|item| {
        metadata::compiler(&libraries.join(&item.name))
            .is_some_and(|found| found == format!("rustc {version}"))
    })
}

/// What is wrong with a file that rustc made, as far as its headers, its size and its end tell.
#[must_use]
pub fn of_file(path: &Path) -> Option<Damage> {
    judge_of(path)?.damage(path)
}

impl Judge {
    fn damage(self, path: &Path) -> Option<Damage> {
        let check = match self {
            Self::Metadata => metadata::check,
            Self::Archive => ar::check,
            Self::Object => object::check,
        };
        Probe::judge(path, check)
    }
}

#[cfg(test)]
mod tests;
