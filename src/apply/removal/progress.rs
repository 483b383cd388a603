//! How far a removal came: what is done, and where it stopped.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use cap_fs_ext::MetadataExt;
use cap_std::fs::Metadata;

use super::error::{Cause, RemovalError};
use crate::cache::{Identity, Size, Tally};

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

/// What is done so far, with somebody who wants to hear of it.
pub(super) struct Counted<'a> {
    tally: Tally,
    done: Size,
    progress: &'a mut dyn FnMut(Size),
}

impl<'a> Counted<'a> {
    pub(super) fn new(progress: &'a mut dyn FnMut(Size)) -> Self {
        Self { tally: Tally::default(), done: Size::default(), progress }
    }

    pub(super) fn done(&self) -> Size {
        self.done
    }

    pub(super) fn add(&mut self, meta: &Metadata) {
        self.done += match meta.is_file() {
            true => self.tally.file(meta.len(), identity(meta)),
            false => Size { files: 1, bytes: 0 },
        };
        (self.progress)(self.done);
    }
}

/// Where plan and removal can tell it (see `cache/size.rs`).
fn identity(meta: &Metadata) -> Option<Identity> {
    cfg!(unix).then(|| Identity { file: (meta.dev(), meta.ino()), links: meta.nlink() })
}
