//! The incremental sessions of the crates that are going to be built, and of those that were. Nobody reads the others.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::{Before, Depth, Examined, Request};
use crate::cache::damage::{Damaged, Search, What};
use crate::cache::ledger::{Ledger, Spelled, UnitKey, UnitRecord};
use crate::cache::sessions::{self, Sessions, Trust};
use crate::cache::{self, Cache};
use crate::plan::freshness::Repairs;
use crate::workspace::Workspace;

/// A crate: its profile dir, relative to the build dir, and its name as rustc has it.
pub type CrateKey = (Spelled, String);

/// Incremental sessions that are damaged, of the crates that are going to be built. Those that are sound are remembered as
/// [`Examined::checked`].
#[must_use]
pub fn check(request: &Request<'_>, found: &mut Examined, repairs: &Repairs) -> Vec<Damaged> {
    let building = going_to_be_built(found, repairs);
    let mut crates = crates_of(&found.ledger, |unit| building.contains(unit));
    crates.extend(unfinished(&found.ledger, request.workspace));
    if crates.is_empty() && request.depth == Depth::Stat {
        return Vec::new();
    }
    let is_wanted = |key: &CrateKey| request.depth == Depth::Content || crates.contains(key);
    let cache = of_crates(request.workspace, request.profiles, is_wanted);
    let search = Search { compiler: None, is_wanted: &|_, _| true };
    let mut damaged = cache::damage::find_among(&cache, &search);
    // After a build the record is about the sessions before it.
    if request.before.is_none()
        && let Some(record) = Sessions::read(&path(request.workspace))
    {
        let trust = if request.depth == Depth::Stat { Trust::Stat } else { Trust::Nothing };
        let altered = sessions::altered(&cache, &record, trust, &damaged);
        damaged.extend(altered);
    }
    found.checked = crates;
    found.checked.retain(|(profile, name)| {
        let is_of_it = |dir: &Path| {
            let dir_name = dir.file_name().and_then(|it| it.to_str()?.rsplit_once('-'));
            dir.starts_with(profile.as_path()) && dir_name.is_some_and(|(crate_name, _)| crate_name == name)
        };
        !damaged.iter().any(|it| matches!(&it.what, What::Incremental(dir) if is_of_it(dir)))
    });
    damaged
}

/// The record of sessions after a build, where it is another one now; and where it belongs.
#[must_use]
pub fn renewed(
    workspace: &Workspace,
    profiles: Option<&[PathBuf]>,
    before: &Before,
    now: &Examined,
) -> Option<(PathBuf, Sessions)> {
    let mut wanted = crates_of(&now.ledger, |unit| before.built.contains(unit) || now.built.contains(unit));
    wanted.extend(before.checked.iter().cloned());
    if wanted.is_empty() {
        return None;
    }
    let path = path(workspace);
    let record = Sessions::read(&path);
    let cache = of_crates(workspace, profiles, |key| wanted.contains(key));
    let was_checked =
        |profile: &Path, name: &str| before.checked.contains(&(profile.into(), name.to_owned()));
    let renewed = record.clone().unwrap_or_default().renewed(&cache, was_checked);
    (record.as_ref() != Some(&renewed)).then_some((path, renewed))
}

fn path(workspace: &Workspace) -> PathBuf {
    sessions::path(&workspace.build_dir.value, &workspace.root)
}

fn of_crates(
    workspace: &Workspace,
    profiles: Option<&[PathBuf]>,
    is_wanted: impl Fn(&CrateKey) -> bool,
) -> Cache {
    let build_dir = workspace.build_dir.value.as_path();
    let all;
    let profiles = match profiles {
        Some(profiles) => profiles,
        None => {
            all = cache::profile_dirs(build_dir);
            all.as_slice()
        }
    };
    cache::only_sessions(build_dir, profiles, |profile, name| is_wanted(&(profile.into(), name.to_owned())))
}

/// The crates of which a build was begun and has not ended: they are built next.
fn unfinished(ledger: &Ledger, workspace: &Workspace) -> Vec<CrateKey> {
    let begun: Vec<(&Path, String)> = ledger.unfinished().collect();
    if begun.is_empty() {
        return Vec::new();
    }
    let profiles = cache::profile_dirs(&workspace.build_dir.value);
    let of = |(path, name): (&Path, String)| {
        let profile = profiles.iter().filter(|profile| path.starts_with(profile));
        let profile = profile.max_by_key(|profile| profile.components().count())?;
        Some((Spelled::from(profile), name.replace('-', "_")))
    };
    begun.into_iter().filter_map(of).collect()
}

fn crates_of(ledger: &Ledger, is_one: impl Fn(&UnitKey) -> bool) -> BTreeSet<CrateKey> {
    let units = ledger.units.iter().filter(|unit| is_one(&unit.key));
    let kinds = units.flat_map(|unit| unit.builds.iter().map(|build| (&unit.key.profile, build.kind())));
    kinds.filter_map(|(profile, kind)| Some((profile.clone(), kind?.name.replace('-', "_")))).collect()
}

/// The units of which it is known.
fn going_to_be_built(found: &Examined, repairs: &Repairs) -> HashSet<UnitKey> {
    if found.damaged.is_empty() && repairs.stale.is_empty() && repairs.cargo_builds.is_empty() {
        return HashSet::new();
    }
    let units = &found.ledger.units;
    let damaged =
        units.iter().map(|unit| &unit.key).filter(|key| found.damaged.iter().any(|it| it.is_in(key)));
    let mut building: HashSet<&UnitKey> =
        repairs.stale.iter().map(|stale| &stale.unit).chain(&repairs.cargo_builds).chain(damaged).collect();
    // And whoever depends on them.
    loop {
        let hashes: HashSet<u64> = units
            .iter()
            .filter(|unit| building.contains(&unit.key))
            .flat_map(|unit| &unit.builds)
            .map(|build| build.hash)
            .collect();
        let depends = |unit: &&UnitRecord| {
            unit.builds.iter().flat_map(|build| &build.dependencies).any(|hash| hashes.contains(hash))
        };
        let more: Vec<&UnitKey> = units
            .iter()
            .filter(|unit| !building.contains(&unit.key))
            .filter(depends)
            .map(|unit| &unit.key)
            .collect();
        if more.is_empty() {
            break;
        }
        building.extend(more);
    }
    building.into_iter().cloned().collect()
}
