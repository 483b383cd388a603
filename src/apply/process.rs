//! Starting cargo so that nobody can tell the difference: streams, signals, exit code.
//!
//! Where nothing is left to do afterwards the process is *replaced* (Unix). Where it is not, the child shares
//! stdin, stdout, stderr and the process group, and signals are kept as they would be without xcargo: what the
//! terminal sends reaches the whole group by itself, what is sent to xcargo alone is forwarded, and a child that
//! died of a signal makes xcargo die of the same one.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::cargo_exe::{CargoExe, XCARGO_RECURSION};
use crate::diagnostic::Failure;
use crate::exit::Code;

#[cfg(not(unix))]
use other as system;
#[cfg(unix)]
use unix as system;

/// The command that hands these arguments to cargo, untouched, in an untouched environment.
#[must_use]
pub fn cargo(exe: &CargoExe, args: &[OsString]) -> Command {
    let mut command = Command::new(&exe.path);
    command.args(args);
    if let Some(hops) = exe.hops {
        command.env(XCARGO_RECURSION, hops.to_string());
    }
    command
}

/// Becomes the command (Unix), or runs it and ends with its status. Returns only if it could not be started.
pub fn replace(command: Command) -> Failure {
    let program = command.get_program().to_owned();
    let cause = system::replace(command);
    could_not_start(Path::new(&program), &cause)
}

/// Runs the command to its end with signals forwarded.
///
/// # Errors
/// It could not be started.
pub fn run(command: &mut Command) -> Result<ExitStatus, Failure> {
    system::run(command).map_err(|cause| could_not_start(Path::new(command.get_program()), &cause))
}

/// Ends this process as the child ended: by the same exit code or the same signal.
pub fn end_like(status: ExitStatus) -> ! {
    system::end_like(status)
}

/// Runs one of rustup's commands: what it says goes to stderr, because stdout belongs to cargo (and to whoever reads
/// cargo's messages from it), and it is asked nothing.
///
/// # Errors
/// It could not be started.
pub fn run_aside(command: &mut Command) -> io::Result<ExitStatus> {
    system::run(command.stdin(Stdio::null()).stdout(io::stderr()))
}

/// Whether a signal ended the child (Ctrl-C at the terminal, mostly), so that the whole command should end so.
#[must_use]
pub fn was_killed(status: ExitStatus) -> bool {
    system::was_killed(status)
}

/// The command as it can be pasted into a shell.
#[must_use]
pub fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| shell_escape::escape(word.to_string_lossy()).into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

fn could_not_start(program: &Path, cause: &io::Error) -> Failure {
    Failure::new(Code::NoCargo, format!("could not start {}", program.display())).note(cause.to_string())
}
