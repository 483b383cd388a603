//! Which units of a cache can never be used again. Pure, and it fails closed: a unit goes only if it is positively
//! known to be of a compiler or a package version that is gone; whatever cannot be told stays.

use std::collections::BTreeSet;

use crate::cache::size::Size;
use crate::cache::{Cache, Entry, Incremental, ProfileDir, RUSTC_INFO, Source, Unit};
use crate::policy::Scope;
use crate::toolchain::identity::Identity;
use crate::workspace::lock_file::{self, Package};

/// What may be judged stale, and against what.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// What policy calls the scope of a clean.
    pub scope: Scope,
    /// Compilers: those that stay and those that are gone. `None`: compilers are not judged.
    pub compilers: Option<Compilers>,
    /// Package versions that left the lock file. `None`: they are not judged.
    pub packages: Option<Packages>,
}

/// The compilers that are known, by what they write into fingerprints.
#[derive(Debug, Clone, PartialEq)]
pub struct Compilers {
    /// The pinned one and the kept ones.
    pub stay: Vec<Identity>,
    /// All others that are known: former pins, and what else is installed.
    pub gone: Vec<Identity>,
    /// The pin, as messages name it.
    pub pin: String,
    /// Whether the pin is another compiler under the name that it had at the last build, which cargo may not notice.
    pub replaced: bool,
}

/// Package versions that left the lock file since the last build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packages {
    /// In the lock file then.
    pub before: BTreeSet<Package>,
    /// In the lock file now (or in that of another workspace that shares the build dir).
    pub now: BTreeSet<Package>,
}

/// Why something goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A compiler built it that is neither pinned nor kept.
    BuiltBy {
        /// That compiler.
        compiler: String,
        /// The pin now.
        pin: String,
    },
    /// Its package version is no longer in the lock file.
    LeftTheLock {
        /// The package's name and version.
        package: String,
    },
    /// Policy's scope covers it.
    InScope,
    /// Cargo wrote it down about a compiler that was replaced under its name.
    Replaced,
}

/// What goes for one reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Why.
    pub reason: Reason,
    /// How many units (incremental sessions are not counted).
    pub units: usize,
    /// What is removed, in this order.
    pub entries: Vec<Entry>,
    /// How much that is; nothing until it is [measured](CleanPlan::measured).
    pub size: Size,
}

/// The plan of one clean: this and nothing else is removed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CleanPlan {
    /// By reason, in a stable order.
    pub groups: Vec<Group>,
}

impl CleanPlan {
    /// Whether there is nothing to remove.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Fills in how much each group is; `size_of` looks at the disk.
    #[must_use]
    pub fn measured(mut self, mut size_of: impl FnMut(&Entry) -> Size) -> Self {
        for group in &mut self.groups {
            group.size = group.entries.iter().fold(Size::default(), |sum, entry| sum + size_of(entry));
        }
        self
    }

    /// All groups together.
    #[must_use]
    pub fn size(&self) -> Size {
        self.groups.iter().fold(Size::default(), |sum, group| sum + group.size)
    }

    fn add(&mut self, reason: Reason, units: usize, entries: &[Entry]) {
        let at = self.groups.iter().position(|group| group.reason == reason).unwrap_or_else(|| {
            self.groups.push(Group { reason, units: 0, entries: Vec::new(), size: Size::default() });
            self.groups.len() - 1
        });
        let group = &mut self.groups[at];
        group.units += units;
        group.entries.extend_from_slice(entries);
    }
}

/// Decides what goes.
#[must_use]
pub fn decide(cache: &Cache, rules: &Rules) -> CleanPlan {
    let mut plan = CleanPlan::default();
    for profile in &cache.profiles {
        for unit in &profile.units {
            if let Some(reason) = judge(unit, profile, rules) {
                plan.add(reason, 1, &unit.entries);
            }
        }
        for session in &profile.incremental {
            if let Some(reason) = judge_incremental(session, rules) {
                plan.add(reason, 0, &session.entries);
            }
        }
    }
    if cache.has_rustc_info && rules.compilers.as_ref().is_some_and(|compilers| compilers.replaced) {
        plan.add(Reason::Replaced, 0, &[Entry::File(RUSTC_INFO.into())]);
    }
    plan.groups.sort_by(|a, b| a.reason.cmp(&b.reason));
    plan
}

fn judge(unit: &Unit, profile: &ProfileDir, rules: &Rules) -> Option<Reason> {
    match rules.scope {
        Scope::All => return Some(Reason::InScope),
        Scope::Workspace if unit.source == Source::Path => return Some(Reason::InScope),
        Scope::Workspace | Scope::Stale => {}
    }
    built_by_gone(unit, rules).or_else(|| left_the_lock(unit, profile, rules))
}

/// A unit goes only if every fingerprint in its directory is of a compiler that is known to be gone: a nightly that
/// was updated in place shares its directories with the one before it.
fn built_by_gone(unit: &Unit, rules: &Rules) -> Option<Reason> {
    let compilers = rules.compilers.as_ref()?;
    let wrote = |identity: &Identity, rustc: u64| identity.fingerprint_hashes().contains(&rustc);
    let gone = |rustc: u64| {
        let stays = compilers.stay.iter().any(|identity| wrote(identity, rustc));
        if stays { None } else { compilers.gone.iter().find(|identity| wrote(identity, rustc)) }
    };
    let compiler = gone(unit.fingerprints.first()?.rustc)?;
    unit.all_built_by(|rustc| gone(rustc).is_some())
        .then(|| Reason::BuiltBy { compiler: compiler.short(), pin: compilers.pin.clone() })
}

/// An incremental session names the compiler that wrote it in full; cargo keeps no fingerprint of it.
fn judge_incremental(session: &Incremental, rules: &Rules) -> Option<Reason> {
    if rules.scope != Scope::Stale {
        // Only workspace members are compiled incrementally.
        return Some(Reason::InScope);
    }
    let compilers = rules.compilers.as_ref()?;
    let version = session.rustc_version.as_ref()?;
    let wrote = |identity: &&Identity| identity.incremental_version().as_ref() == Some(version);
    if compilers.stay.iter().any(|identity| wrote(&identity)) {
        return None;
    }
    let compiler = compilers.gone.iter().find(wrote)?;
    Some(Reason::BuiltBy { compiler: compiler.short(), pin: compilers.pin.clone() })
}

fn left_the_lock(unit: &Unit, profile: &ProfileDir, rules: &Rules) -> Option<Reason> {
    let packages = rules.packages.as_ref()?;
    if profile.builds_std {
        // `-Zbuild-std`: these registry packages are those of the standard library's own lock file.
        return None;
    }
    let is_this = |package: &Package| {
        package.name == unit.package
            && match (&unit.source, &package.source) {
                (Source::Registry { version }, lock_file::Source::Registry) => *version == package.version,
                // Checkouts are named after the first digits of the revision.
                (Source::Git { rev }, lock_file::Source::Git(full)) => full.starts_with(rev.as_str()),
                _ => false,
            }
    };
    if packages.now.iter().any(is_this) {
        return None;
    }
    let package = packages.before.iter().find(|package| is_this(package))?;
    Some(Reason::LeftTheLock { package: format!("{} {}", package.name, package.version) })
}

#[cfg(test)]
mod tests;
