//! Every place that names a Rust toolchain beside the toolchain file: one recogniser per kind of file, all pure.
//!
//! ```text
//! path ─► Kind ─► recogniser (text → Found: pins, jobs, remarks)      one file per kind
//!                      │
//!                      ├─ role      what each pin is for, and why
//!                      ├─ effective which compiler each CI job really runs
//!                      ├─ check     what disagrees, as findings
//!                      └─ edit      new names at exact spans, held against the old text
//! ```
//!
//! A recogniser says only what stands in the text: the exact bytes of a name, how such a name may be spelled there, and what
//! the place itself tells of its purpose. What follows from that for this repository is decided elsewhere, once for all kinds.

mod action;
mod azure;
mod bazel;
pub mod check;
mod ci;
mod circleci;
mod clippy;
mod compose;
mod devcontainer;
pub mod directives;
mod dockerfile;
pub mod edit;
pub mod effective;
pub mod extra;
mod gitlab;
pub mod image;
mod jenkinsfile;
pub mod kind;
mod manifest;
pub mod marks;
mod merge;
mod mise;
pub mod name;
pub mod nearest;
mod nix;
mod policy_file;
mod prototools;
mod readthedocs;
mod recognise;
pub mod role;
mod script;
pub mod shell;
pub mod survey;
#[cfg(test)]
mod testing;
mod toml;
mod tool_versions;
mod toolchain_file;
mod travis;
mod variable;
mod woodpecker;
mod workflow;
pub mod yaml;

use std::ops::Range;
use std::path::PathBuf;

pub use kind::Kind;
pub use name::Spelling;
pub use recognise::recognise;
pub use role::{Role, Why};

/// A place that names a toolchain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The bytes that name it and that an edit replaces: no quotes, no variant of an image tag, no prefix.
    pub span: Range<usize>,
    /// What stands there.
    pub text: String,
    /// Where that is, as people would name it: `jobs.test.steps[2].with.toolchain`, `FROM in stage build`.
    pub place: String,
    /// How a name may be spelled there.
    pub spelling: Spelling,
    /// What the place is by its nature.
    pub nature: Nature,
    /// Whether words around it call it the oldest supported release: the word itself.
    pub marked_msrv: Option<String>,
    /// What a comment of the user's says: `# xcargo: ignore`, `# xcargo: role=msrv`.
    pub told: Option<marks::Told>,
    /// What the policy says that it is for, where a pattern of `[pins] extra` found it.
    pub by_policy: Option<Role>,
    /// Why an edit of the text alone would be wrong.
    pub frozen: Option<Frozen>,
}

impl Pin {
    /// The pin at these bytes of the text; nothing is known of it but where it stands.
    #[must_use]
    pub fn at(
        text: &str,
        span: Range<usize>,
        place: impl Into<String>,
        spelling: Spelling,
        nature: Nature,
    ) -> Self {
        let found = text.get(span.clone()).unwrap_or_default().to_owned();
        let place = place.into();
        Self {
            span,
            text: found,
            place,
            spelling,
            nature,
            marked_msrv: None,
            told: None,
            by_policy: None,
            frozen: None,
        }
    }

    /// With the texts that stand around it: keys, names of jobs and steps. Comments are found without help.
    #[must_use]
    pub fn around<'a>(mut self, texts: impl IntoIterator<Item = &'a str>) -> Self {
        self.marked_msrv = marks::msrv_word(texts);
        self
    }

    /// With a reason why it cannot be replaced by itself.
    #[must_use]
    pub fn frozen(mut self, why: Option<Frozen>) -> Self {
        self.frozen = why;
        self
    }
}

/// What a place is by its nature, whatever it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A toolchain file: rustup itself reads it.
    ToolchainFile,
    /// `toolchain.channel` of the repository's policy.
    Policy,
    /// Sets up the one compiler of an environment: a Dockerfile, a devcontainer, `.tool-versions`.
    Environment,
    /// The one toolchain of a CI job.
    Job,
    /// One of several in a list or a matrix.
    Row,
    /// One command with a toolchain of its own: `cargo +nightly fmt`.
    Command,
    /// Names the oldest supported release by definition: `rust-version`, `msrv`.
    Msrv,
}

/// Why a name cannot be replaced by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frozen {
    /// An image's `@sha256:…` decides; the tag beside it is decoration.
    Digest,
    /// A commit's hash decides; the name stands in a comment or an input beside it.
    Commit,
    /// A hash of what is fetched stands beside it (Nix, Bazel) and would be wrong.
    Checksum,
    /// It is written with escapes, folded over lines, or put together from parts.
    Spelled,
    /// The place takes no other name: `rustlang/rust:nightly`.
    Fixed,
}

/// Something about a file that is worth knowing and is no pin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The bytes in question.
    pub span: Range<usize>,
    /// What it is.
    pub what: What,
}

/// What a [`Remark`] is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A number that YAML reads as another one: `1.90` is `1.9`.
    YamlFloat {
        /// As it is written.
        written: String,
        /// As YAML 1.2 and the CI's own reader take it.
        read: String,
    },
    /// `dtolnay/rust-toolchain@1.85.0` with an input `toolchain`, which version refs do not have.
    RefWithInput {
        /// The ref.
        reference: String,
    },
    /// An expression that cannot be followed to a value in the same file.
    Unfollowed {
        /// As it is written.
        expression: String,
    },
    /// A condition compares a value of a matrix with this, and does not move along with it.
    Compared {
        /// That.
        value: String,
    },
    /// A comment for xcargo without effect.
    Directive {
        /// As it is written.
        written: String,
        /// It is understood, but there is no toolchain where it stands.
        is_void: bool,
    },
    /// A pattern of `[pins] extra` captured what is no toolchain's name.
    NoVersion {
        /// That.
        captured: String,
    },
}

/// What a recogniser found in one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The pins, in the order in which they stand.
    pub pins: Vec<Pin>,
    /// What else there is to say.
    pub remarks: Vec<Remark>,
    /// Where there would be more to say, had not a comment forbidden it.
    pub silenced: Vec<Range<usize>>,
    /// For a workflow: its jobs, with everything that chooses a compiler for them.
    pub jobs: Vec<Job>,
}

/// A CI job, and what chooses its compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its key in the workflow.
    pub id: String,
    /// The bytes of its key.
    pub span: Range<usize>,
    /// Every choice, in the order in which the steps make it; for a matrix, each of its values is one choice.
    pub choices: Vec<Choice>,
    /// A script of its own removes or rewrites a toolchain file, or it checks out another repository: what the toolchain file
    /// here says does not hold there.
    pub has_other_file: bool,
    /// Where its commands run, each directory once: rustup looks for a toolchain file from there.
    pub directories: Vec<Directory>,
}

/// Where a command of a job runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Directory {
    /// Relative to the repository's root; nothing for the root itself.
    At(PathBuf),
    /// An expression names it, or it lies outside the repository.
    Unknown,
}

/// Something in a job that chooses a compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// How.
    pub by: By,
    /// The name, as it is written where the value stands.
    pub name: String,
    /// The bytes of that name.
    pub span: Range<usize>,
    /// The values of one matrix variable are alternatives of each other: each is a run of its own.
    pub is_row: bool,
}

/// How a compiler is chosen, from weak to strong as rustup ranks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// It is only installed: it is the default where there is no other, and a toolchain file outranks it.
    Installed,
    /// The image in which the job runs: the toolchain that is its default.
    Container,
    /// `rustup default`, or an action that does no more than that. A toolchain file outranks it.
    Default,
    /// `rustup override set`, or an action that does that. It outranks a toolchain file.
    Override,
    /// `RUSTUP_TOOLCHAIN` of the whole job, or of the workflow.
    Variable,
    /// `cargo +name`, or `RUSTUP_TOOLCHAIN` of one command or step: for that alone.
    Plus,
}

/// Why a file could not be read as what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Where, in bytes; `None` where nobody can say.
    pub span: Option<Range<usize>>,
    /// Why.
    pub why: String,
}
