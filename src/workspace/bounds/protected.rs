//! What must survive whatever anybody configured: a directory that is or holds one of these is never cleaned.

use std::io;
use std::path::{Path, PathBuf};

use super::reach::Reach;
use crate::env::Env;
use crate::workspace::paths::is_within;
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

/// The first of them that the (resolved) directory is or holds, and where that lies.
pub(super) fn first_within(
    real: &Path,
    workspace: &Workspace,
    env: &Env,
) -> Result<Option<(Treasure, PathBuf)>, WorkspaceError> {
    if real.parent().is_none() {
        return Ok(Some((Treasure::FileSystem, real.to_path_buf())));
    }
    let mut treasures = vec![(Treasure::Workspace, workspace.root.clone())];
    let mut add = |treasure, path: Option<PathBuf>| treasures.extend(path.map(|path| (treasure, path)));
    add(Treasure::CurrentDir, env.cwd().ok().map(Path::to_path_buf));
    add(Treasure::Home, env.home().map(Path::to_path_buf));
    add(Treasure::CargoHome, env.cargo_home());
    add(Treasure::RustupHome, env.rustup_home());
    add(Treasure::Git, workspace.root.ancestors().map(|dir| dir.join(".git")).find(|git| git.exists()));
    if let Some(found) = held(real, treasures) {
        return Ok(Some(found));
    }
    // What lies in the directory itself: a tool's scratch repositories further down are its own affair.
    for (treasure, name) in [(Treasure::Package, "Cargo.toml"), (Treasure::Git, ".git")] {
        let path = real.join(name);
        if std::fs::symlink_metadata(&path).is_ok() {
            return Ok(Some((treasure, path)));
        }
    }
    if real.file_name().is_some_and(|name| name.eq_ignore_ascii_case(".git")) {
        return Ok(Some((Treasure::Git, real.to_path_buf())));
    }
    let members = workspace.members()?;
    let mut treasures: Vec<_> = members.iter().map(|member| (Treasure::Member, member.dir.clone())).collect();
    for member in &members {
        let sources = SOURCES.iter().map(|name| (Treasure::Sources, member.dir.join(name)));
        treasures.extend(sources.filter(|(_, dir)| dir.exists()));
    }
    let dependencies = workspace.path_dependencies()?;
    treasures.extend(dependencies.into_iter().map(|found| (Treasure::PathDependency, found.dir)));
    Ok(held(real, treasures))
}

/// Where cargo looks for targets by itself.
const SOURCES: [&str; 4] = ["src", "tests", "examples", "benches"];

fn held(real: &Path, treasures: Vec<(Treasure, PathBuf)>) -> Option<(Treasure, PathBuf)> {
    treasures.into_iter().find(|(_, path)| is_or_holds(real, path))
}

/// A treasure reached through a link is guarded at both ends. One behind a broken link is nowhere; where it cannot be
/// told, doubt counts as holding it.
fn is_or_holds(real: &Path, treasure: &Path) -> bool {
    match Reach::of(treasure) {
        Ok(reach) => is_within(&reach.real, real) || reach.links.iter().any(|link| is_within(&link.at, real)),
        Err(error) => error.kind() != io::ErrorKind::NotFound || is_within(treasure, real),
    }
}
