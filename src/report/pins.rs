//! The places that name a toolchain, as people and programs look at them: pure strings from plain data.
//!
//! ```text
//! Survey ─┬───────────────► show   ─► text, json
//!         └─► findings ───► check  ─► text, json, github, sarif
//! ```

pub mod github;
pub mod json;
mod place;
pub mod sarif;
pub mod text;

use crate::diagnostic::Severity;
use crate::pins::Frozen;
use crate::pins::check::Finding;
use crate::pins::effective::{Because, Run};
use crate::pins::survey::{Agreement, Survey};
use crate::pins::{By, Choice, Job};
use crate::sourced::Sourced;
use crate::toolchain::Channel;

/// What `xcargo toolchain check` found.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'a> {
    /// What the repository says.
    pub survey: &'a Survey,
    /// What is wrong.
    pub findings: &'a [Finding],
    /// What is to be said of the whole, such as that the dist server gave no answer.
    pub notes: &'a [String],
}

/// What `xcargo toolchain show` shows.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// What the repository says.
    pub survey: &'a Survey,
    /// What a command typed here would run, and why.
    pub effective: Option<&'a Sourced<Channel>>,
    /// What is to be said of the whole.
    pub notes: &'a [String],
}

impl Checked<'_> {
    /// How many findings weigh so much.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// As the command line, the JSON and SARIF call it.
const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

const fn agreement(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Agrees => "agrees",
        Agreement::Differs => "differs",
        Agreement::Unrelated => "unrelated",
    }
}

const fn frozen(why: Frozen) -> &'static str {
    match why {
        Frozen::Digest => "digest",
        Frozen::Commit => "commit",
        Frozen::Checksum => "checksum",
        Frozen::Spelled => "spelled",
        Frozen::Fixed => "fixed",
    }
}

/// What decides which compiler runs; `None`: whatever the machine has.
const fn by(run: &Run) -> Option<&'static str> {
    match run.because {
        Because::ToolchainFile => Some("toolchain-file"),
        Because::Chosen(By::Installed) => Some("installed"),
        Because::Chosen(By::Container) => Some("container"),
        Because::Chosen(By::Default) => Some("default"),
        Because::Chosen(By::Override) => Some("override"),
        Because::Chosen(By::Variable) => Some("variable"),
        Because::Chosen(By::Plus) => Some("plus"),
        Because::Machine => None,
        Because::Unknown => Some("unknown"),
    }
}

/// The value of a matrix that makes this run.
fn row<'a>(job: &'a Job, run: &Run) -> Option<&'a str> {
    let claim = run.claimed.as_ref()?;
    let is_row = |choice: &&Choice| choice.is_row && choice.span == claim.span;
    job.choices.iter().find(is_row).map(|choice| choice.name.as_str())
}

/// Single commands of a job with a toolchain of their own, which is not the run's.
fn commands<'a>(job: &'a Job, run: &Run) -> Vec<&'a str> {
    let is_other = |choice: &&Choice| {
        choice.by == By::Plus && !choice.is_row && run.effective.as_ref() != Some(&choice.name)
    };
    let mut names: Vec<&str> =
        job.choices.iter().filter(is_other).map(|choice| choice.name.as_str()).collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
