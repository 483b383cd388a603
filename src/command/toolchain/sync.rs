//! `xcargo toolchain sync`: every pin is brought to what the toolchain file names.

use super::Place;
use super::change::{self, Change, Then};
use super::look;
use crate::cli::Sync;
use crate::command::Mode;
use crate::diagnostic::Failure;
use crate::exit::{Code, Exit};
use crate::plan::Network;
use crate::plan::pins::{self, OnUnreadable, Scope, Wanted};
use crate::toolchain::Spec;

pub(super) fn run(place: &Place<'_>, asked: &Sync, mode: Mode) -> Result<Exit, Failure> {
    let mut lately = asked.from.iter().map(|text| look::channel(text)).collect::<Result<Vec<_>, _>>()?;
    lately.extend(place.committed()?);
    let seen = place.look(lately)?;
    let to = match seen.file.as_ref().map(|file| (&file.spec, &seen.survey.pin)) {
        Some((Spec::Channel(channel, _), _)) => channel.clone(),
        Some((Spec::Path(path), _)) => {
            return Err(Failure::new(
                Code::Usage,
                "the toolchain file names a directory, which no other place can name",
            )
            .note(path.display().to_string()));
        }
        // Without a toolchain file the policy is the pin.
        Some((Spec::Default(_), Some(pin))) => pin.value.clone(),
        None if seen.survey.pin.is_some() => seen.survey.channel().cloned().ok_or_else(no_pin)?,
        Some((Spec::Default(_), None)) | None => return Err(no_pin()),
    };
    let unreadable = if asked.skip_unreadable { OnUnreadable::Skip } else { OnUnreadable::Stop };
    let wanted = Wanted { to: to.clone(), scope: Scope::AllButTheFile, unreadable };
    let plan = pins::change(&seen.survey, None, &place.workspace.root, &wanted)
        .map_err(|blocks| change::blocked(&blocks, &to))?;
    Change {
        place,
        top: &seen.survey.root,
        to: &to,
        plan: &plan,
        wanted: None,
        then: Then::AsPolicy,
        consent: asked.changing.consent(),
        network: if asked.changing.offline { Network::Off } else { Network::Allowed },
    }
    .run(mode)
}

fn no_pin() -> Failure {
    Failure::new(Code::Usage, "nothing says what to name: there is no toolchain file with a channel")
        .help("`xcargo toolchain set <channel>` writes one")
}
