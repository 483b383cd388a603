//! Cargo's locks on a build dir, taken as a cargo of any version would respect them.
//!
//! Up to 1.95 cargo locks `<dir>/.cargo-lock` exclusively in the build dir and in the target dir. From 1.96 it locks
//! `<build>/.cargo-build-lock` exclusively (shared, with locks per unit, under `-Zfine-grain-locking`), then
//! `<target>/.cargo-lock` shared and `<target>/.cargo-artifact-lock` exclusively (`Layout::new` in
//! `core/compiler/layout.rs`). Whoever holds all of them exclusively is alone.
//!
//! Waiting for one while holding another could deadlock with a cargo that takes them in its own order, so nothing waits:
//! it is all or nothing.

mod holder;

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use same_file::{Handle, is_same_file};

pub use holder::{Holder, NAMES_HOLDERS, holder, is_started_by};

use super::{Cache, OWN_DIR, disk, outline};

/// Cargo's lock files, of all generations. They are never removed, renamed or moved: a cargo that waits for one which was
/// moved away would get its lock and build beside another that made the file anew.
pub const LOCK_FILES: &[&str] = &[".cargo-lock", ".cargo-build-lock", ".cargo-artifact-lock"];

/// Whether a file of this name is one.
#[must_use]
pub fn is_lock_file(name: &OsStr) -> bool {
    LOCK_FILES.iter().any(|lock| name == *lock)
}

/// What came of trying.
#[derive(Debug)]
pub enum Held {
    /// Nobody else builds in these profile dirs until this is dropped.
    Locks(Locks),
    /// Somebody does. Nothing is held.
    Busy {
        /// The lock that is taken.
        path: PathBuf,
    },
}

/// Locks on profile dirs, given back when dropped: before cargo is started, or it would wait for its own parent.
#[derive(Debug)]
pub struct Locks {
    build_dir: PathBuf,
    target_dir: PathBuf,
    /// The profile dirs in which a lock is held: in which of the two dirs, and relative to it.
    profiles: Vec<(Side, PathBuf)>,
    files: Vec<(File, Handle, PathBuf)>,
}

/// One of the two dirs; the build dir where they are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Build,
    Target,
}

/// What came of one more lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Added {
    Held,
    /// There is nothing to lock (any more).
    Nothing,
    Busy,
}

/// Whether a lock file is made where there is none yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// A cargo that starts now would make and lock it.
    Create,
    /// Another lock keeps that cargo out already, or it does not matter.
    Skip,
}

/// Locks xcargo's own directory in the build dir, against others that clean: `None` if somebody else has it, or where there
/// is no such directory.
///
/// The directory itself is locked, which Unix allows. Elsewhere nobody is kept out, and two that empty the same trash get in
/// each other's way only in what they report.
#[must_use]
pub fn try_own(build_dir: &Path) -> Option<File> {
    try_dir(File::open(build_dir.join(OWN_DIR)).ok()?)
}

/// The same, of the directory itself, already open.
pub(crate) fn try_dir(own_dir: File) -> Option<File> {
    own_dir.try_lock().is_ok().then_some(own_dir)
}

/// Tries to lock these profile dirs, in the build dir and in the target dir. One that does not exist (any more) is not locked.
///
/// # Errors
/// A lock file cannot be opened or made, is a link, or lies on a file system without locks (`Unsupported`): cargo then
/// takes none either, and nobody could tell whether it is building.
pub fn try_lock(build_dir: &Path, target_dir: &Path, cache: &Cache) -> io::Result<Held> {
    lock(build_dir, target_dir, cache, Missing::Create)
}

/// Whether nobody builds in these profile dirs just now, as far as that can be told. No file is made: where a lock file is not
/// there, nobody holds it.
#[must_use]
pub fn are_free(build_dir: &Path, target_dir: &Path, cache: &Cache) -> bool {
    matches!(lock(build_dir, target_dir, cache, Missing::Skip), Ok(Held::Locks(_)))
}

fn lock(build_dir: &Path, target_dir: &Path, cache: &Cache, missing: Missing) -> io::Result<Held> {
    // Sorted, the host's before those of triples: the order in which cargo locks them.
    let places: BTreeSet<(Option<String>, OsString)> =
        cache.profiles.iter().map(|profile| (profile.triple.clone(), profile.name.clone())).collect();
    let mut locks = Locks {
        build_dir: build_dir.to_path_buf(),
        target_dir: target_dir.to_path_buf(),
        profiles: Vec::new(),
        files: Vec::new(),
    };
    for (triple, name) in places {
        let relative = Path::new(triple.as_deref().unwrap_or_default()).join(name);
        let (build, target) = (build_dir.join(&relative), target_dir.join(&relative));
        for (side, dir, name, missing) in [
            (Side::Build, &build, ".cargo-build-lock", missing),
            (Side::Build, &build, ".cargo-lock", missing),
            (Side::Target, &target, ".cargo-lock", missing),
            (Side::Target, &target, ".cargo-artifact-lock", Missing::Skip),
        ] {
            let added = if dir.is_dir() { locks.add(&dir.join(name), missing)? } else { Added::Nothing };
            let held = (side, relative.clone());
            match added {
                Added::Busy => return Ok(Held::Busy { path: dir.join(name) }),
                // Only what is really locked is covered later.
                Added::Held if !locks.profiles.contains(&held) => locks.profiles.push(held),
                Added::Held | Added::Nothing => {}
            }
        }
    }
    Ok(Held::Locks(locks))
}

impl Locks {
    /// Whether something in this dir, named relative to it, may be removed under these locks: the dir is the build or the
    /// target dir that they were taken for, and the thing lies in a locked profile dir, or is what cargo makes beside those
    /// (`doc`, `package`, …). Never a lock file, nor a directory with one.
    #[must_use]
    pub fn cover(&self, dir: &Path, relative: &Path) -> bool {
        self.sides(dir).any(|side| self.cover_on(side, relative))
    }

    /// Whether every profile dir of these that is there now, on either side, is still locked: one that was made meanwhile is
    /// not, nor is one that was removed and made again.
    #[must_use]
    pub fn hold_all(&self, cache: &Cache) -> bool {
        let is_current = |dir: &Path| {
            let mut held = self.files.iter().filter(|(_, _, path)| path.parent() == Some(dir)).peekable();
            held.peek().is_some()
                && held.all(|(_, handle, path)| Handle::from_path(path).is_ok_and(|now| now == *handle))
        };
        cache.profiles.iter().all(|profile| {
            let relative = Path::new(profile.triple.as_deref().unwrap_or_default()).join(&profile.name);
            [&self.build_dir, &self.target_dir].into_iter().all(|dir| {
                let dir = dir.join(&relative);
                // By two names it is one directory, and locked by one of them.
                !dir.is_dir() || is_current(&dir) || self.is_held_by_another_name(&dir)
            })
        })
    }

    fn is_held_by_another_name(&self, dir: &Path) -> bool {
        let dirs = self.files.iter().filter_map(|(_, _, path)| path.parent());
        dirs.into_iter().any(|held| held != dir && is_same_file(held, dir).unwrap_or(false))
    }

    /// As which of the two this dir is locked.
    fn sides(&self, dir: &Path) -> impl Iterator<Item = Side> {
        let is = |own: &Path| own == dir || is_same_file(own, dir).unwrap_or(false);
        let build = is(&self.build_dir).then_some(Side::Build);
        let target = is(&self.target_dir).then_some(Side::Target);
        build.into_iter().chain(target)
    }

    fn cover_on(&self, side: Side, relative: &Path) -> bool {
        let below = |dir: &Path| relative.strip_prefix(dir).ok().filter(|rest| !rest.as_os_str().is_empty());
        let in_profile =
            |profile: &PathBuf| below(profile).is_some_and(|rest| !is_lock_file(rest.as_os_str()));
        let is_product = |path: &Path| outline::products().any(|name| path.starts_with(name));
        // `doc` for a triple lies beside the triple's profile dirs.
        let of_triple = |profile: &PathBuf| {
            let triple = profile.parent().filter(|triple| !triple.as_os_str().is_empty());
            triple.and_then(below).is_some_and(is_product)
        };
        // Cargo refuses profiles of the products' names, so no product holds a lock file that counts.
        !relative.starts_with(OWN_DIR)
            && (is_product(relative)
                || self.profiles.iter().any(|(on, one)| (*on == side && in_profile(one)) || of_triple(one)))
    }

    /// Takes one more lock.
    fn add(&mut self, path: &Path, missing: Missing) -> io::Result<Added> {
        // Somebody may replace the file between opening and locking it; a lock on the old one is worth nothing.
        for _ in 0..8 {
            let Some(file) = open(path, missing).map_err(|error| named(path, &error))? else {
                return Ok(Added::Nothing);
            };
            let handle = Handle::from_file(file.try_clone()?)?;
            // The same file by another way (build dir and target dir are often the same): it is ours already.
            if self.files.iter().any(|(_, held, _)| *held == handle) {
                return Ok(Added::Held);
            }
            refuse_without_locks(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Added::Busy),
                Err(TryLockError::Error(error)) => return Err(named(path, &error)),
            }
            if Handle::from_path(path).is_ok_and(|now| now == handle) {
                self.files.push((file, handle, path.to_path_buf()));
                return Ok(Added::Held);
            }
        }
        Ok(Added::Busy)
    }
}

/// The clone in the handle shares the lock, which therefore ends with an unlock and not with the last close.
impl Drop for Locks {
    fn drop(&mut self) {
        for (file, ..) in self.files.drain(..).rev() {
            // Closing would do it as well; there is nothing to be done about an error here.
            let _ = file.unlock();
        }
    }
}

fn open(path: &Path, missing: Missing) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(missing == Missing::Create);
    disk::not_through_a_link(&mut options);
    match options.open(path) {
        Ok(file) if file.metadata()?.is_file() => Ok(Some(file)),
        Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")),
        Err(error) if disk::is_gone(&error) && missing == Missing::Skip => Ok(None),
        // The profile dir itself was removed just now: nothing in it is left to guard.
        Err(error)
            if disk::is_gone(&error) && path.parent().is_some_and(|dir| !fs::exists(dir).unwrap_or(true)) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot lock `{}`: {error}", path.display()))
}

/// Cargo takes no lock on NFS, where even a try may hang for ever (`try_acquire` in `util/flock.rs`, cargo #2615).
#[cfg(target_os = "linux")]
fn refuse_without_locks(path: &Path) -> io::Result<()> {
    match rustix::fs::statfs(path) {
        Ok(stat) if stat.f_type == rustix::fs::NFS_SUPER_MAGIC => Err(named(
            path,
            &io::Error::new(
                io::ErrorKind::Unsupported,
                "cargo takes no locks on NFS, so nobody can tell whether it runs",
            ),
        )),
        Ok(_) => Ok(()),
        Err(error) => Err(named(path, &error.into())),
    }
}

/// Elsewhere cargo tries to lock whatever the file system is, and so do we.
#[cfg(not(target_os = "linux"))]
fn refuse_without_locks(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
