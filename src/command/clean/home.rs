//! Where a clean takes place: a target dir and a build dir, proven to be the workspace's own.

use std::path::PathBuf;

use crate::diagnostic::Failure;
use crate::env::Env;
use crate::plan::clean::Side;
use crate::sourced::Sourced;
use crate::workspace::Workspace;
use crate::workspace::bounds::{self, OutOfBounds, OwnDir};

/// Two directories that belong together; often they are one.
#[derive(Debug, Clone)]
pub(super) struct Home {
    pub(super) target: OwnDir,
    pub(super) build: OwnDir,
}

impl Home {
    /// The workspace's own.
    ///
    /// # Errors
    /// One of them is out of bounds.
    pub(super) fn of(
        workspace: &Workspace,
        allowed: &[Sourced<PathBuf>],
        env: &Env,
    ) -> Result<Self, Failure> {
        let prove = |dir: &Sourced<PathBuf>| closed(bounds::prove(dir, workspace, allowed, env));
        let target = prove(&workspace.target_dir)?;
        let build = if workspace.build_dir.value == workspace.target_dir.value {
            target.clone()
        } else {
            prove(&workspace.build_dir)?
        };
        Ok(Self { target, build })
    }

    /// One directory that is both.
    pub(super) fn single(dir: OwnDir) -> Self {
        Self { build: dir.clone(), target: dir }
    }

    /// Each directory with its side, the build dir first.
    pub(super) fn sides(&self) -> impl Iterator<Item = (Side, &OwnDir)> {
        let other = (self.target.path() != self.build.path()).then_some((Side::Target, &self.target));
        std::iter::once((Side::Build, &self.build)).chain(other)
    }

    pub(super) const fn dir(&self, side: Side) -> &OwnDir {
        match side {
            Side::Build => &self.build,
            Side::Target => &self.target,
        }
    }
}

/// With nothing inside that leads out again.
pub(super) fn closed(proven: Result<OwnDir, OutOfBounds>) -> Result<OwnDir, Failure> {
    proven.and_then(|own| own.is_closed().map(|()| own)).map_err(OutOfBounds::into_failure)
}
