//! Programs that do not start, and compilers that cargo misunderstands.

use super::{Explanation, Symptom};

pub(super) const ALL: &[Symptom] = &[
    Symptom {
        codes: &[],
        messages: &["Exec format error", "os error 8"],
        page: Explanation {
            means: "The system does not take a file for a program: a test, an example, a build script, or a proc macro's host.",
            cause: "An empty or cut program; cargo calls it fresh. An empty program under `cargo run` may print nothing at all. A \
                    program for another target, and a script without `#!`, say the same honestly.",
            proof: "A program is never empty, and its headers say how long it is.",
            remedy: "The unit is removed as one, and the next build links it anew.",
        },
        findings: &["damaged-artifact"],
    },
    Symptom {
        codes: &[],
        messages: &[
            "malformed output when learning about crate-type",
            "output of --print=file-names missing when learning about",
        ],
        page: Explanation {
            means: "Cargo asked the compiler which files it makes, or believes to have asked it, and does not understand the answer.",
            cause: "An answer in `.rustc_info.json` is empty or cut. Cargo trusts the file as long as the compiler's is unchanged, so no \
                    build works until it is gone (cargo #9500). A `RUSTC_WRAPPER` that prints to stdout says the same honestly.",
            proof: "The answers in the file have not the form that a compiler gives them.",
            remedy: "The file is removed; cargo asks the compiler again.",
        },
        findings: &["damaged-compiler-record"],
    },
];
