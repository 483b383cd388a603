//! The record after a build: the sessions that are new.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Record, Session, Sessions, digests, files, last, link, name};
use crate::cache::damage::incremental;
use crate::cache::ledger::Spelled;
use crate::cache::stat::Stat;
use crate::cache::{Cache, Incremental};

impl Sessions {
    /// With the crates of this cache as they are now; those that are gone are forgotten. `was_checked` says of which crates
    /// (by profile dir and name) the session was held against this record just before somebody took from it.
    #[must_use]
    pub fn renewed(&self, cache: &Cache, was_checked: impl Fn(&Path, &str) -> bool) -> Self {
        let build_dir = cache.dir.as_path();
        let mut renewed = self.clone();
        for profile in &cache.profiles {
            let relative = profile.relative();
            let dir = |it: &Incremental| it.path.strip_prefix(build_dir).map(Path::to_path_buf).ok();
            let crates = profile.incremental.iter().filter_map(|it| Some((dir(it)?, it)));
            for (dir, it) in crates {
                let key = Spelled::from(&dir);
                let before = self.crates.get(&key);
                match session(build_dir, &dir, before, was_checked(&relative, &it.crate_name)) {
                    Some(session) => renewed.crates.insert(key, session),
                    None => renewed.crates.remove(&key),
                };
            }
        }
        renewed.crates.retain(|dir, _| Stat::of_file(&build_dir.join(dir.as_path())).is_some());
        renewed
    }
}

fn session(
    build_dir: &Path,
    crate_dir: &Path,
    before: Option<&Session>,
    was_checked: bool,
) -> Option<Session> {
    let listed = Stat::of_file(&build_dir.join(crate_dir));
    if let Some(before) = before.filter(|before| before.listed.is_some() && before.listed == listed) {
        return Some(before.clone());
    }
    let dir = last(build_dir, crate_dir)?;
    let name_now = name(&dir);
    let now = files(build_dir, &dir);
    if let Some(before) = before.filter(|before| before.name == name_now) {
        let mut same = Session { listed, ..before.clone() };
        for (path, stat) in &now {
            // Another link was made to it, or removed.
            let record = same.files.get_mut(&name(path));
            if let Some(record) =
                record.filter(|it| was_checked && link(stat).is_some() && link(stat) == link(&it.stat))
            {
                record.stat = *stat;
            }
        }
        return Some(same);
    }
    if incremental::session(build_dir, &dir).is_some() {
        return None;
    }
    let files = new_files(build_dir, &now, before, was_checked)?;
    Some(Session { listed, name: name_now, files })
}

/// `None`: somebody writes to them.
fn new_files(
    build_dir: &Path,
    now: &[(PathBuf, Stat)],
    before: Option<&Session>,
    was_checked: bool,
) -> Option<BTreeMap<Spelled, Record>> {
    let links = before.map(Session::by_link).unwrap_or_default();
    let known = |stat: &Stat| links.get(&link(stat)).copied();
    let (carried, read): (Vec<_>, Vec<_>) =
        now.iter().partition(|(_, stat)| was_checked && known(stat).is_some());
    let mut files = BTreeMap::new();
    for (path, stat) in carried {
        let digest = known(stat)?.digest;
        files.insert(name(path), Record { stat: *stat, digest });
    }
    let digests = digests(build_dir, &read);
    for (path, stat) in read {
        let digest = (*digests.get(path.as_path())?)?;
        // Altered before it was linked: the record stays what it was, so that this is found.
        let other = known(stat).filter(|record| record.digest != digest);
        files.insert(name(path), other.copied().unwrap_or(Record { stat: *stat, digest }));
    }
    Some(files)
}
