//! What the policy says to a command before anything runs: refused, warned about, or nothing. Pure.

use crate::invocation::Resolved;
use crate::policy::{Enforce, Policy, Ruling, When};
use crate::sourced::{Origin, Sourced};

/// Which toolchain a command would run, and which is pinned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Toolchains {
    /// What was asked for on the command line, in the environment or by `rustup override`, if it is not the pin.
    pub overridden: Option<Sourced<String>>,
    /// The name in the toolchain file, with the file.
    pub file: Option<Sourced<String>>,
}

/// Something that the policy forbids, or wants and does not get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What it is.
    pub kind: Kind,
    /// The line of policy.
    pub by: Origin,
    /// Whether the command stops.
    pub weight: Weight,
}

/// Whether a violation stops the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It stops.
    Deny,
    /// It goes on, with a warning.
    Warn,
}

/// What the policy forbids, or wants and does not get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `commands.deny`.
    CommandDenied {
        /// The verb.
        command: String,
        /// The policy's reason.
        reason: Option<String>,
    },
    /// `commands.require`.
    ArgumentsMissing {
        /// The verb.
        command: String,
        /// What has to be added.
        missing: Vec<String>,
        /// The policy's reason.
        reason: Option<String>,
    },
    /// `toolchain.override`.
    ToolchainOverridden {
        /// What was asked for, and where.
        by: Sourced<String>,
    },
    /// `toolchain.channel` and the toolchain file name different toolchains.
    PinsDisagree {
        /// In doctor.toml.
        policy: String,
        /// In the toolchain file.
        file: Sourced<String>,
    },
}

/// Whether this is a CI job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `CI` is set.
    Ci,
    /// Somebody's machine.
    Local,
}

/// Everything that the policy has to say to this command.
#[must_use]
pub fn violations(
    command: &Resolved,
    toolchains: &Toolchains,
    place: Place,
    policy: &Policy,
) -> Vec<Violation> {
    let enforced = match policy.meta.enforce.value {
        Enforce::Deny => Weight::Deny,
        Enforce::Warn => Weight::Warn,
    };
    let mut found = Vec::new();
    let mut say = |kind, by: &Origin, weight| found.push(Violation { kind, by: by.clone(), weight });

    let verb = command.verb.as_ref().and_then(|verb| verb.to_str()).unwrap_or_default();
    for rule in policy.commands.deny.iter().filter(|rule| rule.value.command == verb && !command.flags.help) {
        let kind = Kind::CommandDenied { command: verb.to_owned(), reason: rule.value.reason.clone() };
        say(kind, &rule.origin, enforced);
    }
    let applies = |when| match when {
        When::Always => true,
        When::Ci => place == Place::Ci,
        When::Local => place == Place::Local,
    };
    for rule in
        policy.commands.require.iter().filter(|rule| rule.value.command == verb && applies(rule.value.when))
    {
        let given = |wanted: &String| command.flags.words.iter().any(|word| word == wanted.as_str());
        let missing: Vec<String> = rule.value.args.iter().filter(|wanted| !given(wanted)).cloned().collect();
        if !missing.is_empty() && !command.flags.help {
            let kind = Kind::ArgumentsMissing {
                command: verb.to_owned(),
                missing,
                reason: rule.value.reason.clone(),
            };
            say(kind, &rule.origin, enforced);
        }
    }
    if let Some(by) = &toolchains.overridden {
        let weight = match policy.toolchain.r#override.value {
            Ruling::Allow => None,
            Ruling::Warn => Some(Weight::Warn),
            Ruling::Deny => Some(enforced),
        };
        if let Some(weight) = weight {
            say(Kind::ToolchainOverridden { by: by.clone() }, &policy.toolchain.r#override.origin, weight);
        }
    }
    if let (Some(channel), Some(file)) = (&policy.toolchain.channel, &toolchains.file)
        && channel.value.as_str() != file.value
    {
        let kind = Kind::PinsDisagree { policy: channel.value.to_string(), file: file.clone() };
        say(kind, &channel.origin, enforced);
    }
    found
}
