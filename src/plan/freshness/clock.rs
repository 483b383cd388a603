//! Artifacts from the future, left by a clock that was set back: whatever is built on them now looks older than they are, and
//! cargo builds it again in every run. Their times are moved to now, in their order: only that order says who was built on whom.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Judge, Repairs, Restamp};
use crate::cache::ledger::{Artifact, Spelled, UnitKey, UnitRecord};
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
    let order: HashMap<Time, i64> = times.into_iter().zip(0..).collect();
    let known: HashSet<(UnitKey, Spelled)> =
        repairs.restamp.iter().map(|it| (it.unit.clone(), it.path.clone())).collect();
    for unit in units {
        for file in unit.artifacts.iter().filter(is_ahead) {
            let earlier = order.get(&file.stat.modified).copied().unwrap_or(count);
            let to = Time(judge.seen.now.0 - (count - 1 - earlier));
            // That of a reference is decided where its inputs are known.
            let is_reference = unit
                .builds
                .iter()
                .any(|build| build.reference() == Some(file.path.as_path()) && !build.is_run());
            if !is_reference && !known.contains(&(unit.key.clone(), file.path.clone())) {
                let (unit, path) = (unit.key.clone(), file.path.clone());
                repairs.restamp.push(Restamp { unit, path, to, keeps: false });
            }
        }
    }
}
