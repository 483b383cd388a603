//! Which pins follow, and why.

use super::{Ground, Role, Why, of};
use crate::pins::marks::Told;
use crate::pins::name::Named;
use crate::pins::{Nature, Pin, Spelling};
use crate::toolchain::Channel;

fn pin(text: &str, nature: Nature) -> Pin {
    Pin {
        span: 0..text.len(),
        text: text.to_owned(),
        place: String::new(),
        spelling: Spelling::Channel,
        nature,
        marked_msrv: None,
        told: None,
        by_policy: None,
        frozen: None,
    }
}

fn ground(pin: &str, oldest: &str) -> Ground {
    let named = |text| Named::parse(text, Spelling::Release);
    Ground {
        pins: Channel::parse(pin).into_iter().collect(),
        rust_versions: named(oldest).into_iter().collect(),
    }
}

/// If a pin had the wrong role, a build of the oldest release would silently become one of the newest, or stay behind.
#[test]
fn roles_follow_from_the_place_and_the_name() {
    let rules = ground("1.78.0", "1.70");
    for (text, nature, role, why) in [
        ("1.78.0", Nature::Job, Role::Dev, Why::NamesThePin),
        ("1.78", Nature::Row, Role::Dev, Why::NamesThePin),
        ("1.70", Nature::Row, Role::Msrv, Why::NamesRustVersion),
        ("1.70.0", Nature::Environment, Role::Msrv, Why::NamesRustVersion),
        ("1.75.0", Nature::Environment, Role::Dev, Why::SetsUpEnvironment),
        ("1.75.0", Nature::Job, Role::Undecided, Why::NamesAnother),
        ("1.75.0", Nature::Row, Role::Undecided, Why::OneOfSeveral),
        ("nightly", Nature::Row, Role::Deliberate, Why::OtherChannel),
        ("stable", Nature::Job, Role::Deliberate, Why::OtherChannel),
        ("nightly-2026-05-19", Nature::Command, Role::Deliberate, Why::OtherChannel),
        ("1.99.0", Nature::ToolchainFile, Role::Dev, Why::IsThePin),
        ("1.70", Nature::Msrv, Role::Msrv, Why::Definition),
    ] {
        assert_eq!(of(&pin(text, nature), &rules), (role, why), "{text} {nature:?}");
    }
}

#[test]
fn what_people_say_counts_first() {
    let rules = ground("1.78.0", "1.70");
    let told = |told| Pin { told: Some(told), ..pin("1.78.0", Nature::Job) };
    assert_eq!(of(&told(Told::Ignore), &rules), (Role::Ignored, Why::Comment));
    assert_eq!(of(&told(Told::Role(Role::Msrv)), &rules), (Role::Msrv, Why::Comment));
    let marked = Pin { marked_msrv: Some("MSRV".into()), ..pin("1.78.0", Nature::Row) };
    assert_eq!(of(&marked, &rules), (Role::Msrv, Why::Marked("MSRV".into())));
}

#[test]
fn the_policy_says_what_its_own_patterns_are_for() {
    let rules = ground("1.78.0", "1.70");
    let pin = Pin { by_policy: Some(Role::Deliberate), ..pin("1.78.0", Nature::Environment) };
    assert_eq!(of(&pin, &rules), (Role::Deliberate, Why::Policy));
    let told = Pin { told: Some(Told::Ignore), ..pin };
    assert_eq!(of(&told, &rules), (Role::Ignored, Why::Comment), "a comment is closer to the place");
}

/// A job for the oldest release must not silently move with the pin, nor a job for the pin stay behind.
#[test]
fn a_release_that_is_pin_and_oldest_is_told_apart_only_by_its_place() {
    let rules = ground("1.78.0", "1.78");
    for (nature, role, why) in [
        (Nature::Row, Role::Msrv, Why::NamesRustVersion),
        (Nature::Environment, Role::Dev, Why::NamesThePin),
        (Nature::Job, Role::Undecided, Why::NamesBoth),
        (Nature::Command, Role::Undecided, Why::NamesBoth),
        (Nature::ToolchainFile, Role::Dev, Why::IsThePin),
    ] {
        assert_eq!(of(&pin("1.78.0", nature), &rules), (role, why), "{nature:?}");
    }
    let marked = Pin { marked_msrv: Some("MSRV".into()), ..pin("1.78.0", Nature::Job) };
    assert_eq!(of(&marked, &rules).0, Role::Msrv);
    assert_eq!(of(&pin("1.78.0", Nature::Job), &ground("1.78.0", "1.70")).0, Role::Dev);
}

#[test]
fn a_pin_that_moves_is_followed_by_its_name() {
    let rules = ground("nightly", "");
    assert_eq!(of(&pin("nightly", Nature::Job), &rules).0, Role::Dev);
    assert_eq!(of(&pin("nightly-2026-05-19", Nature::Job), &rules).0, Role::Deliberate);
    assert_eq!(of(&pin("stable", Nature::Job), &rules).0, Role::Deliberate);
}

/// A Dockerfile for the oldest release that is taken for one that has drifted would be moved.
#[test]
fn the_name_of_a_file_can_say_what_it_is_for() {
    let ground = crate::pins::testing::ground();
    let one = "jobs:\n  a:\n    steps:\n    - run: cargo +1.72.0 check\n";
    let two = "jobs:\n  a: {steps: [{run: cargo +1.72.0 check}]}\n  b: {}\n";
    for (path, text, role) in [
        ("Dockerfile.msrv", "FROM rust:1.72\n", Role::Msrv),
        ("docker/msrv/Dockerfile", "FROM rust:1.72\n", Role::Msrv),
        ("docker/rust-min/Dockerfile", "FROM rust:1.72\n", Role::Msrv),
        ("Dockerfile.msrv", "FROM rust:1.78\n", Role::Dev),
        ("Dockerfile.msrv", "FROM rust:1.72 # xcargo: role=dev\n", Role::Dev),
        ("docker/minimum/Dockerfile", "FROM rust:1.72\n", Role::Dev),
        ("docker/Dockerfile", "FROM rust:1.72\n", Role::Dev),
        (".devcontainer/msrv/devcontainer.json", "{\"image\": \"rust:1.72\"}\n", Role::Msrv),
        (".github/workflows/msrv.yml", one, Role::Msrv),
        (".github/workflows/msrv.yml", two, Role::Undecided),
        (".github/workflows/ci.yml", one, Role::Undecided),
    ] {
        let path = std::path::Path::new(path);
        let kind = crate::pins::Kind::of(path).expect("a kind");
        let mut found = crate::pins::recognise(kind, text).expect("text of its kind");
        super::mark_by_path(path, Some(kind), &ground, &mut found);
        let roles: Vec<Role> = found.pins.iter().map(|pin| of(pin, &ground).0).collect();
        assert_eq!(roles, [role], "{path:?} {text}");
    }
}
