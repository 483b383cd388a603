//! The first line of a record: when which build was last recorded. It is all that a build has to read that is no news,
//! however many packages the rest names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{DAY, Uses, disk};
use crate::toolchain::Identity;

/// Raised when the meaning of a field changes; other formats are ignored.
const FORMAT: u32 = 2;

/// More bytes than a head of [`super::MOST`] builds has.
const LARGEST: u64 = 8 << 10;

/// When which build was last recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    format: u32,
    /// How many bytes come behind this line.
    body: u64,
    /// A [`key`] for each compiler and set of profile dirs, with the lock file that the latest began with, and its time.
    latest: Vec<(String, i64)>,
}

impl Head {
    /// Reads no more of a record than its head. `None`: there is none, it is damaged, or the rest of it was cut.
    #[must_use]
    pub fn read(path: &Path) -> Option<Self> {
        let (bytes, length) = disk::read_start(path, LARGEST).ok()?;
        Self::parse(&bytes, length).map(|(head, _)| head)
    }

    /// The head, and what of the rest is among these bytes. The file has this many in all.
    pub(super) fn parse(bytes: &[u8], length: u64) -> Option<(Self, &[u8])> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let head: Self = serde_json::from_slice(&bytes[..end]).ok()?;
        let is_whole = (end as u64 + 1).checked_add(head.body) == Some(length);
        (head.format == FORMAT && is_whole).then(|| (head, &bytes[end + 1..]))
    }

    pub(super) fn of(uses: &Uses, body: usize) -> Self {
        let latest = uses.builds.iter().map(|builds| {
            let (at, lock) = &builds.latest;
            (key(builds.compiler, &builds.profiles.iter().collect(), lock), *at)
        });
        Self { format: FORMAT, body: body as u64, latest: latest.collect() }
    }

    pub(super) fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Whether such a build is to be recorded: a day after the last record of the same compiler, profile dirs and lock file.
    #[must_use]
    pub fn is_news(&self, now: i64, compiler: &Identity, profiles: &[PathBuf], lock: &str) -> bool {
        let key = key(compiler.fingerprint_hashes(), &profiles.iter().collect(), lock);
        let latest = self.latest.iter().find(|(known, _)| *known == key);
        // A record of the future is of a clock that was wrong.
        latest.is_none_or(|(_, then)| now.abs_diff(*then) >= DAY.unsigned_abs())
    }
}

fn key(compiler: [u64; 2], profiles: &BTreeSet<&PathBuf>, lock: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    compiler.iter().for_each(|hash| _ = hasher.update(&hash.to_le_bytes()));
    for profile in profiles {
        hasher.update(profile.as_os_str().as_encoded_bytes()).update(b"\0");
    }
    hasher.update(lock.as_bytes()).finalize().to_hex()[..16].to_owned()
}
