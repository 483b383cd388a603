//! Artifacts from the future, left by a clock that was set back: whatever is built on them now looks older than they are, and
//! cargo builds it again in every run. Their times are moved to now, in their order: only that order says who was built on whom.

use std::collections::BTreeSet;

use super::{Judge, Repairs, Restamp};
use crate::cache::ledger::{Artifact, UnitRecord};
use crate::cache::stat::Time;

pub(super) fn settle<'a>(
    judge: &Judge<'_>,
    units: impl Iterator<Item = &'a UnitRecord> + Clone,
    repairs: &mut Repairs,
) {
    let is_ahead = |file: &&Artifact| judge.is_future(file.stat.modified);
    let times: BTreeSet<Time> = units
        .clone()
        .flat_map(|unit| &unit.artifacts)
        .filter(is_ahead)
        .map(|file| file.stat.modified)
        .collect();
    let Ok(count) = i64::try_from(times.len()) else { return };
    for unit in units {
        for file in unit.artifacts.iter().filter(is_ahead) {
            let earlier = i64::try_from(times.range(..file.stat.modified).count()).unwrap_or(count);
            let to = Time(judge.seen.now.0 - (count - 1 - earlier));
            let is_known = |it: &Restamp| it.unit == unit.key && it.path == file.path;
            // That of a reference is decided where its inputs are known.
            let is_reference = unit
                .builds
                .iter()
                .any(|build| build.reference() == Some(file.path.as_path()) && !build.is_run());
            if !is_reference && !repairs.restamp.iter().any(is_known) {
                repairs.restamp.push(Restamp { unit: unit.key.clone(), path: file.path.clone(), to });
            }
        }
    }
}
