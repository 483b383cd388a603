//! Paths as the ledger keeps them: byte for byte, and relative to what moves with it.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a path is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Where {
    /// The workspace's root.
    Workspace,
    /// The build dir.
    BuildDir,
    /// Nothing.
    Absolute,
}

/// Where an input is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// What its path is relative to.
    pub base: Where,
    /// The path.
    pub path: Spelled,
}

/// A path that is written byte for byte where it is no text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Spelled(PathBuf);

impl Spelled {
    /// The path.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.0
    }
}

impl<T: AsRef<Path> + ?Sized> From<&T> for Spelled {
    fn from(path: &T) -> Self {
        Self(path.as_ref().to_path_buf())
    }
}

impl Serialize for Spelled {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0.as_os_str().as_encoded_bytes())
    }
}

impl<'de> Deserialize<'de> for Spelled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Spelled;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the bytes of a path")
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Spelled, E> {
                path_of(bytes).map(Spelled).ok_or_else(|| E::custom("no path of this system"))
            }
        }
        deserializer.deserialize_bytes(Bytes).map_err(|error| D::Error::custom(error.to_string()))
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere not every sequence of bytes is a path")]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(std::ffi::OsStr::from_bytes(bytes).into())
}

/// Unpaired surrogates are nobody's business but the standard library's: such a ledger counts as damaged.
#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}
