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

/// What was seen of a build dir, by which its profile dirs are locked.
pub(super) trait Seen {
    /// The profile dirs; their units do not matter here.
    fn profiles(&self) -> &Cache;
}

impl Seen for Cache {
    fn profiles(&self) -> &Cache {
        self
    }
}

/// Of these profile dirs those in which something of the plan goes; all of them where something goes that lies beside them,
/// as whoever builds in any may write there. So a clean in one profile need not wait for a build in another.
pub(super) fn touched(mut profiles: Cache, plan: &CleanPlan) -> Cache {
    let entries = || [Side::Build, Side::Target].into_iter().flat_map(|side| plan.entries(side));
    let lies_in = |entry: &Entry, profile: &ProfileDir| entry.path().starts_with(profile.relative());
    let is_beside = |entry: &Entry| !profiles.profiles.iter().any(|profile| lies_in(entry, profile));
    if !entries().any(is_beside) {
        profiles.profiles.retain(|profile| entries().any(|entry| lies_in(entry, profile)));
    }
    profiles
}

/// The locks on the profile dirs that were [`Seen`], and what `look` sees under them: waiting may take long, and only that counts.
///
/// `seen` is how it was a moment ago.
///
/// # Errors
/// A lock cannot be taken at all, somebody has it and there is no patience, or `look` fails.
pub(super) fn lock<S: Seen>(
    target_dir: &Path,
    mut seen: S,
    look: impl Fn() -> Result<S, Failure>,
    patience: Patience,
    output: &Output,
) -> Result<(Locks, S), Failure> {
    loop {
        let locks = wait(target_dir, seen.profiles(), patience, output)?;
        let now = look()?;
        if locks.hold_all(now.profiles()) {
            return Ok((locks, now));
        }
        // A profile dir appeared while this waited: it has to be locked as well.
        drop(locks);
        seen = now;
    }
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
