//! `clean --manual PATH`: the safe form of `rm -rf PATH`, also where `Cargo.toml` is broken and cargo recognises nothing.

use std::path::{Path, PathBuf};

use super::Clean;
use super::home::{Home, closed};
use super::look::{Depth, Look};
use crate::diagnostic::Failure;
use crate::exit::{Code, Exit};
use crate::plan::clean::{Asked, Owners, Wanted, What, Where};
use crate::policy::Policy;
use crate::sourced::{Origin, Sourced};
use crate::workspace::WorkspaceError;
use crate::workspace::bounds::{self, State};

impl Clean<'_> {
    /// Removes all that is in the directory, once it is proven to be a target or build dir of the project around the
    /// current directory.
    ///
    /// # Errors
    /// It is not, or something in it must survive.
    pub(super) fn by_hand(&self, path: &Path) -> Result<Exit, Failure> {
        let env = &self.context.env;
        let project = project(self.cwd()).ok_or_else(|| {
            let message = "there is no Cargo.toml here or above, so nobody can tell whose this is";
            Failure::new(Code::Workspace, message).help("go to the project that the directory belongs to")
        })?;
        // The policy is beside the manifest, whatever is in that.
        let loaded = self.context.policy_of(&project)?;
        let policy = loaded.map_or_else(Policy::defaults, |loaded| loaded.policy);
        let named = Sourced::new(self.cwd().join(path), Origin::CommandLine("--manual".to_owned()));
        let own = closed(bounds::prove_by_hand(&named, &project, &policy.clean.allow_outside, env))?;
        if own.state() == State::Absent {
            return Err(Failure::new(Code::Usage, format!("there is nothing at `{}`", path.display()))
                .help("name a target dir"));
        }
        let cargo_home = env.cargo_home().ok_or_else(|| WorkspaceError::NoCargoHome.into_failure())?;
        let home = Home::single(own);
        let look = || self.look(&home, Depth::Names, &cargo_home);
        let wanted = Wanted { place: Where::default(), what: What::ByHand, by: Asked::ByPerson };
        let owners = Owners::default();
        let plan = |look: &mut Look| self.decide(&home, look, &wanted, &owners);
        self.carry_out(&home, look()?, &look, &plan, true)
    }
}

/// The nearest directory with a manifest, whether or not that can be read.
fn project(cwd: &Path) -> Option<PathBuf> {
    let has_manifest = |dir: &&Path| dir.join("Cargo.toml").symlink_metadata().is_ok();
    cwd.ancestors().find(has_manifest).map(Path::to_path_buf)
}
