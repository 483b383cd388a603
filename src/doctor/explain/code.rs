//! Errors that look like the code's: what is built is right in itself, and of another day.

use super::{Explanation, Symptom};

pub(super) const ALL: &[Symptom] = &[
    Symptom {
        codes: &["E0308", "E0425", "E0432", "E0412", "E0063"],
        messages: &[
            "mismatched types",
            "cannot find function",
            "cannot find value",
            "unresolved import",
            "cannot find type",
            "missing field",
        ],
        page: Explanation {
            means: "The code uses something of another crate that is not there or is otherwise. Nearly always that is simply so. \
                    It is the cache where the other crate's source says what rustc denies: a missing function that definitely \
                    exists.",
            cause: "The other crate was built from an older content, and cargo did not notice: its source came with an old time.",
            proof: "Never by the text of the error. The digests of the other crate's sources are held against those that it was \
                    built from.",
            remedy: "The other crate is made stale; the next build makes it and its dependants anew. If nothing is found, the error \
                     is the code's.",
        },
        findings: &["ghost-source", "suspect-source"],
    },
    Symptom {
        codes: &[],
        messages: &["couldn't read"],
        page: Explanation {
            means: "`couldn't read …/out/…`: a file that a build script generated, and that the crate includes, is gone.",
            cause: "Something removed files below the target dir. Cargo finds the crate stale then but does not run the script \
                    again, as nothing that the script looks at has changed; so the error stays (cargo #4468, #16332).",
            proof: "The crate's dep-info lists a file in the `OUT_DIR` of a run that is not there.",
            remedy: "The run of the build script is removed as one; the next build runs the script and compiles the crate again.",
        },
        findings: &["damaged-artifact"],
    },
];
