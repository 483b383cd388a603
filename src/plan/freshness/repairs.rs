//! What is to be done about units that are not what they seem: data, shown by a dry run and carried out by `apply`.

use std::collections::BTreeSet;

use crate::cache::ledger::{Place, Spelled, UnitKey};
use crate::cache::stat::{Stat, Time};

/// All that is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repairs {
    /// Units that cargo must build anew and would not.
    pub stale: Vec<Stale>,
    /// Times in the build dir that move.
    pub restamp: Vec<Restamp>,
    /// Times of sources that are put back.
    pub put_back: Vec<PutBack>,
    /// What is only said.
    pub notes: BTreeSet<Note>,
    /// Units that cargo will build anew by itself.
    pub cargo_builds: BTreeSet<UnitKey>,
}

/// A build that cargo must do again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// Its unit.
    pub unit: UnitKey,
    /// The name of its hash file.
    pub build: String,
    /// Why.
    pub why: StaleWhy,
}

/// Why cargo must build something again that it would not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum StaleWhy {
    /// This file has another content than the one that the build was made from, and an older time.
    Ghost(Place),
    /// This file is gone, and cargo only looks at its directory.
    Gone(Place),
    /// Nobody knows whether this file is what the build was made from: it was changed after the build and has an older time, or the
    /// build was made elsewhere.
    Suspect(Place),
}

/// A time in the build dir that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restamp {
    /// Whose.
    pub unit: UnitKey,
    /// The file, relative to the build dir.
    pub path: Spelled,
    /// The time that it gets.
    pub to: Time,
    /// Whether a build stays fresh by that although the times of its inputs are new.
    pub keeps: bool,
}

/// The time of a source that is put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBack {
    /// The file.
    pub place: Place,
    /// As it was when its content was proven.
    pub seen: Stat,
    /// The time that it gets.
    pub to: Time,
}

/// Something that is said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// The time of this source lies in the future: cargo builds from it in every run until then.
    Future(Place),
    /// The time of this source is not put back: this unit was built from another content, and cargo would take it for fresh.
    Guarded(Place, UnitKey),
}

impl Repairs {
    /// Nothing is done to these units.
    pub fn without(&mut self, is_one: impl Fn(&UnitKey) -> bool) {
        self.stale.retain(|stale| !is_one(&stale.unit));
        self.restamp.retain(|restamp| !is_one(&restamp.unit));
    }

    /// Whether nothing on the disk has to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stale.is_empty() && self.restamp.is_empty() && self.put_back.is_empty()
    }
}
