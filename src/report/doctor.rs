//! What a doctor found, as people and programs look at it: pure strings from plain data.

pub mod explain;
pub mod json;
pub mod text;

use std::path::Path;

use crate::doctor::{Finding, Severity};

/// What an examination came to.
#[derive(Debug, Clone, Copy)]
pub struct Examined<'a> {
    /// The workspace's root.
    pub root: &'a Path,
    /// The build dir.
    pub build_dir: &'a Path,
    /// How it was looked at.
    pub depth: Depth,
    /// How many units there are.
    pub units: usize,
    /// What was found, each with what became of it.
    pub findings: &'a [(Finding, Now)],
    /// What is to be said of the whole.
    pub notes: &'a [String],
}

/// How files were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// By their content.
    Content,
    /// By their content where their `stat` changed.
    Stat,
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// It is still so.
    There,
    /// It was repaired, and a second look did not find it again.
    Fixed,
}

impl Examined<'_> {
    /// How many findings of such a weight are still so.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.open().filter(|finding| finding.severity == severity).count()
    }

    /// How many were repaired.
    #[must_use]
    pub fn fixed(&self) -> usize {
        self.findings.iter().filter(|(_, now)| *now == Now::Fixed).count()
    }

    /// Whether anything is wrong, and was not repaired.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        self.open().any(Finding::is_wrong)
    }

    fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|(_, now)| *now == Now::There).map(|(finding, _)| finding)
    }
}
