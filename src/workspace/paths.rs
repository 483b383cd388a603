//! Paths as cargo spells them, and whether two of them are the same place.

use std::io;
use std::path::{Component, Path, PathBuf};

/// The path without `.` and with `..` taken back by text alone, links or not.
///
/// Cargo does the same (`cargo-util`'s `paths::normalize_path`) to manifest paths and path dependencies, and only to them.
pub(super) fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                let stuck = result.ends_with(Component::ParentDir) || (!result.pop() && !result.has_root());
                if stuck {
                    result.push(Component::ParentDir);
                }
            }
            kept => result.push(kept),
        }
    }
    result
}

/// Whether a path is this directory or lies below it. What exists is compared by identity and not by spelling, so that
/// neither a file system that ignores case nor a bind mount hides it. Both should have been resolved before.
pub(super) fn is_within(path: &Path, dir: &Path) -> bool {
    path.starts_with(dir)
        || identity(dir)
            .is_ok_and(|dir| path.ancestors().any(|one| identity(one).is_ok_and(|one| one == dir)))
}

/// Device and inode: asks only for search permission on the way, where opening would ask for read permission.
#[cfg(unix)]
fn identity(path: &Path) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<same_file::Handle> {
    same_file::Handle::from_path(path)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::normalized;

    #[test]
    fn dots_are_taken_back_as_cargo_does() {
        for (path, expect) in [
            ("/a/./b/../c", "/a/c"),
            ("/..", "/"),
            ("/../../a", "/a"),
            ("../../a", "../../a"),
            ("a/../../b", "../b"),
            ("/a/b/", "/a/b"),
        ] {
            assert_eq!(normalized(Path::new(path)), Path::new(expect), "{path}");
        }
    }
}
