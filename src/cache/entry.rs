//! One thing to remove, as a plan holds it: named relative to the build dir, so that nothing outside can be named.

use std::path::{Path, PathBuf};

/// A file or directory below the build dir. The order of a unit's entries is the order of their removal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Entry {
    /// A regular file.
    File(PathBuf),
    /// A directory with all that is in it.
    Tree(PathBuf),
    /// A directory that goes if nothing is left in it, and stays otherwise.
    EmptyDir(PathBuf),
}

impl Entry {
    /// The path, relative to the build dir.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Tree(path) | Self::EmptyDir(path) => path,
        }
    }
}
