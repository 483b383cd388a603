//! What cargo keeps of a build script's run (`core/compiler/custom_build.rs`): what it printed, and where `OUT_DIR` was.

use std::path::Path;
use std::time::SystemTime;

use super::file::{Probe, Problem, expect};
use super::prints::is_missing;
use super::{Damage, Proof};
use crate::cache::place::printed;

/// Lines are short; a file that was not written is zeros from its first block on.
const START: u64 = 4096;

/// `run` holds `output` (layout 1) or `stdout` (layout 2) beside `root-output`; `out` is `OUT_DIR`.
pub(super) fn check(build_dir: &Path, run: &Path, out: &Path) -> Option<Proof> {
    // Without this cargo runs the script again, and makes everything anew.
    let printed = printed(build_dir, run)?;
    // Cargo makes it before the script runs, but does not look for it afterwards: what the package includes from it is
    // an error then that no build cures (cargo #4468).
    if is_missing(&build_dir.join(out)) {
        return Some((out.to_path_buf(), Damage::Missing));
    }
    let root = run.join("root-output");
    if let Some(damage) = Probe::judge(&build_dir.join(&root), root_output) {
        return Some((root, damage));
    }
    // A script may well print nothing.
    let damage = Probe::judge(&build_dir.join(&printed), text).filter(|damage| *damage != Damage::Empty)?;
    Some((printed, damage))
}

/// When the script was started: the time that cargo gives to what it printed.
pub(super) fn began(build_dir: &Path, run: &Path) -> Option<SystemTime> {
    build_dir.join(printed(build_dir, run)?).symlink_metadata().ok()?.modified().ok()
}

fn text(file: &mut Probe) -> Result<(), Problem> {
    expect(!file.start(START)?.contains(&0))
}

/// The absolute path of `OUT_DIR`, which cargo exchanges for the present one in what the script printed.
fn root_output(file: &mut Probe) -> Result<(), Problem> {
    let path = file.start(START)?;
    expect(!path.contains(&0))
}
