//! From a directory or a `--manifest-path` to the package's manifest, and from there to the workspace's root.
//!
//! The rules are those of cargo's `util/important_paths.rs`, `util/command_prelude.rs` (`root_manifest`) and
//! `core/workspace.rs` (`find_root`, `find_root_iter`, `get_ws_root`).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::error::{ManifestPathProblem, WorkspaceError};
use super::manifest::{Manifest, Role};
use super::paths::normalized;

/// The manifest that cargo starts from; none where no directory up to the root has one.
pub(super) fn package_manifest(asked: Option<&Path>, cwd: &Path) -> Result<Option<PathBuf>, WorkspaceError> {
    let Some(asked) = asked else {
        return Ok(cwd.ancestors().map(|dir| dir.join("Cargo.toml")).find(|manifest| manifest.exists()));
    };
    let path = normalized(&cwd.join(asked));
    let problem = if !path.exists() {
        ManifestPathProblem::Missing
    } else if path.is_dir() {
        ManifestPathProblem::Directory
    } else if path.ends_with("Cargo.toml") {
        return Ok(Some(path));
    } else if path.extension().is_none_or(|extension| extension == OsStr::new("rs")) {
        return Err(WorkspaceError::Embedded(path));
    } else {
        ManifestPathProblem::Name
    };
    Err(WorkspaceError::ManifestPath { path, problem })
}

/// The manifest of a workspace, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Root {
    /// It was read and has a `[workspace]` table.
    Met(PathBuf),
    /// A `package.workspace` points to it; it was not looked at.
    PointedTo(PathBuf),
}

impl Root {
    /// The manifest.
    pub(super) fn into_manifest(self) -> PathBuf {
        match self {
            Self::Met(manifest) | Self::PointedTo(manifest) => manifest,
        }
    }
}

/// The root for a package's manifest; none where the package belongs to no workspace.
pub(super) fn of(manifest: &Manifest, cargo_home: &Path) -> Result<Option<Root>, WorkspaceError> {
    if let Some(root) = named_by(manifest, &manifest.path) {
        return Ok(Some(root));
    }
    for candidate in above(&manifest.path, cargo_home) {
        if let Some(root) = named_by(&Manifest::read(&candidate)?, &manifest.path) {
            return Ok(Some(root));
        }
    }
    Ok(None)
}

/// The root that one manifest on the way up names for the package: itself, or (also in a stranger) its own pointer.
fn named_by(manifest: &Manifest, package: &Path) -> Option<Root> {
    match &manifest.role {
        Role::Root(table) => (!table.excludes(package)).then(|| Root::Met(manifest.path.clone())),
        Role::Member { pointer } => {
            let dir = manifest.path.parent().unwrap_or(Path::new(""));
            let root = |pointer| normalized(&dir.join(pointer).join("Cargo.toml"));
            pointer.as_ref().map(|pointer| Root::PointedTo(root(pointer)))
        }
    }
}

/// The manifests above the package's directory. The way ends at an unpacked package (`target/package`) and does not
/// cross CARGO_HOME, lest a crate from there join the workspace around it.
fn above(manifest: &Path, cargo_home: &Path) -> impl Iterator<Item = PathBuf> {
    let mut below = None;
    manifest
        .ancestors()
        .skip(2)
        .take_while(|dir| !dir.ends_with("target/package"))
        .take_while(move |dir| below.replace(*dir) != Some(cargo_home))
        .map(|dir| dir.join("Cargo.toml"))
        .filter(|candidate| candidate.exists())
}
