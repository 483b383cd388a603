//! The directory that a change of the toolchain is about, and the toolchain file in charge in it.

use std::path::{Path, PathBuf};

use crate::env::Env;
use crate::toolchain::precedence::{BARE, TOML};
use crate::toolchain::{ToolchainError, ToolchainFile};

/// The directory that a change of the toolchain is about: the repository around the workspace, else the workspace.
///
/// A repository in the home directory holds somebody's dotfiles, and is none.
#[must_use]
pub fn repository(workspace: &Path, env: &Env) -> PathBuf {
    let is_top = |dir: &&Path| fs_err::symlink_metadata(dir.join(".git")).is_ok();
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
