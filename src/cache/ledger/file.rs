//! The ledger as a file.

use std::path::{Component, Path, PathBuf};

use super::{Ledger, Listing, Spelled, UnitRecord, Watch};
use crate::cache::locks::is_lock_file;
use crate::cache::sealed::{self, Mark};
use crate::cache::stat::{Stat, Time};
use crate::cache::{OWN_DIR, disk, stamp};

const MARK: &Mark = b"xcargo ledger\n\0\x02";

/// More bytes than a workspace of ten thousand members has.
const LARGEST: u64 = 128 << 20;

/// Where the ledger of this workspace lies in this build dir.
#[must_use]
pub fn path(build_dir: &Path, workspace_root: &Path) -> PathBuf {
    stamp::named("ledger", build_dir, workspace_root)
}

/// All ledgers in this build dir, whosever they are.
#[must_use]
pub fn all(build_dir: &Path) -> Vec<PathBuf> {
    stamp::all_named("ledger", build_dir)
}

/// Whether the path leads nowhere but further down. Thousands are asked about, so one without two dots in a row is not taken
/// apart.
fn is_inside(path: &Spelled) -> bool {
    let bytes = path.as_path().as_os_str().as_encoded_bytes();
    let is_plain = cfg!(unix) && bytes.first() != Some(&b'/') && !bytes.windows(2).any(|two| two == b"..");
    is_plain || path.as_path().components().all(|component| matches!(component, Component::Normal(_)))
}

impl Ledger {
    /// The ledger in this file. `None`: there is none, or it is damaged, cut short, or of another format.
    ///
    /// A file that was changed so shortly before the ledger was written that its time would not tell a later change is not
    /// believed by its `stat`: it will be read again (what git calls "racy").
    #[must_use]
    pub fn read(path: &Path) -> Option<Self> {
        let stat = Stat::of_file(path).filter(|stat| stat.size <= LARGEST)?;
        let bytes = disk::read(path, LARGEST).ok()?;
        let written = stat.modified;
        let mut ledger = Self::parse(&bytes)?;
        ledger.doubt(written);
        Some(ledger)
    }

    /// The bytes of a ledger file.
    ///
    /// # Errors
    /// It cannot be encoded (which none of its types can bring about).
    pub fn to_bytes(&self) -> postcard::Result<Vec<u8>> {
        sealed::seal(MARK, self)
    }

    /// Reads the bytes of a ledger file.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let ledger: Self = sealed::open(MARK, bytes)?;
        if !ledger.stays_inside() {
            return None;
        }
        let files = ledger.files.len();
        let mut inputs = ledger.units.iter().flat_map(|unit| &unit.builds).flat_map(|build| &build.inputs);
        inputs.all(|input| (input.file as usize) < files).then_some(ledger)
    }

    /// Whether all that may be changed by it lies in the build dir.
    fn stays_inside(&self) -> bool {
        let unit = |unit: &UnitRecord| {
            let levers = unit.builds.iter().filter_map(|build| match &build.watch {
                Watch::DepInfo(path) | Watch::Script(path) | Watch::Package { lever: path, .. } => Some(path),
                Watch::Nothing => None,
            });
            let artifacts = unit.artifacts.iter().map(|file| &file.path);
            let profile = unit.key.profile.as_path();
            let is_of_profile = |path: &Spelled| {
                let is_lock = path.as_path().file_name().is_some_and(is_lock_file);
                is_inside(path) && path.as_path().starts_with(profile) && !is_lock
            };
            let is_plain =
                profile.components().next().is_some_and(|first| first != Component::Normal(OWN_DIR.as_ref()));
            is_plain && is_inside(&unit.key.profile) && levers.chain(artifacts).all(is_of_profile)
        };
        self.units.iter().all(unit)
    }

    fn doubt(&mut self, written: Time) {
        // The look began earlier, and what was read first was read then.
        self.doubt_since(Time(written.0.saturating_sub(self.took)));
    }

    /// Does not believe files by their `stat` that were changed so shortly before they were looked at, at this time or later, that
    /// it would not tell a later change.
    pub fn doubt_since(&mut self, looked: Time) {
        let forget = |stat: &mut Stat| {
            if stat.is_racy(looked) {
                stat.doubt();
            }
        };
        self.files.iter_mut().filter_map(|file| file.stat.as_mut()).for_each(forget);
        self.listings.iter_mut().filter_map(|Listing { stat, .. }| stat.as_mut()).for_each(forget);
    }
}
