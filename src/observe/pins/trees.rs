//! Which toolchain file a place is for: the nearest at or above it, as rustup would look for it there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::read::Read;
use crate::pins::Kind;
use crate::pins::role::{Ground, Tree};
use crate::toolchain::precedence::{BARE, TOML};

/// The toolchain files of a repository.
pub(super) struct Trees<'a> {
    top: &'a Path,
    in_charge: Option<&'a Path>,
    /// By directory, of those that are not in charge: whether the file names the pin.
    others: HashMap<PathBuf, bool>,
}

impl<'a> Trees<'a> {
    pub(super) fn of(read: &[Read], in_charge: Option<&'a Path>, top: &'a Path, ground: &Ground) -> Self {
        let names_pin =
            |read: &Read| read.names().any(|named| ground.pins.iter().any(|pin| named.agrees_with(pin)));
        let main_dir = in_charge.and_then(Path::parent);
        let mut others = HashMap::new();
        // Without an extension it wins, so it comes last.
        for name in [TOML, BARE] {
            for read in read.iter().filter(|read| read.kind == Some(Kind::ToolchainFile)) {
                if let Some(dir) =
                    read.path.parent().filter(|dir| Some(*dir) != main_dir && read.path.ends_with(name))
                {
                    others.insert(dir.to_path_buf(), names_pin(read));
                }
            }
        }
        Self { top, in_charge, others }
    }

    /// The tree of a file.
    pub(super) fn tree(&self, path: &Path, kind: Option<Kind>) -> Tree {
        let main_dir = self.in_charge.and_then(Path::parent);
        if kind == Some(Kind::ToolchainFile) && self.in_charge != Some(path) {
            return if path.parent() == main_dir { Tree::Shadowed } else { Tree::Other };
        }
        let dirs = path.ancestors().skip(1).take_while(|dir| dir.starts_with(self.top));
        let mut known = dirs.filter(|dir| Some(*dir) == main_dir || self.others.contains_key(*dir));
        let Some(nearest) = known.next() else { return Tree::Own };
        // A package of the workspace is built by the workspace's compiler, wherever around it the package lies.
        let is_around =
            kind == Some(Kind::Manifest) && main_dir.is_some_and(|main| main.starts_with(nearest));
        match self.others.get(nearest) {
            Some(false) if !is_around => Tree::Other,
            _ => Tree::Own,
        }
    }
}
