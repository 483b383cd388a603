//! One short file per verb: observe, plan, show or apply, exit.

mod about;
mod cargo;

use std::ffi::{OsStr, OsString};

use crate::cli;
use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::Exit;
use crate::invocation::{About, Invocation, Request, Verb};
use crate::output::{ConfiguredLook, Output};

/// Runs one command line and says how it ended; whatever went wrong has been printed by then.
#[must_use]
pub fn run(argv: &[OsString], env: &Env) -> Exit {
    let invocation = Invocation::parse(argv);
    let argv0 = argv.first().map_or(OsStr::new(""), OsString::as_os_str);
    match dispatch(&invocation, argv0, env) {
        Ok(exit) => exit,
        Err(failure) => {
            Output::new(&invocation.flags(), &ConfiguredLook::default(), env).failure(&failure);
            Exit::Own(failure.code)
        }
    }
}

fn dispatch(invocation: &Invocation, argv0: &OsStr, env: &Env) -> Result<Exit, Failure> {
    let output = || Output::new(&invocation.flags(), &ConfiguredLook::default(), env);
    match &invocation.request {
        Request::Own(Verb::Policy, _) => Ok(Exit::Success),
        Request::About(About::HelpOf(Verb::Policy)) => {
            output().data(&cli::policy_help());
            Ok(Exit::Success)
        }
        Request::About(about) => about::run(*about, invocation, argv0, env, &output()),
        Request::Cargo => cargo::run(invocation, argv0, env),
    }
}
