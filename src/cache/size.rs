//! How much there is, counted the same way before a removal (the plan) and during it (the report).

use std::collections::HashMap;
use std::fs::Metadata;
use std::ops::{Add, AddAssign};
use std::path::Path;

use super::disk;
use super::entry::Entry;

/// A number of files with what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Size {
    /// Everything that is not a directory; links count as files without content.
    pub files: u64,
    /// The apparent bytes of regular files, not the blocks that they take on the disk.
    pub bytes: u64,
}

impl Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { files: self.files + other.files, bytes: self.bytes + other.bytes }
    }
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// Which file it is, where the system says so cheaply (Unix).
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// Device and inode.
    pub file: (u64, u64),
    /// The number of its names.
    pub links: u64,
}

/// A running count of what a removal frees: the bytes of a file with several names (hard links) count with the last of
/// them, and not at all where a name stays elsewhere.
///
/// Cargo names many artifacts twice: `build-script-build`, uplifted programs, metadata shared with `incremental`.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many names of a file were counted so far.
    names: HashMap<(u64, u64), u64>,
}

impl Tally {
    /// Counts one name of a regular file of this many bytes.
    pub fn file(&mut self, bytes: u64, identity: Option<Identity>) -> Size {
        let frees = match identity {
            // The only name, or the last after the others were removed.
            None | Some(Identity { links: 0 | 1, .. }) => true,
            Some(Identity { file, links }) => {
                let names = self.names.entry(file).or_insert(0);
                *names += 1;
                *names == links
            }
        };
        Size { files: 1, bytes: if frees { bytes } else { 0 } }
    }

    /// Counts all that is in an entry. What cannot be read (or is gone) counts as nothing.
    pub fn entry(&mut self, build_dir: &Path, entry: &Entry) -> Size {
        match entry {
            Entry::EmptyDir(_) => Size::default(),
            Entry::File(path) | Entry::Tree(path) => self.path(&build_dir.join(path)),
        }
    }

    fn path(&mut self, path: &Path) -> Size {
        let Ok(meta) = path.symlink_metadata() else { return Size::default() };
        if !meta.is_dir() {
            return if meta.is_file() {
                self.file(meta.len(), identity(&meta))
            } else {
                Size { files: 1, bytes: 0 }
            };
        }
        let mut size = Size::default();
        for item in disk::list(path).unwrap_or_default() {
            size += self.path(&path.join(item.name));
        }
        size
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
pub(super) fn identity(meta: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    Some(Identity { file: (meta.dev(), meta.ino()), links: meta.nlink() })
}

#[cfg(not(unix))]
pub(super) fn identity(_: &Metadata) -> Option<Identity> {
    None
}

#[cfg(test)]
mod tests {
    use super::{Identity, Size, Tally};

    #[test]
    fn bytes_are_promised_only_where_they_become_free() {
        let name = |ino, links| Some(Identity { file: (1, ino), links });
        // What is seen, one after the other, and what it adds.
        for (case, seen) in [
            ("before a removal: both names are in it", &[(name(7, 2), 0), (name(7, 2), 10)][..]),
            (
                "during it: the first is gone when the second is looked at",
                &[(name(7, 2), 0), (name(7, 1), 10)],
            ),
            ("one name stays elsewhere", &[(name(7, 2), 0)]),
            ("files with one name", &[(name(8, 1), 10), (name(9, 1), 10), (None, 10), (None, 10)]),
        ] {
            let mut tally = Tally::default();
            for (identity, bytes) in seen {
                assert_eq!(tally.file(10, *identity), Size { files: 1, bytes: *bytes }, "{case}");
            }
        }
    }
}
