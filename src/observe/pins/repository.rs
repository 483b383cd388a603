//! The directory that a change of the toolchain is about, and what in it says the pin: the toolchain file in charge, the policy.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::env::Env;
use crate::policy::load::Loaded;
use crate::toolchain::precedence::{BARE, TOML};
use crate::toolchain::{ToolchainError, ToolchainFile};
use crate::workspace::git_dir::git_dir;

/// The directory that a change of the toolchain is about: the repository around the workspace, else the workspace.
///
/// A repository in the home directory holds somebody's dotfiles, and is none.
#[must_use]
pub fn repository(workspace: &Path, env: &Env) -> PathBuf {
    // As for git and for the journal: what leads nowhere makes no repository.
    let is_top = |dir: &&Path| git_dir(&dir.join(".git")).is_some();
    let found =
        workspace.ancestors().find(is_top).filter(|dir| *dir == workspace || Some(*dir) != env.home());
    found.unwrap_or(workspace).to_path_buf()
}

/// The toolchain file that counts in the workspace's root, where it lies in the repository.
///
/// # Errors
/// It is there and is not what rustup would take.
pub fn toolchain_file(
    workspace: &Path,
    top: &Path,
) -> Result<Option<(ToolchainFile, String)>, ToolchainError> {
    for dir in workspace.ancestors().take_while(|dir| dir.starts_with(top)) {
        for name in [BARE, TOML] {
            let path = dir.join(name);
            // As for rustup: what cannot be read counts as absent.
            if let Ok(text) = fs_err::read_to_string(&path) {
                return ToolchainFile::parse(&path, &text).map(|file| Some((file, text)));
            }
        }
    }
    Ok(None)
}

/// The files of the workspace's policy that lie in the repository: its own, and what it extends. What lies elsewhere, in
/// another repository below this one or behind a link that leads out, is for somebody else to change.
pub(super) fn policies(loaded: Option<&Loaded>, top: &Path, env: &Env) -> HashSet<PathBuf> {
    let cwd = env.cwd().unwrap_or(Path::new(""));
    let Ok(real_top) = fs_err::canonicalize(top) else { return HashSet::new() };
    let sources = loaded.into_iter().flat_map(|loaded| &loaded.sources);
    let real = sources.filter_map(|source| fs_err::canonicalize(cwd.join(&source.path)).ok());
    real.filter_map(|path| Some(top.join(path.strip_prefix(&real_top).ok()?)))
        .filter(|path| {
            let mut dirs = path.ancestors().skip(1).take_while(|dir| *dir != top);
            !dirs.any(|dir| fs_err::symlink_metadata(dir.join(".git")).is_ok())
        })
        .collect()
}
