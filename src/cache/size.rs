//! How much there is, counted the same way before a removal (the plan) and during it (the report).

use std::collections::HashMap;
use std::fs::Metadata;
use std::ops::{Add, AddAssign};
use std::path::Path;

use super::disk;
use super::entry::Entry;
use super::parallel;

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
        let found = Found::path(path);
        self.take(found)
    }

    /// Counts what was found, names of files with several ones in the order in which they were found.
    fn take(&mut self, found: Found) -> Size {
        found.shared.into_iter().fold(found.alone, |sum, (bytes, file)| sum + self.file(bytes, Some(file)))
    }
}

/// The sizes of groups of entries, one for each group. A file that has names in several groups counts with the last of them,
/// so that all sizes together are what is freed if all groups go. Reads on all cores where there is much to read; what cannot
/// be read (or is gone) counts as nothing.
pub fn measure(tally: &mut Tally, dir: &Path, groups: &[&[Entry]]) -> Vec<Size> {
    let entries: Vec<&Entry> = groups.iter().copied().flatten().collect();
    let mut found = parallel::map(entries, |entry| match entry {
        Entry::EmptyDir(_) => Found::default(),
        Entry::File(path) | Entry::Tree(path) => Found::path(&dir.join(path)),
    })
    .into_iter();
    let mut size = |group: &&[Entry]| {
        found.by_ref().take(group.len()).fold(Size::default(), |sum, found| sum + tally.take(found))
    };
    groups.iter().map(&mut size).collect()
}

/// What is at a path, before it is known which names of a file are the last ones.
#[derive(Default)]
struct Found {
    /// All that has one name.
    alone: Size,
    /// Files with several names: their bytes, and which they are.
    shared: Vec<(u64, Identity)>,
}

impl Found {
    fn path(path: &Path) -> Self {
        let Ok(meta) = path.symlink_metadata() else { return Self::default() };
        if !meta.is_dir() {
            return Self::file(&meta);
        }
        let items = disk::list(path).unwrap_or_default();
        parallel::map(items, |item| Self::path(&path.join(item.name)))
            .into_iter()
            .fold(Self::default(), Self::and)
    }

    fn file(meta: &Metadata) -> Self {
        let mut found = Self { alone: Size { files: 1, bytes: 0 }, shared: Vec::new() };
        match identity(meta) {
            _ if !meta.is_file() => {}
            Some(identity) if identity.links > 1 => {
                found = Self { alone: Size::default(), shared: vec![(meta.len(), identity)] };
            }
            _ => found.alone.bytes = meta.len(),
        }
        found
    }

    fn and(mut self, other: Self) -> Self {
        self.alone += other.alone;
        self.shared.extend(other.shared);
        self
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
    use std::fs;

    use super::{Identity, Size, Tally, measure};
    use crate::cache::Entry;

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

    /// What a user would lose: a plan that promises the same bytes twice.
    #[cfg(unix)]
    #[test]
    fn groups_are_measured_as_if_all_went_whatever_the_order_of_reading() {
        let temp = tempfile::tempdir().expect("temp dir");
        let path = |name: &str| temp.path().join(name);
        fs::create_dir_all(path("a/deep")).expect("dir");
        fs::create_dir(path("b")).expect("dir");
        for number in 0..600 {
            fs::write(path("a").join(format!("deep/{number}")), "xy").expect("file");
        }
        fs::write(path("a/shared"), "12345").expect("file");
        fs::hard_link(path("a/shared"), path("b/shared")).expect("link");
        fs::write(path("b/outside"), "123").expect("file");
        fs::hard_link(path("b/outside"), path("outside")).expect("link");
        std::os::unix::fs::symlink(path("a"), path("b/link")).expect("link");
        let groups = [
            &[Entry::Tree("a".into()), Entry::EmptyDir("none".into())][..],
            &[Entry::File("b/shared".into()), Entry::File("b/outside".into())],
            &[Entry::File("b/link".into()), Entry::Tree("gone".into())],
            &[],
        ];
        let sizes = measure(&mut Tally::default(), temp.path(), &groups);
        let expect = [(601, 1200), (2, 5), (1, 0), (0, 0)].map(|(files, bytes)| Size { files, bytes });
        assert_eq!(sizes, expect);
        let mut tally = Tally::default();
        let one_by_one: Vec<Size> = groups
            .iter()
            .map(|group| {
                group.iter().fold(Size::default(), |sum, entry| sum + tally.entry(temp.path(), entry))
            })
            .collect();
        assert_eq!(one_by_one, expect);
    }
}
