//! Whose a directory is, when another workspace lies on the way to it: a nested one's target dir is its own.

use std::path::{Path, PathBuf};

use super::way::{Id, id_at};
use crate::workspace::manifest::{Manifest, Role};
use crate::workspace::{Member, Workspace, WorkspaceError};

/// The nearest directory above `real`, and below where the search `ends`, that has a manifest which is not of this
/// workspace: of another workspace, or a package that is neither a member nor a path dependency. A manifest that cannot
/// be read could be anybody's.
pub(super) fn stranger(
    real: &Path,
    ends: &Ends,
    workspace: &Workspace,
) -> Result<Option<PathBuf>, WorkspaceError> {
    let mut ours: Option<Vec<Id>> = None;
    for dir in on_the_way(real, ends).into_iter().filter(|dir| has_manifest(dir)) {
        let is_package =
            Manifest::read(&dir.join("Cargo.toml")).is_ok_and(|it| matches!(it.role, Role::Member { .. }));
        if ours.is_none() {
            let ids = |packages: Vec<Member>| packages.into_iter().filter_map(|it| id_at(&it.dir).ok());
            ours = Some(ids(workspace.members()?).chain(ids(workspace.path_dependencies()?)).collect());
        }
        let is_ours = id_at(&dir).is_ok_and(|id| ours.iter().flatten().any(|ours| *ours == id));
        if !(is_package && is_ours) {
            return Ok(Some(dir));
        }
    }
    Ok(None)
}

/// The nearest directory with a manifest above `real` and below where the search ends, where nobody can tell whose it is.
pub(super) fn any(real: &Path, ends: &Ends) -> Option<PathBuf> {
    on_the_way(real, ends).into_iter().find(|dir| has_manifest(dir))
}

/// Where the search upwards ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ends {
    /// Below this directory: the workspace's own root.
    Below(Id),
    /// With this directory: one that the policy opens. Whoever names the very target dir there means it.
    With(Id),
    /// At once: nothing on the way exists.
    Here,
}

fn on_the_way(real: &Path, ends: &Ends) -> Vec<PathBuf> {
    let mut dirs = Vec::new();
    let is_opened = |last: Id| id_at(real).is_ok_and(|id| id == last);
    if *ends == Ends::Here || matches!(ends, Ends::With(last) if is_opened(*last)) {
        return dirs;
    }
    for dir in real.ancestors().skip(1) {
        let id = id_at(dir).ok();
        match ends {
            Ends::Below(root) if id == Some(*root) => break,
            Ends::With(last) if id == Some(*last) => {
                dirs.push(dir.to_path_buf());
                break;
            }
            _ => dirs.push(dir.to_path_buf()),
        }
    }
    dirs
}

fn has_manifest(dir: &Path) -> bool {
    match std::fs::symlink_metadata(dir.join("Cargo.toml")) {
        Ok(_) => true,
        Err(error) => {
            !matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
        }
    }
}
