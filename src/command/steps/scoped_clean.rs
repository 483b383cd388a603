//! The step `scoped-clean`: inside the bounds, under cargo's locks, and only what is positively stale.

use super::{Done, Run};
use crate::apply::removal::{Removal, RemovalError};
use crate::cache::finals::Finals;
use crate::cache::locks::{self, Locks};
use crate::cache::outline::Outline;
use crate::cache::size::{self, Tally};
use crate::cache::{self, Cache, Why};
use crate::command::locking::{self, Patience, Planned};
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::exit::Code;
use crate::observe::build::Observed;
use crate::observe::rules::{self, Basis};
use crate::plan::clean::{Asked, CleanPlan, Criteria, Owners, Rules, Side, Sight, Wanted, What, Where};
use crate::plan::{Causes, Goal, Step, clean, words};
use crate::workspace::bounds::{self, OwnDir};

impl Run<'_> {
    /// Removes what is stale, and says what and why. `lock_before` is the lock file before this command touched it.
    ///
    /// Returns what was observed under the locks, where they had to be taken: it counts from there on.
    ///
    /// # Errors
    /// Something could not be removed; what was removed until then is in the message.
    pub(super) fn scoped_clean(
        &self,
        causes: Causes,
        lock_before: Option<&[u8]>,
        observed: &Observed,
        done: &Done,
    ) -> Result<Option<Observed>, Failure> {
        let Some(dir) = self.own_dir() else { return Ok(None) };
        // A look without locks first: mostly there is nothing to do, and nobody has to wait for that.
        let mut seen = self.read(&dir)?;
        let (rules, plan) = self.decide(&mut seen, causes, lock_before, observed);
        if plan.is_empty() {
            self.say_left(self.left(&seen, &rules, &plan));
            return Ok(None);
        }
        // Waiting may take long, and others may move what this was decided from: cache, pin, lock file, stamps. Only what
        // is seen under the locks counts.
        let again = || {
            let mut seen = self.read(&dir)?;
            let observed = self.observe(done)?;
            let Some(causes) = self.causes_now(causes, &observed)? else {
                return Ok(Planned::of(seen, CleanPlan::default(), (Vec::new(), Some(observed))));
            };
            let (rules, plan) = self.decide(&mut seen, causes, lock_before, &observed);
            let left = self.left(&seen, &rules, &plan);
            Ok(Planned::of(seen, plan, (left, Some(observed))))
        };
        let first = Planned::of(seen, plan, (Vec::new(), None));
        let (locks, planned) = self.locked(first, again, Patience::Wait)?;
        let Planned { plan, with: (left, observed), .. } = planned;
        self.say_left(left);
        self.remove(&dir, locks, &plan)?;
        Ok(observed)
    }

    /// Carries out a plan, under the locks of which it was made, and says what goes and why.
    ///
    /// # Errors
    /// Something could not be removed; what was removed until then is in the message.
    pub(super) fn remove(&self, dir: &OwnDir, locks: Locks, plan: &CleanPlan) -> Result<(), Failure> {
        if plan.is_empty() {
            return Ok(());
        }
        for line in words::clean(plan) {
            self.context.output.status("Cleaning", line);
        }
        let removal = Removal::open(dir).map_err(RemovalError::into_failure)?;
        let taken = removal.take(&locks, plan.entries(Side::Build)).map_err(RemovalError::into_failure)?;
        // From here on nobody has to wait.
        drop(locks);
        if self.context.leaves_to_background(&removal, &self.loaded.policy.clean) {
            return Ok(());
        }
        let progress = self.context.output.progress("Cleaning", plan.size().files);
        let _own = locks::try_own(dir.path());
        removal
            .empty_trash(&|done| progress.reached(taken.files + done.files))
            .map_err(RemovalError::into_failure)?;
        Ok(())
    }

    /// Prints what would be removed, and why.
    ///
    /// # Errors
    /// The build dir cannot be read.
    pub(super) fn show_clean(&self, causes: Causes, observed: &Observed) -> Result<(), Failure> {
        let Some(dir) = self.own_dir() else { return Ok(()) };
        let mut seen = self.read(&dir)?;
        let (rules, plan) = self.decide(&mut seen, causes, observed.lock.as_deref(), observed);
        for line in self.left(&seen, &rules, &plan) {
            self.context.output.planned("Would leave", line);
        }
        for line in words::clean(&plan) {
            self.context.output.planned("Would clean", line);
        }
        Ok(())
    }

    /// Empties what an interrupted clean had already moved out of the way. Nothing depends on it, so nothing stops.
    pub(super) fn finish_interrupted(&self) {
        let Some(dir) = self.own_dir() else { return };
        let Ok(removal) = Removal::open(&dir) else { return };
        // Somebody who is cleaning just now has not been interrupted.
        let Some(own) = locks::try_own(dir.path()) else { return };
        let policy = &self.loaded.policy.clean;
        if self.context.may_delete_in_background(policy) {
            drop(own);
            if self.context.leaves_to_background(&removal, policy) {
                self.context.output.status("Finishing", "an interrupted clean, in the background");
                return;
            }
        }
        if let Ok(size) = removal.empty_trash(&|_| {})
            && size.files > 0
        {
            self.context.output.status("Finishing", format!("an interrupted clean: {}", words::size(size)));
        }
    }

    /// What may still be judged, after what was observed anew. An update is judged by what it moved itself.
    fn causes_now(&self, causes: Causes, observed: &Observed) -> Result<Option<Causes>, Failure> {
        if self.goal == Goal::Update {
            return Ok(Some(causes));
        }
        Ok(self.plan(observed)?.into_iter().find_map(|step| match step {
            Step::ScopedClean(causes) => Some(causes),
            _ => None,
        }))
    }

    pub(super) fn read(&self, dir: &OwnDir) -> Result<Cache, Failure> {
        let dir = dir.path();
        cache::read(dir, &self.workspace.cargo_home).map_err(|cause| {
            Failure::new(Code::StepFailed, format!("could not read the build dir {}", dir.display()))
                .note(cause.to_string())
        })
    }

    fn decide(
        &self,
        seen: &mut Cache,
        causes: Causes,
        lock_before: Option<&[u8]>,
        observed: &Observed,
    ) -> (Rules, CleanPlan) {
        let policy = &self.loaded.policy.clean;
        let rustup = self.toolchain.rustup.as_ref();
        let basis = Basis { policy, observed, lock_before, rustup, env: &self.context.env };
        let owners = rules::owners(self.workspace);
        let rules = rules::rules(seen, causes, &basis).beside(&owners);
        let criteria = Criteria { stale: Some(rules.clone()), ..Criteria::default() };
        (rules, self.plan_of(seen, criteria, &owners))
    }

    /// What goes by these criteria, measured. A step never takes final artifacts, so none are looked for.
    pub(super) fn plan_of(&self, seen: &mut Cache, criteria: Criteria, owners: &Owners) -> CleanPlan {
        let what = What::Matching(Box::new(criteria));
        let wanted = Wanted { place: Where::default(), what, by: Asked::ByStep };
        if wanted.needs_sessions() {
            seen.read_sessions();
        }
        let outline = Outline::default();
        let sight = Sight { build: &outline, target: None, cache: seen, finals: &Finals::default() };
        let mut tally = Tally::default();
        clean::decide(sight, &wanted, owners)
            .measured(|_, groups| size::measure(&mut tally, &seen.dir, groups))
    }

    /// The locks on the profile dirs that the plan touches, and the plan as it is under them.
    pub(super) fn locked<T>(
        &self,
        first: Planned<T>,
        again: impl Fn() -> Result<Planned<T>, Failure>,
        patience: Patience,
    ) -> Result<(Locks, Planned<T>), Failure> {
        locking::lock(&self.workspace.target_dir.value, first, again, patience, &self.context.output)
    }

    /// Says what is left alone.
    pub(super) fn say_left(&self, left: Vec<String>) {
        for line in left {
            self.context.output.status("Leaving", line);
        }
    }

    /// What is left alone, and why.
    fn left(&self, seen: &Cache, rules: &Rules, plan: &CleanPlan) -> Vec<String> {
        // An editor's or a coverage tool's own build dir is no surprise to anybody.
        let surprises = |why| why != Why::OtherBuildDir || self.context.output.is_verbose();
        let unknown = seen.unknown.iter().filter(|unknown| surprises(unknown.why));
        let mut lines: Vec<String> =
            unknown.map(|unknown| format!("{} alone: {}", unknown.path.display(), unknown.why)).collect();
        let wanted = self.loaded.policy.clean.scope.value;
        if rules.scope != wanted {
            let dir = seen.dir.display();
            lines.push(format!(
                "what is not stale: other workspaces build into {dir}, so scope \"{wanted}\" is not taken"
            ));
        }
        lines.extend(words::left(plan));
        lines
    }

    /// The build dir, proven to be this workspace's own. Where it is not, nothing is cleaned, and that is said.
    pub(super) fn own_dir(&self) -> Option<OwnDir> {
        let dir = &self.workspace.build_dir;
        fs_err::symlink_metadata(&dir.value).ok()?;
        let allowed = &self.loaded.policy.clean.allow_outside;
        match bounds::prove(dir, self.workspace, allowed, &self.context.env) {
            Ok(own) => Some(own),
            Err(out) => {
                for finding in out.into_failure().diagnostics {
                    let message = format!("scoped-clean left everything alone: {}", finding.message);
                    self.context.output.finding(&Diagnostic {
                        severity: Severity::Warning,
                        message,
                        ..finding
                    });
                }
                None
            }
        }
    }
}
