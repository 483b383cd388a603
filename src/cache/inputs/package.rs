//! A package's own files: where it lies, and what cargo counts as its.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::{Input, Watched, builds, extension};
use crate::cache::place::Place;
use crate::cache::{Unit, dep_info, disk};

/// The files that cargo counts as a package's where a build script names none (`list_files` in its `sources/path.rs`), relative
/// to `root` and sorted.
///
/// As near as can be had without git: in a repository what is ignored is left out, elsewhere what is hidden. Also left out are
/// packages within this one, `target` at the top, and the build dir wherever it is. Links, which cargo follows, are not.
#[must_use]
pub fn package_files(root: &Path, build_dir: &Path) -> Vec<PathBuf> {
    let is_repository = root.ancestors().any(|dir| dir.join(".git").symlink_metadata().is_ok());
    let (top, build_dir) = (root.to_path_buf(), build_dir.to_path_buf());
    let is_own = move |path: &Path, is_dir: bool| {
        if path == top {
            return true;
        }
        let is_other = path.file_name().is_some_and(|name| name == ".git")
            || is_dir
                && (path == build_dir
                    || path.parent() == Some(&top) && path.ends_with("target")
                    || path.join("Cargo.toml").symlink_metadata().is_ok());
        !is_other
    };
    let walk = WalkBuilder::new(root)
        .hidden(!is_repository)
        .ignore(false)
        .follow_links(false)
        .filter_entry(move |entry| is_own(entry.path(), entry.file_type().is_some_and(|kind| kind.is_dir())))
        .build();
    let files = walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let mut files: Vec<PathBuf> =
        files.filter_map(|entry| Some(entry.path().strip_prefix(root).ok()?.to_path_buf())).collect();
    files.sort_unstable();
    files
}

/// The root of a unit's package, from what is known of the workspace: `roots` holds name and directory of all members and path
/// dependencies. `None` where none of them has the name, or more than one and the unit's own files do not say which.
#[must_use]
pub fn package_root<'a>(
    build_dir: &Path,
    workspace_root: &Path,
    unit: &Unit,
    roots: &'a [(String, PathBuf)],
) -> Option<&'a Path> {
    let mut named: Vec<&Path> =
        roots.iter().filter(|(name, _)| *name == unit.package).map(|(_, root)| root.as_path()).collect();
    named.sort_unstable();
    named.dedup();
    if named.len() > 1 {
        let sources = sources(build_dir, workspace_root, unit);
        let listed = listed(build_dir, unit);
        // Rustc's list has where the files were, cargo's how they lie in the package.
        named.retain(|root| {
            !listed.is_empty() && listed.iter().all(|file| sources.contains(&root.join(file)))
        });
    }
    match named[..] {
        [root] => Some(root),
        _ => None,
    }
}

/// The package's files in the encoded dep-infos of all builds.
fn listed(build_dir: &Path, unit: &Unit) -> Vec<PathBuf> {
    let mut listed = Vec::new();
    for build in builds(build_dir, unit) {
        let Watched::Files(inputs) = build.watched else { continue };
        listed.extend(inputs.into_iter().filter_map(|input| match input {
            Input::Package(path) => Some(path),
            Input::Build(_) | Input::Absolute(_) => None,
        }));
    }
    listed
}

/// The files in rustc's `.d`, which are relative to the workspace's root or absolute (cargo's `path_args`).
fn sources(build_dir: &Path, workspace_root: &Path, unit: &Unit) -> HashSet<PathBuf> {
    let outputs = Place::of(unit).map(|place| place.outputs(build_dir, unit)).unwrap_or_default();
    let mut sources = HashSet::new();
    for file in outputs.iter().filter(|path| extension(path) == Some("d")) {
        let content = disk::read(&build_dir.join(file), dep_info::LIMIT).unwrap_or_default();
        sources.extend(dep_info::sources(&content).into_iter().map(|path| workspace_root.join(path)));
    }
    sources
}
