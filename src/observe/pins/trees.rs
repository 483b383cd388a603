//! Which toolchain file a place is for.

use std::path::{Path, PathBuf};

use super::read::Read;
use crate::pins::role::Ground;
use crate::pins::{Kind, Pin};

/// Trees below toolchain files of their own that name something else.
pub(super) struct Trees {
    dirs: Vec<PathBuf>,
}

impl Trees {
    pub(super) fn of(read: &[Read], main_dir: &Path, ground: &Ground) -> Self {
        let is_other = |read: &&Read| {
            read.kind == Some(Kind::ToolchainFile)
                && read.path.parent() != Some(main_dir)
                && !read.names().any(|named| ground.pins.iter().any(|pin| named.agrees_with(pin)))
        };
        let dirs = read.iter().filter(is_other).filter_map(|read| read.path.parent().map(Path::to_path_buf));
        // What lies around the workspace is no tree below it.
        Self { dirs: dirs.filter(|dir| !main_dir.starts_with(dir)).collect() }
    }

    /// Whether the pin is for such a tree. A CI's own files lie at the top, whatever tree they are for.
    pub(super) fn other(&self, path: &Path, _: &Pin) -> bool {
        self.dirs.iter().any(|dir| path.starts_with(dir))
    }
}
