//! Cargo's own configuration, as much of it as must be known without asking cargo.
//!
//! A value comes from `--config`, else from the environment (`CARGO_BUILD_TARGET_DIR` for `build.target-dir`), else
//! from the nearest `.cargo/config.toml`, counted from the current directory and never from the manifest's.

mod error;
mod load;
mod value;

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

pub use error::{ConfigError, IncludeProblem};
use value::{Definition, Kind, Node};

use super::WorkspaceError;
use crate::env::Env;
use crate::sourced::{Origin, Sourced};

/// Cargo's configuration for one command.
#[derive(Debug, Clone)]
pub struct CargoConfig {
    tree: Node,
    /// The tree without `--config`, where there is any.
    files: Option<Node>,
    variables: HashMap<String, OsString>,
    cwd: PathBuf,
}

/// A path as it was written, and the directory from which it is meant.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) base: PathBuf,
    pub(super) origin: Origin,
}

impl CargoConfig {
    /// Reads every file of the hierarchy once, and the values of `--config` in the order of the command line.
    ///
    /// # Errors
    /// A file cannot be read or merged, or an argument is no configuration: cargo stops there as well.
    pub fn load(config_args: &[OsString], env: &Env) -> Result<Self, WorkspaceError> {
        let cwd = env.cwd().map_err(|_| WorkspaceError::NoCurrentDir)?;
        let cargo_home = env.cargo_home().ok_or(WorkspaceError::NoCargoHome)?;
        let variables = env.starting_with("CARGO_").map(|(name, value)| (name.to_owned(), value.to_owned()));
        let files = load::files(cwd, &cargo_home)?;
        let (tree, files) = match config_args {
            [] => (files, None),
            arguments => (load::with_arguments(files.clone(), arguments, cwd)?, Some(files)),
        };
        Ok(Self { tree, files, variables: variables.collect(), cwd: cwd.to_path_buf() })
    }

    /// The string at this dotted key. One of the wrong kind is as good as none here: cargo itself reports it.
    #[must_use]
    pub fn string(&self, key: &str) -> Option<Sourced<String>> {
        let written = self.written(key).ok()??;
        Some(Sourced::new(written.text, written.origin))
    }

    /// Whether anything stands at this dotted key, be it of the wrong kind.
    #[must_use]
    pub fn is_set(&self, key: &str) -> bool {
        !matches!(self.written(key), Ok(None))
    }

    /// The path at this dotted key, made absolute as cargo does it: from the directory above that of the file, or from
    /// the current directory for the environment and `--config KEY=VALUE`.
    #[must_use]
    pub fn path(&self, key: &str) -> Option<Sourced<PathBuf>> {
        let written = self.written(key).ok()??;
        Some(Sourced::new(written.base.join(written.text), written.origin))
    }

    /// The program at this dotted key (`build.rustc`): a path where it is written as one, else a name to be looked up
    /// in `PATH`.
    #[must_use]
    pub fn program(&self, key: &str) -> Option<Sourced<PathBuf>> {
        let written = self.written(key).ok()??;
        let is_path = written.text.contains('/') || written.text.contains(MAIN_SEPARATOR);
        let program = if is_path { written.base.join(written.text) } else { PathBuf::from(written.text) };
        Some(Sourced::new(program, written.origin))
    }

    /// The boolean at this dotted key; in the environment exactly `true` or `false`.
    #[must_use]
    pub fn boolean(&self, key: &str) -> Option<Sourced<bool>> {
        let node = self.tree.get(key).ok()?;
        let from_tree = match node.map(|node| &node.kind) {
            None => None,
            Some(Kind::Boolean(flag)) => Some(*flag),
            Some(_) => return None,
        };
        if let (Some(flag), Some(node)) = (from_tree, node)
            && (node.definition.is_command_line() || self.variable(key).1.is_none())
        {
            return Some(Sourced::new(flag, node.definition.origin()));
        }
        let (name, value) = self.variable(key);
        let flag = value?.to_str()?.parse().ok()?;
        Some(Sourced::new(flag, Origin::Environment(name)))
    }

    /// The words of a user's alias (`[alias]`, `CARGO_ALIAS_…`); cargo's built-in ones (`b`, `c`, …) are not among them.
    /// An alias without words is an empty list, on which cargo stops.
    ///
    /// `--config` has no say in it: cargo follows aliases before it reads that (`main` in `src/bin/cargo/cli.rs`).
    #[must_use]
    pub fn alias(&self, name: &str) -> Option<Vec<String>> {
        let files = self.files.as_ref().unwrap_or(&self.tree);
        let key = format!("alias.{name}");
        if let Ok(Some(written)) = self.written_in(files, &key) {
            return Some(words(&written.text));
        }
        // Not a string: then a list, to which the environment adds.
        let Ok(Some(Node { kind: Kind::List(items), .. })) = files.get(&key) else { return None };
        let text = |item: &Node| match &item.kind {
            Kind::String(text) => Some(text.clone()),
            _ => None,
        };
        let added = self.variable(&key).1.and_then(OsStr::to_str).map(words).unwrap_or_default();
        items.iter().map(text).chain(added.into_iter().map(Some)).collect()
    }

    /// The text at this key together with what a relative path in it means.
    pub(super) fn written(&self, key: &str) -> Result<Option<Written>, ConfigError> {
        self.written_in(&self.tree, key)
    }

    fn written_in(&self, tree: &Node, key: &str) -> Result<Option<Written>, ConfigError> {
        let node = tree.get(key)?;
        let from_tree = match node.map(|node| (node, &node.kind)) {
            None => None,
            Some((node, Kind::String(text))) => Some((text, &*node.definition)),
            Some((node, _)) => return Err(ConfigError::kind(key, "a string", node)),
        };
        let (name, variable) = self.variable(key);
        let variable = variable.map(|value| (value, Origin::Environment(name)));
        match (from_tree, variable) {
            (None, None) => Ok(None),
            (Some((text, definition)), None) => self.in_tree(key, text, definition).map(Some),
            (Some((text, definition)), Some(_)) if definition.is_command_line() => {
                self.in_tree(key, text, definition).map(Some)
            }
            (from_tree, Some((value, origin))) => match (value.to_str(), from_tree) {
                (Some(text), _) => {
                    Ok(Some(Written { text: text.to_owned(), base: self.cwd.clone(), origin }))
                }
                // Cargo takes the value from the file but, since the variable is there, the directory from it
                // (`ValueSource::with_deserializer` in `de.rs`).
                (None, Some((text, definition))) => {
                    let origin = definition.origin();
                    Ok(Some(Written { text: text.clone(), base: self.cwd.clone(), origin }))
                }
                (None, None) => Err(ConfigError::NotUtf8(origin)),
            },
        }
    }

    fn in_tree(&self, key: &str, text: &str, definition: &Definition) -> Result<Written, ConfigError> {
        let origin = definition.origin();
        match definition.base(&self.cwd) {
            Some(base) => Ok(Written { text: text.to_owned(), base, origin }),
            None => Err(ConfigError::NoBase { key: key.to_owned(), origin }),
        }
    }

    /// The directory in which the command runs.
    pub(super) fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// The environment variable that overrides this key, and its value where it is set.
    fn variable(&self, key: &str) -> (String, Option<&OsStr>) {
        let name = format!("CARGO_{}", key.replace(['-', '.'], "_").to_uppercase());
        let value = self.variables.get(&name).map(OsString::as_os_str);
        (name, value)
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
