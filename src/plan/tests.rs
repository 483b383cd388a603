//! Which steps follow from what was seen and what the policy says.

use std::time::Duration;

use super::{
    Causes, Consent, Goal, Lock, Network, Pin, Presence, Refusal, Seen, SinceLast, SizeCheck, Step, steps,
};
use crate::policy::{Install, MaxAge, Policy, StepName};
use crate::sourced::{Origin, Sourced};

fn seen(since_last: SinceLast, presence: Presence, lock: Lock) -> Seen {
    let pin =
        Pin { label: "1.78.0".to_owned(), origin: Origin::RustupDefault, presence, since_last, age: None };
    Seen { pin: Some(pin), lock, network: Network::Allowed, size_check: SizeCheck::NotDue }
}

fn moved() -> SinceLast {
    SinceLast::Moved { from: "1.77.2".to_owned(), to: None }
}

fn install() -> Step {
    Step::Install { missing: Presence::Missing, consent: Consent::Given }
}

fn clean(toolchain: bool, lock: bool) -> Step {
    Step::ScopedClean(Causes { toolchain, lock })
}

/// The defaults without the look at the cache, which every build has.
fn defaults() -> Policy {
    let mut policy = Policy::defaults();
    policy.steps.build.value.retain(|name| *name != StepName::VerifyCache);
    policy
}

/// What a user would lose: a cache that lies. What is cleaned away need not be looked at, so it comes last.
#[test]
fn every_build_looks_at_the_cache_last() {
    let policy = Policy::defaults();
    for (goal, seen, expected) in [
        (Goal::Build, seen(SinceLast::Same, Presence::Complete, Lock::Same), vec![Step::VerifyCache]),
        (
            Goal::Build,
            seen(SinceLast::Same, Presence::Complete, Lock::Moved),
            vec![clean(false, true), Step::VerifyCache],
        ),
        (Goal::Other, seen(SinceLast::Same, Presence::Complete, Lock::Same), vec![]),
        (
            Goal::Update,
            seen(SinceLast::Same, Presence::Complete, Lock::Same),
            vec![Step::CargoUpdate, clean(false, true)],
        ),
    ] {
        assert_eq!(steps(goal, &seen, &policy), Ok(expected), "{goal:?}");
    }
}

/// What a user would lose: steps where nothing changed, or none where something did.
#[test]
fn steps_follow_from_what_changed() {
    let policy = defaults();
    for (name, goal, seen, expected) in [
        ("healthy", Goal::Build, seen(SinceLast::Same, Presence::Complete, Lock::Same), vec![]),
        ("first build", Goal::Build, seen(SinceLast::FirstBuild, Presence::Complete, Lock::Same), vec![]),
        ("installed anew", Goal::Build, seen(SinceLast::SameAnew, Presence::Complete, Lock::Same), vec![]),
        (
            "first build, not there",
            Goal::Build,
            seen(SinceLast::FirstBuild, Presence::Missing, Lock::Same),
            vec![install()],
        ),
        (
            "pin moved",
            Goal::Build,
            seen(moved(), Presence::Complete, Lock::Same),
            vec![Step::SyncPins, clean(true, false)],
        ),
        (
            "pin moved, not there",
            Goal::Build,
            seen(moved(), Presence::Missing, Lock::Same),
            vec![install(), Step::SyncPins, clean(true, false)],
        ),
        (
            "lock moved",
            Goal::Build,
            seen(SinceLast::Same, Presence::Complete, Lock::Moved),
            vec![clean(false, true)],
        ),
        (
            "both moved",
            Goal::Build,
            seen(moved(), Presence::Complete, Lock::Moved),
            vec![Step::SyncPins, clean(true, true)],
        ),
        (
            "update",
            Goal::Update,
            seen(SinceLast::Same, Presence::Complete, Lock::Same),
            vec![Step::CargoUpdate, clean(false, true)],
        ),
    ] {
        assert_eq!(steps(goal, &seen, &policy), Ok(expected), "{name}");
    }
}

#[test]
fn another_toolchain_on_purpose_is_no_change() {
    let seen = Seen { pin: None, lock: Lock::Same, network: Network::Allowed, size_check: SizeCheck::NotDue };
    assert_eq!(steps(Goal::Build, &seen, &defaults()), Ok(vec![]));
}

#[test]
fn the_lists_of_the_policy_decide() {
    let mut policy = defaults();
    let set = |names: &[StepName]| Sourced::new(names.to_vec(), Origin::Default);
    policy.steps.build = set(&[StepName::ScopedClean]);
    policy.steps.update = set(&[StepName::ScopedClean, StepName::CargoUpdate]);
    policy.steps.toolchain_change = set(&[]);
    let healthy = seen(SinceLast::Same, Presence::Complete, Lock::Same);
    assert_eq!(steps(Goal::Build, &healthy, &policy), Ok(vec![clean(true, true)]));
    assert_eq!(steps(Goal::Update, &healthy, &policy), Ok(vec![clean(false, true), Step::CargoUpdate]));
    let absent = seen(moved(), Presence::Missing, Lock::Same);
    assert_eq!(
        steps(Goal::Build, &absent, &policy),
        Ok(vec![clean(true, true)]),
        "without `ensure-toolchain` a missing toolchain is rustup's matter"
    );
    policy.steps.update = set(&[]);
    assert_eq!(
        steps(Goal::Update, &healthy, &policy),
        Ok(vec![Step::CargoUpdate]),
        "it was typed, so it runs"
    );
}

/// What a user would lose: the units of the old compiler, which their policy keeps, because the lock file moved as well.
#[test]
fn each_list_cleans_for_its_own_cause() {
    let set = |names: &[StepName]| Sourced::new(names.to_vec(), Origin::Default);
    let both = seen(moved(), Presence::Complete, Lock::Moved);
    let cleans = &[StepName::ScopedClean][..];
    for (change, update, expected) in [
        (cleans, cleans, Some(clean(true, true))),
        (cleans, &[], Some(clean(true, false))),
        (&[], cleans, Some(clean(false, true))),
        (&[], &[], None),
    ] {
        let mut policy = defaults();
        (policy.steps.toolchain_change, policy.steps.update) = (set(change), set(update));
        assert_eq!(steps(Goal::Build, &both, &policy), Ok(expected.into_iter().collect()));
    }
}

#[test]
fn installing_obeys_the_policy() {
    let absent = seen(SinceLast::FirstBuild, Presence::Missing, Lock::Same);
    let mut policy = defaults();
    for (install, expected) in [
        (Install::Auto, Ok(vec![install()])),
        (Install::Ask, Ok(vec![Step::Install { missing: Presence::Missing, consent: Consent::Asked }])),
        (Install::Deny, Err(Refusal::InstallDenied { missing: Presence::Missing, by: Origin::Default })),
    ] {
        policy.toolchain.install = Sourced::default_of(install);
        assert_eq!(steps(Goal::Build, &absent, &policy), expected, "{install:?}");
    }
    let custom = seen(SinceLast::FirstBuild, Presence::CannotInstall("why".to_owned()), Lock::Same);
    policy.toolchain.install = Sourced::default_of(Install::Auto);
    assert_eq!(steps(Goal::Build, &custom, &policy), Err(Refusal::CannotInstall { why: "why".to_owned() }));
}

/// What a user would lose on a train: a build that cargo could do, for a component that it does not need.
#[test]
fn nothing_is_installed_over_a_network_that_was_switched_off() {
    let lacks = Presence::Lacks { components: vec!["clippy".to_owned()], targets: vec![] };
    let policy = defaults();
    let offline = |presence| Seen { network: Network::Off, ..seen(SinceLast::Same, presence, Lock::Same) };
    assert_eq!(steps(Goal::Build, &offline(lacks), &policy), Ok(vec![]));
    assert_eq!(steps(Goal::Build, &offline(Presence::Missing), &policy), Err(Refusal::Offline));
}

/// Were it only for builds, `cargo metadata` would let rustup's proxy install what the policy forbids.
#[test]
fn every_command_needs_the_toolchain() {
    let absent = seen(moved(), Presence::Missing, Lock::Moved);
    let mut policy = defaults();
    assert_eq!(steps(Goal::Other, &absent, &policy), Ok(vec![install()]));
    assert_eq!(steps(Goal::Other, &seen(moved(), Presence::Complete, Lock::Moved), &policy), Ok(vec![]));
    policy.toolchain.install = Sourced::default_of(Install::Deny);
    policy.steps.build = Sourced::default_of(vec![]);
    assert!(steps(Goal::Other, &absent, &policy).is_err());
    assert_eq!(steps(Goal::Change, &absent, &policy), Ok(vec![clean(true, true)]), "a `sync` needs none");
}

#[test]
fn a_moving_channel_is_refreshed_when_it_is_too_old_and_the_network_may_be_used() {
    let day = Duration::from_secs(24 * 3600);
    let mut policy = defaults();
    let refresh = Step::Refresh { age: Some(8 * day), allowed: 7 * day };
    let skipped = Step::RefreshSkipped { allowed: 7 * day };
    for (update, age, network, expected) in [
        (MaxAge::Never, Some(99 * day), Network::Allowed, vec![]),
        (MaxAge::After(7 * day), Some(8 * day), Network::Allowed, vec![refresh]),
        (MaxAge::After(7 * day), Some(8 * day), Network::CargoOffline, vec![skipped.clone()]),
        (MaxAge::After(7 * day), Some(8 * day), Network::Off, vec![skipped]),
        (MaxAge::After(7 * day), Some(6 * day), Network::Allowed, vec![]),
        (MaxAge::After(7 * day), None, Network::Allowed, vec![]),
    ] {
        policy.toolchain.update = Sourced::default_of(update);
        let mut seen = seen(SinceLast::Same, Presence::Complete, Lock::Same);
        seen.network = network;
        if let Some(pin) = &mut seen.pin {
            pin.age = age;
        }
        assert_eq!(steps(Goal::Build, &seen, &policy), Ok(expected), "{update:?} {age:?} {network:?}");
    }
}
