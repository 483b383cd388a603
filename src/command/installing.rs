//! rustup at work for xcargo: one at a time on this machine, its words on stderr, its failure ours.

use std::io;
use std::process::{Command, ExitStatus};

use crate::apply::process;
use crate::apply::rustup::Turn;
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::output::Output;
use crate::toolchain::Rustup;

/// Waits until no other xcargo lets rustup work: two of them would spoil each other's installation.
///
/// # Errors
/// The lock in RUSTUP_HOME cannot be had.
pub(super) fn take_turn(rustup: &Rustup, output: &Output) -> Result<Turn, Failure> {
    Turn::take(rustup.home(), |path| {
        output.waiting(format!("waiting for file lock on {}: rustup is at work", path.display()));
    })
    .map_err(|cause| no_turn(rustup, &cause))
}

/// The lock in RUSTUP_HOME, or the note in it, failed.
pub(super) fn no_turn(rustup: &Rustup, cause: &io::Error) -> Failure {
    let message = format!("could not take a lock in {}", rustup.home().display());
    Failure::new(Code::StepFailed, message)
        .note(cause.to_string())
        .help("make `.xcargo-lock` in it a file that you may write, on a file system that has locks")
}

/// Runs rustup's commands one after the other. `Some`: it was killed by a signal, and the command ends so.
///
/// # Errors
/// One could not be started, or failed.
pub(super) fn run(commands: Vec<Command>, output: &Output) -> Result<Option<ExitStatus>, Failure> {
    for mut command in commands {
        let shown = process::shown(&command);
        if output.is_verbose() {
            output.status("Running", &shown);
        }
        let status = process::run_aside(&mut command).map_err(|cause| {
            Failure::new(Code::StepFailed, format!("could not start `{shown}`"))
                .note(cause.to_string())
                .help("install rustup again, and let its cargo be the first in PATH")
        })?;
        if process::was_killed(status) {
            return Ok(Some(status));
        }
        if !status.success() {
            return Err(Failure::new(Code::StepFailed, format!("`{shown}` failed ({status})"))
                .help("see what rustup says above; nothing of the build cache was touched"));
        }
    }
    Ok(None)
}
