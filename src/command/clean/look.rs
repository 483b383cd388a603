//! What a clean sees of its two directories, and no more of it than the plan needs.

use std::path::Path;

use super::Clean;
use super::home::Home;
use crate::cache::finals::{self, Finals};
use crate::cache::outline::{self, Outline};
use crate::cache::{self, Cache, ProfileDir};
use crate::command::locking::Planned;
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::plan::clean::{self, CleanPlan, Owners, Sight, Wanted};

/// The directories as data.
pub(super) struct Look {
    build: Outline,
    target: Option<Outline>,
    /// Empty where only whole directories go.
    pub(super) cache: Cache,
    /// Who else builds there.
    owners: Owners,
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// The names at the top: enough for whole directories.
    Names,
    /// Every unit.
    Units,
}

impl Look {
    /// With these final artifacts.
    pub(super) fn sight<'a>(&'a self, finals: &'a Finals) -> Sight<'a> {
        Sight { build: &self.build, target: self.target.as_ref(), cache: &self.cache, finals }
    }

    /// With the plan that was made of it.
    pub(super) fn planned(self, plan: CleanPlan) -> Planned<Self> {
        Planned::of(self.profiles(), plan, self)
    }

    /// The profile dirs of both sides.
    fn profiles(&self) -> Cache {
        let mut cache = self.build.without_units();
        for profile in self.target.iter().flat_map(|target| target.without_units().profiles) {
            if !cache
                .profiles
                .iter()
                .any(|known| (&known.triple, &known.name) == (&profile.triple, &profile.name))
            {
                let path =
                    self.build.dir.join(profile.triple.as_deref().unwrap_or_default()).join(&profile.name);
                cache.profiles.push(ProfileDir { path, ..profile });
            }
        }
        cache
    }

    /// Reads of the incremental sessions what it takes to judge this.
    pub(super) fn read_for(&mut self, wanted: &Wanted) {
        if wanted.needs_sessions() {
            self.cache.read_sessions();
        }
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

impl Clean<'_> {
    /// Looks at a home that others use as well.
    ///
    /// # Errors
    /// One of its directories cannot be read.
    pub(super) fn look(&self, home: &Home, owners: Owners, cargo_home: &Path) -> Result<Look, Failure> {
        let depth = self.depth(&owners);
        let (build_dir, target_dir) = (home.build.path(), home.target.path());
        let build = outline::read(build_dir).map_err(|cause| unreadable(build_dir, &cause))?;
        let target = (target_dir != build_dir)
            .then(|| outline::read(target_dir).map_err(|cause| unreadable(target_dir, &cause)))
            .transpose()?;
        let cache = match depth {
            Depth::Names => Cache { dir: build_dir.to_path_buf(), ..Cache::default() },
            Depth::Units => {
                cache::read(build_dir, cargo_home).map_err(|cause| unreadable(build_dir, &cause))?
            }
        };
        Ok(Look { build, target, cache, owners })
    }

    /// What goes of what was seen. Whose the final artifacts are is found out only where a unit goes.
    ///
    /// # Errors
    /// The target dir cannot be read.
    pub(super) fn decide(&self, home: &Home, look: &Look, wanted: &Wanted) -> Result<CleanPlan, Failure> {
        let plan = clean::decide(look.sight(&Finals::default()), wanted, &look.owners);
        if plan.units() == 0 {
            return Ok(plan);
        }
        let target_dir = home.target.path();
        let finals = finals::read(target_dir, &look.cache).map_err(|cause| unreadable(target_dir, &cause))?;
        Ok(clean::decide(look.sight(&finals), wanted, &look.owners))
    }
}

fn unreadable(dir: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(Code::StepFailed, format!("could not read {}", dir.display()))
        .note(cause.to_string())
        .help("make it readable; nothing was removed")
}
