//! `guarded-time`: a source keeps its new time, because with the old one another unit would look fresh.

use crate::doctor::explain::Explanation;
use crate::doctor::{Check, Severity};
use crate::plan::freshness::{Note, words};

pub(super) const CHECK: Check = Check {
    code: "guarded-time",
    severity: Severity::Info,
    brief: "a source keeps its new time, because by the old one another unit would look fresh",
    page: Explanation {
        means: "With `cache.restore = \"mtimes\"` the time of a source would be put back for the sake of a build script, but some \
                other unit was built from another content of it (or from one that nobody knows), and would look fresh by the old \
                time. So it stays, and the script runs again.",
        cause: "Profiles that were built at different times from different content of the same file.",
        proof: "The digest that the ledger holds for the other unit is not that of the file now.",
        remedy: "Nothing has to be done. When the other unit is built again, or is removed, the time can be put back.",
    },
    look: |check, seen| {
        let found = seen.repairs.notes.iter().filter_map(|note| match note {
            Note::Guarded(place, unit) => Some((place, unit)),
            Note::Future(_) => None,
        });
        let finding = |(place, unit): (&_, &crate::cache::ledger::UnitKey)| {
            let by = format!(
                "{} ({}) was not surely built from this content",
                unit.package,
                unit.profile.as_path().display()
            );
            check.finding(words::shown(place, &seen.roots), "its time is not put back").with(by)
        };
        found.map(finding).collect()
    },
};
