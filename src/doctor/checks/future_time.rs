//! `future-time`: sources or built files from the future, left by a clock that was wrong.

use super::super::Finding;
use crate::doctor::explain::Explanation;
use crate::doctor::{Check, Examination, Fix, Severity};
use crate::plan::freshness::{Note, words};

pub(super) const CHECK: Check = Check {
    code: "future-time",
    severity: Severity::Warning,
    brief: "a time lies in the future",
    page: Explanation {
        means: "A time lies in the future. A source from the future is newer than every build, so cargo builds from it in every \
                run. A built file from the future hides every edit until then, or makes whatever is built on it look older.",
        cause: "A clock that was wrong, or was set back; an archive or a file system from a machine with another clock.",
        proof: "The file's modification time is more than a second after the clock's.",
        remedy: "Times in the build dir are put down to now, in their order. A source keeps its time: `touch` it.",
    },
    look,
};

fn look(check: &Check, seen: &Examination<'_>) -> Vec<Finding> {
    let notes = seen.repairs.notes.iter().filter_map(|note| match note {
        Note::Future(place) => Some(place),
        Note::Guarded(..) => None,
    });
    let source = |place| {
        let finding = check.finding(words::shown(place, &seen.roots), "it is dated in the future");
        finding.with("cargo would build from it in every run until then: `touch` it".to_owned())
    };
    let artifacts = super::stale_times::moved(seen).filter(|moved| moved.to < moved.now).map(|moved| {
        let about = format!("{} ({})", moved.unit.package, moved.unit.profile.as_path().display());
        let finding = check.finding(about, format!("{} is dated in the future", moved.path.display()));
        finding.of_unit(moved.unit).with("cargo compares with this time".to_owned()).fixed_by(Fix::SetTime)
    });
    notes.map(source).chain(artifacts).collect()
}
