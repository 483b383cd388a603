//! The commands that are given to rustup, as a user could type them, one after the other.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo_exe::CargoExe;
use crate::env::Env;
use crate::plan::Presence;
use crate::toolchain::Active;

/// The rustup that stands behind the cargo proxy: beside it, else in PATH.
#[must_use]
pub fn executable(cargo: &CargoExe, env: &Env) -> Option<PathBuf> {
    let name = format!("rustup{}", std::env::consts::EXE_SUFFIX);
    let beside = cargo.path.with_file_name(&name);
    std::iter::once(beside)
        .chain(env.search_path().into_iter().map(|dir| dir.join(&name)))
        .find(|candidate| fs_err::metadata(candidate).is_ok_and(|meta| meta.is_file()))
}

/// What installs the missing parts of a toolchain: all of it with what the toolchain file asks for, or only the
/// components and targets that it lacks (installing again would also move a moving channel).
#[must_use]
pub fn install(rustup: &Path, toolchain: &Active, missing: &Presence) -> Vec<Command> {
    let name = toolchain.name.value.as_str();
    match missing {
        Presence::Complete | Presence::CannotInstall(_) => Vec::new(),
        Presence::Missing => vec![whole(rustup, toolchain)],
        Presence::HalfInstalled => {
            let mut remove = Command::new(rustup);
            remove.args(["toolchain", "uninstall", name]);
            vec![remove, whole(rustup, toolchain)]
        }
        Presence::Lacks { components, targets } => [("component", components), ("target", targets)]
            .into_iter()
            .filter(|(_, wanted)| !wanted.is_empty())
            .map(|(kind, wanted)| {
                let mut command = Command::new(rustup);
                command.args([kind, "add", "--toolchain", name]).args(wanted);
                command
            })
            .collect(),
    }
}

fn whole(rustup: &Path, toolchain: &Active) -> Command {
    let mut command = Command::new(rustup);
    command.args(["toolchain", "install", toolchain.name.value.as_str(), "--no-self-update"]);
    if let Some(profile) = &toolchain.wants.profile {
        command.args(["--profile", profile.as_str()]);
    }
    for component in &toolchain.wants.components {
        command.args(["--component", component]);
    }
    for target in &toolchain.wants.targets {
        command.args(["--target", target]);
    }
    command
}

/// What brings a moving channel up to date.
#[must_use]
pub fn update(rustup: &Path, channel: &str) -> Command {
    let mut command = Command::new(rustup);
    command.args(["update", channel, "--no-self-update"]);
    command
}

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
