//! `xcargo toolchain set|show|check|sync|update`.

mod change;
mod check;
mod install;
mod look;
mod set;
mod show;
mod sync;
mod update;

use std::ffi::{OsStr, OsString};

use super::Mode;
use super::context::Context;
use super::recovery::{self, Files};
use crate::cargo_exe::{self, CargoExe};
use crate::cli::{self, ToolchainAction};
use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::Exit;
use crate::invocation::{Invocation, Offline};
use crate::output::Output;
use crate::policy::load::Loaded;
use crate::workspace::{Workspace, WorkspaceError};

pub(super) fn run(
    invocation: &Invocation,
    argv0: &OsStr,
    args: &[OsString],
    env: &Env,
    output: &Output,
) -> Result<Exit, Failure> {
    let Some(asked) = super::to_run(cli::toolchain(args)?, output) else { return Ok(Exit::Success) };
    let context = Context::survey(invocation, env).map_err(WorkspaceError::into_failure)?;
    let workspace = context.workspace()?;
    let mode = match asked.action.changing() {
        Some(changing) if changing.dry_run => Mode::DryRun,
        _ => super::mode(invocation, env),
    };
    // The files of an interrupted change may disagree with each other, doctor.toml among them.
    if recovery::finish_interrupted(&context, mode)? == Files::HalfChanged {
        context.output.planned("Would then", "plan: what it would do cannot be told before that");
        return Ok(Exit::Success);
    }
    let policy = context.policy()?;
    let nothing = Loaded::nothing();
    let place = Place {
        invocation,
        argv0,
        env,
        exe: cargo_exe::find(invocation.called_as, argv0, env),
        context: &context,
        workspace,
        loaded: policy.as_ref().unwrap_or(&nothing),
    };
    match &asked.action {
        ToolchainAction::Set(asked) => set::run(&place, asked, mode),
        ToolchainAction::Sync(asked) => sync::run(&place, asked, mode),
        ToolchainAction::Update(asked) => update::run(&place, asked, mode),
        ToolchainAction::Show(asked) => show::run(&place, asked),
        ToolchainAction::Check(asked) => check::run(&place, asked),
    }
}

/// Where a command about toolchains takes place.
struct Place<'a> {
    invocation: &'a Invocation,
    argv0: &'a OsStr,
    env: &'a Env,
    /// The cargo in front of which xcargo stands; without one a check is still possible.
    exe: Result<CargoExe, Failure>,
    context: &'a Context,
    workspace: &'a Workspace,
    loaded: &'a Loaded,
}

impl Place<'_> {
    fn output(&self) -> &Output {
        &self.context.output
    }

    /// Whether the network is forbidden, behind the verb or in front of it.
    fn is_offline(&self, asked: bool) -> bool {
        asked || self.context.resolved.flags.offline == Offline::Yes
    }

    fn exe(&self) -> Result<&CargoExe, Failure> {
        self.exe.as_ref().map_err(Clone::clone)
    }
}
