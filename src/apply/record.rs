//! Writes the stamp of a build.

use std::io;
use std::path::Path;

use super::atomic;
use crate::cache::stamp::Stamp;

/// Writes the stamp; its directory is made where it is missing, in a build dir that is there.
///
/// # Errors
/// The directory is a link or something else, or cannot be written.
pub fn stamp(path: &Path, stamp: &Stamp) -> io::Result<()> {
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
    atomic::write(path, &stamp.to_bytes()?)
}
