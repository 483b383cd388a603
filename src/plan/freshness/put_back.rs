//! Source times that are put back, where build scripts need it: cargo compares those by time alone, and nothing in the build
//! dir can tell it otherwise.
//!
//! A time is put back for everybody who reads the file. So it stays where any unit was built from another content, or from one
//! that nobody knows, and would look fresh by the old time.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Back, Finding, Judge, Note, PutBack};
use crate::cache::ledger::{InputRecord, Ledger, Watch};
use crate::cache::stat::Time;

pub(super) fn decide(judge: &Judge<'_>, notes: &mut BTreeSet<Note>) -> Back {
    let ledger = judge.seen.ledger;
    let mut back = Back::new();
    for unit in ledger.units.iter().filter(|unit| judge.seen.is_wanted(&unit.key)) {
        for build in &unit.builds {
            let is_future = |input: &InputRecord| {
                judge.file(input).stat.is_some_and(|stat| judge.is_future(stat.modified))
            };
            let needs = matches!(build.watch, Watch::Script(_) | Watch::Package { .. })
                || build.inputs.iter().any(is_future);
            if !needs || judge.finding(unit, build, &HashMap::new()) != Finding::Unchanged {
                continue;
            }
            for input in build.inputs.iter().filter(|input| input.is_listed) {
                let Some(stat) = judge.file(input).stat else { continue };
                // Several builds may know different times of the same content: the oldest is older than all their references.
                if stat.modified != input.modified {
                    let to = back.entry(input.file).or_insert(input.modified);
                    *to = (*to).min(input.modified);
                }
            }
        }
    }
    // A file of which the newest of a package must be found to the nanosecond keeps that very time.
    for unit in &ledger.units {
        for build in unit.builds.iter().filter(|build| matches!(build.watch, Watch::Package { .. })) {
            for input in build.inputs.iter().filter(|input| judge.is_same(input) == Some(true)) {
                back.entry(input.file).and_modify(|to| *to = input.modified);
            }
        }
    }
    for (place, unit) in guarded(judge, &mut back) {
        notes.insert(Note::Guarded(place, unit));
    }
    back
}

fn guarded(
    judge: &Judge<'_>,
    back: &mut Back,
) -> Vec<(crate::cache::ledger::Place, crate::cache::ledger::UnitKey)> {
    let ledger = judge.seen.ledger;
    let mut refused = Vec::new();
    let mut kept: HashSet<u32> = HashSet::new();
    for unit in &ledger.units {
        for build in &unit.builds {
            let reference = Judge::reference(unit, build);
            for input in &build.inputs {
                let Some(to) = back.get(&input.file) else { continue };
                let would_be_fresh = reference.is_none_or(|reference| *to <= reference);
                if judge.is_same(input) != Some(true) && would_be_fresh && kept.insert(input.file) {
                    refused.push((ledger.files[input.file as usize].place.clone(), unit.key.clone()));
                }
            }
        }
    }
    back.retain(|file, _| !kept.contains(file));
    refused
}

pub(super) fn listed(ledger: &Ledger, back: &HashMap<u32, Time>) -> Vec<PutBack> {
    let mut listed: Vec<PutBack> = back
        .iter()
        .filter_map(|(file, to)| {
            let file = &ledger.files[*file as usize];
            Some(PutBack { place: file.place.clone(), seen: file.stat?, to: *to })
        })
        .collect();
    listed.sort_by(|a, b| a.place.cmp(&b.place));
    listed
}
