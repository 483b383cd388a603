//! Findings for programs. The format is published in `docs/doctor.md`; once released it only grows.

use std::path::Path;

use serde_json::{Value, json};

use super::{Depth, Examined, Now};
use crate::doctor::{Finding, Fix, Severity};

/// Raised when the meaning of a field changes.
const FORMAT: u32 = 1;

/// The whole document, with a final line feed.
#[must_use]
pub fn render(examined: &Examined<'_>) -> String {
    let findings: Vec<Value> = examined.findings.iter().map(|(it, now)| finding(it, *now)).collect();
    let document = json!({
        "format": FORMAT,
        "workspace": path(examined.root),
        "build-dir": path(examined.build_dir),
        "depth": match examined.depth {
            Depth::Content => "content",
            Depth::Stat => "stat",
        },
        "units": examined.units,
        "errors": examined.count(Severity::Error),
        "warnings": examined.count(Severity::Warning),
        "infos": examined.count(Severity::Info),
        "fixed": examined.fixed(),
        "findings": findings,
        "notes": examined.notes,
    });
    format!("{document:#}\n")
}

fn finding(it: &Finding, now: Now) -> Value {
    json!({
        "code": it.code,
        "severity": it.severity.name(),
        "about": it.about,
        "what": it.what,
        "package": it.package,
        "profile": it.profile.as_deref().map(path),
        "evidence": it.evidence,
        "fix": it.fix.map(Fix::name),
        "fixed": now == Now::Fixed,
    })
}

fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
