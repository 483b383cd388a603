//! What is said of a clean: the plan, what stays, and what came of it, in cargo's words where cargo has some.

use super::Clean;
use super::carry_out::Done;
use super::home::Home;
use crate::cache::size::Size;
use crate::plan::clean::CleanPlan;
use crate::plan::words;

/// The rest is another process's.
const LATER: &str = " (being deleted in the background)";

impl Clean<'_> {
    /// The plan of a dry run.
    pub(super) fn show(&self, home: &Home, plan: &CleanPlan) {
        let output = &self.context.output;
        if self.asked.json {
            return self.json(home, plan, false);
        }
        for line in words::left(plan) {
            output.planned("Would leave", line);
        }
        for line in words::clean(plan) {
            output.planned("Would clean", line);
        }
        if output.is_verbose() {
            for (side, dir) in home.sides() {
                for entry in plan.entries(side) {
                    output.data(&format!("{}\n", dir.path().join(entry.path()).display()));
                }
            }
        }
        output.planned("Summary", words::removed(plan.size()));
        output.remark("no files deleted due to --dry-run");
    }

    /// What is about to happen.
    pub(super) fn say(&self, home: &Home, plan: &CleanPlan) {
        let output = &self.context.output;
        for line in words::left(plan) {
            output.status("Leaving", line);
        }
        if plan.size() != Size::default() && self.asked.has_criteria() {
            for line in words::clean(plan) {
                output.status("Cleaning", line);
            }
        }
        if output.is_verbose() {
            for (side, dir) in home.sides() {
                for entry in plan.entries(side) {
                    output.status("Removing", dir.path().join(entry.path()).display());
                }
            }
        }
    }

    /// What happened.
    pub(super) fn report(&self, home: &Home, plan: &CleanPlan, done: Done) {
        let output = &self.context.output;
        if self.asked.json {
            self.json(home, plan, true);
        }
        if plan.is_empty() {
            for line in words::left(plan) {
                output.status("Leaving", line);
            }
        }
        let planned = plan.size();
        let removed = |size| output.status("Removed", size);
        // What an interrupted clean had left goes along, and is not this one's.
        let more = done.size.files.saturating_sub(planned.files);
        match (done.in_background, plan.is_empty() || planned.files > 0) {
            (true, true) if plan.is_empty() => {
                removed(words::removed(planned));
                output.status("Finishing", "an interrupted clean, in the background");
            }
            (true, true) => removed(format!("{}{LATER}", words::removed(planned))),
            (true, false) => removed(format!("what was in {}{LATER}", home.target.path().display())),
            (false, false) => removed(words::removed(done.size)),
            (false, true) => {
                removed(words::removed(planned));
                if more > 0 {
                    output.status("Finishing", format!("an interrupted clean: {more} more files"));
                }
            }
        }
    }

    /// The plan, and whether it was carried out.
    fn json(&self, home: &Home, plan: &CleanPlan, applied: bool) {
        let mut json = plan.to_json(home.build.path(), home.target.path());
        json["applied"] = applied.into();
        self.context.output.data(&format!("{json:#}\n"));
    }
}
