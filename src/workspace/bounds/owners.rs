//! Who else builds into the same directory: other checkouts and workspaces, of which nothing may go.
//!
//! Two records tell it. xcargo's stamps say from where a build was started; and the `.d` files that cargo puts beside
//! programs and libraries in the target dir name the sources they were built from, also where xcargo never ran.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::way::{Id, id_at};
use crate::cache::stamp::{self, Stamp};
use crate::cache::{OWN_DIR, disk};
use crate::workspace::lock_file::{self, Package};
use crate::workspace::manifest::Manifest;
use crate::workspace::{Workspace, root};

/// Another workspace that builds into the same dir.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherOwner {
    /// Its root. `None`: a stamp of an earlier xcargo, which does not say.
    pub root: Option<PathBuf>,
    /// The packages that it has locked, now or at its last build. `None`: unknown, so everything is its too.
    pub packages: Option<BTreeSet<Package>>,
    /// What tells of it: a stamp, or a `.d` file.
    pub seen_in: PathBuf,
}

/// More than any dep-info has.
const LARGEST: u64 = 16 << 20;

/// The other workspaces that build into these dirs and still exist, each once. One that was moved or removed owns nothing.
#[must_use]
pub fn other_owners(build_dir: &Path, target_dir: &Path, workspace: &Workspace) -> Vec<OtherOwner> {
    let mut owners = Owners { ours: id_at(&workspace.root).ok(), seen: Vec::new(), found: Vec::new() };
    let own = stamp::path(build_dir, &workspace.root);
    for path in stamp::all(build_dir).into_iter().filter(|path| path.file_name() != own.file_name()) {
        if let Some(stamp) = Stamp::read(&path) {
            owners.stamped(stamp, path);
        }
    }
    let sources = Sources::of(build_dir, target_dir, workspace);
    for dep_info in dep_infos(target_dir) {
        for root in sources.strangers(&dep_info) {
            owners.built(root, dep_info.clone());
        }
    }
    owners.found
}

struct Owners {
    ours: Option<Id>,
    seen: Vec<Id>,
    found: Vec<OtherOwner>,
}

impl Owners {
    fn stamped(&mut self, stamp: Stamp, seen_in: PathBuf) {
        let Some(root) = stamp.root else {
            let packages = stamp.lock.as_deref().and_then(lock_file::packages);
            return self.found.push(OtherOwner { root: None, packages, seen_in });
        };
        if !self.is_new(&root) {
            return;
        }
        let packages = locked(&root, stamp.lock);
        self.found.push(OtherOwner { root: Some(root), packages, seen_in });
    }

    fn built(&mut self, root: PathBuf, seen_in: PathBuf) {
        if self.is_new(&root) {
            let packages = locked(&root, None);
            self.found.push(OtherOwner { root: Some(root), packages, seen_in });
        }
    }

    /// Whether it is neither this workspace nor gone nor known.
    fn is_new(&mut self, root: &Path) -> bool {
        match id_at(root) {
            Ok(id) if Some(id) == self.ours || self.seen.contains(&id) => false,
            Ok(id) => {
                self.seen.push(id);
                !is_gone(&root.join("Cargo.toml"))
            }
            Err(error) => error.kind() != std::io::ErrorKind::NotFound,
        }
    }
}

/// What is locked now, and what was at the last build. `None` as soon as one of them cannot be read, or neither is there.
fn locked(root: &Path, stamped: Option<Vec<u8>>) -> Option<BTreeSet<Package>> {
    let now = match std::fs::read(root.join("Cargo.lock")) {
        Ok(lock) => Some(lock),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(_) => return None,
    };
    let mut locks = [now, stamped].into_iter().flatten().peekable();
    locks.peek()?;
    let mut all = BTreeSet::new();
    for lock in locks {
        all.extend(lock_file::packages(&lock)?);
    }
    Some(all)
}

/// Whose sources are whose.
struct Sources<'a> {
    workspace: &'a Workspace,
    /// The target dir, by its ways.
    here: Vec<PathBuf>,
    /// Sources below these are no workspace's: generated ones, and those of the registry and of git.
    ignored: Vec<PathBuf>,
    ours: Vec<Id>,
}

impl<'a> Sources<'a> {
    fn of(build_dir: &Path, target_dir: &Path, workspace: &'a Workspace) -> Self {
        let places = [build_dir, target_dir, &workspace.cargo_home];
        let ways = |dir: &Path| [Some(dir.to_path_buf()), dir.canonicalize().ok()].into_iter().flatten();
        let ignored = places.iter().flat_map(|dir| ways(dir)).collect();
        let here = ways(target_dir).collect();
        // Where they cannot be listed, they are taken for others', which only keeps more.
        let mut packages = workspace.members().unwrap_or_default();
        packages.extend(workspace.path_dependencies().unwrap_or_default());
        let ours = packages.iter().filter_map(|it| id_at(&it.dir).ok());
        Self { workspace, here, ignored, ours: ours.chain(id_at(&workspace.root).ok()).collect() }
    }

    /// The roots of other workspaces whose sources this file names, if it was made here (a copied target dir tells of what
    /// was built elsewhere), and of nothing that is ours (a crate of theirs may be patched into one of ours).
    fn strangers(&self, dep_info: &Path) -> Vec<PathBuf> {
        let text = disk::read(dep_info, LARGEST).unwrap_or_default();
        let is_here = |output: &PathBuf| self.here.iter().any(|dir| output.starts_with(dir));
        if !outputs(&text).iter().any(is_here) {
            return Vec::new();
        }
        let mut dirs = BTreeSet::new();
        for source in prerequisites(&text) {
            let is_ignored = self.ignored.iter().any(|dir| source.starts_with(dir)) || is_std(&source);
            if source.is_absolute() && !is_ignored {
                dirs.extend(source.parent().map(Path::to_path_buf));
            }
        }
        if dirs.iter().any(|dir| self.is_ours(dir)) {
            return Vec::new();
        }
        let mut roots: Vec<PathBuf> = dirs.iter().filter_map(|dir| self.stranger(dir)).collect();
        roots.dedup();
        roots
    }

    fn is_ours(&self, dir: &Path) -> bool {
        package_of(dir).and_then(|package| id_at(package).ok()).is_some_and(|id| self.ours.contains(&id))
    }

    fn stranger(&self, dir: &Path) -> Option<PathBuf> {
        let package = package_of(dir)?;
        let manifest = package.join("Cargo.toml");
        let found = Manifest::read(&manifest).and_then(|it| root::of(&it, &self.workspace.cargo_home));
        // One that cannot be read stands for itself.
        let root = found.ok().flatten().map_or(manifest, root::Root::into_manifest);
        Some(root.parent()?.to_path_buf()).filter(|root| {
            id_at(root).map_or(true, |id| id_at(&self.workspace.root).map_or(true, |ours| id != ours))
        })
    }
}

/// The nearest directory with a manifest.
fn package_of(dir: &Path) -> Option<&Path> {
    dir.ancestors().find(|dir| dir.join("Cargo.toml").exists())
}

/// The standard library's own (`-Zbuild-std`).
fn is_std(source: &Path) -> bool {
    let names: Vec<_> = source.components().map(|name| name.as_os_str()).collect();
    names.windows(4).any(|names| names == ["lib", "rustlib", "src", "rust"])
}

/// The uplifted `.d` files: `<profile>/*.d`, `<triple>/<profile>/*.d` and those of examples.
fn dep_infos(target_dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut dirs = vec![(target_dir.to_path_buf(), 0)];
    while let Some((dir, depth)) = dirs.pop() {
        for item in disk::list(&dir).unwrap_or_default() {
            let path = dir.join(&item.name);
            match item.kind {
                disk::Kind::Dir if depth < 2 && !CROWDED.iter().any(|name| item.name == *name) => {
                    dirs.push((path, depth + 1));
                }
                disk::Kind::Dir if depth == 2 && item.name == "examples" => dirs.push((path, depth + 1)),
                disk::Kind::File if depth > 0 && path.extension().is_some_and(|it| it == "d") => {
                    found.push(path);
                }
                _ => {}
            }
        }
    }
    found
}

/// Directories with many files of which none is uplifted.
const CROWDED: [&str; 8] = ["deps", "build", ".fingerprint", "incremental", "doc", "package", "tmp", OWN_DIR];

fn is_gone(path: &Path) -> bool {
    path.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// The file before the colon of each line.
fn outputs(text: &[u8]) -> Vec<PathBuf> {
    let lines = text.split(|byte| *byte == b'\n');
    let outputs = lines.filter_map(|line| {
        let colon = line.windows(2).position(|pair| pair == b": ").or_else(|| line.len().checked_sub(1))?;
        path_of(String::from_utf8_lossy(&line[..colon]).replace("\\ ", " ").into_bytes())
    });
    outputs.collect()
}

/// The files behind the colon of each line. Cargo writes a blank in a name as `\ `, and nothing else in another way
/// (`render_filename` in `core/compiler/output_depinfo.rs`).
fn prerequisites(text: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        let Some(colon) = line.windows(2).position(|pair| pair == b": ") else { continue };
        let mut name = Vec::new();
        let mut rest = line[colon + 2..].iter().copied().peekable();
        while let Some(byte) = rest.next() {
            match byte {
                b'\\' if rest.peek() == Some(&b' ') => {
                    rest.next();
                    name.push(b' ');
                }
                b' ' => found.extend(path_of(std::mem::take(&mut name))),
                b'\r' if rest.peek().is_none() => {}
                byte => name.push(byte),
            }
        }
        found.extend(path_of(name));
    }
    found
}

/// Cargo writes only paths that are UTF-8.
fn path_of(name: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(name).ok().filter(|name| !name.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests;
