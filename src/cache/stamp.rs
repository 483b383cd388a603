//! The stamp: what was true when the last build of this workspace was started.
//!
//! It lies in `<build-dir>/.xcargo/`, one file for each workspace that builds into the dir (a nested workspace may
//! share its parent's), named after the way from the build dir to the workspace, so that it stays valid when both
//! move together. First a line of JSON, then the lock file, byte for byte: one file, so that one rename replaces
//! both. What does not read as a stamp of this format counts as absent.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{OWN_DIR, disk};
use crate::toolchain::Identity;

/// Raised when the meaning of a field changes; other formats are ignored.
const FORMAT: u32 = 1;

/// More bytes than a lock file of ten thousand packages and its header have.
const LARGEST: u64 = 64 << 20;

/// So many former pins are remembered. `clean.keep-toolchains` may name a larger number; the compilers of older pins are
/// then no longer known, and what is not known stays.
const MOST_REMEMBERED: usize = 64;

/// What was true when the last build was started.
#[derive(Debug, Clone, PartialEq)]
pub struct Stamp {
    /// The digest of the policy files.
    pub policy: String,
    /// The compiler that the workspace was pinned to.
    pub pin: Identity,
    /// The compilers that were the pin before, the latest first, each once.
    pub former: Vec<Identity>,
    /// When each moving channel was last brought up to date by xcargo, in seconds since 1970.
    pub refreshed: BTreeMap<String, i64>,
    /// The workspace's root, absolute: whose build it was, where several build into one dir. `None`: recorded by an earlier
    /// xcargo, which did not say.
    pub root: Option<PathBuf>,
    /// The lock file. `None`: there was none.
    pub lock: Option<Vec<u8>>,
}

/// The first line of the file.
#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    policy: String,
    pin: Identity,
    former: Vec<Identity>,
    refreshed: BTreeMap<String, i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root: Option<Spelled>,
    /// Bytes of the lock file that follow.
    lock: Option<usize>,
}

impl Stamp {
    /// Reads the bytes of a stamp file. `None`: it is damaged, cut short, or of another format.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let header: Header = serde_json::from_slice(&bytes[..end]).ok()?;
        let rest = &bytes[end + 1..];
        if header.format != FORMAT || rest.len() != header.lock.unwrap_or(0) {
            return None;
        }
        let Header { policy, pin, former, refreshed, root, lock, .. } = header;
        let root = root.and_then(Spelled::into_path);
        Some(Self { policy, pin, former, refreshed, root, lock: lock.map(|_| rest.to_vec()) })
    }

    /// The stamp in this file. `None`: there is none, or it is no regular file, or larger than any stamp.
    #[must_use]
    pub fn read(path: &Path) -> Option<Self> {
        disk::read(path, LARGEST).ok().and_then(|bytes| Self::parse(&bytes))
    }

    /// The stamp of a workspace that had none.
    #[must_use]
    pub fn first(pin: Identity) -> Self {
        let (policy, former, refreshed) = (String::new(), Vec::new(), BTreeMap::new());
        Self { policy, pin, former, refreshed, root: None, lock: None }
    }

    /// The bytes of the stamp file.
    ///
    /// # Errors
    /// The header cannot be written as JSON (which none of its types can bring about).
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let header = Header {
            format: FORMAT,
            policy: self.policy.clone(),
            pin: self.pin.clone(),
            former: self.former.clone(),
            refreshed: self.refreshed.clone(),
            root: self.root.as_deref().map(Spelled::of),
            lock: self.lock.as_ref().map(Vec::len),
        };
        let mut bytes = serde_json::to_vec(&header)?;
        bytes.push(b'\n');
        bytes.extend(self.lock.iter().flatten());
        Ok(bytes)
    }

    /// The stamp after the pin became `pin`: the one before it is remembered, the latest first.
    #[must_use]
    pub fn with_pin(mut self, pin: Identity) -> Self {
        let before = std::mem::replace(&mut self.pin, pin);
        if before.verbose_version != self.pin.verbose_version {
            self.former.insert(0, before);
        }
        let mut seen = vec![self.pin.verbose_version.clone()];
        self.former.retain(|identity| {
            let new = !seen.contains(&identity.verbose_version);
            seen.push(identity.verbose_version.clone());
            new
        });
        self.former.truncate(MOST_REMEMBERED);
        self
    }
}

/// A path in JSON: as text, or byte for byte where it is none.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Spelled {
    Text(String),
    Bytes(Vec<u8>),
}

impl Spelled {
    fn of(path: &Path) -> Self {
        path.to_str().map_or_else(
            || Self::Bytes(path.as_os_str().as_encoded_bytes().to_vec()),
            |text| Self::Text(text.to_owned()),
        )
    }

    fn into_path(self) -> Option<PathBuf> {
        match self {
            Self::Text(text) => Some(PathBuf::from(text)),
            #[cfg(unix)]
            Self::Bytes(bytes) => {
                use std::os::unix::ffi::OsStringExt;
                Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
            }
            // Unpaired surrogates, whose bytes are nobody's business but the standard library's.
            #[cfg(not(unix))]
            Self::Bytes(_) => None,
        }
    }
}

/// Where the stamp of this workspace lies in this build dir.
#[must_use]
pub fn path(build_dir: &Path, workspace_root: &Path) -> PathBuf {
    named("stamp", build_dir, workspace_root)
}

/// All stamps in this build dir, whosever they are.
#[must_use]
pub fn all(build_dir: &Path) -> Vec<PathBuf> {
    all_named("stamp", build_dir)
}

/// A record of this workspace, of whichever kind, in this build dir.
pub(super) fn named(kind: &str, build_dir: &Path, workspace_root: &Path) -> PathBuf {
    let way = relative(build_dir, workspace_root).unwrap_or_else(|| workspace_root.to_owned());
    let digest = blake3::hash(way.as_os_str().as_encoded_bytes()).to_hex();
    build_dir.join(OWN_DIR).join(format!("{kind}-{}", &digest[..16]))
}

/// All records of this kind in this build dir, whosever they are.
pub(super) fn all_named(kind: &str, build_dir: &Path) -> Vec<PathBuf> {
    let own = build_dir.join(OWN_DIR);
    let items = disk::list(&own).unwrap_or_default().into_iter();
    let is_it = |item: &disk::Item| {
        let rest = item.name.as_encoded_bytes().strip_prefix(kind.as_bytes());
        item.kind == disk::Kind::File && rest.is_some_and(|rest| rest.starts_with(b"-"))
    };
    items.filter(is_it).map(|item| own.join(item.name)).collect()
}

/// The way from the build dir to a workspace above or beside it; `None` where they share nothing but the root of
/// the file system, so that moving one would not move the other.
fn relative(build_dir: &Path, root: &Path) -> Option<PathBuf> {
    let from: Vec<Component<'_>> = build_dir.components().collect();
    let to: Vec<Component<'_>> = root.components().collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if !to[..shared].iter().any(|component| matches!(component, Component::Normal(_))) {
        return None;
    }
    let up = std::iter::repeat_n(Component::ParentDir, from.len() - shared);
    Some(up.chain(to[shared..].iter().copied()).collect())
}
