//! Writes what is recorded of a build: its stamp, and that it was.

use std::io;
use std::path::Path;

use super::atomic;
use crate::cache::ledger::Ledger;
use crate::cache::sessions::Sessions;
use crate::cache::stamp::Stamp;
use crate::cache::uses::Uses;

/// Writes the stamp; its directory is made where it is missing, in a build dir that is there.
///
/// # Errors
/// The directory is a link or something else, or cannot be written.
pub fn stamp(path: &Path, stamp: &Stamp) -> io::Result<()> {
    write(path, &stamp.to_bytes()?)
}

/// Writes the record of uses, likewise.
///
/// # Errors
/// As [`stamp`].
pub fn uses(path: &Path, uses: &Uses) -> io::Result<()> {
    write(path, &uses.to_bytes()?)
}

/// Writes the ledger, likewise, but without waiting for the disk: one that a power failure damages is noticed by its digest.
///
/// # Errors
/// As [`stamp`].
pub fn ledger(path: &Path, ledger: &Ledger) -> io::Result<()> {
    write_unsynced(path, &ledger.to_bytes().map_err(io::Error::other)?)
}

/// Writes the record of incremental sessions, as the ledger.
///
/// # Errors
/// As [`stamp`].
pub fn sessions(path: &Path, sessions: &Sessions) -> io::Result<()> {
    write_unsynced(path, &sessions.to_bytes().map_err(io::Error::other)?)
}

fn write_unsynced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    own_dir(path)?;
    atomic::write_unsynced(path, bytes)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    own_dir(path)?;
    atomic::write(path, bytes)
}

/// The directory of xcargo's own, made where it is missing.
fn own_dir(path: &Path) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new(""));
    match fs_err::create_dir(dir) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => return Err(cause),
        _ => {}
    }
    if !fs_err::symlink_metadata(dir)?.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::NotADirectory,
            format!("{} is no directory", dir.display()),
        ));
    }
    Ok(())
}
