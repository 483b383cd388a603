//! Composite actions: inputs with defaults, and steps as in a workflow.

use super::{Found, Unreadable, workflow};

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is not what its name says.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    workflow::find_in_action(text)
}
