//! Paths as cargo spells them.

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
