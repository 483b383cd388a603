//! `damaged-artifact`: something that was built is not what it was when it was built.

use crate::cache::damage::Damage;
use crate::doctor::explain::Explanation;
use crate::doctor::{Check, Severity};

pub(super) const CHECK: Check = Check {
    code: "damaged-artifact",
    severity: Severity::Error,
    brief: "a file of a unit is empty, cut, not of its format, gone, or not what was built",
    page: Explanation {
        means: "A file of a unit (a library, metadata, a program, dep-info, what a build script printed or generated) is empty, \
                cut, not of its format, gone, or not what was built. Cargo looks whether it is there, never into it, so every \
                build that reads it fails, or goes on with what is wrong.",
        cause: "Power loss, a full disk, a killed linker, a cache that was saved or restored while somebody built, a failing \
                disk, another program that writes below the target dir (cargo #2836, #3661, #4468).",
        proof: "By the file's own header, length and end; and for everything that the ledger knows, by its digest. With `--quick` \
                files are read only where their `stat` changed.",
        remedy: "The unit is removed as one, under cargo's locks; the next build makes it anew, and what depends on it.",
    },
    look: |check, seen| super::units(check, seen, |damage| damage != Damage::Mislabelled),
};
