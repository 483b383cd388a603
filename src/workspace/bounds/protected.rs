//! What must survive whatever anybody configured: a directory that is or holds one of these is never cleaned.

use std::io;
use std::path::{Path, PathBuf};

use cap_std::fs::Dir;

use super::evidence::{is_profile, opened};
use super::reach::Reach;
use super::way::{Id, id_at};
use crate::env::Env;
use crate::workspace::{Workspace, WorkspaceError};

/// Something that must not be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treasure {
    /// The root of the file system.
    FileSystem,
    /// The workspace itself.
    Workspace,
    /// A package or workspace, whoever it belongs to: a `Cargo.toml` lies directly in the directory.
    Package,
    /// The current directory.
    CurrentDir,
    /// The user's home directory.
    Home,
    /// Cargo's home, with the registry cache and credentials.
    CargoHome,
    /// Rustup's home, with the toolchains.
    RustupHome,
    /// A git repository: the directory itself, or one that holds it.
    Git,
    /// A member of the workspace.
    Member,
    /// A directory in which a member keeps its sources.
    Sources,
    /// A package that a member depends on by path.
    PathDependency,
}

/// The first of them that the (resolved) directory is or holds, and where that lies. `id` tells which directory it is, where
/// it exists; with that no other spelling of it, nor a bind mount, hides a treasure.
pub(super) fn first_within(
    real: &Path,
    id: Option<Id>,
    workspace: &Workspace,
    env: &Env,
) -> Result<Option<(Treasure, PathBuf)>, WorkspaceError> {
    if let Some(found) = first_of_anybody(real, id, &workspace.root, env) {
        return Ok(Some(found));
    }
    let members = workspace.members()?;
    let mut treasures: Vec<_> = members.iter().map(|member| (Treasure::Member, member.dir.clone())).collect();
    for member in &members {
        treasures.extend(sources(&member.dir));
    }
    let dependencies = workspace.path_dependencies()?;
    treasures.extend(dependencies.into_iter().map(|found| (Treasure::PathDependency, found.dir)));
    Ok(held(real, id, treasures))
}

/// The same without what only the members' manifests tell.
pub(super) fn first_of_anybody(
    real: &Path,
    id: Option<Id>,
    root: &Path,
    env: &Env,
) -> Option<(Treasure, PathBuf)> {
    if real.parent().is_none() {
        return Some((Treasure::FileSystem, real.to_path_buf()));
    }
    let mut treasures = vec![(Treasure::Workspace, root.to_path_buf())];
    let mut add = |treasure, path: Option<PathBuf>| treasures.extend(path.map(|path| (treasure, path)));
    add(Treasure::CurrentDir, env.cwd().ok().map(Path::to_path_buf));
    add(Treasure::Home, env.home().map(Path::to_path_buf));
    add(Treasure::CargoHome, env.cargo_home());
    add(Treasure::RustupHome, env.rustup_home());
    add(Treasure::Git, root.ancestors().map(|dir| dir.join(".git")).find(|git| git.exists()));
    if let Some(found) = held(real, id, treasures) {
        return Some(found);
    }
    // What lies in the directory itself: a tool's scratch repositories further down are its own affair.
    if let Some(found) = marked(real) {
        return Some(found);
    }
    if real.file_name().is_some_and(|name| name.eq_ignore_ascii_case(".git")) {
        return Some((Treasure::Git, real.to_path_buf()));
    }
    held(real, id, sources(root).collect())
}

/// A directory in this one that is a package, a workspace or a repository, and that cargo did not make: somebody's own work,
/// checked out or begun in the wrong place.
pub(super) fn first_beside(dir: &Dir, real: &Path) -> Option<(Treasure, PathBuf)> {
    opened(dir)
        .filter(|(name, _)| !CARGOS.iter().any(|own| name == *own))
        // Programs and tests that run in a profile's directory leave there what they like.
        .find(|(_, child)| MARKS.iter().any(|(_, mark)| is_there(child, mark)) && !is_profile(child))
        .and_then(|(name, _)| marked(&real.join(name)))
}

/// What is no profile's directory and yet cargo's: unpacked packages have manifests, and tests put anything into `tmp`.
const CARGOS: [&str; 3] = ["package", "doc", "tmp"];

const MARKS: [(Treasure, &str); 2] = [(Treasure::Package, "Cargo.toml"), (Treasure::Git, ".git")];

fn marked(dir: &Path) -> Option<(Treasure, PathBuf)> {
    let marks = MARKS.iter().map(|(treasure, name)| (*treasure, dir.join(name)));
    marks.into_iter().find(|(_, path)| std::fs::symlink_metadata(path).is_ok())
}

fn is_there(dir: &Dir, name: &str) -> bool {
    dir.symlink_metadata(name).is_ok()
}

fn sources(package: &Path) -> impl Iterator<Item = (Treasure, PathBuf)> {
    let dirs = SOURCES.iter().map(|name| (Treasure::Sources, package.join(name)));
    dirs.filter(|(_, dir)| dir.exists())
}

/// Where cargo looks for targets by itself.
const SOURCES: [&str; 4] = ["src", "tests", "examples", "benches"];

fn held(real: &Path, id: Option<Id>, treasures: Vec<(Treasure, PathBuf)>) -> Option<(Treasure, PathBuf)> {
    treasures.into_iter().find(|(_, path)| is_or_holds(real, id, path))
}

/// A treasure reached through a link is guarded at both ends. One behind a broken link is nowhere; where it cannot be
/// told, doubt counts as holding it.
fn is_or_holds(real: &Path, id: Option<Id>, treasure: &Path) -> bool {
    let is_in = |path: &Path| {
        path.starts_with(real)
            || id.is_some_and(|id| path.ancestors().any(|dir| id_at(dir).is_ok_and(|found| found == id)))
    };
    match Reach::of(treasure) {
        Ok(reach) => is_in(&reach.real) || reach.links.iter().any(|link| is_in(&link.at)),
        Err(error) => error.kind() != io::ErrorKind::NotFound || is_in(treasure),
    }
}
