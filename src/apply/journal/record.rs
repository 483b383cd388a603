//! The journal as it is written: JSON that people can read as well, should it come to that.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::target::{PREFIX, Target};

/// What this xcargo writes and reads.
const VERSION: u32 = 1;

/// A change of several files.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    xcargo_journal: u32,
    files: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Relative to the repository, without links.
    path: Name,
    /// The file beside it in which its new contents are made.
    staged: String,
    before: Option<Content>,
    after: Content,
}

/// A path, as text where it is one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Odd(OsString),
}

/// What a file says, as text where it is one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

impl Record {
    /// The record of changes in the repository with this (resolved) root.
    pub(super) fn of(root: &Path, targets: &[Target]) -> Self {
        let files = targets.iter().map(|target| Entry {
            path: Name::of(target.relative(root).as_os_str()),
            staged: target.staged.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            before: target.before.as_deref().map(Content::of),
            after: Content::of(&target.after),
        });
        Self { xcargo_journal: VERSION, files: files.collect() }
    }

    pub(super) fn to_bytes(&self) -> io::Result<Vec<u8>> {
        Ok(serde_json::to_vec_pretty(self)?)
    }

    /// Reads a journal, for the repository with this (resolved) root.
    ///
    /// # Errors
    /// What is wrong with it: it was written by another version, or not by xcargo.
    pub(super) fn targets(bytes: &[u8], root: &Path) -> Result<Vec<Target>, String> {
        #[derive(Deserialize)]
        struct Version {
            xcargo_journal: u32,
        }
        let version: Version = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if version.xcargo_journal != VERSION {
            return Err(format!(
                "it is of version {}, and this xcargo reads {VERSION}",
                version.xcargo_journal
            ));
        }
        let record: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        record.files.into_iter().map(|entry| entry.target(root)).collect()
    }
}

impl Entry {
    /// A journal may come with a copied repository; it must not lead out of it.
    fn target(self, root: &Path) -> Result<Target, String> {
        let relative = self.path.into_path();
        let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
        let is_name = self.staged.starts_with(PREFIX) && !self.staged.contains(['/', '\\', ':', '\0']);
        if !is_inside || relative.file_name().is_none() || !is_name {
            return Err(format!("it names {}, which is no file of the repository", relative.display()));
        }
        let path = root.join(relative);
        let staged = path.with_file_name(self.staged);
        let before = self.before.map(Content::into_bytes);
        Ok(Target { path, staged, before, after: self.after.into_bytes() })
    }
}

impl Name {
    fn of(path: &OsStr) -> Self {
        path.to_str().map_or_else(|| Self::Odd(path.to_owned()), |text| Self::Text(text.to_owned()))
    }

    fn into_path(self) -> PathBuf {
        match self {
            Self::Text(text) => text.into(),
            Self::Odd(text) => text.into(),
        }
    }
}

impl Content {
    fn of(bytes: &[u8]) -> Self {
        std::str::from_utf8(bytes)
            .map_or_else(|_| Self::Bytes(bytes.to_vec()), |text| Self::Text(text.to_owned()))
    }

    fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}
