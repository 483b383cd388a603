//! What a clean sees of its two directories, and no more of it than the plan needs.

use super::Clean;
use super::home::Home;
use crate::cache::finals::{self, Finals};
use crate::cache::outline::{self, Outline};
use crate::cache::{self, Cache};
use crate::command::locking::Seen;
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::plan::clean::Sight;
use std::path::Path;

/// The directories as data.
pub(super) struct Look {
    build: Outline,
    target: Option<Outline>,
    /// Empty where only whole directories go.
    pub(super) cache: Cache,
    finals: Finals,
    lockable: Cache,
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// The names at the top: enough for whole directories.
    Names,
    /// Every unit, and what is uplifted from it.
    Units,
}

impl Look {
    pub(super) fn sight(&self) -> Sight<'_> {
        Sight { build: &self.build, target: self.target.as_ref(), cache: &self.cache, finals: &self.finals }
    }

    pub(super) const fn build(&self) -> &Outline {
        &self.build
    }

    /// Whether there is a directory of this profile, for the host or any triple.
    pub(super) fn has_profile(&self, name: &std::ffi::OsStr) -> bool {
        let outlines = std::iter::once(&self.build).chain(&self.target);
        outlines.flat_map(|outline| &outline.profiles).any(|profile| profile.name == name)
    }
}

impl Seen for Look {
    fn profiles(&self) -> &Cache {
        &self.lockable
    }
}

impl Clean<'_> {
    /// Looks at a home.
    ///
    /// # Errors
    /// One of its directories cannot be read.
    pub(super) fn look(&self, home: &Home, depth: Depth, cargo_home: &Path) -> Result<Look, Failure> {
        let (build_dir, target_dir) = (home.build.path(), home.target.path());
        let build = outline::read(build_dir).map_err(|cause| unreadable(build_dir, &cause))?;
        let target = (target_dir != build_dir)
            .then(|| outline::read(target_dir).map_err(|cause| unreadable(target_dir, &cause)))
            .transpose()?;
        let (cache, finals) = match depth {
            Depth::Names => (Cache { dir: build_dir.to_path_buf(), ..Cache::default() }, Finals::default()),
            Depth::Units => {
                let cache =
                    cache::read(build_dir, cargo_home).map_err(|cause| unreadable(build_dir, &cause))?;
                let finals =
                    finals::read(target_dir, &cache).map_err(|cause| unreadable(target_dir, &cause))?;
                (cache, finals)
            }
        };
        let lockable = build.without_units();
        Ok(Look { build, target, cache, finals, lockable })
    }
}

fn unreadable(dir: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(Code::StepFailed, format!("could not read {}", dir.display()))
        .note(cause.to_string())
        .help("make it readable; nothing was removed")
}
