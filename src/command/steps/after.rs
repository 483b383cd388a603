//! Running cargo for a build, and what comes after it: what was built is written into the ledger, and where the build failed, it
//! is looked whether the cache is to blame.

use std::process::ExitStatus;

use super::Run;
use crate::apply::process;
use crate::cache::stat::Time;
use crate::cache::{self, damage};
use crate::command::locking::Patience;
use crate::command::verifying::{Repaired, Turn, Verifier};
use crate::diagnostic::Failure;
use crate::exit::Exit;
use crate::observe::build::Observed;
use crate::observe::freshness::{self, Before, Depth};
use crate::policy::OnFailure;

/// The exit code of a cargo that could not build. Tests and programs that fail may end with it as well.
const CARGO_FAILED: i32 = 101;

/// After a failed build every artifact is read, but not again within so many seconds where none of their `stat`s changed: an
/// error of the code is seldom alone.
const READ_AGAIN: i64 = 600;

impl Run<'_> {
    /// Runs cargo. `before` is what was seen ahead of it, where the cache was verified.
    ///
    /// # Errors
    /// Cargo cannot be started, or a repair after its failure does not succeed.
    pub(super) fn build(&self, observed: &Observed, before: Option<Before>) -> Result<Exit, Failure> {
        let mut before = before;
        let verifier = self.verifier(observed);
        let mut may_retry = self.loaded.policy.diagnose.retry.value;
        loop {
            if let Some(before) = &mut before {
                before.is_contested = verifier.is_contested();
            }
            let started = Time::now();
            let turn = before.as_ref().and_then(|_| verifier.await_turn());
            let status = process::run(&mut process::cargo(&self.cargo.exe, &self.cargo.args))?;
            if !cache::is_there(&self.workspace.build_dir.value) {
                return Ok(Exit::Child(status));
            }
            if let Some(before) = &mut before {
                before.is_contested |= turn.is_some_and(Turn::was_anothers) || verifier.is_contested();
                self.remember(&verifier, observed, before);
            }
            if !self.has_failed_to_build(&verifier, status, started)
                || !self.repair_after_failure(observed)?
            {
                return Ok(Exit::Child(status));
            }
            let output = &self.context.output;
            if !std::mem::take(&mut may_retry) {
                output.status(
                    "Repaired",
                    "the cache was damaged, which may be why the build failed: build again",
                );
                return Ok(Exit::Child(status));
            }
            output.status("Retrying", "the cache was damaged, which may be why the build failed");
            if before.is_some() {
                before = self.verify(observed).before();
            }
        }
    }

    pub(super) fn scans_failures(&self) -> bool {
        self.loaded.policy.diagnose.on_failure.value != OnFailure::Off
    }

    /// Writes down what the units that were just built were made from.
    fn remember(&self, verifier: &Verifier<'_>, observed: &Observed, before: &Before) {
        let mut state = verifier.look(freshness::known(&verifier.workspace), Depth::Stat, Some(before));
        // What is wrong already is the next build's matter: it must be found again then.
        for damaged in &state.damaged {
            state.examined.ledger.forget(damaged);
        }
        verifier.write_sessions(before, &state.examined);
        // Also where a test failed: what it consists of was built.
        if state.examined.ledger.unfinished().next().is_none() {
            state.examined.is_new |= state.examined.ledger.has_built(self.command(observed));
        }
        if state.examined.is_new {
            // Where it could not be written ahead of the build, that was said then.
            let _ = verifier.try_to_write(state.examined);
        }
    }

    /// Whether it was the build that failed, and not what was built.
    fn has_failed_to_build(&self, verifier: &Verifier<'_>, status: ExitStatus, started: Time) -> bool {
        if !self.scans_failures() || status.code() != Some(CARGO_FAILED) {
            return false;
        }
        let build_dir = &verifier.workspace.build_dir.value;
        cache::has_unfinished(build_dir, started) || damage::in_rustc_info(build_dir).is_some()
    }

    /// Reads everything that may have taken part. Whether something was wrong and is repaired.
    fn repair_after_failure(&self, observed: &Observed) -> Result<bool, Failure> {
        // Sources are as they are: only damage makes a failure the cache's.
        let verifier = Verifier { judges_sources: false, ..self.verifier(observed) };
        let known = freshness::known(&verifier.workspace);
        let is_recent =
            known.read_whole.is_some_and(|time| (time..time.later(READ_AGAIN)).contains(&Time::now()));
        let depth = if is_recent { Depth::Stat } else { Depth::Content };
        let state = verifier.look(known, depth, None);
        if state.damaged.is_empty() {
            if state.examined.is_new {
                verifier.write(state.examined);
            }
            return Ok(false);
        }
        let (state, repaired) = verifier.repair(state, depth, Patience::Wait)?;
        verifier.write(state.examined);
        Ok(repaired == Repaired::Yes)
    }
}
