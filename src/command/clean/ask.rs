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
    /// Whether everything may go.
    ///
    /// # Errors
    /// The policy forbids it, or wants a person's word and does not get it.
    pub(super) fn may_take_everything(&self, home: &Home, plan: &CleanPlan) -> Result<(), Failure> {
        let full = &self.policy.clean.full;
        let refused = |message: &str| Diagnostic::error(Code::PolicyRefused, message);
        let located = |finding: Diagnostic| -> Failure {
            match self.loaded {
                Some(loaded) => rule::located(finding, &full.origin, loaded).into(),
                None => finding.into(),
            }
        };
        let instead = "`xcargo clean --stale` takes what can never be used again, and nothing else";
        match full.value {
            FullClean::Allow => Ok(()),
            FullClean::Deny => {
                Err(located(refused("the policy does not allow a clean of everything here").help(instead)))
            }
            FullClean::Ask if self.asked.yes => Ok(()),
            FullClean::Ask => match self.context.output.ask(&question(home, plan), Preferred::No) {
                Some(true) => Ok(()),
                Some(false) => Err(located(refused("nothing was removed: you did not want it").help(instead))),
                None => Err(located(
                    refused("the policy wants a person to agree to a clean of everything, and there is no terminal to ask on")
                        .help("say `--yes`")
                        .help(instead),
                )),
            },
        }
    }
}

fn question(home: &Home, plan: &CleanPlan) -> String {
    let size = words::size(measured(home, plan.clone()).size());
    format!("Remove everything that cargo built in {} ({size})?", home.target.path().display())
}
