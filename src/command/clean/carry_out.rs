//! From what was asked to what is gone: a look, a plan, consent, locks, another look, and only then the removal.

use super::home::Home;
use super::look::Look;
use super::{Clean, Whose};
use crate::apply::removal::{Removal, RemovalError};
use crate::cache::locks::{self, Locks};
use crate::cache::size::{self, Size, Tally};
use crate::cache::{Entry, has_trash};
use crate::command::Mode;
use crate::command::locking::{self, Planned};
use crate::diagnostic::Failure;
use crate::exit::Exit;
use crate::observe::rules;
use crate::plan::clean::CleanPlan;
use crate::workspace::Workspace;

/// What came of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Done {
    /// What was deleted by this process.
    pub(super) size: Size,
    /// The rest of the work is another process's.
    pub(super) in_background: bool,
}

/// What makes a plan of a look.
pub(super) type Planner<'a> = dyn Fn(&mut Look) -> Result<CleanPlan, Failure> + 'a;

impl Clean<'_> {
    /// Cleans the workspace's dirs.
    ///
    /// # Errors
    /// Somebody does not agree, a lock cannot be had, or something cannot be removed.
    pub(super) fn of_workspace(&self, workspace: &Workspace, home: Home) -> Result<Whose, Failure> {
        // Others may begin to build here while this waits for a lock, so they are looked for each time.
        let look = || self.look(&home, rules::owners(workspace), &workspace.cargo_home);
        let first = look()?;
        let is_unheard_of = |profile| !first.has_profile(profile);
        if !self.asked.is_xcargos() && self.profile().as_deref().is_some_and(is_unheard_of) {
            // Nothing is there to remove; whether there is such a profile at all is cargo's to say.
            return Ok(Whose::Cargos);
        }
        let plan = |look: &mut Look| {
            let wanted = self.wanted(workspace, look)?;
            look.read_for(&wanted);
            self.decide(&home, look, &wanted)
        };
        self.carry_out(&home, first, &look, &plan, self.takes_everything()).map(Whose::Done)
    }

    /// Shows the plan, or carries it out.
    ///
    /// # Errors
    /// As [`Self::of_workspace`].
    pub(super) fn carry_out(
        &self,
        home: &Home,
        first: Look,
        look: &dyn Fn() -> Result<Look, Failure>,
        plan: &Planner<'_>,
        takes_everything: bool,
    ) -> Result<Exit, Failure> {
        let decide = |mut look: Look| plan(&mut look).map(|plan| look.planned(plan));
        let preview = decide(first)?;
        if self.mode == Mode::DryRun {
            self.show(home, &measured(home, preview.plan));
            if takes_everything {
                self.would_be_refused()?;
            }
            return Ok(Exit::Success);
        }
        if preview.plan.is_empty() {
            let done = self.empty(home, &preview.plan, Done::default(), self.in_background())?;
            self.report(home, &preview.plan, done);
            return Ok(Exit::Success);
        }
        if takes_everything {
            self.may_take_everything(home, &preview.plan)?;
        }
        let target = home.target.path();
        let again = || decide(look()?);
        let (locks, planned) = locking::lock(target, preview, again, self.patience(), &self.context.output)?;
        // Only what is seen under the locks counts: waiting may have taken long.
        let Planned { mut plan, with: look, .. } = planned;
        // Much is deleted by another process, and then whole directories are not counted: that would take as long.
        let later = self.in_background() && is_much(home, &plan);
        if !later || !look.cache.profiles.is_empty() || self.asked.json {
            plan = measured(home, plan);
        }
        self.say(home, &plan);
        let done = self.take(home, &plan, locks)?;
        self.report(home, &plan, self.empty(home, &plan, done, later)?);
        Ok(Exit::Success)
    }

    /// Takes it out of cargo's sight, under the locks, which are given back then.
    fn take(&self, home: &Home, plan: &CleanPlan, locks: Locks) -> Result<Done, Failure> {
        let mut size = Size::default();
        for (side, dir) in home.sides() {
            let entries: Vec<&Entry> = plan.entries(side).collect();
            if !entries.is_empty() {
                let removal = Removal::open(dir).map_err(RemovalError::into_failure)?;
                size += removal.take(&locks, entries).map_err(RemovalError::into_failure)?;
            }
        }
        drop(locks);
        Ok(Done { size, in_background: false })
    }

    /// Deletes what was taken, and what an interrupted clean left: here, or in a process of its own.
    fn empty(&self, home: &Home, plan: &CleanPlan, mut done: Done, later: bool) -> Result<Done, Failure> {
        for (_, dir) in home.sides().filter(|(_, dir)| has_trash(dir.path())) {
            let removal = Removal::open(dir).map_err(RemovalError::into_failure)?;
            if later && self.context.leaves_to_background(&removal, &self.policy.clean) {
                done.in_background = true;
                continue;
            }
            let progress = self.context.output.progress("Cleaning", plan.size().files);
            let before = done.size;
            let _own = locks::try_own(dir.path());
            let emptied = removal
                .empty_trash(&|so_far| progress.reached(before.files + so_far.files))
                .map_err(RemovalError::into_failure)?;
            done.size = before + emptied;
        }
        Ok(done)
    }

    fn in_background(&self) -> bool {
        self.context.may_delete_in_background(&self.policy.clean)
    }
}

/// What takes longer to delete than anybody wants to wait, in files. What is less is gone before the command returns.
const MUCH: u64 = 2000;

fn is_much(home: &Home, plan: &CleanPlan) -> bool {
    let entries = |side| plan.entries(side).cloned().collect::<Vec<Entry>>();
    home.sides().any(|(side, dir)| size::has_more_than(MUCH, dir.path(), &entries(side)))
}

/// The plan with the size of each group.
pub(super) fn measured(home: &Home, plan: CleanPlan) -> CleanPlan {
    let mut tally = Tally::default();
    plan.measured(|side, groups| size::measure(&mut tally, home.dir(side).path(), groups))
}
