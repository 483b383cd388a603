//! One clean, by the code that cleans: the proof, the cache, the locks, the removal. The only file that knows its signatures.

use std::fmt;
use std::path::Path;

use xcargo::apply::removal::Removal;
use xcargo::cache::locks::{self, Held, Locks};
use xcargo::cache::{self, Cache, Entry, finals};
use xcargo::sourced::{Origin, Sourced};
use xcargo::workspace::bounds::{self, OutOfBounds, OwnDir, State};

use super::arena::Arena;

/// A directory that was proven and locked.
pub(super) struct Ready {
    own: OwnDir,
    locks: Locks,
    removal: Removal,
    pub(super) cache: Cache,
}

/// Why nothing can be removed.
#[derive(Debug)]
pub(super) enum Refused {
    /// The bounds refuse it.
    Bounds(OutOfBounds),
    /// There is nothing.
    Absent,
    /// The cache cannot be read, a lock cannot be taken.
    System,
}

/// Proves a directory, as it is spelled.
pub(super) fn prove(arena: &Arena, spelled: &Path) -> Result<OwnDir, OutOfBounds> {
    let dir = Sourced::new(spelled.to_path_buf(), Origin::CommandLine("--target-dir".to_owned()));
    bounds::prove(&dir, &arena.workspace, &[], &arena.env)
}

/// All that comes before a removal.
pub(super) fn prepare(arena: &Arena, spelled: &Path) -> Result<Ready, Refused> {
    let own = prove(arena, spelled).map_err(Refused::Bounds)?;
    if own.state() == State::Absent {
        return Err(Refused::Absent);
    }
    let cache = cache::read(own.path(), &arena.workspace.cargo_home).map_err(|_| Refused::System)?;
    let Ok(Held::Locks(locks)) = locks::try_lock(own.path(), own.path(), &cache) else {
        return Err(Refused::System);
    };
    let removal = Removal::open(&own).map_err(|_| Refused::System)?;
    Ok(Ready { own, locks, removal, cache })
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bounds(out) => out.fmt(f),
            other => write!(f, "{other:?}"),
        }
    }
}

impl Ready {
    pub(super) fn path(&self) -> &Path {
        self.own.path()
    }

    /// All that the cache knows how to remove: units, sessions, and what is there for people.
    pub(super) fn everything(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for profile in &self.cache.profiles {
            entries.extend(profile.units.iter().flat_map(|unit| unit.entries.iter().cloned()));
            entries.extend(profile.incremental.iter().flat_map(|session| session.entries.iter().cloned()));
        }
        if let Ok(finals) = finals::read(self.path(), &self.cache) {
            entries.extend(finals.uplifted.into_iter().map(|it| it.entry));
            let products = [finals.docs, finals.packages, finals.others, finals.loose];
            entries.extend(products.into_iter().flatten().map(|it| it.entry));
        }
        entries
    }

    /// Removes these; whether all of it went well.
    pub(super) fn remove(&self, entries: &[Entry]) -> bool {
        self.removal.take(&self.locks, entries).is_ok()
    }

    /// Deletes what was taken; whether all of it went well.
    pub(super) fn empty_trash(&self) -> bool {
        self.removal.empty_trash(&|_| {}).is_ok()
    }
}
