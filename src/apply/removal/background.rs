//! Emptying the trash in a process of its own, which outlives this one and gives way to all others.
//!
//! It is this very program, started with a word that is nobody's verb. On Unix it is handed the open directory as its stdin,
//! so that no path has to be trusted twice. Anybody may call it with anything: all that it ever deletes is what lies in
//! `.xcargo/trash` of the directory that it was given, where both belong to its own user and neither is a link.
//!
//! Killed (a container that ends, a machine that is switched off), it leaves the rest to the next command.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::empty::Count;
use super::error::{Cause, RemovalError};
use super::{Removal, trash};
use crate::cache::locks;
use crate::cache::{OWN_DIR, Size};
use crate::invocation::EMPTY_TRASH;

impl Removal {
    /// Empties the trash in a process of low priority that outlives this one. `program` is this program's own file.
    ///
    /// # Errors
    /// It could not be started, or would refuse because the trash is another user's. Whoever called this can still
    /// [empty it](Self::empty_trash) by himself.
    pub fn empty_in_background(&self, program: &Path) -> io::Result<()> {
        if !self.is_own_trash()? {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, Cause::Foreign));
        }
        let mut command = Command::new(program);
        command.arg(EMPTY_TRASH).stdout(Stdio::null()).stderr(Stdio::null());
        self.hand_over(&mut command)?;
        command.spawn().map(drop)
    }

    /// Empties the trash as long as nobody else does, and as long as there is something in it.
    fn empty_quietly(&self) -> Result<(), RemovalError> {
        loop {
            let Some(own) = self.lock_own() else { return Ok(()) };
            let before = self.has_trash();
            self.empty(1, Count::No)?;
            // Whoever put something in meanwhile found the lock taken and left it to this process: look again, without it.
            drop(own);
            if !before || !self.has_trash() {
                return Ok(());
            }
        }
    }

    fn has_trash(&self) -> bool {
        matches!(trash::open_existing(&self.root), Ok(Some(_)))
    }

    /// The lock of those who empty the trash; `None` if somebody has it, or there is nothing to lock.
    fn lock_own(&self) -> Option<std::fs::File> {
        let own = self.root.open(OWN_DIR.as_ref()).ok().flatten()?;
        locks::try_dir(readable(own.dir).ok()?)
    }

    #[cfg(unix)]
    fn hand_over(&self, command: &mut Command) -> io::Result<()> {
        let dir = self.root.dir.try_clone()?.into_std_file();
        command.stdin(Stdio::from(dir)).current_dir("/");
        Ok(())
    }

    #[cfg(not(unix))]
    fn hand_over(&self, command: &mut Command) -> io::Result<()> {
        command.stdin(Stdio::null()).current_dir(&self.path);
        #[cfg(windows)]
        {
            use std::os::windows::process::CommandExt;
            // DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP and IDLE_PRIORITY_CLASS.
            command.creation_flags(0x8 | 0x200 | 0x40);
        }
        Ok(())
    }

    /// Whether `.xcargo` and the trash in it belong to this user; also if there is none.
    #[cfg(unix)]
    fn is_own_trash(&self) -> io::Result<bool> {
        use cap_std::fs::MetadataExt;
        let is_own = |folder: &super::Folder| {
            folder.dir.dir_metadata().map(|meta| meta.uid() == rustix::process::geteuid().as_raw())
        };
        let other = |cause| match cause {
            Cause::Io(error) => error,
            cause => io::Error::other(cause),
        };
        let Some(own) = self.root.open(OWN_DIR.as_ref()).map_err(other)? else { return Ok(true) };
        let trash = own.open(crate::cache::TRASH_DIR.as_ref()).map_err(other)?;
        Ok(is_own(&own)? && trash.map_or(Ok(true), |trash| is_own(&trash))?)
    }

    /// There is no cheap way to tell.
    #[cfg(not(unix))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "Unix needs both")]
    fn is_own_trash(&self) -> io::Result<bool> {
        Ok(true)
    }
}

/// The directory, open for more than paths below it: a handle that is good for nothing else cannot be locked.
#[cfg(unix)]
fn readable(dir: cap_std::fs::Dir) -> io::Result<std::fs::File> {
    use rustix::fs::{Mode, OFlags, openat};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(openat(&dir, ".", flags, Mode::empty())?.into())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "Unix needs it")]
fn readable(dir: cap_std::fs::Dir) -> io::Result<std::fs::File> {
    Ok(dir.into_std_file())
}

/// What the process in the background does.
///
/// # Errors
/// It was not given a directory, its trash is another user's, or something in it cannot be deleted. Nobody hears of it
/// but who calls it by hand.
pub fn empty_trash_as_told() -> Result<(), RemovalError> {
    let failed = |cause| RemovalError { done: Size::default(), path: "stdin".into(), cause };
    let removal = given().map_err(failed)?;
    if !removal.is_own_trash().map_err(|error| failed(error.into()))? {
        return Err(failed(Cause::Foreign));
    }
    step_back();
    removal.empty_quietly()
}

#[cfg(unix)]
fn given() -> Result<Removal, Cause> {
    use std::os::fd::AsFd;
    let dir = io::stdin().as_fd().try_clone_to_owned()?;
    let dir = cap_std::fs::Dir::from_std_file(dir.into());
    Ok(Removal { root: super::Folder::of(dir)?, path: "".into() })
}

#[cfg(not(unix))]
fn given() -> Result<Removal, Cause> {
    let here = fs_err::canonicalize(".")?;
    Removal::at(&here).map_err(|error| error.cause)
}

/// Leaves the terminal to whoever started this, and the processor and the disk to everybody.
#[cfg(unix)]
fn step_back() {
    // Neither matters enough to stop for: a caller's own session, or a priority that is low enough already.
    let _ = rustix::process::setsid();
    let _ = rustix::process::setpriority_process(None, 19);
}

/// The flags of the process have said it.
#[cfg(not(unix))]
fn step_back() {}
