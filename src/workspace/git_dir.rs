//! Which `.git` makes a directory a repository, and where that one keeps its own files.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A `.git` file names one directory; a larger one is none.
const LARGEST_DOT_GIT: u64 = 64 * 1024;

/// The git dir that this `.git` is or, as a file, names (worktrees, submodules).
#[must_use]
pub fn git_dir(dot_git: &Path) -> Option<PathBuf> {
    let found = std::fs::metadata(dot_git).ok()?;
    let dir = if found.is_dir() {
        dot_git.to_path_buf()
    } else if found.is_file() && found.len() <= LARGEST_DOT_GIT {
        let text = fs_err::read(dot_git).ok()?;
        dot_git.parent()?.join(path_of(text.strip_prefix(b"gitdir:")?.trim_ascii())?)
    } else {
        return None;
    };
    // As for git, an empty directory of this name is no repository.
    std::fs::symlink_metadata(dir.join("HEAD")).ok().map(|_| dir)
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt as _;
    Some(OsString::from_vec(bytes.to_vec()))
}

/// Elsewhere git writes UTF-8.
#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<OsString> {
    Some(std::str::from_utf8(bytes).ok()?.into())
}
