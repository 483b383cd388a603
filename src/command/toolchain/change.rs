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
use crate::output::Preferred;
use crate::pins::edit;
use crate::plan::Goal;
use crate::plan::pins::{Blocked, ChangePlan, words};
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
    /// Whether a build is asked for on the command line.
    pub(super) build: bool,
    pub(super) yes: bool,
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
            self.agree()?;
            if let Carried::Killed(status) = self.carry_out()? {
                return Ok(Exit::Child(status));
            }
            self.say_left();
        }
        self.clean()?;
        if self.builds() { self.build() } else { Ok(Exit::Success) }
    }

    fn show(&self) -> Result<Exit, Failure> {
        let output = self.place.output();
        if let Some(wanted) = self.wanted {
            self.place.show_install(wanted)?;
        }
        for file in &self.plan.files {
            output.planned("Would edit", words::file_change(file));
            let name = words::slashed(&file.path);
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
        if self.yes {
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

    fn carry_out(&self) -> Result<Carried, Failure> {
        if let Some(wanted) = self.wanted
            && let Some(killed) = self.place.install(wanted)?
        {
            return Ok(Carried::Killed(killed));
        }
        if self.plan.files.is_empty() {
            return Ok(Carried::Out);
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
        let output = self.place.output();
        let place = journal::Place::of(self.top, &self.place.context.env).ok_or_else(|| {
            Failure::new(Code::StepFailed, "there is no place for the record of a change")
                .note("outside of git it lies in the user's state dir, and there is no home directory")
                .note("nothing was changed")
                .help("set HOME, or make the workspace a git repository")
        })?;
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
        self.build || self.place.loaded.policy.steps.toolchain_change.value.contains(&StepName::Build)
    }

    /// What the new pin can never use goes. A policy that is in the files just written counts as it is now.
    fn clean(&self) -> Result<(), Failure> {
        self.place.clean(self.to, self.cleans())
    }

    fn build(&self) -> Result<Exit, Failure> {
        let mut argv = vec![self.place.argv0.to_owned()];
        argv.extend(self.place.invocation.plus.iter().map(|plus| {
            let mut word = std::ffi::OsString::from("+");
            word.push(plus);
            word
        }));
        argv.push("build".into());
        if let Some(path) = &self.place.context.resolved.flags.manifest_path {
            argv.extend(["--manifest-path".into(), path.clone().into_os_string()]);
        }
        let invocation = crate::invocation::Invocation::parse(&argv);
        cargo::run(&invocation, self.place.argv0, self.place.env)
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
