//! The directories and links on the way to a file. Where one of them was moved or led elsewhere, another file lies at the same path,
//! and its own times are as old as ever.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::cache::ledger::{Place, Roots, Where};
use crate::cache::stat::{Stat, Time};

/// When ways were changed, each looked up once.
pub(super) struct Ways<'a> {
    roots: Roots<'a>,
    known: HashMap<PathBuf, Time>,
}

const NEVER: Time = Time(i64::MIN);

/// What a system may need from setting one time of a directory to setting the other, in nanoseconds.
const TOGETHER: i64 = 20_000_000;

impl<'a> Ways<'a> {
    pub(super) fn new(roots: Roots<'a>) -> Self {
        Self { roots, known: HashMap::new() }
    }

    /// When something on the way to this file was last moved or led elsewhere, as far as that can be told. A workspace that moves
    /// with its build dir is the same as ever.
    pub(super) fn moved(&mut self, place: &Place) -> Time {
        let Roots { workspace, build_dir } = self.roots;
        let root = match place.base {
            Where::BuildDir => build_dir,
            Where::Workspace => {
                workspace.ancestors().find(|dir| build_dir.starts_with(dir)).unwrap_or(workspace)
            }
            Where::Absolute => Path::new("/"),
        };
        let path = self.roots.path(place);
        path.parent().map_or(NEVER, |dir| self.of(root, dir))
    }

    fn of(&mut self, root: &Path, dir: &Path) -> Time {
        if dir == root {
            return NEVER;
        }
        if let Some(known) = self.known.get(dir) {
            return *known;
        }
        let above = dir.parent().map_or(NEVER, |above| self.of(root, above));
        let moved = above.max(moved(dir));
        self.known.insert(dir.to_path_buf(), moved);
        moved
    }
}

/// A directory into which a file comes or from which one goes gets both times at once; one that is renamed gets the second alone. A
/// link gets its times when it is made.
fn moved(path: &Path) -> Time {
    let Some(stat) = Stat::of_file(path) else { return NEVER };
    let target =
        if path.is_symlink() { std::fs::metadata(path).ok().map(|meta| Stat::of(&meta)) } else { None };
    match target {
        Some(target) => stat.changed.max(renamed(&target)),
        None => renamed(&stat),
    }
}

fn renamed(dir: &Stat) -> Time {
    let is_alone = dir.changed.0.saturating_sub(dir.modified.0) > TOGETHER;
    if is_alone { dir.changed } else { NEVER }
}
