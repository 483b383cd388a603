//! Units that were built since they were last looked at: what they were built from goes into the ledger, as far as it can be
//! proven. And units that were not, but whose files are others: those are damaged.
//!
//! `record.rs` reads what is new, `watch.rs` says what cargo compares for it, `adopt.rs` what of that is sure, with `began.rs` for
//! when a build began, and `ways.rs` for what leads to a file.

mod adopt;
mod began;
mod record;
mod watch;
mod ways;

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

pub(super) use adopt::adopt;

use super::{Examined, Request, is_wanted};
use crate::cache::damage::{self, Damage, Damaged, Search, What};
use crate::cache::ledger::{BuildRecord, UnitKey, UnitRecord, Watch};
use crate::cache::stat::{HAS_CHANGED, Stat, Time};
use crate::cache::{self, Entry, Unit, UnitRef, inputs};
use crate::plan::freshness::is_generated;
use began::{is_native, is_since, last_dependants};
use record::{Known, hash_files, record};

/// Reads the build dir. `others` are the artifacts that are not what was recorded.
pub(super) fn read(request: &Request<'_>, others: &BTreeMap<UnitKey, Vec<PathBuf>>, found: &mut Examined) {
    let workspace = request.workspace;
    let build_dir = workspace.build_dir.value.as_path();
    let Ok(mut cache) = cache::read(build_dir, &workspace.cargo_home) else {
        // Whatever appeared is still to be read.
        found.ledger.listings.clear();
        return;
    };
    let mut known: BTreeMap<UnitKey, UnitRecord> =
        std::mem::take(&mut found.ledger.units).into_iter().map(|unit| (unit.key.clone(), unit)).collect();
    let generated: HashSet<PathBuf> = found
        .ledger
        .files
        .iter()
        .filter(|file| is_generated(file))
        .map(|file| file.place.path.as_path().to_path_buf())
        .collect();
    let mut keep = Vec::new();
    let mut built = HashMap::new();
    for profile in &mut cache.profiles {
        profile.incremental.clear();
    }
    // All of it is read at the first question; most runs have none.
    let dependants = LazyCell::new(|| last_dependants(build_dir, &cache));
    let last_dependant = |hash| dependants.get(&hash).copied();
    for profile in &cache.profiles {
        let relative = profile.relative();
        for unit in &profile.units {
            let key = UnitKey::of(&relative, unit);
            if !is_wanted(request, &key) {
                continue;
            }
            let record = known.remove(&key);
            let others = others.get(&key).map(Vec::as_slice).unwrap_or_default();
            let time = unit.built.map(Time::of);
            match record {
                Some(record) if record.built == time => {
                    // Cargo empties the hash file of whatever it is going to build. And where another xcargo has made it stale
                    // and cargo has not come to it, nothing of it is damaged.
                    let is_lever = |path: &PathBuf| is_missing_lever(build_dir, &record, path);
                    if others.iter().any(|path| is_emptied_hash(build_dir, unit, path))
                        || (!others.is_empty() && others.iter().all(is_lever))
                    {
                        found.ledger.listings.extend(hash_files(build_dir, unit));
                        continue;
                    }
                    let may_be_of_another = |path: &PathBuf| {
                        let namesakes = |it: &&Unit| it.id != unit.id && it.package == unit.package;
                        let mut namesakes = profile.units.iter().filter(namesakes);
                        namesakes.any(|it| inputs::artifacts(build_dir, it).contains(path))
                    };
                    let seen =
                        Same { unit, others, generated: &generated, may_be_of_another: &may_be_of_another };
                    keep.push(same_build(build_dir, record, &seen, &mut found.damaged));
                }
                // Restored with other times: it is the same build, byte for byte.
                Some(record) if others.is_empty() && !is_native(build_dir, &record, time) => {
                    keep.push(UnitRecord { built: time, ..record });
                }
                record => {
                    let is_same = others.is_empty();
                    if let Some(record) =
                        record.as_ref().filter(|it| is_same && is_unsure(request, &last_dependant, it, time))
                    {
                        found.unsure.insert(key.clone(), record.clone());
                    }
                    built.insert(key, Known { record, is_same });
                }
            }
        }
    }
    // Of other profiles; what is gone from these is forgotten.
    keep.extend(known.into_values().filter(|unit| !is_wanted(request, &unit.key)));
    found.ledger.units = keep;
    let search = Search {
        compiler: request.compiler.map(|it| (it.version.as_str(), it.hashes)),
        is_wanted: &|profile, unit| built.contains_key(&UnitKey::of(profile, unit)),
    };
    let mut damaged = damage::find_among(&cache, &search);
    if damaged.iter().any(|it| it.damage == Damage::Mislabelled)
        && !request.compiler.is_some_and(|it| damage::is_by(&it.version, &it.libraries))
    {
        damaged.retain(|it| it.damage != Damage::Mislabelled);
    }
    record(request, &cache, built, &damaged, found);
    found.damaged.extend(damaged);
}

/// Whether nothing but times, which anybody may have set, tells that a unit was built again whose files are the same as ever.
///
/// Cargo sets the time of what a script printed back to when the script was started, which may be the same tick of the clock,
/// and then compiles what depends on it. Of documentation it only says when it ended.
fn is_unsure(
    request: &Request<'_>,
    last_dependant: &dyn Fn(u64) -> Option<Time>,
    record: &UnitRecord,
    built: Option<Time>,
) -> bool {
    if built.is_some_and(|built| is_since(request, built)) {
        return false;
    }
    let build_dir = request.workspace.build_dir.value.as_path();
    record.builds.iter().any(|build| {
        if !build.is_run() {
            return matches!(build.watch, Watch::Package { .. });
        }
        let printed = build.lever().and_then(|path| Stat::of_file(&build_dir.join(path)));
        let is_one_tick = |stat: &Stat| HAS_CHANGED && stat.changed == stat.modified;
        printed
            .filter(is_one_tick)
            .is_some_and(|stat| last_dependant(build.hash).is_none_or(|last| last < stat.modified))
    })
}

fn is_emptied_hash(build_dir: &Path, unit: &Unit, path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_hash = path.parent() == Some(&prints(unit)) && cache::fingerprint_kind(name).is_some();
    let is_bare = path.extension().is_none();
    is_hash && is_bare && Stat::of_file(&build_dir.join(path)).is_some_and(|stat| stat.size == 0)
}

/// Whether the file is gone without which cargo builds the unit anew, in any case.
fn is_missing_lever(build_dir: &Path, record: &UnitRecord, path: &Path) -> bool {
    record.builds.iter().any(|build| build.lever() == Some(path))
        && Stat::of_file(&build_dir.join(path)).is_none()
}

/// What is known of a unit that was not built again.
struct Same<'a> {
    unit: &'a Unit,
    /// Its artifacts that are not what was recorded.
    others: &'a [PathBuf],
    generated: &'a HashSet<PathBuf>,
    /// Whether another unit of the package makes a file of this name, too.
    may_be_of_another: &'a dyn Fn(&PathBuf) -> bool,
}

/// A unit that was not built again: whatever is another of it was damaged.
fn same_build(
    build_dir: &Path,
    mut record: UnitRecord,
    seen: &Same<'_>,
    damaged: &mut Vec<Damaged>,
) -> UnitRecord {
    let is_run = record.builds.iter().any(BuildRecord::is_run);
    for path in seen.others {
        // What a build script left and nobody compiles or links from is its own affair: tests write there.
        let is_library = path
            .extension()
            .is_some_and(|it| ["a", "lib", "so", "dylib", "dll"].iter().any(|library| it == *library));
        let is_out = is_run && path.components().any(|it| it.as_os_str() == "out");
        if is_out && !is_library && !seen.generated.contains(path) {
            record.artifacts.retain(|file| file.path.as_path() != path);
            continue;
        }
        let is_there = Stat::of_file(&build_dir.join(path)).is_some();
        let mut damage = if is_there { Damage::Altered } else { Damage::Missing };
        if !path.to_string_lossy().contains(&seen.unit.id) && (seen.may_be_of_another)(path) {
            // In layout 1 several units may write to one file whose name has no id.
            let Some(found) = damage::of_file(&build_dir.join(path)) else {
                record.artifacts.retain(|file| file.path.as_path() != path);
                continue;
            };
            damage = found;
        }
        damaged.push(Damaged {
            profile: record.key.profile.as_path().to_path_buf(),
            what: What::Unit(UnitRef::from(seen.unit)),
            file: path.clone(),
            damage,
        });
    }
    record
}

/// The unit's fingerprint directory.
fn prints(unit: &Unit) -> PathBuf {
    let first = unit.entries.first().map(Entry::path);
    let last = unit.entries.last().map(|entry| entry.path().to_path_buf());
    first
        .filter(|first| first.ends_with(&unit.id))
        .map_or_else(|| last.unwrap_or_default(), |first| first.join("fingerprint"))
}
