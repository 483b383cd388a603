//! `damaged-compiler-record`: what cargo remembers of the compiler is not what the compiler said.

use crate::cache::damage::{Damage, What};
use crate::doctor::explain::Explanation;
use crate::doctor::{Check, Fix, Severity};

pub(super) const CHECK: Check = Check {
    code: "damaged-compiler-record",
    severity: Severity::Error,
    brief: "`.rustc_info.json` holds answers that no compiler gives, or is not what cargo wrote",
    page: Explanation {
        means: "`.rustc_info.json`, in which cargo keeps what the compiler said of itself, is damaged. \
                Cargo believes it as long as `bin/rustc` has the same size and time, so it can block every build.",
        cause: "A damaged file that is still JSON, or a compiler that failed while it was asked (cargo #9500).",
        proof: "An answer is empty or has not the form of one; or the file has the time at which cargo wrote it, and another content.",
        remedy: "The file is removed; cargo asks the compiler again.",
    },
    look: |check, seen| {
        let is_it = |it: &&crate::cache::damage::Damaged| it.what == What::RustcInfo;
        let found = seen.damaged.iter().filter(is_it).map(|damaged| {
            let what = match damaged.damage {
                Damage::Empty => "it is empty",
                Damage::Altered => "it is not what cargo wrote",
                _ => "it holds an answer that no compiler gives",
            };
            let finding = check.finding(damaged.file.display().to_string(), what);
            finding
                .with("cargo believes it as long as bin/rustc has the same time".to_owned())
                .fixed_by(Fix::Remove)
        });
        found.collect()
    },
};
