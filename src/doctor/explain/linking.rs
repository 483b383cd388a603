//! What shows only when everything is put together.

use super::{Explanation, Symptom};

pub(super) const ALL: &[Symptom] = &[
    Symptom {
        codes: &[],
        messages: &["required to be available in rlib format, but was not found in this form"],
        page: Explanation {
            means: "A program is to be linked, and one of the libraries that it needs is not usable as an rlib.",
            cause: "The rlib of a crate that is used by another crate is empty. Metadata was enough to compile, so it shows at the \
                    end. Mixing `-C prefer-dynamic` with crates that are only there as dylibs says the same honestly.",
            proof: "An rlib is never empty.",
            remedy: "The unit is removed as one, and the next build makes it anew.",
        },
        findings: &["damaged-artifact"],
    },
    Symptom {
        codes: &[],
        messages: &["truncated or malformed archive"],
        page: Explanation {
            means: "`linking with cc failed`, and the linker says that an archive is cut.",
            cause: "An rlib or a static library was cut behind its metadata: rustc could still read what it needs, the linker cannot.",
            proof: "The archive's members do not fill it exactly, or its digest is not the recorded one.",
            remedy: "The unit is removed as one, and the next build makes it anew.",
        },
        findings: &["damaged-artifact"],
    },
    Symptom {
        codes: &[],
        messages: &[
            "failed to build archive",
            "failed to map object file",
            "section header table goes past the end",
        ],
        page: Explanation {
            means: "rustc puts a library together from object files of the incremental session, and one of them is no object file.",
            cause: "An empty or cut `incremental/*/s-*/*.o`. It is used again and again while its part of the code does not change, so \
                    the error stays (rust#142858). A full disk says `failed to build archive` honestly.",
            proof: "By the object file's headers and length.",
            remedy: "The crate's sessions are removed; its next build is not incremental.",
        },
        findings: &["damaged-session"],
    },
    Symptom {
        codes: &[],
        messages: &["unknown file type", "file format not recognized", "file not recognized"],
        page: Explanation {
            means: "The linker does not know what a `*.rcgu.o` is.",
            cause: "For a program the same as `failed to build archive` for a library: an object file of the incremental session is \
                    empty or cut.",
            proof: "By the object file's headers and length.",
            remedy: "The crate's sessions are removed; its next build is not incremental.",
        },
        findings: &["damaged-session"],
    },
    Symptom {
        codes: &[],
        messages: &[
            "undefined symbol: anon.",
            "undefined reference to `anon.",
            "undefined reference to anon.",
        ],
        page: Explanation {
            means: "Object files of one crate do not fit each other: one names a constant that another one had in an earlier build.",
            cause: "A build that was interrupted while it wrote an incremental session (rust#81280).",
            proof: "Not by its form: each file is whole. By digest, if it is the library that was altered.",
            remedy: "If nothing is found, `xcargo clean --incremental` removes the sessions and nothing else.",
        },
        findings: &["damaged-session", "damaged-artifact"],
    },
];
