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
use crate::pins::check::{Finding, Gets, Run};
use crate::pins::survey::{Agreement, Survey};
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

/// The name of the compiler that a run gets, and what decides it; `None`: whatever the machine has.
fn compiler<'a>(run: &'a Run<'_>) -> Option<(&'a str, &'static str)> {
    use crate::pins::By;
    match &run.gets {
        Gets::File(channel) => Some((channel.as_str(), "toolchain-file")),
        Gets::Chosen(choice) => Some((
            &choice.name,
            match choice.by {
                By::Container => "container",
                By::Default => "default",
                By::Override => "override",
                By::Variable => "variable",
                By::Plus => "plus",
            },
        )),
        Gets::Unknown => None,
    }
}

#[cfg(test)]
mod tests;
