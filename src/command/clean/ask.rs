//! The policy's word on a clean of everything: let it be, ask a person, refuse.

use super::Clean;
use super::carry_out::measured;
use super::home::Home;
use crate::command::rule;
use crate::diagnostic::{Diagnostic, Failure};
use crate::exit::Code;
use crate::output::Preferred;
use crate::plan::clean::CleanPlan;
use crate::plan::words;
use crate::policy::FullClean;

impl Clean<'_> {
    /// What a dry run has to say of the policy's word.
    ///
    /// # Errors
    /// The policy forbids what was shown.
    pub(super) fn would_be_refused(&self) -> Result<(), Failure> {
        match self.policy.clean.full.value {
            FullClean::Deny => self.refuse("the policy does not allow a clean of everything here"),
            FullClean::Ask if !self.asked.yes => {
                self.context.output.planned("Would ask", "whether everything may go: clean.full");
                Ok(())
            }
            FullClean::Ask | FullClean::Allow => Ok(()),
        }
    }

    /// Whether everything may go.
    ///
    /// # Errors
    /// The policy forbids it, or wants a person's word and does not get it.
    pub(super) fn may_take_everything(&self, home: &Home, plan: &CleanPlan) -> Result<(), Failure> {
        match self.policy.clean.full.value {
            FullClean::Allow => Ok(()),
            FullClean::Deny => self.refuse("the policy does not allow a clean of everything here"),
            FullClean::Ask if self.asked.yes => Ok(()),
            FullClean::Ask => match self.context.output.ask(&question(home, plan), Preferred::No) {
                Some(true) => Ok(()),
                Some(false) => self.refuse("nothing was removed: you did not want it"),
                None => self.refuse(
                    "the policy wants a person to agree to a clean of everything (`--yes`), and there is no terminal to ask on",
                ),
            },
        }
    }

    fn refuse(&self, message: &str) -> Result<(), Failure> {
        let finding = Diagnostic::error(Code::PolicyRefused, message)
            .help("`xcargo clean --stale` takes what can never be used again, and nothing else");
        Err(match self.loaded {
            Some(loaded) => rule::located(finding, &self.policy.clean.full.origin, loaded).into(),
            None => finding.into(),
        })
    }
}

fn question(home: &Home, plan: &CleanPlan) -> String {
    let size = words::size(measured(home, plan.clone()).size());
    format!("Remove everything that cargo built in {} ({size})?", home.target.path().display())
}
