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
    let stat = Stat::of_file(&path);
    if stat == known.map(|known| known.stat) && request.depth == Depth::Stat {
        return false;
    }
    let digest = stat.and_then(|_| Digest::at(&path).ok());
    let is_known = digest.is_some() && known.is_some_and(|known| known.digest == digest);
    // The `stat` is that of what cargo wrote, the content is not.
    let is_altered =
        known.is_some_and(|known| Some(known.stat) == stat && known.digest.is_some()) && !is_known;
    let damaged = match damage::in_rustc_info(&request.workspace.build_dir.value) {
        None if is_altered => Some(damage::of_rustc_info(Damage::Altered)),
        damaged => damaged,
    };
    // Only our own build writes it just now, and what that started with was proven too.
    let is_ours = request.before.is_some_and(|before| !before.is_contested);
    let is_proven = is_known || (is_ours && known.is_none_or(|known| known.digest.is_some()));
    let record = |stat| AnswersRecord { stat, digest: digest.filter(|_| is_proven) };
    found.ledger.answers = stat.filter(|_| damaged.is_none()).map(record);
    found.damaged.extend(damaged);
    found.ledger.answers != known
}
