//! Directories by path, where the system has no calls relative to an open one.

use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Content, Item, Kind, is_gone, kind, not_regular};

/// Opens the link itself, which then is no regular file (`FILE_FLAG_OPEN_REPARSE_POINT`).
pub(in crate::cache) fn not_through_a_link(options: &mut OpenOptions) {
    use std::os::windows::fs::OpenOptionsExt;
    options.custom_flags(0x0020_0000);
}

/// A directory that was one when it was looked at.
#[derive(Debug)]
pub(in crate::cache) struct Dir {
    path: PathBuf,
}

impl Dir {
    /// `None` where nothing is at this path.
    ///
    /// # Errors
    /// It is not a directory (a link is none), or may not be looked at.
    pub(in crate::cache) fn open(path: &Path) -> io::Result<Option<Self>> {
        match kind(path)? {
            None => Ok(None),
            Some(Kind::Dir) => Ok(Some(Self { path: path.to_path_buf() })),
            Some(_) => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// The same for a name in this directory.
    pub(in crate::cache) fn dir(&self, name: &OsStr) -> io::Result<Option<Self>> {
        Self::open(&self.path.join(name))
    }

    /// The names in it, sorted.
    pub(in crate::cache) fn list(&mut self) -> io::Result<Vec<Item>> {
        let entries = match self.path.read_dir() {
            Err(error) if is_gone(&error) => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut items = Vec::new();
        for entry in entries {
            let entry = entry?;
            match entry.file_type() {
                Ok(kind) => items.push(Item { name: entry.file_name(), kind: Kind::of(kind) }),
                Err(error) if is_gone(&error) => {}
                Err(error) => return Err(error),
            }
        }
        items.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(items)
    }

    /// At most the first `limit` bytes of a regular file in it.
    pub(in crate::cache) fn read_start(&self, name: &OsStr, limit: u64) -> io::Result<Content> {
        Self::read_at(&self.path.join(name), limit)
    }

    /// A regular file, wherever it lies, open, and how long it is.
    pub(super) fn file(path: &Path) -> io::Result<(File, u64)> {
        open(path).map(|(file, meta)| (file, meta.len()))
    }

    /// At most the first `limit` bytes of a regular file, wherever it lies.
    pub(super) fn read_at(path: &Path, limit: u64) -> io::Result<Content> {
        let (file, meta) = open(path)?;
        let mut bytes = Vec::new();
        file.take(limit).read_to_end(&mut bytes)?;
        Ok(Content { bytes, modified: meta.modified().ok() })
    }
}

fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let mut options = OpenOptions::new();
    options.read(true);
    not_through_a_link(&mut options);
    let file = options.open(path)?;
    let meta = file.metadata()?;
    if meta.is_file() { Ok((file, meta)) } else { Err(not_regular()) }
}
