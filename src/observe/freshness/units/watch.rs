//! What cargo compares for a unit, as places that survive a move: where its package lies, which inputs it has, what makes it
//! stale.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::super::{Request, roots};
use super::prints;
use crate::cache::inputs::{self, Build, Input, Watched};
use crate::cache::ledger::{Place, Watch, Where};
use crate::cache::{Cache, Mode, Source, Target, Unit};
use crate::workspace::Workspace;

/// A build whose script names a directory with more files than this is not proven.
const MOST_IN_TREE: usize = 20_000;

/// How cargo finds out that a build is stale, the inputs that it looks at, and links to some of them that it has resolved.
pub(super) fn watched(
    request: &Request<'_>,
    unit: &Unit,
    build: &Build,
    root: Option<&Path>,
) -> (Watch, Vec<Place>, Vec<Place>) {
    let build_dir = request.workspace.build_dir.value.as_path();
    let place = |input: &Input| place(request, input, root);
    match (&build.watched, &build.reference) {
        (Watched::Files(files), Some(reference)) => {
            let sources = inputs::sources(build_dir, &request.workspace.root, unit);
            let links: BTreeSet<Input> = sources
                .into_iter()
                .filter(|path| root.is_some_and(|root| leads_through_a_link(root, path)))
                .map(Input::Absolute)
                .collect();
            let links = links.iter().filter_map(place).collect();
            (Watch::DepInfo(reference.into()), files.iter().filter_map(place).collect(), links)
        }
        (Watched::Rerun(paths), Some(reference)) => {
            let roots = roots(request);
            // Devices and pipes have no content that could be another one.
            let is_plain = |place: &Place| has_content(&roots.path(place)) || !roots.path(place).exists();
            let mut places: Vec<Place> = paths.iter().filter_map(place).filter(is_plain).collect();
            let below: Option<Vec<_>> = places.iter().map(|it| tree(&roots.path(it), it)).collect();
            // What is too large to be proven is not half proven.
            let Some(below) = below else { return (Watch::Nothing, Vec::new(), Vec::new()) };
            places.extend(below.into_iter().flatten());
            (Watch::Script(reference.into()), places, Vec::new())
        }
        (Watched::Package { newest }, _) => {
            let lever = lever(build_dir, unit, build);
            let (Some(root), Some(lever)) = (root, lever) else {
                return (Watch::Nothing, Vec::new(), Vec::new());
            };
            let files: Vec<Input> =
                inputs::package_files(root, build_dir).into_iter().map(Input::Package).collect();
            let watch = Watch::Package { newest: newest.clone(), lever: lever.as_path().into() };
            (watch, files.iter().filter_map(place).collect(), Vec::new())
        }
        _ => (Watch::Nothing, Vec::new(), Vec::new()),
    }
}

/// Where packages lie: read only where a unit asks for one.
pub(super) struct Packages<'a> {
    workspace: &'a Workspace,
    cache: &'a Cache,
    known: Option<Vec<(String, PathBuf)>>,
    /// Those that the workspace does not list, by name, as rustc found them.
    found: BTreeMap<String, BTreeSet<PathBuf>>,
}

impl<'a> Packages<'a> {
    pub(super) fn new(workspace: &'a Workspace, cache: &'a Cache) -> Self {
        Self { workspace, cache, known: None, found: BTreeMap::new() }
    }

    /// Of a run of a build script this is where the script's sources are, which tells packages of one name apart.
    pub(super) fn root(&mut self, build_dir: &Path, unit: &Unit, builds: &[Build]) -> Option<PathBuf> {
        let script = builds.iter().find(|build| build.kind.mode == Mode::Run);
        let script = script.and_then(|run| self.script(build_dir, unit, run));
        self.of(build_dir, script.unwrap_or(unit))
    }

    /// The unit in which the script was compiled that was run.
    fn script(&self, build_dir: &Path, unit: &Unit, run: &Build) -> Option<&'a Unit> {
        let is_it = |build: &Build| {
            let kind = (build.kind.target, build.kind.mode);
            kind == (Target::BuildScript, Mode::Build) && run.dependencies.contains(&build.hash)
        };
        let units = self.cache.profiles.iter().flat_map(|profile| &profile.units);
        let mut units = units.filter(|it| it.package == unit.package && it.id != unit.id);
        units.find(|it| inputs::builds(build_dir, it).iter().any(is_it))
    }

    fn of(&mut self, build_dir: &Path, unit: &Unit) -> Option<PathBuf> {
        if !is_path(unit) {
            return None;
        }
        let workspace = self.workspace;
        let known = self.known.get_or_insert_with(|| {
            let members = workspace.members().unwrap_or_default();
            let others = workspace.path_dependencies().unwrap_or_default();
            members.into_iter().chain(others).map(|member| (member.name, member.dir)).collect()
        });
        let listed = inputs::package_root(build_dir, &workspace.root, unit, known).map(Path::to_path_buf);
        let is_listed = known.iter().any(|(name, _)| *name == unit.package);
        if listed.is_some() || is_listed {
            return listed;
        }
        let found = self.found.entry(unit.package.clone()).or_default();
        match inputs::root_by_sources(build_dir, &workspace.root, unit) {
            Some(root) => {
                found.insert(root.clone());
                Some(root)
            }
            // What rustc did not make is of the one package of this name.
            None if found.len() == 1 => found.first().cloned(),
            None => None,
        }
    }
}

pub(super) fn is_path(unit: &Unit) -> bool {
    unit.source == Source::Path
}

/// Whether it was made from files of the package.
pub(super) fn is_of_package(build: &Build) -> bool {
    match &build.watched {
        Watched::Files(inputs) | Watched::Rerun(inputs) => {
            inputs.iter().any(|input| matches!(input, Input::Package(_)))
        }
        Watched::Package { .. } => true,
        Watched::Nothing | Watched::Unknown => false,
    }
}

/// What to remove for a build of which no time is compared: what a script printed, or the hash file.
fn lever(build_dir: &Path, unit: &Unit, build: &Build) -> Option<PathBuf> {
    if build.kind.mode == Mode::Run {
        return inputs::printed(build_dir, unit);
    }
    Some(prints(unit).join(&build.name))
}

/// Where an input is. `None`: cargo does not look at it (sources that it unpacked itself), or nobody knows where it is.
fn place(request: &Request<'_>, input: &Input, root: Option<&Path>) -> Option<Place> {
    let workspace = request.workspace;
    let (path, is_of_build) = match input {
        Input::Package(path) => (root?.join(path), false),
        Input::Build(path) => (workspace.build_dir.value.join(path), true),
        Input::Absolute(path) => (path.clone(), false),
    };
    let is_cargos = ["registry", "git"].iter().any(|dir| path.starts_with(workspace.cargo_home.join(dir)));
    // Of packages that are no path packages cargo only looks at what was generated.
    if is_cargos || (root.is_none() && !is_of_build && !path.starts_with(&workspace.build_dir.value)) {
        return None;
    }
    let below = |base: &Path, of| Some(Place { base: of, path: path.strip_prefix(base).ok()?.into() });
    let mut bases = [(&workspace.build_dir.value, Where::BuildDir), (&workspace.root, Where::Workspace)];
    // A build dir may be the workspace itself, or around it.
    if workspace.root.starts_with(&workspace.build_dir.value) {
        bases.reverse();
    }
    let based = bases.into_iter().find_map(|(base, of)| below(base, of));
    based.or_else(|| Some(Place { base: Where::Absolute, path: path.as_path().into() }))
}

/// Whether the file, or a directory on the way to it from the package's root, is a link.
fn leads_through_a_link(root: &Path, path: &Path) -> bool {
    let is_below = |dir: &&Path| dir.starts_with(root) && *dir != root;
    path.is_symlink() || path.ancestors().skip(1).take_while(is_below).any(Path::is_symlink)
}

/// Whether it is a file or a directory, or a link to one.
fn has_content(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.is_file() || meta.is_dir())
}

/// All that is below a directory and has a content, links followed, for cargo takes the newest time of it all. `None`: it is too much.
fn tree(dir: &Path, place: &Place) -> Option<Vec<Place>> {
    let mut found = Vec::new();
    if !dir.is_dir() {
        return Some(found);
    }
    let walk = ignore::WalkBuilder::new(dir).standard_filters(false).follow_links(true).build();
    let below = walk.filter_map(Result::ok).filter(|entry| entry.depth() > 0 && has_content(entry.path()));
    for entry in below {
        if found.len() == MOST_IN_TREE {
            return None;
        }
        if let Ok(below) = entry.path().strip_prefix(dir) {
            found.push(Place { base: place.base, path: (&place.path.as_path().join(below)).into() });
        }
    }
    Some(found)
}
