//! Whether this build is worth a record, and what was recorded by everybody who builds into the dir.

use std::path::{Path, PathBuf};

use super::build::Observed;
use crate::cache::OWN_DIR;
use crate::cache::uses::{self, Head, Uses};
use crate::env::Env;
use crate::toolchain::Identity;
use crate::workspace::{Workspace, lock_file};

/// A build that is to be recorded: there is no record of the same one from the last day.
#[derive(Debug, Clone)]
pub struct News {
    path: PathBuf,
    now: i64,
    compiler: Identity,
    profiles: Vec<PathBuf>,
    lock: Option<Vec<u8>>,
}

/// Whether this build is news. Without a compiler that is known there is nothing to record: another one on purpose
/// (`cargo +x`) would have to be asked who it is each time.
#[must_use]
pub fn news(
    workspace: &Workspace,
    observed: &Observed,
    profiles: Vec<PathBuf>,
    now: i64,
    env: &Env,
) -> Option<News> {
    let compiler = observed.identity_if_installed(env)?;
    let path = uses::path(&workspace.build_dir.value, &workspace.root);
    let digest = uses::digest(observed.lock.as_deref());
    let is_news = Head::read(&path).is_none_or(|head| head.is_news(now, &compiler, &profiles, &digest));
    is_news.then(|| News { path, now, compiler, profiles, lock: observed.lock.clone() })
}

impl News {
    /// Where the record lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The record with this build in it.
    #[must_use]
    pub fn recorded(&self) -> Uses {
        let mut uses = Uses::read(&self.path).unwrap_or_else(|| Uses::starting(self.now));
        let packages = self.lock.as_deref().and_then(lock_file::packages);
        let digest = uses::digest(self.lock.as_deref());
        uses.record(self.now, &self.compiler, &self.profiles, &digest, packages.as_ref());
        uses
    }

    /// When the build is, in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now
    }
}

/// The records of all workspaces that build into this dir.
#[must_use]
pub fn all(build_dir: &Path) -> Vec<Uses> {
    let Ok(entries) = fs_err::read_dir(build_dir.join(OWN_DIR)) else { return Vec::new() };
    let is_record =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("uses-"));
    entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(is_record)
        .filter_map(|path| Uses::read(&path))
        .collect()
}
