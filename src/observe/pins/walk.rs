//! The files of a repository that may name a toolchain: no link is followed, and nothing is entered that is not its own.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::Asked;
use super::rules::{Names, Rules};
use crate::pins::Kind;
use crate::toolchain::ToolchainFile;

/// Every file that may name a toolchain, in order of their paths, the toolchain file in charge first.
pub(super) fn walk(
    asked: &Asked<'_>,
    top: &Path,
    file: Option<&ToolchainFile>,
    rules: &Rules,
) -> Vec<PathBuf> {
    let workspace = asked.workspace;
    let skipped = [workspace.target_dir.value.clone(), workspace.build_dir.value.clone()];
    let found = Mutex::new(Vec::new());
    let top_owned = top.to_path_buf();
    WalkBuilder::new(top)
        .hidden(false)
        .ignore(false)
        .follow_links(false)
        .require_git(false)
        .filter_entry(move |entry| is_entered(entry, &top_owned, &skipped))
        .build_parallel()
        .run(|| {
            Box::new(|entry| {
                if let Ok(entry) = entry
                    && entry.file_type().is_some_and(|kind| kind.is_file())
                {
                    let path = entry.into_path();
                    let names = Names::of(&path, top, workspace);
                    if Kind::of(names.in_repository).is_some() || rules.is_extra(&names) {
                        found.lock().unwrap_or_else(PoisonError::into_inner).push(path);
                    }
                }
                WalkState::Continue
            })
        });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    // These count whatever git ignores and wherever a link leads.
    found.extend(file.map(|file| file.path.clone()));
    let cwd = asked.env.cwd().unwrap_or(Path::new(""));
    let policies =
        asked.loaded.iter().flat_map(|loaded| &loaded.sources).map(|source| cwd.join(&source.path));
    found.extend(policies.filter(|path| path.starts_with(top)));
    found.sort();
    found.dedup();
    if let Some(at) = file.and_then(|file| found.iter().position(|path| *path == file.path)) {
        let first = found.remove(at);
        found.insert(0, first);
    }
    found
}

/// Whether a directory's files are the repository's own: no build product, no copy of somebody else's, no other repository.
fn is_entered(entry: &DirEntry, top: &Path, skipped: &[PathBuf]) -> bool {
    if entry.path() == top || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return entry.file_name() != ".git";
    }
    let there = |name: &str| fs_err::symlink_metadata(entry.path().join(name)).is_ok();
    let name = entry.file_name();
    !(name == ".git"
        || name == "node_modules"
        || skipped.iter().any(|dir| dir == entry.path())
        || there(".git")
        || there(".cargo-checksum.json")
        || there("CACHEDIR.TAG"))
}
