//! How far a removal came: what is done, and where it stopped.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use cap_fs_ext::MetadataExt;
use cap_std::fs::Metadata;

use super::error::{Cause, RemovalError};
use crate::cache::Size;

/// Where and why it stopped, on the way to a [`RemovalError`].
#[derive(Debug)]
pub(super) struct Stop {
    place: Place,
    cause: Cause,
}

#[derive(Debug)]
enum Place {
    /// Below what was to be removed.
    Below(PathBuf),
    /// In the trash: below the build dir.
    InTrash(PathBuf),
}

impl Stop {
    /// Stopped here, or below what was to be removed.
    pub(super) fn at(below: impl AsRef<Path>, cause: impl Into<Cause>) -> Self {
        Self { place: Place::Below(below.as_ref().to_path_buf()), cause: cause.into() }
    }

    /// Stopped in the directory of that name, relative to the build dir.
    pub(super) fn in_trash(self, trash: &Path) -> Self {
        match self.place {
            Place::Below(below) => Self { place: Place::InTrash(trash.join(below)), ..self },
            Place::InTrash(_) => self,
        }
    }

    /// The same, seen from the directory above.
    pub(super) fn within(self, name: &OsStr) -> Self {
        match self.place {
            Place::Below(below) => Self { place: Place::Below(Path::new(name).join(below)), ..self },
            Place::InTrash(_) => self,
        }
    }

    /// The error, for an entry of the build dir (or the build dir itself, named by the empty path).
    pub(super) fn error(self, done: Size, build_dir: &Path, entry: &Path) -> RemovalError {
        let below = match self.place {
            Place::Below(below) => entry.join(below),
            Place::InTrash(below) => below,
        };
        // Only whole components: joining the empty path would leave a separator at the end.
        RemovalError { done, path: build_dir.join(below).components().collect(), cause: self.cause }
    }
}

/// What is done so far.
#[derive(Debug, Default)]
pub(super) struct Counted {
    done: Size,
}

impl Counted {
    pub(super) fn done(&self) -> Size {
        self.done
    }

    /// Counts a file that is removed, as it was just before: its bytes are free once its last name is gone.
    pub(super) fn add(&mut self, meta: &Metadata) {
        let frees = meta.is_file() && (!cfg!(unix) || meta.nlink() <= 1);
        self.done += Size { files: 1, bytes: if frees { meta.len() } else { 0 } };
    }
}
