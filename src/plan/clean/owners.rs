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
}

impl Owners {
    /// Whether nobody else builds here.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.others.is_empty()
    }

    /// Whether somebody builds here of whom nothing else is known.
    pub(super) fn has_stranger(&self) -> bool {
        self.others.iter().any(|other| other.packages.is_none())
    }

    /// Whether somebody else may need this unit.
    pub(super) fn may_need(&self, unit: &Unit) -> bool {
        self.others.iter().any(|other| match &other.packages {
            None => true,
            Some(packages) => packages.iter().any(|package| may_be(unit, package)),
        })
    }

    /// Whether somebody else may need the incremental sessions of a crate by this name. Only path packages have any.
    pub(super) fn may_need_crate(&self, crate_name: &str) -> bool {
        self.others.iter().any(|other| match &other.packages {
            None => true,
            // A crate may be called otherwise than its package: a path package in their lock is reason enough.
            Some(packages) => packages.iter().any(|package| {
                package.source == lock_file::Source::Path || package.name.replace('-', "_") == crate_name
            }),
        })
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
