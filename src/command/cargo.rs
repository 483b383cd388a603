//! Everything that is cargo's: held to the policy, surrounded by its steps, and else handed over as it is.

use std::ffi::{OsStr, OsString};

use super::clean::{self, Whose};
use super::context::{self, Context};
use super::{Mode, recovery, rule, steps};
use crate::apply::process;
use crate::cargo_exe::{self, CargoExe};
use crate::cli;
use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::Exit;
use crate::invocation::{CalledAs, Invocation, Kind};
use crate::nested;
use crate::observe::toolchain::Found;
use crate::output::Output;
use crate::plan::Goal;
use crate::plan::rulings::Toolchains;

/// Cargo, ready to be run with what was typed.
pub(super) struct Cargo {
    pub(super) exe: CargoExe,
    pub(super) args: Vec<OsString>,
}

impl Cargo {
    /// A clean that cargo itself has a word for, made unable to delete: its own would take no lock and know no bounds.
    fn harmless(&self, invocation: &Invocation, context: &Context) -> Self {
        let mut args = self.args.clone();
        if let Some(at) = invocation.verb_at().filter(|_| !context.resolved.flags.dry_run) {
            args.insert(at + 1, "--dry-run".into());
        }
        Self { exe: self.exe.clone(), args }
    }

    /// Becomes cargo. Returns only where that fails.
    pub(super) fn take_over(&self) -> Failure {
        process::replace(process::cargo(&self.exe, &self.args))
    }
}

pub(super) fn run(invocation: &Invocation, argv0: &OsStr, env: &Env) -> Result<Exit, Failure> {
    let mode = super::mode(invocation, env);
    let exe = match cargo_exe::find(invocation.called_as, argv0, env) {
        Ok(exe) => exe,
        Err(failure) => return clean_without_cargo(invocation, argv0, env, mode, failure),
    };
    let mut cargo = Cargo { exe, args: invocation.cargo_args.clone() };
    let hand_over = |cargo: &Cargo| {
        if mode == Mode::DryRun {
            show_run(cargo, &context::output(&invocation.flags(), env));
            return Ok(Exit::Success);
        }
        Err(cargo.take_over())
    };

    if invocation.verb().is_none() {
        return hand_over(&cargo);
    }
    // A config that cannot be read stops cargo as well, with cargo's own words.
    let Ok(context) = Context::survey(invocation, env) else { return hand_over(&cargo) };
    if context.resolved.kind == Kind::Help {
        let is_clean = context.resolved.verb.as_deref().is_some_and(|verb| verb == "clean");
        if is_clean && invocation.called_as == CalledAs::Xcargo {
            context.output.data(&cli::clean_help());
            return Ok(Exit::Success);
        }
        return hand_over(&cargo);
    }
    let nested = nested::is_nested(env, &cargo.exe);
    if nested && context.resolved.kind != Kind::Clean {
        return hand_over(&cargo);
    }
    if !nested {
        recovery::finish_interrupted(&context, mode)?;
    }
    let loaded = context.policy()?;
    let clean = |cargo: &Cargo| {
        let whose = clean::run(invocation, argv0, Some(&cargo.exe), &context, loaded.as_ref(), mode)?;
        match whose {
            Whose::Done(exit) => Ok(exit),
            Whose::Cargos => hand_over(&cargo.harmless(invocation, &context)),
        }
    };
    let Some(loaded) = loaded.as_ref().filter(|_| !nested) else {
        return if context.resolved.kind == Kind::Clean { clean(&cargo) } else { hand_over(&cargo) };
    };

    let toolchain = rule::toolchain(invocation, &cargo.exe, &context, &loaded.policy)?;
    rule::judge(&toolchain, &context, loaded)?;
    if context.resolved.kind == Kind::Clean {
        return clean(&cargo);
    }
    if let Some(channel) = &toolchain.chosen_by_policy {
        cargo.args.insert(0, format!("+{channel}").into());
    }
    let goal = match context.resolved.kind {
        Kind::Build => Goal::Build,
        Kind::Update => Goal::Update,
        Kind::Clean | Kind::Help | Kind::Other => Goal::Other,
    };
    let Ok(Some(workspace)) = &context.workspace else { return hand_over(&cargo) };
    steps::Run { goal, cargo, context: &context, loaded, toolchain, workspace }.carry_out(mode)
}

/// A clean needs no cargo: not where there is none at all, nor where only a broken one is left.
fn clean_without_cargo(
    invocation: &Invocation,
    argv0: &OsStr,
    env: &Env,
    mode: Mode,
    no_cargo: Failure,
) -> Result<Exit, Failure> {
    let Ok(context) = Context::survey(invocation, env) else { return Err(no_cargo) };
    if context.resolved.kind != Kind::Clean {
        return Err(no_cargo);
    }
    recovery::finish_interrupted(&context, mode)?;
    let loaded = context.policy()?;
    if let Some(loaded) = &loaded {
        let unknown =
            Found { pin: None, toolchains: Toolchains::default(), chosen_by_policy: None, rustup: None };
        rule::judge(&unknown, &context, loaded)?;
    }
    match clean::run(invocation, argv0, None, &context, loaded.as_ref(), mode)? {
        Whose::Done(exit) => Ok(exit),
        Whose::Cargos => Err(no_cargo),
    }
}

/// The line of a dry run that says what cargo would be given.
pub(super) fn show_run(cargo: &Cargo, output: &Output) {
    output.planned("Would run", process::shown(&process::cargo(&cargo.exe, &cargo.args)));
}
