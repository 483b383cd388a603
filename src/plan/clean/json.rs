//! The plan as JSON, for `--json`. `docs/clean.md` describes it; `format` is raised when the meaning of a field changes.

use std::path::Path;

use serde_json::{Value, json};

use super::{CleanPlan, Group, Left, Reason};
use crate::cache::Entry;
use crate::cache::damage::Damage;
use crate::cache::size::Size;

/// The format that [`CleanPlan::to_json`] writes.
const FORMAT: u32 = 1;

impl CleanPlan {
    /// The plan with the two directories that its entries are relative to. They are one where nobody sets a build dir of
    /// its own; then all entries are in `build`.
    #[must_use]
    pub fn to_json(&self, build_dir: &Path, target_dir: &Path) -> Value {
        json!({
            "format": FORMAT,
            "build-dir": path(build_dir),
            "target-dir": path(target_dir),
            "groups": self.groups.iter().map(group).collect::<Vec<_>>(),
            "left": self.left.iter().map(left).collect::<Vec<_>>(),
            "shared-with": self.shared.iter().map(|root| path(root)).collect::<Vec<_>>(),
            "units": self.units(),
            "size": size(self.size()),
        })
    }
}

fn group(group: &Group) -> Value {
    json!({
        "reason": reason(&group.reason),
        "units": group.units,
        "build": group.build.iter().map(entry).collect::<Vec<_>>(),
        "target": group.target.iter().map(entry).collect::<Vec<_>>(),
        "size": size(group.size),
    })
}

fn size(size: Size) -> Value {
    json!({ "files": size.files, "bytes": size.bytes })
}

fn entry(entry: &Entry) -> Value {
    let kind = match entry {
        Entry::File(_) => "file",
        Entry::Tree(_) => "tree",
        Entry::EmptyDir(_) => "empty-dir",
    };
    json!({ "kind": kind, "path": path(entry.path()) })
}

/// JSON has no bytes: a path that is not UTF-8 is shown with replacement characters.
fn path(path: &Path) -> Value {
    json!(path.to_string_lossy())
}

fn reason(reason: &Reason) -> Value {
    match reason {
        Reason::BuiltBy { compiler, pin } => json!({ "kind": "built-by", "compiler": compiler, "pin": pin }),
        Reason::LeftTheLock { package } => json!({ "kind": "left-the-lock", "package": package }),
        Reason::InScope => json!({ "kind": "in-scope" }),
        Reason::Replaced => json!({ "kind": "replaced" }),
        Reason::Everything => json!({ "kind": "everything" }),
        Reason::Profile { dir } => json!({ "kind": "profile", "dir": path(dir) }),
        Reason::Target { triple } => json!({ "kind": "target", "triple": triple }),
        Reason::Doc => json!({ "kind": "doc" }),
        Reason::Package { package } => json!({ "kind": "package", "package": package }),
        Reason::Damaged { damage } => json!({ "kind": "damaged", "damage": damaged(*damage) }),
        Reason::Toolchain { name } => json!({ "kind": "toolchain", "name": name }),
        Reason::Unused { since } => json!({ "kind": "unused", "since": since }),
        Reason::Incremental => json!({ "kind": "incremental" }),
        Reason::OverSize { cap } => json!({ "kind": "over-size", "cap": cap }),
    }
}

fn damaged(damage: Damage) -> &'static str {
    match damage {
        Damage::Empty => "empty",
        Damage::Cut => "cut",
        Damage::Garbage => "garbage",
        Damage::Missing => "missing",
        Damage::Altered => "altered",
        Damage::Mislabelled => "mislabelled",
    }
}

fn left(left: &Left) -> Value {
    match left {
        Left::Unknown { path: at, why } => {
            json!({ "kind": "unknown", "path": path(at), "why": why.0.to_string() })
        }
        Left::Doubtful { spec, package, units } => {
            json!({ "kind": "doubtful", "spec": spec, "package": package, "units": units })
        }
        Left::Shared { units } => json!({ "kind": "shared", "units": units }),
        Left::SharedFinals => json!({ "kind": "shared-finals" }),
        Left::TooLittleRecorded { since } => json!({ "kind": "too-little-recorded", "since": since }),
        Left::StillOverSize { remains, cap } => {
            json!({ "kind": "still-over-size", "remains": remains, "cap": cap })
        }
    }
}
