//! The policy in force: every value validated, each knowing where it was set.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use semver::VersionReq;

use super::words::{
    Enforce, Freshness, FullClean, Install, OnFailure, Restore, Role, Ruling, Scope, StepName, Suspects, When,
};
use crate::sourced::Sourced;
use crate::toolchain::channel::Channel;

/// Everything that `doctor.toml` and the files it extends ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// About the policy itself.
    pub meta: Meta,
    /// Which toolchain, and who may use another.
    pub toolchain: ToolchainPolicy,
    /// The other places that name a toolchain.
    pub pins: PinsPolicy,
    /// What is done, and when.
    pub steps: StepsPolicy,
    /// What may be removed.
    pub clean: CleanPolicy,
    /// How the build cache is judged.
    pub cache: CachePolicy,
    /// What is done when a build fails.
    pub diagnose: DiagnosePolicy,
    /// Which commands are forbidden, and which need arguments.
    pub commands: CommandsPolicy,
}

/// The section `[policy]`. (`extends` is resolved by the time there is a [`Policy`].)
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The versions of xcargo that may use this policy. Where several files ask, all of them together.
    pub required: Option<Sourced<VersionReq>>,
    /// The versions that should use it.
    pub recommended: Option<Sourced<VersionReq>>,
    /// What a violation does.
    pub enforce: Sourced<Enforce>,
}

/// The section `[toolchain]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolchainPolicy {
    /// The pinned toolchain; without it the toolchain file is the pin.
    pub channel: Option<Sourced<Channel>>,
    /// `cargo +x`, `RUSTUP_TOOLCHAIN`, `rustup override`.
    pub r#override: Sourced<Ruling>,
    /// The pinned toolchain is missing.
    pub install: Sourced<Install>,
    /// How old a moving channel may get.
    pub update: Sourced<MaxAge>,
}

/// How old something may get before it is brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MaxAge {
    /// This old; never zero.
    After(Duration),
    /// It may get as old as it likes.
    Never,
}

impl MaxAge {
    /// Reads `12h`, `7d`, `2w`.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn parse(text: &str) -> Result<Self, String> {
        super::values::max_age(text)
    }
}

impl fmt::Display for MaxAge {
    /// As `doctor.toml` spells it: in days where that is exact, else in hours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::After(age) => match age.as_secs() / 3600 {
                hours if hours % 24 == 0 => write!(f, "{}d", hours / 24),
                hours => write!(f, "{hours}h"),
            },
        }
    }
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(pub u64);

impl ByteSize {
    /// The units, with their bytes; those by which numbers are shown come first, the largest before the others.
    pub(super) const UNITS: &'static [(&'static str, u64)] = &[
        ("TiB", 1 << 40),
        ("GiB", 1 << 30),
        ("MiB", 1 << 20),
        ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000),
        ("GB", 1_000_000_000),
        ("MB", 1_000_000),
        ("kB", 1_000),
        ("B", 1),
    ];
}

impl fmt::Display for ByteSize {
    /// As `doctor.toml` spells it: in the first unit in which it is exact.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = Self::UNITS.iter().find(|(_, bytes)| self.0 >= *bytes && self.0.is_multiple_of(*bytes));
        let (unit, bytes) = exact.unwrap_or(&("B", 1));
        write!(f, "{}{unit}", self.0 / bytes)
    }
}

/// The section `[pins]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinsPolicy {
    /// Places that are not looked at.
    pub ignore: Vec<Sourced<IgnoredPin>>,
    /// Places that are looked at although no known kind finds them.
    pub extra: Vec<Sourced<ExtraPin>>,
}

/// An entry of `pins.ignore`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IgnoredPin {
    /// A glob, relative to the workspace root.
    pub path: String,
    /// Why these files may name another toolchain.
    pub reason: String,
}

/// An entry of `pins.extra`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExtraPin {
    /// A glob, relative to the workspace root.
    pub path: String,
    /// A regular expression whose one capture group is the version.
    pub pattern: String,
    /// What the version is for.
    pub role: Role,
}

/// The section `[steps]`: in the order in which they are done, none twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepsPolicy {
    /// Before each build-like command.
    pub build: Sourced<Vec<StepName>>,
    /// When the lock file moves.
    pub update: Sourced<Vec<StepName>>,
    /// When the pinned toolchain moves.
    pub toolchain_change: Sourced<Vec<StepName>>,
}

/// The section `[clean]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanPolicy {
    /// What `scoped-clean` removes.
    pub scope: Sourced<Scope>,
    /// How many toolchains beside the pinned one keep what they built.
    pub keep_toolchains: Sourced<u32>,
    /// Absolute target directories beyond the workspace that may be cleaned.
    pub allow_outside: Vec<Sourced<PathBuf>>,
    /// What a clean of everything does.
    pub full: Sourced<FullClean>,
    /// How large the build dir may get before the least recently used units are removed ahead of a build.
    pub max_size: Option<Sourced<ByteSize>>,
    /// Whether what was removed is deleted by a process that outlives the command.
    pub background: Sourced<bool>,
}

/// The section `[cache]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachePolicy {
    /// What counts as proof that sources are unchanged.
    pub freshness: Sourced<Freshness>,
    /// What is done for unchanged sources with new modification times.
    pub restore: Sourced<Restore>,
    /// What is done with a unit of which nobody can tell whether it was built from what is there now.
    pub suspects: Sourced<Suspects>,
}

/// The section `[diagnose]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagnosePolicy {
    /// What is done when a build fails.
    pub on_failure: Sourced<OnFailure>,
    /// Whether a build that failed is started once more where the cache was repaired.
    pub retry: Sourced<bool>,
    /// More cleans than this in a week ask for the root cause.
    pub cleans_per_week: Sourced<u32>,
}

/// The section `[commands]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandsPolicy {
    /// Commands that are refused.
    pub deny: Vec<Sourced<Deny>>,
    /// Arguments that a command must be given.
    pub require: Vec<Sourced<Require>>,
}

/// An entry of `commands.deny`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Deny {
    /// The cargo command, one word.
    pub command: String,
    /// What whoever is refused is told.
    pub reason: Option<String>,
}

/// An entry of `commands.require`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Require {
    /// The cargo command, one word.
    pub command: String,
    /// At least one argument.
    pub args: Vec<String>,
    /// Where the rule holds.
    pub when: When,
    /// What whoever is refused is told.
    pub reason: Option<String>,
}

impl Policy {
    /// What holds where nobody says anything; every origin is [`crate::sourced::Origin::Default`].
    /// `doctor.toml.example` gives the reasons.
    #[must_use]
    pub fn defaults() -> Self {
        Self {
            meta: Meta { required: None, recommended: None, enforce: Sourced::default_of(Enforce::Deny) },
            toolchain: ToolchainPolicy {
                channel: None,
                r#override: Sourced::default_of(Ruling::Allow),
                install: Sourced::default_of(Install::Auto),
                update: Sourced::default_of(MaxAge::Never),
            },
            pins: PinsPolicy { ignore: Vec::new(), extra: Vec::new() },
            steps: StepsPolicy {
                build: Sourced::default_of(vec![StepName::EnsureToolchain, StepName::VerifyCache]),
                update: Sourced::default_of(vec![StepName::CargoUpdate, StepName::ScopedClean]),
                toolchain_change: Sourced::default_of(vec![
                    StepName::RustupUpdate,
                    StepName::SyncPins,
                    StepName::ScopedClean,
                ]),
            },
            clean: CleanPolicy {
                scope: Sourced::default_of(Scope::Stale),
                keep_toolchains: Sourced::default_of(0),
                allow_outside: Vec::new(),
                full: Sourced::default_of(FullClean::Allow),
                max_size: None,
                background: Sourced::default_of(true),
            },
            cache: CachePolicy {
                freshness: Sourced::default_of(Freshness::Content),
                restore: Sourced::default_of(Restore::Units),
                suspects: Sourced::default_of(Suspects::Rebuild),
            },
            diagnose: DiagnosePolicy {
                on_failure: Sourced::default_of(OnFailure::Scan),
                retry: Sourced::default_of(false),
                cleans_per_week: Sourced::default_of(1),
            },
            commands: CommandsPolicy { deny: Vec::new(), require: Vec::new() },
        }
    }
}
