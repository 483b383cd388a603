//! Records as files: a mark with the format's number, a digest of the rest, the rest in postcard's encoding.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::digest::Digest;

/// What a file begins with. The last byte is the format's number: raised when the meaning of a field changes; other formats
/// are ignored.
pub(super) type Mark = [u8; 16];

/// The bytes of the file.
pub(super) fn seal(mark: &Mark, record: &impl Serialize) -> postcard::Result<Vec<u8>> {
    let body = postcard::to_stdvec(record)?;
    Ok([&mark[..], &postcard::to_stdvec(&Digest::of(&body))?, &body].concat())
}

/// The record in these bytes. `None`: it is damaged, cut short, or of another format.
pub(super) fn open<T: DeserializeOwned>(mark: &Mark, bytes: &[u8]) -> Option<T> {
    let (digest, body) = postcard::take_from_bytes::<Digest>(bytes.strip_prefix(mark)?).ok()?;
    (Digest::of(body) == digest).then(|| postcard::from_bytes(body).ok()).flatten()
}
