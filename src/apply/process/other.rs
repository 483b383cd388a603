//! Systems without `exec` and signals (Windows): run, wait, end with the same code.

use std::io;
use std::process::{Command, ExitStatus};

/// Runs the command and ends with its code; there is no way to become it.
pub(super) fn replace(mut command: Command) -> io::Error {
    match run(&mut command) {
        Ok(status) => end_like(status),
        Err(cause) => cause,
    }
}

/// Runs the command to its end. The console sends Ctrl-C to every process attached to it; this one has to outlive
/// the child to pass on its code, so it looks away.
pub(super) fn run(command: &mut Command) -> io::Result<ExitStatus> {
    // A second call finds the handler set already, which is what is wanted.
    let _ = ctrlc::set_handler(|| {});
    command.status()
}

/// Nothing is killed by a signal here.
pub(super) fn was_killed(_: ExitStatus) -> bool {
    false
}

/// Ends with the child's code.
pub(super) fn end_like(status: ExitStatus) -> ! {
    std::process::exit(status.code().unwrap_or(1));
}
