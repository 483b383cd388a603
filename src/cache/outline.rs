//! The top levels of a build or target dir, by name alone: all that a clean of whole directories has to know. No unit is
//! read, so it costs a listing per profile dir, however much is in there.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{self, Item, Kind};
use super::locks::is_lock_file;
use super::profiles::{self, Place};
use super::{Cache, Entry, Layout, OWN_DIR, ProfileDir, RUSTC_INFO, Unknown, Why};

/// Marks that stay with the directory: cargo writes the tag only when it makes the directory.
const MARKS: &[&str] = &["CACHEDIR.TAG", OWN_DIR];

/// Directories that cargo makes beside profile dirs, below a triple's directory as well (`Layout::new` in
/// `core/compiler/layout.rs`; `package` in `ops/cargo_package/mod.rs`).
const PRODUCT_DIRS: &[&str] = &[DOC, "package", "tmp", "cargo-timings", ".metabuild"];

/// Where cargo puts documentation.
const DOC: &str = "doc";

/// Files that cargo keeps beside profile dirs.
const PRODUCT_FILES: &[&str] = &[RUSTC_INFO, ".future-incompat-report.json", ".rustdoc_fingerprint.json"];

/// The top levels of one directory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// As it was given.
    pub dir: PathBuf,
    /// In the order in which cargo locks them; those of nested build dirs come last.
    pub profiles: Vec<Skeleton>,
    /// What cargo makes beside profile dirs.
    pub products: Vec<TopLevel>,
    /// What is left alone.
    pub unknown: Vec<Unknown>,
}

/// A profile dir, and the names in it that may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skeleton {
    /// Relative to [`Outline::dir`].
    pub path: PathBuf,
    /// The target triple's directory.
    pub triple: Option<String>,
    /// The profile's directory.
    pub name: OsString,
    /// It lies in another build dir within this one: an editor's, a coverage tool's.
    pub is_nested: bool,
    /// All but lock files and what is neither a file nor a directory.
    pub children: Vec<Entry>,
}

/// Something that cargo makes beside profile dirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopLevel {
    /// Below which triple's directory.
    pub triple: Option<String>,
    /// What it is.
    pub kind: TopKind,
    /// Relative to [`Outline::dir`].
    pub entry: Entry,
}

/// Which of cargo's top-level products it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TopKind {
    /// Documentation.
    Doc,
    /// Packages, reports, scratch space, what cargo remembers of the compiler.
    Other,
}

/// What cargo makes beside profile dirs.
pub(super) fn products() -> impl Iterator<Item = &'static str> {
    PRODUCT_DIRS.iter().chain(PRODUCT_FILES).copied()
}

impl Outline {
    /// A cache of these profile dirs, without their units: enough to lock them all. Those of nested build dirs are among
    /// them, as if the way to them were a triple: they come last, as whoever builds there locks nothing else.
    #[must_use]
    pub fn without_units(&self) -> Cache {
        let profile = |skeleton: &Skeleton| ProfileDir {
            path: self.dir.join(&skeleton.path),
            triple: skeleton
                .path
                .parent()
                .and_then(Path::to_str)
                .filter(|way| !way.is_empty())
                .map(str::to_owned),
            name: skeleton.name.clone(),
            layout: Layout::Unknown,
            units: Vec::new(),
            incremental: Vec::new(),
            builds_std: false,
        };
        Cache {
            dir: self.dir.clone(),
            profiles: self.profiles.iter().map(profile).collect(),
            ..Cache::default()
        }
    }

    /// The build dirs within this one that have profile dirs, relative: each has locks of its own.
    #[must_use]
    pub fn nested(&self) -> BTreeSet<&Path> {
        let nested = self.profiles.iter().filter(|skeleton| skeleton.is_nested);
        nested.filter_map(|skeleton| skeleton.path.iter().next().map(Path::new)).collect()
    }
}

/// Reads the top levels. A directory that does not exist has none; one that is a link is left alone.
///
/// # Errors
/// The directory itself cannot be listed.
pub fn read(dir: &Path) -> io::Result<Outline> {
    let found = profiles::find(dir)?;
    let mut outline = Outline { dir: dir.to_path_buf(), ..Outline::default() };
    let mut known: BTreeSet<OsString> = BTreeSet::new();
    let mut triples: BTreeSet<String> = BTreeSet::new();
    for place in found.profiles {
        match &place.triple {
            Some(triple) => {
                triples.insert(triple.clone());
                known.insert(triple.into());
            }
            None => {
                known.insert(place.name.clone());
            }
        }
        outline.profile(Path::new(""), place);
    }
    for unknown in found.unknown {
        let nested = unknown.path.strip_prefix(dir).ok();
        // Profile dirs are locked by a way that is UTF-8.
        let nested = nested.filter(|way| unknown.why == Why::OtherBuildDir && way.to_str().is_some());
        match nested.map(Path::to_path_buf) {
            Some(nested) => {
                known.extend(nested.iter().map(OsStr::to_owned));
                for place in profiles::find(&unknown.path).unwrap_or_default().profiles {
                    outline.profile(&nested, place);
                }
            }
            None => {
                let name = unknown.path.strip_prefix(dir).ok().and_then(|path| path.iter().next());
                known.extend(name.map(OsStr::to_owned));
                outline.unknown.push(unknown);
            }
        }
    }
    if disk::kind(dir)? != Some(Kind::Link) {
        outline.top(None, disk::list(dir)?, &known);
    }
    for triple in triples {
        let of_triple: BTreeSet<OsString> = outline
            .profiles
            .iter()
            .filter(|skeleton| !skeleton.is_nested && skeleton.triple.as_ref() == Some(&triple))
            .map(|skeleton| skeleton.name.clone())
            .collect();
        match disk::list(&dir.join(&triple)) {
            Ok(items) => outline.top(Some(triple), items, &of_triple),
            Err(error) => outline.leave(Path::new(&triple), Why::Unreadable(error.kind())),
        }
    }
    Ok(outline)
}

impl Outline {
    fn profile(&mut self, nested: &Path, place: Place) {
        let path = nested.join(place.relative());
        let items = match disk::list(&self.dir.join(&path)) {
            Ok(items) => items,
            Err(error) => return self.leave(&path, Why::Unreadable(error.kind())),
        };
        let mut children = Vec::new();
        for Item { name, kind } in items {
            let child = path.join(&name);
            if is_lock_file(&name) {
                continue;
            }
            match kind {
                Kind::Dir if !is_cargos(&name) && holds_work(&self.dir.join(&child), 3) => {
                    self.leave(&child, Why::Work);
                }
                Kind::Dir => children.push(Entry::Tree(child)),
                Kind::File => children.push(Entry::File(child)),
                Kind::Link => self.leave(&child, Why::Link),
                Kind::Other => self.leave(&child, Why::Form),
            }
        }
        let is_nested = !nested.as_os_str().is_empty();
        self.profiles.push(Skeleton { path, triple: place.triple, name: place.name, is_nested, children });
    }

    /// The names beside profile dirs, of which some are `known` already.
    fn top(&mut self, triple: Option<String>, items: Vec<Item>, known: &BTreeSet<OsString>) {
        let below = PathBuf::from(triple.as_deref().unwrap_or_default());
        for Item { name, kind } in items {
            if known.contains(&name) || MARKS.iter().any(|mark| name == *mark) {
                continue;
            }
            let path = below.join(&name);
            let is_one_of = |names: &[&str]| names.iter().any(|known| name == *known);
            let entry = match kind {
                Kind::Dir if is_one_of(PRODUCT_DIRS) => Entry::Tree(path),
                Kind::File if is_one_of(PRODUCT_FILES) => Entry::File(path),
                Kind::Link => {
                    self.leave(&path, Why::Link);
                    continue;
                }
                Kind::Dir | Kind::File | Kind::Other => {
                    self.leave(&path, Why::Name);
                    continue;
                }
            };
            let kind = if name == DOC { TopKind::Doc } else { TopKind::Other };
            self.products.push(TopLevel { triple: triple.clone(), kind, entry });
        }
    }

    fn leave(&mut self, below: &Path, why: Why) {
        self.unknown.push(Unknown { path: self.dir.join(below), why });
    }
}

/// What cargo makes in a profile dir.
fn is_cargos(name: &OsStr) -> bool {
    ["deps", "build", ".fingerprint", "incremental", "examples"].iter().any(|known| name == *known)
}

/// Whether there is a repository or a package in it, so many levels down: a profile dir is where programs run and write, but
/// nobody's work.
fn holds_work(dir: &Path, levels: u8) -> bool {
    disk::list(dir).unwrap_or_default().iter().any(|item| {
        item.name == ".git"
            || item.name == "Cargo.toml"
            || (levels > 1 && item.kind == Kind::Dir && holds_work(&dir.join(&item.name), levels - 1))
    })
}

#[cfg(test)]
mod tests;
