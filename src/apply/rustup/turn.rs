//! Whose turn it is to run rustup: one after the other, and what was interrupted is known.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

/// Only one at a time: rustup takes no lock of its own, and two that install the same toolchain spoil it.
///
/// The lock is handed down to rustup, so that it holds as long as rustup works, even where xcargo was killed. What is
/// being worked on stands in the file: only with that proof is the rest of an installation xcargo's own to clear away.
#[derive(Debug)]
pub struct Turn {
    lock: File,
    interrupted: Option<String>,
}

impl Turn {
    /// Waits for its turn; `waiting` is called once if somebody else has it.
    ///
    /// # Errors
    /// The lock file in RUSTUP_HOME cannot be made, locked or read.
    pub fn take(rustup_home: &Path, waiting: impl FnOnce(&Path)) -> io::Result<Self> {
        let path = rustup_home.join(".xcargo-lock");
        let lock = File::options().create(true).truncate(false).read(true).write(true).open(&path)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting(&path);
                lock.lock()?;
            }
            Err(TryLockError::Error(cause)) => return Err(cause),
        }
        hand_down(&lock)?;
        let mut text = String::new();
        (&lock).take(LONGEST_NAME).read_to_string(&mut text)?;
        Ok(Self { lock, interrupted: Some(text).filter(|name| !name.is_empty()) })
    }

    /// The toolchain at which xcargo was interrupted the last time, by its full name.
    #[must_use]
    pub fn interrupted(&self) -> Option<&str> {
        self.interrupted.as_deref()
    }

    /// Notes that this toolchain is being worked on.
    ///
    /// # Errors
    /// The note cannot be written; nothing may be begun without it.
    pub fn begin(&mut self, toolchain: &str) -> io::Result<()> {
        self.end()?;
        self.lock.write_all(toolchain.as_bytes())?;
        self.lock.sync_all()
    }

    /// Notes that nothing is being worked on.
    ///
    /// # Errors
    /// The note cannot be written.
    pub fn end(&mut self) -> io::Result<()> {
        self.lock.set_len(0)?;
        self.lock.rewind()
    }
}

/// More bytes than any toolchain's name has.
const LONGEST_NAME: u64 = 4096;

/// Lets child processes inherit the open file, and with it the lock.
#[cfg(unix)]
fn hand_down(lock: &File) -> io::Result<()> {
    Ok(rustix::io::fcntl_setfd(lock, rustix::io::FdFlags::empty())?)
}

/// Elsewhere the lock ends with this process.
#[cfg(not(unix))]
fn hand_down(_: &File) -> io::Result<()> {
    Ok(())
}
