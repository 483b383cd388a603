//! What `xcargo toolchain` does to the build cache when the pin has moved: the steps of `toolchain-change`.

use super::{Done, Run};
use crate::diagnostic::Failure;
use crate::plan::{Presence, Step, words};

impl Run<'_> {
    /// Cleans what the new pin can never use, where the policy wants that, and records the new compiler.
    ///
    /// # Errors
    /// Something could not be removed; what was removed until then is in the message.
    pub(in crate::command) fn clean_after_change(&self) -> Result<(), Failure> {
        let done = Done::default();
        let mut observed = self.observe(&done)?;
        let presence = observed.seen.pin.as_ref().map(|pin| (&pin.presence, &pin.label));
        if let Some((missing, label)) = presence.filter(|(presence, _)| **presence != Presence::Complete) {
            let what = words::missing(missing, label);
            self.context.output.status("Skipping", format!("scoped-clean: {what} is not installed"));
            return Ok(());
        }
        let plan = self.plan(&observed)?;
        for step in &plan {
            if let Step::ScopedClean(causes) = step {
                let before = observed.lock.clone();
                let now = self.scoped_clean(*causes, before.as_deref(), &observed, &done)?;
                observed = now.unwrap_or(observed);
            }
        }
        // Without a policy nothing is recorded: no build would read it.
        if !self.loaded.sources.is_empty() && observed.stamp.is_some() {
            self.record(&observed, &done);
        }
        Ok(())
    }
}
