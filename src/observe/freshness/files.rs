//! The files of the ledger, held against those on the disk: a `stat` each, and those that changed read, on all cores.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::{Depth, Dirs, Request, is_wanted, look_again};
use crate::cache::below::Below;
use crate::cache::digest::Digest;
use crate::cache::ledger::{Artifact, Ledger, UnitKey, UnitRecord};
use crate::cache::stat::Stat;

/// From so many `stat`s on it is worth while to have threads.
const FEW: usize = 2048;

/// What came of looking at artifacts.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// Those whose content is another, or that are gone, by unit.
    pub(super) others: BTreeMap<UnitKey, Vec<PathBuf>>,
    /// Whether a `stat` is another one now.
    pub(super) is_new: bool,
    /// Whether cargo wrote something anew that it writes at the end of every build: the outputs may well be the same, but not
    /// what they were made from.
    pub(super) is_rebuilt: bool,
}

/// Looks at the artifacts of the units that are wanted. Where only the `stat` changed, the new one is recorded.
pub(super) fn artifacts(request: &Request<'_>, build_dir: &Below<'_>, ledger: &mut Ledger) -> Looked {
    let mut looked = Looked::default();
    let mut paths = Vec::new();
    // Whatever was built has a new explanation; the rest was looked at just before.
    let is_after = request.before.is_some();
    for (unit, record) in ledger.units.iter().enumerate().filter(|(_, it)| is_wanted(request, &it.key)) {
        let mut artifacts: Vec<usize> = (0..record.artifacts.len()).collect();
        if is_after && !is_explained_anew(build_dir, record) {
            artifacts.clear();
        }
        paths.extend(artifacts.into_iter().map(|artifact| (unit, artifact)));
    }
    let stat = |(unit, artifact): (usize, usize)| {
        let file = &ledger.units[unit].artifacts[artifact];
        let now = build_dir.of_file(file.path.as_path());
        let is_same = now == Some(file.stat) && request.depth == Depth::Stat;
        (!is_same).then_some((unit, artifact, now))
    };
    let changed: Vec<(usize, usize, Option<Stat>)> = if paths.len() < FEW {
        paths.into_iter().filter_map(stat).collect()
    } else {
        paths.into_par_iter().filter_map(stat).collect()
    };
    let total = changed.iter().filter_map(|(_, _, now)| *now).map(|stat| stat.size).sum();
    let done = AtomicU64::new(0);
    let read = |(unit, artifact, now): (usize, usize, Option<Stat>)| {
        let file = &ledger.units[unit].artifacts[artifact];
        let path = request.workspace.build_dir.value.join(file.path.as_path());
        // What cannot be read proves nothing, and is asked about again.
        let digest = Digest::at(&path).ok();
        if now.is_some() && digest.is_none() && path.is_file() {
            return None;
        }
        let is_other = now.is_none_or(|now| now.size != file.stat.size) || digest != Some(file.digest);
        let size = now.map_or(0, |now| now.size);
        (request.progress)(done.fetch_add(size, Ordering::Relaxed) + size, total);
        Some((unit, artifact, now, is_other))
    };
    let read: Vec<_> = if total < (1 << 20) {
        changed.into_iter().filter_map(read).collect()
    } else {
        changed.into_par_iter().filter_map(read).collect()
    };
    for (unit, artifact, now, is_other) in read {
        let record = &mut ledger.units[unit];
        match now {
            Some(now) if !is_other => {
                let file = &mut record.artifacts[artifact];
                looked.is_new |= file.stat != now;
                looked.is_rebuilt |= file.is_explanation() && file.stat.modified != now.modified;
                file.stat = now;
            }
            _ => {
                let path = record.artifacts[artifact].path.as_path().to_path_buf();
                looked.others.entry(record.key.clone()).or_default().push(path);
            }
        }
    }
    looked
}

/// Whether cargo has written one of the unit's explanations since it was looked at.
fn is_explained_anew(build_dir: &Below<'_>, unit: &UnitRecord) -> bool {
    let is_other = |file: &Artifact| build_dir.of_file(file.path.as_path()) != Some(file.stat);
    let mut explanations = unit.artifacts.iter().filter(|file| file.is_explanation()).peekable();
    explanations.peek().is_none() || explanations.any(is_other)
}

/// Looks at the inputs of the units that are wanted. Which of the ledger's files they are, and whether any is another now.
pub(super) fn inputs(
    request: &Request<'_>,
    dirs: &Dirs<'_>,
    ledger: &mut Ledger,
    built: &BTreeSet<UnitKey>,
) -> (Vec<usize>, bool) {
    // After a build only those of what was built matter.
    let is_asked =
        |key: &UnitKey| is_wanted(request, key) && (request.before.is_none() || built.contains(key));
    let units = ledger.units.iter().filter(|unit| is_asked(&unit.key));
    let mut is_listed = vec![false; ledger.files.len()];
    for input in units.flat_map(|unit| &unit.builds).flat_map(|build| &build.inputs) {
        is_listed[input.file as usize] = true;
    }
    let wanted: Vec<usize> = (0..is_listed.len()).filter(|file| is_listed[*file]).collect();
    let look = |file: usize| {
        let record = &ledger.files[file];
        // What a build that has just ended left as it was need not be read again.
        let remembered = request.before.and_then(|before| before.files.get(&record.place));
        if let Some((stat, digest)) = remembered
            && digest.is_some()
            && dirs.stat(&record.place) == *stat
        {
            let is_new = (record.stat, record.digest) != (*stat, *digest);
            return is_new.then_some((file, *stat, *digest));
        }
        look_again(request, dirs, record).map(|(stat, digest)| (file, stat, digest))
    };
    let changed: Vec<_> = if wanted.len() < FEW {
        wanted.iter().copied().filter_map(look).collect()
    } else {
        wanted.par_iter().copied().filter_map(look).collect()
    };
    let is_new = !changed.is_empty();
    for (file, stat, digest) in changed {
        let record = &mut ledger.files[file];
        (record.stat, record.digest) = (stat, digest);
    }
    (wanted, is_new)
}
