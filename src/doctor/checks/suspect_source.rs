//! `suspect-source`: a source may have been changed since a unit was built from it, and nobody can tell.

use crate::doctor::explain::Explanation;
use crate::doctor::{Check, Severity};
use crate::plan::freshness::StaleWhy;

pub(super) const CHECK: Check = Check {
    code: "suspect-source",
    severity: Severity::Warning,
    brief: "a source may be another than a unit was built from: there is no record, and the times do not tell",
    page: Explanation {
        means: "A source was written or renamed after a unit was built from it, but has an older modification time, and there \
                is no record of what was in it. If its content changed, cargo will not notice.",
        cause: "The same as of `ghost-source`, in a build dir that xcargo has not seen since the unit was built: plain cargo or \
                an editor built it, or the ledger was lost. Copying a whole workspace with its times looks the same.",
        proof: "The time of the file's last change (ctime), which ordinary tools cannot set, is after the build; so the content \
                must not be recorded as what was built from.",
        remedy: "As policy says: with `cache.suspects = \"rebuild\"` (the default) the unit is built anew, and proven from then \
                 on; with `\"trust\"` nothing is done, and this is not found.",
    },
    look: |check, seen| {
        super::stale(check, seen, |why, shown| {
            match why {
            StaleWhy::Suspect(place) => Some((
                format!("{} may be another than it was built from", shown(place)),
                "it is no newer than the build by its time, was changed later or the build was made elsewhere, and there is no record"
                    .to_owned(),
            )),
            StaleWhy::Ghost(_) | StaleWhy::Gone(_) => None,
        }
        })
    },
};
