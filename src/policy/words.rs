//! The values of `doctor.toml` that are one of a few words, each with its spelling.

use std::fmt;

/// A value that is one of a few words.
pub trait Word: Copy + Eq + fmt::Debug + fmt::Display + 'static {
    /// Every value, in the order in which the documentation lists them.
    const ALL: &'static [Self];
    /// The spelling of each, in the same order.
    const WORDS: &'static [&'static str];

    /// The value with this spelling.
    fn of(word: &str) -> Option<Self> {
        let at = Self::WORDS.iter().position(|known| *known == word)?;
        Self::ALL.get(at).copied()
    }
}

/// Declares an enum together with its spellings, so that neither can be changed without the other.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$about])* $variant,)+ }

        impl Word for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            const WORDS: &'static [&'static str] = &[$($word,)+];
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $word,)+ })
            }
        }
    )+};
}

words! {
    /// What a violation does. From loose to tight.
    Enforce {
        /// It is said, and the command goes on.
        Warn = "warn",
        /// The command stops.
        Deny = "deny",
    }

    /// What happens when somebody asks for another toolchain. From loose to tight.
    Ruling {
        /// Nothing.
        Allow = "allow",
        /// It is said, and the command goes on.
        Warn = "warn",
        /// The command stops.
        Deny = "deny",
    }

    /// What happens when the pinned toolchain is missing. From loose to tight.
    Install {
        /// It is installed.
        Auto = "auto",
        /// It is installed if the person at the terminal says so; refused where there is no terminal.
        Ask = "ask",
        /// The command stops.
        Deny = "deny",
    }

    /// A coordinated step.
    StepName {
        /// The pinned toolchain is installed, with its components and targets.
        EnsureToolchain = "ensure-toolchain",
        /// A moving channel is brought up to date.
        RustupUpdate = "rustup-update",
        /// The lock file is brought up to date.
        CargoUpdate = "cargo-update",
        /// Every place that names the toolchain names the pinned one.
        SyncPins = "sync-pins",
        /// What the new state can never use is removed.
        ScopedClean = "scoped-clean",
        /// The build cache is held against what it was built from.
        VerifyCache = "verify-cache",
        /// The workspace is built, after `xcargo toolchain set` has changed the toolchain.
        Build = "build",
    }

    /// What `scoped-clean` removes. From loose to tight: the more is removed, the less of the old can survive.
    Scope {
        /// What the new state can never use.
        Stale = "stale",
        /// What was built of the workspace's own members as well.
        Workspace = "workspace",
        /// Everything.
        All = "all",
    }

    /// What a clean of everything does. From loose to tight.
    FullClean {
        /// It is done.
        Allow = "allow",
        /// It is done if the person at the terminal (or `--yes`) says so; refused where there is no terminal.
        Ask = "ask",
        /// The command stops.
        Deny = "deny",
    }

    /// What counts as proof that sources are unchanged. From loose to tight.
    Freshness {
        /// Their modification times: cargo's own word.
        Mtime = "mtime",
        /// Their content.
        Content = "content",
    }

    /// What is done for unchanged sources with new modification times. From loose to tight: the first changes
    /// what every other unit sees, the last changes nothing at all.
    Restore {
        /// The sources get their old modification times back.
        Mtimes = "mtimes",
        /// The units built from them are marked fresh.
        Units = "units",
        /// Nothing; cargo rebuilds.
        Off = "off",
    }

    /// What is done with a unit of which nobody can tell whether it was built from what is there now. From loose to tight.
    Suspects {
        /// It is taken for what cargo takes it for.
        Trust = "trust",
        /// It is built again.
        Rebuild = "rebuild",
    }

    /// What is done when a build fails. From loose to tight.
    OnFailure {
        /// Nothing.
        Off = "off",
        /// The cache is looked at for damage.
        Scan = "scan",
        /// It is proven whether the cache or the code is at fault.
        Verdict = "verdict",
    }

    /// What a version written somewhere is for.
    Role {
        /// It is the pinned toolchain, and follows it.
        Dev = "dev",
        /// It is the oldest supported release: it stays, and may not be newer than the pin.
        Msrv = "msrv",
        /// It is another one on purpose, and stays.
        Deliberate = "deliberate",
    }

    /// Where a rule holds.
    When {
        /// Everywhere.
        Always = "always",
        /// In CI jobs only.
        Ci = "ci",
        /// Everywhere but in CI jobs.
        Local = "local",
    }
}

impl StepName {
    /// The steps that may run when the toolchain changed.
    pub const ON_CHANGE: &'static [Self] = &[
        Self::EnsureToolchain,
        Self::RustupUpdate,
        Self::SyncPins,
        Self::ScopedClean,
        Self::VerifyCache,
        Self::Build,
    ];

    /// The steps that may run when the lock file moves.
    pub const ON_UPDATE: &'static [Self] = &[
        Self::EnsureToolchain,
        Self::RustupUpdate,
        Self::CargoUpdate,
        Self::SyncPins,
        Self::ScopedClean,
        Self::VerifyCache,
    ];

    /// The steps that may run before a build, and when the toolchain changed: all but `cargo-update`, with which
    /// no two builds would have the same lock file.
    pub const WITHOUT_LOCK: &'static [Self] =
        &[Self::EnsureToolchain, Self::RustupUpdate, Self::SyncPins, Self::ScopedClean, Self::VerifyCache];
}

#[cfg(test)]
mod tests {
    use super::{StepName, Word};

    /// If the two lists drifted apart, a policy would be read as another one than was written.
    #[test]
    fn a_word_reads_back_as_the_value_that_it_spells() {
        for step in StepName::ALL {
            assert_eq!(StepName::of(&step.to_string()), Some(*step));
        }
    }
}
