//! What may be deleted: a proof that a directory is cargo's own target or build dir of this workspace.
//!
//! Cargo 1.95 deletes whatever the target dir is set to; from 1.97 it looks for a tag, but only for `--target-dir`
//! (cargo#9192, cargo#16712). Here every rule is asked, whoever set the directory, and doubt is a refusal.

mod evidence;
mod inside;
mod protected;
mod reach;
mod refusal;

use std::path::{Path, PathBuf};

pub use evidence::Evidence;
pub use protected::Treasure;
use reach::Reach;
pub use refusal::OutOfBounds;

use super::Workspace;
use super::paths::is_within;
use crate::env::Env;
use crate::sourced::{Origin, Sourced};

/// A directory that was proven to be a cargo target or build dir of this workspace, or not to exist yet within it.
///
/// It is true of the moment of the proof; who deletes must walk from an open handle and follow no links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDir {
    path: PathBuf,
    origin: Origin,
    state: State,
}

/// What was there when the directory was proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Absent,
    /// A directory without an entry.
    Empty,
    /// A directory with this mark of cargo's.
    Cargo(Evidence),
}

impl OwnDir {
    /// The directory: absolute, without `..`, and with no link on the way where it exists.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it was set.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// What was there.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }
}

impl OwnDir {
    /// Proves that nothing below leads out of it again: for a deleter that looks neither at links nor at mounts, as
    /// cargo's own.
    ///
    /// # Errors
    /// [`OutOfBounds::LinkInside`] or [`OutOfBounds::MountInside`].
    pub fn is_closed(&self) -> Result<(), OutOfBounds> {
        let dir = Sourced::new(self.path.clone(), self.origin.clone());
        match inside::first(&self.path) {
            None => Ok(()),
            Some(inside::WayOut::Link { link, leads_to }) => {
                Err(OutOfBounds::LinkInside { dir, link, leads_to })
            }
            Some(inside::WayOut::Mount(at)) => Err(OutOfBounds::MountInside { dir, at }),
        }
    }
}

/// Proves that a directory is this workspace's to clean.
///
/// `allow_outside` are the directories beyond the workspace that the policy opens (`clean.allow-outside`), they and all
/// below; a relative entry is meant from the workspace's root. They open no other rule.
///
/// # Errors
/// The first rule that the directory breaks.
pub fn prove(
    dir: &Sourced<PathBuf>,
    workspace: &Workspace,
    allow_outside: &[Sourced<PathBuf>],
    env: &Env,
) -> Result<OwnDir, OutOfBounds> {
    let named = || dir.clone();
    if dir.value.as_os_str().is_empty() {
        return Err(OutOfBounds::Nameless { dir: named() });
    }
    let cwd = env.cwd().unwrap_or(&workspace.root);
    let unresolved = |path: &Path, error: std::io::Error| OutOfBounds::Unresolved {
        dir: named(),
        path: path.to_path_buf(),
        cause: error.to_string(),
    };
    let resolve = |path: &Path| Reach::of(&cwd.join(path)).map_err(|error| unresolved(path, error));

    let root = resolve(&workspace.root)?.real;
    let reach = resolve(&dir.value)?;
    if let Some(link) = reach.is_link() {
        return Err(OutOfBounds::Link { dir: named(), leads_to: link.leads_to.clone() });
    }
    if let Some(link) =
        reach.links.iter().find(|link| is_within(&link.at, &root) && !is_within(&link.leads_to, &root))
    {
        let (link, leads_to) = (link.at.clone(), link.leads_to.clone());
        return Err(OutOfBounds::ThroughLink { dir: named(), link, leads_to });
    }
    let real = reach.real;
    if let Some((treasure, path)) = protected::first_within(&real, workspace, env)
        .map_err(|error| OutOfBounds::MembersUnknown { dir: named(), error: Box::new(error) })?
    {
        return Err(OutOfBounds::Holds { dir: named(), treasure, path });
    }
    if !is_within(&real, &root) {
        let mut allowed = false;
        for entry in allow_outside {
            allowed |= is_within(&real, &resolve(&workspace.root.join(&entry.value))?.real);
        }
        if !allowed {
            return Err(OutOfBounds::Outside { dir: named(), real, root });
        }
    }
    let state = state(&real, &named, unresolved)?;
    Ok(OwnDir { path: real, origin: dir.origin.clone(), state })
}

fn state(
    real: &Path,
    named: &dyn Fn() -> Sourced<PathBuf>,
    unresolved: impl Fn(&Path, std::io::Error) -> OutOfBounds,
) -> Result<State, OutOfBounds> {
    match std::fs::symlink_metadata(real) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(State::Absent),
        Err(error) => return Err(unresolved(real, error)),
        Ok(found) if !found.is_dir() => return Err(OutOfBounds::NotADirectory { dir: named() }),
        Ok(_) => {}
    }
    let mut entries = std::fs::read_dir(real).map_err(|error| unresolved(real, error))?;
    if entries.next().is_none() {
        return Ok(State::Empty);
    }
    match evidence::of(real) {
        Some(evidence) => Ok(State::Cargo(evidence)),
        None => Err(OutOfBounds::Strange { dir: named() }),
    }
}

#[cfg(test)]
mod tests;
