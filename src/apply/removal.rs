//! The guarded removal: nothing outside the build dir, nothing through a link, nothing on another device, nothing unlocked.
//!
//! The dir is opened once, by handle, and everything else is opened below that handle, one name at a time, without
//! following links; a directory that is exchanged for a link meanwhile cannot lead astray.
//!
//! # Two phases
//!
//! **Take** ([`Removal::take`]), quick, under cargo's locks: files are unlinked, in the order in which they are given;
//! each directory is renamed, in one step, into `.xcargo/trash/` of the same dir, so that cargo sees all of it or nothing.
//! Then the locks can be given back.
//!
//! **Empty** ([`Removal::empty_trash`], [`Removal::empty_in_background`]): what is in the trash is deleted. That needs no
//! lock, because cargo does not know of it, and may be interrupted: whoever comes next goes on.
//!
//! # Where there is no trash to be had
//!
//! A full disk may have no room for the trash itself, and some file systems do not rename a directory (the lower layers of
//! overlayfs). Then the directory is deleted where it is, in an order that leaves nothing behind that cargo would trust
//! (`folder.rs`), and the next one is tried by rename again: by then there is room.

mod background;
mod empty;
mod error;
mod folder;
#[cfg(target_os = "linux")]
mod mount;
mod progress;
mod trash;

use std::ffi::OsStr;
use std::io;
use std::num::NonZero;
use std::path::{Component, Path, PathBuf};

use crate::cache::locks::Locks;
use crate::cache::{Entry, OWN_DIR, Size};
use crate::workspace::bounds::OwnDir;

pub use background::empty_trash_as_told;
use empty::Count;
pub use error::{Cause, RemovalError};
use folder::Folder;
use progress::{Counted, Stop};
use trash::{Taken, Trash};

/// A build or target dir, open for removals.
#[derive(Debug)]
pub struct Removal {
    root: Folder,
    path: PathBuf,
}

impl Removal {
    /// A dir that was proven to be this workspace's: the very directory that was, whatever lies at its path by now.
    ///
    /// # Errors
    /// There was none when it was proven.
    pub fn open(dir: &OwnDir) -> Result<Self, RemovalError> {
        let path = dir.path().to_path_buf();
        let opened = match dir.handle() {
            Some(handle) => handle.try_clone().map_err(Cause::Io).and_then(Folder::of),
            None => Err(Cause::Io(io::ErrorKind::NotFound.into())),
        };
        match opened {
            Ok(root) => Ok(Self { root, path }),
            Err(cause) => Err(RemovalError { done: Size::default(), path, cause }),
        }
    }

    /// Opens a dir by its path: for those who know by other means that it is theirs to clean.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn at(path: &Path) -> Result<Self, RemovalError> {
        let failed = |cause| RemovalError { done: Size::default(), path: path.to_path_buf(), cause };
        Ok(Self { root: Folder::open_ambient(path).map_err(failed)?, path: path.to_path_buf() })
    }

    /// Takes these out of cargo's sight, in this order, and says what was deleted right away: the files. The directories
    /// wait in the trash. Something that is gone already is fine and counts as nothing.
    ///
    /// The locks are proof that no cargo is building.
    ///
    /// # Errors
    /// It stops at the first thing that it may not or cannot take; what is done until then is in the error.
    pub fn take<'a>(
        &self,
        locks: &Locks,
        entries: impl IntoIterator<Item = &'a Entry>,
    ) -> Result<Size, RemovalError> {
        let mut counted = Counted::default();
        // Locks are taken by path: where another directory lies there by now, they are not for this one.
        let is_here = self.root.is_at(&self.path);
        let mut work = Work { removal: self, trash: None, parent: None };
        for entry in entries {
            let result = if is_here && locks.cover(&self.path, entry.path()) {
                work.take(entry, &mut counted)
            } else {
                Err(Stop::at("", Cause::NotLocked))
            };
            if let Err(stop) = result {
                return Err(stop.error(counted.done(), &self.path, entry.path()));
            }
        }
        Ok(counted.done())
    }

    /// Deletes what is in the trash, on all cores, also what interrupted removals left there. Needs no lock. Several may do
    /// it at the same time; then each counts what it deleted itself.
    ///
    /// `progress` is told, by any thread, how much is done so far.
    ///
    /// # Errors
    /// The first thing that could not be deleted. All else is deleted nevertheless.
    pub fn empty_trash(&self, progress: &(dyn Fn(Size) + Sync)) -> Result<Size, RemovalError> {
        // More threads than this only wait for each other in the kernel.
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(8);
        self.empty(threads, Count::Yes(progress))
    }

    fn empty(&self, threads: usize, count: Count<'_>) -> Result<Size, RemovalError> {
        let Emptied { done, stop } = match trash::open_existing(&self.root) {
            Ok(Some(trash)) => empty::all(trash, threads, count),
            Ok(None) => return Ok(Size::default()),
            Err(stop) => Emptied { done: Size::default(), stop: Some(stop) },
        };
        let stop = stop.or_else(|| trash::remove_if_empty(&self.root).err());
        stop.map_or(Ok(done), |stop| Err(stop.error(done, &self.path, Path::new(""))))
    }
}

/// What came of emptying the trash.
struct Emptied {
    done: Size,
    /// The first thing that could not be deleted.
    stop: Option<Stop>,
}

/// A removal under way.
struct Work<'a> {
    removal: &'a Removal,
    trash: Option<Trash>,
    /// The directory of the last entry: many entries in a row have the same.
    parent: Option<(PathBuf, Folder)>,
}

impl Work<'_> {
    fn take(&mut self, entry: &Entry, counted: &mut Counted) -> Result<(), Stop> {
        let path = entry.path();
        let names = names(path).ok_or_else(|| Stop::at("", Cause::Outside))?;
        let Some((name, parents)) = names.split_last() else {
            return Err(Stop::at("", Cause::Outside));
        };
        let root = &self.removal.root;
        let parent = if parents.is_empty() { Some(root) } else { parent(root, &mut self.parent, parents)? };
        let Some(parent) = parent else { return Ok(()) };
        match entry {
            Entry::File(_) => parent.remove_file(name, counted),
            Entry::EmptyDir(_) => parent.remove_if_empty(name),
            Entry::Tree(_) => match trash::take(&mut self.trash, root, parent, name)? {
                Taken::Yes => Ok(()),
                Taken::NoRoom => parent.remove_tree(name, counted),
            },
        }
    }
}

/// The directory of an entry, opened name by name; `None` if it is gone.
fn parent<'a>(
    root: &Folder,
    last: &'a mut Option<(PathBuf, Folder)>,
    names: &[&OsStr],
) -> Result<Option<&'a Folder>, Stop> {
    let path: PathBuf = names.iter().collect();
    if last.as_ref().is_none_or(|(last, _)| *last != path) {
        let mut folder: Option<Folder> = None;
        for name in names {
            let next = folder.as_ref().unwrap_or(root).open(name).map_err(|cause| Stop::at("", cause))?;
            let Some(next) = next else { return Ok(None) };
            folder = Some(next);
        }
        // The caller gives at least one name.
        let Some(folder) = folder else { return Err(Stop::at("", Cause::Outside)) };
        *last = Some((path, folder));
    }
    Ok(last.as_ref().map(|(_, folder)| folder))
}

/// The names in a path that only leads downwards.
fn names(path: &Path) -> Option<Vec<&OsStr>> {
    let names: Option<Vec<&OsStr>> = path
        .components()
        .map(|component| match component {
            Component::Normal(name) => Some(name),
            _ => None,
        })
        .collect();
    names.filter(|names| names.first().is_some_and(|first| *first != OWN_DIR))
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

#[cfg(test)]
mod tests;
