//! The step that keeps the build dir below `clean.max-size`, and the record of uses by which it chooses.

use std::time::SystemTime;

use super::Run;
use crate::apply::record;
use crate::cache::outline;
use crate::cache::{self, Cache};
use crate::command::locking::{Patience, Planned};
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::observe::build::Observed;
use crate::observe::uses::{self, News};
use crate::observe::{rules, weights};
use crate::plan::built::{self, ConfiguredTarget};
use crate::plan::clean::{Budget, CleanPlan, Criteria};
use crate::plan::{Goal, Presence, SizeCheck, words};
use crate::policy::ByteSize;
use crate::workspace::bounds::OwnDir;

/// What was used so lately stays, however large, in seconds.
const SPARED: i64 = 24 * 60 * 60;

impl Run<'_> {
    /// Whether it is time to look at the size: where a size is asked for, whenever there is a use to be recorded.
    pub(super) fn size_check(&self, observed: &Observed) -> SizeCheck {
        let builds = self.goal == Goal::Build && cache::is_there(&self.workspace.build_dir.value);
        if !builds || self.loaded.policy.clean.max_size.is_none() {
            return SizeCheck::NotDue;
        }
        // A compiler that is still to be installed has built nothing here.
        let is_missing = observed.seen.pin.as_ref().is_some_and(|pin| pin.presence == Presence::Missing);
        if is_missing || self.news(observed).is_some() { SizeCheck::Due } else { SizeCheck::NotDue }
    }

    /// Records that this build was, at most once a day for the same one. That it cannot be written costs no more than
    /// that the build's units look less used than they are.
    pub(super) fn record_use(&self, observed: &Observed) {
        if let Some(news) = self.news(observed)
            && let Err(cause) = record::uses(news.path(), &news.recorded())
        {
            let path = news.path().display();
            self.context.output.status("Skipping", format!("the record of this use: {path}: {cause}"));
        }
    }

    /// Removes the least recently used units until the build dir fits. Who builds in the same profile is not waited for: this
    /// build has nothing to gain by it.
    ///
    /// # Errors
    /// Something could not be removed; what was removed until then is in the message.
    pub(super) fn keep_size(&self, cap: ByteSize, observed: &Observed) -> Result<(), Failure> {
        let Some(dir) = self.own_dir() else { return Ok(()) };
        let plan = |mut seen: Cache| {
            let plan = self.plan_to_fit(&dir, &mut seen, cap, observed)?;
            Ok::<_, Failure>(Planned::of(seen, plan, ()))
        };
        let first = plan(self.read(&dir)?)?;
        if first.plan.is_empty() {
            return Ok(());
        }
        match self.locked(first, || plan(self.read(&dir)?), Patience::None) {
            Ok((locks, planned)) => {
                self.say_left(words::left(&planned.plan));
                self.remove(&dir, locks, &planned.plan)
            }
            // Nothing breaks where the dir stays too large until the next time.
            Err(busy) if busy.code == Code::Busy => {
                let why = busy.diagnostics.into_iter().next().map_or_else(String::new, |it| it.message);
                self.context.output.status("Skipping", format!("clean.max-size: {why}"));
                Ok(())
            }
            Err(failure) => Err(failure),
        }
    }

    /// Prints what would be removed.
    ///
    /// # Errors
    /// The build dir cannot be read.
    pub(super) fn show_keep_size(&self, cap: ByteSize, observed: &Observed) -> Result<(), Failure> {
        let Some(dir) = self.own_dir() else { return Ok(()) };
        let mut seen = self.read(&dir)?;
        let plan = self.plan_to_fit(&dir, &mut seen, cap, observed)?;
        for line in words::left(&plan) {
            self.context.output.planned("Would leave", line);
        }
        for line in words::clean(&plan) {
            self.context.output.planned("Would clean", line);
        }
        Ok(())
    }

    fn plan_to_fit(
        &self,
        dir: &OwnDir,
        seen: &mut Cache,
        cap: ByteSize,
        observed: &Observed,
    ) -> Result<CleanPlan, Failure> {
        let outline = outline::read(dir.path()).map_err(|cause| {
            let message = format!("could not read the build dir {}", dir.path().display());
            Failure::new(Code::StepFailed, message).note(cause.to_string())
        })?;
        // This build's own use is written down only when it is sure to start.
        let news = self.news(observed);
        let now = news.map_or_else(now, News::now);
        let mut uses = uses::all(dir.path());
        uses.extend(news.map(|news| news.recorded()));
        let budget = Budget {
            cap: cap.0,
            weights: weights::weigh(&outline, seen, None),
            uses,
            spare_since: Some(now.saturating_sub(SPARED)),
        };
        let criteria = Criteria { keep_size: Some(budget), ..Criteria::default() };
        Ok(self.plan_of(seen, criteria, &rules::owners(self.workspace)))
    }

    fn news<'a>(&self, observed: &'a Observed) -> Option<&'a News> {
        if self.goal != Goal::Build || !cache::is_there(&self.workspace.build_dir.value) {
            return None;
        }
        observed.news(|| self.look_for_news(observed))
    }

    /// What cargo's config says of the triple to build for.
    pub(super) fn configured_target(&self) -> ConfiguredTarget {
        match self.context.config.string("build.target") {
            Some(target) => ConfiguredTarget::One(target.value),
            None if self.context.config.is_set("build.target") => ConfiguredTarget::Other,
            None => ConfiguredTarget::None,
        }
    }

    fn look_for_news(&self, observed: &Observed) -> Option<News> {
        let resolved = &self.context.resolved;
        let configured = self.configured_target();
        let dirs = built::profile_dirs(resolved.verb.as_deref(), &resolved.flags.words, &configured);
        uses::news(self.workspace, observed, dirs, now(), &self.context.env)
    }
}

fn now() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}
