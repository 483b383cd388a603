//! Which units can never be used again. It fails closed: a unit goes only if it is positively known to be of a compiler
//! or a package version that is gone; whatever cannot be told stays.

use std::collections::BTreeSet;

use super::{Owners, Reason};
use crate::cache::{Cache, Incremental, ProfileDir, Source, Unit};
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

impl Rules {
    /// Whether incremental sessions are judged by their compiler.
    pub(super) fn need_sessions(&self) -> bool {
        let has_gone = self.compilers.as_ref().is_some_and(|compilers| !compilers.gone.is_empty());
        self.scope == Scope::Stale && has_gone
    }
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

impl Rules {
    /// The same beside these others: only what is stale may go, and what their lock files name has not left.
    #[must_use]
    pub fn beside(mut self, owners: &Owners) -> Self {
        if !owners.is_alone() {
            self.scope = Scope::Stale;
        }
        if let Some(packages) = &mut self.packages {
            packages.now.extend(owners.others.iter().filter_map(|other| other.packages.clone()).flatten());
        }
        self
    }
}

/// Why cargo's record of the compiler goes, if it does.
pub(super) fn judge_rustc_info(cache: &Cache, rules: &Rules) -> Option<Reason> {
    let replaced = rules.compilers.as_ref().is_some_and(|compilers| compilers.replaced);
    (cache.has_rustc_info && replaced).then_some(Reason::Replaced)
}

pub(super) fn judge(unit: &Unit, profile: &ProfileDir, rules: &Rules) -> Option<Reason> {
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
pub(super) fn judge_incremental(session: &Incremental, rules: &Rules) -> Option<Reason> {
    if rules.scope != Scope::Stale {
        // Only workspace members are compiled incrementally.
        return Some(Reason::InScope);
    }
    let compilers = rules.compilers.as_ref()?;
    let version = session.rustc_version()?;
    let wrote = |identity: &&Identity| identity.incremental_version().as_deref() == Some(version);
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
