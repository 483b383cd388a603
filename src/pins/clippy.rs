//! clippy's own config: `msrv`.

use super::{Found, Unreadable};

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is not what its name says.
pub(super) fn find(_text: &str) -> Result<Found, Unreadable> {
    Ok(Found::default())
}
