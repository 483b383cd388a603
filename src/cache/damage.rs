//! What in a cache is provably damaged.

use std::path::PathBuf;

use super::finals::UnitRef;

/// Something damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// The profile dir, relative.
    pub profile: PathBuf,
    /// What is damaged.
    pub what: Part,
    /// How.
    pub damage: Damage,
}

/// What may be damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A unit.
    Unit(UnitRef),
    /// An incremental session, by its path.
    Incremental(PathBuf),
    /// What cargo remembers of the compiler.
    RustcInfo,
}

/// How something is damaged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// It is empty.
    Empty,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("empty")
    }
}
