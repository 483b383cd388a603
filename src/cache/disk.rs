//! Looking at a directory tree without ever following a link, and with a bound on what is read.

use std::ffi::OsString;
use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

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

/// What is at this path; `None` where nothing is.
pub(crate) fn kind(path: &Path) -> io::Result<Option<Kind>> {
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
    match kind(dir)? {
        None => return Ok(Vec::new()),
        Some(Kind::Dir) => {}
        Some(_) => return Err(io::ErrorKind::NotADirectory.into()),
    }
    let entries = match dir.read_dir() {
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

/// The whole content of a regular file that has at most `limit` bytes.
///
/// # Errors
/// `FileTooLarge`, not a regular file, or what the system says.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    open(path)?.take(limit + 1).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(content)
}

/// At most the first `limit` bytes of a regular file.
pub(crate) fn read_start(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    open(path)?.take(limit).read_to_end(&mut content)?;
    Ok(content)
}

impl Kind {
    fn of(kind: FileType) -> Self {
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
pub(crate) fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    not_through_a_link(&mut options);
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    Ok(file)
}

/// Also without waiting, so that a named pipe cannot hang the command.
#[cfg(unix)]
pub(crate) fn not_through_a_link(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
}

/// Opens the link itself, which then is no regular file (`FILE_FLAG_OPEN_REPARSE_POINT`).
#[cfg(windows)]
pub(crate) fn not_through_a_link(options: &mut OpenOptions) {
    use std::os::windows::fs::OpenOptionsExt;
    options.custom_flags(0x0020_0000);
}
