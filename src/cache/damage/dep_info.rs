//! Cargo's own dep-info (`encoded.rs`). Cargo takes one that does not parse for missing, and builds the unit anew: for no reason
//! that a user could see.

use std::path::{Path, PathBuf};

use super::Damage;
use super::file::{Probe, Problem};
use crate::cache::disk;
use crate::cache::encoded::{self, Broken, LIMIT, Listed};

pub(super) fn check(file: &mut Probe) -> Result<(), Problem> {
    if file.length > LIMIT {
        return Err(Problem::Unknown);
    }
    match encoded::parse(&file.start(LIMIT)?) {
        Ok(_) => Ok(()),
        Err(Broken::Cut) => Err(Problem::Damaged(Damage::Cut)),
        Err(Broken::Garbage) => Err(Problem::Damaged(Damage::Garbage)),
        Err(Broken::Unknown) => Err(Problem::Unknown),
    }
}

/// The files that are named relative to the build dir (or absolutely): those that were generated, and sources of others.
pub(super) fn generated(path: &Path) -> Vec<PathBuf> {
    let listed = disk::read(path, LIMIT).ok().and_then(|content| encoded::parse(&content).ok());
    let of_build_dir = |listed| match listed {
        Listed::Build(path) => Some(path),
        Listed::Package(_) => None,
    };
    listed.unwrap_or_default().into_iter().filter_map(of_build_dir).collect()
}
