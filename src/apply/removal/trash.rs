//! The trash of a build dir: what cargo no longer sees and what is not deleted yet.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use super::error::Cause;
use super::folder::Folder;
use super::is_gone;
use super::progress::{Counted, Stop};
use crate::cache::{OWN_DIR, TRASH_DIR};

/// How often something is tried again that another process may have come between.
const ATTEMPTS: u32 = 32;

/// The trash, open to put something into.
#[derive(Debug)]
pub(super) struct Trash {
    folder: Folder,
    count: u64,
}

impl Trash {
    /// Opens `.xcargo/trash`, which is made if there is none.
    pub(super) fn open(root: &Folder) -> Result<Self, Stop> {
        for _ in 0..ATTEMPTS {
            // Either may be removed by somebody else who has just emptied the trash.
            let Some(own) = open_or_make(root, OWN_DIR.as_ref()).map_err(own_dir)? else {
                continue;
            };
            match open_or_make(&own, TRASH_DIR.as_ref()) {
                Ok(Some(folder)) => return Ok(Self { folder, count: 0 }),
                Ok(None) => {}
                Err(cause) => return Err(trash_dir(cause)),
            }
        }
        Err(trash_dir(io::Error::from(io::ErrorKind::NotFound)))
    }

    /// Moves a directory here, and removes it here.
    pub(super) fn take(
        &mut self,
        root: &Folder,
        parent: &Folder,
        name: &OsStr,
        counted: &mut Counted<'_>,
    ) -> Result<(), Stop> {
        for _ in 0..ATTEMPTS {
            // Opened to be sure that it is a directory, no link and nothing mounted; the rename is by name.
            match parent.open(name) {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(()),
                Err(cause) => return Err(Stop::at("", cause)),
            }
            let new = OsString::from(format!("{}-{}", std::process::id(), self.count));
            self.count += 1;
            match parent.dir.rename(name, &self.folder.dir, &new) {
                Ok(()) => {
                    return self.folder.remove_tree(&new, counted).map_err(|stop| stop.in_trash(&path()));
                }
                // Left by a process that had the same id.
                Err(error) if is_taken(&error) => {}
                // The trash was removed, being empty, by somebody else.
                Err(error) if is_gone(&error) => *self = Self { count: self.count, ..Self::open(root)? },
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                    return Err(Stop::at("", Cause::MountPoint));
                }
                Err(error) => return Err(Stop::at("", error)),
            }
        }
        Err(Stop::at("", io::Error::from(io::ErrorKind::AlreadyExists)))
    }

    /// Removes the trash itself if nothing (of others) is left in it.
    pub(super) fn close(self, root: &Folder) -> Result<(), Stop> {
        drop(self);
        remove_dir(root)
    }
}

/// Removes all that is in the trash, and then the trash.
pub(super) fn empty(root: &Folder, counted: &mut Counted<'_>) -> Result<(), Stop> {
    let own = root.open(OWN_DIR.as_ref()).map_err(own_dir)?;
    let Some(own) = own else { return Ok(()) };
    let trash = own.open(TRASH_DIR.as_ref()).map_err(trash_dir)?;
    let Some(trash) = trash else { return Ok(()) };
    let entries = trash.dir.entries().map_err(trash_dir)?;
    for entry in entries {
        let name = entry.map_err(trash_dir)?.file_name();
        trash.remove_tree(&name, counted).map_err(|stop| stop.in_trash(&path()))?;
    }
    drop(trash);
    remove_dir(root)
}

fn remove_dir(root: &Folder) -> Result<(), Stop> {
    let own = root.open(OWN_DIR.as_ref()).map_err(own_dir)?;
    own.map_or(Ok(()), |own| own.remove_if_empty(TRASH_DIR.as_ref()).map_err(|stop| stop.in_trash(&path())))
}

fn open_or_make(parent: &Folder, name: &OsStr) -> Result<Option<Folder>, Cause> {
    match parent.dir.create_dir(name) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    parent.open(name)
}

fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty)
}

fn own_dir(cause: Cause) -> Stop {
    Stop::at("", cause).in_trash(OWN_DIR.as_ref())
}

fn trash_dir(cause: impl Into<Cause>) -> Stop {
    Stop::at("", cause).in_trash(&path())
}

fn path() -> PathBuf {
    Path::new(OWN_DIR).join(TRASH_DIR)
}
