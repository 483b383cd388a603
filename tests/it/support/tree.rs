//! A directory as data, and the difference of two.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

use fs_err as fs;

/// What lies at a path.
#[derive(Clone, PartialEq, Eq)]
enum Entry {
    Dir,
    Link(PathBuf),
    Content(Vec<u8>),
    /// A file of which only the name counts, or something that has no content (reading a FIFO would wait for a writer).
    Name,
}

/// Every path below a directory.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Tree(BTreeMap<PathBuf, Entry>);

impl Tree {
    /// Reads names, types and link targets of all, and the contents of all but what is in a `target` or `.git`
    /// directory: what compilers write there is theirs, and git stores times. Incremental sessions have random names,
    /// so what is inside `incremental/<crate>` is left out. `.xcargo` is left out with [`Ours::Ignored`].
    pub(crate) fn read(root: &Path, ours: Ours) -> Self {
        let mut tree = BTreeMap::new();
        walk(root, Path::new(""), ours, &mut tree);
        Self(tree)
    }

    /// All files whose name starts so.
    pub(crate) fn named<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Path> {
        self.0.keys().map(PathBuf::as_path).filter(move |path| {
            path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with(prefix))
        })
    }

    /// One line for each path that is not the same, nothing where all are.
    pub(crate) fn difference(&self, other: &Self) -> String {
        let mut text = String::new();
        let paths = self.0.keys().chain(other.0.keys().filter(|path| !self.0.contains_key(*path)));
        for path in paths.filter(|path| self.0.get(*path) != other.0.get(*path)) {
            let [left, right] = [self, other].map(|tree| tree.0.get(path));
            writeln!(text, "{}: {left:?} / {right:?}", path.display()).expect("a string takes all");
        }
        text
    }
}

/// Whether what xcargo keeps for itself counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ours {
    /// It does: where there is no policy, there must be nothing.
    Counts,
    /// It does not: under a policy xcargo keeps its stamp in `<build-dir>/.xcargo`.
    Ignored,
}

fn walk(root: &Path, below: &Path, ours: Ours, tree: &mut BTreeMap<PathBuf, Entry>) {
    let has = |name: &str| below.iter().any(|part| part == name);
    let opaque = has("target") || has(".git");
    if below.iter().rev().nth(1).is_some_and(|part| part == "incremental") && has("target") {
        return;
    }
    for entry in fs::read_dir(root.join(below)).expect("a directory of the tree") {
        let entry = entry.expect("an entry of the tree");
        let path = below.join(entry.file_name());
        let kind = entry.file_type().expect("its type");
        if ours == Ours::Ignored && entry.file_name() == ".xcargo" && has("target") {
            continue;
        }
        let what = match () {
            () if kind.is_dir() => Entry::Dir,
            () if kind.is_symlink() => Entry::Link(fs::read_link(entry.path()).expect("a link's target")),
            () if opaque || !kind.is_file() => Entry::Name,
            () => Entry::Content(fs::read(entry.path()).expect("a file's content")),
        };
        let descend = what == Entry::Dir;
        tree.insert(path.clone(), what);
        if descend {
            walk(root, &path, ours, tree);
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dir => f.write_str("directory"),
            Self::Link(to) => write!(f, "link to {}", to.display()),
            Self::Content(bytes) => write!(f, "file {:?}", String::from_utf8_lossy(bytes)),
            Self::Name => f.write_str("file"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use fs_err as fs;

    use super::{Ours, Tree};

    /// If this failed, every "same tree" of the twins would be worth nothing.
    #[test]
    fn a_difference_in_name_type_content_or_link_shows_and_random_sessions_do_not() {
        let dir = tempfile::tempdir().unwrap();
        let write = |side: &str, path: &str, text: &str| {
            let path = dir.path().join(side).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for (side, text) in [("a", "1"), ("b", "2")] {
            write(side, "same", "x");
            write(side, "content", text);
            write(side, "target/debug/binary", text);
            write(side, &format!("target/debug/incremental/it-1/s-{text}/dep-graph.bin"), "x");
            write(side, &format!("only-{side}"), "x");
            symlink(text, dir.path().join(side).join("link")).unwrap();
            write(side, "target/debug/.xcargo/stamp", text);
        }
        write("a", "kind", "x");
        fs::create_dir(dir.path().join("b/kind")).unwrap();
        write("b", "target/.xcargo/ours", "x");

        let read = |ours| ["a", "b"].map(|side| Tree::read(&dir.path().join(side), ours));
        let [a, b] = read(Ours::Counts);
        let all: Vec<String> =
            a.difference(&b).lines().map(|line| line.split(':').next().unwrap().to_owned()).collect();
        assert_eq!(
            all,
            ["content", "kind", "link", "only-a", "only-b", "target/.xcargo", "target/.xcargo/ours"]
        );
        let [a, b] = read(Ours::Ignored);
        assert!(!a.difference(&b).contains(".xcargo"));
        assert_eq!(a.difference(&a), "");
    }
}
