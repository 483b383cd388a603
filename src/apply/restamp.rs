//! Modification times that are moved: those in the build dir by which cargo judges, and, where the policy wants it, those of
//! sources whose content is proven. Nothing else of a file is touched.

use std::io;
use std::path::{Component, Path};

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::fs::{Dir, OpenOptions};

use crate::cache::locks::Locks;
use crate::cache::stat::{Stat, Time};
use crate::workspace::bounds::OwnDir;

/// Gives a file in a build dir this modification time. The locks are proof that no cargo is building.
///
/// # Errors
/// It is gone, a link, not covered by the locks, or the system does not let it be.
pub fn in_build_dir(dir: &OwnDir, locks: &Locks, path: &Path, to: Time) -> io::Result<()> {
    let handle = dir.handle().ok_or(io::ErrorKind::NotFound)?;
    if !locks.cover(dir.path(), path) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "not locked"));
    }
    let (parent, name) = parent(handle, path)?;
    let mut options = OpenOptions::new();
    options.write(true).follow(FollowSymlinks::No);
    let file = parent.open_with(name, &options)?.into_std();
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    file.set_modified(to.system())
}

/// The directory that a file lies in, opened name by name, through no link.
fn parent<'a>(root: &Dir, path: &'a Path) -> io::Result<(Dir, &'a std::ffi::OsStr)> {
    let outside = || io::Error::new(io::ErrorKind::InvalidInput, "not a path in the build dir");
    let mut names = Vec::new();
    for component in path.components() {
        let Component::Normal(name) = component else { return Err(outside()) };
        names.push(name);
    }
    let name = names.pop().ok_or_else(outside)?;
    let mut dir = root.try_clone()?;
    for name in names {
        dir = cap_fs_ext::DirExt::open_dir_nofollow(&dir, name)?;
    }
    Ok((dir, name))
}

/// Puts back the modification time of a source that is still the one that was `seen`. It is no part of its content, and no
/// right to write is needed, only to own the file.
///
/// # Errors
/// It is another file by now, or the system does not let it be.
pub fn source(path: &Path, seen: &Stat, to: Time) -> io::Result<()> {
    let file = open(path)?;
    if Stat::of(&file.metadata()?) != *seen {
        return Err(io::Error::other("it changed meanwhile"));
    }
    file.set_modified(to.system())
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<std::fs::File> {
    std::fs::File::open(path)
}

/// Here a time is changed only by those who may write.
#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<std::fs::File> {
    if path.is_dir() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    std::fs::OpenOptions::new().write(true).open(path)
}
