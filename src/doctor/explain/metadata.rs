//! Crates that rustc cannot find or read.

use super::{Explanation, Symptom};

pub(super) const ALL: &[Symptom] = &[
    Symptom {
        codes: &["E0463"],
        messages: &["can't find crate for"],
        page: Explanation {
            means: "rustc looks for a crate that the code uses and finds no file that could be it.",
            cause: "The crate's `.rmeta` is empty, or the file of a crate that it depends on is gone (`which … depends on`) in a way \
                    that cargo does not see. A target whose standard library is not installed (`can't find crate for std`) and a \
                    dependency that is missing in Cargo.toml look the same.",
            proof: "Metadata that others were built with is never empty, and every output of a finished unit is there.",
            remedy: "The unit is removed as one, and the next build makes it and its dependants anew. If nothing is found, the \
                     cause is in the code or the toolchain.",
        },
        findings: &["damaged-artifact"],
    },
    Symptom {
        codes: &["E0786"],
        messages: &[
            "found invalid metadata files for crate",
            "memory map must have a non-zero length",
            "Archive member size is too large",
            "Unsupported archive identifier",
            "corrupt metadata encountered in",
            "invalid metadata version found",
            "metadata not found in rlib",
        ],
        page: Explanation {
            means: "rustc found the file of a crate and cannot read it. The note below the error says how: `memory map must have a \
                    non-zero length` (it is empty), `Archive member size is too large` (it was cut early), `Unsupported archive \
                    identifier` (it holds something else), `corrupt metadata encountered`, `invalid metadata version found` (of a \
                    proc macro), `metadata not found in rlib`.",
            cause: "A library that was cut, emptied or overwritten: power loss, a full disk, a half-restored cache (rust#89300). \
                    Cargo compares neither size nor content of what was built, so the error stays in every build.",
            proof: "By the length and the marks of the file's format, and by its digest where the ledger knows it.",
            remedy: "The unit is removed as one, and the next build makes it anew.",
        },
        findings: &["damaged-artifact"],
    },
    Symptom {
        codes: &["E0514"],
        messages: &["compiled by an incompatible version of rustc"],
        page: Explanation {
            means: "A crate that is to be used was made by another compiler than the one that is running.",
            cause: "A compiler that was replaced while `bin/rustc` kept its size and time (packages with clamped times, linked or \
                    self-built toolchains, Nix), or a `.rustc_info.json` of another machine: cargo then gives the units of one \
                    compiler the names of the other's. A proper change of the toolchain does not do this.",
            proof: "The header of the metadata names the compiler that wrote it, the fingerprint the one that cargo believes in, \
                    and the compiler in use says who it is.",
            remedy: "The units that another compiler made are removed, and cargo's record of the compiler with them.",
        },
        findings: &["mislabelled-unit", "damaged-compiler-record"],
    },
    Symptom {
        codes: &["E0460"],
        messages: &["found possibly newer version of crate"],
        page: Explanation {
            means: "A crate was built anew, and one that was built with its former self is still in use.",
            cause: "The dependant was kept where it had to be built again: its fingerprint or its times came from another state \
                    than its files, as in a cache put together from two (rust#110120).",
            proof: "By digest: the files of a unit are not those that were recorded when it was built, or an input is not.",
            remedy: "The unit that is not what was built is removed; what depends on it is built again.",
        },
        findings: &["damaged-artifact", "ghost-source"],
    },
    Symptom {
        codes: &["E0461", "E0462", "E0519"],
        messages: &[
            "couldn't find crate",
            "found staticlib",
            "the current crate is indistinguishable from one of its dependencies",
        ],
        page: Explanation {
            means: "A file has the name of a crate and is another one: for another target (E0461), a static library (E0462), or \
                    the very crate that is being compiled (E0519).",
            cause: "Files of one build dir that were copied into another, or swapped. Read in rustc's source; no such case was seen.",
            proof: "By digest, where the ledger knows the unit.",
            remedy: "The unit is removed as one, and the next build makes it anew.",
        },
        findings: &["damaged-artifact"],
    },
    Symptom {
        codes: &[],
        messages: &[
            "Encountered invalid discriminant while decoding",
            "invalid enum variant tag while decoding",
        ],
        page: Explanation {
            means: "The compiler crashes (ICE) while it reads the metadata of a crate.",
            cause: "A few wrong bytes in an `.rmeta` or `.rlib` whose length and header are right: a failing disk or memory, a bad \
                    copy (rust#152263). It may be a true fault of the compiler, too.",
            proof: "Only by digest: the file is not the one that was built. `xcargo doctor` reads every file (without `--quick`).",
            remedy: "The unit is removed as one. If all digests are right, report the crash to rustc.",
        },
        findings: &["damaged-artifact"],
    },
];
