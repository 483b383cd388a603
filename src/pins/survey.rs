//! What a whole repository says of its toolchain: every file that names one, read, and each name judged. Plain data.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::extra::Pattern;
use super::role::{Ground, Judged};
use super::{Job, Kind, Pin, Remark, Role, Why};
use crate::sourced::Sourced;
use crate::toolchain::Channel;
use crate::toolchain::precedence::{BARE, TOML};

/// What a repository says.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// The repository's root.
    pub root: PathBuf,
    /// What it is pinned to, by its toolchain file or its policy.
    pub pin: Option<Sourced<Channel>>,
    /// What the roles were judged by.
    pub ground: Ground,
    /// The files that may name a toolchain, by their paths.
    pub files: Vec<FileOfPins>,
    /// The files that could not be read as what their names say.
    pub unreadable: Vec<UnreadableFile>,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub struct FileOfPins {
    /// Relative to the root.
    pub path: PathBuf,
    /// What kind of file it is; `None`: nothing but the policy's `pins.extra` says that it names anything.
    pub kind: Option<Kind>,
    /// Its whole text.
    pub text: Arc<str>,
    /// The names in it, in the order in which they stand.
    pub pins: Vec<Placed>,
    /// What else there is to say.
    pub remarks: Vec<Remark>,
    /// For a workflow: its jobs.
    pub jobs: Vec<Job>,
    /// The patterns of the policy by which more than the kind's own pins are found.
    pub patterns: Vec<Pattern>,
    /// Why the policy leaves the file alone, where it does.
    pub ignored: Option<String>,
}

/// A pin, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The pin.
    pub pin: Pin,
    /// What it is for, and why that is believed.
    pub judged: Judged,
}

/// A file that could not be read.
#[derive(Debug, Clone)]
pub struct UnreadableFile {
    /// Relative to the root.
    pub path: PathBuf,
    /// Why.
    pub why: String,
    /// Where, in bytes of the text; `None` where nobody can say.
    pub span: Option<Range<usize>>,
    /// Its text, where at least that could be had.
    pub text: Option<Arc<str>>,
}

/// Whether a place says what the pin says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Agreement {
    /// It should, and does; for the oldest supported release: it is not newer than the pin.
    Agrees,
    /// It should, and does not.
    Differs,
    /// It need not.
    Unrelated,
}

impl Survey {
    /// What the repository is pinned to.
    #[must_use]
    pub fn channel(&self) -> Option<&Channel> {
        self.pin.as_ref().map(|pin| &pin.value)
    }

    /// Whether the place says what the pin says.
    #[must_use]
    pub fn agreement(&self, placed: &Placed) -> Agreement {
        placed.agreement(self.channel())
    }
}

impl FileOfPins {
    /// The pins that are anybody's business.
    pub fn judged(&self) -> impl Iterator<Item = &Placed> {
        let all = if self.ignored.is_none() { self.pins.as_slice() } else { &[] };
        all.iter().filter(|placed| placed.role() != Role::Ignored)
    }

    /// The file that this one is beaten by: rustup reads `rust-toolchain` where `rust-toolchain.toml` lies beside it.
    #[must_use]
    pub fn shadowed_by(&self) -> Option<PathBuf> {
        self.path.ends_with(TOML).then(|| self.path.with_file_name(BARE))
    }
}

impl Placed {
    /// What the pin is for.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.judged.role()
    }

    /// Why that is believed.
    #[must_use]
    pub const fn why(&self) -> &Why {
        self.judged.why()
    }

    /// Whether it says what `pin` says.
    #[must_use]
    pub fn agreement(&self, pin: Option<&Channel>) -> Agreement {
        let Some(channel) = pin else { return Agreement::Unrelated };
        if *self.why() == Why::OtherTree {
            return Agreement::Unrelated;
        }
        let named = self.pin.named();
        match self.role() {
            Role::Dev if named.as_ref().is_some_and(|named| named.agrees_with(channel)) => Agreement::Agrees,
            Role::Dev if self.pin.text == channel.as_str() => Agreement::Agrees,
            Role::Dev => Agreement::Differs,
            Role::Msrv if named.as_ref().is_some_and(|named| named.is_newer_than(channel)) => {
                Agreement::Differs
            }
            Role::Msrv => Agreement::Agrees,
            Role::Deliberate | Role::Undecided | Role::Ignored => Agreement::Unrelated,
        }
    }
}

/// A path as messages and reports show it: with `/` on every system.
#[must_use]
pub fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
