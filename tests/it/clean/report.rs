//! What `xcargo clean --json` prints, read as strictly as a program would (docs/clean.md has the format).

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::support::cmd::Run;

/// The plan, or what came of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Report {
    /// Whether it was carried out.
    pub(super) applied: bool,
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) groups: Vec<Group>,
    pub(super) left: Vec<Left>,
}

/// What goes for one reason.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) units: u64,
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// Absolute; a directory stands for all below it. Directories that go only if nothing is left in them are not among
    /// them.
    pub(super) paths: Vec<PathBuf>,
}

/// What stays although it was in the way.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Left {
    #[serde(default)]
    pub(super) path: PathBuf,
    #[serde(default)]
    pub(super) why: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Json {
    format: u64,
    applied: bool,
    build_dir: PathBuf,
    target_dir: PathBuf,
    groups: Vec<JsonGroup>,
    left: Vec<Left>,
    units: u64,
    size: JsonSize,
}

#[derive(Deserialize)]
struct JsonGroup {
    reason: serde_json::Value,
    units: u64,
    build: Vec<JsonEntry>,
    target: Vec<JsonEntry>,
    size: JsonSize,
}

#[derive(Deserialize)]
struct JsonEntry {
    kind: String,
    path: PathBuf,
}

#[derive(Clone, Copy, Deserialize)]
struct JsonSize {
    files: u64,
    bytes: u64,
}

impl Report {
    /// Of a run that went well.
    #[track_caller]
    pub(super) fn of(run: &Run) -> Self {
        let json: Json = serde_json::from_slice(&run.stdout)
            .unwrap_or_else(|error| panic!("stdout is not one JSON object: {error}\n{}", run.show()));
        assert_eq!(json.format, 1, "{}", run.show());
        for group in &json.groups {
            assert!(group.reason["kind"].is_string(), "a reason says what it is: {}", run.show());
        }
        let units: u64 = json.groups.iter().map(|group| group.units).sum();
        assert_eq!(json.units, units, "{}", run.show());
        let paths = |group: &JsonGroup| {
            let on = |dir: &Path, entries: &[JsonEntry]| -> Vec<PathBuf> {
                let whole = entries.iter().filter(|entry| entry.kind != "empty-dir");
                whole.map(|entry| dir.join(&entry.path)).collect()
            };
            [on(&json.build_dir, &group.build), on(&json.target_dir, &group.target)].concat()
        };
        let groups = json.groups.iter().map(|group| Group {
            units: group.units,
            files: group.size.files,
            bytes: group.size.bytes,
            paths: paths(group),
        });
        let JsonSize { files, bytes } = json.size;
        Self { applied: json.applied, files, bytes, groups: groups.collect(), left: json.left }
    }

    /// All that is named, in order.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.groups.iter().flat_map(|group| &group.paths).map(PathBuf::as_path)
    }
}
