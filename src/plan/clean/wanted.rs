//! What a clean is asked for: which part of the cache, and by what it is chosen.

use std::ffi::OsString;

use super::age::Age;
use super::budget::Budget;
use super::spec::Chosen;
use super::stale::Rules;
use crate::cache::ProfileDir;
use crate::cache::damage::Damaged;
use crate::toolchain::Identity;

/// A clean, as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Where.
    pub place: Where,
    /// What.
    pub what: What,
    /// By whom.
    pub by: Asked,
}

/// Who asks. Final artifacts go only when a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asked {
    /// A person, by `xcargo clean`.
    ByPerson,
    /// A coordinated step of a build: units and incremental sessions only.
    ByStep,
}

/// The part of the cache that is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Where {
    /// The profile's directory: `debug`, `release`. `None`: any (for packages `debug`, as cargo has it).
    pub profile: Option<OsString>,
    /// The triples of `--target`. Empty: any, or the host's alone, see [`What`].
    pub triples: Vec<String>,
    /// The packages of `-p` and `--workspace`, found by [`super::spec::choose`]. `None`: all.
    pub packages: Option<Chosen>,
}

/// What goes. The first three are cargo's, with its meaning but for `--target`, which cargo ignores where no package is
/// named, and then takes everything (cargo 1.95 to 1.100, `ops/cargo_clean.rs`).
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Whole directories, whatever is in them. No profile, no triple: everything. A profile: the host's directory of
    /// it. Triples: below these only.
    All,
    /// `doc`; with triples also theirs.
    Doc,
    /// What was built of [`Where::packages`], in one profile, for the host and the triples.
    Packages,
    /// What fits one of these, in all profiles and for all triples unless [`Where`] says otherwise.
    Matching(Box<Criteria>),
}

/// By what a unit is chosen; any one is enough.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Criteria {
    /// What the current pin and lock can never use.
    pub stale: Option<Rules>,
    /// Built by this one.
    pub toolchain: Option<Toolchain>,
    /// Not used for so long, as far as it was recorded.
    pub older_than: Option<Age>,
    /// The least recently used, until the rest is no larger than this.
    pub keep_size: Option<Budget>,
    /// Every incremental session.
    pub incremental: bool,
    /// What was found damaged.
    pub damaged: Option<Vec<Damaged>>,
}

/// The toolchain whose units go: one name may stand for several compilers, one after the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Toolchain {
    /// As it was asked for.
    pub name: String,
    /// The compilers that are known by that name.
    pub identities: Vec<Identity>,
    /// Compilers of which nothing but the number in fingerprints is known.
    pub hashes: Vec<u64>,
}

impl Where {
    /// Whether units in this profile dir may be meant by criteria.
    pub(super) fn includes(&self, profile: &ProfileDir) -> bool {
        self.profile.as_ref().is_none_or(|name| *name == profile.name)
            && (self.triples.is_empty()
                || profile.triple.as_ref().is_some_and(|triple| self.triples.contains(triple)))
    }
}

impl Wanted {
    /// Whether units have to be read for it: where they do not, an empty cache is as good.
    #[must_use]
    pub fn needs_units(&self, owners: &super::Owners) -> bool {
        match self.what {
            What::All => !owners.is_alone(),
            What::Doc => false,
            What::Packages | What::Matching(_) => true,
        }
    }

    /// Whether it is to be judged by what incremental sessions tell: where it is not, they need not be read.
    #[must_use]
    pub fn needs_sessions(&self) -> bool {
        let What::Matching(criteria) = &self.what else { return false };
        // Damage is found by a look of its own.
        let Criteria { stale, toolchain, older_than, keep_size, incremental: _, damaged: _ } = &**criteria;
        stale.as_ref().is_some_and(Rules::need_sessions)
            || toolchain.is_some()
            || older_than.is_some()
            || keep_size.is_some()
    }
}
