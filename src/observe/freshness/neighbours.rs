//! Other checkouts that build into the same dir. Cargo calls a unit of theirs by the same name as one of ours where the package
//! lies at the same place in the workspace (cargo #17312), and takes it for fresh: built from their sources.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::cache::digest::Digest;
use crate::cache::ledger::{self, FileRecord, InputRecord, Ledger, Place, UnitRecord, Where};
use crate::cache::stat::Time;
use crate::observe::rules;
use crate::workspace::Workspace;

/// Who else builds here.
pub(super) struct Neighbours(Vec<Neighbour>);

struct Neighbour {
    /// `None`: it is gone, and only what it wrote down is left.
    root: Option<PathBuf>,
    ledger: Ledger,
}

/// What others know of a unit that may be theirs.
pub(super) struct Theirs<'a>(Option<(&'a Ledger, &'a UnitRecord)>);

impl Neighbours {
    /// Those who left a trace of themselves.
    pub(super) fn of(workspace: &Workspace) -> Self {
        let build_dir = workspace.build_dir.value.as_path();
        let others = rules::owners(workspace).others.into_iter().filter(|other| other.root != workspace.root);
        let mut all = Vec::new();
        let mut read: BTreeSet<PathBuf> = [ledger::path(build_dir, &workspace.root)].into();
        for other in others {
            let path = ledger::path(build_dir, &other.root);
            let ledger = Ledger::read(&path).unwrap_or_default();
            read.insert(path);
            all.push(Neighbour { root: Some(other.root), ledger });
        }
        let left = ledger::all(build_dir).into_iter().filter(|path| !read.contains(path));
        let left = left.filter_map(|path| Some(Neighbour { root: None, ledger: Ledger::read(&path)? }));
        all.extend(left);
        Self(all)
    }

    /// What is known of this unit by somebody else who may have built it. `None`: nobody else has such a package.
    pub(super) fn who_may_have_built(&self, unit: &UnitRecord, files: &[FileRecord]) -> Option<Theirs<'_>> {
        let inputs = unit.builds.iter().flat_map(|build| &build.inputs);
        let places = inputs.map(|input| &files[input.file as usize].place);
        let ours: Vec<&Place> = places.filter(|place| place.base == Where::Workspace).collect();
        let is_theirs = |record: &&UnitRecord| {
            record.key == unit.key
                && record.artifacts.len() == unit.artifacts.len()
                && record.artifacts.iter().zip(&unit.artifacts).all(|(a, b)| a.digest == b.digest)
        };
        // Whoever is gone builds nothing any more, so only what is known to be theirs is.
        let may_have = |it: &&Neighbour| match &it.root {
            Some(root) => ours.iter().any(|place| root.join(place.path.as_path()).exists()),
            None => it.ledger.units.iter().any(|record| is_theirs(&record) && record.built == unit.built),
        };
        let mut others = self.0.iter().filter(may_have).peekable();
        others.peek()?;
        Some(Theirs(others.find_map(|it| Some((&it.ledger, it.ledger.units.iter().find(is_theirs)?)))))
    }
}

impl Theirs<'_> {
    /// Whether theirs is the very build that is there, and not an earlier one of the same bytes.
    pub(super) fn is_of(&self, built: Option<Time>) -> bool {
        self.0.is_some_and(|(_, unit)| unit.built == built)
    }

    /// What a build was made from, by their record, and the modification time that it had.
    pub(super) fn input_of(&self, build: &str, place: &Place) -> Option<(Digest, Time)> {
        let (ledger, unit) = self.0?;
        let build = unit.builds.iter().find(|it| it.name == build)?;
        let is_it = |input: &&InputRecord| ledger.files[input.file as usize].place == *place;
        let input = build.inputs.iter().find(is_it)?;
        Some((input.digest?, input.modified))
    }
}
