//! The file of a record: the [`Head`], and one more line of JSON, in which each package is named once and builds name packages by number.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Builds, Head, Uses};
use crate::workspace::lock_file::{Package, Source};

#[derive(Serialize, Deserialize)]
struct File {
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
    let mut file = Head::of(uses, bytes.len()).to_bytes()?;
    file.append(&mut bytes);
    Ok(file)
}

pub(super) fn parse(bytes: &[u8]) -> Option<Uses> {
    // The head knows how long the file is: one that was cut is none.
    let (_, body) = Head::parse(bytes, bytes.len() as u64)?;
    let file: File = serde_json::from_slice(body.strip_suffix(b"\n")?).ok()?;
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
