//! The target dir and the build dir, in cargo's order of precedence.
//!
//! The rules are those of `target_dir`, `build_dir` and `custom_build_dir` in cargo's `util/context/mod.rs`.

use std::hash::{Hash, Hasher};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use rustc_stable_hash::StableSipHasher128;

use super::config::{CargoConfig, ConfigError, Written};
use super::error::{TemplateProblem, WorkspaceError};
use crate::env::Env;
use crate::sourced::{Origin, Sourced};

/// `--target-dir`, `CARGO_TARGET_DIR`, `build.target-dir`, else `target` beside the root manifest.
///
/// `--target-dir ""` is the current directory: cargo refuses the empty string only in the other two places.
pub(super) fn target(
    flag: Option<&Path>,
    config: &CargoConfig,
    env: &Env,
    root: &Path,
) -> Result<Sourced<PathBuf>, WorkspaceError> {
    if let Some(flag) = flag {
        return Ok(Sourced::new(config.cwd().join(flag), Origin::CommandLine("--target-dir".to_owned())));
    }
    if let Some(value) = env.get(VARIABLE) {
        let origin = Origin::Environment(VARIABLE.to_owned());
        if value.is_empty() {
            return Err(ConfigError::EmptyPath { key: VARIABLE.to_owned(), origin }.into());
        }
        return Ok(Sourced::new(config.cwd().join(value), origin));
    }
    match written(config, "build.target-dir")? {
        Some(Written { text, base, origin }) => Ok(Sourced::new(base.join(text), origin)),
        None => Ok(Sourced::default_of(root.join("target"))),
    }
}

/// `build.build-dir` with its template filled in, else the target dir.
pub(super) fn build(
    config: &CargoConfig,
    env: &Env,
    root_manifest: &Path,
    target: &Sourced<PathBuf>,
) -> Result<Sourced<PathBuf>, WorkspaceError> {
    let Some(Written { text, base, origin }) = written(config, "build.build-dir")? else {
        return Ok(target.clone());
    };
    let root = root_manifest.parent().unwrap_or(Path::new(""));
    let cargo_home = env.cargo_home().ok_or(WorkspaceError::NoCargoHome)?;
    let utf8 = |path: &Path| match path.to_str() {
        Some(text) => Ok(text.to_owned()),
        None => {
            let problem = TemplateProblem::NotUtf8(path.to_path_buf());
            Err(WorkspaceError::Template { template: text.clone(), problem })
        }
    };
    let filled = text
        .replace("{workspace-root}", &utf8(root)?)
        .replace("{cargo-cache-home}", &utf8(&cargo_home)?)
        .replace("{workspace-path-hash}", &path_hash(root_manifest));
    if filled.contains(['{', '}']) {
        return Err(WorkspaceError::Template { template: text, problem: TemplateProblem::Braces });
    }
    Ok(Sourced::new(base.join(filled), origin))
}

const VARIABLE: &str = "CARGO_TARGET_DIR";

fn written(config: &CargoConfig, key: &str) -> Result<Option<Written>, ConfigError> {
    match config.written(key)? {
        Some(Written { text, origin, .. }) if text.is_empty() => {
            Err(ConfigError::EmptyPath { key: key.to_owned(), origin })
        }
        found => Ok(found),
    }
}

/// Cargo's hash of where a workspace is: that of the root manifest's real path, as two directories.
fn path_hash(root_manifest: &Path) -> String {
    let real = root_manifest.canonicalize().unwrap_or_else(|_| root_manifest.to_path_buf());
    let mut hasher = StableSipHasher128::new();
    real.hash(&mut hasher);
    let hash = Hasher::finish(&hasher).swap_bytes();
    let hex = format!("{hash:016x}");
    format!("{}{MAIN_SEPARATOR}{}", &hex[..2], &hex[2..])
}
