//! To which units an uplifted file belongs.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::{By, Class, UnitRef, could_be};
use crate::cache::disk::{self, Kind};
use crate::cache::size::identity;
use crate::cache::{Entry, Mode, Target, Unit};

/// Device and inode.
type FileId = (u64, u64);

/// To whom a file belongs; `None`: to nobody.
pub(super) type Owned = Option<(Vec<UnitRef>, By)>;

/// The units of a profile dir by what they may have made.
pub(super) struct Owners<'a> {
    target_dir: &'a Path,
    build_dir: &'a Path,
    by_name: HashMap<(Target, String), Vec<&'a Unit>>,
    /// The files that were looked for so far.
    outputs: HashMap<&'a str, BTreeSet<FileId>>,
}

impl<'a> Owners<'a> {
    pub(super) fn new(target_dir: &'a Path, build_dir: &'a Path, units: &'a [Unit]) -> Self {
        let mut by_name: HashMap<(Target, String), Vec<&Unit>> = HashMap::new();
        for unit in units {
            let builds = unit.fingerprints.iter().filter(|print| print.kind.mode == Mode::Build);
            let keys: BTreeSet<_> =
                builds.map(|print| (print.kind.target, print.kind.name.replace('-', "_"))).collect();
            for key in keys {
                by_name.entry(key).or_default().push(unit);
            }
        }
        Self { target_dir, build_dir, by_name, outputs: HashMap::new() }
    }

    /// Each file in a profile dir and its `examples/` with its owners.
    pub(super) fn of_all(&mut self, profile: &Path, files: Vec<Entry>) -> Vec<(Entry, Owned)> {
        let is_dep_info = |entry: &Entry| entry.path().extension().is_some_and(|extension| extension == "d");
        let mut beside: HashMap<PathBuf, Owned> = HashMap::new();
        let mut all = Vec::new();
        let (dep_infos, files): (Vec<Entry>, Vec<Entry>) = files.into_iter().partition(is_dep_info);
        for entry in files {
            let owned = self.of(profile, entry.path());
            if let Some((owners, by)) = &owned {
                // `libx.d` is beside `libx.rlib`, `libx.so` and `libx.a`.
                let of_dep_info = beside.entry(entry.path().with_extension("d")).or_default();
                let (before, _) = of_dep_info.get_or_insert((Vec::new(), *by));
                before.extend(owners.iter().cloned());
                before.sort();
                before.dedup();
            }
            all.push((entry, owned));
        }
        for entry in dep_infos {
            let owned = beside.remove(entry.path()).unwrap_or_else(|| self.of(profile, entry.path()));
            all.push((entry, owned));
        }
        all.sort_by(|(a, _), (b, _)| a.path().cmp(b.path()));
        all
    }

    fn of(&mut self, profile: &Path, file: &Path) -> Owned {
        let is_example = file.parent() != Some(profile);
        let name = file.file_name()?.to_str()?;
        let mut units: Vec<&'a Unit> = Vec::new();
        for (class, name) in could_be(name) {
            let target = match class {
                _ if is_example => Target::Example,
                Class::Program => Target::Bin,
                Class::Library => Target::Lib,
            };
            units.extend(self.by_name.get(&(target, name)).into_iter().flatten());
        }
        units.sort_by_key(|unit| (&unit.package, &unit.id));
        units.dedup_by_key(|unit| &unit.id);
        let meta = self.target_dir.join(file).symlink_metadata().ok()?;
        // Of directories cargo uplifts nothing but debug information on macOS.
        if meta.is_dir() && file.extension().is_none_or(|extension| extension != "dSYM") {
            return None;
        }
        if let Some(identity) = identity(&meta).filter(|identity| identity.links > 1) {
            let same: Vec<UnitRef> = units
                .iter()
                .filter(|unit| self.outputs(unit).contains(&identity.file))
                .map(|unit| UnitRef::from(*unit))
                .collect();
            if !same.is_empty() {
                return Some((same, By::SameFile));
            }
        }
        let packages: BTreeSet<&str> = units.iter().map(|unit| unit.package.as_str()).collect();
        (packages.len() == 1).then(|| (units.into_iter().map(UnitRef::from).collect(), By::Name))
    }

    fn outputs(&mut self, unit: &'a Unit) -> &BTreeSet<FileId> {
        let build_dir = self.build_dir;
        self.outputs.entry(&unit.id).or_insert_with(|| {
            let files = unit.entries.iter().flat_map(|entry| match entry {
                Entry::File(path) => vec![build_dir.join(path)],
                // Layout 2.
                Entry::Tree(path) if path.ends_with(&unit.id) => {
                    let out = build_dir.join(path).join("out");
                    let items = disk::list(&out).unwrap_or_default();
                    items
                        .into_iter()
                        .filter(|item| item.kind == Kind::File)
                        .map(|item| out.join(item.name))
                        .collect()
                }
                Entry::Tree(_) | Entry::EmptyDir(_) => Vec::new(),
            });
            files
                .filter_map(|file| identity(&file.symlink_metadata().ok()?).map(|identity| identity.file))
                .collect()
        })
    }
}
