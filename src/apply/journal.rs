//! Several files change together or not at all, whatever happens in between.
//!
//! ```text
//! lock ─► check ─► journal ─► stage ─► check ─► rename, rename, … ─► sync ─► journal removed
//!           │         │         │        │         │
//!           └ refused └─────────┴────────┘         └ put back, or finished by the next command
//!             nothing was written: all as before
//! ```
//!
//! The journal holds what each file said and shall say, and the name of the file beside it in which that is staged. So whoever
//! finds a journal can tell from the files alone how far its writer came:
//!
//! - nothing was renamed yet: it is undone, that is, what was staged is removed;
//! - something was renamed: the rest is renamed as well;
//! - somebody else changed a file that was not renamed yet: what was renamed is put back, and that file is left alone;
//! - somebody else changed a file after it was renamed (its staged file is gone): that is no obstacle.
//!
//! What says neither the old nor the new is never written over. What says the old again after it was new is made new: somebody
//! who does not want it changes it back after the command that says so.
//!
//! Each step of a recovery leaves files of which the same can be told, so it may be interrupted as well.
//!
//! Modes are not in the journal: what is staged gets those of the file that it replaces (and its owner, where the system
//! allows), before it gets its contents. Paths are relative to the repository, so that one which was moved or copied is
//! recovered in itself.

mod error;
mod place;
mod record;
mod recover;
mod target;

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

pub use error::{JournalError, Refusal};
pub use place::Place;
pub use recover::{Interrupted, Recovered, Way};

use super::atomic::sync_dir;
use record::Record;
use target::{Stop, Target};

/// A file that is to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its absolute path.
    pub path: PathBuf,
    /// What it says; `None`: it is not there.
    pub before: Option<Vec<u8>>,
    /// What it shall say.
    pub after: Vec<u8>,
}

/// The right to change files of a repository; nobody else has it until this is dropped, this very process included.
///
/// No child may be waited for meanwhile that might be xcargo itself.
#[derive(Debug)]
pub struct Held {
    place: Place,
    lock: File,
}

/// A child that is just being started has a copy of the open file for a moment, so closing alone could come too late. Where the
/// process is killed, the system closes it.
impl Drop for Held {
    fn drop(&mut self) {
        // There is nothing to be done about an error here.
        let _ = self.lock.unlock();
    }
}

impl Place {
    /// Looks whether these changes could be made as things stand, without making any.
    ///
    /// # Errors
    /// What [`Held::commit`] would refuse.
    pub fn examine(&self, changes: &[Change]) -> Result<(), JournalError> {
        targets(&self.real_root()?, changes).map(drop)
    }

    /// Waits for the right to change files; `waiting` is called once if somebody else has it.
    ///
    /// # Errors
    /// The lock file cannot be made or locked.
    pub fn hold(&self, waiting: impl FnOnce(&Path)) -> Result<Held, JournalError> {
        self.lock(|path, lock| {
            waiting(path);
            lock.lock().map_err(|cause| JournalError::Lock { path: path.to_path_buf(), cause })
        })
    }

    /// As [`hold`](Self::hold), without waiting.
    ///
    /// # Errors
    /// As [`hold`](Self::hold), and [`JournalError::Busy`].
    pub fn try_hold(&self) -> Result<Held, JournalError> {
        self.lock(|path, _| Err(JournalError::Busy(path.to_path_buf())))
    }

    fn lock(
        &self,
        busy: impl FnOnce(&Path, &File) -> Result<(), JournalError>,
    ) -> Result<Held, JournalError> {
        let path = self.dir.join("lock");
        let failed = |cause| JournalError::Lock { path: path.clone(), cause };
        fs_err::create_dir_all(&self.dir).map_err(failed)?;
        let lock = File::options().create(true).truncate(false).read(true).write(true).open(&path);
        let lock = lock.map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => busy(&path, &lock)?,
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        Ok(Held { place: self.clone(), lock })
    }
}

impl Held {
    /// Makes all changes, or none.
    ///
    /// A path may be a link to a file in the repository, which then is changed. A file that may not be written, has several
    /// names (hard links, of which only one would change), or is no regular file, is refused.
    ///
    /// # Errors
    /// After [`JournalError::Stuck`] some files may be new and others old, which the next recovery ends; after any other, all
    /// files are as they were.
    pub fn commit(&self, changes: &[Change]) -> Result<(), JournalError> {
        if self.place.is_interrupted() {
            return Err(JournalError::Unfinished(self.place.journal()));
        }
        let root = self.place.real_root()?;
        let targets = targets(&root, changes)?;
        if targets.is_empty() {
            return Ok(());
        }
        if let Err(cause) = self.write(&Record::of(&root, &targets)) {
            return Err(self.undo(&root, &targets, self.place.journal(), cause.into()));
        }
        for target in &targets {
            if let Err(stop) = target.stage(&target.after) {
                return Err(self.undo(&root, &targets, target.path.clone(), stop));
            }
        }
        // Staging took time; after this the changes are one rename after the other.
        for target in &targets {
            if let Err(stop) = target.expect(target.before.as_deref()) {
                return Err(self.undo(&root, &targets, target.path.clone(), stop));
            }
        }
        for target in &targets {
            if let Err(stop) = target.swap(target.before.as_deref(), Some(&target.after)) {
                return Err(self.undo(&root, &targets, target.path.clone(), stop));
            }
        }
        self.close(&targets).map_err(|cause| self.stuck(self.place.journal(), cause))
    }

    /// Puts everything back, and says why.
    fn undo(&self, root: &Path, targets: &[Target], path: PathBuf, stop: Stop) -> JournalError {
        match self.roll_back(targets, root) {
            Ok(()) => match stop {
                Stop::Refused(why) => JournalError::Refused { path, why },
                Stop::Io(cause) => JournalError::Undone { path, cause },
            },
            Err((at, cause)) => self.stuck(at, cause),
        }
    }

    fn stuck(&self, path: PathBuf, cause: io::Error) -> JournalError {
        JournalError::Stuck { path, cause, journal: self.place.journal() }
    }

    fn write(&self, record: &Record) -> io::Result<()> {
        // Only who holds the lock writes here, so the name need not be a new one.
        let new = self.place.dir.join("journal.new");
        let mut file = fs_err::File::create(&new)?;
        step()?;
        io::Write::write_all(&mut file, &record.to_bytes()?)?;
        step()?;
        file.sync_all()?;
        fs_err::rename(&new, self.place.journal())?;
        step()?;
        sync_dir(&self.place.dir)?;
        self.place.dir.parent().map_or(Ok(()), sync_dir)
    }

    /// Everything is as it shall be: removes what was staged, and then the journal.
    fn close(&self, targets: &[Target]) -> io::Result<()> {
        for target in targets {
            target.remove_staged()?;
        }
        let dirs: BTreeSet<&Path> = targets.iter().filter_map(|target| target.path.parent()).collect();
        for dir in dirs.into_iter().filter(|dir| dir.is_dir()) {
            sync_dir(dir)?;
        }
        step()?;
        for name in ["journal.new", "journal.json"] {
            match fs_err::remove_file(self.place.dir.join(name)) {
                Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
                _ => {}
            }
            step()?;
        }
        sync_dir(&self.place.dir)
    }
}

/// The files that really change, each of which may be changed.
fn targets(root: &Path, changes: &[Change]) -> Result<Vec<Target>, JournalError> {
    let mut targets = Vec::new();
    let mut seen = BTreeSet::new();
    for change in changes.iter().filter(|change| change.before.as_ref() != Some(&change.after)) {
        let refused = |why| JournalError::Refused { path: change.path.clone(), why };
        let target = Target::prepare(root, change, targets.len()).map_err(refused)?;
        if !seen.insert(target.path.clone()) {
            return Err(refused(Refusal::Twice));
        }
        targets.push(target);
    }
    Ok(targets)
}

/// A point at which a test may stop everything, or let it fail.
fn step() -> io::Result<()> {
    #[cfg(test)]
    tests::faults::step()?;
    Ok(())
}

#[cfg(test)]
mod tests;
