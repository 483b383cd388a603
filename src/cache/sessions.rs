//! What was in the incremental sessions when they were made.
//!
//! Rustc takes the object files of code that did not change from its last session, and checks none of them: one flipped bit
//! is a program that is wrong without a word. So for the session of each crate that rustc would take from, the last one that
//! came to its end, the digest of every file is kept, with the `stat` under which it was seen. Sessions are large and new
//! after each build, so the record is a file of its own beside the ledger, read only where a crate is about to be built or
//! was built.
//!
//! A session is never changed once it has its name; the next one is made of new files and hard links to the files of the one
//! before. Each link changes the time of the file's last change, so a digest is carried from one session to the next by size,
//! modification time and number, but only where the one before was held against its record just ahead of the build: else the
//! file is read.
//!
//! A file that is gone is no damage: rustc makes it anew.

mod check;
mod renew;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

pub use check::{Trust, altered};

use super::digest::Digest;
use super::disk::Kind;
use super::incremental::is_finished;
use super::ledger::Spelled;
use super::sealed::{self, Mark};
use super::stat::{Stat, Time};
use super::{disk, stamp};

const MARK: &Mark = b"xcargo sessions\x01";

/// More bytes than the sessions of ten thousand crates need.
const LARGEST: u64 = 128 << 20;

/// From so many bytes on it is worth while to have threads.
const MUCH: u64 = 1 << 20;

/// The sessions of a build dir, for one workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sessions {
    /// By the crate's directory, relative to the build dir.
    crates: BTreeMap<Spelled, Session>,
}

/// The last session of a crate that came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Session {
    /// The crate's directory, before it was read.
    listed: Option<Stat>,
    /// The name of the session's directory.
    name: Spelled,
    /// By name.
    files: BTreeMap<Spelled, Record>,
}

/// A file of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    /// When it was last known to be what it should be.
    stat: Stat,
    digest: Digest,
}

/// Where the record for this workspace lies in this build dir.
#[must_use]
pub fn path(build_dir: &Path, workspace_root: &Path) -> PathBuf {
    stamp::named("sessions", build_dir, workspace_root)
}

impl Sessions {
    /// The record in this file. `None`: there is none, or it is damaged, cut short, or of another format.
    ///
    /// As in the ledger, a file that was changed so shortly before the record was written that its time would not tell a later
    /// change is not believed by its `stat`.
    #[must_use]
    pub fn read(path: &Path) -> Option<Self> {
        let written = Stat::of_file(path).filter(|stat| stat.size <= LARGEST)?.modified;
        let bytes = disk::read(path, LARGEST).ok()?;
        let mut sessions: Self = sealed::open(MARK, &bytes)?;
        for session in sessions.crates.values_mut() {
            session.listed = session.listed.filter(|stat| !stat.is_racy(written));
            for record in session.files.values_mut().filter(|record| record.stat.is_racy(written)) {
                record.stat.doubt();
            }
        }
        Some(sessions)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// It cannot be encoded (which none of its types can bring about).
    pub fn to_bytes(&self) -> postcard::Result<Vec<u8>> {
        sealed::seal(MARK, self)
    }
}

/// What is the same of all names of one file, and of no other: `None` where the system does not number files.
type Link = Option<(u64, Time, u64, u64)>;

fn link(stat: &Stat) -> Link {
    (stat.inode != 0).then_some((stat.size, stat.modified, stat.inode, stat.device))
}

impl Session {
    fn by_link(&self) -> BTreeMap<Link, &Record> {
        let records = self.files.values().map(|record| (link(&record.stat), record));
        records.filter(|(link, _)| link.is_some()).collect()
    }
}

/// A crate's session that rustc would take from, relative to the build dir. As rustc chooses it (`rustc_incremental`'s
/// `persist/fs.rs`): the latest by its name, `s-<time in base 36>-<random>-<hash>`.
fn last(build_dir: &Path, crate_dir: &Path) -> Option<PathBuf> {
    let items = disk::list(&build_dir.join(crate_dir)).ok()?;
    let sessions = items.into_iter().filter(|item| item.kind == Kind::Dir && is_finished(&item.name));
    let last = sessions.max_by(|a, b| time(&a.name).cmp(&time(&b.name)))?;
    Some(crate_dir.join(last.name))
}

/// Digits of one length sort as numbers do.
fn time(name: &OsStr) -> (usize, &[u8]) {
    let time = name.as_encoded_bytes().split(|byte| *byte == b'-').nth(1).unwrap_or_default();
    (time.len(), time)
}

/// The regular files of a session as they are, relative to the build dir.
fn files(build_dir: &Path, session: &Path) -> Vec<(PathBuf, Stat)> {
    let items = disk::list(&build_dir.join(session)).unwrap_or_default();
    let files = items.into_iter().filter(|item| item.kind == Kind::File);
    let paths = files.map(|item| session.join(item.name));
    paths.filter_map(|path| Stat::of_file(&build_dir.join(&path)).map(|stat| (path, stat))).collect()
}

/// The name of a file or a session's directory.
fn name(path: &Path) -> Spelled {
    Spelled::from(path.file_name().unwrap_or_default())
}

/// Files with what they hold, read on all cores where it is much. `None`: it cannot be read, or was written to meanwhile.
fn digests<'a>(build_dir: &Path, files: &[&'a (PathBuf, Stat)]) -> BTreeMap<&'a Path, Option<Digest>> {
    let digest = |(path, stat): &&'a (PathBuf, Stat)| {
        let full = build_dir.join(path);
        let digest = Digest::at(&full).ok().filter(|_| Stat::of_file(&full).as_ref() == Some(stat));
        (path.as_path(), digest)
    };
    let bytes: u64 = files.iter().map(|(_, stat)| stat.size).sum();
    if bytes < MUCH { files.iter().map(digest).collect() } else { files.par_iter().map(digest).collect() }
}

#[cfg(test)]
mod tests;
