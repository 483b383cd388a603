//! One short file per verb: observe, plan, show or apply, exit.

mod about;
mod cache;
mod cargo;
mod clean;
mod compilers;
mod context;
mod doctor;
mod failures;
mod installing;
mod locking;
mod policy;
mod recovery;
mod rule;
mod steps;
mod toolchain;
mod verifying;

use std::ffi::{OsStr, OsString};

use crate::apply::removal;
use crate::cli::{self, Parsed};
use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::Exit;
use crate::invocation::{About, Invocation, Request, Verb};
use crate::output::Output;

/// Runs one command line and says how it ended; whatever went wrong has been printed by then.
#[must_use]
pub fn run(argv: &[OsString], env: &Env) -> Exit {
    let invocation = Invocation::parse(argv);
    let argv0 = argv.first().map_or(OsStr::new(""), OsString::as_os_str);
    match dispatch(&invocation, argv0, env) {
        Ok(exit) => exit,
        Err(failure) => {
            context::output(&invocation.flags(), env).failure(&failure);
            Exit::Own(failure.code)
        }
    }
}

/// What is to be run; where help was asked for it is shown instead.
fn to_run<T>(parsed: Parsed<T>, output: &Output) -> Option<T> {
    match parsed {
        Parsed::Run(asked) => Some(asked),
        Parsed::Text(text) => {
            output.data(&text);
            None
        }
    }
}

/// Whether the plan is carried out or only shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Carried out.
    Real,
    /// Printed, and nothing else.
    DryRun,
}

/// Shows what would be done, and does nothing.
const XCARGO_DRY_RUN: &str = "XCARGO_DRY_RUN";

/// Whether the plan is only to be shown.
fn mode(invocation: &Invocation, env: &Env) -> Mode {
    let asked = env.non_empty(XCARGO_DRY_RUN).is_some_and(|value| value != "0" && value != "false");
    let dry = invocation.dry_run || asked;
    if dry { Mode::DryRun } else { Mode::Real }
}

fn dispatch(invocation: &Invocation, argv0: &OsStr, env: &Env) -> Result<Exit, Failure> {
    let output = || context::output(&invocation.flags(), env);
    match &invocation.request {
        Request::Own(Verb::Policy, args) => policy::run(invocation, args, env, &output()),
        Request::Own(Verb::Toolchain, args) => toolchain::run(invocation, argv0, args, env, &output()),
        Request::Own(Verb::Cache, args) => cache::run(invocation, argv0, args, env, &output()),
        Request::Own(Verb::Doctor, args) => doctor::run(invocation, argv0, args, env, &output()),
        Request::About(About::HelpOf(verb)) => {
            output().data(&cli::help(*verb));
            Ok(Exit::Success)
        }
        Request::About(about) if mode(invocation, env) == Mode::Real => {
            about::run(*about, invocation, argv0, env, &output())
        }
        Request::EmptyTrash => removal::empty_trash_as_told()
            .map(|()| Exit::Success)
            .map_err(removal::RemovalError::into_failure),
        Request::About(_) => cargo::run(invocation, argv0, env),
        Request::Cargo => cargo::run(invocation, argv0, env),
    }
}
