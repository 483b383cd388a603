//! `ghost-source`: a unit was built from other content, and cargo would not notice.

use crate::doctor::explain::Explanation;
use crate::doctor::{Check, Severity};
use crate::plan::freshness::StaleWhy;

pub(super) const CHECK: Check = Check {
    code: "ghost-source",
    severity: Severity::Error,
    brief: "a unit was built from another content of a source that is no newer: cargo calls it fresh",
    page: Explanation {
        means: "A unit was built from another content of a source than the one that is there now, and the source is no newer \
                than the build. So cargo calls the unit fresh, and the old code stays in what is built.",
        cause: "Content that came with an old modification time: an unpacked archive, a layer of an image, `cp -p`, `mv`, \
                `rsync -t`, times that were put back, a clock that was set back, another checkout on the same target dir \
                (cargo #7181, #12370, #17312).",
        proof: "The ledger holds the digest of every input that the unit was built from; the file's digest is another one now, \
                and its time is not after the time that cargo compares with.",
        remedy: "The one file without which cargo builds the unit anew is removed, so the next build makes it and all that \
                 depends on it. The step `verify-cache` does so before each build.",
    },
    look: |check, seen| {
        super::stale(check, seen, |why, shown| match why {
            StaleWhy::Ghost(place) => Some((
                format!("{} is not what it was built from, though no newer", shown(place)),
                "its digest is not the recorded one, and its time is not after the build's".to_owned(),
            )),
            StaleWhy::Gone(place) => Some((
                format!("{} is gone, from which it was built", shown(place)),
                "cargo goes by the newest time in its directory".to_owned(),
            )),
            StaleWhy::Suspect(_) => None,
        })
    },
};
