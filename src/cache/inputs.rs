//! What cargo compares by time for a unit: which files, and with which file's time.
//!
//! Cargo calls a unit fresh if no file that it reads is newer than a reference (`find_stale_item` in its
//! `core/compiler/fingerprint/mod.rs`). Which files, the fingerprint's JSON and the encoded dep-info say. Here they are only
//! read; nothing is judged.
//!
//! `artifacts.rs` knows what a unit made, `package.rs` which files are a package's (and `selection.rs` what its manifest says of that), `root.rs` where it lies.

mod artifacts;
mod package;
mod root;
mod selection;

use std::cell::OnceCell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::disk::{self, Dir, Item};
use super::encoded::{self, Listed};
use super::fingerprint::{self, Explained, Kind, Local};
use super::place::{self, Place};
use super::{Unit, dep_info, source};

pub use artifacts::artifacts;
pub use package::package_files;
pub use root::{package_root, root_by_sources, sources};

/// A path as the build dir records it, so that it survives another checkout path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    /// Relative to the root of the unit's package; empty for the package itself.
    Package(PathBuf),
    /// Relative to the build dir: what build scripts generated.
    Build(PathBuf),
    /// Elsewhere.
    Absolute(PathBuf),
}

/// One build in a unit: one fingerprint that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The name of its hash file, such as `lib-serde` or `run-build-script-build-script-build`.
    pub name: String,
    /// What kind of build it was.
    pub kind: Kind,
    /// The compiler's hash, as in [`super::Fingerprint::rustc`]; 0, which is no compiler's, where the explanation is damaged or gone.
    pub rustc: u64,
    /// The fingerprint hash in the hash file.
    pub hash: u64,
    /// The fingerprint hashes of its dependencies when it was built.
    pub dependencies: Vec<u64>,
    /// The file whose modification time cargo compares with, relative to the build dir: the encoded dep-info, or what a build
    /// script printed. `None`: cargo compares no times for it.
    pub reference: Option<PathBuf>,
    /// What cargo compares.
    pub watched: Watched,
}

/// What cargo watches for a build. Paths are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// Files, from the encoded dep-info. Each must be no newer than the reference.
    Files(Vec<Input>),
    /// What a build script named by `rerun-if-changed`: files, or directories, of which the newest time in the whole tree
    /// counts.
    Rerun(Vec<Input>),
    /// All files of the package, compared as text: documentation, and build scripts that name nothing (cargo #6835).
    Package {
        /// The newest one's time and path, such as `1795376694.751796737s (src/lib.rs)`.
        newest: String,
    },
    /// Nothing: a package from elsewhere that never changes, a build script that named variables only or was overridden.
    Nothing,
    /// It cannot be told: damaged, gone, or of a form that is not known.
    Unknown,
}

/// The finished builds of a unit, by name. One whose hash file is empty, missing or no hash is left out: cargo builds it anew in
/// any case.
#[must_use]
pub fn builds(build_dir: &Path, unit: &Unit) -> Vec<Build> {
    let Some(place) = Place::of(unit) else { return Vec::new() };
    let Ok(Some(mut dir)) = Dir::open(&build_dir.join(&place.prints)) else { return Vec::new() };
    let items = dir.list().unwrap_or_default();
    let reader = Reader { build_dir, place, dir };
    items.iter().filter_map(|item| reader.build(item)).collect()
}

/// What a unit's build script printed, relative to the build dir. Its time is when the script was started, also where cargo
/// does not compare with it ([`Watched::Package`]). `None` for units of other kinds.
#[must_use]
pub fn printed(build_dir: &Path, unit: &Unit) -> Option<PathBuf> {
    if !place::is_run(unit) {
        return None;
    }
    place::printed(build_dir, &Place::of(unit)?.run?)
}

/// A fingerprint directory while it is read.
struct Reader<'a> {
    build_dir: &'a Path,
    place: Place,
    dir: Dir,
}

impl Reader<'_> {
    fn build(&self, item: &Item) -> Option<Build> {
        let name = item.name.to_str().filter(|_| item.kind == disk::Kind::File)?;
        let explanation = Path::new(name).with_extension("json");
        if explanation == Path::new(name) {
            return None;
        }
        let kind = fingerprint::kind(name)?;
        let hash = fingerprint::hash(&self.dir.read(&item.name, 16).ok()?.bytes)?;
        let mut build = Build {
            name: name.to_owned(),
            kind,
            rustc: 0,
            hash,
            dependencies: Vec::new(),
            reference: None,
            watched: Watched::Unknown,
        };
        if let Ok(Explained::By(record)) = fingerprint::read(&self.dir, explanation.as_os_str()) {
            build.rustc = record.fingerprint.rustc;
            build.dependencies = record.edges.iter().map(|edge| edge.hash).collect();
            (build.reference, build.watched) = self.watched(name, record.local);
        }
        Some(build)
    }

    fn watched(&self, name: &str, local: Vec<Local>) -> (Option<PathBuf>, Watched) {
        // Cargo always says something.
        let unknown = (None, Watched::Unknown);
        if local.is_empty() {
            return unknown;
        }
        let (mut reference, mut watched) = (None, Watched::Nothing);
        for local in local {
            let (time_of, what) = match local {
                Local { precalculated: Some(newest), .. } if source::is_newest(&newest) => {
                    (None, Watched::Package { newest })
                }
                Local { dep_info: Some(dep_info), .. } => {
                    let time_of = self.place.prints.join(format!("dep-{name}"));
                    if dep_info.path.file_name() != time_of.file_name() {
                        return unknown;
                    }
                    let files = self.files(&time_of).map_or(Watched::Unknown, Watched::Files);
                    ((!dep_info.checksum).then_some(time_of), files)
                }
                Local { rerun: Some(rerun), .. } => {
                    let (Some(run), Some(printed)) = (&self.place.run, rerun.output.file_name()) else {
                        return unknown;
                    };
                    (Some(run.join(printed)), Watched::Rerun(self.named(rerun.paths)))
                }
                // Cargo looks at these two when it computes the hash.
                Local { precalculated: Some(_), .. } | Local { variable: Some(_), .. } => continue,
                Local { precalculated: None, dep_info: None, rerun: None, variable: None } => return unknown,
            };
            // Cargo writes one of them at most, so with a second nothing is certain.
            if watched != Watched::Nothing {
                return unknown;
            }
            (reference, watched) = (time_of, what);
        }
        (reference, watched)
    }

    /// The files in an encoded dep-info.
    fn files(&self, dep_info: &Path) -> Option<Vec<Input>> {
        let content = self.dir.read(dep_info.file_name()?, encoded::LIMIT).ok()?;
        let listed = encoded::parse(&content.bytes).ok()?;
        let files = listed.into_iter().map(|file| match file {
            Listed::Package(path) => Input::Package(path),
            Listed::Build(path) if path.is_relative() => Input::Build(path),
            Listed::Build(path) => self.below_build_dir(&path).unwrap_or(Input::Absolute(path)),
        });
        Some(sorted(files.collect()))
    }

    /// What a build script named. Cargo keeps paths below the package relative, and all others as they were printed.
    fn named(&self, paths: Vec<PathBuf>) -> Vec<Input> {
        let out_then = OnceCell::new();
        let named = paths.into_iter().map(|path| {
            if path.is_relative() {
                return Input::Package(path);
            }
            let below_out = || {
                let then = out_then.get_or_init(|| self.out_then()).as_ref()?;
                Some(Input::Build(self.place.out.as_ref()?.join(path.strip_prefix(then).ok()?)))
            };
            self.below_build_dir(&path).or_else(below_out).unwrap_or(Input::Absolute(path))
        });
        sorted(named.collect())
    }

    fn below_build_dir(&self, path: &Path) -> Option<Input> {
        path.strip_prefix(self.build_dir).ok().map(|below| Input::Build(below.to_path_buf()))
    }

    /// Where `OUT_DIR` was when the script ran: the build dir may have been moved since.
    fn out_then(&self) -> Option<PathBuf> {
        let file = self.build_dir.join(self.place.run.as_ref()?).join("root-output");
        dep_info::path_of(disk::read(&file, 4096).ok()?).filter(|path| path.is_absolute())
    }
}

fn sorted(mut inputs: Vec<Input>) -> Vec<Input> {
    inputs.sort_unstable();
    inputs.dedup();
    inputs
}

/// The end of a name, where it tells what is in the file.
fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(OsStr::to_str)
}

#[cfg(test)]
mod tests;
