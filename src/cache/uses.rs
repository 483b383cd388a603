//! When what in a build dir was last used by a build that went through xcargo.
//!
//! Cargo writes down when a unit was built, never when it was last found fresh, and times of access are off on most
//! machines. So each build leaves a record: with which compiler, in which profile dirs, with which packages locked. A unit
//! was last used at the latest at the latest build that *could* have used it. What is not recorded was not used since the
//! first record, or by a cargo that xcargo knows nothing of: who removes by this must say so.
//!
//! One file for each workspace, beside its stamp and named as that is. It holds a package's name once, and is written
//! at most once a day for the same build; its first line alone
//! tells whether it is time ([`Head`]). What does not read as a file of this format counts as absent.

mod file;
mod head;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub use head::Head;

use super::{ProfileDir, Source, Unit, disk, stamp};
use crate::toolchain::Identity;
use crate::workspace::lock_file::{self, Package};

/// Seconds in which the same build is no news.
const DAY: i64 = 24 * 60 * 60;

/// How long after a recorded use there may have been another that was no news, in seconds.
pub const LASTS: i64 = DAY;

/// Builds before so many seconds are forgotten, and the record then begins later: what is not in it was not used *since*.
const REMEMBERED: i64 = 400 * DAY;

/// More compilers and sets of profile dirs than anybody uses at a time. Those that were not used for longest are forgotten.
const MOST: usize = 128;

/// More bytes than the records of a workspace with ten thousand packages have.
const LARGEST: u64 = 64 << 20;

/// What was used when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uses {
    /// The record is complete from here on, in seconds since 1970: nothing is known of what was used before.
    pub since: i64,
    builds: Vec<Builds>,
}

/// All builds by one compiler in the same profile dirs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Builds {
    /// As [`Identity::fingerprint_hashes`] has them.
    compiler: [u64; 2],
    /// Relative to the build dir. Empty: it could have been any.
    profiles: BTreeSet<PathBuf>,
    /// The latest of them, and the digest of the lock file that it began with.
    latest: (i64, String),
    /// The latest that began without a lock file that can be read: any package could have been in it.
    unlocked: Option<i64>,
    /// The latest with each package locked.
    used: BTreeMap<Package, i64>,
}

/// What stands for the content of a lock file, where only a change is of interest.
#[must_use]
pub fn digest(lock: Option<&[u8]>) -> String {
    lock.map_or_else(String::new, |lock| blake3::hash(lock).to_hex()[..16].to_owned())
}

/// Where this workspace's record lies in this build dir.
#[must_use]
pub fn path(build_dir: &Path, workspace_root: &Path) -> PathBuf {
    let stamp = stamp::path(build_dir, workspace_root);
    let name = stamp.file_name().unwrap_or_default().to_string_lossy().replacen("stamp-", "uses-", 1);
    stamp.with_file_name(name)
}

impl Uses {
    /// The record that begins now.
    #[must_use]
    pub fn starting(now: i64) -> Self {
        Self { since: now, builds: Vec::new() }
    }

    /// Reads the bytes of a record. `None`: they are damaged, cut short, or of another format.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        file::parse(bytes)
    }

    /// The record in this file. `None`: there is none, or it is no regular file, or larger than any record.
    #[must_use]
    pub fn read(path: &Path) -> Option<Self> {
        disk::read(path, LARGEST).ok().and_then(|bytes| Self::parse(&bytes))
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// A profile dir's name is not UTF-8, which cargo does not allow.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        file::to_bytes(self)
    }

    /// A build at `now` by this compiler, in these profile dirs (relative to the build dir, the host's beside the triples';
    /// none: it could be any), with these packages locked (`None`: not known which), by a lock file of this [digest].
    pub fn record(
        &mut self,
        now: i64,
        compiler: &Identity,
        profiles: &[PathBuf],
        lock: &str,
        packages: Option<&BTreeSet<Package>>,
    ) {
        let latest = (now, lock.to_owned());
        let at = self.position(compiler, profiles).unwrap_or_else(|| {
            self.builds.push(Builds {
                compiler: compiler.fingerprint_hashes(),
                profiles: profiles.iter().cloned().collect(),
                latest: latest.clone(),
                unlocked: None,
                used: BTreeMap::new(),
            });
            self.builds.len() - 1
        });
        let builds = &mut self.builds[at];
        builds.latest = latest;
        match packages {
            Some(packages) => builds.used.extend(packages.iter().map(|package| (package.clone(), now))),
            None => builds.unlocked = Some(now),
        }
        self.forget(now);
        while self.builds.len() > MOST
            && let Some((at, _)) = self.builds.iter().enumerate().min_by_key(|(_, builds)| builds.latest.0)
        {
            // What was used until then is not known any more.
            self.since = self.since.max(self.builds.remove(at).latest.0 + 1);
        }
    }

    /// The latest build that could have used this unit, in seconds since 1970. `None`: none since [`Self::since`].
    #[must_use]
    pub fn last_use(&self, unit: &Unit, profile: &ProfileDir) -> Option<i64> {
        let place = profile.relative();
        let is_by = |builds: &Builds| {
            unit.fingerprints.is_empty()
                || unit.fingerprints.iter().any(|print| builds.compiler.contains(&print.rustc))
        };
        let is_in = |builds: &Builds| builds.profiles.is_empty() || builds.profiles.contains(&place);
        let builds = self.builds.iter().filter(|builds| is_by(builds) && is_in(builds));
        builds.filter_map(|builds| builds.last_use(unit, profile)).max()
    }

    fn position(&self, compiler: &Identity, profiles: &[PathBuf]) -> Option<usize> {
        let profiles: BTreeSet<&PathBuf> = profiles.iter().collect();
        self.builds.iter().position(|builds| {
            builds.compiler == compiler.fingerprint_hashes()
                && builds.profiles.iter().eq(profiles.iter().copied())
        })
    }

    fn forget(&mut self, now: i64) {
        let begin = now - REMEMBERED;
        if self.since > now {
            // The clock was wrong when the record began. Of what was before this build nothing is known.
            self.since = now;
        } else if self.since < begin {
            self.since = begin;
        } else {
            return;
        }
        for builds in &mut self.builds {
            builds.used.retain(|_, at| *at >= begin);
            builds.unlocked = builds.unlocked.filter(|at| *at >= begin);
        }
        self.builds.retain(|builds| builds.latest.0 >= begin);
    }
}

impl Builds {
    fn last_use(&self, unit: &Unit, profile: &ProfileDir) -> Option<i64> {
        if profile.builds_std {
            // The standard library has a lock file of its own, of which nothing is recorded.
            return Some(self.latest.0);
        }
        // A lock file's packages are sorted by name first.
        let first = Package {
            name: unit.package.clone(),
            version: String::new(),
            source: lock_file::Source::Registry,
        };
        let of_name = self.used.range(first..).take_while(|(package, _)| package.name == unit.package);
        let locked = of_name.filter(|(package, _)| could_be(unit, package)).map(|(_, at)| *at).max();
        locked.max(self.unlocked)
    }
}

/// Whether this may be the unit's package, the name being the same.
fn could_be(unit: &Unit, package: &Package) -> bool {
    match (&unit.source, &package.source) {
        (Source::Registry { version }, lock_file::Source::Registry) => *version == package.version,
        // Checkouts are named after the first digits of the revision.
        (Source::Git { rev }, lock_file::Source::Git(full)) => full.starts_with(rev.as_str()),
        // A vendored copy of a registry or git package looks like a path package, and a path package has one version only.
        (Source::Path | Source::Unknown(_), _) => true,
        // A package that was patched, or came from elsewhere before.
        _ => false,
    }
}

#[cfg(test)]
mod tests;
