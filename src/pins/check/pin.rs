//! The findings of one pin, by its role.

use super::file::{Ground, dir_of_policy, finding};
use super::words::{comment_mark, reason};
use super::{Existence, Finding, Rule, asked};
use crate::pins::nearest::Names;
use crate::pins::survey::{Agreement, FileOfPins, Placed, shown};
use crate::pins::{Frozen, Nature, Role};
use crate::toolchain::Channel;

/// What is wrong with one pin.
pub(super) fn findings(file: &FileOfPins, placed: &Placed, ground: &Ground<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(unknown(file, placed, ground));
    let Some(channel) = ground.pin else { return found };
    // The policy's channel is held against the toolchain file beside it first: one of them is the pin itself.
    let by_two = two_pins(file, placed, ground);
    let is_said = by_two.is_some() || is_said_at_policy(file, placed, ground);
    found.extend(by_two);
    found.extend(match (placed.role(), placed.agreement(Some(channel))) {
        (Role::Dev, Agreement::Differs) if !is_said => Some(drift(file, placed, channel, ground)),
        (Role::Msrv, Agreement::Differs) => Some(too_new(file, placed, channel, ground)),
        (Role::Undecided, _) => Some(undecided(file, placed, channel)),
        _ => None,
    });
    found
}

fn unknown(file: &FileOfPins, placed: &Placed, ground: &Ground<'_>) -> Option<Finding> {
    let pin = &placed.pin;
    let channel = asked(pin)?;
    if (ground.known)(&channel) != Existence::Missing {
        return None;
    }
    let message = format!("{} names `{}`, which the dist server does not have", pin.place, pin.text);
    let found = finding(file, Rule::UnknownVersion, pin.span.clone(), message);
    Some(found.help("name a release that exists"))
}

fn too_new(file: &FileOfPins, placed: &Placed, channel: &Channel, ground: &Ground<'_>) -> Finding {
    let pin = &placed.pin;
    let message =
        format!("{} names `{}`, which is newer than the pinned toolchain `{channel}`", pin.place, pin.text);
    finding(file, Rule::MsrvAbovePin, pin.span.clone(), message)
        .note(format!(
            "pinned by {}; this is taken for the oldest supported release: {}",
            ground.origin,
            reason(placed.why())
        ))
        .help("lower it, or pin a newer toolchain with `xcargo toolchain set`")
}

fn undecided(file: &FileOfPins, placed: &Placed, channel: &Channel) -> Finding {
    let pin = &placed.pin;
    let message = format!(
        "{} names `{}`, and nothing says whether it follows the pinned toolchain `{channel}`",
        pin.place, pin.text
    );
    let mark = comment_mark(file.kind);
    finding(file, Rule::UndecidedPin, pin.span.clone(), message).help(format!(
        "say it in a comment beside it: `{mark} xcargo: role=dev`, `role=msrv` or `role=deliberate`"
    ))
}

fn drift(file: &FileOfPins, placed: &Placed, channel: &Channel, ground: &Ground<'_>) -> Finding {
    let pin = &placed.pin;
    let message = format!("{} names `{}`, but the pinned toolchain is `{channel}`", pin.place, pin.text);
    let rule = match pin.frozen {
        None | Some(Frozen::Spelled | Frozen::Fixed) => Rule::PinDrift,
        Some(Frozen::Digest | Frozen::Commit | Frozen::Checksum) => Rule::DigestPinned,
    };
    let found = finding(file, rule, pin.span.clone(), message).note(format!(
        "pinned by {}; this place follows: {}",
        ground.origin,
        reason(placed.why())
    ));
    let stay = format!("say that it is to stay: `{} xcargo: role=deliberate`", comment_mark(file.kind));
    match pin.frozen {
        None if pin.spell(channel, &[]).is_err() => {
            found.note(format!("such a place cannot name `{channel}`")).help(stay)
        }
        None => found.help(format!("run `xcargo toolchain sync`, or {stay}")),
        Some(Frozen::Digest) => found
            .note("the image's digest decides: a new text alone cannot move it")
            .help("move tag and digest together, or remove the digest"),
        Some(Frozen::Commit) => found
            .note("the commit's hash decides: a new text alone cannot move it")
            .help("move the hash together with the version beside it"),
        Some(Frozen::Checksum) => found
            .note("a checksum of what is fetched stands beside it: a new text alone would break it")
            .help("move version and checksum together"),
        Some(Frozen::Spelled) => found
            .note("it is put together from parts or written with escapes, so xcargo does not edit it")
            .help(format!("change it by hand, or {stay}")),
        Some(Frozen::Fixed) => found
            .note("this place takes no other name")
            .help(format!("use another image or action, or {stay}")),
    }
}

/// The policy's channel beside a toolchain file in the same directory that names another: said at the policy's place.
fn two_pins(file: &FileOfPins, placed: &Placed, ground: &Ground<'_>) -> Option<Finding> {
    let pin = &placed.pin;
    if pin.nature != Nature::Policy || placed.role() != Role::Dev {
        return None;
    }
    let theirs_at = ground.toolchain_files.in_dir(dir_of_policy(&file.path))?;
    let Names::Channel(theirs) = theirs_at.names else { return None };
    let channel = Channel::parse(theirs).ok();
    let agrees = pin.named().zip(channel).is_some_and(|(named, theirs)| named.agrees_with(&theirs));
    if agrees || theirs == pin.text {
        return None;
    }
    let message =
        format!("{} names `{}`, but `{}` names `{theirs}`", pin.place, pin.text, shown(theirs_at.path));
    let found = finding(file, Rule::TwoPinsDisagree, pin.span.clone(), message);
    Some(
        found
            .note("rustup reads the toolchain file, whatever the policy says")
            .help("name the same in both: `xcargo toolchain set` does"),
    )
}

/// A toolchain file whose difference is said where the policy beside it names the other one.
fn is_said_at_policy(file: &FileOfPins, placed: &Placed, ground: &Ground<'_>) -> bool {
    placed.pin.nature == Nature::ToolchainFile
        && file.path.parent().is_some_and(|dir| ground.policies.contains(dir))
}
