//! The guarded removal: nothing outside the build dir, nothing through a link, nothing on another device, nothing unlocked.
//!
//! The build dir is opened once, by handle, and everything else is opened below that handle, one name at a time, without
//! following links; a directory that is exchanged for a link meanwhile cannot lead astray. A directory to remove is first
//! renamed, in one step, into `.xcargo/trash/` of the same build dir, so that cargo sees all of it or nothing, and emptied
//! there. What an interrupted removal leaves in the trash is removed by the next one.

mod error;
mod folder;
mod progress;
mod trash;

use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};

use same_file::is_same_file;

use crate::cache::locks::Locks;
use crate::cache::{Entry, OWN_DIR, Size};

pub use error::{Cause, RemovalError};
use folder::Folder;
use progress::{Counted, Stop};
use trash::Trash;

/// A build dir, open for removals.
#[derive(Debug)]
pub struct Removal {
    root: Folder,
    path: PathBuf,
}

impl Removal {
    /// Opens the build dir.
    ///
    /// # Errors
    /// It is a link, is no directory, or cannot be opened.
    pub fn open(build_dir: &Path) -> Result<Self, RemovalError> {
        let failed = |cause| RemovalError { done: Size::default(), path: build_dir.to_path_buf(), cause };
        Ok(Self { root: Folder::open_ambient(build_dir).map_err(failed)?, path: build_dir.to_path_buf() })
    }

    /// Removes these, in this order. Something that is gone already is fine and counts as nothing.
    ///
    /// `progress` is told after each file how much is done so far. The locks are proof that no cargo is building.
    ///
    /// # Errors
    /// It stops at the first thing that it may not or cannot remove; what is done until then is in the error.
    pub fn remove<'a>(
        &self,
        locks: &Locks,
        entries: impl IntoIterator<Item = &'a Entry>,
        progress: &mut dyn FnMut(Size),
    ) -> Result<Size, RemovalError> {
        let mut counted = Counted::new(progress);
        let is_locked = is_same_file(locks.build_dir(), &self.path).unwrap_or(false);
        let mut work = Work { removal: self, trash: None, parent: None };
        for entry in entries {
            let result = if is_locked && locks.cover(entry.path()) {
                work.remove(entry, &mut counted)
            } else {
                Err(Stop::at("", Cause::NotLocked))
            };
            if let Err(stop) = result {
                return Err(stop.error(counted.done(), &self.path, entry.path()));
            }
        }
        if let Some(trash) = work.trash {
            trash.close(&self.root).map_err(|stop| stop.error(counted.done(), &self.path, Path::new("")))?;
        }
        Ok(counted.done())
    }

    /// Removes what interrupted removals left in the trash. Needs no lock: cargo does not know of it. Several may do it at
    /// the same time.
    ///
    /// # Errors
    /// As [`Self::remove`].
    pub fn empty_trash(&self) -> Result<Size, RemovalError> {
        let mut silent = |_| {};
        let mut counted = Counted::new(&mut silent);
        trash::empty(&self.root, &mut counted)
            .map_err(|stop| stop.error(counted.done(), &self.path, Path::new("")))?;
        Ok(counted.done())
    }
}

/// A removal under way.
struct Work<'a> {
    removal: &'a Removal,
    trash: Option<Trash>,
    /// The directory of the last entry: many entries in a row have the same.
    parent: Option<(PathBuf, Folder)>,
}

impl Work<'_> {
    fn remove(&mut self, entry: &Entry, counted: &mut Counted<'_>) -> Result<(), Stop> {
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
            Entry::Tree(_) => {
                let trash = match &mut self.trash {
                    Some(trash) => trash,
                    none => none.insert(Trash::open(root)?),
                };
                trash.take(root, parent, name, counted)
            }
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
