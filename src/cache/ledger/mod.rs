//! The ledger: from which content each unit was built, and what its files were when it was.
//!
//! Cargo compares times. The ledger holds what times only suggest: for each unit of a path package the digest of every input
//! that its fingerprint lists, and for every unit the digest of what rustc made. Beside each digest stands the `stat` under
//! which the file was last read, so that a file whose `stat` is the same need not be read again.
//!
//! Nothing in it is believed for its own sake. A record of a unit holds as long as the unit's files are byte for byte those
//! of the record; so a ledger that is old, restored with a cache or written by another of two that ran at once costs a second
//! look and is never wrong. One that is damaged or of another format counts as absent.
//!
//! Paths are kept relative to the workspace, the build dir or the package, so that it stays valid when a checkout moves
//! together with its target dir.

mod file;
mod place;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use file::{all, path};
pub use place::{Place, Spelled, Where};

use super::damage::{Damaged, What};
use super::digest::Digest;
use super::stat::{Stat, Time};
use super::{Kind, Mode, Unit};

/// So many commands are remembered.
const MOST_COMMANDS: usize = 64;

/// What is known of the units of a build dir, for one workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Every input, once, however many units list it.
    pub files: Vec<FileRecord>,
    /// Sorted by key.
    pub units: Vec<UnitRecord>,
    /// The directories in which new units would appear, and the hash files of those whose build has not ended.
    pub listings: Vec<Listing>,
    /// [`super::RUSTC_INFO`]. `None`: it was not there, not sound, or never looked at.
    pub answers: Option<AnswersRecord>,
    /// The commands whose builds have all ended, the latest last: what they are made of in a digest.
    pub commands: Vec<Digest>,
    /// How long before it was written the look began of which it tells, in nanoseconds.
    pub took: i64,
    /// When the artifacts were last read whole, whatever their `stat` said.
    pub read_whole: Option<Time>,
}

/// An input as it was when it was last looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Where.
    pub place: Place,
    /// `None`: it was not there.
    pub stat: Option<Stat>,
    /// `None`: it was not there, or could not be read.
    pub digest: Option<Digest>,
}

/// What cargo remembers of the compiler, as it was when it was last looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswersRecord {
    /// When it was last read.
    pub stat: Stat,
    /// As cargo wrote it. `None`: nobody saw it written, so nobody knows.
    pub digest: Option<Digest>,
}

/// A directory that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Relative to the build dir.
    pub path: Spelled,
    /// `None`: it was not there.
    pub stat: Option<Stat>,
}

/// Which unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UnitKey {
    /// The profile dir, relative to the build dir.
    pub profile: Spelled,
    /// The package's name.
    pub package: String,
    /// 16 hex digits.
    pub id: String,
}

/// What is known of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRecord {
    /// Which one.
    pub key: UnitKey,
    /// When cargo last wrote that a build of it ended ([`Unit::built`]).
    pub built: Option<Time>,
    /// One for each fingerprint.
    pub builds: Vec<BuildRecord>,
    /// What a later build reads of it.
    pub artifacts: Vec<Artifact>,
}

/// A file of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Relative to the build dir.
    pub path: Spelled,
    /// When it was last read.
    pub stat: Stat,
    /// Then.
    pub digest: Digest,
}

/// One build of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildRecord {
    /// The name of the hash file.
    pub name: String,
    /// The compiler's hash.
    pub rustc: u64,
    /// Its fingerprint's hash.
    pub hash: u64,
    /// Those of its dependencies.
    pub dependencies: Vec<u64>,
    /// What cargo compares with.
    pub watch: Watch,
    /// What it was built from, as far as it is known.
    pub inputs: Vec<InputRecord>,
}

/// How cargo finds out that a build is stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Watch {
    /// No input may be newer than this file, the encoded dep-info.
    DepInfo(Spelled),
    /// No input may be newer than this file, what the build script printed.
    Script(Spelled),
    /// The newest of all files of the package must be this one, to the nanosecond.
    Package {
        /// As cargo wrote it: `<seconds>.<nanoseconds>s (<path>)`.
        newest: String,
        /// What a removal of makes cargo build it anew: what the script printed, or for documentation the hash file.
        lever: Spelled,
    },
    /// By no time.
    Nothing,
}

/// An input of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// Which of [`Ledger::files`].
    pub file: u32,
    /// What it was built from. `None`: nobody knows.
    pub digest: Option<Digest>,
    /// The modification time that the file had then.
    pub modified: Time,
    /// Whether cargo looks at it by this name. Of links it knows only what they led to.
    pub is_listed: bool,
}

impl UnitKey {
    /// Of a unit in this profile dir.
    #[must_use]
    pub fn of(profile: &Path, unit: &Unit) -> Self {
        Self { profile: profile.into(), package: unit.package.clone(), id: unit.id.clone() }
    }
}

impl BuildRecord {
    /// How it was built and what.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        super::fingerprint::kind(&self.name)
    }

    /// Whether it is the run of a build script.
    #[must_use]
    pub fn is_run(&self) -> bool {
        self.kind().is_some_and(|kind| kind.mode == Mode::Run)
    }

    /// The file with whose time cargo compares, relative to the build dir.
    #[must_use]
    pub fn reference(&self) -> Option<&Path> {
        match &self.watch {
            Watch::DepInfo(path) | Watch::Script(path) => Some(path.as_path()),
            Watch::Package { .. } | Watch::Nothing => None,
        }
    }

    /// The file without which cargo builds it anew, and with it all that depends on it.
    #[must_use]
    pub fn lever(&self) -> Option<&Path> {
        match &self.watch {
            Watch::DepInfo(path) | Watch::Script(path) | Watch::Package { lever: path, .. } => {
                Some(path.as_path())
            }
            Watch::Nothing => None,
        }
    }
}

impl Artifact {
    /// Whether it is the explanation of a build, which cargo writes at the end of each.
    #[must_use]
    pub fn is_explanation(&self) -> bool {
        self.path.as_path().extension().is_some_and(|it| it == "json")
    }
}

impl UnitRecord {
    /// The content of this file, of [`Ledger::files`], that the build of this name was made from, where it is known.
    #[must_use]
    pub fn digest_of(&self, build: &str, file: u32) -> Option<Digest> {
        let inputs = self.builds.iter().filter(|it| it.name == build).flat_map(|it| &it.inputs);
        inputs.filter(|input| input.file == file).find_map(|input| input.digest)
    }

    /// Its file at this path, relative to the build dir.
    #[must_use]
    pub fn artifact(&self, path: &Path) -> Option<&Artifact> {
        self.artifacts.iter().find(|artifact| artifact.path.as_path() == path)
    }
}

impl Ledger {
    /// The inputs of which no unit speaks any more are forgotten, and units are put in order.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        self.units.sort_by(|a, b| a.key.cmp(&b.key));
        let mut kept: HashMap<u32, u32> = HashMap::new();
        let mut files = Vec::new();
        for input in
            self.units.iter_mut().flat_map(|unit| &mut unit.builds).flat_map(|build| &mut build.inputs)
        {
            let before = input.file;
            input.file = *kept.entry(before).or_insert_with(|| {
                files.push(self.files[before as usize].clone());
                u32::try_from(files.len() - 1).unwrap_or(u32::MAX)
            });
        }
        self.files = files;
        self
    }

    /// All that this command builds has been built. Whether that is new.
    pub fn has_built(&mut self, command: Digest) -> bool {
        if self.commands.last() == Some(&command) {
            return false;
        }
        let is_new = !self.commands.contains(&command);
        self.commands.retain(|known| *known != command);
        self.commands.push(command);
        let more = self.commands.len().saturating_sub(MOST_COMMANDS);
        self.commands.drain(..more);
        is_new
    }

    /// Nothing is known any more of what is damaged.
    pub fn forget(&mut self, damaged: &Damaged) {
        match &damaged.what {
            What::RustcInfo => self.answers = None,
            What::Incremental(_) => {}
            What::Unit(unit) => {
                let is_it = |key: &UnitKey| {
                    key.profile.as_path() == damaged.profile
                        && key.package == unit.package
                        && key.id == unit.id
                };
                self.forget_units(is_it);
            }
        }
    }

    /// Builds that had not ended when they were last looked at, or were made stale: their hash files, and the names of what is built.
    pub fn unfinished(&self) -> impl Iterator<Item = (&Path, String)> {
        self.listings.iter().filter_map(|listing| {
            let path = listing.path.as_path();
            let name = path.file_name()?.to_str().filter(|name| !name.contains('.'))?;
            // Not a package's directory of such a name.
            let dir = path.parent()?;
            let is_prints =
                dir.ends_with("fingerprint") || dir.parent().is_some_and(|it| it.ends_with(".fingerprint"));
            if !is_prints {
                return None;
            }
            Some((path, super::fingerprint::kind(name)?.name))
        })
    }

    /// Nothing is known any more of these units; they are looked for again.
    pub fn forget_units(&mut self, is_one: impl Fn(&UnitKey) -> bool) {
        let before = self.units.len();
        self.units.retain(|unit| !is_one(&unit.key));
        if self.units.len() < before {
            self.listings.clear();
        }
    }

    /// The number of the file at this place, which is added where it is not known.
    pub fn file(&mut self, place: Place, known: &mut HashMap<Place, u32>) -> u32 {
        *known.entry(place).or_insert_with_key(|place| {
            self.files.push(FileRecord { place: place.clone(), stat: None, digest: None });
            u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX)
        })
    }

    /// Where each known file stands.
    #[must_use]
    pub fn index(&self) -> HashMap<Place, u32> {
        self.files.iter().zip(0..).map(|(file, at)| (file.place.clone(), at)).collect()
    }
}

/// Where the places of a ledger are.
#[derive(Debug, Clone, Copy)]
pub struct Roots<'a> {
    /// The workspace's root.
    pub workspace: &'a Path,
    /// The build dir.
    pub build_dir: &'a Path,
}

impl Roots<'_> {
    /// The path of a place.
    #[must_use]
    pub fn path(&self, place: &Place) -> PathBuf {
        match place.base {
            Where::Workspace => self.workspace.join(place.path.as_path()),
            Where::BuildDir => self.build_dir.join(place.path.as_path()),
            Where::Absolute => place.path.as_path().to_path_buf(),
        }
    }
}

#[cfg(test)]
mod tests;
