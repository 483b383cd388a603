//! `xcargo toolchain show`: what is in effect, who says so, and every place that names a toolchain.

use super::{Place, look};
use crate::cli::Show;
use crate::command::rule;
use crate::diagnostic::Failure;
use crate::exit::Exit;
use crate::pins::check;
use crate::report::pins::{Shown, json, text};
use crate::sourced::Sourced;
use crate::toolchain::Channel;

pub(super) fn run(place: &Place<'_>, asked: &Show) -> Result<Exit, Failure> {
    let seen = place.look(Vec::new())?;
    let effective = effective(place)?;
    let notes = check::notes(&seen.survey);
    let shown = Shown { survey: &seen.survey, effective: effective.as_ref(), notes: &notes };
    let output = place.output();
    output.data(&match asked.json {
        true => json::show(&shown),
        false => text::show(&shown, output.page(&place.context.env)),
    });
    Ok(Exit::Success)
}

/// What a command that is typed here would run. Without rustup no name says that.
fn effective(place: &Place<'_>) -> Result<Option<Sourced<Channel>>, Failure> {
    let Ok(exe) = place.exe() else { return Ok(None) };
    let found = rule::toolchain(place.invocation, exe, place.context, &place.loaded.policy)?;
    Ok(look::in_use(place.invocation, place.context, &found))
}
