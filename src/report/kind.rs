//! The kinds of things in a target dir, and what they are called.

use crate::cache::{Fingerprint, Mode, Target};

/// What kind of thing an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Units of libraries, proc macros included: compiled, checked or linted.
    Library,
    /// Units of programs.
    Program,
    /// Units of tests, those within libraries and programs included.
    Test,
    /// Units of benchmarks.
    Bench,
    /// Units of examples.
    Example,
    /// Units of build scripts.
    BuildScript,
    /// What build scripts made.
    BuildOutput,
    /// Units of documentation: their fingerprints only.
    DocUnit,
    /// Units whose first build never ended.
    Unfinished,
    /// Rustc's incremental sessions.
    Incremental,
    /// Programs and libraries where people look for them.
    Final,
    /// Documentation as people read it.
    Docs,
    /// What `cargo package` made.
    Package,
    /// Other things that cargo makes: `tmp`, reports.
    Other,
    /// Files in profile dirs that are no unit's by name: locks, what programs wrote.
    Loose,
    /// Build dirs of other tools within this one.
    Nested,
    /// Cargo's and xcargo's own notes.
    Notes,
    /// What xcargo does not know, and leaves alone.
    Unknown,
}

impl Kind {
    /// All of them, in the order of a legend.
    pub const ALL: [Self; 18] = [
        Self::Library,
        Self::Program,
        Self::Test,
        Self::Bench,
        Self::Example,
        Self::BuildScript,
        Self::BuildOutput,
        Self::Incremental,
        Self::Final,
        Self::Docs,
        Self::DocUnit,
        Self::Package,
        Self::Other,
        Self::Loose,
        Self::Nested,
        Self::Unfinished,
        Self::Notes,
        Self::Unknown,
    ];

    /// The kind of a unit, by the first of its fingerprints.
    #[must_use]
    pub fn of(fingerprints: &[Fingerprint]) -> Self {
        let Some(print) = fingerprints.first() else { return Self::Unfinished };
        match (print.kind.mode, print.kind.target) {
            (Mode::Run, _) => Self::BuildOutput,
            (Mode::Doc, _) => Self::DocUnit,
            (_, Target::BuildScript) => Self::BuildScript,
            (_, Target::Bench) => Self::Bench,
            (Mode::Test, _) | (_, Target::IntegrationTest) => Self::Test,
            (_, Target::Example) => Self::Example,
            (_, Target::Bin) => Self::Program,
            (_, Target::Lib) => Self::Library,
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Library => "libraries",
            Self::Program => "programs",
            Self::Test => "tests",
            Self::Bench => "benchmarks",
            Self::Example => "examples",
            Self::BuildScript => "build scripts",
            Self::BuildOutput => "build script output",
            Self::DocUnit => "documentation units",
            Self::Unfinished => "unfinished",
            Self::Incremental => "incremental",
            Self::Final => "final artifacts",
            Self::Docs => "documentation",
            Self::Package => "packages",
            Self::Other => "other products",
            Self::Loose => "loose files",
            Self::Nested => "other tools' build dirs",
            Self::Notes => "notes",
            Self::Unknown => "left alone",
        }
    }

    /// What programs call it: in the JSON, and as a class in the page.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Program => "program",
            Self::Test => "test",
            Self::Bench => "bench",
            Self::Example => "example",
            Self::BuildScript => "build-script",
            Self::BuildOutput => "build-output",
            Self::DocUnit => "doc-unit",
            Self::Unfinished => "unfinished",
            Self::Incremental => "incremental",
            Self::Final => "final",
            Self::Docs => "docs",
            Self::Package => "package",
            Self::Other => "other",
            Self::Loose => "loose",
            Self::Nested => "nested",
            Self::Notes => "notes",
            Self::Unknown => "unknown",
        }
    }

    /// What the label does not say by itself.
    #[must_use]
    pub const fn remark(self) -> &'static str {
        match self {
            Self::Library => "proc macros included",
            Self::Test => "test harnesses of libraries and programs included",
            Self::DocUnit => "fingerprints only",
            Self::Unfinished => "the first build never ended",
            Self::Final => "most are a second name of a unit's file, and counted there",
            Self::Loose => "in profile dirs, but no unit's by name",
            Self::Notes => "cargo's and xcargo's own",
            Self::Unknown => "xcargo does not know it",
            _ => "",
        }
    }
}
