//! Modification times that are moved: those in the build dir by which cargo judges, and, where the policy wants it, those of
//! sources whose content is proven. Nothing else of a file is touched.

use std::io;
use std::path::{Component, Path};

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::ambient_authority;
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
    let outside = || io::Error::new(io::ErrorKind::InvalidInput, "not a path below the directory");
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

/// Puts back the modification time of a source that is still the one that was `seen`. It is no part of its content, and on Unix no
/// right to write is needed, only to own the file. `false`: it lies behind a link, and so perhaps in somebody else's place.
///
/// # Errors
/// It is another file by now, or the system does not let it be.
pub fn source(root: &Path, path: &Path, seen: &Stat, to: Time) -> io::Result<bool> {
    let mut ways = path.ancestors().filter(|way| !way.as_os_str().is_empty());
    if ways.any(|way| root.join(way).is_symlink()) {
        return Ok(false);
    }
    // The workspace itself may well be reached through a link.
    let (parent, name) = parent(&Dir::open_ambient_dir(root, ambient_authority())?, path)?;
    let meta = parent.symlink_metadata(name)?;
    if !(meta.is_file() || cfg!(unix) && meta.is_dir()) {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let mut options = OpenOptions::new();
    // Elsewhere a time is changed only by those who may write.
    options.read(cfg!(unix)).write(!cfg!(unix)).follow(FollowSymlinks::No);
    let file = parent.open_with(name, &options)?.into_std();
    if Stat::of(&file.metadata()?) != *seen {
        return Err(io::Error::other("it changed meanwhile"));
    }
    file.set_modified(to.system())?;
    Ok(true)
}
