//! Package specs, as `-p` takes them: read, found among the packages that there are, and held against units.
//!
//! The grammar is that of `cargo help pkgid`. Cargo's own reader (`cargo-util-schemas`) looks at the disk and the current
//! directory, and brings in `url` with all of Unicode; here nothing but text is compared.

mod parse;

use std::path::PathBuf;

pub use parse::{PartialVersion, Spec, SpecError, Url};

use crate::cache::{Cache, Source, Unit};
use crate::workspace::lock_file::{self, Locked};

/// The packages that a spec may mean.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// What the lock file names; nothing where there is none.
    pub locked: Vec<Locked>,
    /// Members and path dependencies.
    pub local: Vec<Local>,
}

/// A package that lies in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// Its name.
    pub name: String,
    /// Its directory.
    pub dir: PathBuf,
    /// It is a member of the workspace.
    pub is_member: bool,
}

/// Specs of which each means at least one known package, with what is known of these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    specs: Vec<Spec>,
    known: Known,
}

/// A spec that means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchPackage {
    /// As it was written.
    pub spec: String,
    /// The package with the nearest name.
    pub nearest: Option<String>,
}

/// Whether a unit is of the package that a spec means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belongs {
    Yes,
    No,
    /// It is by name; version or source cannot be told.
    Doubtful,
}

/// Finds the packages of `-p` (and of `--workspace`: all members) in lock file, workspace and cache.
///
/// # Errors
/// A spec matches nothing.
pub fn choose(
    specs: Vec<Spec>,
    members_too: bool,
    known: Known,
    cache: &Cache,
) -> Result<Chosen, NoSuchPackage> {
    for spec in &specs {
        let in_cache = || {
            let mut units = cache.profiles.iter().flat_map(|profile| &profile.units);
            units.any(|unit| belongs(unit, spec, &known) != Belongs::No)
        };
        if !known.locked.iter().any(|locked| means(spec, locked, &known)) && !in_cache() {
            let names = known.locked.iter().map(|locked| locked.package.name.as_str());
            let names = names.chain(known.local.iter().map(|local| local.name.as_str()));
            // Cargo's own measure: `util/edit_distance.rs` allows a third of the name.
            let far = |name: &str| strsim::osa_distance(name, &spec.name);
            let nearest =
                names.filter(|name| far(name) <= spec.name.len().max(3) / 3).min_by_key(|name| far(name));
            return Err(NoSuchPackage { spec: spec.text.clone(), nearest: nearest.map(str::to_owned) });
        }
    }
    let members = known.local.iter().filter(|local| members_too && local.is_member);
    let members: Vec<Spec> = members.map(|local| Spec::of_dir(&local.name, &local.dir)).collect();
    Ok(Chosen { specs: specs.into_iter().chain(members).collect(), known })
}

impl Chosen {
    /// Whether the unit is of one of the packages, and by which spec it is in doubt.
    pub(super) fn judge(&self, unit: &Unit) -> (Belongs, Option<&Spec>) {
        let mut doubt = None;
        for spec in &self.specs {
            match belongs(unit, spec, &self.known) {
                Belongs::Yes => return (Belongs::Yes, Some(spec)),
                Belongs::Doubtful => doubt = doubt.or(Some(spec)),
                Belongs::No => {}
            }
        }
        (if doubt.is_some() { Belongs::Doubtful } else { Belongs::No }, doubt)
    }

    /// The names of the path packages that are meant: only they are compiled incrementally.
    pub(super) fn local_names(&self) -> impl Iterator<Item = &str> {
        let is_local = |locked: &&Locked| locked.package.source == lock_file::Source::Path;
        let locked = self.known.locked.iter().filter(is_local);
        let meant = locked.filter(|locked| self.specs.iter().any(|spec| means(spec, locked, &self.known)));
        meant.map(|locked| locked.package.name.as_str())
    }
}

/// Whether the spec means this package of the lock file.
fn means(spec: &Spec, locked: &Locked, known: &Known) -> bool {
    let package = &locked.package;
    package.name == spec.name
        && spec.version.as_ref().is_none_or(|version| version.matches(&package.version))
        && spec.url.as_ref().is_none_or(|url| match &locked.url {
            Some(source) => url.is_of(source),
            // The lock file does not say where a path package lies.
            None => known.local.iter().any(|local| local.name == package.name && url.is_dir(&local.dir)),
        })
}

/// Whether the unit is of the package. What the spec says beyond the name has to be known of the unit.
fn belongs(unit: &Unit, spec: &Spec, known: &Known) -> Belongs {
    if unit.package != spec.name {
        return Belongs::No;
    }
    if spec.version.is_none() && spec.url.is_none() {
        return Belongs::Yes;
    }
    let by_name = || known.locked.iter().filter(|locked| locked.package.name == unit.package);
    let candidates: Vec<&Locked> = match &unit.source {
        Source::Registry { version } => {
            if spec.version.as_ref().is_some_and(|asked| !asked.matches(version)) {
                return Belongs::No;
            }
            if spec.url.is_none() {
                return Belongs::Yes;
            }
            let is_it = |locked: &&Locked| {
                locked.package.source == lock_file::Source::Registry && locked.package.version == *version
            };
            by_name().filter(is_it).collect()
        }
        Source::Git { rev } => by_name()
            .filter(|locked| match &locked.package.source {
                lock_file::Source::Git(full) => full.starts_with(rev.as_str()),
                lock_file::Source::Registry | lock_file::Source::Path => false,
            })
            .collect(),
        // A path package is what its manifest says now, whichever version it had when it was built.
        Source::Path => by_name().filter(|locked| locked.package.source == lock_file::Source::Path).collect(),
        // If the name can only mean path packages, the unit is of one; else it may be of a version that is gone.
        Source::Unknown(_) => {
            let all: Vec<&Locked> = by_name().collect();
            let is_local = |locked: &&Locked| locked.package.source == lock_file::Source::Path;
            if all.iter().all(is_local) { all } else { return Belongs::Doubtful }
        }
    };
    let meant = candidates.iter().filter(|locked| means(spec, locked, known)).count();
    match (candidates.len(), meant) {
        (0, _) => Belongs::Doubtful,
        (_, 0) => Belongs::No,
        (all, meant) if all == meant => Belongs::Yes,
        _ => Belongs::Doubtful,
    }
}

#[cfg(test)]
mod tests;
