//! The members of a workspace: listed ones, and path dependencies that become members by themselves.
//!
//! The rules are those of `find_members`, `find_path_deps` and `members_paths` in cargo's `core/workspace.rs`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};

use super::error::WorkspaceError;
use super::manifest::{Manifest, Role, RootTable};
use super::paths::normalized;
use super::root::{self, Root};
use super::{Member, Workspace};

/// A workspace whose manifests were all read.
pub(super) struct Members {
    manifests: HashMap<PathBuf, Manifest>,
    members: Vec<PathBuf>,
    root: PathBuf,
    package: PathBuf,
    table: Option<RootTable>,
    cargo_home: PathBuf,
}

impl Members {
    /// Reads the manifests of all members.
    pub(super) fn of(workspace: &Workspace) -> Result<Self, WorkspaceError> {
        let mut found = Self {
            manifests: HashMap::new(),
            members: Vec::new(),
            root: workspace.manifest.clone(),
            package: workspace.package_manifest.clone(),
            table: None,
            cargo_home: workspace.cargo_home.clone(),
        };
        match found.load(&workspace.manifest)?.role.clone() {
            Role::Root(table) if !table.excludes(&found.package) || found.root != found.package => {
                found.walk(&table)?;
                found.table = Some(table);
            }
            // A package without a workspace is its own and only member, and so is a root that excludes itself.
            Role::Root(_) | Role::Member { .. } => found.members.push(found.package.clone()),
        }
        Ok(found)
    }

    /// All members, in the order in which cargo finds them.
    pub(super) fn all(&self) -> Result<Vec<Member>, WorkspaceError> {
        self.named(&self.members)
    }

    /// Those on which cargo acts where the command line selects none.
    pub(super) fn default(&self) -> Result<Vec<Member>, WorkspaceError> {
        let starts_at_root = self.root == self.package;
        let listed = self.table.as_ref().and_then(|table| Some((table, table.default_members.as_ref()?)));
        let Some((table, listed)) = listed.filter(|_| starts_at_root) else {
            let whole = self.manifests.get(&self.package).is_some_and(Manifest::is_virtual);
            return if whole { self.all() } else { self.named(std::slice::from_ref(&self.package)) };
        };
        let candidates = expanded(table, table.members.as_deref().unwrap_or_default())?;
        let mut default = Vec::new();
        for dir in expanded(table, listed)? {
            let dir = normalized(&dir);
            let manifest = dir.join("Cargo.toml");
            if self.members.contains(&manifest) {
                default.push(manifest);
            } else if !(candidates.contains(&dir) && table.excludes(&dir)) {
                return Err(WorkspaceError::DefaultMember { dir, root: self.root.clone() });
            }
        }
        self.named(&default)
    }

    /// The packages that members reach through `path`, directly or not, without being members.
    pub(super) fn path_dependencies(mut self) -> Result<Vec<Member>, WorkspaceError> {
        let mut pending = self.members.clone();
        let mut found = Vec::new();
        while let Some(manifest) = pending.pop() {
            let root = self.root_of(&manifest)?;
            for dependency in self.dependencies(&manifest, &root)? {
                let is_new = !self.members.contains(&dependency) && !found.contains(&dependency);
                // One that is not there may never be needed: the dev dependency of a stranger.
                if is_new && dependency.exists() {
                    self.load(&dependency)?;
                    found.push(dependency.clone());
                    pending.push(dependency);
                }
            }
        }
        self.named(&found)
    }

    fn walk(&mut self, table: &RootTable) -> Result<(), WorkspaceError> {
        let mut pending = expanded(table, table.members.as_deref().unwrap_or_default())?
            .into_iter()
            .map(|dir| (dir.join("Cargo.toml"), Reached::Listed))
            .chain([(self.root.clone(), Reached::Listed)])
            .rev()
            .collect::<Vec<_>>();
        while let Some((manifest, reached)) = pending.pop() {
            let manifest = normalized(&manifest);
            if self.members.contains(&manifest)
                || (reached == Reached::ByPath && !self.joins(&manifest)?)
                || table.excludes(&manifest)
            {
                continue;
            }
            let dependencies = self.dependencies(&manifest, &self.root.clone())?;
            pending.extend(dependencies.into_iter().rev().map(|path| (path, Reached::ByPath)));
            self.members.push(manifest);
        }
        if self.members.contains(&self.package) {
            return Ok(());
        }
        Err(WorkspaceError::NotListed { package: self.package.clone(), root: self.root.clone() })
    }

    /// Whether a path dependency is a member: below the root it is, elsewhere if it points to this root.
    fn joins(&mut self, manifest: &Path) -> Result<bool, WorkspaceError> {
        let dir = self.root.parent().unwrap_or(Path::new(""));
        if manifest.parent().is_some_and(|package| package.starts_with(dir)) {
            return Ok(true);
        }
        Ok(self.root_of(manifest)? == self.root)
    }

    /// The root whose `[workspace.dependencies]` this manifest inherits; itself where there is none.
    fn root_of(&mut self, manifest: &Path) -> Result<PathBuf, WorkspaceError> {
        if self.members.iter().any(|member| member == manifest) {
            return Ok(self.root.clone());
        }
        let cargo_home = self.cargo_home.clone();
        let root = root::of(self.load(manifest)?, &cargo_home)?;
        Ok(root.map_or_else(|| manifest.to_path_buf(), Root::into_manifest))
    }

    fn dependencies(&mut self, manifest: &Path, root: &Path) -> Result<Vec<PathBuf>, WorkspaceError> {
        self.load(root)?;
        self.load(manifest)?;
        let read = |path: &Path| self.manifests.get(path);
        Ok(match read(manifest) {
            Some(manifest) if !manifest.is_virtual() => manifest.path_dependencies(read(root)),
            _ => Vec::new(),
        })
    }

    fn load(&mut self, manifest: &Path) -> Result<&Manifest, WorkspaceError> {
        match self.manifests.entry(manifest.to_path_buf()) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(Manifest::read(manifest)?)),
        }
    }

    /// Virtual manifests stand in cargo's own list as well, but they are no packages.
    fn named(&self, manifests: &[PathBuf]) -> Result<Vec<Member>, WorkspaceError> {
        let packages = manifests.iter().filter_map(|path| self.manifests.get(path));
        packages
            .filter(|manifest| !manifest.is_virtual())
            .map(|manifest| {
                Ok(Member {
                    name: manifest.name()?.to_owned(),
                    manifest: manifest.path.clone(),
                    dir: manifest.path.parent().unwrap_or(Path::new("")).to_path_buf(),
                })
            })
            .collect()
    }
}

/// How a manifest was come upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Listed,
    ByPath,
}

/// The directories that the patterns stand for. A pattern without a match stands for itself, and so does every pattern
/// below a root whose path is not UTF-8.
fn expanded(table: &RootTable, patterns: &[String]) -> Result<Vec<PathBuf>, WorkspaceError> {
    let mut dirs = Vec::new();
    for pattern in patterns {
        let path = table.dir.join(pattern);
        let Some(text) = path.to_str() else {
            dirs.push(path);
            continue;
        };
        let failed = |cause: String| WorkspaceError::Glob { pattern: text.to_owned(), cause };
        let matches = glob::glob(text)
            .map_err(|error| failed(error.to_string()))?
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| failed(error.to_string()))?;
        if matches.is_empty() {
            dirs.push(path);
        } else {
            // A stray file (`.DS_Store`) is passed over.
            dirs.extend(matches.into_iter().filter(|found| found.is_dir()));
        }
    }
    Ok(dirs)
}
