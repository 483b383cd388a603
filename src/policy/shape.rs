//! The terms in which [`super::keys`] describes the schema: sections, keys, and what a key takes.

use super::words::StepName;

/// A table of `doctor.toml`.
pub(super) struct Section {
    /// What stands in its header.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Its keys, in the order in which they are documented.
    pub keys: &'static [&'static Key],
}

/// A key of a section.
pub(super) struct Key {
    /// The section that it stands in.
    pub section: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What holds without it, as TOML; `None` where that is nothing.
    pub default: Option<&'static str>,
    /// What a file that extends another may do to it.
    pub tighter: Tighter,
    /// Whether this version obeys it.
    pub effect: Effect,
    /// What it does.
    pub about: &'static str,
}

/// A key of a table within a list, or of `policy.xcargo`.
pub(super) struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may be left out.
    pub presence: Presence,
    /// What it does.
    pub about: &'static str,
}

/// Whether a field may be left out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// It may not.
    Required,
    /// It may; then nothing is set.
    Optional,
    /// It may; then this holds.
    Default(&'static str),
}

/// What a key takes.
pub(super) enum Kind {
    /// One of these words.
    Words(&'static [&'static str]),
    /// The name of a toolchain.
    Channel,
    /// `7d`, `12h`, `2w` or `never`.
    MaxAge,
    /// A whole number, not negative.
    Count,
    /// `20GiB`.
    Bytes,
    /// `true` or `false`.
    Boolean,
    /// A version requirement.
    VersionReq,
    /// The path of another policy file.
    PolicyPath,
    /// An absolute directory.
    Directory,
    /// A glob, relative to the workspace root.
    Glob,
    /// A regular expression with one capture group.
    Pattern,
    /// A sentence for people.
    Reason,
    /// A cargo command.
    Command,
    /// A command-line argument.
    Argument,
    /// Some of these steps, none twice.
    Steps(&'static [StepName]),
    /// Any number of these.
    List(&'static Kind),
    /// At least one of these.
    Filled(&'static Kind),
    /// A table with these keys.
    Table(&'static [Field]),
    /// A version requirement, or a table with these keys, of which it is the first.
    Versions(&'static [Field]),
}

/// What "tighter" means for a key: a file may make what it extends tighter, never looser.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tighter {
    /// The words are listed from loose to tight.
    Later,
    /// A shorter time is tighter; `never` is the loosest.
    Shorter,
    /// A smaller number is tighter.
    Smaller,
    /// Steps may be added; none may go, and their order stays.
    MoreSteps,
    /// Entries may go; none may be added once the base has the key.
    FewerEntries,
    /// Entries may be added; none goes.
    MoreEntries,
    /// Neither value is tighter: each file may change it.
    Free,
    /// It cannot be changed.
    Same,
    /// All requirements hold together.
    Together,
    /// It says which files are extended, so it is each file's own.
    Own,
}

/// Whether this version obeys a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It does.
    Now,
    /// It reads and checks it, no more.
    NotYet,
}

impl Key {
    /// `section.name`
    pub(super) fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }
}
