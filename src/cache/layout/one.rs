//! Layout 1: files by kind, gathered to units by the id in their names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{Builds, Found, Reader, id_in};
use crate::cache::disk::Kind;
use crate::cache::fingerprint::{self, is_id};
use crate::cache::parallel;
use crate::cache::source::Draft;
use crate::cache::{Entry, Unknown, Why};

/// What rustc and cargo name by an id, by that id. Built with one listing per directory: a glob per unit is what made
/// `cargo clean -p` slow (cargo #16264).
type Outputs = HashMap<String, Vec<(PathBuf, Kind)>>;

impl Reader<'_> {
    pub(super) fn layout_one(&self, builds: &Builds) -> Vec<Found> {
        let mut unknown = Vec::new();
        let units = self.list(Path::new(".fingerprint"), &mut unknown);
        let outputs = if units.is_empty() { Outputs::new() } else { self.outputs(&mut unknown) };
        let mut found: Vec<Found> = unknown.into_iter().map(Found::Left).collect();
        found.extend(parallel::map(units, |item| {
            let below = Path::new(".fingerprint").join(&item.name);
            let unit = match (item.kind, item.name.to_str().and_then(unit_name)) {
                (Kind::Dir, Some((package, id))) => self.unit_one(package, id, &below, &outputs, builds),
                (Kind::Dir, None) => Err(Why::Name),
                (Kind::Link, _) => Err(Why::Link),
                (Kind::File | Kind::Other, _) => Err(Why::Form),
            };
            Found::of(unit, |why| self.left(below, why))
        }));
        found
    }

    fn outputs(&self, unknown: &mut Vec<Unknown>) -> Outputs {
        let mut outputs = Outputs::new();
        for dir in ["deps", "examples", "deps/artifact"] {
            for item in self.list(Path::new(dir), unknown) {
                if let Some(id) = item.name.to_str().and_then(id_in) {
                    let path = Path::new(dir).join(&item.name);
                    outputs.entry(id.to_owned()).or_default().push((path, item.kind));
                }
            }
        }
        outputs
    }

    fn unit_one(
        &self,
        package: &str,
        id: &str,
        fingerprint: &Path,
        outputs: &Outputs,
        builds: &Builds,
    ) -> Result<Option<Draft>, Why> {
        let Some(prints) = self.open(fingerprint)? else { return Ok(None) };
        let mut draft = Draft::new(package, id, fingerprint::read_all(prints)?);
        let mut files: Vec<(u8, Entry)> = Vec::new();
        for (path, kind) in outputs.get(id).into_iter().flatten() {
            let entry = match kind {
                Kind::File => Entry::File(self.entry_path(path)),
                // Debug information on macOS: `x-<id>.dSYM/`.
                Kind::Dir => Entry::Tree(self.entry_path(path)),
                Kind::Link => return Err(Why::Link),
                Kind::Other => return Err(Why::Form),
            };
            if is_dep_info(path) && draft.is_compiled() {
                draft.said.push(self.home.read(&self.path(path), package));
            }
            files.push((rank(path), entry));
        }
        files.sort_by_key(|(rank, _)| *rank);
        let dep_infos = files.partition_point(|(rank, _)| *rank < DEP_INFO);
        let dep_infos = files.split_off(dep_infos);
        draft.unit.entries.extend(files.into_iter().map(|(_, entry)| entry));
        let build = Path::new("build").join(format!("{package}-{id}"));
        match builds.get(build.file_name().unwrap_or_default()) {
            None => {}
            Some((Kind::Dir, items)) => {
                if draft.is_compiled() {
                    draft.said.extend(self.dep_infos(&build, items, package));
                }
                draft.unit.entries.push(Entry::Tree(self.entry_path(build)));
            }
            Some((Kind::Link, _)) => return Err(Why::Link),
            Some((Kind::File | Kind::Other, _)) => return Err(Why::Form),
        }
        draft.unit.entries.extend(dep_infos.into_iter().map(|(_, entry)| entry));
        draft.unit.entries.push(Entry::Tree(self.entry_path(fingerprint)));
        Ok(Some(draft))
    }
}

/// The last of a unit's files to go.
const DEP_INFO: u8 = 2;

/// Outputs that cargo looks for go first: without one of them the unit is stale from the first removal on. Debug
/// information is not among them; without it alone cargo would call the unit fresh and never make it again.
fn rank(path: &Path) -> u8 {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("d") => DEP_INFO,
        Some(
            "rmeta" | "rlib" | "so" | "dylib" | "dll" | "a" | "lib" | "exe" | "wasm" | "js" | "examples",
        )
        | None => 0,
        Some(_) => 1,
    }
}

fn is_dep_info(path: &Path) -> bool {
    rank(path) == DEP_INFO
}

/// `<pkg>-<id>`.
fn unit_name(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once('-').filter(|(package, id)| !package.is_empty() && is_id(id))
}
