//! Why something goes, and why something that was asked for stays. The words for both are in `plan/words.rs`.

use std::path::PathBuf;

use crate::cache::Why;
use crate::cache::damage::Damage;

/// Why something goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A compiler built it that is neither pinned nor kept.
    BuiltBy {
        /// That compiler.
        compiler: String,
        /// The pin now.
        pin: String,
    },
    /// Its package version is no longer in the lock file.
    LeftTheLock {
        /// The package's name and version.
        package: String,
    },
    /// Policy's scope covers it.
    InScope,
    /// Cargo wrote it down about a compiler that was replaced under its name.
    Replaced,
    /// Everything was asked for.
    Everything,
    /// This profile was asked for.
    Profile {
        /// Its directory, relative.
        dir: PathBuf,
    },
    /// This triple was asked for.
    Target {
        /// The triple.
        triple: String,
    },
    /// Documentation was asked for.
    Doc,
    /// This package was asked for.
    Package {
        /// Its name.
        package: String,
    },
    /// It is damaged.
    Damaged {
        /// How.
        damage: Damage,
    },
    /// It was built by the compiler that was asked for.
    Toolchain {
        /// As it was asked for.
        name: String,
    },
    /// No recorded build could have used it since then.
    Unused {
        /// In seconds since 1970.
        since: i64,
    },
    /// Incremental sessions were asked for.
    Incremental,
    /// The cache is larger than this.
    OverSize {
        /// In bytes.
        cap: u64,
    },
}

/// What stays although it was in the way of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// Nobody knows what it is, or it is not to be touched.
    Unknown {
        /// Where.
        path: PathBuf,
        /// Why.
        why: LeftWhy,
    },
    /// Units of a package of which the asked version or source may or may not be.
    Doubtful {
        /// What was asked for.
        spec: String,
        /// The package's name.
        package: String,
        /// How many units.
        units: usize,
    },
    /// Units that another workspace with the same dir needs, or may need.
    Shared {
        /// How many units.
        units: usize,
    },
    /// Documentation, packages and the like, of which nobody can tell whose they are in a dir that is shared.
    SharedFinals,
    /// Records of use do not reach back that far, so nothing is known to be unused.
    TooLittleRecorded {
        /// Since when there are records, in seconds since 1970; `None`: there are none.
        since: Option<i64>,
    },
    /// The cache stays larger than was asked for.
    StillOverSize {
        /// What remains, in bytes.
        remains: u64,
        /// What was asked for.
        cap: u64,
    },
}

/// [`Why`], in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftWhy(pub Why);

impl Ord for LeftWhy {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.to_string().cmp(&other.0.to_string())
    }
}

impl PartialOrd for LeftWhy {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
