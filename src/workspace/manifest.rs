//! A `Cargo.toml`, read for what it says about workspaces, path dependencies and the files of a package, and for nothing else.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml_edit::{Document, Item, TableLike};

use super::error::{ManifestProblem, WorkspaceError};
use super::paths::normalized;
use crate::diagnostic::SourceText;

/// A manifest that was parsed.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// The file.
    pub(super) path: PathBuf,
    /// What it is to a workspace.
    pub(super) role: Role,
    document: Document<Arc<str>>,
}

/// What a manifest is to a workspace (`WorkspaceConfig` in cargo's `core/workspace.rs`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// It has a `[workspace]` table.
    Root(RootTable),
    /// It has none; `package.workspace` may point to one.
    Member {
        /// The directory of the root, as written.
        pointer: Option<String>,
    },
}

/// The lists of a `[workspace]` table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RootTable {
    pub(super) dir: PathBuf,
    pub(super) members: Option<Vec<String>>,
    pub(super) default_members: Option<Vec<String>>,
    pub(super) exclude: Vec<String>,
}

impl RootTable {
    /// Whether this workspace turns the manifest away. The joined paths are compared as they are, `..` and all: that is
    /// what cargo's `is_excluded` does.
    pub(super) fn excludes(&self, manifest: &Path) -> bool {
        let below = |entry: &String| manifest.starts_with(self.dir.join(entry));
        self.exclude.iter().any(below) && !self.members.iter().flatten().any(below)
    }
}

impl Manifest {
    /// Reads and parses the file.
    pub(crate) fn read(path: &Path) -> Result<Self, WorkspaceError> {
        let text = std::fs::read_to_string(path).map_err(|error| WorkspaceError::Unreadable {
            file: path.to_path_buf(),
            cause: error.to_string(),
        })?;
        let text: Arc<str> = Arc::from(text);
        let document = Document::parse(Arc::clone(&text)).map_err(|error| WorkspaceError::Syntax {
            source: SourceText { path: path.to_path_buf(), text },
            span: error.span().unwrap_or(0..0),
            message: error.message().to_owned(),
        })?;
        let role = role(&document, path)?;
        Ok(Self { path: path.to_path_buf(), role, document })
    }

    /// Whether there is no package in it.
    pub(super) fn is_virtual(&self) -> bool {
        package(&self.document).is_none()
    }

    /// The package's name.
    pub(super) fn name(&self) -> Result<&str, WorkspaceError> {
        package(&self.document)
            .and_then(|package| package.get("name")?.as_str())
            .ok_or_else(|| wrong(&self.path, "package.name", "a string"))
    }

    /// A list of strings in `[package]`. `None`: it is not there, or inherited from the workspace.
    pub(crate) fn list(&self, key: &str) -> Option<Vec<&str>> {
        let list = package(&self.document)?.get(key)?.as_array()?;
        list.iter().map(|value| value.as_str()).collect()
    }

    /// The manifests of all path dependencies: normal, dev and build ones, optional ones, those of any target, and
    /// those inherited from `root`. Patches and replacements are none.
    pub(super) fn path_dependencies(&self, root: Option<&Self>) -> Vec<PathBuf> {
        let table = self.document.as_table();
        let platforms = table.get("target").and_then(Item::as_table_like).into_iter().flat_map(|targets| {
            targets.iter().filter_map(|(_, platform)| platform.as_table_like()).collect::<Vec<_>>()
        });
        let own: [&dyn TableLike; 1] = [table];
        let mut found = Vec::new();
        for place in own.into_iter().chain(platforms) {
            for kind in DEPENDENCY_TABLES {
                let Some(dependencies) = place.get(kind).and_then(Item::as_table_like) else { continue };
                found
                    .extend(dependencies.iter().filter_map(|(name, item)| self.dependency(name, item, root)));
            }
        }
        found
    }

    fn dependency(&self, name: &str, item: &Item, root: Option<&Self>) -> Option<PathBuf> {
        let table = item.as_table_like()?;
        let inherited = table.get("workspace").and_then(Item::as_bool) == Some(true);
        let (holder, table) = if inherited {
            let root = root?;
            let shared = root.document.get("workspace")?.get("dependencies")?.get(name)?;
            (root, shared.as_table_like()?)
        } else {
            (self, table)
        };
        let path = table.get("path")?.as_str()?;
        Some(normalized(&holder.path.parent()?.join(path)).join("Cargo.toml"))
    }
}

/// With underscores too: an old spelling that cargo still reads before edition 2024.
const DEPENDENCY_TABLES: [&str; 5] =
    ["dependencies", "dev-dependencies", "dev_dependencies", "build-dependencies", "build_dependencies"];

/// `[package]`, or `[project]` as it was called before cargo 1.0.
fn package(document: &Document<Arc<str>>) -> Option<&dyn TableLike> {
    let package = document.get("package").or_else(|| document.get("project"));
    package.and_then(Item::as_table_like)
}

fn role(document: &Document<Arc<str>>, path: &Path) -> Result<Role, WorkspaceError> {
    let pointer = match package(document).and_then(|package| package.get("workspace")) {
        None => None,
        Some(pointer) => {
            Some(pointer.as_str().ok_or_else(|| wrong(path, "package.workspace", "a string"))?.to_owned())
        }
    };
    let problem = |problem| WorkspaceError::Manifest { file: path.to_path_buf(), problem };
    let Some(workspace) = document.get("workspace") else {
        return match package(document) {
            Some(_) => Ok(Role::Member { pointer }),
            None => Err(problem(ManifestProblem::Nothing)),
        };
    };
    let table = workspace.as_table_like().ok_or_else(|| wrong(path, "workspace", "a table"))?;
    if pointer.is_some() {
        return Err(problem(ManifestProblem::Both));
    }
    Ok(Role::Root(RootTable {
        dir: path.parent().unwrap_or(Path::new("")).to_path_buf(),
        members: strings(table, "members", path)?,
        default_members: strings(table, "default-members", path)?,
        exclude: strings(table, "exclude", path)?.unwrap_or_default(),
    }))
}

fn strings(table: &dyn TableLike, key: &str, path: &Path) -> Result<Option<Vec<String>>, WorkspaceError> {
    let Some(item) = table.get(key) else { return Ok(None) };
    let strings = item.as_array().and_then(|array| {
        array.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    });
    strings.map(Some).ok_or_else(|| wrong(path, &format!("workspace.{key}"), "an array of strings"))
}

fn wrong(path: &Path, key: &str, expected: &'static str) -> WorkspaceError {
    let problem = ManifestProblem::Key { key: key.to_owned(), expected };
    WorkspaceError::Manifest { file: path.to_path_buf(), problem }
}
