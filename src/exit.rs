//! Exit codes: cargo's own where cargo ran, else one of a small documented range.
//!
//! The codes are published in `docs/exit-codes.md`; once released they are kept.

use std::process::ExitStatus;

/// Why xcargo itself ended the command. Always paired with `error[<name>]` on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// A check found something (`policy check` with warnings turned into errors, `doctor`).
    Findings,
    /// The policy forbids this command.
    PolicyRefused,
    /// `doctor.toml` is not valid, or cannot be read.
    PolicyBroken,
    /// Something outside the workspace's own target and build dir would be deleted.
    OutsideBounds,
    /// The pinned toolchain is not there and may not or cannot be installed.
    ToolchainMissing,
    /// Somebody else holds what is needed, and waiting was not wanted.
    Busy,
    /// A coordinated step failed; what was done and what not is on stderr.
    StepFailed,
    /// There is no cargo to hand the command to, or only xcargo itself.
    NoCargo,
    /// xcargo's own verbs or flags were used wrongly.
    Usage,
    /// The workspace could not be read where xcargo has to know it.
    Workspace,
}

impl Code {
    /// Every code, in order of its number: for the documentation test.
    pub const ALL: &[Self] = &[
        Self::Findings,
        Self::PolicyRefused,
        Self::PolicyBroken,
        Self::OutsideBounds,
        Self::ToolchainMissing,
        Self::Busy,
        Self::StepFailed,
        Self::NoCargo,
        Self::Usage,
        Self::Workspace,
    ];

    /// The process exit code: 40 to 49, far from cargo's 1 and 101 and from the shell's 126 and up.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Findings => 40,
            Self::PolicyRefused => 41,
            Self::PolicyBroken => 42,
            Self::OutsideBounds => 43,
            Self::ToolchainMissing => 44,
            Self::Busy => 45,
            Self::StepFailed => 46,
            Self::NoCargo => 47,
            Self::Usage => 48,
            Self::Workspace => 49,
        }
    }

    /// The name that stands in `error[<name>]`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Findings => "findings",
            Self::PolicyRefused => "policy-refused",
            Self::PolicyBroken => "policy-broken",
            Self::OutsideBounds => "outside-bounds",
            Self::ToolchainMissing => "toolchain-missing",
            Self::Busy => "busy",
            Self::StepFailed => "step-failed",
            Self::NoCargo => "no-cargo",
            Self::Usage => "usage",
            Self::Workspace => "workspace",
        }
    }
}

/// How the whole command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything that was xcargo's to do is done.
    Success,
    /// Cargo (or another child whose word counts) ran; its status is passed on, signals included.
    Child(ExitStatus),
    /// xcargo itself ended it, and has said why.
    Own(Code),
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn numbers_and_names_are_distinct_and_documented() {
        let docs = include_str!("../docs/exit-codes.md");
        for (at, code) in Code::ALL.iter().enumerate() {
            assert_eq!(usize::from(code.number()), 40 + at);
            let row = format!("| {} | `{}` |", code.number(), code.name());
            assert!(docs.contains(&row), "docs/exit-codes.md has no row starting {row:?}");
        }
    }
}
