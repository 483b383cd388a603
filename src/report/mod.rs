//! What is in a target dir and a build dir, as people look at it: pure data, and its renderings as text, JSON and HTML.
//!
//! ```text
//! Cache, Finals, Usage, Compilers ─► build ─► Report ─┬─► text   (a terminal, a pipe)
//!                                                     ├─► json   (programs)
//!                                                     └─► html   (a browser)
//! ```
//!
//! Each file belongs to exactly one [`Item`]. So every breakdown adds up to the same total, which is what `du` says of
//! files when it counts those with several names once.

pub mod build;
pub mod doctor;
pub mod html;
pub mod json;
mod kind;
pub mod pins;
pub mod text;
mod when;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use kind::Kind;

use crate::cache::{Size, Source, Unknown};
use crate::observe::compilers::Standing;

/// What is where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The workspace's root, where there is one.
    pub workspace: Option<PathBuf>,
    /// Where final artifacts go.
    pub target_dir: PathBuf,
    /// Where intermediate artifacts go: often the same.
    pub build_dir: PathBuf,
    /// All compilers that built something here.
    pub toolchains: Vec<Toolchain>,
    /// Everything, each file in one of them: the largest first.
    pub items: Vec<Item>,
    /// What is left alone, and why.
    pub unknown: Vec<Unknown>,
    /// Directories that could not be read, and why: nothing in them is counted.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// A compiler that built something here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    /// What a row calls it: `1.95.0`, or `unknown compiler 0123456789abcdef`. No two have the same.
    pub label: String,
    /// The names under which it is or was installed.
    pub names: Vec<String>,
    /// How it is known. `None`: it is not.
    pub standing: Option<Standing>,
    /// The hashes by which units name it.
    pub hashes: Vec<u64>,
}

/// Who built an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuiltBy {
    /// No compiler in particular.
    Nobody,
    /// No build that ended says who.
    Unfinished,
    /// One of [`Report::toolchains`].
    One(usize),
    /// Several of them share the place.
    Several(Vec<usize>),
}

/// One of the two dirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dir {
    /// The build dir, also where it is the target dir as well.
    Build,
    /// The target dir, where it is another.
    Target,
}

/// What belongs together: a unit, an incremental session, a program, a package's documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What kind of thing.
    pub kind: Kind,
    /// The package's name, where one has made it.
    pub package: Option<String>,
    /// Where that came from.
    pub source: Option<Source>,
    /// The target's, crate's or file's name.
    pub name: String,
    /// A unit's 16 hex digits.
    pub id: Option<String>,
    /// A unit's features.
    pub features: Vec<String>,
    /// The profile's directory name.
    pub profile: Option<String>,
    /// The target triple; none for the host.
    pub triple: Option<String>,
    /// Who built it.
    pub built_by: BuiltBy,
    /// When it was last built, in seconds since 1970.
    pub built: Option<i64>,
    /// In which of the dirs it is.
    pub dir: Dir,
    /// Where it is, relative to that.
    pub path: PathBuf,
    /// Why it is left alone, where it is.
    pub why: Option<String>,
    /// How much it is. A file with several names has its bytes in one item and is a file in all.
    pub size: Size,
}

/// By what a sum is broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The compiler.
    Toolchain,
    /// Profile and triple.
    Profile,
    /// Package and version.
    Package,
    /// [`Kind`].
    Kind,
}

impl By {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Toolchain, Self::Profile, Self::Package, Self::Kind];

    /// As the command line and the JSON call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Toolchain => "toolchain",
            Self::Profile => "profile",
            Self::Package => "package",
            Self::Kind => "kind",
        }
    }
}

/// One row of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub label: String,
    /// What else is known of it, or nothing.
    pub remark: String,
    /// The sum.
    pub size: Size,
}

impl Report {
    /// The sum of everything.
    #[must_use]
    pub fn total(&self) -> Size {
        self.items.iter().fold(Size::default(), |sum, item| sum + item.size)
    }

    /// The rows of a breakdown: the largest first, then by name. Their sum is the total.
    #[must_use]
    pub fn rows(&self, by: By) -> Vec<Row> {
        let mut sums: BTreeMap<(String, String), Size> = BTreeMap::new();
        for item in &self.items {
            *sums.entry(self.label(by, item)).or_default() += item.size;
        }
        let mut rows: Vec<Row> =
            sums.into_iter().map(|((label, remark), size)| Row { label, remark, size }).collect();
        rows.sort_by_key(|row| Reverse((row.size.bytes, row.size.files)));
        rows
    }

    /// What a row of this breakdown calls the item's group, and what else is known of that.
    #[must_use]
    pub fn label(&self, by: By, item: &Item) -> (String, String) {
        match by {
            By::Toolchain => self.toolchain(item),
            By::Profile => (profile(item), String::new()),
            By::Package => (package(item), String::new()),
            By::Kind => (item.kind.label().to_owned(), item.kind.remark().to_owned()),
        }
    }

    fn toolchain(&self, item: &Item) -> (String, String) {
        match &item.built_by {
            BuiltBy::Nobody => ("not one compiler's".to_owned(), String::new()),
            BuiltBy::Unfinished => ("not known".to_owned(), "no build that ended says it".to_owned()),
            BuiltBy::Several(_) => ("several".to_owned(), "they share files".to_owned()),
            BuiltBy::One(at) => {
                let toolchain = &self.toolchains[*at];
                (toolchain.label.clone(), toolchain.remark())
            }
        }
    }

    /// The dir that an item is in.
    #[must_use]
    pub fn dir(&self, dir: Dir) -> &Path {
        match dir {
            Dir::Build => &self.build_dir,
            Dir::Target => &self.target_dir,
        }
    }
}

impl Toolchain {
    fn remark(&self) -> String {
        let names = self.names.join(", ");
        match self.standing {
            Some(Standing::Pinned) => "pinned".to_owned(),
            Some(Standing::PinnedBefore) => "pinned before".to_owned(),
            Some(Standing::PinnedElsewhere) => "pinned by another workspace".to_owned(),
            Some(Standing::Installed) => format!("installed: {names}"),
            None => "neither remembered nor installed".to_owned(),
        }
    }
}

/// `debug`, `release for wasm32-wasip1`.
fn profile(item: &Item) -> String {
    match (&item.profile, &item.triple) {
        (Some(profile), Some(triple)) => format!("{profile} for {triple}"),
        (Some(profile), None) => profile.clone(),
        (None, Some(triple)) => format!("no profile, for {triple}"),
        (None, None) => "no profile".to_owned(),
    }
}

/// `serde 1.0.219`, `gitdep 1a2b3c4`, `app`.
fn package(item: &Item) -> String {
    let Some(name) = &item.package else { return "not one package's".to_owned() };
    match version(item) {
        Some(version) => format!("{name} {version}"),
        None => name.clone(),
    }
}

/// The version, or the beginning of the commit.
fn version(item: &Item) -> Option<String> {
    match item.source.as_ref()? {
        Source::Registry { version } => Some(version.clone()),
        Source::Git { rev } => Some(rev.chars().take(7).collect()),
        Source::Path | Source::Unknown(_) => None,
    }
}

#[cfg(test)]
mod tests;
