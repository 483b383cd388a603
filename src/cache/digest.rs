//! What is in a file, as 32 bytes (BLAKE3): two files of one digest have one content.

use std::fs::File;
use std::io;
use std::path::Path;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::disk;

/// The digest of a content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", &blake3::Hash::from_bytes(self.0).to_hex()[..8])
    }
}

/// As bytes at once: an array is read and written one by one.
impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = [u8; 32];

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the 32 bytes of a digest")
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<[u8; 32], E> {
                bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
            }
        }
        deserializer.deserialize_bytes(Bytes).map(Self).map_err(|error| D::Error::custom(error.to_string()))
    }
}

impl Digest {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Of a file, links followed; of a directory: of the names and kinds of what is in it. Reads in pieces, so that no file is
    /// ever held whole.
    ///
    /// # Errors
    /// It cannot be read, or is neither.
    pub fn at(path: &Path) -> io::Result<Self> {
        let meta = std::fs::metadata(path)?;
        if meta.is_dir() {
            return Self::of_listing(path);
        }
        if !meta.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "neither a file nor a directory"));
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(path)?)?;
        Ok(Self(*hasher.finalize().as_bytes()))
    }

    fn of_listing(dir: &Path) -> io::Result<Self> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            names.push((entry.file_name(), disk::Kind::of(entry.file_type()?) as u8));
        }
        names.sort();
        let mut hasher = blake3::Hasher::new();
        for (name, kind) in names {
            hasher.update(name.as_encoded_bytes()).update(&[0, kind]);
        }
        Ok(Self(*hasher.finalize().as_bytes()))
    }
}
