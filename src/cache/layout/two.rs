//! Layout 2: one directory per unit, with all that belongs to it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{Builds, Found, Reader, id_in};
use crate::cache::disk::{self, Kind};
use crate::cache::fingerprint::{self, is_id};
use crate::cache::parallel;
use crate::cache::source::Draft;
use crate::cache::{Entry, Why};

impl Reader<'_> {
    pub(super) fn layout_two(&self, builds: &Builds) -> Vec<Found> {
        let mut found = Vec::new();
        let mut units = Vec::new();
        for (name, (kind, items)) in builds {
            match kind {
                Kind::Dir => self.package(name, items, &mut units, &mut found),
                Kind::Link => found.push(Found::Left(self.left(Path::new("build").join(name), Why::Link))),
                Kind::File | Kind::Other => {}
            }
        }
        found.extend(parallel::map(units, |(package, item)| {
            let below = Path::new("build").join(package).join(&item.name);
            let unit = match (item.kind, package.to_str(), item.name.to_str()) {
                (Kind::Dir, Some(package), Some(id)) => self.unit_two(package, id, &below),
                (Kind::Dir, _, _) => Err(Why::Name),
                (Kind::Link, _, _) => Err(Why::Link),
                (Kind::File | Kind::Other, _, _) => Err(Why::Form),
            };
            Found::of(unit, |why| self.left(below, why))
        }));
        found
    }

    /// `build/<pkg>/`, or a build script's directory of layout 1, which has no units in it.
    fn package<'a>(
        &self,
        name: &'a OsStr,
        items: &'a [disk::Item],
        units: &mut Vec<(&'a OsStr, &'a disk::Item)>,
        found: &mut Vec<Found>,
    ) {
        let below = Path::new("build").join(name);
        let (ids, others): (Vec<_>, Vec<_>) =
            items.iter().partition(|item| item.name.to_str().is_some_and(is_id));
        if ids.is_empty() {
            let is_layout_one = name.to_str().is_some_and(|name| id_in(name).is_some());
            if !is_layout_one && !others.is_empty() {
                found.push(Found::Left(self.left(below, Why::Layout)));
            }
            return;
        }
        let left = others.into_iter().map(|other| self.left(below.join(&other.name), Why::Name));
        found.extend(left.map(Found::Left));
        units.extend(ids.into_iter().map(|item| (name, item)));
    }

    fn unit_two(&self, package: &str, id: &str, below: &Path) -> Result<Option<Draft>, Why> {
        let fingerprint = below.join("fingerprint");
        let Some(prints) = self.open(&fingerprint)? else {
            let is_gone = matches!(disk::kind(&self.path(below)), Ok(None));
            return if is_gone { Ok(None) } else { Err(Why::Layout) };
        };
        let mut draft = Draft::new(package, id, &self.path(&fingerprint), fingerprint::read_all(prints)?);
        if draft.is_compiled() {
            let out = below.join("out");
            let items = disk::list(&self.path(&out)).map_err(|error| Why::Unreadable(error.kind()))?;
            draft.dep_infos.extend(self.dep_infos(&out, &items));
        }
        draft.unit.entries = vec![
            Entry::Tree(self.entry_path(below)),
            Entry::EmptyDir(self.entry_path(below.parent().map(PathBuf::from).unwrap_or_default())),
        ];
        Ok(Some(draft))
    }
}
