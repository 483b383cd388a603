//! Where the journal of a repository lies: in its git dir, where nobody commits it, else in the user's state dir.

use std::path::{Path, PathBuf};

use super::JournalError;
use crate::env::Env;
use crate::workspace::git_dir::git_dir;

/// The directory of ours, in a git dir or among those of other programs.
const NAME: &str = "xcargo";

/// Where the journal of a repository lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The directory of journal and lock. It need not be there.
    pub dir: PathBuf,
    /// The repository: nothing outside of it is changed.
    pub root: PathBuf,
}

impl Place {
    /// The place for the repository around a workspace. Outside of git it is the workspace itself; `None` where there is
    /// neither a git dir nor a home.
    #[must_use]
    pub fn of(workspace_root: &Path, env: &Env) -> Option<Self> {
        Self::in_git(workspace_root).or_else(|| Self::in_state_home(workspace_root, env))
    }

    /// The same, if a change is going on there or was interrupted.
    ///
    /// Every command asks this: in a repository it costs three calls of the system, and one for each directory between the
    /// workspace and the repository; outside of one, one for each directory up to the root.
    #[must_use]
    pub fn interrupted_at(workspace_root: &Path, env: &Env) -> Option<Self> {
        let place = Self::in_git(workspace_root).or_else(|| {
            let is_used = env.state_home()?.join(NAME).is_dir();
            is_used.then(|| Self::in_state_home(workspace_root, env)).flatten()
        });
        place.filter(Self::is_interrupted)
    }

    fn in_git(workspace_root: &Path) -> Option<Self> {
        workspace_root.ancestors().find_map(|top| {
            let dir = git_dir(&top.join(".git"))?.join(NAME);
            Some(Self { dir, root: top.to_path_buf() })
        })
    }

    fn in_state_home(workspace_root: &Path, env: &Env) -> Option<Self> {
        // By any other name it is the same workspace.
        let root = fs_err::canonicalize(workspace_root).ok()?;
        let key = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
        Some(Self { dir: env.state_home()?.join(NAME).join(&key[..32]), root })
    }

    /// The journal; there only while files change, or after that was interrupted.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.dir.join("journal.json")
    }

    /// Whether a change is going on or was interrupted.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        std::fs::symlink_metadata(self.journal()).is_ok()
    }

    pub(super) fn real_root(&self) -> Result<PathBuf, JournalError> {
        fs_err::canonicalize(&self.root)
            .map_err(|cause| JournalError::Root { path: self.root.clone(), cause })
    }
}
