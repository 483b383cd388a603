//! All that is in an arena, without following links.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::arena::TARGETS;

/// One name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) kind: Kind,
    pub(super) inode: (u64, u64),
    pub(super) mode: u32,
    pub(super) links: u64,
    /// Modification time; of files only, as a directory's moves with what is made in it.
    pub(super) modified: (i64, i64),
    /// What a file holds, or where a link leads.
    pub(super) content: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Dir,
    File,
    Link,
    Other,
}

/// By path, relative to the arena.
pub(super) type Snapshot = BTreeMap<PathBuf, Seen>;

/// Looks at everything. What may not be read is there all the same.
pub(super) fn take(root: &Path) -> Snapshot {
    let mut seen = Snapshot::new();
    walk(root, vec![PathBuf::new()], &mut seen);
    seen
}

/// The same where all else is as it was seen earlier: only what changes from case to case is looked at.
pub(super) fn retake(root: &Path, earlier: &Snapshot) -> Snapshot {
    let mut seen = earlier.clone();
    for top in TARGETS.iter().chain(&["ws/link", "outside/precious"]) {
        if let Some(this) = look(&root.join(top)) {
            let is_dir = this.kind == Kind::Dir;
            seen.insert(PathBuf::from(top), this);
            if is_dir {
                walk(root, vec![PathBuf::from(top)], &mut seen);
            }
        }
    }
    seen
}

fn walk(root: &Path, mut pending: Vec<PathBuf>, seen: &mut Snapshot) {
    while let Some(dir) = pending.pop() {
        let Ok(entries) = fs::read_dir(root.join(&dir)) else { continue };
        for entry in entries {
            let entry = entry.unwrap();
            let below = dir.join(entry.file_name());
            // Closed to be looked into, for whoever is not root.
            let Some(this) = look(&entry.path()) else { continue };
            if this.kind == Kind::Dir {
                pending.push(below.clone());
            }
            seen.insert(below, this);
        }
    }
}

fn look(path: &Path) -> Option<Seen> {
    let meta = path.symlink_metadata().ok()?;
    let kind = match meta.file_type() {
        kind if kind.is_dir() => Kind::Dir,
        kind if kind.is_file() => Kind::File,
        kind if kind.is_symlink() => Kind::Link,
        kind => {
            assert!(kind.is_fifo() || kind.is_socket(), "{}", path.display());
            Kind::Other
        }
    };
    let content = match kind {
        Kind::File => fs::read(path).unwrap_or_default(),
        Kind::Link => fs::read_link(path).unwrap().into_os_string().into_vec(),
        Kind::Dir | Kind::Other => Vec::new(),
    };
    let is_dir = kind == Kind::Dir;
    Some(Seen {
        kind,
        inode: (meta.dev(), meta.ino()),
        mode: meta.mode(),
        links: if is_dir { 0 } else { meta.nlink() },
        modified: if is_dir { (0, 0) } else { (meta.mtime(), meta.mtime_nsec()) },
        content,
    })
}

/// The part of a tree that differs from case to case, as a failure shows it.
pub(super) fn show(snapshot: &Snapshot) -> String {
    let line = |(path, seen): (&PathBuf, &Seen)| {
        let to =
            if seen.kind == Kind::Link { OsStr::from_bytes(&seen.content).to_os_string() } else { "".into() };
        format!("  {:?} {:o} {path:?} {to:?} links {}\n", seen.kind, seen.mode, seen.links)
    };
    let is_told = |path: &PathBuf| TARGETS.iter().chain(&["ws/link"]).any(|it| path.starts_with(it));
    snapshot.iter().filter(|(path, _)| is_told(path)).map(line).collect()
}
