//! The files of a repository that may name a toolchain: no link is followed, and nothing is entered that is not its own.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{WalkBuilder, WalkState};

use super::rules::{Names, Rules};
use crate::observe::git;
use crate::toolchain::ToolchainFile;
use crate::workspace::Workspace;

/// Every file that may name a toolchain, in order of their paths, the toolchain file in charge first.
pub(super) fn walk(
    workspace: &Workspace,
    top: &Path,
    file: Option<&ToolchainFile>,
    rules: &Rules,
) -> Vec<PathBuf> {
    let own = Arc::new(Own {
        top: top.to_path_buf(),
        skipped: [workspace.target_dir.value.clone(), workspace.build_dir.value.clone()],
    });
    let is_wanted = |path: &Path| {
        let names = Names::of(path, top, workspace);
        rules.kind(path, &names).is_some() || rules.is_extra(&names)
    };
    let found = Mutex::new(Vec::new());
    let entered = Arc::clone(&own);
    WalkBuilder::new(top)
        .hidden(false)
        .ignore(false)
        // What lies above the repository says nothing about it, as for git.
        .parents(false)
        .follow_links(false)
        .require_git(false)
        .filter_entry(move |entry| {
            let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
            if is_dir { entered.is_dir(entry.path()) } else { entry.file_name() != ".git" }
        })
        .build_parallel()
        .run(|| {
            Box::new(|entry| {
                if let Ok(entry) = entry
                    && entry.file_type().is_some_and(|kind| kind.is_file())
                    && is_wanted(entry.path())
                {
                    found.lock().unwrap_or_else(PoisonError::into_inner).push(entry.into_path());
                }
                WalkState::Continue
            })
        });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    // To git, what is tracked is not ignored, whatever a rule says.
    if is_there(&top.join(".git")) {
        let tracked = git::tracked_though_ignored(top).into_iter().map(|path| top.join(path));
        found.extend(tracked.filter(|path| is_wanted(path) && own.is_file(path)));
    }
    // These count whatever git ignores and wherever a link leads.
    found.extend(file.map(|file| file.path.clone()));
    found.extend(rules.policies().cloned());
    found.sort();
    found.dedup();
    if let Some(at) = file.and_then(|file| found.iter().position(|path| *path == file.path)) {
        let first = found.remove(at);
        found.insert(0, first);
    }
    found
}

/// What of a repository is its own: no build product, no copy of somebody else's, no other repository.
struct Own {
    top: PathBuf,
    skipped: [PathBuf; 2],
}

impl Own {
    /// Whether a directory's files are, given that those around it are.
    fn is_dir(&self, dir: &Path) -> bool {
        if dir == self.top {
            return true;
        }
        let there = |name: &str| is_there(&dir.join(name));
        let name = dir.file_name().unwrap_or_default();
        !(name == ".git"
            || name == "node_modules"
            || self.skipped.iter().any(|skipped| skipped == dir)
            || there(".git")
            || there(".cargo-checksum.json")
            || there("CACHEDIR.TAG"))
    }

    /// Whether a file is, and no link leads to it.
    fn is_file(&self, path: &Path) -> bool {
        let is = |path: &Path, wanted: fn(&Metadata) -> bool| {
            fs_err::symlink_metadata(path).is_ok_and(|meta| wanted(&meta))
        };
        is(path, Metadata::is_file)
            && path
                .ancestors()
                .skip(1)
                .take_while(|dir| *dir != self.top)
                .all(|dir| is(dir, Metadata::is_dir) && self.is_dir(dir))
    }
}

fn is_there(path: &Path) -> bool {
    fs_err::symlink_metadata(path).is_ok()
}
