//! What every command about a workspace needs to know first: what will run, where, and how to speak.

use std::path::Path;

use crate::apply::removal::Removal;
use crate::diagnostic::Failure;
use crate::env::Env;
use crate::exit::Code;
use crate::invocation::{Flags, Invocation, Request, Resolved};
use crate::output::{ConfiguredLook, Output};
use crate::policy::CleanPolicy;
use crate::policy::bypass::{self, Bypass};
use crate::policy::load::{self, Loaded};
use crate::workspace::config::CargoConfig;
use crate::workspace::{self, Asked, Workspace, WorkspaceError};

/// Where a command takes place.
pub(super) struct Context {
    /// The environment, seen from the directory of `-C`.
    pub(super) env: Env,
    /// The environment as this process found it: rustup chooses a toolchain before cargo reads `-C`.
    pub(super) env_of_rustup: Env,
    /// The command with its aliases followed.
    pub(super) resolved: Resolved,
    /// Cargo's config.
    pub(super) config: CargoConfig,
    /// The workspace; an error is kept for those who cannot do without.
    pub(super) workspace: Result<Option<Workspace>, WorkspaceError>,
    /// How to speak.
    pub(super) output: Output,
}

impl Context {
    /// Looks around without starting a process.
    ///
    /// # Errors
    /// Cargo's config cannot be read; cargo will not be able to, either.
    pub(super) fn survey(invocation: &Invocation, env: &Env) -> Result<Self, WorkspaceError> {
        let typed = invocation.flags();
        let cwd = env.cwd().unwrap_or(Path::new(""));
        let env_of_rustup = env.clone();
        let env = match &typed.directory {
            // As cargo does by going there: without links and `..`. Where that fails, it fails for cargo, too.
            Some(dir) => env.in_dir(fs_err::canonicalize(cwd.join(dir)).unwrap_or_else(|_| cwd.join(dir))),
            None => env.clone(),
        };
        let config = CargoConfig::load(&[], &env)?;
        let mut resolved = invocation.resolve(&|word| config.alias(word));
        // The flags behind a verb of ours are as cargo's are.
        let certain = resolved.certain_flags.take().filter(|_| invocation.request == Request::Cargo);
        let (config, workspace) = match (place(&resolved.flags, config.clone(), &env), certain) {
            (Ok((config, Ok(Some(workspace)))), _) => (config, Ok(Some(workspace))),
            // What looked like cargo's flags may have been another program's.
            (_, Some(certain)) => place(&certain, config, &env)?,
            (found, None) => found?,
        };
        let look = look(&config);
        let output = Output::new(&resolved.flags, &look, &env);
        Ok(Self { env, env_of_rustup, resolved, config, workspace, output })
    }

    /// The workspace, for those who cannot do without.
    ///
    /// # Errors
    /// There is none, or it cannot be told.
    pub(super) fn workspace(&self) -> Result<&Workspace, Failure> {
        match &self.workspace {
            Ok(Some(workspace)) => Ok(workspace),
            Ok(None) => {
                Err(Failure::new(Code::Workspace, "there is no Cargo.toml here or in any directory above")
                    .help("run it inside a workspace, or name one with `--manifest-path`"))
            }
            Err(error) => Err(error.clone().into_failure()),
        }
    }

    /// Whether what was removed may be deleted by a process that outlives the command. In a CI job that is killed with the job,
    /// and what it has not deleted is cached.
    pub(super) fn may_delete_in_background(&self, policy: &CleanPolicy) -> bool {
        policy.background.value && !self.env.is_ci()
    }

    /// Leaves the trash to a process that outlives this one, where policy allows and the system does.
    pub(super) fn leaves_to_background(&self, removal: &Removal, policy: &CleanPolicy) -> bool {
        self.may_delete_in_background(policy)
            && self.env.exe().is_some_and(|program| removal.empty_in_background(program).is_ok())
    }

    /// The policy in force: none without a doctor.toml, and none where it was switched off, which is said.
    ///
    /// # Errors
    /// The policy is broken, or was switched off where that is not allowed.
    pub(super) fn policy(&self) -> Result<Option<Loaded>, Failure> {
        let Ok(Some(workspace)) = &self.workspace else { return Ok(None) };
        if let Bypass::Off(warning) = bypass::decide(&workspace.root, &self.env)? {
            self.output.finding(&warning);
            return Ok(None);
        }
        self.policy_of(&workspace.root)
    }

    /// The policy in this directory, whether or not it was switched off; its warnings are said.
    ///
    /// # Errors
    /// It is broken.
    pub(super) fn policy_of(&self, root: &Path) -> Result<Option<Loaded>, Failure> {
        let loaded = load::load(root, &self.env)?;
        for warning in loaded.iter().flat_map(|loaded| &loaded.warnings) {
            self.output.finding(warning);
        }
        Ok(loaded)
    }
}

/// The look that cargo's config asks for.
fn look(config: &CargoConfig) -> ConfiguredLook {
    ConfiguredLook {
        color: config.string("term.color").map(|found| found.value),
        quiet: config.boolean("term.quiet").map(|found| found.value),
        verbose: config.boolean("term.verbose").map(|found| found.value),
        progress: config.string("term.progress.when").map(|found| found.value),
    }
}

/// How to speak where a command failed before it knew where it is.
pub(super) fn output(flags: &Flags, env: &Env) -> Output {
    let config = CargoConfig::load(&flags.config, env);
    Output::new(flags, &config.map(|config| look(&config)).unwrap_or_default(), env)
}

/// A workspace that was found, or not, or that cannot be told.
type Place = Result<Option<Workspace>, WorkspaceError>;

/// Where these flags lead. `without` is the config before any `--config`: only with its aliases followed does a command
/// say which of those count.
fn place(flags: &Flags, without: CargoConfig, env: &Env) -> Result<(CargoConfig, Place), WorkspaceError> {
    let config = if flags.config.is_empty() { without } else { CargoConfig::load(&flags.config, env)? };
    let asked = Asked {
        manifest_path: flags.manifest_path.clone(),
        target_dir: flags.target_dir.clone(),
        config: flags.config.clone(),
        lockfile_path: flags.lockfile_path.clone(),
    };
    let workspace = workspace::locate(&asked, &config, env);
    Ok((config, workspace))
}
