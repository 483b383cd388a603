//! Other workspaces and checkouts that build into the same dir: what theirs names stays.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::cache::{Source, Unit};
use crate::workspace::lock_file::{self, Package};

/// Everybody else who builds into the dir.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Owners {
    /// By root.
    pub others: Vec<Other>,
}

/// One other workspace or checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// Its root.
    pub root: PathBuf,
    /// What its lock file names. `None`: nobody knows, so everything may be its own.
    pub packages: Option<BTreeSet<Package>>,
    /// Whether it left a stamp: then its compilers are known, and stay where it counts.
    pub is_stamped: bool,
}

impl Owners {
    /// Whether nobody else builds here.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.others.is_empty()
    }

    /// Whether somebody else may need this unit.
    pub(super) fn may_need(&self, unit: &Unit) -> bool {
        self.others.iter().any(|other| other.may_need(unit))
    }

    /// Whether somebody else may need the incremental sessions of a crate by this name. Only path packages have any.
    pub(super) fn may_need_crate(&self, crate_name: &str) -> bool {
        self.others.iter().any(|other| other.may_need_crate(crate_name))
    }

    /// Whether somebody else may need this unit although its compiler is gone: nobody knows by which compiler those build
    /// who left no stamp.
    pub(super) fn may_need_of_any_compiler(&self, unit: &Unit) -> bool {
        self.of_unknown_compilers().any(|other| other.may_need(unit))
    }

    /// The same of a crate's sessions.
    pub(super) fn may_need_crate_of_any_compiler(&self, crate_name: &str) -> bool {
        self.of_unknown_compilers().any(|other| other.may_need_crate(crate_name))
    }

    fn of_unknown_compilers(&self) -> impl Iterator<Item = &Other> {
        self.others.iter().filter(|other| !other.is_stamped || other.packages.is_none())
    }
}

impl Other {
    fn may_need(&self, unit: &Unit) -> bool {
        match &self.packages {
            None => true,
            Some(packages) => packages.iter().any(|package| may_be(unit, package)),
        }
    }

    fn may_need_crate(&self, crate_name: &str) -> bool {
        match &self.packages {
            None => true,
            // A crate may be called otherwise than its package: a path package in their lock is reason enough.
            Some(packages) => packages.iter().any(|package| {
                package.source == lock_file::Source::Path || package.name.replace('-', "_") == crate_name
            }),
        }
    }
}

/// Whether the unit can be of this package: it is, or nothing says that it is not.
fn may_be(unit: &Unit, package: &Package) -> bool {
    package.name == unit.package
        && match (&unit.source, &package.source) {
            (Source::Registry { version }, lock_file::Source::Registry) => *version == package.version,
            (Source::Git { rev }, lock_file::Source::Git(full)) => full.starts_with(rev.as_str()),
            (Source::Path, lock_file::Source::Path) | (Source::Unknown(_), _) => true,
            // Vendored packages look like path packages (`cache/source.rs`).
            (Source::Path, _) => true,
            _ => false,
        }
}
