//! Many `stat`s below one directory, whose own path the system looks up once: at some thousand files that is a third of the work.

use std::io;
use std::path::Path;

use super::stat::Stat;

/// A directory, open where the system knows such a thing.
#[derive(Debug)]
pub struct Below<'a> {
    path: &'a Path,
    #[cfg(unix)]
    handle: Option<std::os::fd::OwnedFd>,
}

impl<'a> Below<'a> {
    /// The directory at this path. It need not be there.
    #[must_use]
    pub fn new(path: &'a Path) -> Self {
        Self {
            path,
            #[cfg(unix)]
            handle: unix::open(path),
        }
    }

    /// [`Stat::of_file`] of the path that is relative to it. (One that is absolute is relative to nothing.)
    #[must_use]
    pub fn of_file(&self, relative: &Path) -> Option<Stat> {
        #[cfg(unix)]
        if let Some(handle) = &self.handle {
            return unix::stat(handle, relative).map(|(stat, _)| stat);
        }
        Stat::of_file(&self.path.join(relative))
    }

    /// [`Stat::at`] likewise.
    ///
    /// # Errors
    /// What the system says.
    pub fn at(&self, relative: &Path) -> io::Result<Option<Stat>> {
        #[cfg(unix)]
        if let Some((stat, is_link)) = self.handle.as_ref().and_then(|handle| unix::stat(handle, relative))
            && !is_link
        {
            return Ok(Some(stat));
        }
        Stat::at(&self.path.join(relative))
    }
}

#[cfg(unix)]
mod unix {
    use std::os::fd::OwnedFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, openat, statat};

    use crate::cache::stat::Stat;

    /// `None`: it is not there or may not be opened. (May it be passed through, paths below it still lead somewhere.)
    pub(super) fn open(path: &Path) -> Option<OwnedFd> {
        openat(CWD, path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok()
    }

    /// The `stat`, and whether it is one of a link.
    #[allow(
        clippy::unnecessary_cast,
        clippy::cast_sign_loss,
        reason = "these numbers have other types on each system; the standard library casts them likewise"
    )]
    pub(super) fn stat(dir: &OwnedFd, relative: &Path) -> Option<(Stat, bool)> {
        // To the system the empty path is nothing at all.
        let relative = if relative.as_os_str().is_empty() { Path::new(".") } else { relative };
        let found = statat(dir, relative, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        let stat = Stat {
            size: found.st_size as u64,
            modified: Stat::time(found.st_mtime as i64, found.st_mtime_nsec as i64),
            changed: Stat::time(found.st_ctime as i64, found.st_ctime_nsec as i64),
            inode: found.st_ino as u64,
            device: found.st_dev as u64,
        };
        Some((stat, FileType::from_raw_mode(found.st_mode) == FileType::Symlink))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Below;
    use crate::cache::stat::Stat;

    #[test]
    fn it_is_the_stat_that_the_whole_path_has() {
        let temp = tempfile::tempdir().expect("temp dir");
        let dir = temp.path().join("dir");
        fs_err::create_dir(&dir).expect("dir");
        fs_err::write(dir.join("file"), "text").expect("file");
        filetime::set_file_mtime(dir.join("file"), filetime::FileTime::from_unix_time(-5, 7)).expect("time");
        #[cfg(unix)]
        std::os::unix::fs::symlink("dir/file", temp.path().join("link")).expect("link");
        let below = Below::new(temp.path());
        for name in ["dir", "dir/file", "link", "dir/../dir/file", "none", "dir/file/none", ""] {
            let (name, path) = (Path::new(name), temp.path().join(name));
            assert_eq!(below.of_file(name), Stat::of_file(&path), "{path:?}");
            assert_eq!(below.at(name).expect("stat"), Stat::at(&path).expect("stat"), "{path:?}");
        }
        let none = dir.join("none");
        assert_eq!(Below::new(&none).of_file(Path::new("file")), None);
        assert_eq!(Below::new(&none).of_file(&dir.join("file")), Stat::of_file(&dir.join("file")));
    }
}
