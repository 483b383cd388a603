//! Cargo's locks on a build dir, taken as a cargo of any version would respect them.
//!
//! Up to 1.95 cargo locks `<dir>/.cargo-lock` exclusively in the build dir and in the target dir. From 1.96 it locks
//! `<build>/.cargo-build-lock` exclusively (shared, with locks per unit, under `-Zfine-grain-locking`), then
//! `<target>/.cargo-lock` shared and `<target>/.cargo-artifact-lock` exclusively (`Layout::new` in
//! `core/compiler/layout.rs`). Whoever holds all of them exclusively is alone.
//!
//! Waiting for one while holding another could deadlock with a cargo that takes them in its own order, so nothing waits:
//! it is all or nothing.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use same_file::Handle;

use super::{Cache, ProfileDir, RUSTC_INFO, disk};

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
    profiles: Vec<PathBuf>,
    files: Vec<(File, Handle)>,
}

/// Whether a lock file is made where there is none yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// A cargo that starts now would make and lock it.
    Create,
    /// Another lock keeps that cargo out already.
    Skip,
}

/// Locks xcargo's own directory in the build dir, against others that clean: `None` if somebody else has it, or where there
/// is no such directory.
///
/// The directory itself is locked, which Unix allows. Elsewhere nobody is kept out, and two that empty the same trash get in
/// each other's way only in what they report.
#[must_use]
pub fn try_own(build_dir: &Path) -> Option<File> {
    let dir = File::open(build_dir.join(super::OWN_DIR)).ok()?;
    dir.try_lock().is_ok().then_some(dir)
}

/// Tries to lock all profile dirs that were seen. A profile dir that does not exist (any more) is not locked.
///
/// # Errors
/// A lock file cannot be opened or made, is a link, or lies on a file system without locks (`Unsupported`): cargo then
/// takes none either, and nobody could tell whether it is building.
pub fn try_lock(build_dir: &Path, target_dir: &Path, cache: &Cache) -> io::Result<Held> {
    let mut sorted: Vec<&ProfileDir> = cache.profiles.iter().collect();
    sorted.sort_by(|a, b| (&a.triple, &a.name).cmp(&(&b.triple, &b.name)));
    let mut locks = Locks { build_dir: build_dir.to_path_buf(), profiles: Vec::new(), files: Vec::new() };
    for profile in sorted {
        let relative = Path::new(profile.triple.as_deref().unwrap_or_default()).join(&profile.name);
        let (build, target) = (build_dir.join(&relative), target_dir.join(&relative));
        for (dir, name, missing) in [
            (&build, ".cargo-build-lock", Missing::Create),
            (&build, ".cargo-lock", Missing::Create),
            (&target, ".cargo-lock", Missing::Create),
            (&target, ".cargo-artifact-lock", Missing::Skip),
        ] {
            if dir.is_dir() && !locks.add(&dir.join(name), missing)? {
                return Ok(Held::Busy { path: dir.join(name) });
            }
        }
        locks.profiles.push(relative);
    }
    Ok(Held::Locks(locks))
}

impl Locks {
    /// The build dir that they are for.
    #[must_use]
    pub fn build_dir(&self) -> &Path {
        &self.build_dir
    }

    /// Whether something in the build dir, named relative to it, lies in a locked profile dir. The record of the compiler
    /// lies in none; cargo itself writes it without a lock, and makes it anew where it is missing.
    #[must_use]
    pub fn cover(&self, relative: &Path) -> bool {
        let in_profile = |profile: &PathBuf| relative != profile && relative.starts_with(profile);
        self.profiles.iter().any(|profile| in_profile(profile) || relative == RUSTC_INFO)
    }

    /// Takes one more lock; `false` if somebody else has it.
    fn add(&mut self, path: &Path, missing: Missing) -> io::Result<bool> {
        // Somebody may replace the file between opening and locking it; a lock on the old one is worth nothing.
        for _ in 0..8 {
            let Some(file) = open(path, missing).map_err(|error| named(path, &error))? else {
                return Ok(true);
            };
            let handle = Handle::from_file(file.try_clone()?)?;
            // The same file by another way (build dir and target dir are often the same): it is ours already.
            if self.files.iter().any(|(_, held)| *held == handle) {
                return Ok(true);
            }
            refuse_without_locks(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(false),
                Err(TryLockError::Error(error)) => return Err(named(path, &error)),
            }
            if Handle::from_path(path).is_ok_and(|now| now == handle) {
                self.files.push((file, handle));
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The clone in the handle shares the lock, which therefore ends with an unlock and not with the last close.
impl Drop for Locks {
    fn drop(&mut self) {
        for (file, _) in self.files.drain(..).rev() {
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
