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

use std::collections::HashMap;
use std::ops::Range;

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

/// What is said beside each run of a job, gathered once for all of them.
struct Beside<'a> {
    /// The values of its matrix, by where they stand.
    rows: HashMap<&'a Range<usize>, &'a str>,
    /// Single commands with a toolchain of their own.
    commands: Vec<&'a str>,
}

impl<'a> Beside<'a> {
    fn of(job: &'a Job) -> Self {
        let rows = job.choices.iter().filter(|choice| choice.is_row);
        let rows = rows.map(|choice| (&choice.span, choice.name.as_str())).collect();
        let is_command = |choice: &&Choice| choice.by == By::Plus && !choice.is_row;
        let commands = job.choices.iter().filter(is_command).map(|choice| choice.name.as_str()).collect();
        Self { rows, commands }
    }

    /// The value of a matrix that makes this run.
    fn row(&self, run: &Run) -> Option<&'a str> {
        self.rows.get(&run.claimed.as_ref()?.span).copied()
    }

    /// Single commands with a toolchain of their own, which is not the run's.
    fn commands(&self, run: &Run) -> Vec<&'a str> {
        let is_other = |name: &&str| run.effective.as_deref() != Some(*name);
        let mut names: Vec<&str> = self.commands.iter().copied().filter(is_other).collect();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests;
