//! Where the parts of a unit lie, in either layout.

use std::path::{Path, PathBuf};

use super::disk::{self, Kind};
use super::{Entry, Mode, Unit};

/// All relative to the build dir.
pub(super) struct Place {
    /// The fingerprint directory.
    pub(super) prints: PathBuf,
    /// Where rustc's outputs lie that no entry names: layout 2, and build scripts. `OUT_DIR` of a build script's run.
    pub(super) out: Option<PathBuf>,
    /// Where cargo keeps what a build script printed.
    pub(super) run: Option<PathBuf>,
}

impl Place {
    pub(super) fn of(unit: &Unit) -> Option<Self> {
        let first = unit.entries.first()?.path();
        if first.ends_with(&unit.id) {
            let (out, run) = (first.join("out"), first.join("run"));
            return Some(Self { prints: first.join("fingerprint"), out: Some(out), run: Some(run) });
        }
        let prints = unit.entries.last()?.path().to_path_buf();
        let build = unit.entries.iter().find_map(|entry| match entry {
            Entry::Tree(path) if path.parent().is_some_and(|parent| parent.ends_with("build")) => {
                Some(path.clone())
            }
            _ => None,
        });
        let out = build.as_ref().map(|build| if is_run(unit) { build.join("out") } else { build.clone() });
        Some(Self { prints, out, run: build })
    }

    /// The files that rustc made.
    pub(super) fn outputs(&self, build_dir: &Path, unit: &Unit) -> Vec<PathBuf> {
        let named = unit.entries.iter().filter_map(|entry| match entry {
            Entry::File(path) => Some(path.clone()),
            Entry::Tree(_) | Entry::EmptyDir(_) => None,
        });
        let listed = self.out.iter().flat_map(|out| {
            let items = disk::list(&build_dir.join(out)).unwrap_or_default();
            items.into_iter().filter(|item| item.kind == Kind::File).map(|item| out.join(item.name))
        });
        named.chain(listed).collect()
    }
}

/// Whether the unit is a build script that ran.
pub(super) fn is_run(unit: &Unit) -> bool {
    unit.fingerprints.iter().any(|print| print.kind.mode == Mode::Run)
}

/// What a build script printed, where that is kept: `output` in layout 1, `stdout` in layout 2. Its time is when the script was
/// started.
pub(super) fn printed(build_dir: &Path, run: &Path) -> Option<PathBuf> {
    let is_there = |path: &PathBuf| !matches!(disk::kind(&build_dir.join(path)), Ok(None));
    ["output", "stdout"].iter().map(|name| run.join(name)).find(is_there)
}
