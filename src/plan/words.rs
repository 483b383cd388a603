//! The sentences in which plans, refusals and violations are shown. What is decided is elsewhere; here is only how
//! it is said.

use humansize::{BINARY, format_size};

use super::clean::{CleanPlan, Group, Reason};
use super::rulings::{Kind, Violation, Weight};
use super::{Presence, Refusal, SinceLast};
use crate::cache::size::Size;
use crate::diagnostic::Diagnostic;
use crate::exit::Code;

/// `412 files, 1.3 GiB`.
#[must_use]
pub fn size(size: Size) -> String {
    format!("{}, {}", files(size.files), format_size(size.bytes, BINARY))
}

fn units(count: usize) -> String {
    if count == 1 { "1 unit".to_owned() } else { format!("{count} units") }
}

fn files(count: u64) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

/// One line for each reason of a clean: what goes and why, without the verb. Packages that left the lock file share
/// a line.
#[must_use]
pub fn clean(plan: &CleanPlan) -> Vec<String> {
    let mut lines = Vec::new();
    let mut left = Vec::new();
    for group in &plan.groups {
        match &group.reason {
            Reason::BuiltBy { compiler, pin } => {
                lines.push(format!("{} built by {compiler}: the pin is now {pin}", size(group.size)));
            }
            Reason::InScope => {
                lines.push(format!("{} of {}: clean.scope", size(group.size), units(group.units)))
            }
            Reason::Replaced => lines.push(format!(
                "{} of what cargo remembers of the compiler: it was replaced under its name",
                size(group.size)
            )),
            Reason::LeftTheLock { package } => left.push((package.as_str(), group)),
        }
    }
    if !left.is_empty() {
        let total = left.iter().fold(Size::default(), |sum, (_, group): &(&str, &Group)| sum + group.size);
        let names: Vec<&str> = left.iter().map(|(package, _)| *package).collect();
        lines.push(format!("{} of {}: no longer in Cargo.lock", size(total), some_of(&names)));
    }
    lines
}

/// Up to four names, and how many more there are.
fn some_of(names: &[&str]) -> String {
    const SHOWN: usize = 4;
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..SHOWN].join(", ")),
    }
}

/// `from 1.77.2 to 1.78.0`, or what else there is to say of a pin that moved. `None`: it did not.
#[must_use]
pub fn moved(since: &SinceLast, label: &str) -> Option<String> {
    let SinceLast::Moved { from, to } = since else { return None };
    let to = to.as_deref().unwrap_or(label);
    Some(if from == to {
        format!("to `{label}`, the same compiler ({to})")
    } else {
        format!("from {from} to {to}")
    })
}

/// What is missing of a toolchain: `1.78.0`, or `clippy and wasm32-unknown-unknown for 1.78.0`.
#[must_use]
pub fn missing(presence: &Presence, label: &str) -> String {
    match presence {
        Presence::Lacks { components, targets } => {
            let parts: Vec<&str> = components.iter().chain(targets).map(String::as_str).collect();
            format!("{} for {label}", parts.join(", "))
        }
        Presence::Complete | Presence::Missing | Presence::HalfInstalled | Presence::CannotInstall(_) => {
            label.to_owned()
        }
    }
}

/// What a violation says, without its place in the policy.
#[must_use]
pub fn violation(violation: &Violation) -> Diagnostic {
    let say = |message: String| match violation.weight {
        Weight::Deny => Diagnostic::error(Code::PolicyRefused, message),
        Weight::Warn => Diagnostic::warning(Code::PolicyRefused, message),
    };
    let reason = |diagnostic: Diagnostic, reason: &Option<String>| match reason {
        Some(reason) => diagnostic.note(format!("reason: {reason}")),
        None => diagnostic,
    };
    match &violation.kind {
        Kind::CommandDenied { command, reason: why } => {
            reason(say(format!("the policy does not allow `cargo {command}` here")), why)
        }
        Kind::ArgumentsMissing { command, missing, reason: why } => {
            let all = missing.join(" ");
            reason(say(format!("the policy wants `cargo {command}` with {all}")), why)
                .help(format!("run `cargo {command} {all}`"))
        }
        Kind::ToolchainOverridden { by } => {
            say("the policy does not allow another toolchain than the pin".to_owned())
                .note(format!("`{}` was asked for by {}", by.value, by.origin))
                .help("leave it away, or change the pin for everybody")
        }
        Kind::PinsDisagree { policy, file } => say(
            "doctor.toml and the toolchain file name different toolchains".to_owned(),
        )
        .note(format!("{} names `{}`", file.origin, file.value))
        .help(format!(
            "write `{policy}` into both, or remove `channel` from doctor.toml: the toolchain file is the pin"
        )),
    }
}

/// A toolchain that cannot run as it is, and that xcargo has not left so.
#[must_use]
pub fn half_installed(label: &str) -> Diagnostic {
    Diagnostic::error(Code::ToolchainMissing, format!("the pinned toolchain `{label}` is only half there"))
        .note("its rustc or cargo is missing: somebody is installing it just now, or was interrupted")
        .help(format!("wait for them, or `rustup toolchain uninstall {label}`, then run this command again"))
}

/// Why no plan can be made, without the place in the policy.
#[must_use]
pub fn refusal(refusal: &Refusal, label: &str, origin: &str) -> Diagnostic {
    match refusal {
        Refusal::InstallDenied { missing: parts, .. } => Diagnostic::error(
            Code::ToolchainMissing,
            format!("not installed, and the policy forbids to install it: {}", missing(parts, label)),
        )
        .note(format!("it is named by {origin}"))
        .help("install it by hand, or set `toolchain.install` to \"auto\" or \"ask\""),
        Refusal::Offline => Diagnostic::error(
            Code::ToolchainMissing,
            format!("the pinned toolchain `{label}` is not installed"),
        )
        .note(format!("it is named by {origin}"))
        .note("the network is off: `--offline` or `--frozen`")
        .help(format!("go online once, or `rustup toolchain install {label}` where there is a network")),
        Refusal::CannotInstall { why } => Diagnostic::error(
            Code::ToolchainMissing,
            format!("the pinned toolchain `{label}` is not installed"),
        )
        .note(format!("it is named by {origin}"))
        .note(why.clone()),
    }
}
