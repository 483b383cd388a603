//! What may be deleted: a proof that a directory is cargo's own target or build dir of this workspace.
//!
//! Cargo 1.95 deletes whatever the target dir is set to; from 1.97 it looks for a tag, but only for `--target-dir`
//! (cargo#9192, cargo#16712). Here every rule is asked, whoever set the directory, and doubt is a refusal. The proof is
//! of an open directory and not of its name: the removal works on the very handle that was proven, so that whatever
//! is put in its place, or in the place of a directory above it, is never touched.

mod between;
mod by_hand;
mod evidence;
mod inside;
pub mod owners;
mod protected;
mod reach;
mod refusal;
pub(crate) mod tracked;
mod user;
mod way;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::fs::Dir;

use between::Ends;
pub use by_hand::prove_by_hand;
pub use evidence::Evidence;
pub use protected::Treasure;
use reach::Reach;
pub use refusal::OutOfBounds;
use way::{Id, Way, id_at};

use super::Workspace;
use crate::env::Env;
use crate::sourced::{Origin, Sourced};

/// A directory that was proven to be a cargo target or build dir of this workspace, or not to exist yet within it.
///
/// It is held open: what happens to its path meanwhile changes nothing about which directory this is.
#[derive(Debug, Clone)]
pub struct OwnDir {
    path: PathBuf,
    origin: Origin,
    state: State,
    handle: Option<Arc<Dir>>,
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
    /// The directory: absolute, without `..`, and with no link on the way where it exists. For messages, and for looking;
    /// what is removed is removed below [`Self::handle`].
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

    /// The directory itself, open; none where the state is [`State::Absent`].
    #[must_use]
    pub const fn handle(&self) -> Option<&Arc<Dir>> {
        self.handle.as_ref()
    }

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
    let place = Place::of(dir, &workspace.root, env)?;
    let unknown = |error| OutOfBounds::MembersUnknown { dir: dir.clone(), error: Box::new(error) };
    let treasure = protected::first_within(&place.real, place.way.id(), workspace, env).map_err(unknown)?;
    if let Some((treasure, path)) = treasure {
        return Err(OutOfBounds::Holds { dir: dir.clone(), treasure, path });
    }
    let ends = place.ends(allow_outside)?;
    if let Some(root) = between::stranger(&place.real, &ends, workspace).map_err(unknown)? {
        return Err(OutOfBounds::OtherWorkspace { dir: dir.clone(), root });
    }
    let marks = place.marks(1)?;
    place.is_nobody_elses()?;
    Ok(place.into_own(&marks))
}

/// A directory that is looked at, and the root that it must lie in.
struct Place<'a> {
    dir: &'a Sourced<PathBuf>,
    real: PathBuf,
    way: Way,
    root: PathBuf,
    root_id: Id,
    cwd: PathBuf,
}

impl<'a> Place<'a> {
    /// Finds out where the directory lies; through no link that leads out of the root.
    fn of(dir: &'a Sourced<PathBuf>, root: &Path, env: &Env) -> Result<Self, OutOfBounds> {
        if dir.value.as_os_str().is_empty() {
            return Err(OutOfBounds::Nameless { dir: dir.clone() });
        }
        let cwd = env.cwd().unwrap_or(root).to_path_buf();
        let unresolved = |path: &Path| unresolved(dir, path);
        let root = Reach::of(&cwd.join(root)).map_err(unresolved(root))?.real;
        let root_id = id_at(&root).map_err(unresolved(&root))?;
        let reach = Reach::of(&cwd.join(&dir.value)).map_err(unresolved(&dir.value))?;
        if let Some(link) = reach.is_link() {
            return Err(OutOfBounds::Link { dir: dir.clone(), leads_to: link.leads_to.clone() });
        }
        let is_in = |path: &Path| {
            path.starts_with(&root) || path.ancestors().any(|dir| id_at(dir).is_ok_and(|id| id == root_id))
        };
        if let Some(link) = reach.links.iter().find(|link| is_in(&link.at) && !is_in(&link.leads_to)) {
            let (link, leads_to) = (link.at.clone(), link.leads_to.clone());
            return Err(OutOfBounds::ThroughLink { dir: dir.clone(), link, leads_to });
        }
        let real = reach.real;
        let way = Way::walk(&real).map_err(|error| {
            // A file at the end of the way, not on it.
            if error.kind() == io::ErrorKind::NotADirectory
                && real.symlink_metadata().is_ok_and(|found| !found.is_dir() && !found.is_symlink())
            {
                OutOfBounds::NotADirectory { dir: dir.clone() }
            } else {
                unresolved(&real)(error)
            }
        })?;
        Ok(Self { dir, real, way, root, root_id, cwd })
    }

    /// Whether it lies in the root, or in what the policy opens, and so how far up others' workspaces are looked for.
    fn ends(&self, allow_outside: &[Sourced<PathBuf>]) -> Result<Ends, OutOfBounds> {
        if self.way.is_within(self.root_id) {
            return Ok(Ends::Below(self.root_id));
        }
        let mut nearest: Option<(usize, Option<Id>)> = None;
        for entry in allow_outside {
            let entry = self.cwd.join(self.root.join(&entry.value));
            let entry = Reach::of(&entry).map_err(unresolved(self.dir, &entry))?.real;
            let id = id_at(&entry).ok();
            if id.map_or_else(|| self.real.starts_with(&entry), |id| self.way.is_within(id)) {
                let depth = entry.components().count();
                nearest = nearest.filter(|(before, _)| *before >= depth).or(Some((depth, id)));
            }
        }
        match nearest {
            Some((_, Some(id))) => Ok(Ends::With(id)),
            // What is opened does not exist yet, so nobody's workspace lies between.
            Some((_, None)) => Ok(Ends::Here),
            None => Err(OutOfBounds::Outside {
                dir: self.dir.clone(),
                real: self.real.clone(),
                root: self.root.clone(),
            }),
        }
    }

    /// The marks of cargo's in it; none where there is nothing at all.
    fn marks(&self, enough: usize) -> Result<Vec<Evidence>, OutOfBounds> {
        let Some(end) = self.way.end() else { return Ok(Vec::new()) };
        let mut entries = end.entries().map_err(unresolved(self.dir, &self.real))?;
        if entries.next().is_none() {
            return Ok(Vec::new());
        }
        let marks = evidence::marks(end, enough);
        if marks.is_empty() {
            return Err(OutOfBounds::Strange { dir: self.dir.clone() });
        }
        Ok(marks)
    }

    /// Nothing in it is another user's, another project's, or in version control.
    fn is_nobody_elses(&self) -> Result<(), OutOfBounds> {
        let (Some(end), Some(id)) = (self.way.end(), self.way.id()) else { return Ok(()) };
        let dir = || self.dir.clone();
        let foreign = user::first_foreign(end, &self.real, &self.root);
        if let Some(user::Foreign { at, owner, me }) = foreign.map_err(unresolved(self.dir, &self.real))? {
            return Err(OutOfBounds::Foreign { dir: dir(), at, owner, me });
        }
        if let Some((treasure, path)) = protected::first_beside(end, &self.real) {
            return Err(OutOfBounds::Holds { dir: dir(), treasure, path });
        }
        match tracked::first(&self.real, id) {
            Ok(None) => Ok(()),
            Ok(Some(file)) => Err(OutOfBounds::Tracked { dir: dir(), file }),
            Err(tracked::Unreadable { file, cause }) => {
                Err(OutOfBounds::IndexUnreadable { dir: dir(), index: file, cause })
            }
        }
    }

    fn into_own(self, marks: &[Evidence]) -> OwnDir {
        let handle = self.way.into_end().map(Arc::new);
        let state = match (&handle, marks.first()) {
            (None, _) => State::Absent,
            (Some(_), None) => State::Empty,
            (Some(_), Some(mark)) => State::Cargo(*mark),
        };
        OwnDir { path: self.real, origin: self.dir.origin.clone(), state, handle }
    }
}

/// What an error of the system's about this path means for the directory.
fn unresolved(dir: &Sourced<PathBuf>, path: &Path) -> impl Fn(io::Error) -> OutOfBounds + use<> {
    let (dir, path) = (dir.clone(), path.to_path_buf());
    move |error| OutOfBounds::Unresolved { dir: dir.clone(), path: path.clone(), cause: error.to_string() }
}

#[cfg(test)]
mod tests;
