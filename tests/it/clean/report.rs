//! What `xcargo clean --json` prints, read as strictly as a program would.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::support::cmd::Run;

/// The plan, or what came of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Report {
    pub(super) format: u64,
    /// Whether it was carried out.
    pub(super) applied: bool,
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) groups: Vec<Group>,
    pub(super) left: Vec<Left>,
}

/// What goes for one reason.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Group {
    pub(super) reason: serde_json::Value,
    pub(super) units: u64,
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// Absolute; a directory stands for all below it.
    pub(super) paths: Vec<PathBuf>,
}

/// What stays although it was in the way.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Left {
    pub(super) path: PathBuf,
    pub(super) why: String,
}

impl Report {
    /// Of a run that went well.
    #[track_caller]
    pub(super) fn of(run: &Run) -> Self {
        let report: Self = serde_json::from_slice(&run.stdout)
            .unwrap_or_else(|error| panic!("stdout is not one JSON object: {error}\n{}", run.show()));
        assert_eq!(report.format, 1, "{}", run.show());
        for group in &report.groups {
            assert!(group.reason["kind"].is_string(), "a reason says what it is: {}", run.show());
        }
        report
    }

    /// All that is named, in order.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.groups.iter().flat_map(|group| &group.paths).map(PathBuf::as_path)
    }
}
