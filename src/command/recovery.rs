//! A change of several files that was interrupted is ended before anything else is done.

use super::Mode;
use super::context::Context;
use crate::apply::journal::{JournalError, Place, Recovered, Way};
use crate::diagnostic::Failure;

/// Ends what an earlier command was interrupted at, and says so; in a dry run, says what it would do.
///
/// # Errors
/// It cannot be ended: the files of the repository may disagree, and nothing is to be built from them.
pub(super) fn finish_interrupted(context: &Context, mode: Mode) -> Result<Files, Failure> {
    let Ok(Some(workspace)) = &context.workspace else { return Ok(Files::AsTheyAre) };
    match Place::interrupted_at(&workspace.root, &context.env) {
        Some(place) => finish(&place, context, mode).map_err(JournalError::into_failure),
        None => Ok(Files::AsTheyAre),
    }
}

/// Whether the files of the repository say what the command will find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Files {
    /// They do.
    AsTheyAre,
    /// A dry run has left them half-changed: what comes after it cannot be told from them.
    HalfChanged,
}

fn finish(place: &Place, context: &Context, mode: Mode) -> Result<Files, JournalError> {
    let output = &context.output;
    if mode == Mode::DryRun {
        if let Some(change) = place.interrupted()? {
            let verb = if change.way == Way::Forward { "Would finish" } else { "Would undo" };
            output.planned(verb, change);
            return Ok(Files::HalfChanged);
        }
        return Ok(Files::AsTheyAre);
    }
    let waiting = |lock: &std::path::Path| {
        output.waiting(format!("waiting for file lock on {}: another xcargo changes files", lock.display()));
    };
    let held = place.hold(waiting)?;
    // Whoever had the lock may have ended it.
    let Some(change) = place.interrupted()? else { return Ok(Files::AsTheyAre) };
    output.status(verb(change.way), &change);
    let done = held.recover()?;
    if let (Way::Forward, Some(undone @ Recovered::RolledBack { .. })) = (change.way, done) {
        output.status(verb(Way::Back), undone);
    }
    Ok(Files::AsTheyAre)
}

fn verb(way: Way) -> &'static str {
    match way {
        Way::Forward => "Finishing",
        Way::Back => "Rolling back",
    }
}
