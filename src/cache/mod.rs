//! A build dir as data: which units are in it, who built them, from what, and which files belong to each.
//!
//! # What cargo keeps
//!
//! A *unit* is one run of rustc, rustdoc or a build script. `<build-dir>/[<triple>/]<profile>/` holds all units of one
//! profile, in one of two layouts (cargo's `core/compiler/layout.rs`); both may lie in the same directory, where cargos of
//! different age were used. `<id>` is 16 hex digits and stands for package id, features, profile, mode, target and, for
//! stable toolchains, the whole `rustc -vV`. Pre-releases hash only their channel, so one nightly overwrites another.
//!
//! | | layout 1 | layout 2 (`-Zbuild-dir-new-layout`, the default from 1.100) |
//! |---|---|---|
//! | fingerprint | `.fingerprint/<pkg>-<id>/` | `build/<pkg>/<id>/fingerprint/` |
//! | rustc's outputs | `deps/*-<id>{,.*}`, `examples/*-<id>{,.*}` | `build/<pkg>/<id>/out/` |
//! | a build script | `build/<pkg>-<id>/` | `build/<pkg>/<id>/out/` |
//! | its run | `build/<pkg>-<id>/`, another id | `build/<pkg>/<id>/{run,out}/` |
//! | incremental | `incremental/<crate>-<hash>/`, not keyed by the unit | the same |
//!
//! Not every file has an id. Dynamic libraries of path packages (`deps/libx.so`, with `libx.rlib` and `x.d` if the crate is
//! built as both) and programs for some targets have none. They belong to the unit that could have made them by their name,
//! if only one of those without files of their own id could; else to nobody: the next build overwrites them.
//! Documentation and such libraries share one unit directory per package, of which the id stands for the package only: a
//! unit may hold several fingerprints, by different compilers.
//!
//! What is uplifted into the target dir, documentation and packages are for people, and no units' (`finals.rs`).
//!
//! # Who built it
//!
//! Only the fingerprint's JSON says it, as a hash (`fingerprint.rs`). Times say only when. Incremental sessions say it
//! themselves, as text (`incremental.rs`); what was in them, only xcargo's record (`sessions.rs`). From which version of a
//! package: `source.rs`. When it was last used is nowhere but in xcargo's own record (`uses.rs`).
//!
//! # How a unit is removed without harm
//!
//! Cargo trusts a unit whose outputs exist and whose fingerprint fits, without looking into either. So a removal that is
//! killed half-way must never leave a unit that still looks whole. The first thing to go is an output that cargo looks for;
//! from then on cargo rebuilds the unit and all that depends on it. Directories go by one rename: half an `OUT_DIR` under a
//! valid `output` would be an error that no later build cures. The fingerprint goes last, so that what is left of an
//! interrupted removal is found again; rustc's `.d` file just before, because it tells the version.
//!
//! # What is not known
//!
//! is left alone, and said: links (never followed), names that cargo does not give, fingerprints of another form, profile
//! dirs in neither layout, build dirs within this one. None of it is an error. Files may vanish while they are read.
//! A fingerprint that is no JSON at all is damage: its unit is one of no compiler and no source, so that nothing but the search
//! for damage (`damage.rs`) says that it should go.

pub mod below;
pub mod damage;
mod dep_info;
pub mod digest;
pub(crate) mod disk;
mod encoded;
mod entry;
pub mod finals;
mod fingerprint;
mod incremental;
pub mod inputs;
mod layout;
pub mod ledger;
pub mod locks;
pub mod outline;
mod parallel;
mod place;
mod profiles;
mod sealed;
pub mod sessions;
pub mod size;
mod source;
pub mod stamp;
pub mod stat;
mod unknown;
pub mod usage;
pub mod uses;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use entry::Entry;
pub use finals::{By, FinalDir, Finals, Product, UnitRef, Uplifted};
pub use fingerprint::{Fingerprint, Kind, Mode, Target};
pub use incremental::{Incremental, Told};
pub use size::{Identity, Size, Tally};
pub use source::{NoSource, Source};
pub use unknown::{Unknown, Why};

/// The directory in the build dir that is xcargo's own.
pub const OWN_DIR: &str = ".xcargo";

/// The directory in [`OWN_DIR`] that holds what is already removed but not yet deleted; it exists only while something is.
pub const TRASH_DIR: &str = "trash";

/// Cargo's record of what the compiler said of itself, in the build dir (cargo's `util/rustc.rs`). It is believed as long as
/// `bin/rustc` has the same size and times, so a compiler replaced behind them (linked toolchains, Nix; cargo #14761) is
/// taken for the one before: its units get the other's names, and the two meet in an E0514. Cargo makes it anew.
pub const RUSTC_INFO: &str = ".rustc_info.json";

/// A build dir.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cache {
    /// As it was given.
    pub dir: PathBuf,
    /// Sorted, the host's before those of triples: the order in which cargo locks them.
    pub profiles: Vec<ProfileDir>,
    /// What is left alone.
    pub unknown: Vec<Unknown>,
    /// Whether [`RUSTC_INFO`] is there.
    pub has_rustc_info: bool,
}

/// All that is built for one profile and triple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileDir {
    /// The directory, below [`Cache::dir`].
    pub path: PathBuf,
    /// The target triple's directory, `None` for the host (built without `--target`).
    pub triple: Option<String>,
    /// The profile's directory: `debug`, `release`, or a custom profile's name.
    pub name: OsString,
    /// How it is laid out.
    pub layout: Layout,
    /// Sorted by package and id.
    pub units: Vec<Unit>,
    /// Sorted by path.
    pub incremental: Vec<Incremental>,
    /// The standard library is built here (`-Zbuild-std`): some registry units belong to its lock file, not the workspace's.
    pub builds_std: bool,
}

/// How a profile dir is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// By kind of file: cargo up to 1.99.
    One,
    /// By unit: cargo 1.100, and earlier ones that are asked for it.
    Two,
    /// Units in either layout.
    Both,
    /// No unit in a known layout.
    Unknown,
}

/// One run of rustc, rustdoc or a build script, or several that share a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The package's name.
    pub package: String,
    /// 16 hex digits.
    pub id: String,
    /// Empty where the first build never ended: nobody knows which compiler began it.
    pub fingerprints: Vec<Fingerprint>,
    /// Where the package came from.
    pub source: Source,
    /// When a build of it last ended, by the clock of the machine that built it: the time of its newest JSON, which cargo
    /// writes right after the hash file. Never when it was last used, which cargo does not write down. `None` where no build
    /// has ended.
    pub built: Option<SystemTime>,
    /// What to remove, in this order, for the unit to be gone.
    pub entries: Vec<Entry>,
}

impl Cache {
    /// Build dirs of other tools within this one (an editor's, a coverage tool's), with locks of their own.
    pub fn nested(&self) -> impl Iterator<Item = &Path> {
        let nested = self.unknown.iter().filter(|unknown| unknown.why == Why::OtherBuildDir);
        nested.map(|unknown| unknown.path.as_path())
    }

    /// Reads what the incremental sessions tell, where that was not done yet: a file for each, which few have to know.
    pub fn read_sessions(&mut self) {
        let sessions = self.profiles.iter_mut().flat_map(|profile| &mut profile.incremental);
        let unread = sessions.filter(|session| session.told.is_none()).collect();
        parallel::map(unread, Incremental::read);
    }

    /// The hashes of all compilers that built something here, as [`Fingerprint::rustc`] has them.
    #[must_use]
    pub fn rustc_hashes(&self) -> BTreeSet<u64> {
        let units = self.profiles.iter().flat_map(|profile| &profile.units);
        units.flat_map(|unit| &unit.fingerprints).map(|print| print.rustc).collect()
    }
}

/// Whether cargo has made this build dir. It may be a link; then what is behind it counts.
#[must_use]
pub fn is_there(build_dir: &Path) -> bool {
    build_dir.metadata().is_ok_and(|meta| meta.is_dir())
}

/// Whether an interrupted removal left something in the trash. One look at one path.
#[must_use]
pub fn has_trash(build_dir: &Path) -> bool {
    build_dir.join(OWN_DIR).join(TRASH_DIR).symlink_metadata().is_ok()
}

impl ProfileDir {
    /// The directory, relative to the build dir (and to the target dir, where its final artifacts lie).
    #[must_use]
    pub fn relative(&self) -> PathBuf {
        self.triple.as_deref().map(PathBuf::from).unwrap_or_default().join(&self.name)
    }
}

impl Unit {
    /// Whether every build in this unit was by such a compiler. Never so for a unit of which no compiler is known.
    pub fn all_built_by(&self, is_such: impl Fn(u64) -> bool) -> bool {
        !self.fingerprints.is_empty() && self.fingerprints.iter().all(|print| is_such(print.rustc))
    }
}

/// How something was built and what, by the name of its hash file, such as `test-lib-serde`.
#[must_use]
pub fn fingerprint_kind(name: &str) -> Option<Kind> {
    fingerprint::kind(name)
}

/// The names of the hash files in a fingerprint directory.
#[must_use]
pub fn hash_files(prints: &Path) -> Vec<OsString> {
    let items = disk::list(prints).unwrap_or_default();
    let is_hash = |item: &disk::Item| {
        let name = item.name.to_str().filter(|name| !name.contains('.'));
        item.kind == disk::Kind::File && name.is_some_and(|name| fingerprint::kind(name).is_some())
    };
    items.into_iter().filter(is_hash).map(|item| item.name).collect()
}

/// The profile dirs of a build dir, relative to it; none where it cannot be read.
#[must_use]
pub fn profile_dirs(build_dir: &Path) -> Vec<PathBuf> {
    let found = profiles::find(build_dir).unwrap_or_default();
    found.profiles.iter().map(profiles::Place::relative).collect()
}

/// These profile dirs and nothing of what is in them: for whoever has to lock them.
#[must_use]
pub fn only_profiles<'a>(build_dir: &Path, dirs: impl IntoIterator<Item = &'a PathBuf>) -> Cache {
    let wanted: BTreeSet<&PathBuf> = dirs.into_iter().collect();
    let found = profiles::find(build_dir).unwrap_or_default();
    let places = found.profiles.into_iter().filter(|place| wanted.contains(&place.relative()));
    let profile = |place: profiles::Place| ProfileDir {
        path: build_dir.join(place.relative()),
        triple: place.triple,
        name: place.name,
        layout: Layout::Unknown,
        units: Vec::new(),
        incremental: Vec::new(),
        builds_std: false,
    };
    Cache { dir: build_dir.to_path_buf(), profiles: places.map(profile).collect(), ..Cache::default() }
}

/// The incremental sessions of these crates in these profile dirs.
#[must_use]
pub fn only_sessions<'a>(
    build_dir: &Path,
    dirs: impl IntoIterator<Item = &'a PathBuf>,
    is_wanted: impl Fn(&Path, &str) -> bool,
) -> Cache {
    let mut cache = only_profiles(build_dir, dirs);
    for profile in &mut cache.profiles {
        let relative = profile.relative();
        profile.incremental = incremental::read(build_dir, &relative, &mut Vec::new());
        profile.incremental.retain(|session| is_wanted(&relative, &session.crate_name));
    }
    cache
}

/// Whether a build of some unit was begun since then and has not ended: cargo empties the hash file first, and fills it last.
#[must_use]
pub fn has_unfinished(build_dir: &Path, since: stat::Time) -> bool {
    // Times of files may be a tick older than the clock.
    let since = stat::Time(since.0.saturating_sub(20_000_000));
    let is_since = |path: &Path| stat::Stat::of_file(path).is_some_and(|stat| stat.modified >= since);
    let is_unfinished = |prints: &Path, run: Option<&Path>| {
        let is_empty =
            |name: &OsString| stat::Stat::of_file(&prints.join(name)).is_some_and(|stat| stat.size == 0);
        let mut dirs = [Some(prints), run].into_iter().flatten();
        dirs.any(|dir| is_since(&dir.join("invoked.timestamp"))) && hash_files(prints).iter().any(is_empty)
    };
    profile_dirs(build_dir).iter().any(|profile| {
        let dir = build_dir.join(profile);
        let ones = disk::list(&dir.join(".fingerprint")).unwrap_or_default();
        let one = |item: &disk::Item| {
            is_unfinished(
                &dir.join(".fingerprint").join(&item.name),
                Some(&dir.join("build").join(&item.name)),
            )
        };
        let twos = package_dirs(&dir.join("build")).into_iter().flat_map(|package| {
            let package = dir.join("build").join(package);
            disk::list(&package).unwrap_or_default().into_iter().map(move |item| package.join(item.name))
        });
        ones.iter().any(one)
            || twos.into_iter().any(|unit| is_unfinished(&unit.join("fingerprint"), Some(&unit.join("run"))))
    })
}

/// The directories of packages in a `build` dir of layout 2, by name.
#[must_use]
pub fn package_dirs(build: &Path) -> Vec<OsString> {
    let items = disk::list(build).unwrap_or_default();
    let is_script = |item: &disk::Item| item.name.to_str().is_some_and(|name| layout::id_in(name).is_some());
    let is_package = |item: &disk::Item| item.kind == disk::Kind::Dir && !is_script(item);
    items.into_iter().filter(is_package).map(|item| item.name).collect()
}

/// Reads a build dir, but for what its incremental sessions tell ([`Cache::read_sessions`]). One that does not exist is empty; one that is a link is left alone.
///
/// # Errors
/// The build dir itself cannot be read. All else is a value in [`Cache::unknown`].
pub fn read(build_dir: &Path, cargo_home: &Path) -> io::Result<Cache> {
    let found = profiles::find(build_dir)?;
    let mut unknown = found.unknown;
    let home = dep_info::CargoHome::new(cargo_home);
    let mut profiles = Vec::new();
    let mut drafts = Vec::new();
    let mut counts = Vec::new();
    for place in found.profiles {
        let Some(contents) = layout::read(build_dir, &place, &mut unknown) else { continue };
        counts.push(contents.drafts.len());
        drafts.extend(contents.drafts);
        profiles.push(ProfileDir {
            path: build_dir.join(place.relative()),
            triple: place.triple,
            name: place.name,
            layout: contents.layout,
            units: Vec::new(),
            incremental: contents.incremental,
            builds_std: false,
        });
    }
    // All profile dirs together: units for a triple depend on build scripts and macros of the host.
    source::read_dep_infos(&mut drafts, &home);
    source::read_hashes(&mut drafts);
    source::attribute(&mut drafts);
    let mut drafts = drafts.into_iter();
    for (profile, count) in profiles.iter_mut().zip(counts) {
        let drafts = drafts.by_ref().take(count);
        let units = drafts.map(|draft| {
            profile.builds_std |= draft.is_std();
            draft.unit
        });
        profile.units = units.collect();
        profile.units.sort_by(|a, b| (&a.package, &a.id).cmp(&(&b.package, &b.id)));
    }
    let has_rustc_info =
        !profiles.is_empty() && disk::kind(&build_dir.join(RUSTC_INFO))? == Some(disk::Kind::File);
    Ok(Cache { dir: build_dir.to_path_buf(), profiles, unknown, has_rustc_info })
}

#[cfg(test)]
mod tests;
