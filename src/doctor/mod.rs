//! What is wrong with a build cache, in findings with codes that stay, and what each of them means.
//!
//! ```text
//! Examination (what the disk said) ─► checks/*  ─► Vec<Finding>    `xcargo doctor`
//! a code, or part of a message     ─► explain   ─► Explanation     `xcargo doctor --explain`
//! ```
//!
//! A check is one small file in `checks/`: a [`Check`] with its code, its weight, its page and a function from what was seen to
//! findings, and one line in [`CHECKS`]. All of it is pure. Looking and repairing is done elsewhere, and is the same for the
//! step `verify-cache`; so nothing is found here that the step would not repair.

mod checks;
pub mod explain;

use std::path::PathBuf;

pub use checks::CHECKS;
use explain::Explanation;

use crate::cache::damage::Damaged;
use crate::cache::ledger::{Ledger, Roots};
use crate::plan::freshness::Repairs;

/// What the disk said, and what the judgement made of it.
#[derive(Debug, Clone, Copy)]
pub struct Examination<'a> {
    /// What is known of the units and their inputs, as they are now.
    pub ledger: &'a Ledger,
    /// What is to be done about units that are not what they seem.
    pub repairs: &'a Repairs,
    /// What is not as it was made.
    pub damaged: &'a [Damaged],
    /// Where the places of the ledger are.
    pub roots: Roots<'a>,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A build would fail, or give something else than the sources say.
    Error,
    /// A build may do so.
    Warning,
    /// Good to know: what is built is right, and nothing has to be done.
    Info,
}

/// What can be done about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fix {
    /// The next build makes the unit anew, and what depends on it.
    Rebuild,
    /// It is removed as a whole, and the next build makes it anew.
    Remove,
    /// A time is moved; no content changes.
    SetTime,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its check's code.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What it is about: a unit, a file.
    pub about: String,
    /// What is wrong with it.
    pub what: String,
    /// The package, where it is about one.
    pub package: Option<String>,
    /// The profile dir, relative to the build dir, where it is in one.
    pub profile: Option<PathBuf>,
    /// What proves it.
    pub evidence: Vec<String>,
    /// What `--fix` does; `None`: it can do nothing.
    pub fix: Option<Fix>,
}

/// One kind of thing that is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its name, for people, scripts and `--explain`. Once released it is kept.
    pub code: &'static str,
    /// How much its findings weigh.
    pub severity: Severity,
    /// What it finds, in one line.
    pub brief: &'static str,
    /// What is to be said of it.
    pub page: Explanation,
    look: fn(&Check, &Examination<'_>) -> Vec<Finding>,
}

impl Severity {
    /// All of them, the heaviest first.
    pub const ALL: &[Self] = &[Self::Error, Self::Warning, Self::Info];

    /// As the text and the JSON call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl Fix {
    /// As the JSON calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rebuild => "rebuild",
            Self::Remove => "remove",
            Self::SetTime => "set-time",
        }
    }

    /// What it does.
    #[must_use]
    pub const fn does(self) -> &'static str {
        match self {
            Self::Rebuild => "the next build makes it anew, and what depends on it",
            Self::Remove => "it is removed as one, and the next build makes it anew",
            Self::SetTime => "the time is moved; no content changes",
        }
    }
}

impl Finding {
    /// Whether a build is, or may be, wrong by it.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        self.severity != Severity::Info
    }

    /// Whether another look found the same again.
    #[must_use]
    pub fn is_in(&self, others: &[Self]) -> bool {
        let is_same = |other: &Self| {
            (self.code, &self.about, &self.package, &self.profile)
                == (other.code, &other.about, &other.package, &other.profile)
        };
        others.iter().any(is_same)
    }
}

impl Check {
    /// A finding of this check.
    fn finding(&self, about: String, what: impl Into<String>) -> Finding {
        Finding {
            code: self.code,
            severity: self.severity,
            about,
            what: what.into(),
            package: None,
            profile: None,
            evidence: Vec::new(),
            fix: None,
        }
    }
}

/// Everything that all checks find, in their order.
#[must_use]
pub fn check(seen: &Examination<'_>) -> Vec<Finding> {
    CHECKS.iter().flat_map(|check| (check.look)(check, seen)).collect()
}

#[cfg(test)]
mod tests;
