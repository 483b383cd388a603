//! Layout 1: files by kind, gathered to units by the id in their names.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{Builds, Found, Reader, id_in};
use crate::cache::disk::Kind;
use crate::cache::finals::{Class, could_be};
use crate::cache::fingerprint::{self, Mode, Target, is_id};
use crate::cache::parallel;
use crate::cache::source::Draft;
use crate::cache::{Entry, Unknown, Why};

/// What rustc made. Built with one listing per directory: a glob per unit is what made `cargo clean -p` slow (cargo #16264).
#[derive(Default)]
struct Outputs {
    by_id: HashMap<String, Vec<(PathBuf, Kind)>>,
    /// Files without an id in their names.
    others: Vec<PathBuf>,
}

impl Reader<'_> {
    pub(super) fn layout_one(&self, builds: &Builds) -> Vec<Found> {
        let mut unknown = Vec::new();
        let units = self.list(Path::new(".fingerprint"), &mut unknown);
        let outputs = if units.is_empty() { Outputs::default() } else { self.outputs(&mut unknown) };
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
        self.give_others(&outputs, &mut found);
        found
    }

    /// Files without an id belong to the one unit that could have made them; where several could, they are nobody's.
    ///
    /// Cargo gives no ids to dynamic libraries of path packages and, for some targets, programs (`use_extra_filename` in
    /// its `compilation_files.rs`). Whoever has files with its id made none without.
    fn give_others(&self, outputs: &Outputs, found: &mut [Found]) {
        if outputs.others.is_empty() {
            return;
        }
        let mut makers: HashMap<(Target, String), Vec<usize>> = HashMap::new();
        for (at, found) in found.iter().enumerate() {
            let Found::Unit(draft) = found else { continue };
            if outputs.by_id.contains_key(&draft.unit.id) {
                continue;
            }
            for print in draft.unit.fingerprints.iter().filter(|print| print.kind.mode == Mode::Build) {
                let makes = makers.entry((print.kind.target, print.kind.name.replace('-', "_"))).or_default();
                if !makes.contains(&at) {
                    makes.push(at);
                }
            }
        }
        let mut given: Vec<(usize, &PathBuf)> = Vec::new();
        for path in &outputs.others {
            let Some(name) = path.file_name().and_then(OsStr::to_str) else { continue };
            let mut could: Vec<usize> = could_be(name)
                .into_iter()
                .flat_map(|(class, name)| {
                    let target = match class {
                        _ if path.starts_with("examples") => Target::Example,
                        Class::Program => Target::Bin,
                        Class::Library => Target::Lib,
                    };
                    makers.get(&(target, name)).into_iter().flatten().copied()
                })
                .collect();
            could.sort_unstable();
            could.dedup();
            if let [at] = could[..] {
                given.push((at, path));
            }
        }
        // What cargo looks for first, as with all other outputs.
        given.sort_by_key(|(at, path)| (*at, std::cmp::Reverse(rank(path))));
        for (at, path) in given {
            let Found::Unit(draft) = &mut found[at] else { continue };
            let entry = Entry::File(self.entry_path(path));
            if is_dep_info(path) {
                draft.dep_infos.push(self.path(path));
                // It is this unit's by elimination, which is not sure enough to speak for others.
                draft.root = None;
                draft.unit.entries.insert(draft.unit.entries.len() - 1, entry);
            } else {
                draft.unit.entries.insert(0, entry);
            }
        }
    }

    fn outputs(&self, unknown: &mut Vec<Unknown>) -> Outputs {
        let mut outputs = Outputs::default();
        for dir in ["deps", "examples", "deps/artifact"] {
            for item in self.list(Path::new(dir), unknown) {
                let path = Path::new(dir).join(&item.name);
                match item.name.to_str().and_then(id_in) {
                    Some(id) => outputs.by_id.entry(id.to_owned()).or_default().push((path, item.kind)),
                    None if item.kind == Kind::File => outputs.others.push(path),
                    None => {}
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
        let mut draft = Draft::new(package, id, &self.path(fingerprint), fingerprint::read_all(prints)?);
        let mut files: Vec<(u8, Entry)> = Vec::new();
        for (path, kind) in outputs.by_id.get(id).into_iter().flatten() {
            let entry = match kind {
                Kind::File => Entry::File(self.entry_path(path)),
                // Debug information on macOS: `x-<id>.dSYM/`.
                Kind::Dir => Entry::Tree(self.entry_path(path)),
                Kind::Link => return Err(Why::Link),
                Kind::Other => return Err(Why::Form),
            };
            if is_dep_info(path) && draft.is_compiled() {
                draft.dep_infos.push(self.path(path));
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
                    draft.dep_infos.extend(self.dep_infos(&build, items));
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
    // What follows the id: a program's own name may have dots.
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let after = id_in(name).and_then(|id| name.split_once(id)).map_or(name, |(_, after)| after);
    match Path::new(after)
        .extension()
        .and_then(|extension| extension.to_str())
        .or_else(|| after.strip_prefix('.'))
    {
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
