//! Whole files or none: written beside the target, synced, renamed over it.

use std::io::{self, Write as _};
use std::path::Path;

/// Replaces or creates `path` with `bytes`. After a crash the file is the old one or the new one.
///
/// # Errors
/// The directory cannot be written, the disk is full; the old file, if any, is unchanged.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// As [`write`], but without waiting for the disk: for what can be made again, and whose damage would be noticed.
///
/// # Errors
/// As [`write`].
pub fn write_unsynced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// As [`write`], for a file that belongs to people: readable as an editor would make it.
///
/// # Errors
/// As [`write`].
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    open_to_all(file.as_file())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Creates `path` with `bytes`, never over something that is there already.
///
/// # Errors
/// As [`write`], and `AlreadyExists`, which also tells of a dangling link.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    open_to_all(file.as_file())?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// Makes what was done in a directory (files made, renamed, removed) outlast a crash of the machine, as far as the system and
/// the file system know how.
///
/// # Errors
/// The disk fails.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match fs_err::File::open(dir).and_then(|dir| dir.sync_all()) {
        Err(cause)
            if matches!(
                cause.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        done => done,
    }
}

fn beside(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::Builder::new().prefix(".xcargo-").tempfile_in(dir)
}

/// Temporary files are private; a file that belongs to a repository is made as an editor would make it (before
/// umask the usual 0666, of which 0644 is what nearly every umask leaves).
#[cfg(unix)]
fn open_to_all(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_all(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}
