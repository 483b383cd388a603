//! The way to a directory on open handles: which directories it really leads through, and the last of them, held open.
//!
//! A path is a promise that anybody may break between a check and an act. So the resolved path is walked once, from the
//! file system's root, one name at a time and through no link; the rules are asked of the directories that were passed
//! (by device and inode, which neither case-folding nor bind mounts nor spelling can disguise), and the removal works
//! below the very handle at the end of the walk.

use std::io;
use std::path::{Component, Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

/// Which directory it is: device and inode (on Windows volume and file index).
pub(super) type Id = (u64, u64);

/// A walked path.
#[derive(Debug)]
pub(super) struct Way {
    /// The directories that were passed, from the root on, the last one included.
    ids: Vec<Id>,
    /// The directory at its end; none where nothing is there.
    end: Option<Dir>,
}

impl Way {
    /// Walks a resolved path as far as it exists.
    ///
    /// # Errors
    /// Something on the way is a link or no directory (then somebody has just put it there, or it is the end), or the way is
    /// barred.
    pub(super) fn walk(real: &Path) -> io::Result<Self> {
        let mut root = PathBuf::new();
        let mut names = Vec::new();
        for component in real.components() {
            match component {
                Component::Prefix(_) | Component::RootDir => root.push(component),
                Component::Normal(name) => names.push(name),
                // A resolved path has none.
                Component::CurDir | Component::ParentDir => return Err(io::ErrorKind::InvalidInput.into()),
            }
        }
        let mut dir = Dir::open_ambient_dir(&root, ambient_authority())?;
        let mut ids = vec![id_of(&dir)?];
        for (at, name) in names.iter().enumerate() {
            let step = if at + 1 == names.len() { Step::Last } else { Step::On };
            match open(&dir, name.as_ref(), step) {
                Ok(next) => dir = next,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self { ids, end: None }),
                Err(error) => return Err(error),
            }
            ids.push(id_of(&dir)?);
        }
        Ok(Self { ids, end: Some(dir) })
    }

    /// The directory at the end, where there is one.
    pub(super) fn end(&self) -> Option<&Dir> {
        self.end.as_ref()
    }

    /// The same, to keep.
    pub(super) fn into_end(self) -> Option<Dir> {
        self.end
    }

    /// Which directory the one at the end is.
    pub(super) fn id(&self) -> Option<Id> {
        self.end.as_ref().and(self.ids.last()).copied()
    }

    /// Whether the end is this directory or lies below it. Of an end that is not there: whether it would.
    pub(super) fn is_within(&self, dir: Id) -> bool {
        self.ids.contains(&dir)
    }
}

/// Which directory an open one is.
pub(super) fn id_of(dir: &Dir) -> io::Result<Id> {
    use cap_fs_ext::MetadataExt as _;
    dir.dir_metadata().map(|found| (found.dev(), found.ino()))
}

/// Which directory lies at this path, links followed. Asks only for search permission on the way.
#[cfg(unix)]
pub(super) fn id_at(path: &Path) -> io::Result<Id> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
pub(super) fn id_at(path: &Path) -> io::Result<Id> {
    id_of(&Dir::open_ambient_dir(path, ambient_authority())?)
}

/// What a directory on the way is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// To go on from there.
    On,
    /// To be read.
    Last,
}

/// Directories above (`/home`, often) may be searched and not read: `O_PATH` asks for no more.
#[cfg(target_os = "linux")]
fn open(dir: &Dir, name: &Path, step: Step) -> io::Result<Dir> {
    use rustix::fs::{Mode, OFlags, openat};
    let access = if step == Step::On { OFlags::PATH } else { OFlags::RDONLY };
    let flags = access | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(Dir::from_std_file(openat(dir, name, flags, Mode::empty())?.into()))
}

#[cfg(not(target_os = "linux"))]
fn open(dir: &Dir, name: &Path, _: Step) -> io::Result<Dir> {
    use cap_fs_ext::DirExt as _;
    dir.open_dir_nofollow(name)
}
