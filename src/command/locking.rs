//! Taking cargo's locks before something is removed: waiting as cargo itself would, and saying for whom.

use std::path::Path;
use std::time::Duration;

use crate::cache::locks::{self, Held, Locks};
use crate::cache::{Cache, Entry, ProfileDir};
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::output::Output;
use crate::plan::clean::{CleanPlan, Side};

/// What is done where somebody else holds a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Wait for them, and say so.
    Wait,
    /// Stop (exit code `busy`).
    None,
}

/// A plan, what it was made of, and the profile dirs that it touches: nobody has to wait for those who build in others.
pub(super) struct Planned<T> {
    pub(super) plan: CleanPlan,
    /// What it was made of, or was found out on the way.
    pub(super) with: T,
    touched: Cache,
}

impl<T> Planned<T> {
    /// Of these profile dirs; their units do not matter here.
    pub(super) fn of(profiles: Cache, plan: CleanPlan, with: T) -> Self {
        Self { touched: touched(profiles, &plan), plan, with }
    }
}

/// Of these profile dirs those in which something of the plan goes; all of them where something goes that lies beside them,
/// as whoever builds in any may write there. So a clean in one profile need not wait for a build in another.
fn touched(mut profiles: Cache, plan: &CleanPlan) -> Cache {
    let entries = || [Side::Build, Side::Target].into_iter().flat_map(|side| plan.entries(side));
    let lies_in = |entry: &Entry, profile: &ProfileDir| entry.path().starts_with(profile.relative());
    let is_beside = |entry: &Entry| !profiles.profiles.iter().any(|profile| lies_in(entry, profile));
    if !entries().any(is_beside) {
        profiles.profiles.retain(|profile| entries().any(|entry| lies_in(entry, profile)));
    }
    profiles
}

/// The locks on the profile dirs that a plan touches, and the plan as it is made `again` under them: waiting may take long, and
/// only that one counts.
///
/// # Errors
/// A lock cannot be taken at all, somebody has it and there is no patience, or no plan can be made any more.
pub(super) fn lock<T>(
    target_dir: &Path,
    mut planned: Planned<T>,
    again: impl Fn() -> Result<Planned<T>, Failure>,
    patience: Patience,
    output: &Output,
) -> Result<(Locks, Planned<T>), Failure> {
    loop {
        let locks = wait(target_dir, &planned.touched, patience, output)?;
        let now = again()?;
        if locks.hold_all(&now.touched) {
            return Ok((locks, now));
        }
        // A profile dir appeared while this waited: it has to be locked as well.
        drop(locks);
        planned = now;
    }
}

/// The locks on these profile dirs; their units do not matter here.
///
/// # Errors
/// As [`lock`].
pub(super) fn hold(
    target_dir: &Path,
    dirs: &Cache,
    patience: Patience,
    output: &Output,
) -> Result<Locks, Failure> {
    wait(target_dir, dirs, patience, output)
}

fn wait(target_dir: &Path, seen: &Cache, patience: Patience, output: &Output) -> Result<Locks, Failure> {
    let mut pause = Duration::from_millis(20);
    let mut said = false;
    loop {
        match locks::try_lock(&seen.dir, target_dir, seen) {
            Ok(Held::Locks(locks)) => return Ok(locks),
            Ok(Held::Busy { path }) if patience == Patience::None => return Err(busy(&path)),
            Ok(Held::Busy { path }) => {
                if !said {
                    output.waiting(format!("waiting for file lock on {}{}", path.display(), held_by(&path)));
                    said = true;
                }
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(500));
            }
            Err(cause) => {
                let message = "could not lock the build dir, so nothing was removed";
                return Err(Failure::new(Code::StepFailed, message).note(cause.to_string()).help(
                    "a file system without locks cannot be cleaned safely while others may build in it",
                ));
            }
        }
    }
}

fn busy(path: &Path) -> Failure {
    let message = format!("somebody is building: {} is locked{}", path.display(), held_by(path));
    Failure::new(Code::Busy, message)
        .note("nothing was removed")
        .help("try again when the build has ended, or leave `--no-wait` away to wait for it")
}

/// ` by cargo build (process 4711)`, where the system tells.
fn held_by(path: &Path) -> String {
    locks::holder(path)
        .map(|holder| format!(" by {} (process {})", holder.command, holder.pid))
        .unwrap_or_default()
}
