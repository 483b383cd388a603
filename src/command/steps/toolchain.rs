//! The steps that rustup takes: installing the pinned toolchain, bringing a moving channel up to date.

use std::io;
use std::process::{Command, ExitStatus};
use std::time::SystemTime;

use super::{Done, Run, days, name};
use crate::apply::rustup;
use crate::command::{installing, rule};
use crate::diagnostic::{Diagnostic, Failure};
use crate::exit::Code;
use crate::observe::build::Observed;
use crate::observe::toolchain::Pinned;
use crate::output::Preferred;
use crate::plan::{Consent, Pin, Presence, Step, words};

impl Run<'_> {
    /// Carries out one of rustup's steps, unless somebody else has done so while this one waited for its turn. `Some`:
    /// rustup was killed by a signal, and the command ends so.
    ///
    /// # Errors
    /// rustup fails, nobody agrees, or what is missing is still missing afterwards.
    pub(super) fn bring_toolchain(
        &self,
        step: &Step,
        rest: &[Step],
        observed: &Observed,
        done: &mut Done,
    ) -> Result<Option<ExitStatus>, Failure> {
        let output = &self.context.output;
        let (Some(pin), Some(rustup)) = (&observed.seen.pin, &self.toolchain.rustup) else { return Ok(None) };
        if done.steps.contains(&name(step)) {
            let message = format!("rustup reported success, but {} is still not there", pin.label);
            return Err(self.stopped(Failure::new(Code::StepFailed, message), done, rest));
        }
        if let Step::Install { missing, consent: Consent::Asked } = step {
            self.ask(pin, missing)?;
        }
        let no_turn = |cause: io::Error| self.stopped(installing::no_turn(rustup, &cause), done, rest);
        let mut turn =
            installing::take_turn(rustup, output).map_err(|failure| self.stopped(failure, done, rest))?;
        if !is_still_due(step, self.plan(&self.observe(done)?)?.first()) {
            return Ok(None);
        }
        let name_of_pin = observed.pin.as_ref().map(Pinned::name).unwrap_or_default();
        if matches!(step, Step::Install { missing: Presence::HalfInstalled, .. })
            && turn.interrupted() != Some(&*name_of_pin)
        {
            return Err(self.stopped(words::half_installed(&pin.label).into(), done, rest));
        }
        turn.begin(&name_of_pin).map_err(no_turn)?;
        self.say(step, pin);
        let commands = self.toolchain_commands(step, observed)?;
        let killed =
            installing::run(commands, output).map_err(|failure| self.stopped(failure, done, rest))?;
        if killed.is_some() {
            return Ok(killed);
        }
        if matches!(step, Step::Refresh { .. }) {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            done.refreshed.insert(pin.label.clone(), i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
        }
        turn.end().map_err(|cause| self.stopped(installing::no_turn(rustup, &cause), done, rest))?;
        done.steps.push(name(step));
        Ok(None)
    }

    /// What rustup is given for a step.
    ///
    /// # Errors
    /// There is no rustup.
    pub(super) fn toolchain_commands(
        &self,
        step: &Step,
        observed: &Observed,
    ) -> Result<Vec<Command>, Failure> {
        let Some(Pinned::Rustup(active)) = &observed.pin else { return Ok(Vec::new()) };
        let channel = active.name.value.as_str();
        let rustup = rustup::executable(&self.cargo.exe, &self.context.env).ok_or_else(|| {
            Failure::new(
                Code::ToolchainMissing,
                format!("`{channel}` is not installed, and there is no rustup"),
            )
            .help("install rustup, or the toolchain by hand")
        })?;
        Ok(match step {
            Step::Install { missing, .. } => rustup::install(&rustup, active, missing),
            Step::Refresh { .. } => vec![rustup::update(&rustup, channel)],
            _ => Vec::new(),
        })
    }

    fn say(&self, step: &Step, pin: &Pin) {
        let output = &self.context.output;
        match step {
            Step::Install { missing: Presence::HalfInstalled, .. } => {
                output.status("Installing", format!("{} again: its installation was interrupted", pin.label));
            }
            Step::Install { missing, .. } => {
                let what = words::missing(missing, &pin.label);
                let why = format!("{} names it, and it is not installed", self.place(&pin.origin));
                output.status("Installing", format!("{what}: {why}"));
            }
            Step::Refresh { age, allowed } => {
                let age = age.map_or(String::new(), |age| format!(" is {} old,", days(age)));
                let why = format!("{age} toolchain.update allows {}", days(*allowed));
                output.status("Updating", format!("{}:{why}", pin.label));
            }
            _ => {}
        }
    }

    fn ask(&self, pin: &Pin, missing: &Presence) -> Result<(), Failure> {
        let what = words::missing(missing, &pin.label);
        let refused = |note: &str| {
            let finding = Diagnostic::error(Code::ToolchainMissing, format!("{what} is not installed"))
                .note(note)
                .help(format!("install it: `rustup toolchain install {}`", pin.label));
            rule::located(finding, &self.loaded.policy.toolchain.install.origin, self.loaded).into()
        };
        let question =
            format!("{} names {what}, which is not installed. Install it?", self.place(&pin.origin));
        match self.context.output.ask(&question, Preferred::Yes) {
            Some(true) => Ok(()),
            Some(false) => Err(refused("you did not want it to be installed")),
            None => Err(refused("the policy wants a person to agree, and there is no terminal to ask on")),
        }
    }
}

/// Whether the step is still the first, now that it is this command's turn. A channel's age has grown meanwhile.
fn is_still_due(step: &Step, first: Option<&Step>) -> bool {
    match (step, first) {
        (Step::Refresh { .. }, Some(Step::Refresh { .. })) => true,
        (step, first) => first == Some(step),
    }
}
