//! `stale-times`: units that cargo would build anew although they were built from the very content that is there.

use std::path::Path;

use super::super::Finding;
use crate::cache::ledger::UnitKey;
use crate::cache::stat::Time;
use crate::doctor::explain::Explanation;
use crate::doctor::{Check, Examination, Fix, Severity};
use crate::plan::freshness::words;

pub(super) const CHECK: Check = Check {
    code: "stale-times",
    severity: Severity::Info,
    brief: "sources have new times and the content that the unit was built from",
    page: Explanation {
        means: "Sources have new times and the content that a unit was built from. Cargo would build it anew; what comes of that \
                is right, and needs time.",
        cause: "A fresh checkout beside a restored cache, a branch that was switched there and back, a touched file.",
        proof: "Every input of the unit has the digest that the ledger holds of the time when it was built.",
        remedy: "With `cache.restore = \"units\"` (the default) the time that cargo compares with moves up; with `\"mtimes\"` times of \
                 sources are put back, too, where build scripts go by them; with `\"off\"` nothing is done, and this is not found.",
    },
    look,
};

/// A time in the build dir that is to move.
pub(super) struct Moved<'a> {
    pub(super) unit: &'a UnitKey,
    pub(super) path: &'a Path,
    pub(super) now: Time,
    pub(super) to: Time,
}

/// All times in the build dir that are to move.
pub(super) fn moved<'a>(seen: &Examination<'a>) -> impl Iterator<Item = Moved<'a>> {
    let units = &seen.ledger.units;
    seen.repairs.restamp.iter().filter_map(move |restamp| {
        let unit = units.iter().find(|unit| unit.key == restamp.unit)?;
        let path = restamp.path.as_path();
        let now = unit.artifact(path)?.stat.modified;
        Some(Moved { unit: &unit.key, path, now, to: restamp.to })
    })
}

fn look(check: &Check, seen: &Examination<'_>) -> Vec<Finding> {
    let units = moved(seen).filter(|moved| moved.to > moved.now).map(|moved| {
        let about = format!("{} ({})", moved.unit.package, moved.unit.profile.as_path().display());
        let finding = check.finding(about, "its sources have new times, but the same content");
        let evidence = format!("{} is older than a source", moved.path.display());
        finding.of_unit(moved.unit).with(evidence).fixed_by(Fix::SetTime)
    });
    let sources = seen.repairs.put_back.iter().map(|back| {
        let about = words::shown(&back.place, &seen.roots);
        let finding = check.finding(about, "it has a new time, but the same content");
        finding.with("the content is what was built from".to_owned()).fixed_by(Fix::SetTime)
    });
    units.chain(sources).collect()
}
