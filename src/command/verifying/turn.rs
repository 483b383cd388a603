//! Whether our cargo had to wait for somebody else's.
//!
//! That nobody builds just before cargo is started says nothing of the moment at which cargo asks for its locks, some
//! hundredths of a second later.

use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::cache::locks;

/// How often it is looked. Whoever builds anything holds the locks for longer.
const EVERY: Duration = Duration::from_millis(5);

/// Looks who holds cargo's locks, from before cargo is started until it holds them or ends. Nothing is locked for that.
pub(in crate::command) struct Turn {
    ended: Sender<()>,
    looking: JoinHandle<bool>,
}

impl Turn {
    /// Begins to look at these lock files. `None` where the system does not say who holds a lock.
    pub(super) fn await_on(lock_files: Vec<PathBuf>) -> Option<Self> {
        if !locks::NAMES_HOLDERS {
            return None;
        }
        let (ended, has_ended) = mpsc::channel();
        let ours = std::process::id();
        let look = move || {
            let mut is_contested = false;
            loop {
                let holders = lock_files.iter().filter_map(|path| locks::holder(path));
                let (own, others): (Vec<u32>, Vec<u32>) =
                    holders.map(|holder| holder.pid).partition(|pid| locks::is_started_by(*pid, ours));
                is_contested |= !others.is_empty();
                let is_our_turn = others.is_empty() && !own.is_empty();
                if is_our_turn || has_ended.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout) {
                    return is_contested;
                }
            }
        };
        Some(Self { ended, looking: thread::spawn(look) })
    }

    /// Whether somebody else built until then.
    pub(in crate::command) fn was_anothers(self) -> bool {
        // It may have stopped to look long ago.
        let _ = self.ended.send(());
        self.looking.join().unwrap_or(true)
    }
}
