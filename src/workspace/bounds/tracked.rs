//! Whether git tracks something in a directory: what is in version control was put there by a person.
//!
//! Every repository around the directory is asked, by its index. `.git` may be a file that names the repository (worktrees,
//! submodules). An index that cannot be read could hold anything, so it is a refusal.

use std::io;
use std::path::{Path, PathBuf};

use gix_index::decode::Options;
use gix_index::entry::Mode;
use gix_index::hash::Kind;

use super::way::{Id, id_at};

/// An index, or the way to it, that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// The file.
    pub(crate) file: PathBuf,
    /// What is wrong with it.
    pub(crate) cause: String,
}

/// The first tracked file in the (resolved) directory, whichever repository around it tracks it. Links to repositories of
/// which the work tree is set elsewhere (`core.worktree`, `GIT_DIR`) are not seen.
pub(super) fn first(real: &Path, id: Id) -> Result<Option<PathBuf>, Unreadable> {
    for top in real.ancestors().skip(1) {
        let Some(file) = index(top)? else { continue };
        let Ok(below) = real.strip_prefix(top) else { continue };
        if let Some(found) = first_in(&file, top, below, id) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The index of the repository at `top`; none where there is no repository, or nothing was ever added.
pub(crate) fn index(top: &Path) -> Result<Option<gix_index::File>, Unreadable> {
    let Some(git_dir) = git_dir(&top.join(".git"))? else { return Ok(None) };
    let index = git_dir.join("index");
    let failed = |cause: String| Unreadable { file: index.clone(), cause };
    match std::fs::metadata(&index) {
        Err(error) if is_nowhere(&error) => return Ok(None),
        Err(error) => return Err(failed(error.to_string())),
        Ok(_) => {}
    }
    let kind = hash_kind(&git_dir)?;
    // The checksum is compared as well: half an index must not pass for one that names nothing here.
    let file = gix_index::File::at(&index, kind, false, Options::default());
    file.map(Some).map_err(|error| failed(error.to_string()))
}

/// Git writes `/` everywhere.
pub(crate) fn in_gits_spelling(path: &Path) -> Vec<u8> {
    let names: Vec<&[u8]> = path.components().map(|name| name.as_os_str().as_encoded_bytes()).collect();
    names.join(&b'/')
}

fn first_in(index: &gix_index::State, top: &Path, below: &Path, id: Id) -> Option<PathBuf> {
    let wanted = in_gits_spelling(below);
    let depth = below.components().count();
    let mut last: Option<(&[u8], bool)> = None;
    index.entries().iter().find_map(|entry| {
        let path: &[u8] = entry.path(index);
        // A directory outside the sparse checkout, which stands for all that is tracked in it.
        if entry.mode == Mode::DIR && is_at_or_below(&wanted, path.strip_suffix(b"/").unwrap_or(path)) {
            return Some(top.join(shown(path)));
        }
        let start = prefix(path, depth)?;
        let same = match last {
            Some((before, same)) if before == start => same,
            _ => is_same(start, &wanted, top, id),
        };
        last = Some((start, same));
        same.then(|| top.join(shown(path)))
    })
}

/// Whether two spellings name the same directory. On a file system that ignores case, or normalises Unicode, the index may
/// spell it in another way than the disk: then it is asked which directory it is.
fn is_same(spelled: &[u8], wanted: &[u8], top: &Path, id: Id) -> bool {
    spelled == wanted
        || ((spelled.eq_ignore_ascii_case(wanted) || !spelled.is_ascii() || !wanted.is_ascii())
            && id_at(&top.join(shown(spelled))).is_ok_and(|found| found == id))
}

fn is_at_or_below(path: &[u8], dir: &[u8]) -> bool {
    path.strip_prefix(dir).is_some_and(|rest| rest.first().is_none_or(|byte| *byte == b'/'))
}

/// The first so many names of a path; `None`: it has fewer.
fn prefix(path: &[u8], names: usize) -> Option<&[u8]> {
    let mut ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    match ends.nth(names.checked_sub(1)?) {
        Some(end) => Some(&path[..end]),
        None if path.iter().filter(|byte| **byte == b'/').count() + 1 == names => Some(path),
        None => None,
    }
}

/// The directory of the repository that this `.git` is or names; none where it is neither, as for git itself.
fn git_dir(dot_git: &Path) -> Result<Option<PathBuf>, Unreadable> {
    let failed = |error: io::Error| Unreadable { file: dot_git.to_path_buf(), cause: error.to_string() };
    let found = match std::fs::metadata(dot_git) {
        Ok(found) => found,
        Err(error) if is_nowhere(&error) => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if found.is_dir() {
        let is_repository = dot_git.join("HEAD").symlink_metadata().is_ok() || dot_git.join("index").exists();
        return Ok(is_repository.then(|| dot_git.to_path_buf()));
    }
    let text = std::fs::read(dot_git).map_err(failed)?;
    let Some(named) = text.strip_prefix(b"gitdir:") else {
        return Err(failed(io::Error::other("it names no repository")));
    };
    let named = dot_git.parent().unwrap_or(Path::new("")).join(shown(named.trim_ascii()));
    if !named.is_dir() {
        return Err(failed(io::Error::other(format!(
            "it names `{}`, which is no directory",
            named.display()
        ))));
    }
    Ok(Some(named))
}

/// `extensions.objectFormat`, in the configuration that all worktrees of the repository share.
fn hash_kind(git_dir: &Path) -> Result<Kind, Unreadable> {
    let common = match std::fs::read(git_dir.join("commondir")) {
        Ok(common) => git_dir.join(shown(common.trim_ascii())),
        Err(_) => git_dir.to_path_buf(),
    };
    let file = common.join("config");
    let text = match std::fs::read(&file) {
        Ok(text) => text,
        Err(error) if is_nowhere(&error) => return Ok(Kind::Sha1),
        Err(error) => return Err(Unreadable { file, cause: error.to_string() }),
    };
    let is_sha256 = String::from_utf8_lossy(&text).lines().any(|line| {
        line.split_once('=').is_some_and(|(key, value)| {
            key.trim().eq_ignore_ascii_case("objectformat") && value.trim().eq_ignore_ascii_case("sha256")
        })
    });
    Ok(if is_sha256 { Kind::Sha256 } else { Kind::Sha1 })
}

fn is_nowhere(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(unix)]
pub(crate) fn shown(path: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(path))
}

/// Elsewhere git keeps UTF-8.
#[cfg(not(unix))]
pub(crate) fn shown(path: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(path).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{is_at_or_below, prefix};

    #[test]
    fn paths_are_compared_by_whole_names() {
        for (path, names, expect) in [
            ("target/x", 1, Some("target")),
            ("target", 1, Some("target")),
            ("targets/x", 1, Some("targets")),
            ("a/target/x/y", 2, Some("a/target")),
            ("a", 2, None),
            ("a/target/", 2, Some("a/target")),
        ] {
            assert_eq!(prefix(path.as_bytes(), names), expect.map(str::as_bytes), "{path} {names}");
        }
        assert!(is_at_or_below(b"a/b", b"a") && is_at_or_below(b"a", b"a") && !is_at_or_below(b"ab", b"a"));
    }
}
