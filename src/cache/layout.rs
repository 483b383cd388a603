//! One profile dir: its units in whichever layout they are, its incremental sessions.

mod one;
mod two;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::disk::{self, Dir, Kind};
use super::fingerprint::is_id;
use super::incremental::{self, Incremental};
use super::parallel;
use super::profiles::Place;
use super::source::Draft;
use super::{Layout, Unknown, Why};

/// The directories that cargo makes in a profile dir and that may not be links.
const PARTS: &[&str] = &[".fingerprint", "build", "deps", "examples", "incremental"];

/// What is in a profile dir.
pub(super) struct Contents {
    pub(super) layout: Layout,
    pub(super) drafts: Vec<Draft>,
    pub(super) incremental: Vec<Incremental>,
}

/// Reads one profile dir; `None` where it is left alone as a whole.
pub(super) fn read(build_dir: &Path, place: &Place, unknown: &mut Vec<Unknown>) -> Option<Contents> {
    let relative = place.relative();
    let reader = Reader { build_dir, relative: &relative };
    if let Some(why) = reader.why_not() {
        unknown.push(reader.left(PathBuf::new(), why));
        return None;
    }
    let builds = reader.builds(unknown);
    let mut drafts = Vec::new();
    let mut take = |found: Vec<Found>| {
        for found in found {
            match found {
                Found::Unit(draft) => drafts.push(*draft),
                Found::Left(left) => unknown.push(left),
                Found::Gone => {}
            }
        }
        drafts.len()
    };
    let ones = take(reader.layout_one(&builds));
    let all = take(reader.layout_two(&builds));
    let has_one = ones > 0 || reader.is_dir(".fingerprint");
    let layout = match (has_one, all > ones) {
        (true, true) => Layout::Both,
        (true, false) => Layout::One,
        (false, true) => Layout::Two,
        (false, false) => Layout::Unknown,
    };
    if layout == Layout::Unknown && ["build", "deps"].iter().any(|part| reader.is_filled(part)) {
        unknown.push(reader.left(PathBuf::new(), Why::Layout));
    }
    Some(Contents { layout, drafts, incremental: incremental::read(build_dir, &relative, unknown) })
}

/// What became of something that may be a unit.
enum Found {
    Unit(Box<Draft>),
    Left(Unknown),
    /// Removed while it was read.
    Gone,
}

impl Found {
    /// `None`: it is gone.
    fn of(unit: Result<Option<Draft>, Why>, left: impl FnOnce(Why) -> Unknown) -> Self {
        match unit {
            Ok(Some(draft)) => Self::Unit(Box::new(draft)),
            Ok(None) => Self::Gone,
            Err(why) => Self::Left(left(why)),
        }
    }
}

/// The directories in `build/`, listed once: scripts and their runs in layout 1, packages in layout 2.
type Builds = BTreeMap<OsString, (Kind, Vec<disk::Item>)>;

/// A profile dir while it is read.
struct Reader<'a> {
    build_dir: &'a Path,
    /// The profile dir in the build dir.
    relative: &'a Path,
}

impl Reader<'_> {
    /// Something in the profile dir, as an entry names it.
    fn entry_path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.relative.join(below)
    }

    fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.build_dir.join(self.relative).join(below)
    }

    fn is_dir(&self, part: &str) -> bool {
        matches!(disk::kind(&self.path(part)), Ok(Some(Kind::Dir)))
    }

    fn is_filled(&self, part: &str) -> bool {
        disk::list(&self.path(part)).is_ok_and(|items| !items.is_empty())
    }

    fn left(&self, below: PathBuf, why: Why) -> Unknown {
        let dir = self.build_dir.join(self.relative);
        Unknown { path: if below.as_os_str().is_empty() { dir } else { dir.join(below) }, why }
    }

    fn why_not(&self) -> Option<Why> {
        PARTS.iter().find_map(|part| match disk::kind(&self.path(part)) {
            Ok(None | Some(Kind::Dir)) => None,
            Ok(Some(Kind::Link)) => Some(Why::Link),
            Ok(Some(Kind::File | Kind::Other)) => Some(Why::Form),
            Err(error) => Some(Why::Unreadable(error.kind())),
        })
    }

    /// A directory of the profile dir; `None` where it is gone.
    fn open(&self, below: &Path) -> Result<Option<Dir>, Why> {
        let path = self.path(below);
        Dir::open(&path).map_err(|error| match disk::kind(&path) {
            Ok(Some(Kind::Link)) => Why::Link,
            Ok(Some(Kind::File | Kind::Other)) => Why::Form,
            _ => Why::Unreadable(error.kind()),
        })
    }

    /// The names in a part of the profile dir; what cannot be listed is said and left alone.
    fn list(&self, below: &Path, unknown: &mut Vec<Unknown>) -> Vec<disk::Item> {
        disk::list(&self.path(below)).unwrap_or_else(|error| {
            unknown.push(self.left(below.to_path_buf(), Why::Unreadable(error.kind())));
            Vec::new()
        })
    }

    fn builds(&self, unknown: &mut Vec<Unknown>) -> Builds {
        let items = self.list(Path::new("build"), unknown);
        let listed = parallel::map(items, |item| {
            let mut left = Vec::new();
            let names = match item.kind {
                Kind::Dir => self.list(&Path::new("build").join(&item.name), &mut left),
                Kind::Link | Kind::File | Kind::Other => Vec::new(),
            };
            (item.name, (item.kind, names), left)
        });
        let listed = listed.into_iter().map(|(name, build, left)| {
            unknown.extend(left);
            (name, build)
        });
        listed.collect()
    }

    /// The `.d` files among these names in a directory of rustc's outputs.
    fn dep_infos(&self, below: &Path, items: &[disk::Item]) -> Vec<PathBuf> {
        let is_dep_info =
            |item: &&disk::Item| Path::new(&item.name).extension().is_some_and(|extension| extension == "d");
        let dep_infos = items.iter().filter(|item| item.kind == Kind::File).filter(is_dep_info);
        dep_infos.map(|item| self.path(below).join(&item.name)).collect()
    }
}

/// The id in a file name of `deps/` or `examples/`: `<crate>-<16 hex>`, with or without more after a dot.
///
/// The first that fits counts: the names of rustc's by-products (`x-<id>.long-type-<number>.txt`) may hold a second.
pub(super) fn id_in(name: &str) -> Option<&str> {
    name.match_indices('-').map(|(at, _)| at + 1).find_map(|start| {
        let id = name.get(start..start + 16).filter(|id| is_id(id))?;
        matches!(name.as_bytes().get(start + 16), None | Some(b'.')).then_some(id)
    })
}

#[cfg(test)]
mod tests {
    use super::id_in;

    #[test]
    fn ids_are_found_where_cargo_puts_them() {
        for (name, expect) in [
            ("libapp-701d470a45a4ad6b.rlib", Some("701d470a45a4ad6b")),
            ("app-701d470a45a4ad6b", Some("701d470a45a4ad6b")),
            ("a.b-c-701d470a45a4ad6b.d", Some("701d470a45a4ad6b")),
            ("app-701d470a45a4ad6b.app.1fa-cgu.0.rcgu.o", Some("701d470a45a4ad6b")),
            ("app-701d470a45a4ad6b.long-type-1234567812345678.txt", Some("701d470a45a4ad6b")),
            ("app-701d470a45a4ad6bf", None),
            ("app-701d470a45a4ad6", None),
            ("app-701D470A45A4AD6B", None),
            ("app_701d470a45a4ad6b.d", None),
            ("libcdy.so", None),
            ("ä-ö-é", None),
        ] {
            assert_eq!(id_in(name), expect, "{name}");
        }
    }
}
