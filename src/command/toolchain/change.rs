//! What `set` and `sync` have in common: the plan shown, agreed to, carried out as one, and the cache cleaned after it.

use std::path::Path;
use std::process::ExitStatus;

use super::install::Wanted;
use super::{Place, look};
use crate::apply::journal;
use crate::command::cargo::{self, Cargo};
use crate::command::context::Context;
use crate::command::{Mode, rule, steps};
use crate::diagnostic::{Diagnostic, Failure};
use crate::exit::{Code, Exit};
use crate::invocation::Invocation;
use crate::output::Preferred;
use crate::pins::edit;
use crate::pins::survey::shown;
use crate::plan::pins::{Blocked, ChangePlan, words};
use crate::plan::{Consent, Goal, Network};
use crate::policy::StepName;
use crate::policy::load::{self, Loaded};
use crate::toolchain::Channel;
use crate::workspace::WorkspaceError;

/// A change, ready to be shown or carried out.
pub(super) struct Change<'a> {
    pub(super) place: &'a Place<'a>,
    /// The repository.
    pub(super) top: &'a Path,
    pub(super) to: &'a Channel,
    pub(super) plan: &'a ChangePlan,
    /// What has to be there first; a `sync` needs nothing.
    pub(super) wanted: Option<&'a Wanted>,
    /// What the command line wants when all is done.
    pub(super) then: Then,
    pub(super) consent: Consent,
    pub(super) network: Network,
}

/// What is to follow a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// A build.
    Build,
    /// What the policy says.
    AsPolicy,
}

/// How much of a change came about.
enum Carried {
    /// All of it.
    Out,
    /// rustup was killed before anything was written.
    Killed(ExitStatus),
}

impl Change<'_> {
    /// Shows the plan, or carries it out.
    ///
    /// # Errors
    /// Nobody agrees, or a step fails; what was done until then is said.
    pub(super) fn run(&self, mode: Mode) -> Result<Exit, Failure> {
        if mode == Mode::DryRun {
            return self.show();
        }
        let is_missing = self.wanted.is_some_and(Wanted::is_missing);
        if self.plan.files.is_empty() && !is_missing {
            self.place
                .output()
                .status("Checked", format!("every place that follows names {} already", self.to));
            self.say_left();
        } else {
            // Known before somebody waits for an installation that would have been for nothing.
            let files = self.files()?;
            self.agree()?;
            if let Carried::Killed(status) = self.carry_out(files)? {
                return Ok(Exit::Child(status));
            }
            self.say_left();
        }
        let is_written = !self.plan.files.is_empty();
        let written = |failure: Failure| match is_written {
            true => {
                failure.note(format!("the files name {} by now; only what follows was not done", self.to))
            }
            false => failure,
        };
        self.clean().map_err(written)?;
        if self.builds() { self.build().map_err(written) } else { Ok(Exit::Success) }
    }

    fn show(&self) -> Result<Exit, Failure> {
        let output = self.place.output();
        // What would stop the change stops its preview.
        self.files()?;
        if let Some(wanted) = self.wanted {
            self.place.show_install(wanted)?;
        }
        for file in &self.plan.files {
            output.planned("Would edit", words::file_change(file));
            let name = shown(&file.path);
            output.data(&edit::diff(&name, file.before.as_deref(), &file.after));
        }
        for left in &self.plan.left {
            output.planned("Would leave", words::left(left, self.to));
        }
        if self.cleans() {
            output.planned("Would then", format!("clean what {} can never use", self.to));
        }
        if self.builds() {
            output.planned("Would run", "cargo build");
        }
        Ok(Exit::Success)
    }

    /// Asks the person at the terminal.
    fn agree(&self) -> Result<(), Failure> {
        let output = self.place.output();
        if self.consent == Consent::Given {
            for file in &self.plan.files {
                output.status("Will edit", words::file_change(file));
            }
            return Ok(());
        }
        // What somebody agrees to is shown to them in any case.
        for file in &self.plan.files {
            output.planned("Will edit", words::file_change(file));
        }
        let refused = |note: &str| {
            Err(Failure::new(Code::Usage, "the toolchain was not changed")
                .note(note)
                .help("`--yes` goes on without asking, `--dry-run` shows each change"))
        };
        match output.ask(&words::question(self.plan, self.to), Preferred::Yes) {
            Some(true) => Ok(()),
            Some(false) => refused("you did not want it"),
            None => refused("a person has to agree, and there is no terminal to ask on"),
        }
    }

    /// What is to be written, none where only something is to be installed.
    ///
    /// # Errors
    /// A file may not be written, or there is no place for the record of the change.
    fn files(&self) -> Result<Option<(journal::Place, Vec<journal::Change>)>, Failure> {
        if self.plan.files.is_empty() {
            return Ok(None);
        }
        let changes: Vec<journal::Change> = self
            .plan
            .files
            .iter()
            .map(|file| journal::Change {
                path: self.top.join(&file.path),
                before: file.before.as_ref().map(|text| text.as_bytes().to_vec()),
                after: file.after.clone().into_bytes(),
            })
            .collect();
        let place =
            journal::Place::of(&self.place.workspace.root, &self.place.context.env).ok_or_else(|| {
                Failure::new(Code::StepFailed, "there is no place for the record of a change")
                    .note("outside of git it lies in the user's state dir, and there is no home directory")
                    .note("nothing was changed")
                    .help("set HOME, or make the workspace a git repository")
            })?;
        place.examine(&changes).map_err(journal::JournalError::into_failure)?;
        Ok(Some((place, changes)))
    }

    fn carry_out(&self, files: Option<(journal::Place, Vec<journal::Change>)>) -> Result<Carried, Failure> {
        if let Some(wanted) = self.wanted
            && let Some(killed) = self.place.install(wanted)?
        {
            return Ok(Carried::Killed(killed));
        }
        let Some((place, changes)) = files else { return Ok(Carried::Out) };
        let output = self.place.output();
        let held = place.hold(|lock| {
            output.waiting(format!(
                "waiting for file lock on {}: another xcargo changes files",
                lock.display()
            ));
        });
        held.and_then(|held| held.commit(&changes)).map_err(journal::JournalError::into_failure)?;
        output.status("Pinned", words::pinned(self.plan, self.to));
        Ok(Carried::Out)
    }

    fn say_left(&self) {
        for left in &self.plan.left {
            self.place.output().status("Leaving", words::left(left, self.to));
        }
    }

    fn cleans(&self) -> bool {
        self.place.loaded.policy.steps.toolchain_change.value.contains(&StepName::ScopedClean)
    }

    fn builds(&self) -> bool {
        self.then == Then::Build
            || self.place.loaded.policy.steps.toolchain_change.value.contains(&StepName::Build)
    }

    /// What the new pin can never use goes. A policy that is in the files just written counts as it is now.
    fn clean(&self) -> Result<(), Failure> {
        self.place.clean(self.to, self.cleans())
    }

    /// `cargo build`, with everything that was said of place, look and network.
    fn build(&self) -> Result<Exit, Failure> {
        let Place { invocation, argv0, context, env, .. } = self.place;
        let before = invocation.verb_at().map_or(&[][..], |at| &invocation.cargo_args[..at]);
        let mut argv = vec![(*argv0).to_owned()];
        argv.extend_from_slice(before);
        argv.push("build".into());
        let flags = &context.resolved.flags;
        argv.extend(
            flags.manifest_path.iter().flat_map(|path| ["--manifest-path".into(), path.clone().into()]),
        );
        let behind = flags.config.iter().filter(|config| !before.contains(config));
        argv.extend(behind.flat_map(|config| ["--config".into(), config.clone()]));
        if self.network == Network::Off
            && !before.iter().any(|word| word == "--offline" || word == "--frozen")
        {
            argv.push("--offline".into());
        }
        cargo::run(&Invocation::parse(&argv), argv0, env)
    }
}

impl Place<'_> {
    /// Cleans what the pin as it is now can never use, where a build dir is there at all; says it where something outranks
    /// the pin here, so that a build would not use it.
    ///
    /// # Errors
    /// The pin cannot be told, or something could not be removed.
    pub(super) fn clean(&self, pin: &Channel, wanted: bool) -> Result<(), Failure> {
        let Ok(exe) = &self.exe else {
            // A `sync` needs none, and without one nobody builds here.
            return Ok(());
        };
        let exe = exe.clone();
        // The files that were just written say another pin than those that were read before.
        let context = Context::survey(self.invocation, self.env).map_err(WorkspaceError::into_failure)?;
        let loaded = load::load(&self.workspace.root, &context.env)?.unwrap_or_else(Loaded::nothing);
        let toolchain = rule::toolchain(self.invocation, &exe, &context, &loaded.policy)?;
        if let Some(in_use) = look::in_use(self.invocation, &context, &toolchain)
            && words::outranks(&in_use, pin)
        {
            self.output().remark(&words::outranked(&in_use, pin, &self.workspace.root));
        }
        if !wanted {
            return Ok(());
        }
        let cargo = Cargo { exe, args: Vec::new() };
        let (goal, workspace) = (Goal::Change, self.workspace);
        steps::Run { goal, cargo, context: &context, loaded: &loaded, toolchain, workspace }
            .clean_after_change()
    }
}

/// Everything that stands in the way of a change, each with its way out.
pub(super) fn blocked(blocked: &[Blocked], to: &Channel) -> Failure {
    let findings: Vec<Diagnostic> = blocked.iter().map(|one| words::blocked(one, to)).collect();
    Failure { code: Code::StepFailed, diagnostics: findings }.note("nothing was changed")
}
