//! The coordinated steps around a build or an update: observe, plan, show or apply, run cargo, record.

mod after;
mod change;
mod keep_size;
mod pins;
mod record;
mod scoped_clean;
mod show;
mod toolchain;
mod verify;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use record::Recorded;
use verify::Verified;

use super::cargo::Cargo;
use super::context::Context;
use super::{Mode, failures, rule};
use crate::apply::process;
use crate::diagnostic::Failure;
use crate::exit::Exit;
use crate::observe::build::{self, Observed};
use crate::observe::toolchain::Found;
use crate::plan::{self, Goal, Pin, Plan, Refusal, Step, words};
use crate::policy::load::Loaded;
use crate::sourced::Origin;
use crate::workspace::Workspace;

/// One run of cargo with its steps.
pub(super) struct Run<'a> {
    pub(super) goal: Goal,
    pub(super) cargo: Cargo,
    pub(super) context: &'a Context,
    pub(super) loaded: &'a Loaded,
    pub(super) toolchain: Found,
    pub(super) workspace: &'a Workspace,
}

/// What this run has done so far.
#[derive(Default)]
struct Done {
    /// For the message of a step that fails.
    steps: Vec<&'static str>,
    /// When channels were brought up to date, in seconds since 1970.
    refreshed: BTreeMap<String, i64>,
}

impl Run<'_> {
    pub(super) fn carry_out(self, mode: Mode) -> Result<Exit, Failure> {
        let mut done = Done::default();
        let mut observed = self.observe(&done)?;
        let mut plan = self.plan(&observed)?;
        if mode == Mode::DryRun {
            self.show(&observed, &plan)?;
            return Ok(Exit::Success);
        }
        if observed.trash {
            self.finish_interrupted();
        }
        if self.is_only_cargo(&observed, &plan) {
            self.record_use(&observed);
            return Err(self.cargo.take_over());
        }
        while let Some(step @ (Step::Install { .. } | Step::Refresh { .. })) = plan.first() {
            if let Some(killed) = self.bring_toolchain(step, &plan[1..], &observed, &mut done)? {
                return Ok(Exit::Child(killed));
            }
            observed = self.observe(&done)?;
            plan = self.plan(&observed)?;
        }
        if plan == [Step::VerifyCache] && self.has_nothing_to_record(&observed) {
            self.record_use(&observed);
            return match self.verify(&observed) {
                Verified::Idle => Err(self.cargo.take_over()),
                seen => self.build(&observed, seen.before()),
            };
        }
        self.announce(&observed);
        let mut seen = None;
        let before = observed.lock.clone();
        for (at, step) in plan.iter().enumerate() {
            match step {
                Step::CargoUpdate => {
                    let status = process::run(&mut process::cargo(&self.cargo.exe, &self.cargo.args))?;
                    if !status.success() {
                        return Ok(Exit::Child(status));
                    }
                    observed.relock(fs_err::read(&self.workspace.lock_file).ok());
                }
                Step::ScopedClean(causes) => {
                    let now = self
                        .scoped_clean(*causes, before.as_deref(), &observed, &done)
                        .map_err(|failure| self.stopped(failure, &done, &plan[at + 1..]))?;
                    observed = now.unwrap_or(observed);
                }
                Step::KeepSize(cap) => self
                    .keep_size(*cap, &observed)
                    .map_err(|failure| self.stopped(failure, &done, &plan[at + 1..]))?,
                Step::VerifyCache => {
                    seen = self.verify(&observed).before();
                }
                Step::SyncPins => self.say_pins(),
                Step::RefreshSkipped { allowed } => self.context.output.status(
                    "Skipping",
                    format!(
                        "rustup update: the channel is older than {}, but the network is off",
                        days(*allowed)
                    ),
                ),
                Step::Install { .. } | Step::Refresh { .. } => continue,
            }
            done.steps.push(name(step));
        }
        if self.goal == Goal::Update {
            self.record(&observed, &done);
            return Ok(Exit::Success);
        }
        if observed.lock.is_some() && self.record(&observed, &done) == Recorded::Yes {
            let stays = self.goal == Goal::Build && (seen.is_some() || self.scans_failures());
            return if stays { self.build(&observed, seen) } else { Err(self.cargo.take_over()) };
        }
        // The first build: only cargo may make the build dir (it marks what it makes), and it may have to write the first
        // lock file, so the stamp comes after it.
        let exit = self.build(&observed, seen)?;
        if observed.lock.is_none() {
            // Cargo has just written the first one; nothing can have left it.
            observed.relock(fs_err::read(&self.workspace.lock_file).ok());
        }
        self.record(&observed, &done);
        Ok(exit)
    }

    /// Whether nothing is left to do but to become cargo.
    fn is_only_cargo(&self, observed: &Observed, plan: &[Step]) -> bool {
        match self.goal {
            Goal::Update => plan == [Step::CargoUpdate],
            Goal::Build => plan.is_empty() && !self.scans_failures() && self.has_nothing_to_record(observed),
            Goal::Change | Goal::Other => plan.is_empty(),
        }
    }

    /// Whether a stamp would say nothing new. Without a pin (another toolchain on purpose, or none that is known) there is
    /// nothing to record.
    fn has_nothing_to_record(&self, observed: &Observed) -> bool {
        observed.pin.is_none() || observed.is_recorded(&self.loaded.digest, &self.workspace.root)
    }

    fn observe(&self, done: &Done) -> Result<Observed, Failure> {
        let context = self.context;
        let configured = context.config.boolean("net.offline").map(|found| found.value);
        let network = build::network(context.resolved.flags.offline, configured);
        let now = SystemTime::now();
        let mut observed =
            build::observe(self.workspace, &self.toolchain, network, &done.refreshed, &context.env, now)
                .map_err(failures::toolchain)?;
        observed.seen.size_check = self.size_check(&observed);
        Ok(observed)
    }

    fn plan(&self, observed: &Observed) -> Result<Plan, Failure> {
        plan::steps(self.goal, &observed.seen, &self.loaded.policy).map_err(|refusal| {
            let (label, origin) = match &observed.seen.pin {
                Some(pin) => (pin.label.as_str(), self.place(&pin.origin)),
                None => ("", String::new()),
            };
            let finding = words::refusal(&refusal, label, &origin);
            match &refusal {
                Refusal::InstallDenied { by, .. } => rule::located(finding, by, self.loaded).into(),
                Refusal::Offline | Refusal::CannotInstall { .. } => finding.into(),
            }
        })
    }

    /// Where something was set, as somebody in the current directory would name it.
    fn place(&self, origin: &Origin) -> String {
        origin.shown_from(self.context.env.cwd().unwrap_or(Path::new("")))
    }

    /// How the pin moved, for a build; an update compiles nothing and leaves that to the next one.
    fn switch(&self, observed: &Observed) -> Option<String> {
        let Pin { since_last, label, origin, .. } = observed.seen.pin.as_ref()?;
        let moved = words::moved(since_last, label).filter(|_| self.goal == Goal::Build)?;
        Some(format!("{moved} ({})", self.place(origin)))
    }

    fn announce(&self, observed: &Observed) {
        if let Some(switch) = self.switch(observed) {
            self.context.output.status("Switching", switch);
        }
    }

    /// What was done and what not, added to the failure of a step.
    fn stopped(&self, failure: Failure, done: &Done, rest: &[Step]) -> Failure {
        let cargo = process::shown(&process::cargo(&self.cargo.exe, &self.cargo.args));
        let mut undone: Vec<&str> = rest.iter().map(name).collect();
        if self.goal == Goal::Build {
            undone.push(&cargo);
        }
        let done = if done.steps.is_empty() { "nothing".to_owned() } else { done.steps.join(", ") };
        let failure = failure.note(format!("done before: {done}"));
        if undone.is_empty() { failure } else { failure.note(format!("not done: {}", undone.join(", "))) }
    }
}

/// The step's name as the policy writes it.
fn name(step: &Step) -> &'static str {
    match step {
        Step::Install { .. } => "ensure-toolchain",
        Step::Refresh { .. } | Step::RefreshSkipped { .. } => "rustup-update",
        Step::CargoUpdate => "cargo-update",
        Step::SyncPins => "sync-pins",
        Step::ScopedClean(_) => "scoped-clean",
        Step::KeepSize(_) => "clean.max-size",
        Step::VerifyCache => "verify-cache",
    }
}

fn days(age: Duration) -> String {
    let hours = age.as_secs() / 3600;
    if hours < 48 { format!("{hours} h") } else { format!("{} days", hours / 24) }
}
