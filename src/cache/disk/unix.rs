//! Directories by open handle, through the system's own calls.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, openat, statat};

use super::{Content, Item, Kind, is_gone, not_regular};

/// Also without waiting, so that a named pipe cannot hang the command.
pub(in crate::cache) fn not_through_a_link(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
}

/// An open directory.
#[derive(Debug)]
pub(in crate::cache) struct Dir {
    /// With the place up to which it was listed.
    stream: rustix::fs::Dir,
}

impl Dir {
    /// `None` where nothing is at this path.
    ///
    /// # Errors
    /// It is not a directory (a link is none), or may not be opened.
    pub(in crate::cache) fn open(path: &Path) -> io::Result<Option<Self>> {
        Self::open_at(CWD, path)
    }

    fn open_at(at: BorrowedFd<'_>, path: &Path) -> io::Result<Option<Self>> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match openat(at, path, flags, Mode::empty()).map_err(io::Error::from) {
            Ok(handle) => Ok(Some(Self { stream: rustix::fs::Dir::new(handle)? })),
            Err(error) if is_gone(&error) => Ok(None),
            // A link, as the BSDs say it.
            Err(error) if error.raw_os_error() == Some(libc::ELOOP) => {
                Err(io::ErrorKind::NotADirectory.into())
            }
            Err(error) => Err(error),
        }
    }

    /// The names in it, sorted; to be called once.
    pub(in crate::cache) fn list(&mut self) -> io::Result<Vec<Item>> {
        let mut items = Vec::new();
        while let Some(entry) = self.stream.read() {
            let entry = match entry {
                // It was removed since it was opened.
                Err(rustix::io::Errno::NOENT) => break,
                entry => entry?,
            };
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let kind = match entry.file_type() {
                // Some file systems do not tell.
                FileType::Unknown => match statat(self.stream.fd()?, name, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(stat) => kind(FileType::from_raw_mode(stat.st_mode)),
                    Err(rustix::io::Errno::NOENT) => continue,
                    Err(error) => return Err(error.into()),
                },
                known => kind(known),
            };
            items.push(Item { name: OsString::from_vec(name.to_bytes().to_vec()), kind });
        }
        items.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(items)
    }

    /// At most the first `limit` bytes of a regular file in it.
    pub(in crate::cache) fn read_start(&self, name: &OsStr, limit: u64) -> io::Result<Content> {
        read_start(self.stream.fd()?, Path::new(name), limit)
    }

    /// A regular file, wherever it lies, open, and how long it is.
    pub(super) fn file(path: &Path) -> io::Result<(File, u64)> {
        open_at(CWD, path).map(|(file, meta)| (file, meta.len()))
    }

    /// The same, wherever the file lies.
    pub(super) fn read_at(path: &Path, limit: u64) -> io::Result<Content> {
        read_start(CWD, path, limit)
    }
}

fn open_at(at: BorrowedFd<'_>, path: &Path) -> io::Result<(File, Metadata)> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(openat(at, path, flags, Mode::empty())?);
    let meta = file.metadata()?;
    if meta.is_file() { Ok((file, meta)) } else { Err(not_regular()) }
}

fn read_start(at: BorrowedFd<'_>, path: &Path, limit: u64) -> io::Result<Content> {
    let (mut file, meta) = open_at(at, path)?;
    let expected = meta.len().min(limit);
    let mut bytes = vec![0; usize::try_from(expected).unwrap_or(usize::MAX)];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read(&mut bytes[filled..]) {
            // Cut meanwhile.
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(Content { bytes, modified: meta.modified().ok() })
}

fn kind(kind: FileType) -> Kind {
    match kind {
        FileType::Directory => Kind::Dir,
        FileType::RegularFile => Kind::File,
        FileType::Symlink => Kind::Link,
        _ => Kind::Other,
    }
}
