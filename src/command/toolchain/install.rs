//! Making sure that the new toolchain is there before anything is written.

use std::process::{Command, ExitStatus};

use super::Place;
use crate::apply::process;
use crate::apply::rustup;
use crate::cargo_exe::Kind;
use crate::command::{failures, installing, rule};
use crate::diagnostic::{Diagnostic, Failure};
use crate::exit::Code;
use crate::observe::toolchain::Pinned;
use crate::plan::{Presence, words};
use crate::policy::Install;
use crate::toolchain::{self, Active, Channel, Rustup, Wants};

/// The new toolchain, as it stands on this machine.
pub(super) struct Wanted {
    rustup: Rustup,
    active: Active,
    presence: Presence,
}

impl Place<'_> {
    /// Looks what there is of a toolchain and of the parts that are wanted with it.
    ///
    /// # Errors
    /// There is no rustup, its settings are broken, or it cannot install such a toolchain.
    pub(super) fn wanted(&self, channel: &Channel, wants: Wants) -> Result<Wanted, Failure> {
        let env = &self.context.env_of_rustup;
        let rustup = match (self.exe(), toolchain::rustup(env).map_err(failures::toolchain)?) {
            (Ok(exe), Some(rustup)) if exe.kind == Kind::RustupProxy => rustup,
            _ => {
                return Err(Failure::new(
                    Code::ToolchainMissing,
                    format!("`{channel}` cannot be installed: the cargo in use is not rustup's"),
                )
                .note("nothing was changed")
                .help("install rustup, and let its cargo be the first in PATH"));
            }
        };
        let active = toolchain::active(&rustup, Some(channel.as_str()), env).map_err(failures::toolchain)?;
        let Some(mut active) = active else {
            return Err(Failure::new(
                Code::ToolchainMissing,
                format!("rustup knows no toolchain `{channel}`"),
            ));
        };
        active.wants = if channel.is_custom() { Wants::default() } else { wants };
        let wanted = Wanted { presence: Presence::Complete, rustup, active };
        Ok(Wanted { presence: presence(&wanted.active)?, ..wanted })
    }

    /// Whether it may be installed, before anybody is asked for anything.
    ///
    /// # Errors
    /// Policy forbids it, the network is off, or nobody but its maker can install it.
    pub(super) fn may_install(&self, wanted: &Wanted, offline: bool) -> Result<(), Failure> {
        let label = wanted.active.name.value.as_str();
        let install = &self.loaded.policy.toolchain.install;
        match &wanted.presence {
            Presence::Complete => Ok(()),
            Presence::CannotInstall(why) => {
                Err(Failure::new(Code::ToolchainMissing, format!("`{label}` is not installed"))
                    .note(why.clone())
                    .note("nothing was changed"))
            }
            missing if install.value == Install::Deny => {
                let what = words::missing(missing, label);
                let finding = Diagnostic::error(
                    Code::ToolchainMissing,
                    format!("{what} is not installed, and policy forbids it"),
                )
                .help(format!("install it yourself: `rustup toolchain install {label}`"));
                Err(rule::located(finding, &install.origin, self.loaded).into())
            }
            missing if offline => {
                let what = words::missing(missing, label);
                Err(Failure::new(
                    Code::ToolchainMissing,
                    format!("{what} is not installed, and the network is off"),
                )
                .note("nothing was changed")
                .help("run it again without `--offline`"))
            }
            Presence::Missing | Presence::HalfInstalled | Presence::Lacks { .. } => Ok(()),
        }
    }

    /// Installs what is missing. `Some`: rustup was killed by a signal.
    ///
    /// # Errors
    /// rustup fails, or what is missing is still missing afterwards.
    pub(super) fn install(&self, wanted: &Wanted) -> Result<Option<ExitStatus>, Failure> {
        if wanted.presence == Presence::Complete {
            return Ok(None);
        }
        let nothing = |failure: Failure| failure.note("no file was changed");
        let output = self.output();
        let mut turn = installing::take_turn(&wanted.rustup, output).map_err(nothing)?;
        let missing = presence(&wanted.active)?;
        if missing == Presence::Complete {
            // Somebody else has done it meanwhile.
            return Ok(None);
        }
        let label = wanted.active.name.value.as_str();
        let name = &wanted.active.full_name;
        if missing == Presence::HalfInstalled && turn.interrupted() != Some(name) {
            return Err(nothing(words::half_installed(label).into()));
        }
        let no_turn = |cause| nothing(installing::no_turn(&wanted.rustup, &cause));
        turn.begin(name).map_err(no_turn)?;
        match &missing {
            Presence::HalfInstalled => {
                output.status("Installing", format!("{label} again: its installation was interrupted"));
            }
            missing => output.status("Installing", words::missing(missing, label)),
        }
        let killed = installing::run(self.commands(wanted, &missing)?, output).map_err(nothing)?;
        if killed.is_some() {
            return Ok(killed);
        }
        if presence(&wanted.active)? != Presence::Complete {
            let message = format!("rustup reported success, but {label} is still not complete");
            return Err(nothing(Failure::new(Code::StepFailed, message).help(format!(
                "see what `rustup toolchain install {label}` does, and whether this rustup is the real one"
            ))));
        }
        turn.end().map_err(no_turn)?;
        Ok(None)
    }

    /// Says what would be installed.
    ///
    /// # Errors
    /// There is no rustup to be called.
    pub(super) fn show_install(&self, wanted: &Wanted) -> Result<(), Failure> {
        for command in self.commands(wanted, &wanted.presence)? {
            self.output().planned("Would run", process::shown(&command));
        }
        Ok(())
    }

    fn commands(&self, wanted: &Wanted, missing: &Presence) -> Result<Vec<Command>, Failure> {
        Ok(rustup::install(&self.rustup()?, &wanted.active, missing))
    }

    /// The rustup to be called.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn rustup(&self) -> Result<std::path::PathBuf, Failure> {
        rustup::executable(self.exe()?, &self.context.env_of_rustup)
            .ok_or_else(|| Failure::new(Code::ToolchainMissing, "there is no rustup").help("install rustup"))
    }
}

impl Wanted {
    /// Whether something has to be installed.
    pub(super) fn is_missing(&self) -> bool {
        self.presence != Presence::Complete
    }
}

fn presence(active: &Active) -> Result<Presence, Failure> {
    let no_identity = || Err(toolchain::ToolchainError::NoCurrentDir(std::io::ErrorKind::NotFound.into()));
    Pinned::Rustup(active.clone()).presence(no_identity).map_err(failures::toolchain)
}
