//! Looking at a directory tree without ever following a link, and with a bound on what is read.
//!
//! Reading a large build dir is nearly all system calls, so a directory is opened once ([`Dir`]), listed once, and what is
//! in it is opened relative to it: four calls for a directory, four for a file.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

use std::ffi::OsString;
use std::fs::{File, FileType};
use std::io;
use std::path::Path;
use std::time::SystemTime;

#[cfg(not(unix))]
pub(super) use other::{Dir, not_through_a_link};
#[cfg(unix)]
pub(super) use unix::{Dir, not_through_a_link};

/// What a name stands for, the link itself where it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Dir,
    File,
    Link,
    Other,
}

/// One name in a directory.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) name: OsString,
    pub(crate) kind: Kind,
}

/// A regular file, or the beginning of one.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    /// `None` where the system has no such times.
    pub(super) modified: Option<SystemTime>,
}

/// What is at this path; `None` where nothing is.
pub(super) fn kind(path: &Path) -> io::Result<Option<Kind>> {
    match path.symlink_metadata() {
        Ok(meta) => Ok(Some(Kind::of(meta.file_type()))),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The names in this directory, sorted; none where there is no directory (any more).
///
/// # Errors
/// It is not a directory, a link to one included, or may not be read.
pub(crate) fn list(dir: &Path) -> io::Result<Vec<Item>> {
    Dir::open(dir)?.map_or_else(|| Ok(Vec::new()), |mut dir| dir.list())
}

/// The first bytes of a regular file, at most `limit`, and how many it has in all.
///
/// # Errors
/// Not a regular file, or what the system says.
pub(crate) fn read_start(path: &Path, limit: u64) -> io::Result<(Vec<u8>, u64)> {
    let (file, length) = open(path)?;
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(file, limit), &mut bytes)?;
    Ok((bytes, length))
}

/// The whole content of a regular file that has at most `limit` bytes.
///
/// # Errors
/// `FileTooLarge`, not a regular file, or what the system says.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    Content::whole(Dir::read_at(path, limit.saturating_add(1))?, limit).map(|content| content.bytes)
}

/// A regular file, open, and how long it is.
pub(super) fn open(path: &Path) -> io::Result<(File, u64)> {
    Dir::file(path)
}

impl Content {
    fn whole(content: Self, limit: u64) -> io::Result<Self> {
        if content.bytes.len() as u64 > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(content) }
    }
}

impl Dir {
    /// The whole content of a regular file in this directory that has at most `limit` bytes.
    ///
    /// # Errors
    /// As [`read`].
    pub(super) fn read(&self, name: &std::ffi::OsStr, limit: u64) -> io::Result<Content> {
        Content::whole(self.read_start(name, limit.saturating_add(1))?, limit)
    }
}

impl Kind {
    pub(super) fn of(kind: FileType) -> Self {
        if kind.is_symlink() {
            Self::Link
        } else if kind.is_dir() {
            Self::Dir
        } else if kind.is_file() {
            Self::File
        } else {
            Self::Other
        }
    }
}

/// Other processes may remove what was just listed; that is no error.
pub(super) fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")
}
