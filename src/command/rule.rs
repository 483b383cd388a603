//! The policy's word on a command before anything runs.

use super::context::Context;
use super::failures;
use crate::cargo_exe::CargoExe;
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::exit::Code;
use crate::invocation::Invocation;
use crate::observe::toolchain::{self, Found};
use crate::plan::rulings::{self, Place};
use crate::plan::words;
use crate::policy::Policy;
use crate::policy::load::Loaded;
use crate::sourced::Origin;

/// The toolchains that the command is about.
///
/// # Errors
/// rustup's settings or the toolchain file cannot be read.
pub(super) fn toolchain(
    invocation: &Invocation,
    exe: &CargoExe,
    context: &Context,
    policy: &Policy,
) -> Result<Found, Failure> {
    let plus = invocation.plus.as_deref().map(|plus| plus.to_string_lossy());
    let rustc = context.config.program("build.rustc").map(|found| found.value);
    toolchain::find(exe, plus.as_deref(), rustc.as_deref(), &context.env_of_rustup, policy)
        .map_err(failures::toolchain)
}

/// Says what the policy has against the command, and stops it where it must.
///
/// # Errors
/// The policy refuses; everything it has to say is in the failure.
pub(super) fn judge(found: &Found, context: &Context, loaded: &Loaded) -> Result<(), Failure> {
    let place = if context.env.is_ci() { Place::Ci } else { Place::Local };
    let violations = rulings::violations(&context.resolved, &found.toolchains, place, &loaded.policy);
    let (errors, warnings): (Vec<Diagnostic>, Vec<Diagnostic>) = violations
        .iter()
        .map(|violation| located(words::violation(violation), &violation.by, loaded))
        .partition(|finding| finding.severity == Severity::Error);
    for warning in &warnings {
        context.output.finding(warning);
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure { code: Code::PolicyRefused, diagnostics: errors }) }
}

/// The finding with a caret at the line of policy that caused it.
pub(super) fn located(finding: Diagnostic, by: &Origin, loaded: &Loaded) -> Diagnostic {
    match loaded.place(by) {
        Some((source, span)) => finding.label(&source, span, "this line asks for it"),
        None => finding.note(format!("set by {by}")),
    }
}
