//! One file of a change: what it says now, its new contents beside it, and the rename that makes them its own.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempPath;

use super::{Change, Refusal, step};

/// What the name of every staged file starts with.
pub(super) const PREFIX: &str = ".xcargo-";

/// One file of a change.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// Absolute and without links.
    pub(super) path: PathBuf,
    /// The file beside it in which its contents are made.
    pub(super) staged: PathBuf,
    pub(super) before: Option<Vec<u8>>,
    pub(super) after: Vec<u8>,
}

/// Why a change stopped.
#[derive(Debug)]
pub(super) enum Stop {
    Refused(Refusal),
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

impl Target {
    /// Looks whether a change can be made, and where: the (resolved) root is that of the repository. `number` tells the staged
    /// files of one change apart.
    pub(super) fn prepare(root: &Path, change: &Change, number: usize) -> Result<Self, Refusal> {
        let unreadable = |cause: io::Error| Refusal::Unreadable(cause.to_string());
        let (path, found) = match fs_err::symlink_metadata(&change.path) {
            Ok(_) if change.before.is_none() => return Err(Refusal::Exists),
            Ok(_) => {
                let path = fs_err::canonicalize(&change.path).map_err(unreadable)?;
                let found = fs_err::symlink_metadata(&path).map_err(unreadable)?;
                (path, Some(found))
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound && change.before.is_some() => {
                return Err(Refusal::Missing);
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                let (Some(dir), Some(name)) = (change.path.parent(), change.path.file_name()) else {
                    return Err(Refusal::NotRegular);
                };
                (fs_err::canonicalize(dir).map_err(unreadable)?.join(name), None)
            }
            Err(cause) => return Err(unreadable(cause)),
        };
        let Some(dir) = path.parent().filter(|dir| dir.starts_with(root)) else {
            return Err(Refusal::Outside(path));
        };
        if let Some(found) = &found {
            may_change(&path, found)?;
        }
        if fs_err::metadata(dir).map_err(unreadable)?.permissions().readonly() {
            return Err(Refusal::ReadOnlyDir);
        }
        let now =
            SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        let staged = dir.join(format!("{PREFIX}{}-{now:x}-{number}", std::process::id()));
        let target = Self { path, staged, before: change.before.clone(), after: change.after.clone() };
        match target.expect(target.before.as_deref()) {
            Ok(()) => Ok(target),
            Err(Stop::Refused(why)) => Err(why),
            Err(Stop::Io(cause)) => Err(unreadable(cause)),
        }
    }

    pub(super) fn relative<'a>(&'a self, root: &Path) -> &'a Path {
        self.path.strip_prefix(root).unwrap_or(&self.path)
    }

    /// What it says now; `None`: it is not there.
    pub(super) fn content(&self) -> io::Result<Option<Vec<u8>>> {
        let longest = self.after.len().max(self.before.as_ref().map_or(0, Vec::len));
        content(&self.path, longest)
    }

    /// # Errors
    /// It says something else.
    pub(super) fn expect(&self, expected: Option<&[u8]>) -> Result<(), Stop> {
        match (self.content()?.as_deref(), expected) {
            (now, expected) if now == expected => Ok(()),
            (Some(_), None) => Err(Stop::Refused(Refusal::Exists)),
            (None, Some(_)) => Err(Stop::Refused(Refusal::Missing)),
            _ => Err(Stop::Refused(Refusal::Changed)),
        }
    }

    /// Whether contents, or a part of them, wait beside it.
    pub(super) fn is_staged(&self) -> bool {
        std::fs::symlink_metadata(&self.staged).is_ok()
    }

    /// Makes these contents ready beside it: with its mode and owner first, so that what is complete is so in everything.
    pub(super) fn stage(&self, bytes: &[u8]) -> Result<(), Stop> {
        if matches!(content(&self.staged, bytes.len()), Ok(Some(there)) if there == bytes) {
            return Ok(());
        }
        self.remove_staged()?;
        let old = match fs_err::symlink_metadata(&self.path) {
            Ok(old) => Some(old),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => None,
            Err(cause) => return Err(cause.into()),
        };
        let mut file = create(&self.staged, old.as_ref())?;
        step()?;
        if let Some(old) = &old {
            keep_owner(&file, old);
            file.set_permissions(old.permissions())?;
        }
        step()?;
        let (start, rest) = bytes.split_at(bytes.len() / 2);
        file.write_all(start)?;
        step()?;
        file.write_all(rest)?;
        step()?;
        file.sync_all()?;
        Ok(())
    }

    /// Replaces what it says, if that is what is expected. `None`: it is not there, or shall not be.
    pub(super) fn swap(&self, expected: Option<&[u8]>, wanted: Option<&[u8]>) -> Result<(), Stop> {
        if let Some(bytes) = wanted {
            self.stage(bytes)?;
        }
        self.expect(expected)?;
        step()?;
        match (expected, wanted) {
            (_, None) => fs_err::remove_file(&self.path)?,
            (Some(_), Some(_)) => fs_err::rename(&self.staged, &self.path)?,
            (None, Some(_)) => {
                let mut staged = TempPath::try_from_path(&self.staged)?;
                staged.disable_cleanup(true);
                staged.persist_noclobber(&self.path).map_err(|error| error.error)?;
            }
        }
        step()?;
        Ok(())
    }

    /// Removes what is staged, if it is what xcargo would have staged, whole or in part.
    pub(super) fn remove_staged(&self) -> io::Result<()> {
        let longest = self.after.len().max(self.before.as_ref().map_or(0, Vec::len));
        let Some(there) = content(&self.staged, longest)? else { return Ok(()) };
        let is_ours = self.after.starts_with(&there)
            || self.before.as_ref().is_some_and(|before| before.starts_with(&there));
        if is_ours {
            fs_err::remove_file(&self.staged)?;
            step()?;
        }
        Ok(())
    }
}

/// A regular file's contents, at most one byte more than the longest that is of interest.
fn content(path: &Path, longest: usize) -> io::Result<Option<Vec<u8>>> {
    let Some(file) = open(path)? else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take((longest as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Opens a regular file; `None`: there is nothing.
pub(super) fn open(path: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // A link or a named pipe that was put there meanwhile is neither followed nor waited for.
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    let file = match options.open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cause),
    };
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no regular file"));
    }
    Ok(Some(file))
}

fn may_change(path: &Path, found: &Metadata) -> Result<(), Refusal> {
    if !found.is_file() {
        return Err(Refusal::NotRegular);
    }
    // By its mode: for root the system allows everything, and a rename asks for the directory only.
    if found.permissions().readonly() {
        return Err(Refusal::ReadOnly);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_err() {
            return Err(Refusal::ReadOnly);
        }
        if found.nlink() > 1 {
            return Err(Refusal::HardLinks(found.nlink()));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// A new file; private until it has the mode of the one that it replaces.
fn create(path: &Path, old: Option<&Metadata>) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if old.is_some() {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = old;
    options.open(path)
}

/// Who may not give a file away becomes its owner, as with an editor that writes files anew.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let is_same = file.metadata().is_ok_and(|new| (new.uid(), new.gid()) == (old.uid(), old.gid()));
    if !is_same && fchown(file, Some(old.uid()), Some(old.gid())).is_err() {
        let _ = fchown(file, None, Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}
