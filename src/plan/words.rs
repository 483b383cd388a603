//! The sentences in which plans, refusals and violations are shown. What is decided is elsewhere; here is only how
//! it is said.

use std::collections::BTreeMap;

use humansize::{BINARY, format_size};

use super::clean::{CleanPlan, Left, NoSuchPackage, Reason};
use super::rulings::{Kind, Violation, Weight};
use super::{Presence, Refusal, SinceLast};
use crate::cache::damage::Damage;
use crate::cache::size::Size;
use crate::diagnostic::Diagnostic;
use crate::exit::Code;

/// `412 files, 1.3GiB total`: what came of a clean, as cargo says it (`display_summary` in its `ops/cargo_clean.rs`).
#[must_use]
pub fn removed(size: Size) -> String {
    let total = match size.bytes {
        0 => String::new(),
        bytes @ ..1024 => format!(", {bytes}B total"),
        bytes => format!(
            ", {} total",
            format_size(bytes, BINARY.decimal_places(1).decimal_zeroes(1).space_after_value(false))
        ),
    };
    format!("{}{total}", files(size.files))
}

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

/// One line for each reason of a clean: what goes and why, without the verb. Packages share a line, and so do profiles.
#[must_use]
pub fn clean(plan: &CleanPlan) -> Vec<String> {
    let mut lines = Vec::new();
    let mut gathered: BTreeMap<&str, (Vec<String>, Size)> = BTreeMap::new();
    for group in &plan.groups {
        let amount = size(group.size);
        let counted = || format!("{amount} of {}", units(group.units));
        let mut gather = |why, what: String| {
            let (names, sum) = gathered.entry(why).or_default();
            names.push(what);
            *sum += group.size;
        };
        lines.push(match &group.reason {
            Reason::BuiltBy { compiler, pin } => {
                format!("{amount} built by {compiler}: the pin is now {pin}")
            }
            Reason::LeftTheLock { package } => {
                gather("no longer in Cargo.lock", package.clone());
                continue;
            }
            Reason::Package { package } => {
                gather("asked for", package.clone());
                continue;
            }
            Reason::Profile { dir } => {
                gather("asked for", dir.display().to_string());
                continue;
            }
            Reason::Target { triple } => {
                gather("asked for", triple.clone());
                continue;
            }
            Reason::InScope => format!("{}: clean.scope", counted()),
            Reason::Replaced => {
                format!("{amount} of what cargo remembers of the compiler: it was replaced under its name")
            }
            Reason::Everything => format!("{amount}: everything"),
            Reason::Doc => format!("{amount} of documentation"),
            Reason::Damaged { damage } => format!("{}: damaged: {}", counted(), damaged(*damage)),
            Reason::Toolchain { name } => format!("{} built by {name}", counted()),
            Reason::Unused { since } => format!("{}: not used since {}", counted(), day(*since)),
            Reason::Incremental => format!("{amount} of incremental sessions"),
            Reason::OverSize { cap } => {
                format!("{}: least recently used, to stay below {}", counted(), bytes(*cap))
            }
        });
    }
    for (why, (names, sum)) in gathered {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        lines.push(format!("{} of {}: {why}", size(sum), some_of(&names)));
    }
    lines
}

/// One line for each thing that stays although it was in the way of what was asked for, without the verb.
#[must_use]
pub fn left(plan: &CleanPlan) -> Vec<String> {
    let others: Vec<String> = plan.shared.iter().map(|root| root.display().to_string()).collect();
    let others = some_of(&others.iter().map(String::as_str).collect::<Vec<_>>());
    plan.left
        .iter()
        .map(|left| match left {
            Left::Unknown { path, why } => format!("{} alone: {}", path.display(), why.0),
            Left::Doubtful { spec, package, units: count } => {
                format!("{} of {package}: nothing says whether they are of `{spec}`", units(*count))
            }
            Left::Shared { units: count } => {
                format!("{}: {others} builds into the same directory and may need them", units(*count))
            }
            Left::SharedFinals => {
                format!("programs, documentation and packages: they may be of {others}")
            }
            Left::TooLittleRecorded { since: None } => {
                "what may be unused: no use was recorded yet (builds through xcargo record it)".to_owned()
            }
            Left::TooLittleRecorded { since: Some(since) } => {
                format!("what may be unused: uses are recorded only since {}", day(*since))
            }
            Left::StillOverSize { remains, cap } => {
                format!("{}, more than {}: what is left may not go", bytes(*remains), bytes(*cap))
            }
        })
        .collect()
}

/// What is wrong with a file, as a part of a sentence.
pub(super) fn damaged(damage: Damage) -> &'static str {
    match damage {
        Damage::Empty => "nothing is in a file",
        Damage::Cut => "a file ends too early",
        Damage::Garbage => "a file is not of its format",
        Damage::Missing => "a file is not there",
        Damage::Altered => "a file is not what was built",
        Damage::Mislabelled => "another compiler made it than the one it is said to be of",
    }
}

/// A spec that means nothing, in cargo's words.
#[must_use]
pub fn no_such_package(error: &NoSuchPackage) -> Diagnostic {
    let message = format!("package ID specification `{}` did not match any packages", error.spec);
    let diagnostic = Diagnostic::error(Code::Usage, message);
    match &error.nearest {
        Some(nearest) => diagnostic.help(format!("a package with a similar name exists: `{nearest}`")),
        None => diagnostic.help("`xcargo cache` shows the packages that there are units of"),
    }
}

/// `2026-11-22`, in UTC.
fn day(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| format!("second {seconds} of 1970"), |time| time.strftime("%Y-%m-%d").to_string())
}

/// `1.3 GiB`.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    format_size(bytes, BINARY)
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
    Diagnostic::error(Code::ToolchainMissing, format!("the toolchain `{label}` is only half there"))
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
