//! `mislabelled-unit`: cargo takes a unit for one of the compiler in use, and another compiler made it.

use crate::cache::damage::Damage;
use crate::doctor::explain::Explanation;
use crate::doctor::{Check, Severity};

pub(super) const CHECK: Check = Check {
    code: "mislabelled-unit",
    severity: Severity::Error,
    brief: "another compiler made the unit than the one in use, of which it is said to be",
    page: Explanation {
        means: "The fingerprint says that the compiler in use made the unit; its metadata says that another one did. The next \
                crate that uses it does not compile (E0514).",
        cause: "A compiler that was replaced in place while `bin/rustc` kept its size and time: a distribution's package, a \
                linked or self-built toolchain, Nix; or a `.rustc_info.json` that came from elsewhere (cargo #14761).",
        proof: "The header of the metadata names the compiler that wrote it. Only looked for where the compiler in use is known.",
        remedy: "The unit is removed as one; the next build makes it anew with the compiler in use.",
    },
    look: |check, seen| super::units(check, seen, |damage| damage == Damage::Mislabelled),
};
