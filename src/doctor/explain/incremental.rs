//! What rustc says of its own incremental sessions.

use super::{Explanation, Symptom};

pub(super) const ALL: &[Symptom] = &[
    Symptom {
        codes: &[],
        messages: &["corrupt incremental compilation artifact", "could not load dep-graph from"],
        page: Explanation {
            means: "rustc could not read a file of an incremental session and compiles the crate as if there were none.",
            cause: "The graph or the cache of the session was cut or emptied.",
            proof: "By the headers and the ends of the session's files.",
            remedy: "It heals itself with the next session; xcargo removes the damaged one beforehand, so the warning does not come.",
        },
        findings: &["damaged-session"],
    },
    Symptom {
        codes: &[],
        messages: &["encountered incremental compilation error with", "Found unstable fingerprints for"],
        page: Explanation {
            means: "rustc found that what it had stored for a query is not what it computes now, and gives up.",
            cause: "Mostly a fault of the compiler (rust#84970), seldom a few wrong bytes in a session. It stays until the crate's \
                    session is gone.",
            proof: "It cannot be proven from outside: the session's files have the right form.",
            remedy: "If nothing is found, `xcargo clean --incremental` removes the sessions and nothing else.",
        },
        findings: &["damaged-session"],
    },
];
