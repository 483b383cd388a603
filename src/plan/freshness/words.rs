//! What is said of repairs: one line for each cause.

use std::path::Path;

use super::{Note, Repairs, StaleWhy};
use crate::cache::damage::{Damaged, What};
use crate::cache::ledger::{Place, Roots, UnitKey, Where};
use crate::cache::{Mode, Target, UnitRef, fingerprint_kind};
use crate::plan::words::damaged as how;

/// So many lines of one kind are said; then only how many there are.
const MOST: usize = 8;

/// What is repaired and why, a line for each unit.
#[must_use]
pub fn repairing(repairs: &Repairs, damaged: &[Damaged], roots: &Roots<'_>) -> Vec<String> {
    let stale = repairs.stale.iter().map(|stale| {
        let unit = build(&stale.unit, &stale.build);
        match &stale.why {
            StaleWhy::Ghost(place) => {
                format!("{unit}: {} is not what it was built from, though no newer", shown(place, roots))
            }
            StaleWhy::Gone(place) => {
                format!("{unit}: {} is gone, from which it was built", shown(place, roots))
            }
            StaleWhy::Suspect(place) => format!(
                "{unit}: {} may be another than it was built from: there is no record, and the times do not tell",
                shown(place, roots)
            ),
        }
    });
    let mut lines: Vec<String> = stale.chain(damaged.iter().map(broken)).collect();
    let more = lines.len().saturating_sub(MOST);
    if more > 1 {
        lines.truncate(MOST);
        lines.push(format!("{more} more"));
    }
    lines
}

/// What is damaged, and how.
#[must_use]
pub fn broken(damaged: &Damaged) -> String {
    let file = damaged.file.display();
    match &damaged.what {
        What::Unit(UnitRef { package, .. }) => {
            format!("{package} ({}): {}: {file}", damaged.profile.display(), how(damaged.damage))
        }
        What::Incremental(_) => {
            format!("incremental sessions ({}): {}: {file}", damaged.profile.display(), how(damaged.damage))
        }
        What::RustcInfo => format!("{file}: {}", how(damaged.damage)),
    }
}

/// What stays fresh although its sources look new.
#[must_use]
pub fn keeping(repairs: &Repairs) -> Option<String> {
    let units = repairs.restamp.iter().filter(|restamp| restamp.keeps).count();
    let are = if units == 1 { "1 unit".to_owned() } else { format!("{units} units") };
    (units > 0).then(|| format!("{are}: the sources have new times, but the same content"))
}

/// Which times of sources are put back.
#[must_use]
pub fn putting_back(repairs: &Repairs, roots: &Roots<'_>) -> Option<String> {
    let first = repairs.put_back.first()?;
    let others = repairs.put_back.len() - 1;
    let shown = shown(&first.place, roots);
    let which = match others {
        0 => format!("the time of {shown}"),
        others => format!("the times of {shown} and {others} more"),
    };
    Some(format!("{which}: the content is what was built from"))
}

/// What is only said, with a way out.
#[must_use]
pub fn notes(repairs: &Repairs, roots: &Roots<'_>) -> Vec<String> {
    let note = |note: &Note| match note {
        Note::Future(place) => format!(
            "{} is dated in the future, so cargo would build from it in every run until then; `touch` it",
            shown(place, roots)
        ),
        Note::Guarded(place, unit) => format!(
            "the time of {} was not put back: {} ({}) was not surely built from this content",
            shown(place, roots),
            unit.package,
            unit.profile.as_path().display()
        ),
    };
    let mut notes: Vec<String> = repairs.notes.iter().map(note).collect();
    let more = notes.len().saturating_sub(MOST);
    if more > 1 {
        notes.truncate(MOST);
        notes.push(format!("{more} more of this kind"));
    }
    notes
}

/// A place as somebody at the workspace's root would name it.
#[must_use]
pub fn shown(place: &Place, roots: &Roots<'_>) -> String {
    let path = place.path.as_path();
    match place.base {
        Where::Workspace => path.display().to_string(),
        Where::BuildDir => {
            let dir = roots.build_dir.strip_prefix(roots.workspace).unwrap_or(Path::new(roots.build_dir));
            dir.join(path).display().to_string()
        }
        Where::Absolute => path.display().to_string(),
    }
}

/// `leaf (lib, debug)`.
#[must_use]
pub fn build(unit: &UnitKey, name: &str) -> String {
    let profile = unit.profile.as_path().display();
    let Some(kind) = fingerprint_kind(name) else { return format!("{} ({profile})", unit.package) };
    let what = match kind.target {
        Target::Lib => "lib".to_owned(),
        Target::Bin => format!("bin {}", kind.name),
        Target::IntegrationTest => format!("test {}", kind.name),
        Target::Example => format!("example {}", kind.name),
        Target::Bench => format!("bench {}", kind.name),
        Target::BuildScript => "build script".to_owned(),
    };
    let mode = match kind.mode {
        Mode::Build => "",
        Mode::Test if kind.target == Target::IntegrationTest => "",
        Mode::Test => " test",
        Mode::Doc => " docs",
        Mode::Run => " run",
    };
    format!("{} ({what}{mode}, {profile})", unit.package)
}
