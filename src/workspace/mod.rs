//! Where the command is: the workspace's root and members, its target and build dir, without a child process.
//!
//! [`locate`] lies on the way of every command and reads only cargo's configuration files and the manifests on the way
//! up; members are read where they are asked for. Each rule names the place in cargo 1.95 that it follows.

pub mod bounds;
pub mod config;
mod dirs;
mod error;
pub mod git_dir;
pub mod lock_file;
mod manifest;
mod members;
mod paths;
mod root;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use config::CargoConfig;
pub use error::{ManifestPathProblem, ManifestProblem, TemplateProblem, WorkspaceError};
pub(crate) use manifest::Manifest;
use manifest::Role;
use members::Members;
use root::Root;

use crate::env::Env;
use crate::sourced::Sourced;

/// What the command line says about the place. Relative paths are meant from the environment's current directory, to
/// which cargo's `-C` has been applied already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// `--manifest-path`.
    pub manifest_path: Option<PathBuf>,
    /// `--target-dir`.
    pub target_dir: Option<PathBuf>,
    /// Every `--config`, in order.
    pub config: Vec<OsString>,
    /// `--lockfile-path`.
    pub lockfile_path: Option<PathBuf>,
}

/// Where a command works. All paths are absolute and spelled as cargo spells them: not canonicalised, `..` kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The directory of the root manifest.
    pub root: PathBuf,
    /// The root manifest.
    pub manifest: PathBuf,
    /// The manifest that cargo starts from: of the package around the current directory, or `--manifest-path`.
    pub package_manifest: PathBuf,
    /// The lock file, there or not.
    pub lock_file: PathBuf,
    /// Where final artifacts go.
    pub target_dir: Sourced<PathBuf>,
    /// Where intermediate artifacts go; the target dir where nobody set it.
    pub build_dir: Sourced<PathBuf>,
    /// Cargo's home, which the search for a root does not cross.
    pub cargo_home: PathBuf,
}

/// A package that belongs to the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The package's name.
    pub name: String,
    /// Its manifest.
    pub manifest: PathBuf,
    /// The manifest's directory.
    pub dir: PathBuf,
}

/// Finds the workspace as cargo does; none where no directory up to the root has a manifest.
///
/// `config` is the one loaded with [`Asked::config`].
///
/// # Errors
/// Something on the way cannot be read, or says what cargo does not accept. What lies off the way (a member's manifest,
/// the rest of the root's) may still be wrong: cargo will say so.
pub fn locate(asked: &Asked, config: &CargoConfig, env: &Env) -> Result<Option<Workspace>, WorkspaceError> {
    let cwd = env.cwd().map_err(|_| WorkspaceError::NoCurrentDir)?;
    let cargo_home = env.cargo_home().ok_or(WorkspaceError::NoCargoHome)?;
    let Some(package_manifest) = root::package_manifest(asked.manifest_path.as_deref(), cwd)? else {
        return Ok(None);
    };
    let package = Manifest::read(&package_manifest)?;
    let manifest = match root::of(&package, &cargo_home)? {
        None => package_manifest.clone(),
        Some(Root::Met(root)) => root,
        Some(Root::PointedTo(root)) => match Manifest::read(&root)?.role {
            Role::Root(_) => root,
            Role::Member { .. } => return Err(WorkspaceError::NotARoot { package: package_manifest, root }),
        },
    };
    let root = manifest.parent().unwrap_or(Path::new("")).to_path_buf();
    let target_dir = dirs::target(asked.target_dir.as_deref(), config, env, &root)?;
    let build_dir = dirs::build(config, env, &manifest, &target_dir)?;
    let lock_file = match &asked.lockfile_path {
        Some(path) => cwd.join(path),
        None => root.join("Cargo.lock"),
    };
    Ok(Some(Workspace { root, manifest, package_manifest, lock_file, target_dir, build_dir, cargo_home }))
}

impl Workspace {
    /// All members, in cargo's order.
    ///
    /// # Errors
    /// A manifest cannot be read, or the package that the command starts from is not listed.
    pub fn members(&self) -> Result<Vec<Member>, WorkspaceError> {
        Members::of(self)?.all()
    }

    /// The members on which cargo acts where the command line selects none.
    ///
    /// # Errors
    /// As for [`Workspace::members`], and where `default-members` names a stranger.
    pub fn default_members(&self) -> Result<Vec<Member>, WorkspaceError> {
        Members::of(self)?.default()
    }

    /// The packages that members reach through `path`, directly or not, without being members themselves.
    ///
    /// # Errors
    /// As for [`Workspace::members`].
    pub fn path_dependencies(&self) -> Result<Vec<Member>, WorkspaceError> {
        Members::of(self)?.path_dependencies()
    }
}
