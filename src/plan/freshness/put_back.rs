//! Source times that are put back, where build scripts need it: cargo compares those by time alone, and nothing in the build
//! dir can tell it otherwise.
//!
//! A time is put back for everybody who reads the file. So it stays where any unit was built from another content, or from one
//! that nobody knows, and would look fresh by the old time.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Component;

use super::{Back, Finding, Judge, Note, PutBack};
use crate::cache::ledger::{FileRecord, InputRecord, Ledger, Watch, Where};
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
            let reference = Judge::reference(unit, build);
            let ours = build.inputs.iter().filter(|input| input.is_listed && is_ours(judge.file(input)));
            for input in ours {
                let Some(stat) = judge.file(input).stat else { continue };
                if stat.modified == input.modified && !judge.is_future(stat.modified) {
                    continue;
                }
                // One that was built from in the future as well gets the time of that build.
                let known = if judge.is_future(input.modified) { reference } else { Some(input.modified) };
                let Some(known) = known else { continue };
                // Several builds may know different times of the same content: the oldest is older than all their references.
                let to = back.entry(input.file).or_insert(known);
                *to = (*to).min(known);
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

/// Whether the time of this file is the workspace's own affair: what lies elsewhere, and git's own files, are somebody else's.
fn is_ours(file: &FileRecord) -> bool {
    let path = file.place.path.as_path();
    let is_inside = path.components().all(|component| matches!(component, Component::Normal(_)));
    file.place.base == Where::Workspace && is_inside && !path.starts_with(".git")
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
