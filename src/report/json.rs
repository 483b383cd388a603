//! A report for programs. The format is published in `docs/cache.md`; once released it only grows.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::{BuiltBy, By, Dir, Item, Report, when};
use crate::cache::{Size, Source};
use crate::observe::compilers::Standing;

/// Raised when the meaning of a field changes.
const FORMAT: u32 = 1;

/// The whole document, with a final line feed.
#[must_use]
pub fn render(report: &Report) -> String {
    let by: Map<String, Value> =
        By::ALL.iter().map(|by| (by.name().to_owned(), breakdown(report, *by))).collect();
    let document = json!({
        "format": FORMAT,
        "workspace": report.workspace.as_deref().map(path),
        "target-dir": path(&report.target_dir),
        "build-dir": path(&report.build_dir),
        "files": report.total().files,
        "bytes": report.total().bytes,
        "by": by,
        "toolchains": toolchains(report),
        "items": report.items.iter().map(|it| item(report, it)).collect::<Vec<_>>(),
        "left-alone": report.unknown.iter()
            .map(|unknown| json!({ "path": path(&unknown.path), "why": unknown.why.to_string() }))
            .collect::<Vec<_>>(),
        "not-counted": report.unreadable.iter()
            .map(|(dir, why)| json!({ "path": path(dir), "why": why }))
            .collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn breakdown(report: &Report, by: By) -> Value {
    let rows = report.rows(by).into_iter();
    rows.map(|row| json!({ "name": row.label, "files": row.size.files, "bytes": row.size.bytes })).collect()
}

fn toolchains(report: &Report) -> Value {
    let all = report.toolchains.iter();
    all.map(|toolchain| {
        json!({
            "name": toolchain.label,
            "names": toolchain.names,
            "standing": toolchain.standing.map_or("unknown", |standing| match standing {
                Standing::Pinned => "pinned",
                Standing::PinnedBefore => "pinned-before",
                Standing::PinnedElsewhere => "pinned-elsewhere",
                Standing::Installed => "installed",
            }),
            "hashes": toolchain.hashes.iter().map(|hash| format!("{hash:016x}")).collect::<Vec<_>>(),
        })
    })
    .collect()
}

fn item(report: &Report, item: &Item) -> Value {
    let Size { files, bytes } = item.size;
    let toolchains: Vec<&str> = match &item.built_by {
        BuiltBy::Nobody | BuiltBy::Unfinished => Vec::new(),
        BuiltBy::One(at) => vec![&report.toolchains[*at].label],
        BuiltBy::Several(all) => all.iter().map(|at| &*report.toolchains[*at].label).collect(),
    };
    json!({
        "kind": item.kind.slug(),
        "name": item.name,
        "package": item.package,
        "source": item.source.as_ref().map(source),
        "id": item.id,
        "features": item.features,
        "profile": item.profile,
        "triple": item.triple,
        "toolchains": toolchains,
        "built": item.built.and_then(when::exact),
        "dir": match item.dir { Dir::Build => "build", Dir::Target => "target" },
        "path": path(&item.path),
        "why": item.why,
        "files": files,
        "bytes": bytes,
    })
}

fn source(source: &Source) -> Value {
    match source {
        Source::Registry { version } => json!({ "kind": "registry", "version": version }),
        Source::Git { rev } => json!({ "kind": "git", "rev": rev }),
        Source::Path => json!({ "kind": "path" }),
        Source::Unknown(_) => json!({ "kind": "unknown" }),
    }
}

/// JSON has no bytes: what is not Unicode in a name becomes U+FFFD.
fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
