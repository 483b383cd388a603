//! What cargo leaves in the target dir for people: uplifted programs and libraries, documentation, packages.

use std::path::PathBuf;

use super::{Entry, Unknown};

/// What is in a target dir beside units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Finals {
    /// As it was given.
    pub dir: PathBuf,
    /// Programs and libraries in profile dirs, with who made them.
    pub uplifted: Vec<Uplifted>,
    /// Documentation.
    pub docs: Vec<Product>,
    /// What `cargo package` leaves.
    pub packages: Vec<Product>,
    /// Reports and scratch space.
    pub others: Vec<Product>,
    /// Other files in profile dirs: nobody's by name.
    pub loose: Vec<Product>,
    /// Other top-level names.
    pub unknown: Vec<Unknown>,
}

/// Something that belongs to no unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The triple below whose directory it lies.
    pub triple: Option<String>,
    /// Relative to [`Finals::dir`].
    pub entry: Entry,
}

/// A final artifact of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uplifted {
    /// The profile dir, relative.
    pub profile: PathBuf,
    /// Relative to [`Finals::dir`].
    pub entry: Entry,
    /// Whose it is.
    pub owners: Vec<UnitRef>,
    /// How that is known.
    pub by: By,
}

/// How it is known whose an uplifted file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// It is the very file of the unit's output.
    SameFile,
    /// Only these could have made a file of this name.
    Name,
}

/// A unit, named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitRef {
    /// The package's name.
    pub package: String,
    /// 16 hex digits.
    pub id: String,
}
