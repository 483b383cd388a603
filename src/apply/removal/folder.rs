//! An open directory, from which only what really lies in it can be reached.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use cap_fs_ext::{DirExt, MetadataExt};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata};

use super::error::Cause;
use super::is_gone;
use super::progress::{Counted, Stop};

/// The directories by which cargo tells that a unit is done, in layout 1 and in layout 2.
const DONE: &[&str] = &[".fingerprint", "fingerprint", "run"];

/// How deep a tree is removed where it is: each level holds a directory open.
const DEEPEST: usize = 200;

/// A directory on the build dir's own device.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) dir: Dir,
    device: u64,
}

impl Folder {
    /// Opens a directory by its path. Links on the way to it are the user's business, the directory itself may not be one.
    pub(super) fn open_ambient(path: &Path) -> Result<Self, Cause> {
        let Some(name) = path.file_name() else { return Err(Cause::Outside) };
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let dir = Dir::open_ambient_dir(parent, ambient_authority())?;
        let meta = dir.symlink_metadata(name)?;
        is_dir(&meta)?;
        // It may well be a mount point itself.
        let dir = dir.open_dir_nofollow(name)?;
        let device = dir.dir_metadata()?.dev();
        Ok(Self { dir, device })
    }

    /// An open directory, whoever opened it.
    pub(super) fn of(dir: Dir) -> Result<Self, Cause> {
        let meta = dir.dir_metadata()?;
        is_dir(&meta)?;
        Ok(Self { device: meta.dev(), dir })
    }

    /// Whether it is what lies at this path, and not a link there.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        let there = Self::open_ambient(path).and_then(|there| Ok(there.dir.dir_metadata()?));
        let same = |a: &Metadata, b: &Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
        matches!((there, self.dir.dir_metadata()), (Ok(there), Ok(here)) if same(&there, &here))
    }

    /// Opens a directory in this one; `None` if there is nothing.
    pub(super) fn open(&self, name: &OsStr) -> Result<Option<Self>, Cause> {
        let Some(meta) = self.look(name)? else { return Ok(None) };
        is_dir(&meta)?;
        match open_in(&self.dir, name) {
            Ok(dir) if dir.dir_metadata()?.dev() == self.device => {
                Ok(Some(Self { dir, device: self.device }))
            }
            Ok(_) => Err(Cause::MountPoint),
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => Err(Cause::MountPoint),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// What is there, without following; `None` if there is nothing.
    pub(super) fn look(&self, name: &OsStr) -> io::Result<Option<Metadata>> {
        match self.dir.symlink_metadata(name) {
            Ok(meta) => Ok(Some(meta)),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes a regular file in this directory.
    pub(super) fn remove_file(&self, name: &OsStr, counted: &mut Counted) -> Result<(), Stop> {
        let Some(meta) = self.look(name).map_err(|error| Stop::at("", error))? else { return Ok(()) };
        let cause = match meta.file_type() {
            kind if kind.is_symlink() => Cause::Link,
            kind if !kind.is_file() => Cause::NotAFile,
            _ if meta.dev() != self.device => Cause::MountPoint,
            _ => return self.remove_leaf(name, &meta, counted).map_err(|error| Stop::at("", error)),
        };
        Err(Stop::at("", cause))
    }

    /// Removes a directory in this one, if nothing is in it.
    pub(super) fn remove_if_empty(&self, name: &OsStr) -> Result<(), Stop> {
        match self.dir.remove_dir(name) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty || is_gone(&error) => Ok(()),
            result => result.map_err(|error| Stop::at("", error)),
        }
    }

    /// Removes a directory in this one with all that is in it, where it is. It changes permissions where it must.
    ///
    /// Killed in between, it leaves nothing that cargo trusts although half of it is gone. In each directory the files go
    /// first: the `output` of a build script (cargo reruns it where that is missing) before the half `OUT_DIR` beside it,
    /// the lock of an incremental session (rustc sweeps away sessions without) before the session. Then the directories
    /// that say that a unit is done, then what they say it of.
    pub(super) fn remove_tree(&self, name: &OsStr, counted: &mut Counted) -> Result<(), Stop> {
        self.remove_tree_at(name, counted, 0)
    }

    fn remove_tree_at(&self, name: &OsStr, counted: &mut Counted, depth: usize) -> Result<(), Stop> {
        let here = |error: io::Error| Stop::at(name, error);
        if depth > DEEPEST {
            return Err(here(io::Error::other("directories are nested too deeply to remove it here")));
        }
        // Again where somebody put something new under the same name.
        for _ in 0..8 {
            let Some(meta) = self.look(name).map_err(here)? else { return Ok(()) };
            if !meta.is_dir() {
                return self.remove_leaf(name, &meta, counted).map_err(here);
            }
            if meta.dev() == self.device {
                self.allow(name, &meta).map_err(here)?;
            }
            let Some(folder) = self.open(name).map_err(|cause| Stop::at(name, cause))? else { return Ok(()) };
            let mut inside = Vec::new();
            for entry in folder.dir.entries().map_err(here)? {
                let entry = entry.map_err(here)?;
                let is_dir = entry.file_type().map_err(here)?.is_dir();
                let name = entry.file_name();
                inside.push((is_dir, !DONE.iter().any(|done| name == *done), name));
            }
            inside.sort();
            for (.., inner) in inside {
                folder.remove_tree_at(&inner, counted, depth + 1).map_err(|stop| stop.within(name))?;
            }
            drop(folder);
            match self.dir.remove_dir(name) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                Err(error) if !is_gone(&error) => return Err(here(error)),
                _ => return Ok(()),
            }
        }
        Err(here(io::Error::from(io::ErrorKind::DirectoryNotEmpty)))
    }

    fn remove_leaf(&self, name: &OsStr, meta: &Metadata, counted: &mut Counted) -> io::Result<()> {
        self.allow_leaf(name, meta)?;
        match self.dir.remove_file_or_symlink(name) {
            Ok(()) => counted.add(meta),
            Err(error) if is_gone(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Lets the owner look into and change a directory: build scripts leave read-only ones behind (Go's module cache).
    #[cfg(unix)]
    fn allow(&self, name: &OsStr, meta: &Metadata) -> io::Result<()> {
        use cap_std::fs::{Permissions, PermissionsExt};
        let mode = meta.permissions().mode();
        if mode & 0o700 == 0o700 {
            return Ok(());
        }
        match self.dir.set_permissions(name, Permissions::from_mode(mode | 0o700)) {
            Err(error) if is_gone(&error) => Ok(()),
            result => result,
        }
    }

    #[cfg(not(unix))]
    fn allow(&self, _: &OsStr, _: &Metadata) -> io::Result<()> {
        Ok(())
    }

    #[cfg(not(windows))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "Windows needs both")]
    fn allow_leaf(&self, _: &OsStr, _: &Metadata) -> io::Result<()> {
        Ok(())
    }

    /// Windows keeps the read-only attribute on the file, and does not remove such a file.
    #[cfg(windows)]
    fn allow_leaf(&self, name: &OsStr, meta: &Metadata) -> io::Result<()> {
        let mut permissions = meta.permissions();
        if !meta.is_file() || !permissions.readonly() {
            return Ok(());
        }
        permissions.set_readonly(false);
        self.dir.set_permissions(name, permissions)
    }
}

fn is_dir(meta: &Metadata) -> Result<(), Cause> {
    match meta.file_type() {
        kind if kind.is_symlink() => Err(Cause::Link),
        kind if kind.is_dir() => Ok(()),
        _ => Err(Cause::NotADirectory),
    }
}

/// Linux also says where another directory of the same device is mounted (bind mounts), which device numbers do not tell.
#[cfg(target_os = "linux")]
fn open_in(dir: &Dir, name: &OsStr) -> io::Result<Dir> {
    use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
    use rustix::io::Errno;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
    match openat2(dir, name, flags, Mode::empty(), resolve) {
        Ok(fd) => Ok(Dir::from_std_file(fd.into())),
        // Linux before 5.6, or a sandbox that knows nothing newer.
        Err(Errno::NOSYS | Errno::PERM) => {
            let child = dir.open_dir_nofollow(name)?;
            super::mount::is_same(dir, &child)?;
            Ok(child)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn open_in(dir: &Dir, name: &OsStr) -> io::Result<Dir> {
    dir.open_dir_nofollow(name)
}
