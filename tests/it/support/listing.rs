//! Every path below a directory with what tells whether it is still the same file, and what went between two looks.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound::{Included, Unbounded};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use fs_err as fs;

/// One look at a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listing(BTreeMap<PathBuf, Seen>);

/// What was seen of one path. Two files of the same name, size and time may still be two: the inode tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) is_dir: bool,
    pub(crate) bytes: u64,
    file: (u64, u64),
    links: u64,
    changed: (i64, i64),
}

impl Listing {
    /// Looks. What vanishes meanwhile is not there.
    pub(crate) fn read(root: &Path) -> Self {
        let mut all = BTreeMap::new();
        walk(root, &mut all);
        Self(all)
    }

    /// Whether there is something at this path.
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    /// Whether that is a directory.
    pub(crate) fn is_dir(&self, path: &Path) -> bool {
        self.0.get(path).is_some_and(|seen| seen.is_dir)
    }

    /// All paths, sorted.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }

    /// Without what `out` says.
    pub(crate) fn without(mut self, out: impl Fn(&Path) -> bool) -> Self {
        self.0.retain(|path, _| !out(path));
        self
    }

    /// The paths that are here and no longer there.
    pub(crate) fn gone_in(&self, later: &Self) -> BTreeSet<PathBuf> {
        self.0.keys().filter(|path| !later.has(path)).cloned().collect()
    }

    /// Files that are another file, or have other content, in the later look.
    pub(crate) fn altered_in(&self, later: &Self) -> Vec<PathBuf> {
        let is_altered = |(path, seen): &(&PathBuf, &Seen)| {
            let essence =
                |seen: &Seen| (seen.is_dir, seen.file, (!seen.is_dir).then_some((seen.bytes, seen.changed)));
            later.0.get(*path).is_some_and(|now| essence(seen) != essence(now))
        };
        self.0.iter().filter(is_altered).map(|(path, _)| path.clone()).collect()
    }

    /// These paths with all that is below them.
    pub(crate) fn below<'a>(&self, tops: impl IntoIterator<Item = &'a Path>) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        for top in tops {
            let from = self.0.range::<Path, _>((Included(top), Unbounded)).map(|(path, _)| path);
            found.extend(from.take_while(|path| path.starts_with(top)).cloned());
        }
        found
    }

    /// How many of these are no directories, and the bytes that are free when they are gone: those of a file with several
    /// names only if all its names are among them.
    pub(crate) fn frees(&self, paths: &BTreeSet<PathBuf>) -> (u64, u64) {
        let mut names: HashMap<(u64, u64), u64> = HashMap::new();
        let (mut files, mut bytes) = (0, 0);
        for seen in paths.iter().map(|path| &self.0[path]).filter(|seen| !seen.is_dir) {
            files += 1;
            let gone = names.entry(seen.file).or_default();
            *gone += 1;
            bytes += if *gone == seen.links { seen.bytes } else { 0 };
        }
        (files, bytes)
    }
}

fn walk(dir: &Path, all: &mut BTreeMap<PathBuf, Seen>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let Ok(meta) = entry.metadata() else { continue };
        let seen = Seen {
            is_dir: meta.is_dir(),
            bytes: if meta.is_file() { meta.len() } else { 0 },
            file: (meta.dev(), meta.ino()),
            links: meta.nlink(),
            changed: (meta.mtime(), meta.mtime_nsec()),
        };
        let descend = seen.is_dir;
        all.insert(entry.path(), seen);
        if descend {
            walk(&entry.path(), all);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fs_err as fs;

    use super::Listing;

    /// If this failed, a clean could take more than it says and the honesty tests would not see it.
    #[test]
    fn what_went_what_changed_and_what_becomes_free_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("d/e")).unwrap();
        for (name, text) in [("d/e/one", "1"), ("d/two", "22"), ("dd", "333"), ("kept", "4444")] {
            fs::write(at(name), text).unwrap();
        }
        fs::hard_link(at("kept"), at("d/name")).unwrap();
        fs::hard_link(at("dd"), at("d/all")).unwrap();
        let before = Listing::read(dir.path());
        let (d, dd) = (at("d"), at("dd"));
        let below = before.below([d.as_path(), dd.as_path()]);
        let names = ["d", "d/all", "d/e", "d/e/one", "d/name", "d/two", "dd"].map(at);
        assert_eq!(below, BTreeSet::from(names));
        assert_eq!(before.frees(&below), (5, 1 + 2 + 3), "`kept` has another name");
        assert_eq!(before.altered_in(&Listing::read(dir.path())), [""; 0].map(at));
        fs::remove_dir_all(at("d/e")).unwrap();
        // The same name, content and time, but another file.
        fs::write(at("new"), "22").unwrap();
        let time = filetime::FileTime::from_last_modification_time(&fs::metadata(at("d/two")).unwrap());
        filetime::set_file_mtime(at("new"), time).unwrap();
        fs::rename(at("new"), at("d/two")).unwrap();
        let after = Listing::read(dir.path());
        assert_eq!(before.gone_in(&after), BTreeSet::from(["d/e", "d/e/one"].map(at)));
        assert_eq!(before.altered_in(&after), [at("d/two")]);
    }
}
