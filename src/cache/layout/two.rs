//! Layout 2: one directory per unit, with all that belongs to it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{Reader, id_in};
use crate::cache::dep_info::Said;
use crate::cache::disk::{self, Kind};
use crate::cache::fingerprint::{self, is_id};
use crate::cache::source::Draft;
use crate::cache::{Entry, Why};

impl Reader<'_> {
    pub(super) fn layout_two(&mut self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for item in self.list(Path::new("build")) {
            let below = Path::new("build").join(&item.name);
            match item.kind {
                Kind::Dir => drafts.extend(self.package(&below)),
                Kind::Link => self.leave(below, Why::Link),
                Kind::File | Kind::Other => {}
            }
        }
        drafts
    }

    /// `build/<pkg>/`, or a build script's directory of layout 1, which has no units in it.
    fn package(&mut self, below: &Path) -> Vec<Draft> {
        let name = below.file_name().unwrap_or_default();
        let (ids, others): (Vec<_>, Vec<_>) =
            self.list(below).into_iter().partition(|item| item.name.to_str().is_some_and(is_id));
        if ids.is_empty() {
            let is_layout_one = name.to_str().is_some_and(|name| id_in(name).is_some());
            if !is_layout_one && !others.is_empty() {
                self.leave(below.to_path_buf(), Why::Layout);
            }
            return Vec::new();
        }
        for other in others {
            self.leave(below.join(other.name), Why::Name);
        }
        let mut drafts = Vec::new();
        for item in ids {
            let unit_dir = below.join(&item.name);
            let unit = match (item.kind, name.to_str(), item.name.to_str()) {
                (Kind::Dir, Some(package), Some(id)) => self.unit_two(package, id, &unit_dir),
                (Kind::Dir, _, _) => Err(Why::Name),
                (Kind::Link, _, _) => Err(Why::Link),
                (Kind::File | Kind::Other, _, _) => Err(Why::Form),
            };
            match unit {
                Ok(draft) => drafts.push(draft),
                Err(why) => self.leave(unit_dir, why),
            }
        }
        drafts
    }

    fn unit_two(&self, package: &str, id: &str, below: &Path) -> Result<Draft, Why> {
        let fingerprint = below.join("fingerprint");
        match disk::kind(&self.path(&fingerprint)) {
            Ok(Some(Kind::Dir)) => {}
            Ok(None) => return Err(Why::Layout),
            Ok(Some(Kind::Link)) => return Err(Why::Link),
            Ok(Some(Kind::File | Kind::Other)) => return Err(Why::Form),
            Err(error) => return Err(Why::Unreadable(error.kind())),
        }
        let mut draft = Draft::new(package, id, fingerprint::read_all(&self.path(fingerprint))?);
        if draft.is_compiled() {
            draft.said = [draft.said, self.dep_infos(&below.join("out"), package)?].concat();
        }
        draft.unit.entries = vec![
            Entry::Tree(self.entry_path(below)),
            Entry::EmptyDir(self.entry_path(below.parent().map(PathBuf::from).unwrap_or_default())),
        ];
        Ok(draft)
    }

    /// What the `.d` files in a directory of rustc's outputs say.
    pub(super) fn dep_infos(&self, below: &Path, package: &str) -> Result<Vec<Said>, Why> {
        let items = disk::list(&self.path(below)).map_err(|error| Why::Unreadable(error.kind()))?;
        let is_dep_info = |name: &OsStr| Path::new(name).extension() == Some(OsStr::new("d"));
        let dep_infos = items.iter().filter(|item| item.kind == Kind::File && is_dep_info(&item.name));
        Ok(dep_infos.map(|item| self.home.read(&self.path(below).join(&item.name), package)).collect())
    }
}
