//! Everything that is cargo's.

use std::ffi::OsStr;

use crate::apply::process;
use crate::cargo_exe;
use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::Exit;
use crate::invocation::Invocation;

pub(super) fn run(invocation: &Invocation, argv0: &OsStr, env: &Env) -> Result<Exit, Failure> {
    let exe = cargo_exe::find(invocation.called_as, argv0, env)?;
    Err(process::replace(process::cargo(&exe, &invocation.cargo_args)))
}
