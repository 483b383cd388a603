//! Emptying the trash on Unix: many threads, straight on directory descriptors, with bounded memory and descriptors.
//!
//! Each thread goes down depth first and deletes files as it reads their names; no list of them is kept. Where another
//! thread has nothing to do it is handed a whole directory. A directory goes when its last descendant is done, by whichever
//! thread that was: each holds on to its parent. Deep nesting is cut: a directory below [`DEEPEST`] levels is moved to
//! the top of the trash and is the business of the next pass.
//!
//! Others may empty the same trash: whatever is gone is fine.

use std::ffi::{CStr, CString, OsStr};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::{Errno, Result};

use super::Count;
use super::queue::Queue;
use crate::apply::removal::error::Cause;
use crate::apply::removal::folder::Folder;
use crate::apply::removal::progress::Stop;
use crate::apply::removal::{Emptied, trash};
use crate::cache::Size;

/// How deep below the trash a thread goes: each level keeps a descriptor, and some systems allow only 256 of them.
const DEEPEST: usize = 8;

/// How deep it goes where the file system does not move directories.
const DEEPEST_OF_ALL: usize = 100;

/// A directory that is open, being emptied.
struct Node {
    fd: OwnedFd,
    /// Where it lies; `None` for the trash itself.
    up: Option<(Arc<Node>, CString)>,
    depth: usize,
}

/// A directory to empty and remove, by its name; `None`: the trash, to empty.
type Task = (Arc<Node>, Option<CString>);

struct Work<'a> {
    /// The trash, for its device.
    top: Stat,
    count: Count<'a>,
    trash: Arc<Node>,
    queue: Queue<Task>,
    totals: &'a Totals,
}

/// What is done so far, in all passes.
#[derive(Default)]
struct Totals {
    files: AtomicU64,
    bytes: AtomicU64,
    /// Everything that was done, directories and moves included.
    steps: AtomicU64,
    moves: AtomicU64,
    /// What makes the names of moved directories unlike those of other processes: nanoseconds.
    start: u128,
    stop: Mutex<Option<Stop>>,
    /// Against two threads that remove two names of one file at a time: both would think that the other's remains.
    linked: [Mutex<()>; 16],
}

/// Deletes all that is in the trash, but not the trash.
pub(in crate::apply::removal) fn all(trash: Folder, threads: usize, count: Count<'_>) -> Emptied {
    let start = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
    let totals = Totals { start, ..Totals::default() };
    let mut first = Some(trash.dir);
    let mut before = u64::MAX;
    // A pass for each time that something had to be moved to the top.
    while let Some(dir) = first.take() {
        let again = dir.try_clone().ok();
        let (fd, top) = match reopened(OwnedFd::from(dir.into_std_file())) {
            Ok(open) => open,
            Err(error) => {
                totals.failed(trash::in_trash(Stop::at("", std::io::Error::from(error))));
                break;
            }
        };
        let node = Arc::new(Node { fd, up: None, depth: 0 });
        let queue = Queue::new(threads, (Arc::clone(&node), None));
        let work = Work { top, count, trash: node, queue, totals: &totals };
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| work.run());
            }
            work.run();
        });
        let steps = totals.steps.load(Ordering::Relaxed);
        if steps != before && steps > 0 {
            before = steps;
            first = again;
        }
    }
    let stop = lock(&totals.stop).take();
    Emptied { done: totals.done(), stop }
}

/// A descriptor that can be read from the start: that of the folder may only be good for looking things up.
fn reopened(fd: OwnedFd) -> Result<(OwnedFd, Stat)> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let fd = rustix::fs::openat(&fd, c".", flags, Mode::empty())?;
    let stat = rustix::fs::fstat(&fd)?;
    Ok((fd, stat))
}

impl Totals {
    fn done(&self) -> Size {
        Size { files: self.files.load(Ordering::Relaxed), bytes: self.bytes.load(Ordering::Relaxed) }
    }

    fn failed(&self, stop: Stop) {
        lock(&self.stop).get_or_insert(stop);
    }
}

impl Work<'_> {
    fn run(&self) {
        while let Some((node, name)) = self.queue.next() {
            match name {
                Some(name) => self.directory(&node, &name),
                None => self.contents(&node),
            }
        }
    }

    /// Empties and removes a directory in this one.
    fn directory(&self, parent: &Arc<Node>, name: &CStr) {
        let fd = match self.open(parent, name) {
            Ok(fd) => fd,
            Err(Failed::Gone) => return,
            Err(Failed::Because(cause)) => return self.failed(parent, name, cause),
        };
        let up = Some((Arc::clone(parent), name.to_owned()));
        let node = Arc::new(Node { fd, up, depth: parent.depth + 1 });
        self.contents(&node);
        self.leave(node);
        if let Count::Yes(progress) = self.count {
            progress(self.totals.done());
        }
    }

    /// Removes the directory if this was the last that had to do with it, and so on upwards.
    fn leave(&self, node: Arc<Node>) {
        let mut node = Some(node);
        while let Some(Node { fd, up: Some((parent, name)), .. }) = node.take().and_then(Arc::into_inner) {
            drop(fd);
            match parent.with_access(|| rustix::fs::unlinkat(&parent.fd, &name, AtFlags::REMOVEDIR)) {
                Ok(()) => self.step(),
                // Something could not be removed, which was said, or came only now: the next pass sees it.
                Err(Errno::NOENT | Errno::NOTEMPTY | Errno::EXIST) => {}
                Err(error) => self.failed(&parent, &name, cause(error)),
            }
            node = Some(parent);
        }
    }

    fn contents(&self, node: &Arc<Node>) {
        let result = each(&node.fd, |name, kind| {
            let kind = match kind {
                FileType::Unknown => node.stat(name).map(|stat| FileType::from_raw_mode(stat.st_mode)),
                kind => Ok(kind),
            };
            match kind {
                Ok(FileType::Directory) => self.below(node, name),
                Ok(_) => self.file(node, name),
                Err(Errno::NOENT) => {}
                Err(error) => self.failed(node, name, cause(error)),
            }
        });
        if let Err(error) = result
            && error != Errno::NOENT
        {
            self.failed(node, c"", cause(error));
        }
    }

    /// A directory in a directory: for another thread, for later, or now.
    fn below(&self, node: &Arc<Node>, name: &CStr) {
        if node.depth >= DEEPEST {
            let number = self.totals.moves.fetch_add(1, Ordering::Relaxed);
            let top = format!("{}-{:x}-deep-{number}", std::process::id(), self.totals.start);
            let moved =
                node.with_access(|| rustix::fs::renameat(&node.fd, name, &self.trash.fd, top.as_str()));
            match moved {
                Ok(()) => return self.step(),
                Err(Errno::NOENT) => return,
                Err(error) if node.depth >= DEEPEST_OF_ALL => return self.failed(node, name, cause(error)),
                Err(_) => {}
            }
        }
        if !self.queue.offer(|| (Arc::clone(node), Some(name.to_owned()))) {
            self.directory(node, name);
        }
    }

    fn file(&self, node: &Arc<Node>, name: &CStr) {
        let unlink = || node.with_access(|| rustix::fs::unlinkat(&node.fd, name, AtFlags::empty()));
        let size = |stat: &Stat| {
            let regular = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
            if regular && stat.st_nlink <= 1 { u64::try_from(stat.st_size).unwrap_or(0) } else { 0 }
        };
        let removed = match self.count {
            Count::No => unlink().map(|()| 0),
            Count::Yes(_) => node.stat(name).and_then(|stat| {
                if stat.st_nlink <= 1 {
                    return unlink().map(|()| size(&stat));
                }
                let _alone = lock(&self.totals.linked[usize::try_from(stat.st_ino % 16).unwrap_or(0)]);
                let bytes = size(&node.stat(name)?);
                unlink().map(|()| bytes)
            }),
        };
        match removed {
            Ok(bytes) => {
                self.totals.files.fetch_add(1, Ordering::Relaxed);
                self.totals.bytes.fetch_add(bytes, Ordering::Relaxed);
                self.step();
            }
            Err(Errno::NOENT) => {}
            Err(error) => self.failed(node, name, cause(error)),
        }
    }

    fn open(&self, parent: &Node, name: &CStr) -> std::result::Result<OwnedFd, Failed> {
        let fd = match parent.with_access(|| open_dir(&parent.fd, name, OFlags::RDONLY)) {
            // Not to be read by its owner: what is in the trash is not protected any more.
            Err(Errno::ACCESS) => {
                allow_closed(&parent.fd, name).and_then(|()| open_dir(&parent.fd, name, OFlags::RDONLY))
            }
            result => result,
        }?;
        // Where `openat2` is missing, and for the subvolumes of btrfs, which are no mounts.
        if rustix::fs::fstat(&fd)?.st_dev != self.top.st_dev {
            return Err(Failed::Because(Cause::MountPoint));
        }
        Ok(fd)
    }

    fn step(&self) {
        self.totals.steps.fetch_add(1, Ordering::Relaxed);
    }

    fn failed(&self, node: &Node, name: &CStr, cause: Cause) {
        let mut names = vec![name];
        let mut up = node.up.as_ref();
        while let Some((parent, name)) = up {
            names.push(name);
            up = parent.up.as_ref();
        }
        let path: PathBuf = names.iter().rev().map(|name| OsStr::from_bytes(name.to_bytes())).collect();
        self.totals.failed(trash::in_trash(Stop::at(path, cause)));
    }
}

impl Node {
    fn stat(&self, name: &CStr) -> Result<Stat> {
        self.with_access(|| rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW))
    }

    /// Does something in this directory, and again if its owner had to be allowed to: build scripts leave read-only
    /// directories behind (Go's module cache).
    fn with_access<T>(&self, act: impl Fn() -> Result<T>) -> Result<T> {
        match act() {
            Err(Errno::ACCESS) => {
                let mode = Mode::from_raw_mode(rustix::fs::fstat(&self.fd)?.st_mode);
                if mode.contains(Mode::RWXU) {
                    return Err(Errno::ACCESS);
                }
                rustix::fs::fchmod(&self.fd, mode | Mode::RWXU).map_err(|_| Errno::ACCESS)?;
                act()
            }
            result => result,
        }
    }
}

/// Why a directory was not opened.
enum Failed {
    Gone,
    Because(Cause),
}

impl From<Errno> for Failed {
    fn from(error: Errno) -> Self {
        if error == Errno::NOENT { Self::Gone } else { Self::Because(cause(error)) }
    }
}

fn cause(error: Errno) -> Cause {
    match error {
        Errno::XDEV | Errno::BUSY => Cause::MountPoint,
        Errno::LOOP => Cause::Link,
        Errno::NOTDIR => Cause::NotADirectory,
        error => Cause::Io(error.into()),
    }
}

/// Linux also says where another directory of the same device is mounted (bind mounts), which device numbers do not tell.
#[cfg(target_os = "linux")]
fn open_dir(parent: &OwnedFd, name: &CStr, how: OFlags) -> Result<OwnedFd> {
    use rustix::fs::{ResolveFlags, openat2};
    let flags = how | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
    match openat2(parent, name, flags, Mode::empty(), resolve) {
        // Linux before 5.6, or a sandbox that knows nothing newer.
        Err(Errno::NOSYS | Errno::PERM) => {
            let child = rustix::fs::openat(parent, name, flags, Mode::empty())?;
            let same = super::super::mount::is_same(parent, &child);
            same.map_err(|error| {
                if error.kind() == std::io::ErrorKind::CrossesDevices {
                    Errno::XDEV
                } else {
                    Errno::OPNOTSUPP
                }
            })?;
            Ok(child)
        }
        result => result,
    }
}

#[cfg(not(target_os = "linux"))]
fn open_dir(parent: &OwnedFd, name: &CStr, how: OFlags) -> Result<OwnedFd> {
    let flags = how | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(parent, name, flags, Mode::empty())
}

/// Lets the owner into a directory that is closed to him. By a handle that is good for nothing else, because Linux before 6.6
/// cannot change a mode by name without following links.
#[cfg(target_os = "linux")]
fn allow_closed(parent: &OwnedFd, name: &CStr) -> Result<()> {
    use std::os::fd::AsRawFd;
    let fd = open_dir(parent, name, OFlags::PATH)?;
    rustix::fs::chmod(format!("/proc/self/fd/{}", fd.as_raw_fd()), Mode::RWXU).map_err(|_| Errno::ACCESS)
}

#[cfg(not(target_os = "linux"))]
fn allow_closed(parent: &OwnedFd, name: &CStr) -> Result<()> {
    rustix::fs::chmodat(parent, name, Mode::RWXU, AtFlags::SYMLINK_NOFOLLOW).map_err(|_| Errno::ACCESS)
}

/// Calls for each name in a directory but `.` and `..`. What is removed meanwhile is no error.
#[cfg(target_os = "linux")]
fn each(fd: &OwnedFd, mut of: impl FnMut(&CStr, FileType)) -> Result<()> {
    let mut buffer: Vec<u8> = Vec::with_capacity(32 * 1024);
    let mut names = rustix::fs::RawDir::new(fd, buffer.spare_capacity_mut());
    while let Some(entry) = names.next() {
        let entry = entry?;
        if !is_itself(entry.file_name()) {
            of(entry.file_name(), entry.file_type());
        }
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn each(fd: &OwnedFd, mut of: impl FnMut(&CStr, FileType)) -> Result<()> {
    for entry in rustix::fs::Dir::read_from(fd)? {
        let entry = entry?;
        if !is_itself(entry.file_name()) {
            of(entry.file_name(), entry.file_type());
        }
    }
    Ok(())
}

fn is_itself(name: &CStr) -> bool {
    matches!(name.to_bytes(), b"." | b"..")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
