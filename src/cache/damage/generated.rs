//! Files that a build script generated, that a crate was built from, and that are gone. Cargo finds the crate stale then, but
//! runs the script again only if what the script looks at has changed: an error that no build cures (cargo #4468).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::finals::UnitRef;
use super::prints::is_missing;
use super::{Damage, Damaged, What, dep_info, script};
use crate::cache::disk::{self, Kind};
use crate::cache::place::{Place, is_run};
use crate::cache::{Cache, Unit, parallel};

/// A run of a build script.
struct Run<'a> {
    profile: PathBuf,
    unit: &'a Unit,
    /// When it began.
    began: SystemTime,
}

pub(super) fn check(cache: &Cache, is_wanted: &dyn Fn(&Path, &Unit) -> bool) -> Vec<Damaged> {
    let (mut runs, mut compiled) = (BTreeMap::new(), Vec::new());
    for profile in &cache.profiles {
        for unit in &profile.units {
            let is_run = is_run(unit);
            match Place::of(unit) {
                Some(Place { out: Some(out), run: Some(run), .. })
                    if is_run && is_wanted(&profile.relative(), unit) =>
                {
                    let Some(began) = script::began(&cache.dir, &run) else { continue };
                    runs.insert(out, Run { profile: profile.relative(), unit, began });
                }
                Some(place) if !is_run => compiled.push(place.prints),
                _ => {}
            }
        }
    }
    let mut found: Vec<Damaged> =
        parallel::map(compiled, |prints| missing(&cache.dir, &prints, &runs)).into_iter().flatten().collect();
    found.sort_by(|a, b| (&a.profile, &a.what, &a.file).cmp(&(&b.profile, &b.what, &b.file)));
    found.dedup_by(|a, b| a.what == b.what && a.profile == b.profile);
    found
}

/// What the builds of this unit read in a run's `OUT_DIR` and is not there any more. A script that ran since may make other
/// files.
fn missing(build_dir: &Path, prints: &Path, runs: &BTreeMap<PathBuf, Run<'_>>) -> Vec<Damaged> {
    let items = disk::list(&build_dir.join(prints)).unwrap_or_default();
    let is_dep_info =
        |item: &&disk::Item| item.kind == Kind::File && item.name.as_encoded_bytes().starts_with(b"dep-");
    let mut found = Vec::new();
    for item in items.iter().filter(is_dep_info) {
        let path = build_dir.join(prints).join(&item.name);
        let Some(built) = path.symlink_metadata().ok().and_then(|meta| meta.modified().ok()) else {
            continue;
        };
        for file in dep_info::generated(&path) {
            let below = file.strip_prefix(build_dir).unwrap_or(&file);
            let run =
                below.ancestors().skip(1).find_map(|dir| runs.get(dir)).filter(|run| run.began <= built);
            if let Some(run) = run.filter(|_| is_missing(&build_dir.join(below))) {
                found.push(Damaged {
                    profile: run.profile.clone(),
                    what: What::Unit(UnitRef::from(run.unit)),
                    file: below.to_path_buf(),
                    damage: Damage::Missing,
                });
            }
        }
    }
    found
}
