//! What is to be done, decided from what was seen and what the policy says. Pure: no disk, no clock, no printing.

pub mod built;
pub mod clean;
pub mod freshness;
pub mod pins;
pub mod rulings;
pub mod words;

use std::time::Duration;

use crate::policy::{ByteSize, Install, MaxAge, Policy, StepName};
use crate::sourced::{Origin, Sourced};

/// What the command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// Something will be compiled.
    Build,
    /// The lock file will be moved by `cargo update`.
    Update,
    /// The pinned toolchain was moved by `xcargo toolchain`.
    Change,
    /// Something else: it needs a toolchain to run, and that is all.
    Other,
}

/// The pinned toolchain as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The name as it was written: `1.78.0`, `nightly`, or the path of a compiler without rustup.
    pub label: String,
    /// Who says so.
    pub origin: Origin,
    /// What there is of it.
    pub presence: Presence,
    /// How it compares with the compiler of the last build.
    pub since_last: SinceLast,
    /// For a channel that moves: how long ago it was last brought up to date. `None`: it does not move, or nobody
    /// knows.
    pub age: Option<Duration>,
}

/// What is installed of the pinned toolchain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// All that the toolchain file asks for.
    Complete,
    /// The toolchain, but not these.
    Lacks {
        /// Components, as the toolchain file names them.
        components: Vec<String>,
        /// Target triples.
        targets: Vec<String>,
    },
    /// Nothing of it.
    Missing,
    /// The rest of an installation that was interrupted. rustup takes it for installed and does not mend it, and it cannot run.
    HalfInstalled,
    /// Nothing of it, and rustup cannot install it, for this reason.
    CannotInstall(String),
}

/// How the pinned compiler compares with the one of the last build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SinceLast {
    /// There was no build that xcargo knows of.
    FirstBuild,
    /// Same name, same compiler.
    Same,
    /// Same name, same compiler, but its files are others (installed again): only to be written down.
    SameAnew,
    /// Another name or another compiler.
    Moved {
        /// The compiler of the last build, as messages name it.
        from: String,
        /// The compiler now; `None` as long as it is not installed.
        to: Option<String>,
    },
}

/// The lock file as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// As at the last build, or there is nothing to compare it with.
    Same,
    /// Its content is another.
    Moved,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The pinned toolchain. `None`: nothing pins one (no rustup default, no rustc), or this command runs another
    /// one on purpose (`cargo +other`), which is no change.
    pub pin: Option<Pin>,
    /// The lock file.
    pub lock: Lock,
    /// Whether the command or the environment forbids the network.
    pub network: Network,
    /// Whether it is time to look how large the cache is.
    pub size_check: SizeCheck,
}

/// Whether it is time to look how large the cache is: not for a build that was recorded within a day, so that a build that
/// has nothing to do stays as quick as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeCheck {
    /// It is.
    Due,
    /// It was looked at for the same build within a day, or nothing is built.
    NotDue,
}

/// Whether the network may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// It may.
    Allowed,
    /// `net.offline` in cargo's config: cargo does without, so what can wait does too.
    CargoOffline,
    /// `--offline` or `--frozen` was typed: not for this command.
    Off,
}

/// One coordinated step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Install the pinned toolchain, or what is missing of it.
    Install {
        /// What is missing.
        missing: Presence,
        /// Whether a person has to agree first.
        consent: Consent,
    },
    /// `rustup update` of a moving channel. What comes after it depends on what it brings.
    Refresh {
        /// How long ago it was last done.
        age: Option<Duration>,
        /// How old the policy lets it become.
        allowed: Duration,
    },
    /// Not done: the channel is older than the policy allows, but the network is forbidden.
    RefreshSkipped {
        /// How old the policy lets it become.
        allowed: Duration,
    },
    /// `cargo update` with the arguments that were typed.
    CargoUpdate,
    /// Remove what can never be used again. What that is, is decided under cargo's locks.
    ScopedClean(Causes),
    /// Look whether every other place names the pin that has moved, and say so. Only `xcargo toolchain` edits them: no build
    /// changes what is in version control.
    SyncPins,
    /// Hold the units against what they were built from, and repair what is not as it was made. What that is, is decided
    /// under cargo's locks. It comes last: what is cleaned need not be looked at.
    VerifyCache,
    /// Remove what was least recently used until the build dir is no larger than this. What that is, is decided under
    /// cargo's locks.
    KeepSize(ByteSize),
}

/// Whether a person has to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Policy has agreed.
    Given,
    /// To be asked for, on a terminal.
    Asked,
}

/// Why something is cleaned: what may be judged stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Causes {
    /// The pin moved: units of compilers that are neither pinned nor kept.
    pub toolchain: bool,
    /// The lock file moved: units of package versions that left it.
    pub lock: bool,
}

/// Why no plan can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The pinned toolchain is not there, and policy forbids to install it.
    InstallDenied {
        /// What is missing.
        missing: Presence,
        /// Where policy says so.
        by: Origin,
    },
    /// The pinned toolchain is not there, and the network is off.
    Offline,
    /// The pinned toolchain is not there, and cannot be installed.
    CannotInstall {
        /// Why.
        why: String,
    },
}

/// The steps, in order.
pub type Plan = Vec<Step>;

/// Decides which steps belong to this command.
///
/// The toolchain is made sure of first, whatever the order in the lists: nothing is removed for a toolchain that
/// then cannot be installed.
///
/// # Errors
/// Policy forbids what would be necessary.
pub fn steps(goal: Goal, seen: &Seen, policy: &Policy) -> Result<Plan, Refusal> {
    // `cargo update` compiles nothing: a pin that moved is the next build's matter.
    let moved = goal == Goal::Build
        && seen.pin.as_ref().is_some_and(|pin| matches!(pin.since_last, SinceLast::Moved { .. }));
    let lock_moved = seen.lock == Lock::Moved;
    let lists = &policy.steps;
    let mut names: Vec<StepName> = Vec::new();
    if goal == Goal::Build {
        if moved {
            names.extend(&lists.toolchain_change.value);
        }
        if lock_moved {
            names.extend(lists.update.value.iter().filter(|name| **name != StepName::CargoUpdate));
        }
        names.extend(&lists.build.value);
    }
    if goal == Goal::Change {
        names.extend(&lists.toolchain_change.value);
    }
    if goal == Goal::Update {
        names.extend(&lists.update.value);
        if !names.contains(&StepName::CargoUpdate) {
            // It was typed, so it runs; policy only adds to it.
            names.insert(0, StepName::CargoUpdate);
        }
    }
    // What one list wants cleaned is no leave to clean for the cause of another, which may move at the same time.
    let cleans = |list: &Sourced<Vec<StepName>>| list.value.contains(&StepName::ScopedClean);
    let always_cleans = goal == Goal::Build && cleans(&lists.build);
    let causes = Causes {
        toolchain: always_cleans || (moved && cleans(&lists.toolchain_change)) || goal == Goal::Change,
        lock: always_cleans || (lock_moved && cleans(&lists.update)) || goal == Goal::Update,
    };

    let mut plan = Plan::new();
    let ensures = names.contains(&StepName::EnsureToolchain)
        || lists.build.value.contains(&StepName::EnsureToolchain)
        || (moved && names.contains(&StepName::RustupUpdate));
    // A change has made sure of what it needs itself, or needs nothing: what is cleaned for a compiler that is not there is
    // nothing.
    if goal != Goal::Change {
        plan.extend(install(seen, policy, ensures)?);
    }
    if goal == Goal::Build
        && let Some(step) = refresh(seen, policy)
    {
        plan.push(step);
    }
    let mut verifies = false;
    for name in names {
        let step = match name {
            StepName::CargoUpdate => Step::CargoUpdate,
            StepName::ScopedClean => Step::ScopedClean(causes),
            StepName::SyncPins if moved => Step::SyncPins,
            StepName::VerifyCache if goal == Goal::Build => {
                verifies = true;
                continue;
            }
            // The first two are planned above. `xcargo toolchain set` builds by itself; a build needs no word for it.
            StepName::EnsureToolchain
            | StepName::RustupUpdate
            | StepName::SyncPins
            | StepName::VerifyCache
            | StepName::Build => {
                continue;
            }
        };
        if !plan.contains(&step) {
            plan.push(step);
        }
    }
    if goal == Goal::Build
        && seen.size_check == SizeCheck::Due
        && let Some(cap) = &policy.clean.max_size
    {
        plan.push(Step::KeepSize(cap.value));
    }
    if verifies {
        plan.push(Step::VerifyCache);
    }
    Ok(plan)
}

/// What is missing of the toolchain is installed where a list of steps `ensures` it, and else left to rustup's proxy,
/// which may install it by itself: so a policy that forbids it forbids it in any case.
fn install(seen: &Seen, policy: &Policy, ensures: bool) -> Result<Option<Step>, Refusal> {
    let Some(pin) = &seen.pin else { return Ok(None) };
    let denied = policy.toolchain.install.value == Install::Deny;
    match &pin.presence {
        Presence::Complete => Ok(None),
        _ if !ensures && !denied => Ok(None),
        Presence::CannotInstall(why) => Err(Refusal::CannotInstall { why: why.clone() }),
        Presence::Lacks { .. } if seen.network == Network::Off && !denied => Ok(None),
        Presence::Missing | Presence::HalfInstalled if seen.network == Network::Off => Err(Refusal::Offline),
        missing @ (Presence::Missing | Presence::HalfInstalled | Presence::Lacks { .. }) => {
            let consent = match policy.toolchain.install.value {
                Install::Auto => Consent::Given,
                Install::Ask => Consent::Asked,
                Install::Deny => {
                    let by = policy.toolchain.install.origin.clone();
                    return Err(Refusal::InstallDenied { missing: missing.clone(), by });
                }
            };
            Ok(Some(Step::Install { missing: missing.clone(), consent }))
        }
    }
}

/// A moving channel that is older than the policy allows. A toolchain that is installed now is as new as can be.
fn refresh(seen: &Seen, policy: &Policy) -> Option<Step> {
    let pin = seen.pin.as_ref()?;
    let MaxAge::After(allowed) = policy.toolchain.update.value else { return None };
    let will_be_new =
        matches!(pin.presence, Presence::Missing | Presence::HalfInstalled | Presence::CannotInstall(_));
    if will_be_new || pin.age? < allowed {
        return None;
    }
    Some(match seen.network {
        Network::Allowed => Step::Refresh { age: pin.age, allowed },
        Network::CargoOffline | Network::Off => Step::RefreshSkipped { allowed },
    })
}

#[cfg(test)]
mod tests;
