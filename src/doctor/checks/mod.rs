//! The list of all checks, one file each, and what several of them need.

mod damaged_artifact;
mod damaged_compiler_record;
mod damaged_session;
mod future_time;
mod ghost_source;
mod guarded_time;
mod mislabelled_unit;
mod stale_times;
mod suspect_source;
mod unproven_unit;

use super::{Check, Examination, Finding, Fix};
use crate::cache::UnitRef;
use crate::cache::damage::{Damage, Damaged, What};
use crate::cache::ledger::UnitKey;
use crate::plan::freshness::{StaleWhy, words};

/// All checks, what would make builds wrong first.
pub const CHECKS: &[Check] = &[
    ghost_source::CHECK,
    damaged_artifact::CHECK,
    mislabelled_unit::CHECK,
    damaged_session::CHECK,
    damaged_compiler_record::CHECK,
    suspect_source::CHECK,
    future_time::CHECK,
    guarded_time::CHECK,
    stale_times::CHECK,
    unproven_unit::CHECK,
];

impl Finding {
    /// About this unit.
    fn of_unit(mut self, unit: &UnitKey) -> Self {
        self.package = Some(unit.package.clone());
        self.profile = Some(unit.profile.as_path().to_path_buf());
        self
    }

    fn with(mut self, evidence: String) -> Self {
        self.evidence.push(evidence);
        self
    }

    fn fixed_by(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// One finding for each build that is to be made anew for such a reason. `what` says what is wrong with a file; `None`: it is
/// another check's.
fn stale(
    check: &Check,
    seen: &Examination<'_>,
    what: impl Fn(&StaleWhy, &dyn Fn(&crate::cache::ledger::Place) -> String) -> Option<(String, String)>,
) -> Vec<Finding> {
    let shown = |place: &_| words::shown(place, &seen.roots);
    let found = seen.repairs.stale.iter().filter_map(|stale| {
        let (what, evidence) = what(&stale.why, &shown)?;
        let finding = check.finding(words::build(&stale.unit, &stale.build), what);
        Some(finding.of_unit(&stale.unit).with(evidence).fixed_by(Fix::Rebuild))
    });
    found.collect()
}

/// One finding for each unit that is damaged in such a way.
fn units(check: &Check, seen: &Examination<'_>, is_such: impl Fn(Damage) -> bool) -> Vec<Finding> {
    let found = seen.damaged.iter().filter_map(|damaged| match &damaged.what {
        What::Unit(unit) if is_such(damaged.damage) => Some((damaged, unit)),
        _ => None,
    });
    let finding = |(damaged, unit): (&Damaged, &UnitRef)| Finding {
        package: Some(unit.package.clone()),
        profile: Some(damaged.profile.clone()),
        ..check
            .finding(format!("{} ({})", unit.package, damaged.profile.display()), of(damaged))
            .with(format!("the unit is {}-{}", unit.package, unit.id))
            .fixed_by(Fix::Remove)
    };
    found.map(finding).collect()
}

/// What is wrong with the file that proves a damage.
fn of(damaged: &Damaged) -> String {
    let file = damaged.file.display();
    match damaged.damage {
        Damage::Empty => format!("{file} is empty"),
        Damage::Cut => format!("{file} ends before its own header says"),
        Damage::Garbage => format!("{file} has not the marks of its format"),
        Damage::Missing => format!("{file} is not there any more"),
        Damage::Altered => format!("{file} is not what was built"),
        Damage::Mislabelled => format!("{file} is by another compiler than the one it is said to be of"),
    }
}
