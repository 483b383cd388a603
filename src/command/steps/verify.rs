//! The step `verify-cache`: before cargo is started, what it would believe is proven, and what it should not believe is repaired.

use super::Run;
use crate::cache;
use crate::command::locking::Patience;
use crate::command::verifying::{self, Repaired, State, Verifier};
use crate::diagnostic::Failure;
use crate::observe::build::Observed;
use crate::observe::freshness::{self, Before, Depth};
use crate::plan::built;

/// What came of it.
pub(super) enum Verified {
    /// Cargo will find nothing to do, as far as can be told.
    Idle,
    /// A later look compares with this.
    Seen(Before),
    /// Something is wrong and could not be repaired: nothing is to be recorded of what is built now.
    NotRepaired,
}

impl Verified {
    /// What a later look compares with, if there is to be one.
    pub(super) fn before(self) -> Option<Before> {
        match self {
            Self::Seen(before) => Some(before),
            Self::Idle | Self::NotRepaired => None,
        }
    }
}

impl Run<'_> {
    /// Proves and repairs.
    ///
    /// # Errors
    /// Something that has to be repaired cannot be.
    pub(super) fn verify(&self, observed: &Observed) -> Result<Verified, Failure> {
        let verifier = self.verifier(observed);
        if !cache::is_there(&self.workspace.build_dir.value) {
            return Ok(Verified::Seen(freshness::Examined::default().before()));
        }
        let known = freshness::known(&verifier.workspace);
        let mut state = verifier.look(known, Depth::Stat, None);
        if !state.is_sound() {
            let (now, repaired) = verifier.repair(state, Depth::Stat, Patience::Wait)?;
            state = now;
            if repaired == Repaired::NotOurs {
                verifier.note(&state.repairs);
                // What is known to be wrong must not be taken for proven because it was built once more.
                return Ok(Verified::NotRepaired);
            }
        }
        verifier.note(&state.repairs);
        verifier.ask_again(&mut state.examined);
        // Cargo is going to find everything fresh, as far as it can be told: there will be nothing to record.
        let is_idle = state.repairs.cargo_builds.is_empty()
            && state.examined.ledger.unfinished().next().is_none()
            && !state.examined.ledger.units.is_empty();
        if is_idle && state.is_sound() && !state.examined.is_new {
            // Nobody needs the memory of a process that becomes another.
            std::mem::forget(state);
            return Ok(Verified::Idle);
        }
        let before = state.examined.before();
        if state.examined.is_new {
            verifier.write(state.examined);
        }
        Ok(Verified::Seen(before))
    }

    /// Prints what would be repaired.
    pub(super) fn show_verify(&self, observed: &Observed) {
        if cache::is_there(&self.workspace.build_dir.value) {
            let verifier = self.verifier(observed);
            let state: State = verifier.look(freshness::known(&verifier.workspace), Depth::Stat, None);
            verifier.show(&state);
        }
    }

    pub(super) fn verifier(&self, observed: &Observed) -> Verifier<'_> {
        let resolved = &self.context.resolved;
        let dirs =
            built::profile_dirs(resolved.verb.as_deref(), &resolved.flags.words, &self.configured_target());
        Verifier {
            context: self.context,
            workspace: verifying::unlinked(self.workspace),
            policy: &self.loaded.policy,
            compiler: verifying::compiler(observed, &self.context.env),
            profiles: (!dirs.is_empty()).then_some(dirs),
            judges_sources: true,
        }
    }
}
