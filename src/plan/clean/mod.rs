//! What a clean removes: decided from a cache as data. Pure, and it fails closed: what cannot be told stays.
//!
//! ```text
//! outlines ─┐                  ┌─ whole.rs: whole directories by name
//! cache    ─┼─► decide(Wanted) ┤                                          ─► CleanPlan ─► shown, or applied
//! finals   ─┘   owners         └─ select.rs: a reason for each unit
//!                                   stale, spec, age, budget: one criterion each
//! ```

mod age;
mod budget;
mod json;
mod owners;
mod reason;
mod select;
pub mod spec;
mod stale;
mod wanted;
mod whole;

use std::collections::BTreeSet;
use std::path::PathBuf;

pub use age::Age;
pub use budget::{Budget, Weights};
pub use owners::{Other, Owners};
pub use reason::{Left, LeftWhy, Reason};
pub use spec::{Chosen, Known, Local, NoSuchPackage, Spec, SpecError};
pub use stale::{Compilers, Packages, Rules};
pub use wanted::{Asked, Criteria, Toolchain, Wanted, What, Where};

use crate::cache::finals::Finals;
use crate::cache::outline::Outline;
use crate::cache::size::Size;
use crate::cache::{Cache, Entry};

/// Which of the two directories an entry is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The build dir, also where it is the target dir.
    Build,
    /// The target dir, where it is another.
    Target,
}

/// What goes for one reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Why.
    pub reason: Reason,
    /// How many units; incremental sessions are not counted, nor is what goes with a whole directory.
    pub units: usize,
    /// What is removed from the build dir, in this order.
    pub build: Vec<Entry>,
    /// What is removed from the target dir where it is another, in this order.
    pub target: Vec<Entry>,
    /// How much that is; nothing until it is [measured](CleanPlan::measured).
    pub size: Size,
}

/// The plan of one clean: this and nothing else is removed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CleanPlan {
    /// By reason, in a stable order.
    pub groups: Vec<Group>,
    /// What stays although it was in the way.
    pub left: BTreeSet<Left>,
    /// The other workspaces that build here, where that made a difference.
    pub shared: Vec<PathBuf>,
}

/// What a clean is decided from.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// The build dir's top levels.
    pub build: &'a Outline,
    /// The target dir's, where it is another.
    pub target: Option<&'a Outline>,
    /// The units; an empty one will do unless [`Wanted::needs_units`].
    pub cache: &'a Cache,
    /// The final artifacts; none will do, likewise.
    pub finals: &'a Finals,
}

/// Decides what goes.
#[must_use]
pub fn decide(sight: Sight<'_>, wanted: &Wanted, owners: &Owners) -> CleanPlan {
    let Sight { build, target, cache, finals } = sight;
    let mut plan = match wanted.what {
        What::All if owners.is_alone() => whole::decide(build, target, &wanted.place),
        What::Doc if owners.is_alone() => whole::docs(build, target, &wanted.place),
        What::Doc => CleanPlan { left: BTreeSet::from([Left::SharedFinals]), ..CleanPlan::default() },
        What::All | What::Packages | What::Matching(_) => select::decide(cache, finals, wanted, owners),
    };
    let is_cut = |left: &Left| matches!(left, Left::Shared { .. } | Left::SharedFinals);
    if plan.left.iter().any(is_cut) {
        plan.shared = owners.others.iter().map(|other| other.root.clone()).collect();
    }
    plan.groups.sort_by(|a, b| a.reason.cmp(&b.reason));
    plan
}

impl CleanPlan {
    /// Whether there is nothing to remove.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The entries on one side, in the order of their removal.
    pub fn entries(&self, side: Side) -> impl Iterator<Item = &Entry> {
        self.groups.iter().flat_map(move |group| group.on(side))
    }

    /// Fills in how much each group is. `measure` looks at the disk, first at all groups of the build dir, then at those of
    /// the target dir, and returns one size for each.
    #[must_use]
    pub fn measured(mut self, mut measure: impl FnMut(Side, &[&[Entry]]) -> Vec<Size>) -> Self {
        for side in [Side::Build, Side::Target] {
            let groups: Vec<&[Entry]> = self.groups.iter().map(|group| group.on(side)).collect();
            if groups.iter().all(|entries| entries.is_empty()) {
                continue;
            }
            let sizes = measure(side, &groups);
            for (group, size) in self.groups.iter_mut().zip(sizes) {
                group.size += size;
            }
        }
        self
    }

    /// All groups together.
    #[must_use]
    pub fn size(&self) -> Size {
        self.groups.iter().fold(Size::default(), |sum, group| sum + group.size)
    }

    /// How many units go.
    #[must_use]
    pub fn units(&self) -> usize {
        self.groups.iter().map(|group| group.units).sum()
    }

    fn add(&mut self, reason: &Reason, units: usize, side: Side, entries: &[Entry]) {
        if entries.is_empty() {
            return;
        }
        let at = self.groups.iter().position(|group| group.reason == *reason).unwrap_or_else(|| {
            let reason = reason.clone();
            self.groups.push(Group {
                reason,
                units: 0,
                build: Vec::new(),
                target: Vec::new(),
                size: Size::default(),
            });
            self.groups.len() - 1
        });
        let group = &mut self.groups[at];
        group.units += units;
        match side {
            Side::Build => group.build.extend_from_slice(entries),
            Side::Target => group.target.extend_from_slice(entries),
        }
    }

    fn leave_shared(&mut self, units: usize) {
        if units > 0 {
            self.left.insert(Left::Shared { units });
        }
    }
}

impl Group {
    /// The entries on one side.
    #[must_use]
    pub fn on(&self, side: Side) -> &[Entry] {
        match side {
            Side::Build => &self.build,
            Side::Target => &self.target,
        }
    }
}

#[cfg(test)]
mod tests;
