//! `clean --manual PATH`: the safe form of `rm -rf PATH`, also where `Cargo.toml` is broken and cargo recognises nothing.

use std::path::{Path, PathBuf};

use super::Clean;
use super::home::{Home, closed};
use super::look::Look;
use crate::diagnostic::Failure;
use crate::exit::{Code, Exit};
use crate::plan::clean::{Asked, Owners, Wanted, What, Where};
use crate::policy::Policy;
use crate::policy::bypass::{self, Bypass};
use crate::policy::load::Loaded;
use crate::sourced::{Origin, Sourced};
use crate::workspace::bounds::owners::other_owners;
use crate::workspace::bounds::{self, State};
use crate::workspace::{Workspace, WorkspaceError};

impl Clean<'_> {
    /// Removes all that is in the directory, once it is proven to be a target or build dir of the project around the
    /// current directory.
    ///
    /// # Errors
    /// It is not, or something in it must survive.
    pub(super) fn by_hand(&self, path: &Path) -> Result<Exit, Failure> {
        let project = project(self.cwd()).ok_or_else(|| {
            let message = "there is no Cargo.toml here or above, so nobody can tell whose this is";
            Failure::new(Code::Workspace, message).help("go to the project that the directory belongs to")
        })?;
        if matches!(&self.context.workspace, Ok(Some(_))) {
            return self.by_hand_in(&project, path);
        }
        // Without a workspace no policy was looked for yet.
        let loaded = self.policy_above(&project)?;
        let policy = loaded.as_ref().map_or_else(Policy::defaults, |loaded| loaded.policy.clone());
        Clean { asked: self.asked.clone(), loaded: loaded.as_ref(), policy: &policy, ..*self }
            .by_hand_in(&project, path)
    }

    fn by_hand_in(&self, project: &Path, path: &Path) -> Result<Exit, Failure> {
        let env = &self.context.env;
        let named = Sourced::new(self.cwd().join(path), Origin::CommandLine("--manual".to_owned()));
        let allowed = &self.policy.clean.allow_outside;
        let own = closed(bounds::prove_by_hand(&named, project, allowed, env))?;
        if own.state() == State::Absent {
            return Err(Failure::new(Code::Usage, format!("there is nothing at `{}`", path.display()))
                .help("name a target dir"));
        }
        let cargo_home = env.cargo_home().ok_or_else(|| WorkspaceError::NoCargoHome.into_failure())?;
        let home = Home::single(own);
        let workspace = self.workspace_by_hand(project, &home, &cargo_home);
        let look = || {
            refuse_shared(project, &home, &workspace)?;
            self.look(&home, Owners::default(), &cargo_home)
        };
        let wanted = Wanted { place: Where::default(), what: What::All, by: Asked::ByPerson };
        let plan = |look: &mut Look| self.decide(&home, look, &wanted);
        self.carry_out(&home, look()?, &look, &plan, true)
    }

    /// The nearest policy, with the rule on switching it off: that a manifest cannot be read opens nothing.
    fn policy_above(&self, project: &Path) -> Result<Option<Loaded>, Failure> {
        for dir in project.ancestors() {
            if let Bypass::Off(warning) = bypass::decide(dir, &self.context.env)? {
                self.context.output.finding(&warning);
                return Ok(None);
            }
            if let Some(loaded) = self.context.policy_of(dir)? {
                return Ok(Some(loaded));
            }
        }
        Ok(None)
    }

    /// The workspace, or as much of it as can be told where its manifest is broken.
    fn workspace_by_hand(&self, project: &Path, home: &Home, cargo_home: &Path) -> Workspace {
        if let Ok(Some(workspace)) = &self.context.workspace {
            return workspace.clone();
        }
        let manifest = project.join("Cargo.toml");
        let dir = Sourced::new(home.build.path().to_path_buf(), home.build.origin().clone());
        Workspace {
            root: project.to_path_buf(),
            package_manifest: manifest.clone(),
            manifest,
            lock_file: project.join("Cargo.lock"),
            target_dir: dir.clone(),
            build_dir: dir,
            cargo_home: cargo_home.to_path_buf(),
        }
    }
}

/// All of a directory goes, so it may be nobody else's.
fn refuse_shared(project: &Path, home: &Home, workspace: &Workspace) -> Result<(), Failure> {
    let dir = home.build.path();
    let others = other_owners(dir, dir, workspace);
    // Members of a workspace that cannot be read look like others.
    let foreign =
        others.iter().find(|other| other.root.as_ref().is_none_or(|root| !root.starts_with(project)));
    match foreign {
        None => Ok(()),
        Some(other) => {
            let whose = other.root.as_ref().unwrap_or(&other.seen_in);
            Err(Failure::new(
                Code::OutsideBounds,
                format!("`{}` is shared: {} builds into it as well", dir.display(), whose.display()),
            )
            .note(format!("{} tells so; this project is {}", other.seen_in.display(), project.display()))
            .help("`xcargo clean` without `--manual` takes only what is this project's own"))
        }
    }
}

/// The nearest directory with a manifest, whether or not that can be read.
fn project(cwd: &Path) -> Option<PathBuf> {
    let has_manifest = |dir: &&Path| dir.join("Cargo.toml").symlink_metadata().is_ok();
    cwd.ancestors().find(has_manifest).map(Path::to_path_buf)
}
