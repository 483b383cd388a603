//! Where a unit's package lies.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{Input, Watched, builds, extension};
use crate::cache::place::Place;
use crate::cache::{Unit, dep_info, disk};

/// The root of a unit's package, from what is known of the workspace: `roots` holds name and directory of all members and path
/// dependencies. `None` where none of them has the name, or more than one and the unit's own files do not say which, or the one
/// that has it is not where rustc found them: another workspace builds here, too, and has a package of this name.
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
    if named.is_empty() {
        return None;
    }
    let sources = sources(build_dir, workspace_root, unit);
    let listed = listed(build_dir, unit);
    match named[..] {
        [root] => (!is_of_another(workspace_root, root, &sources, &listed)).then_some(root),
        _ => {
            // Rustc's list has where the files were, cargo's how they lie in the package.
            named.retain(|root| {
                !listed.is_empty() && listed.iter().all(|file| sources.contains(&root.join(file)))
            });
            named.first().copied().filter(|_| named.len() == 1)
        }
    }
}

/// Whether rustc found none of the files in this package. What lies outside of the workspace has an absolute path, which is not
/// the same after a move, so there they have to be somewhere else.
fn is_of_another(workspace_root: &Path, root: &Path, sources: &HashSet<PathBuf>, listed: &[PathBuf]) -> bool {
    let Some(first) = listed.first().filter(|_| !sources.is_empty()) else { return false };
    if listed.iter().any(|file| sources.contains(&root.join(file))) {
        return false;
    }
    // Cargo's list has all links resolved.
    let real: HashSet<PathBuf> = sources.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let is_there =
        root.canonicalize().is_ok_and(|root| listed.iter().any(|file| real.contains(&root.join(file))));
    !is_there && (root.starts_with(workspace_root) || real.iter().any(|path| path.ends_with(first)))
}

/// The root of a package that the workspace does not list (`[patch]`, cargo's `paths`): where rustc found the files that cargo
/// names by their way within the package. `None` for what rustc did not make.
#[must_use]
pub fn root_by_sources(build_dir: &Path, workspace_root: &Path, unit: &Unit) -> Option<PathBuf> {
    let (sources, listed) = (sources(build_dir, workspace_root, unit), listed(build_dir, unit));
    let first = listed.first()?;
    let depth = first.components().count();
    let roots =
        sources.iter().filter(|source| source.ends_with(first)).filter_map(|it| it.ancestors().nth(depth));
    let is_root = |root: &&Path| {
        root.join("Cargo.toml").is_file() && listed.iter().all(|file| sources.contains(&root.join(file)))
    };
    roots.into_iter().find(is_root).map(Path::to_path_buf)
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

/// The files in rustc's `.d`, by the names that rustc was led by; cargo's own list has them with all links resolved. They are
/// relative to the workspace's root or absolute (cargo's `path_args`).
#[must_use]
pub fn sources(build_dir: &Path, workspace_root: &Path, unit: &Unit) -> HashSet<PathBuf> {
    let outputs = Place::of(unit).map(|place| place.outputs(build_dir, unit)).unwrap_or_default();
    let mut sources = HashSet::new();
    for file in outputs.iter().filter(|path| extension(path) == Some("d")) {
        let content = disk::read(&build_dir.join(file), dep_info::LIMIT).unwrap_or_default();
        sources.extend(dep_info::sources(&content).into_iter().map(|path| workspace_root.join(path)));
    }
    sources
}
