//! What becomes of one place when the repository's pin moves: the one rule for what is written and what is tried in tables.

use super::Edit;
use crate::pins::{Frozen, Nature, Pin, Role};
use crate::toolchain::Channel;

/// What becomes of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Following {
    /// It says what it is to say, or need not.
    Stays,
    /// It follows.
    Moves(Edit),
    /// It should follow, and its text alone cannot be replaced.
    Frozen(Frozen),
    /// It should follow, and cannot name such a channel.
    Inexpressible,
    /// It names another toolchain, and nobody can tell what for.
    Undecided,
}

/// What becomes of a pin with this role, given what the repository was pinned to before.
#[must_use]
pub fn following(pin: &Pin, role: Role, to: &Channel, before: &[Channel]) -> Following {
    let agrees = || pin.named().is_some_and(|named| named.agrees_with(to));
    match role {
        Role::Dev => {}
        Role::Undecided if !agrees() => return Following::Undecided,
        Role::Undecided | Role::Msrv | Role::Deliberate | Role::Ignored => return Following::Stays,
    }
    // What rustup itself reads names the very channel, not one that agrees with it.
    let is_exact = matches!(pin.nature, Nature::ToolchainFile | Nature::Policy);
    if pin.text == to.as_str() || (!is_exact && pin.yaml_float().is_none() && agrees()) {
        return Following::Stays;
    }
    if let Some(why) = pin.frozen {
        return Following::Frozen(why);
    }
    match pin.spell(to, before) {
        // Its host is all that it has beside the new name.
        Ok(new) if new == pin.text => Following::Stays,
        Ok(new) => Following::Moves(Edit { span: pin.span.clone(), new }),
        Err(_) => Following::Inexpressible,
    }
}
