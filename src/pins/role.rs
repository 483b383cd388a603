//! What a pin is for, and why that is believed: pure, from what the place says and what the repository is pinned to.

use std::path::Path;

use super::marks::{self, Told};
use super::name::Named;
use super::{Found, Kind, Nature, Pin};
use crate::toolchain::Channel;

/// What a version is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The pinned toolchain itself: it follows.
    Dev,
    /// The oldest supported release: it stays, and may not be newer than the pin.
    Msrv,
    /// Another one on purpose: it stays.
    Deliberate,
    /// Nobody can tell: it is reported and left alone.
    Undecided,
    /// Somebody said that it is none of xcargo's business.
    Ignored,
}

impl From<crate::policy::Role> for Role {
    fn from(role: crate::policy::Role) -> Self {
        match role {
            crate::policy::Role::Dev => Self::Dev,
            crate::policy::Role::Msrv => Self::Msrv,
            crate::policy::Role::Deliberate => Self::Deliberate,
        }
    }
}

/// Why a pin has its role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A comment beside it says so.
    Comment,
    /// `[pins]` of the policy says so.
    Policy,
    /// rustup itself, or the policy, takes its toolchain from here.
    IsThePin,
    /// By definition of the key.
    Definition,
    /// This word stands beside it.
    Marked(String),
    /// It names what the repository is (or was) pinned to.
    NamesThePin,
    /// It names what is the pin and the workspace's `rust-version` at once, and may be for either.
    NamesBoth,
    /// It names the workspace's `rust-version`.
    NamesRustVersion,
    /// It names another channel than the pin's.
    OtherChannel,
    /// It sets up an environment, which is to have the pinned compiler.
    SetsUpEnvironment,
    /// It is one of several.
    OneOfSeveral,
    /// It names another release than the pin, and nothing says what for.
    NamesAnother,
    /// It is for the tree below another toolchain file.
    OtherTree,
}

/// A role with its reason. Only this module pairs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    role: Role,
    why: Why,
}

impl Judged {
    /// What the pin is for.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Why that is believed.
    #[must_use]
    pub const fn why(&self) -> &Why {
        &self.why
    }

    /// As a test wants it.
    #[cfg(test)]
    pub(crate) const fn told(role: Role, why: Why) -> Self {
        Self { role, why }
    }
}

/// What the repository says, for the roles of its pins.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// What it is pinned to, and what it was pinned to lately: what names one of these follows.
    pub pins: Vec<Channel>,
    /// The `rust-version`s of its packages.
    pub rust_versions: Vec<Named>,
}

/// For which toolchain file a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tree {
    /// For the one in charge; or for none, where the policy is the pin.
    Own,
    /// It is itself a toolchain file, and counts for nothing beside the one in charge.
    Shadowed,
    /// For another, nearer to it than the one in charge; or it is another one itself.
    Other,
}

/// The role of one pin, by the tree in which it stands: what is for another toolchain file follows only where it names the
/// pin, or somebody says so.
#[must_use]
pub fn judge(pin: &Pin, ground: &Ground, tree: Tree) -> Judged {
    let (role, why) = in_tree(pin, ground, tree);
    Judged { role, why }
}

fn in_tree(pin: &Pin, ground: &Ground, tree: Tree) -> (Role, Why) {
    let is_foreign_file = pin.nature == Nature::ToolchainFile && tree != Tree::Own;
    let judged = match of(pin, ground) {
        (_, Why::IsThePin) if is_foreign_file => {
            let is_pin = |named: Named| ground.pins.iter().any(|channel| named.agrees_with(channel));
            match pin.named().is_some_and(is_pin) {
                true => (Role::Dev, Why::NamesThePin),
                false => (Role::Undecided, Why::NamesAnother),
            }
        }
        judged => judged,
    };
    match judged.1 {
        // The policy of this workspace is its own wherever it lies.
        Why::Comment | Why::Policy | Why::NamesThePin | Why::IsThePin => judged,
        _ if tree == Tree::Other => (Role::Deliberate, Why::OtherTree),
        _ => judged,
    }
}

/// The role of one pin. Comments come first, then the policy, then what the place is, then what it names.
#[must_use]
pub fn of(pin: &Pin, ground: &Ground) -> (Role, Why) {
    match pin.told {
        Some(Told::Ignore) => return (Role::Ignored, Why::Comment),
        Some(Told::Role(role)) => return (role, Why::Comment),
        None => {}
    }
    if let Some(role) = pin.by_policy {
        return (role, Why::Policy);
    }
    match pin.nature {
        Nature::ToolchainFile | Nature::Policy => return (Role::Dev, Why::IsThePin),
        Nature::Msrv => return (Role::Msrv, Why::Definition),
        Nature::Environment | Nature::Job | Nature::Row | Nature::Command => {}
    }
    if let Some(word) = &pin.marked_msrv {
        return (Role::Msrv, Why::Marked(word.clone()));
    }
    let Some(named) = pin.named() else { return (Role::Undecided, Why::NamesAnother) };
    let is_pin = ground.pins.iter().any(|channel| named.agrees_with(channel));
    let is_oldest = ground.rust_versions.iter().any(|oldest| named.is_same_release(oldest));
    match (is_pin, is_oldest) {
        // A list that names the oldest release does so for its own sake, even while it is also the pin.
        (true, true) if pin.nature == Nature::Row => (Role::Msrv, Why::NamesRustVersion),
        // A job or a command may be for either; once the two part it would be wrong to have guessed.
        (true, true) if matches!(pin.nature, Nature::Job | Nature::Command) => {
            (Role::Undecided, Why::NamesBoth)
        }
        (true, _) => (Role::Dev, Why::NamesThePin),
        (false, true) => (Role::Msrv, Why::NamesRustVersion),
        (false, false) if !named.is_release() => (Role::Deliberate, Why::OtherChannel),
        (false, false) if pin.nature == Nature::Environment => (Role::Dev, Why::SetsUpEnvironment),
        (false, false) if pin.nature == Nature::Row => (Role::Undecided, Why::OneOfSeveral),
        (false, false) => (Role::Undecided, Why::NamesAnother),
    }
}

/// Marks the releases of a file whose own name, or whose directory, says that it is for the oldest supported one:
/// `Dockerfile.msrv`, `docker/msrv/Dockerfile`, a workflow `msrv.yml` with a single job. What names the pin follows all the same.
pub fn mark_by_path(path: &Path, kind: Option<Kind>, ground: &Ground, found: &mut Found) {
    // The name of a workflow with several jobs is of no single one of them.
    if kind == Some(Kind::Workflow) && found.jobs.len() != 1 {
        return;
    }
    let said = path.iter().filter_map(|part| marks::msrv_word(part.to_str()));
    // A directory `minimum` holds an example that is small.
    let Some(word) = said.into_iter().find(|word| !word.eq_ignore_ascii_case("minimum")) else { return };
    for pin in found.pins.iter_mut().filter(|pin| pin.marked_msrv.is_none()) {
        let is_other = |named: &Named| !ground.pins.iter().any(|channel| named.agrees_with(channel));
        if pin.named().is_some_and(|named| named.is_release() && is_other(&named)) {
            pin.marked_msrv = Some(word.clone());
        }
    }
}

#[cfg(test)]
mod tests;
