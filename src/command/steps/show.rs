//! The plan of a dry run: what would be done, in order, and the command that would run.

use super::Run;
use crate::apply::process;
use crate::command::cargo;
use crate::diagnostic::Failure;
use crate::observe::build::Observed;
use crate::plan::Step;

impl Run<'_> {
    /// Prints the plan that would be carried out, and nothing else.
    ///
    /// # Errors
    /// Something that the plan needs to know cannot be read.
    pub(super) fn show(&self, observed: &Observed, plan: &[Step]) -> Result<(), Failure> {
        let output = &self.context.output;
        if let Some(switch) = self.switch(observed) {
            output.planned("Would switch", switch);
        }
        if observed.trash {
            output.planned("Would finish", "an interrupted clean");
        }
        let mut updates = false;
        for step in plan {
            match step {
                Step::Install { .. } | Step::Refresh { .. } => {
                    for command in self.toolchain_commands(step, observed)? {
                        output.planned("Would run", process::shown(&command));
                    }
                    if matches!(step, Step::Refresh { .. }) {
                        output.planned(
                            "Would then",
                            "plan again: the next steps depend on what the update brings",
                        );
                    }
                }
                Step::RefreshSkipped { .. } => {
                    output.planned("Would skip", "rustup update: the network is off")
                }
                Step::CargoUpdate => {
                    cargo::show_run(&self.cargo, output);
                    updates = true;
                }
                Step::ScopedClean(_) if updates => {
                    output
                        .planned("Would then", "clean what is no longer in the Cargo.lock that this brings");
                }
                Step::SyncPins => output.planned("Would check", "that every other place names the pin"),
                Step::VerifyCache => self.show_verify(observed),
                Step::KeepSize(cap) => self.show_keep_size(*cap, observed)?,
                Step::ScopedClean(causes) => self.show_clean(*causes, observed)?,
            }
        }
        if !updates {
            cargo::show_run(&self.cargo, output);
        }
        Ok(())
    }
}
