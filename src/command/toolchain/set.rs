//! `xcargo toolchain set`: install, then every pin at once, then the cache.

use super::Place;
use super::change::{self, Change, Then};
use super::look;
use crate::cli::Set;
use crate::command::Mode;
use crate::diagnostic::Failure;
use crate::exit::{Code, Exit};
use crate::observe::dist::{DistServer, Limits};
use crate::plan::Network;
use crate::plan::pins::{self, InCharge, OnUnreadable, Scope, Wanted};
use crate::toolchain::rewrite::Parts;
use crate::toolchain::{Channel, Profile, Spec, ToolchainFile, Wants};

pub(super) fn run(place: &Place<'_>, asked: &Set, mode: Mode) -> Result<Exit, Failure> {
    let offline = place.is_offline(asked.changing.offline);
    let to = if asked.channel == "latest" { latest(place, offline)? } else { look::channel(&asked.channel)? };
    let seen = place.look(Vec::new())?;
    let parts = Parts {
        components: asked.component.clone(),
        targets: asked.target.clone(),
        profile: asked.profile.as_deref().and_then(Profile::parse),
    };
    let in_charge = seen.file.as_ref().zip(seen.text.as_ref()).map(|(file, text)| InCharge { file, text });
    let unreadable = if asked.skip_unreadable { OnUnreadable::Skip } else { OnUnreadable::Stop };
    let wants = wants(seen.file.as_ref(), &parts);
    let wanted = Wanted { to: to.clone(), scope: Scope::Everything(parts), unreadable };
    let plan = pins::change(&seen.survey, in_charge, &place.workspace.root, &wanted)
        .map_err(|blocks| change::blocked(&blocks, &to))?;
    let installed = seen.file.as_ref().map_or_else(|| to.clone(), |file| pins::for_file(&to, file));
    let toolchain = place.wanted(&installed, wants)?;
    place.may_install(&toolchain, offline)?;
    Change {
        place,
        top: &seen.survey.root,
        to: &to,
        plan: &plan,
        wanted: Some(&toolchain),
        then: if asked.build { Then::Build } else { Then::AsPolicy },
        consent: asked.changing.consent(),
        network: if offline { Network::Off } else { Network::Allowed },
    }
    .run(mode)
}

/// The newest stable release.
fn latest(place: &Place<'_>, offline: bool) -> Result<Channel, Failure> {
    if offline {
        return Err(Failure::new(
            Code::Usage,
            "`latest` is asked of the dist server, and the network is off",
        )
        .help("name the release, or leave out `--offline`"));
    }
    let newest =
        DistServer::of(&place.context.env, Limits::default()).and_then(|server| server.newest_stable());
    newest.map_err(|error| {
        Failure::new(Code::StepFailed, "the newest stable release could not be found out")
            .note(error.to_string())
            .note("nothing was changed")
            .help("name the release instead of `latest`")
    })
}

/// The parts that belong to the new toolchain: those of the toolchain file, and those that are added to it.
fn wants(file: Option<&ToolchainFile>, parts: &Parts) -> Wants {
    match file.map(|file| &file.spec) {
        Some(Spec::Channel(_, wants) | Spec::Default(wants)) => parts.added_to(wants),
        Some(Spec::Path(_)) | None => parts.added_to(&Wants::default()),
    }
}
