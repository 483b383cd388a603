//! The file of a record: one line of JSON, in which each package is named once and builds name packages by number.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Builds, Uses};
use crate::workspace::lock_file::{Package, Source};

/// Raised when the meaning of a field changes; other formats are ignored.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File {
    format: u32,
    since: i64,
    /// Sorted: name, version, and the source as [`source`] writes it.
    packages: Vec<(String, String, String)>,
    builds: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    compiler: [u64; 2],
    profiles: BTreeSet<PathBuf>,
    latest: (i64, String),
    unlocked: Option<i64>,
    /// A time, with the packages that were last locked then: pairs of a first number and how many follow each other.
    used: Vec<(i64, Vec<(usize, usize)>)>,
}

pub(super) fn to_bytes(uses: &Uses) -> serde_json::Result<Vec<u8>> {
    let packages: BTreeSet<&Package> = uses.builds.iter().flat_map(|builds| builds.used.keys()).collect();
    let numbers: BTreeMap<&Package, usize> = packages.iter().enumerate().map(|(at, it)| (*it, at)).collect();
    let used = |builds: &Builds| {
        let mut by_time: BTreeMap<i64, Vec<(usize, usize)>> = BTreeMap::new();
        for (package, at) in &builds.used {
            let Some(number) = numbers.get(package).copied() else { continue };
            let runs = by_time.entry(*at).or_default();
            match runs.last_mut() {
                Some((first, count)) if *first + *count == number => *count += 1,
                _ => runs.push((number, 1)),
            }
        }
        by_time.into_iter().collect()
    };
    let mut bytes = serde_json::to_vec(&File {
        format: FORMAT,
        since: uses.since,
        packages: packages
            .iter()
            .map(|package| (package.name.clone(), package.version.clone(), source(&package.source)))
            .collect(),
        builds: uses
            .builds
            .iter()
            .map(|builds| Entry {
                compiler: builds.compiler,
                profiles: builds.profiles.clone(),
                latest: builds.latest.clone(),
                unlocked: builds.unlocked,
                used: used(builds),
            })
            .collect(),
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

pub(super) fn parse(bytes: &[u8]) -> Option<Uses> {
    // Without the line's end it was cut.
    let file: File = serde_json::from_slice(bytes.strip_suffix(b"\n")?).ok()?;
    if file.format != FORMAT {
        return None;
    }
    let packages: Option<Vec<Package>> = file
        .packages
        .into_iter()
        .map(|(name, version, source)| Some(Package { name, version, source: read_source(&source)? }))
        .collect();
    let packages = packages?;
    let builds: Option<Vec<Builds>> = file
        .builds
        .into_iter()
        .map(|entry| {
            let mut used = BTreeMap::new();
            for (at, runs) in entry.used {
                for (first, count) in runs {
                    let run = packages.get(first..first.checked_add(count)?)?;
                    used.extend(run.iter().map(|package| (package.clone(), at)));
                }
            }
            let Entry { compiler, profiles, latest, unlocked, .. } = entry;
            Some(Builds { compiler, profiles, latest, unlocked, used })
        })
        .collect();
    Some(Uses { since: file.since, builds: builds? })
}

/// Empty for a path, `*` for a registry, else the revision.
fn source(source: &Source) -> String {
    match source {
        Source::Path => String::new(),
        Source::Registry => "*".to_owned(),
        Source::Git(rev) => rev.clone(),
    }
}

fn read_source(text: &str) -> Option<Source> {
    match text {
        "" => Some(Source::Path),
        "*" => Some(Source::Registry),
        rev => rev.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| Source::Git(rev.to_owned())),
    }
}
