//! What the ledger says, held against what is there: which files are still those that were read, and what the others are now.
//!
//! A run in which nothing changed is a `stat` for each file and nothing else. Only files whose `stat` changed are read, and
//! only where units are new or other ones is the build dir read ([`units`]).

mod answers;
mod files;
mod neighbours;
mod sessions;
mod units;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::cache;
use crate::cache::below::Below;
use crate::cache::damage::{Damaged, What};
use crate::cache::digest::Digest;
use crate::cache::ledger::{self, FileRecord, Ledger, Listing, Place, Roots, UnitKey, UnitRecord, Where};
use crate::cache::stat::{Stat, Time};
use crate::workspace::Workspace;

pub use sessions::{CrateKey, check as check_sessions, renewed as renewed_sessions};

/// What is examined, and how.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Whose build dir.
    pub workspace: &'a Workspace,
    /// The profile dirs, relative to the build dir. `None`: all.
    pub profiles: Option<&'a [PathBuf]>,
    /// How far files whose `stat` is the recorded one are trusted.
    pub depth: Depth,
    /// What was seen before the build that has just ended: what is the same now was the same all the while.
    pub before: Option<&'a Before>,
    /// Which compiler is in use, as it writes itself into what it makes, and as cargo writes it into fingerprints.
    pub compiler: Option<&'a Compiler>,
    /// Is told how many bytes are to be read, and how many have been.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
}

/// How far a `stat` is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// A file with the recorded `stat` is the recorded file.
    Stat,
    /// Every artifact is read.
    Content,
}

/// The compiler that builds here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiler {
    /// As it writes itself into metadata: `1.95.0 (59807616e 2026-04-14)`.
    pub version: String,
    /// As cargos of any age write it into fingerprints.
    pub hashes: [u64; 2],
    /// Where its standard library is.
    pub libraries: PathBuf,
}

/// What is remembered of the state ahead of a build.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// Every input of which it is certain what it was.
    pub files: HashMap<Place, (Option<Stat>, Option<Digest>)>,
    /// When the build was started.
    pub started: Time,
    /// Whether somebody else was building when it was started, or when it ended: what was built since then may be theirs.
    pub is_contested: bool,
    /// Whether what cargo remembered of the compiler was proven, or not there.
    pub has_sound_answers: bool,

    /// [`Examined::built`].
    pub built: BTreeSet<UnitKey>,
    /// [`Examined::checked`].
    pub checked: BTreeSet<CrateKey>,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Examined {
    /// What is known now.
    pub ledger: Ledger,
    /// What is not as it was made.
    pub damaged: Vec<Damaged>,
    /// The units that were built since they were last looked at.
    pub built: BTreeSet<UnitKey>,
    /// What was known of those of them that only their times tell to have been built since.
    pub unsure: BTreeMap<UnitKey, UnitRecord>,
    /// Which of [`Ledger::files`] were looked at: the others are as they were once.
    pub looked: Vec<usize>,
    /// The crates whose incremental sessions were looked at and found sound.
    pub checked: BTreeSet<CrateKey>,
    /// Whether the ledger may be another one than the known.
    pub is_new: bool,
    /// When the look began.
    pub began: Time,
}

impl Examined {
    /// What a later look compares with.
    #[must_use]
    pub fn before(&self) -> Before {
        // A file that was changed just before it was looked at may have been changed again, unseen.
        let is_certain = |stat: Option<Stat>| stat.is_none_or(|stat| !stat.is_racy(self.began));
        let looked = self.looked.iter().map(|file| &self.ledger.files[*file]);
        let files = looked.filter(|file| is_certain(file.stat));
        let files = files.map(|file| (file.place.clone(), (file.stat, file.digest))).collect();
        let (built, checked) = (self.built.clone(), self.checked.clone());
        let has_sound_answers = self.ledger.answers.is_none_or(|answers| answers.digest.is_some());
        Before { files, started: Time::now(), has_sound_answers, built, checked, ..Before::default() }
    }
}

/// The ledger of this workspace; an empty one where there is none that can be read.
#[must_use]
pub fn known(workspace: &Workspace) -> Ledger {
    Ledger::read(&ledger::path(&workspace.build_dir.value, &workspace.root)).unwrap_or_default()
}

/// Looks at everything that the ledger of before knows, and at what it does not know yet.
#[must_use]
pub fn examine(request: &Request<'_>, known: Ledger) -> Examined {
    let build_dir = request.workspace.build_dir.value.as_path();
    let mut found = Examined { ledger: known, began: Time::now(), ..Examined::default() };
    let dirs = Dirs::new(request);
    let artifacts = files::artifacts(request, &dirs.build, &mut found.ledger);
    let is_same_listing = has_same_listings(&dirs.build, request.profiles, &found.ledger.listings);
    found.is_new = artifacts.is_new;
    if !is_same_listing || artifacts.is_rebuilt || !artifacts.others.is_empty() {
        found.is_new = true;
        found.ledger.listings = list(build_dir, request.profiles, &found.ledger.listings);
        units::read(request, &artifacts.others, &mut found);
    }
    let (looked, is_other) = files::inputs(request, &dirs, &mut found.ledger, &found.built);
    found.looked = looked;
    found.is_new |= is_other;
    units::adopt(request, &mut found);
    found.is_new |= answers::look(request, &mut found);
    if request.depth == Depth::Content {
        found.ledger.read_whole = Some(Time::now());
        found.is_new = true;
    }
    if found.damaged.iter().any(|damaged| matches!(damaged.what, What::Unit(_))) {
        // They are not in the ledger, and must be found again as long as they are there.
        found.ledger.listings.clear();
    }
    found
}

/// The directories below which everything lies.
struct Dirs<'a> {
    workspace: Below<'a>,
    build: Below<'a>,
}

impl<'a> Dirs<'a> {
    fn new(request: &Request<'a>) -> Self {
        let roots = roots(request);
        Self { workspace: Below::new(roots.workspace), build: Below::new(roots.build_dir) }
    }

    /// Of the file or directory at this place, links followed. `None`: nothing is there, or it cannot be told.
    fn stat(&self, place: &Place) -> Option<Stat> {
        let path = place.path.as_path();
        let stat = match place.base {
            Where::Workspace => self.workspace.at(path),
            Where::BuildDir => self.build.at(path),
            Where::Absolute => Stat::at(path),
        };
        stat.ok().flatten()
    }
}

/// The directories in a profile dir in which units appear.
const UNITS: &[&str] = &[".fingerprint", "build"];

fn has_same_listings(build_dir: &Below<'_>, profiles: Option<&[PathBuf]>, known: &[Listing]) -> bool {
    let of = |profile: &Path, listing: &Listing| listing.path.as_path().starts_with(profile);
    let is_same = |listing: &&Listing| build_dir.of_file(listing.path.as_path()) == listing.stat;
    match profiles {
        Some(profiles) => {
            let is_known =
                |profile: &PathBuf| known.iter().any(|it| it.path.as_path() == profile.join(UNITS[0]));
            let wanted = known.iter().filter(|it| profiles.iter().any(|profile| of(profile, it)));
            profiles.iter().all(is_known) && wanted.clone().all(|listing| is_same(&listing))
        }
        // The build dir itself, in which profiles appear.
        None => {
            known.iter().any(|it| it.path.as_path() == Path::new("")) && known.iter().all(|it| is_same(&it))
        }
    }
}

/// As the directories are now: taken before they are read, so that what appears meanwhile is seen the next time.
fn list(build_dir: &Path, profiles: Option<&[PathBuf]>, known: &[Listing]) -> Vec<Listing> {
    let found;
    let wanted = match profiles {
        Some(wanted) => wanted,
        None => {
            found = cache::profile_dirs(build_dir);
            found.as_slice()
        }
    };
    let listing = |path: &Path| Listing { path: path.into(), stat: Stat::of_file(&build_dir.join(path)) };
    let mut listings = Vec::new();
    if profiles.is_none() {
        listings.push(listing(Path::new("")));
    }
    for profile in wanted {
        listings.extend(UNITS.iter().map(|part| listing(&profile.join(part))));
        // Layout 2 has a directory for each package, in which units appear.
        let packages = cache::package_dirs(&build_dir.join(profile).join("build"));
        listings.extend(packages.iter().map(|name| listing(&profile.join("build").join(name))));
    }
    let is_listed: HashSet<&Path> = listings.iter().map(|it| it.path.as_path()).collect();
    let is_wanted = |it: &&Listing| wanted.iter().any(|profile| it.path.as_path().starts_with(profile));
    let others: Vec<Listing> =
        known.iter().filter(|it| !is_listed.contains(it.path.as_path()) && !is_wanted(it)).cloned().collect();
    listings.extend(others);
    listings
}

fn roots<'a>(request: &Request<'a>) -> Roots<'a> {
    Roots { workspace: &request.workspace.root, build_dir: &request.workspace.build_dir.value }
}

fn is_wanted(request: &Request<'_>, unit: &UnitKey) -> bool {
    request.profiles.is_none_or(|wanted| wanted.iter().any(|dir| dir == unit.profile.as_path()))
}

/// What a file is now, where its `stat` says that it may be another.
fn look_again(
    request: &Request<'_>,
    dirs: &Dirs<'_>,
    file: &FileRecord,
) -> Option<(Option<Stat>, Option<Digest>)> {
    let now = dirs.stat(&file.place);
    if now == file.stat && (now.is_none() || file.digest.is_some()) {
        return None;
    }
    let digest = now.and_then(|_| Digest::at(&roots(request).path(&file.place)).ok());
    // Written to while it was read: its content is not known.
    let is_still = dirs.stat(&file.place) == now;
    Some(if is_still { (now, digest) } else { (now, None) })
}
