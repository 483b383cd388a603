//! Carries out repairs under the locks of which they were decided, and knows afterwards what there is.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::{State, Verifier};
use crate::apply::removal::{Removal, RemovalError};
use crate::apply::restamp;
use crate::cache::damage::What;
use crate::cache::ledger::{Place, Spelled, UnitKey, UnitRecord};
use crate::cache::locks::Locks;
use crate::cache::stat::Stat;
use crate::cache::{self, Cache, Entry, UnitRef};
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::plan::freshness::words;
use crate::workspace::bounds::OwnDir;

impl Verifier<'_> {
    pub(super) fn carry_out(&self, dir: &OwnDir, locks: Locks, mut state: State) -> Result<State, Failure> {
        let output = &self.context.output;
        for line in words::repairing(&state.repairs, &state.damaged, &self.roots()) {
            output.status("Repairing", line);
        }
        let entries = self.entries(&state)?;
        let removal = Removal::open(dir).map_err(RemovalError::into_failure)?;
        removal.take(&locks, &entries).map_err(RemovalError::into_failure)?;
        // A time that cannot be moved costs no more than a build that could have been spared.
        let mut failed = None;
        let roots = self.roots();
        state.repairs.put_back.retain(|back| {
            let done = restamp::source(roots.workspace, back.place.path.as_path(), &back.seen, back.to);
            done.unwrap_or_else(|cause| {
                failed.get_or_insert((roots.path(&back.place), cause));
                false
            })
        });
        state.repairs.restamp.retain(|restamp| {
            let path = restamp.path.as_path();
            let done = restamp::in_build_dir(dir, &locks, path, restamp.to);
            // What was just made stale is gone.
            if let Err(cause) = &done
                && cause.kind() == std::io::ErrorKind::NotFound
            {
                return false;
            }
            done.map_err(|cause| {
                failed.get_or_insert((path.to_path_buf(), cause));
            })
            .is_ok()
        });
        if let Some((path, cause)) = failed {
            output.status("Skipping", format!("the time of {}: {cause}", path.display()));
        }
        drop(locks);
        if let Some(line) = words::keeping(&state.repairs) {
            output.status("Keeping", line);
        }
        if let Some(line) = words::putting_back(&state.repairs, &self.roots()) {
            output.status("Restoring", line);
        }
        // What waits in the trash harms nobody; all that was to be repaired is.
        if entries.iter().any(|entry| matches!(entry, Entry::Tree(_)))
            && let Err(cause) = removal.empty_trash(&|_| {})
        {
            output.status("Skipping", format!("emptying the trash: {}", cause.cause));
        }
        self.forget(&mut state);
        state.examined.is_new = true;
        Ok(state)
    }

    /// What was repaired is not known any more, or known by its new times.
    fn forget(&self, state: &mut State) {
        let ledger = &mut state.examined.ledger;
        let stale: BTreeSet<_> = state.repairs.stale.iter().map(|stale| &stale.unit).collect();
        ledger.forget_units(|unit| stale.contains(unit));
        for damaged in &state.damaged {
            ledger.forget(damaged);
        }
        let build_dir = &self.workspace.build_dir.value;
        let moved: HashSet<&Spelled> = state.repairs.restamp.iter().map(|restamp| &restamp.path).collect();
        for unit in &mut ledger.units {
            let moved = unit.artifacts.iter_mut().filter(|file| moved.contains(&file.path));
            for file in moved {
                if let Some(stat) = Stat::of_file(&build_dir.join(file.path.as_path())) {
                    file.stat = stat;
                }
            }
            // It is the same build, at another time.
            let explanations = unit.artifacts.iter().filter(|file| file.is_explanation());
            unit.built = explanations.map(|file| file.stat.modified).max().or(unit.built);
        }
        let back: HashSet<&Place> = state.repairs.put_back.iter().map(|back| &back.place).collect();
        for file in ledger.files.iter_mut().filter(|file| back.contains(&file.place)) {
            file.stat = Stat::at(&self.roots().path(&file.place)).ok().flatten();
        }
    }

    /// What is removed, in this order: of a unit that is only stale the one file without which cargo builds it and its dependants
    /// anew, of a damaged one everything.
    fn entries(&self, state: &State) -> Result<Vec<Entry>, Failure> {
        let units: HashMap<&UnitKey, &UnitRecord> =
            state.examined.ledger.units.iter().map(|unit| (&unit.key, unit)).collect();
        let levers = state.repairs.stale.iter().filter_map(|stale| {
            let unit = units.get(&stale.unit)?;
            let build = unit.builds.iter().find(|build| build.name == stale.build)?;
            Some(Entry::File(build.lever()?.to_path_buf()))
        });
        let mut entries: Vec<Entry> = levers.collect();
        if state.damaged.is_empty() {
            return Ok(entries);
        }
        let dir = &self.workspace.build_dir.value;
        let cache = cache::read(dir, &self.workspace.cargo_home).map_err(|cause| {
            let message = format!("could not read the build dir {}", dir.display());
            Failure::new(Code::StepFailed, message).note(cause.to_string())
        })?;
        for damaged in &state.damaged {
            match &damaged.what {
                What::RustcInfo => entries.push(Entry::File(cache::RUSTC_INFO.into())),
                What::Incremental(path) => entries.push(Entry::Tree(path.clone())),
                What::Unit(unit) => entries.extend(unit_entries(&cache, &damaged.profile, unit)),
            }
        }
        Ok(entries)
    }
}

fn unit_entries(cache: &Cache, profile: &Path, unit: &UnitRef) -> Vec<Entry> {
    let profile = cache.profiles.iter().find(|it| it.relative() == profile);
    let units = profile.into_iter().flat_map(|profile| &profile.units);
    let mut found = units.filter(|it| it.package == unit.package && it.id == unit.id);
    found.next().map(|unit| unit.entries.clone()).unwrap_or_default()
}
