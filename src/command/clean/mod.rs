//! `xcargo clean`: all that `cargo clean` can do, and what is stale, old, damaged or too much. Observe, plan, show or apply.
//!
//! Cargo's own clean takes no lock, follows what somebody mounted or linked in, and deletes whatever the target dir is set to.
//! So xcargo does it itself, with cargo's flags: inside the bounds, on open handles, under cargo's locks.

mod ask;
mod by_hand;
mod carry_out;
mod criteria;
mod home;
mod look;
mod show;
mod wanted;

use std::ffi::OsStr;
use std::path::Path;

use super::Mode;
use super::context::Context;
use super::locking::Patience;
use crate::cargo_exe::CargoExe;
use crate::cli::{self, Reading};
use crate::diagnostic::Failure;
use crate::exit::{Code, Exit};
use crate::invocation::Invocation;
use crate::policy::Policy;
use crate::policy::load::Loaded;
use crate::workspace::WorkspaceError;
use home::Home;

/// Carries out what follows `clean`, or leaves it to cargo.
///
/// # Errors
/// As [`Clean::run`], and where xcargo's own flags do not go together.
pub(super) fn run(
    invocation: &Invocation,
    argv0: &OsStr,
    exe: Option<&CargoExe>,
    context: &Context,
    loaded: Option<&Loaded>,
    mode: Mode,
) -> Result<Whose, Failure> {
    let defaults = Policy::defaults();
    let policy = loaded.map_or(&defaults, |loaded| &loaded.policy);
    let asked = match cli::clean(&context.resolved.args)? {
        Reading::Ours(asked) => *asked,
        Reading::Cargos => return Ok(Whose::Cargos),
    };
    let mode = if asked.dry_run { Mode::DryRun } else { mode };
    Clean { asked, invocation, argv0, exe, context, loaded, policy, mode }.run()
}

/// One `clean`.
struct Clean<'a> {
    asked: cli::Clean,
    invocation: &'a Invocation,
    argv0: &'a OsStr,
    /// `None`: there is none, and hardly anything needs one.
    exe: Option<&'a CargoExe>,
    context: &'a Context,
    loaded: Option<&'a Loaded>,
    /// The policy in force, or what holds without one.
    policy: &'a Policy,
    mode: Mode,
}

/// Who carries out a clean.
pub(super) enum Whose {
    /// xcargo did.
    Done(Exit),
    /// Cargo has its own word for it, and may say it, if it cannot delete anything.
    Cargos,
}

impl Clean<'_> {
    /// Carries it out, or shows what would be done.
    ///
    /// # Errors
    /// It goes out of bounds, somebody does not agree, or something cannot be removed.
    fn run(&self) -> Result<Whose, Failure> {
        if let Some(path) = &self.asked.manual {
            return self.by_hand(path).map(Whose::Done);
        }
        match &self.context.workspace {
            Ok(Some(workspace)) => {
                let home = Home::of(workspace, &self.policy.clean.allow_outside, &self.context.env)?;
                self.of_workspace(workspace, home)
            }
            // Without a manifest, or with one that it cannot read, cargo deletes nothing and says why.
            Ok(None) if !self.asked.is_xcargos() => Ok(Whose::Cargos),
            Err(error) if error.cargo_fails_too() && !self.asked.is_xcargos() => Ok(Whose::Cargos),
            Ok(None) => {
                Err(Failure::new(Code::Workspace, "there is no Cargo.toml here or in any directory above")
                    .help("run it inside a workspace, or name one with `--manifest-path`"))
            }
            Err(error) => Err(unreadable(error)),
        }
    }

    fn patience(&self) -> Patience {
        if self.asked.no_wait { Patience::None } else { Patience::Wait }
    }

    /// Where relative paths are meant from.
    fn cwd(&self) -> &Path {
        self.context.env.cwd().unwrap_or(Path::new(""))
    }
}

fn unreadable(error: &WorkspaceError) -> Failure {
    error
        .clone()
        .into_failure()
        .help("`xcargo clean --manual PATH` empties a target dir also where Cargo.toml is broken")
}
