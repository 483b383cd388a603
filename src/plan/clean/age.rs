//! What no recorded build could have used for so long. A time of modification alone never condemns anything, but it may
//! save: what was built lately was used lately, be it by a cargo that nobody recorded.

use std::time::SystemTime;

use super::Left;
use crate::cache::uses::{LASTS, Uses};
use crate::cache::{Incremental, ProfileDir, Unit};

/// How long ago, and the records.
#[derive(Debug, Clone, PartialEq)]
pub struct Age {
    /// In seconds since 1970: what was used at this time or later stays.
    pub cutoff: i64,
    /// The records of all workspaces that build into the dir.
    pub uses: Vec<Uses>,
}

impl Age {
    /// Whether the records reach back to the cutoff. Where they do not, nothing is known to be unused.
    pub(super) fn too_little(&self) -> Option<Left> {
        let since = self.uses.iter().map(|uses| uses.since).max();
        match since {
            Some(since) if since <= self.cutoff => None,
            since => Some(Left::TooLittleRecorded { since }),
        }
    }

    pub(super) fn is_unused(&self, unit: &Unit, profile: &ProfileDir) -> bool {
        self.is_before(lasting(last_use(&self.uses, unit, profile)))
            && self.is_before(unit.built.map(seconds))
    }

    pub(super) fn is_unused_session(&self, session: &Incremental, profile: &ProfileDir) -> bool {
        self.is_before(lasting(last_use_of_session(&self.uses, session, profile)))
            && session.told.as_ref().is_some_and(|told| self.is_before(told.built.map(seconds)))
    }

    fn is_before(&self, time: Option<i64>) -> bool {
        time.is_none_or(|time| time < self.cutoff)
    }
}

/// Until when a use may have gone on: the same build is recorded at most once a day, so there may have been another since.
pub(super) fn lasting(last_use: Option<i64>) -> Option<i64> {
    last_use.map(|at| at.saturating_add(LASTS))
}

/// When a unit was last used, as far as anybody recorded it.
pub(super) fn last_use(uses: &[Uses], unit: &Unit, profile: &ProfileDir) -> Option<i64> {
    uses.iter().filter_map(|uses| uses.last_use(unit, profile)).max()
}

/// A session is used whenever a unit of its crate is, by whichever compiler.
pub(super) fn last_use_of_session(uses: &[Uses], session: &Incremental, profile: &ProfileDir) -> Option<i64> {
    let of_crate =
        profile.units.iter().filter(|unit| crate_names(unit).any(|name| name == session.crate_name));
    of_crate.filter_map(|unit| last_use(uses, unit, profile)).max()
}

/// The names of the crates that a unit compiles, as sessions are called. All build scripts share one, which is nobody's.
pub(super) fn crate_names(unit: &Unit) -> impl Iterator<Item = String> {
    unit.fingerprints.iter().map(|print| print.kind.name.replace('-', "_"))
}

pub(super) fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    i64::try_from(since).unwrap_or(i64::MAX)
}
