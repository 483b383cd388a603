//! What units were built from, as far as that is sure: by the times that cargo gave them, or because nothing changed around our
//! own build.

use std::path::PathBuf;

use super::super::neighbours::Neighbours;
use super::super::{Before, Examined, Request, roots};
use super::began::{Began, at_the_latest, began, compiled_here, is_since, started};
use super::ways::Ways;
use crate::cache::digest::Digest;
use crate::cache::ledger::{FileRecord, Ledger, Watch};
use crate::cache::stat::{HAS_CHANGED, Stat, Time};
use crate::plan::freshness::{Reader, is_generated, was_there};

/// Records what units were built from, where it is sure: after [`super::read`], and after the inputs were looked at.
pub(in crate::observe::freshness) fn adopt(request: &Request<'_>, found: &mut Examined) {
    let build_dir = request.workspace.build_dir.value.as_path();
    if found.built.is_empty() {
        return;
    }
    let neighbours = Neighbours::of(request.workspace);
    // Nobody else was building when our cargo was started, nor until it did, nor when it ended.
    let is_alone = request.before.is_some_and(|before| !before.is_contested);
    let scripts = compiled_here(build_dir, &found.ledger.units, &found.built);
    let Examined { ledger, unsure, built, .. } = found;
    let Ledger { files, units, .. } = ledger;
    let now = Time::now().later(1);
    let mut ways = Ways::new(roots(request));
    for unit in units.iter_mut().filter(|unit| built.contains(&unit.key)) {
        let theirs = neighbours.who_may_have_built(unit, files);
        // A program that was run may have outlived the build by far, and others have built since.
        let theirs = theirs.filter(|theirs| !is_alone || theirs.is_of(unit.built));
        let known = unsure.get(&unit.key);
        let times: Vec<Option<Began>> = unit
            .builds
            .iter()
            .map(|build| {
                let began = began(build_dir, unit, build, unit.built, is_alone)?;
                let began = if is_alone { at_the_latest(request, began) } else { began };
                let is_sure = !build.is_run()
                    || is_since(request, began.time)
                    || build.dependencies.iter().any(|hash| scripts.contains(hash));
                (is_sure && began.time <= now).then_some(began)
            })
            .collect();
        for (build, began) in unit.builds.iter_mut().zip(times) {
            // It began after everything had been looked at. A build of somebody else's that only ended since then may have read
            // what was there before.
            let is_ours = |began: Began| is_since(request, began.time) && (is_alone || !began.is_end);
            let witness = Witness {
                request,
                ours: request.before.filter(|_| began.is_some_and(is_ours)),
                began: began.map(|began| began.time),
                built: unit.built,
                reader: if build.is_run() { Reader::Script } else { Reader::Rustc },
            };
            for input in &mut build.inputs {
                let file = &files[input.file as usize];
                if let Some(theirs) = &theirs {
                    let (digest, modified) = theirs.input_of(&build.name, &file.place).unzip();
                    (input.digest, input.modified) = (digest, modified.unwrap_or_default());
                    continue;
                }
                // Either what was known is true, or what the times say: so both have to say the same.
                let is_agreed =
                    known.is_none_or(|known| known.digest_of(&build.name, input.file) == file.digest);
                if let Some(stat) = file.stat.filter(|_| file.digest.is_some() && is_agreed)
                    && witness.is_sure_of(file, stat, ways.moved(&file.place))
                {
                    (input.digest, input.modified) = (file.digest, stat.modified);
                }
            }
            if matches!(build.watch, Watch::Package { .. }) {
                build.inputs.retain(|input| !witness.had_gone(&files[input.file as usize]));
            }
        }
    }
}

/// What tells which files a build has read.
struct Witness<'a> {
    request: &'a Request<'a>,
    /// What was seen ahead of it, if it is our own.
    ours: Option<&'a Before>,
    began: Option<Time>,
    /// When its unit was built.
    built: Option<Time>,
    reader: Reader,
}

impl Witness<'_> {
    /// Whether a file, on the way to which something was last moved then, was surely the same when the build read it.
    fn is_sure_of(&self, file: &FileRecord, stat: Stat, moved: Time) -> bool {
        let seen = self.ours.and_then(|before| Some((before, before.files.get(&file.place)?)));
        if seen.is_some_and(|(before, seen)| moved <= before.started && self.is_as_seen(before, file, *seen))
        {
            return true;
        }
        // Another than was seen just before our build changed while we built, as its own times must tell. (Not so where it
        // waited for others.)
        let is_told = |before: &Before| HAS_CHANGED && stat.changed > before.started;
        let may_go_by_time = seen.is_none()
            || is_generated(file)
            || self.request.before.is_some_and(|before| before.is_contested || is_told(before));
        let stat = Stat { modified: stat.modified.max(moved), ..stat };
        may_go_by_time
            && self.began.is_some_and(|began| was_there(&stat, began, self.reader, is_generated(file)))
    }

    /// Whether the file that was seen ahead of the build is the same, also where it got a new change time after the unit was
    /// built: a test makes a link to it, say. Where its directory changed as well, it may have been away.
    fn is_as_seen(&self, before: &Before, file: &FileRecord, seen: (Option<Stat>, Option<Digest>)) -> bool {
        if seen == (file.stat, file.digest) {
            return true;
        }
        let (Some(then), Some(now), Some(built)) = (seen.0, file.stat, self.built) else { return false };
        let is_same = then == Stat { changed: then.changed, ..now } && seen.1 == file.digest;
        // What rustc made may be run, and make its links, in the very tick in which cargo wrote that it was built.
        let is_later = now.changed > built || now.changed == built && !self.reader.may_read_in(built);
        let dir = self.path(file).parent().and_then(Stat::of_file);
        is_same
            && is_later
            && dir.is_some_and(|dir| dir.modified.max(dir.changed) < started(before, dir.changed))
    }

    /// Whether a file that is not there any more was not there either when the build began: the directory that it was in has
    /// not changed since then.
    fn had_gone(&self, file: &FileRecord) -> bool {
        let dir = || self.path(file).ancestors().skip(1).find_map(Stat::of_file);
        let is_older = |began| dir().is_some_and(|dir| was_there(&dir, began, self.reader, false));
        file.stat.is_none() && self.began.is_some_and(is_older)
    }

    fn path(&self, file: &FileRecord) -> PathBuf {
        roots(self.request).path(&file.place)
    }
}
