//! `damaged-session`: an incremental session in which rustc would stumble.

use super::of;
use crate::cache::damage::{Damaged, What};
use crate::doctor::explain::Explanation;
use crate::doctor::{Check, Finding, Fix, Severity};

pub(super) const CHECK: Check = Check {
    code: "damaged-session",
    severity: Severity::Error,
    brief: "an incremental session in which rustc would stumble",
    page: Explanation {
        means: "A crate's incremental session holds a file that is empty, cut, not of its format or not what rustc wrote. The next time the crate \
                changes, rustc reads it: at best it warns and starts over, at worst every build fails until the session is gone.",
        cause: "Power loss, a full disk, a build that was killed while it wrote (rust#81280, rust#142858).",
        proof: "By the headers of graphs and caches, by the format and length of the object files, and by the digests that were recorded \
                when the session was written.",
        remedy: "The crate's sessions are removed; its next build is not incremental, the one after it is.",
    },
    look: |check, seen| {
        let found = seen.damaged.iter().filter_map(|damaged| match &damaged.what {
            What::Incremental(dir) => Some((damaged, dir)),
            What::Unit(_) | What::RustcInfo => None,
        });
        let finding = |(damaged, dir): (&Damaged, &std::path::PathBuf)| Finding {
            profile: Some(damaged.profile.clone()),
            ..check
                .finding(format!("incremental sessions ({})", damaged.profile.display()), of(damaged))
                .with(format!("the sessions are in {}", dir.display()))
                .fixed_by(Fix::Remove)
        };
        found.map(finding).collect()
    },
};
