//! The step `verify-cache`: before cargo is started, what it would believe is proven, and what it should not believe is repaired.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use super::Run;
use crate::cache;
use crate::cache::digest::Digest;
use crate::command::locking::Patience;
use crate::command::verifying::{self, Repaired, State, Verifier};
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
    /// Proves and repairs. What cannot be repaired is said.
    pub(super) fn verify(&self, observed: &Observed) -> Verified {
        let verifier = self.verifier(observed);
        if !cache::is_there(&self.workspace.build_dir.value) {
            return Verified::Seen(freshness::Examined::default().before());
        }
        let known = freshness::known(&verifier.workspace);
        let mut state = verifier.look(known, Depth::Stat, None);
        if !state.is_sound() {
            let repaired = match verifier.repair(state, Depth::Stat, Patience::Wait) {
                Ok((now, repaired)) => {
                    state = now;
                    repaired
                }
                // Cargo would have started, and so it does.
                Err(failure) => {
                    verifier.say_unrepaired(failure);
                    return Verified::NotRepaired;
                }
            };
            if repaired == Repaired::NotOurs {
                verifier.note(&state.repairs);
                // What is known to be wrong must not be taken for proven because it was built once more.
                return Verified::NotRepaired;
            }
        }
        verifier.note(&state.repairs);
        verifier.ask_again(&mut state.examined);
        // Cargo is going to find everything fresh, as far as it can be told: there will be nothing to record.
        let is_idle = state.repairs.cargo_builds.is_empty()
            && state.examined.ledger.unfinished().next().is_none()
            && !state.examined.ledger.units.is_empty()
            && state.examined.ledger.commands.contains(&self.command(observed));
        if is_idle && state.is_sound() && !state.examined.is_new {
            // Nobody needs the memory of a process that becomes another.
            std::mem::forget(state);
            return Verified::Idle;
        }
        let before = state.examined.before();
        if state.examined.is_new {
            verifier.write(state.examined);
        }
        Verified::Seen(before)
    }

    /// What decides which units cargo is going to build, as far as it is not in the build dir: a command that was never run may have
    /// units of its own, of which nothing is known yet.
    pub(super) fn command(&self, observed: &Observed) -> Digest {
        let env = &self.context.env;
        let variables = ["CARGO_", "RUST"].into_iter().flat_map(|prefix| env.starting_with(prefix));
        let variables: BTreeMap<&str, &OsStr> = variables.collect();
        let mut parts: Vec<&[u8]> = Vec::new();
        for (name, value) in variables {
            parts.extend([name.as_bytes(), b"=", value.as_encoded_bytes(), b"\0"]);
        }
        // What is handed to the program that is run is no affair of the build's.
        let verb = self.context.resolved.verb.as_deref();
        let is_run = verb.is_some_and(|verb| ["run", "test", "bench"].iter().any(|it| verb == *it));
        for word in self.cargo.args.iter().take_while(|word| !is_run || *word != "--") {
            parts.extend([word.as_encoded_bytes(), b"\0"]);
        }
        parts.push(env.cwd().unwrap_or(Path::new("")).as_os_str().as_encoded_bytes());
        parts.push(observed.lock.as_deref().unwrap_or_default());
        Digest::of(&parts.concat())
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
