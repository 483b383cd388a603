//! `unproven-unit`: units of which nobody knows from what content they were built.

use super::super::Finding;
use crate::cache::ledger::{UnitRecord, Watch};
use crate::doctor::explain::Explanation;
use crate::doctor::{Check, Examination, Severity};
use crate::plan::freshness::words;

/// So many are named.
const MOST: usize = 8;

pub(super) const CHECK: Check = Check {
    code: "unproven-unit",
    severity: Severity::Info,
    brief: "there is no record of all that these units were built from",
    page: Explanation {
        means: "Of some input of these units there is no record of what was in it when they were built. They may be right; \
                nobody can prove it.",
        cause: "Plain cargo or an editor built them, and the inputs were changed since or during the build; the ledger was lost.",
        proof: "The ledger has no digest for the input, and could not take the present one: the file's times are after the build.",
        remedy: "Nothing: cargo builds some of them anew by itself, and `cache.suspects = \"trust\"` leaves the rest alone. A build \
                 through xcargo proves what it builds.",
    },
    look,
};

fn look(check: &Check, seen: &Examination<'_>) -> Vec<Finding> {
    let is_stale = |unit: &UnitRecord| seen.repairs.stale.iter().any(|stale| stale.unit == unit.key);
    let unproven = |unit: &&UnitRecord| {
        let mut builds = unit.builds.iter().filter(|build| build.watch != Watch::Nothing);
        builds.any(|build| build.inputs.iter().any(|input| input.digest.is_none()))
    };
    let units: Vec<&UnitRecord> =
        seen.ledger.units.iter().filter(unproven).filter(|unit| !is_stale(unit)).collect();
    if units.is_empty() {
        return Vec::new();
    }
    let count = if units.len() == 1 { "1 unit".to_owned() } else { format!("{} units", units.len()) };
    let mut finding = check.finding(count, "there is no record of all that they were built from");
    finding.evidence = units
        .iter()
        .take(MOST)
        .map(|unit| words::build(&unit.key, unit.builds.first().map_or("", |build| &build.name)))
        .collect();
    let more = units.len().saturating_sub(MOST);
    finding.evidence.extend((more > 0).then(|| format!("{more} more")));
    vec![finding]
}
