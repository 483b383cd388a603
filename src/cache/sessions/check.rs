//! Sessions held against the record: which file is another than it was made.

use std::path::{Path, PathBuf};

use super::{Record, Session, Sessions, digests, files, last, link, name};
use crate::cache::Cache;
use crate::cache::damage::{Damage, Damaged, What};
use crate::cache::ledger::Spelled;
use crate::cache::stat::Stat;

/// Which files are taken for what they were without being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Those with the recorded `stat`.
    Stat,
    /// None.
    Nothing,
}

/// The crates of which the session that rustc would take from is not what was recorded, but for those that are `known` to be
/// damaged.
#[must_use]
pub fn altered(cache: &Cache, record: &Sessions, trust: Trust, known: &[Damaged]) -> Vec<Damaged> {
    let build_dir = cache.dir.as_path();
    let crates = cache.profiles.iter().flat_map(|profile| {
        let dirs = profile.incremental.iter();
        dirs.filter_map(move |it| Some((profile.relative(), it.path.strip_prefix(build_dir).ok()?)))
    });
    let damaged = |(profile, dir): (PathBuf, &Path)| {
        let what = What::Incremental(dir.into());
        if known.iter().any(|damaged| damaged.what == what) {
            return None;
        }
        let file = record.crates.get(&Spelled::from(dir))?.altered(build_dir, dir, trust)?;
        Some(Damaged { profile, what, file, damage: Damage::Altered })
    };
    crates.filter_map(damaged).collect()
}

impl Session {
    /// The first file that is not as recorded, relative to the build dir.
    fn altered(&self, build_dir: &Path, crate_dir: &Path, trust: Trust) -> Option<PathBuf> {
        let session = last(build_dir, crate_dir)?;
        let is_same = name(&session) == self.name;
        // Of a session that somebody else made since, nothing is known but what it took from the one before.
        let links = if is_same { Default::default() } else { self.by_link() };
        let recorded = |path: &Path, now: &Stat| -> Option<Record> {
            if is_same {
                self.files.get(&name(path)).copied()
            } else {
                links.get(&link(now)).map(|record| **record)
            }
        };
        let files = files(build_dir, &session);
        let known = files.iter().filter_map(|file| Some((file, recorded(&file.0, &file.1)?)));
        let doubtful: Vec<_> =
            known.filter(|(file, record)| trust == Trust::Nothing || file.1 != record.stat).collect();
        if let Some((file, _)) = doubtful.iter().find(|(file, record)| file.1.size != record.stat.size) {
            return Some(file.0.clone());
        }
        let read: Vec<&(PathBuf, Stat)> = doubtful.iter().map(|(file, _)| *file).collect();
        let digests = digests(build_dir, &read);
        // What cannot be read proves nothing: it is being removed, or written to.
        let is_other = |(file, record): &&(&(PathBuf, Stat), Record)| {
            digests.get(file.0.as_path()).is_some_and(|now| now.is_some_and(|now| now != record.digest))
        };
        doubtful.iter().find(is_other).map(|(file, _)| file.0.clone())
    }
}
