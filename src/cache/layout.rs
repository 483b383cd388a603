//! One profile dir: its units in whichever layout they are, its incremental sessions.

mod one;
mod two;

use std::path::{Path, PathBuf};

use super::dep_info::{CargoHome, Said};
use super::disk::{self, Kind};
use super::fingerprint::is_id;
use super::incremental::{self, Incremental};
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
    pub(super) builds_std: bool,
}

/// Reads one profile dir; `None` where it is left alone as a whole.
pub(super) fn read(
    build_dir: &Path,
    place: &Place,
    home: &CargoHome,
    unknown: &mut Vec<Unknown>,
) -> Option<Contents> {
    let relative = place.relative();
    let mut reader = Reader { build_dir, relative: &relative, home, unknown };
    if let Some(why) = reader.why_not() {
        reader.leave(PathBuf::new(), why);
        return None;
    }
    let mut drafts = reader.layout_one();
    let ones = drafts.len();
    drafts.extend(reader.layout_two());
    let has_one = ones > 0 || reader.is_dir(".fingerprint");
    let layout = match (has_one, drafts.len() > ones) {
        (true, true) => Layout::Both,
        (true, false) => Layout::One,
        (false, true) => Layout::Two,
        (false, false) => Layout::Unknown,
    };
    if layout == Layout::Unknown && ["build", "deps"].iter().any(|part| reader.is_filled(part)) {
        reader.leave(PathBuf::new(), Why::Layout);
    }
    Some(Contents {
        layout,
        builds_std: drafts.iter().any(is_std),
        drafts,
        incremental: incremental::read(build_dir, &relative, unknown),
    })
}

/// Of the standard library itself: its sources are rust-src's. Where they are not told, the name is enough of a warning.
fn is_std(draft: &Draft) -> bool {
    draft.said.contains(&Said::Std)
        || matches!(draft.unit.package.as_str(), "core" | "std" | "compiler_builtins")
}

/// A profile dir while it is read.
struct Reader<'a> {
    build_dir: &'a Path,
    /// The profile dir in the build dir.
    relative: &'a Path,
    home: &'a CargoHome,
    unknown: &'a mut Vec<Unknown>,
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

    fn leave(&mut self, below: PathBuf, why: Why) {
        let dir = self.build_dir.join(self.relative);
        let path = if below.as_os_str().is_empty() { dir } else { dir.join(below) };
        self.unknown.push(Unknown { path, why });
    }

    fn why_not(&self) -> Option<Why> {
        PARTS.iter().find_map(|part| match disk::kind(&self.path(part)) {
            Ok(None | Some(Kind::Dir)) => None,
            Ok(Some(Kind::Link)) => Some(Why::Link),
            Ok(Some(Kind::File | Kind::Other)) => Some(Why::Form),
            Err(error) => Some(Why::Unreadable(error.kind())),
        })
    }

    /// The names in a part of the profile dir; what cannot be listed is said and left alone.
    fn list(&mut self, below: &Path) -> Vec<disk::Item> {
        match disk::list(&self.path(below)) {
            Ok(items) => items,
            Err(error) => {
                self.leave(below.to_path_buf(), Why::Unreadable(error.kind()));
                Vec::new()
            }
        }
    }
}

/// The id in a file name of `deps/` or `examples/`: `<crate>-<16 hex>`, with or without more after a dot.
///
/// The first that fits counts: the names of rustc's by-products (`x-<id>.long-type-<number>.txt`) may hold a second.
fn id_in(name: &str) -> Option<&str> {
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
