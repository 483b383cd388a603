//! One examination: look, make sure, repair where that is wanted, look again.

use crate::cli::Doctor;
use crate::command::Mode;
use crate::command::locking::Patience;
use crate::command::verifying::{Repaired, State, Verifier};
use crate::diagnostic::Failure;
use crate::doctor::{self, Examination, Finding};
use crate::observe::freshness::{self, Depth};
use crate::report::doctor::Now;

/// One examination.
pub(super) struct Visit<'a> {
    pub(super) verifier: &'a Verifier<'a>,
    pub(super) asked: &'a Doctor,
    pub(super) mode: Mode,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Found {
    pub(super) units: usize,
    pub(super) findings: Vec<(Finding, Now)>,
    pub(super) notes: Vec<String>,
}

impl Visit<'_> {
    fn depth(&self) -> Depth {
        if self.asked.quick { Depth::Stat } else { Depth::Content }
    }

    fn patience(&self) -> Patience {
        if self.asked.no_wait { Patience::None } else { Patience::Wait }
    }

    fn findings(&self, state: &State) -> Vec<Finding> {
        doctor::check(&Examination {
            ledger: &state.examined.ledger,
            repairs: &state.repairs,
            damaged: &state.damaged,
            roots: self.verifier.roots(),
        })
    }

    /// Examines, and repairs where that was asked for.
    ///
    /// # Errors
    /// Somebody builds and waiting was not wanted, or a repair does not succeed.
    pub(super) fn examine(&self) -> Result<Found, Failure> {
        let known = freshness::known(&self.verifier.workspace);
        let mut state = self.verifier.look(known, self.depth(), None);
        let mut notes = self.verifier.hidden();
        if !state.damaged.is_empty() {
            match self.why_not_locked() {
                Some(why) => {
                    notes.push(format!("{why}, so what somebody is building just now may look damaged"))
                }
                None => state = self.verifier.confirm(&state, self.depth(), self.patience())?,
            }
        }
        let before = self.findings(&state);
        let units = state.examined.ledger.units.len();
        if self.asked.fix && !state.is_sound() {
            match self.mode {
                Mode::DryRun => self.verifier.show(&state),
                Mode::Real => state = self.repaired(state)?,
            }
        }
        let after = self.findings(&state);
        let findings = before.into_iter().map(|finding| {
            let now = if finding.is_in(&after) { Now::There } else { Now::Fixed };
            (finding, now)
        });
        let found = Found { units, findings: findings.collect(), notes };
        // What is wrong and stays so must be found again by the next build.
        if self.may_write() && state.is_sound() && state.examined.is_new {
            self.verifier.write(state.examined);
        }
        Ok(found)
    }

    /// What is being built looks damaged: only what is found while nobody builds is certain. Where even a lock file would be one
    /// too many, no lock is taken.
    fn why_not_locked(&self) -> Option<&'static str> {
        match self.mode {
            Mode::DryRun => Some("no lock was taken in a dry run"),
            Mode::Real if !self.verifier.is_ours() => {
                Some("no lock was taken outside of the workspace's bounds")
            }
            Mode::Real => None,
        }
    }

    fn may_write(&self) -> bool {
        self.mode == Mode::Real && self.verifier.is_ours()
    }

    /// Repairs, and looks again.
    fn repaired(&self, state: State) -> Result<State, Failure> {
        let (state, repaired) = self.verifier.repair(state, self.depth(), self.patience())?;
        if repaired != Repaired::Yes {
            return Ok(state);
        }
        let mut now = self.verifier.look(state.examined.ledger, Depth::Stat, None);
        now.examined.is_new = true;
        Ok(now)
    }
}
