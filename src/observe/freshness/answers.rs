//! What cargo remembers of the compiler, in `.rustc_info.json`: it believes every answer in there (cargo #9500), and no form
//! tells an answer from one with another letter in it. So its content must be what cargo was seen to write.

use super::{Depth, Examined, Request};
use crate::cache::RUSTC_INFO;
use crate::cache::damage::{self, Damage};
use crate::cache::digest::Digest;
use crate::cache::ledger::AnswersRecord;
use crate::cache::stat::Stat;

/// Whether the record of it is another than before.
pub(super) fn look(request: &Request<'_>, found: &mut Examined) -> bool {
    let path = request.workspace.build_dir.value.join(RUSTC_INFO);
    let known = found.ledger.answers;
    // A link, or a directory in its place, is somebody's own affair.
    let meta = path.symlink_metadata().ok().filter(std::fs::Metadata::is_file);
    let stat = meta.as_ref().map(Stat::of);
    if stat == known.map(|known| known.stat) && request.depth == Depth::Stat {
        return false;
    }
    found.ledger.answers = None;
    let Some(stat) = stat else { return known.is_some() };
    // What cannot be read proves nothing.
    let digest = Digest::at(&path).ok();
    let is_known = digest.is_some() && known.is_some_and(|known| known.digest == digest);
    let is_same_stat = known.is_some_and(|known| known.stat == stat && known.digest.is_some());
    let is_altered = is_same_stat && digest.is_some() && !is_known;
    let damaged = damage::in_rustc_info(&request.workspace.build_dir.value);
    if let Some(damaged) = damaged.or_else(|| is_altered.then(|| damage::of_rustc_info(Damage::Altered))) {
        found.damaged.push(damaged);
        return known.is_some();
    }
    // Nobody else was building, and what cargo started with was proven, or not there.
    let is_ours = request.before.is_some_and(|before| !before.is_contested && before.has_sound_answers);
    let digest = digest.filter(|_| is_known || is_ours);
    found.ledger.answers = Some(AnswersRecord { stat, digest });
    found.ledger.answers != known
}
