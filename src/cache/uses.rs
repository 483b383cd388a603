//! When what was last used by a build through xcargo.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{ProfileDir, Unit};
use crate::toolchain::Identity;
use crate::workspace::lock_file::Package;

/// The builds that are remembered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Uses {
    /// The first record, in seconds since 1970.
    pub since: i64,
    builds: Vec<Build>,
}

#[derive(Debug, Clone, PartialEq)]
struct Build {
    at: i64,
    compiler: [u64; 2],
    profiles: Vec<PathBuf>,
    packages: BTreeSet<Package>,
}

impl Uses {
    /// A build at `now` by this compiler, in these profile dirs (none: could be any), with these packages locked.
    pub fn record(
        &mut self,
        now: i64,
        compiler: &Identity,
        profiles: &[PathBuf],
        packages: &BTreeSet<Package>,
    ) {
        if self.builds.is_empty() {
            self.since = now;
        }
        let compiler = compiler.fingerprint_hashes();
        self.builds.push(Build {
            at: now,
            compiler,
            profiles: profiles.to_vec(),
            packages: packages.clone(),
        });
    }

    /// The latest build that could have used this unit; `None`: none since [`Uses::since`].
    #[must_use]
    pub fn last_use(&self, unit: &Unit, profile: &ProfileDir) -> Option<i64> {
        let could = |build: &&Build| {
            unit.fingerprints.iter().any(|print| build.compiler.contains(&print.rustc))
                && (build.profiles.is_empty() || build.profiles.iter().any(|dir| profile.path.ends_with(dir)))
                && build.packages.iter().any(|package| package.name == unit.package)
        };
        self.builds.iter().filter(could).map(|build| build.at).max()
    }
}
