//! Which files are a package's, as cargo counts them.

use std::collections::BTreeSet;
use std::fs::FileType;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::selection::Selection;
use crate::workspace::bounds::tracked::{in_gits_spelling, index, shown};

/// The files that cargo counts as a package's where a build script names none (`list_files` in its `sources/path.rs`), relative
/// to `root` and sorted.
///
/// Where git tracks the manifest: all that is tracked or not ignored. Elsewhere all that is not hidden, whatever is ignored.
/// Always without packages within this one, `target` at the top, and the build dir wherever it is, and as `include` and `exclude` of the
/// manifest have it. A link to a file counts as that file; what is behind links to directories, which cargo follows as well, does not.
#[must_use]
pub fn package_files(root: &Path, build_dir: &Path) -> Vec<PathBuf> {
    let selection = Selection::of(root);
    let is_listed = matches!(selection, Selection::Include(_));
    let tracked = if is_listed { None } else { tracked(root) };
    let is_walked = tracked.is_none();
    let (top, build_dir) = (root.to_path_buf(), build_dir.to_path_buf());
    let is_own = move |path: &Path, is_dir: bool| {
        if path == top {
            return true;
        }
        let is_other = path.file_name().is_some_and(|name| name == ".git")
            || is_dir
                && (path == build_dir
                    || path.parent() == Some(&top) && path.ends_with("target")
                    || is_package(path));
        !is_other
    };
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(false)
        .follow_links(false)
        .filter_entry(move |entry| is_own(entry.path(), entry.file_type().is_some_and(|kind| kind.is_dir())));
    match tracked {
        Some(_) => walk.parents(true).git_ignore(true).git_exclude(true).git_global(true),
        None => walk.hidden(!is_listed),
    };
    let files = walk.build().flatten().filter(|entry| is_file(entry.path(), entry.file_type()));
    let mut files: BTreeSet<PathBuf> =
        files.filter_map(|entry| Some(entry.path().strip_prefix(root).ok()?.to_path_buf())).collect();
    if let Some(Tracked { files: tracked, is_top }) = tracked {
        let lock = Path::new("Cargo.lock");
        if is_top && !tracked.contains(lock) {
            files.remove(lock);
        }
        // To git, what is tracked is not ignored, whatever a rule says.
        let is_own = |path: &PathBuf| {
            let mut dirs = path.ancestors().skip(1).filter(|dir| !dir.as_os_str().is_empty());
            let path = root.join(path);
            let kind = path.symlink_metadata().ok().map(|meta| meta.file_type());
            is_file(&path, kind) && !dirs.any(|dir| is_package(&root.join(dir)))
        };
        let ignored: Vec<PathBuf> = tracked.difference(&files).filter(|path| is_own(path)).cloned().collect();
        files.extend(ignored);
    }
    files.into_iter().filter(|path| selection.has(path, is_walked)).collect()
}

/// What git tracks in a package.
struct Tracked {
    /// Relative to the package.
    files: BTreeSet<PathBuf>,
    /// The package is the repository.
    is_top: bool,
}

/// `None` where git does not track its manifest: then cargo asks the disk alone.
fn tracked(root: &Path) -> Option<Tracked> {
    let top = root.ancestors().find(|dir| dir.join(".git").symlink_metadata().is_ok())?;
    let index = index(top).ok()??;
    let mut below = in_gits_spelling(root.strip_prefix(top).ok()?);
    if !below.is_empty() {
        below.push(b'/');
    }
    let in_package = index.entries().iter().filter_map(|entry| {
        let path: &[u8] = entry.path(&index);
        path.strip_prefix(below.as_slice())
    });
    let files: BTreeSet<PathBuf> = in_package.map(shown).collect();
    files.contains(Path::new("Cargo.toml")).then_some(Tracked { files, is_top: below.is_empty() })
}

/// Whether it is a file, or a link to one.
fn is_file(path: &Path, kind: Option<FileType>) -> bool {
    kind.is_some_and(|kind| kind.is_file() || kind.is_symlink() && path.is_file())
}

fn is_package(dir: &Path) -> bool {
    dir.join("Cargo.toml").symlink_metadata().is_ok()
}
