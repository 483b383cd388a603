//! The trash of a build dir: what cargo no longer sees and what is not deleted yet.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::error::Cause;
use super::folder::Folder;
use super::is_gone;
use super::progress::Stop;
use crate::cache::{OWN_DIR, TRASH_DIR};

/// How often something is tried again that another process may have come between.
const ATTEMPTS: u32 = 32;

/// The trash, open to put something into.
#[derive(Debug)]
pub(super) struct Trash {
    folder: Folder,
    count: u64,
}

/// Whether something was moved into the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It was, or was gone already.
    Yes,
    /// The file system has no room for a trash, or does not rename this directory.
    NoRoom,
}

/// Moves a directory into the trash, which is opened where it is not yet.
pub(super) fn take(
    trash: &mut Option<Trash>,
    root: &Folder,
    parent: &Folder,
    name: &OsStr,
) -> Result<Taken, Stop> {
    for attempt in 0..ATTEMPTS {
        // Opened to be sure that it is a directory, no link and nothing mounted; the rename is by name.
        match parent.open(name) {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(Taken::Yes),
            Err(cause) => return Err(Stop::at("", cause)),
        }
        let open = match trash.as_mut() {
            Some(open) => open,
            None => match Trash::open(root)? {
                Some(open) => trash.insert(open),
                None => return Ok(Taken::NoRoom),
            },
        };
        let new = open.name(attempt);
        match parent.dir.rename(name, &open.folder.dir, &new) {
            Ok(()) => return Ok(Taken::Yes),
            // Left by a process that had the same id: in containers most have.
            Err(error) if is_taken(&error) => {}
            // The trash was removed, being empty, by somebody else.
            Err(error) if is_gone(&error) => *trash = None,
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                return Err(Stop::at("", Cause::MountPoint));
            }
            Err(error) if is_no_room(&error) => return Ok(Taken::NoRoom),
            Err(error) => return Err(Stop::at("", error)),
        }
    }
    Err(Stop::at("", io::Error::from(io::ErrorKind::AlreadyExists)))
}

impl Trash {
    /// Opens `.xcargo/trash`, which is made if there is none; `None` where there is no room for it.
    fn open(root: &Folder) -> Result<Option<Self>, Stop> {
        let no_room = |cause: &Cause| matches!(cause, Cause::Io(error) if is_no_room(error));
        for _ in 0..ATTEMPTS {
            // Either may be removed by somebody else who has just emptied the trash.
            let own = match open_or_make(root, OWN_DIR.as_ref()) {
                Ok(Some(own)) => own,
                Ok(None) => continue,
                Err(cause) if no_room(&cause) => return Ok(None),
                Err(cause) => return Err(own_dir(cause)),
            };
            match open_or_make(&own, TRASH_DIR.as_ref()) {
                Ok(Some(folder)) => return Ok(Some(Self { folder, count: 0 })),
                Ok(None) => {}
                Err(cause) if no_room(&cause) => return Ok(None),
                Err(cause) => return Err(trash_dir(cause)),
            }
        }
        Err(trash_dir(io::Error::from(io::ErrorKind::NotFound)))
    }

    /// A name that nothing in the trash should have.
    fn name(&mut self, attempt: u32) -> OsString {
        let (process, count) = (std::process::id(), self.count);
        self.count += 1;
        if attempt == 0 {
            return OsString::from(format!("{process}-{count}"));
        }
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
        OsString::from(format!("{process}-{count}-{now}"))
    }
}

/// The trash, if there is one.
pub(super) fn open_existing(root: &Folder) -> Result<Option<Folder>, Stop> {
    let own = root.open(OWN_DIR.as_ref()).map_err(own_dir)?;
    let Some(own) = own else { return Ok(None) };
    own.open(TRASH_DIR.as_ref()).map_err(trash_dir)
}

/// Removes the trash itself if nothing (of others) is left in it.
pub(super) fn remove_if_empty(root: &Folder) -> Result<(), Stop> {
    let own = root.open(OWN_DIR.as_ref()).map_err(own_dir)?;
    own.map_or(Ok(()), |own| own.remove_if_empty(TRASH_DIR.as_ref()).map_err(in_trash))
}

/// Of something in the trash: named as it lies there.
pub(super) fn in_trash(stop: Stop) -> Stop {
    stop.in_trash(&path())
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

/// A full disk; an overlay that does not rename what lies in a lower layer; too many directories in one.
fn is_no_room(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, QuotaExceeded, StorageFull, TooManyLinks};
    matches!(error.kind(), StorageFull | QuotaExceeded | CrossesDevices | TooManyLinks)
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
