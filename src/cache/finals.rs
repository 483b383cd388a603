//! What cargo leaves for people: programs and libraries that it uplifts out of `deps/`, documentation, packages, reports.
//!
//! None of it is looked at by a later build, but people run, publish and read it, so only a person may ask for its
//! removal. It lies in the target dir; the parts that cargo keeps in the build dir (`tmp`, `.metabuild`, reports) are found
//! by reading that dir as well, where it is another one.
//!
//! An uplifted file is a hard link of a unit's output, or a copy where the file system has no links (`link_targets` in cargo's
//! `core/compiler/mod.rs`). The `.d` file beside it is cargo's own and goes with it.

mod names;
mod owners;

use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

pub(super) use names::{Class, could_be};

use super::disk::{self, Item, Kind};
use super::profiles::{self, LOCKS, Place};
use super::{Cache, Entry, OWN_DIR, RUSTC_INFO, Unit, Unknown, Why};
use owners::Owners;

/// Final artifacts in a target dir. All paths but those of [`Finals::unknown`] are relative to [`Finals::dir`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Finals {
    /// As it was given.
    pub dir: PathBuf,
    /// Sorted, the host's before those of triples.
    pub profiles: Vec<FinalDir>,
    /// What belongs to units.
    pub uplifted: Vec<Uplifted>,
    /// `doc`: one directory for all packages and profiles.
    pub docs: Vec<Product>,
    /// `package`: what `cargo package` and `cargo publish` make.
    pub packages: Vec<Product>,
    /// `tmp`, `cargo-timings`, `.metabuild`, the report on future incompatibilities, rustdoc's fingerprint.
    pub others: Vec<Product>,
    /// All else in profile dirs that is of no unit: cargo's by place, nobody's by name. Programs run and write there.
    pub loose: Vec<Product>,
    /// What is left alone: names that cargo does not give, links, build dirs within this one.
    pub unknown: Vec<Unknown>,
}

/// A profile dir with all that is in it, but for the lock files, which stay for those who wait for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinalDir {
    /// The target triple's directory, `None` for the host.
    pub triple: Option<String>,
    /// The profile's directory.
    pub name: OsString,
    /// Both together.
    pub path: PathBuf,
    /// Files and directories in it, sorted by name: removing all of them removes the profile.
    pub children: Vec<Entry>,
}

/// Something that is made for no unit alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The target triple's directory that it lies in, if it does.
    pub triple: Option<String>,
    /// What to remove.
    pub entry: Entry,
}

/// A program or library for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uplifted {
    /// The profile dir.
    pub profile: PathBuf,
    /// What to remove.
    pub entry: Entry,
    /// The units that made it, or any of which may have: all of one package where it is told by name. Never empty.
    pub owners: Vec<UnitRef>,
    /// How they are known.
    pub by: By,
}

/// How it is known to whom a file belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// It is the same file (device and inode) as one of the unit's outputs.
    SameFile,
    /// Only this package has a target of this name.
    Name,
}

/// A unit within its profile dir.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitRef {
    /// [`Unit::package`].
    pub package: String,
    /// [`Unit::id`].
    pub id: String,
}

impl From<&Unit> for UnitRef {
    fn from(unit: &Unit) -> Self {
        Self { package: unit.package.clone(), id: unit.id.clone() }
    }
}

/// The directories that cargo makes beside the profile dirs (cargo's `core/compiler/layout.rs`), and what they are.
const DIRS: &[(&str, Sort)] = &[
    ("doc", Sort::Docs),
    ("package", Sort::Packages),
    ("tmp", Sort::Others),
    ("cargo-timings", Sort::Others),
    (".metabuild", Sort::Others),
];

/// The files of that kind: the report on future incompatibilities (`core/compiler/future_incompat.rs`), and which rustdoc
/// made the documentation (`core/compiler/fingerprint/rustdoc.rs`).
const FILES: &[&str] = &[".future-incompat-report.json", ".rustdoc_fingerprint.json"];

/// What stays at the top of a target dir, and nobody has to be told.
const QUIET: &[&str] = &[RUSTC_INFO, "CACHEDIR.TAG", OWN_DIR];

/// What cargo makes in a profile dir for itself.
const PARTS: &[&str] = &[".fingerprint", "build", "deps", "examples", "incremental"];

#[derive(Clone, Copy)]
enum Sort {
    Docs,
    Packages,
    Others,
}

/// Reads what is in a target dir, whose units are in `cache`. One that does not exist is empty; one that is a link is left
/// alone.
///
/// # Errors
/// The target dir itself cannot be read. All else is a value in [`Finals::unknown`].
pub fn read(target_dir: &Path, cache: &Cache) -> io::Result<Finals> {
    let mut finals = Finals { dir: target_dir.to_path_buf(), ..Finals::default() };
    if disk::kind(target_dir)? == Some(Kind::Link) {
        finals.leave("", Why::Link);
        return Ok(finals);
    }
    let places = places(target_dir, cache)?;
    for item in disk::list(target_dir)? {
        let is_triple =
            || places.iter().any(|place| place.triple.as_deref().is_some_and(|it| item.name == it));
        if QUIET.iter().any(|name| item.name == *name) || places.iter().any(|place| place.is_host(&item)) {
            continue;
        }
        if finals.product(None, &item) {
            continue;
        }
        let dir = target_dir.join(&item.name);
        let has = |name: &str| matches!(disk::kind(&dir.join(name)), Ok(Some(Kind::File)));
        match (item.kind, item.name.to_str()) {
            (Kind::Dir, _) if has(RUSTC_INFO) => finals.leave(&item.name, Why::OtherBuildDir),
            (Kind::Dir, Some(triple)) if is_triple() || has("CACHEDIR.TAG") => {
                finals.in_triple(triple, &places)
            }
            (Kind::Link, _) => finals.leave(&item.name, Why::Link),
            _ => finals.leave(&item.name, Why::Name),
        }
    }
    for place in &places {
        finals.in_profile(place, cache);
    }
    Ok(finals)
}

/// The profile dirs in the target dir. Cargo makes them for units that lie in another build dir, too, and without a lock
/// file where it only checks.
fn places(target_dir: &Path, cache: &Cache) -> io::Result<Vec<Place>> {
    let mut places = profiles::find(target_dir)?.profiles;
    for profile in &cache.profiles {
        let place = Place { triple: profile.triple.clone(), name: profile.name.clone() };
        let is_dir = matches!(disk::kind(&target_dir.join(place.relative())), Ok(Some(Kind::Dir)));
        if is_dir && !places.contains(&place) {
            places.push(place);
        }
    }
    places.sort_by(|a, b| (&a.triple, &a.name).cmp(&(&b.triple, &b.name)));
    Ok(places)
}

impl Place {
    fn is_host(&self, item: &Item) -> bool {
        self.triple.is_none() && self.name == item.name
    }
}

impl Finals {
    fn leave(&mut self, below: impl AsRef<Path>, why: Why) {
        let below = below.as_ref();
        let path = if below.as_os_str().is_empty() { self.dir.clone() } else { self.dir.join(below) };
        self.unknown.push(Unknown { path, why });
    }

    /// Whether this is something that cargo makes beside the profile dirs.
    fn product(&mut self, triple: Option<&str>, item: &Item) -> bool {
        let path = Path::new(triple.unwrap_or_default()).join(&item.name);
        let sort = DIRS.iter().find_map(|(name, sort)| (item.name == *name).then_some(*sort));
        let entry = match (sort, item.kind) {
            (None, _) if !FILES.iter().any(|name| item.name == *name) => return false,
            (_, Kind::Link) => {
                self.leave(path, Why::Link);
                return true;
            }
            (Some(_), Kind::Dir) => Entry::Tree(path),
            (None, Kind::File) => Entry::File(path),
            _ => {
                self.leave(path, Why::Form);
                return true;
            }
        };
        let products = match sort {
            Some(Sort::Docs) => &mut self.docs,
            Some(Sort::Packages) => &mut self.packages,
            Some(Sort::Others) | None => &mut self.others,
        };
        products.push(Product { triple: triple.map(str::to_owned), entry });
        true
    }

    fn in_triple(&mut self, triple: &str, places: &[Place]) {
        for item in self.list(Path::new(triple)) {
            let is_profile =
                |place: &Place| place.triple.as_deref() == Some(triple) && place.name == item.name;
            if item.name == "CACHEDIR.TAG"
                || places.iter().any(is_profile)
                || self.product(Some(triple), &item)
            {
                continue;
            }
            let why = if item.kind == Kind::Link { Why::Link } else { Why::Name };
            self.leave(Path::new(triple).join(&item.name), why);
        }
    }

    fn in_profile(&mut self, place: &Place, cache: &Cache) {
        let path = place.relative();
        let units = cache.profiles.iter().find(|profile| profile.relative() == path);
        // Where both dirs are one, outputs of units lie among what is uplifted.
        let is_same_dir = self.dir == cache.dir;
        let outputs: HashSet<&Path> = units
            .filter(|_| is_same_dir)
            .into_iter()
            .flat_map(|profile| profile.units.iter().flat_map(|unit| &unit.entries).map(Entry::path))
            .collect();
        let mut children = Vec::new();
        let mut files = Vec::new();
        for item in self.list(&path) {
            let below = path.join(&item.name);
            let is_lock = LOCKS.iter().chain([&".cargo-artifact-lock"]).any(|name| item.name == *name);
            let is_part = PARTS.iter().any(|name| item.name == *name);
            let Some(entry) = self.entry(below, item.kind).filter(|_| !is_lock) else { continue };
            if !is_part {
                files.push(entry.clone());
            } else if item.name == "examples" && item.kind == Kind::Dir {
                let examples = self.list(entry.path());
                let examples = examples.into_iter().map(|item| (entry.path().join(&item.name), item.kind));
                let examples = examples.filter(|(path, _)| !outputs.contains(path.as_path()));
                files.extend(
                    examples
                        .collect::<Vec<_>>()
                        .into_iter()
                        .filter_map(|(path, kind)| self.entry(path, kind)),
                );
            }
            children.push(entry);
        }
        let units = units.map_or(&[][..], |profile| &profile.units);
        let owned = Owners::new(&self.dir, &cache.dir, units).of_all(&path, files);
        for (entry, owners) in owned {
            match owners {
                Some((owners, by)) => {
                    self.uplifted.push(Uplifted { profile: path.clone(), entry, owners, by })
                }
                None => self.loose.push(Product { triple: place.triple.clone(), entry }),
            }
        }
        self.profiles.push(FinalDir {
            triple: place.triple.clone(),
            name: place.name.clone(),
            path,
            children,
        });
    }

    fn entry(&mut self, path: PathBuf, kind: Kind) -> Option<Entry> {
        match kind {
            Kind::Dir => return Some(Entry::Tree(path)),
            Kind::File => return Some(Entry::File(path)),
            // Debug information of uplifted programs on macOS is one: `app.dSYM`.
            Kind::Link => self.leave(path, Why::Link),
            Kind::Other => self.leave(path, Why::Form),
        }
        None
    }

    fn list(&mut self, below: &Path) -> Vec<Item> {
        disk::list(&self.dir.join(below)).unwrap_or_else(|error| {
            self.leave(below, Why::Unreadable(error.kind()));
            Vec::new()
        })
    }
}

#[cfg(test)]
mod tests;
