//! Errors of the rooms below, as failures of a command: what is wrong, why, and the way out.

use std::error::Error as _;

use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::toolchain::ToolchainError;
use crate::toolchain::error::FileProblem;

/// A toolchain that cannot be told or asked.
pub(super) fn toolchain(error: ToolchainError) -> Failure {
    let code = match &error {
        ToolchainError::NoBin { .. }
        | ToolchainError::Rustc { .. }
        | ToolchainError::RustcAnswer { .. }
        | ToolchainError::File {
            problem: FileProblem::CustomMissing(_) | FileProblem::NoBin(_) | FileProblem::TargetInName(_),
            ..
        } => Code::ToolchainMissing,
        _ => Code::Workspace,
    };
    let mut failure = Failure::new(code, error.to_string());
    let mut cause = error.source();
    while let Some(source) = cause {
        failure = failure.note(source.to_string());
        cause = source.source();
    }
    match error.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}
