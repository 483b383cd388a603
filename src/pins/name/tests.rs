//! Spelling another channel in a place, and telling whether two names mean the same.

use super::{Named, Spelling};
use crate::pins::{Nature, Pin, What};
use crate::toolchain::Channel;

fn pin(text: &str, spelling: Spelling) -> Pin {
    Pin {
        span: 0..text.len(),
        text: text.to_owned(),
        place: String::new(),
        spelling,
        nature: Nature::Job,
        marked_msrv: None,
        told: None,
        by_policy: None,
        frozen: None,
    }
}

fn channel(text: &str) -> Channel {
    Channel::parse(text).expect("a channel")
}

/// A name that its place does not take would break the CI that it is written for.
#[test]
fn a_channel_is_spelled_as_its_place_takes_it() {
    use Spelling::{
        ActionRef, Channel, DateOf, FullRelease, ImageTag, Minor, PlainMinor, PlainRelease, PlainYaml,
        Release, RulesRust,
    };
    for (old, spelling, before, to, expect) in [
        ("1.78.0", Channel, "1.78.0", "1.79.0", Some("1.79.0")),
        ("1.78", Channel, "1.78.0", "1.79.0", Some("1.79")),
        ("1.78", Channel, "1.78", "1.79.0", Some("1.79.0")),
        ("1.78", Channel, "1.78", "nightly-2026-05-19", Some("nightly-2026-05-19")),
        ("1.78", PlainYaml, "1.78.0", "1.79.0", Some("1.79")),
        ("1.78", PlainYaml, "1.78", "1.80", Some("\"1.80\"")),
        ("1.78.0", PlainYaml, "1.78.0", "stable", Some("stable")),
        ("1.78", ImageTag, "1.78.0", "1.79.0", Some("1.79")),
        ("1.78.0", ImageTag, "1.78.0", "1.79.0", Some("1.79.0")),
        ("1.78.0", ImageTag, "1.78.0", "nightly", None),
        ("1.78", PlainRelease, "1.78.0", "1.80.0", Some("\"1.80\"")),
        ("1.78.0", PlainRelease, "1.78.0", "1.80.0", Some("1.80.0")),
        ("1.78.0", PlainRelease, "1.78.0", "nightly", None),
        ("1.78.0", ActionRef, "1.78.0", "nightly", Some("nightly")),
        ("1.78.0", ActionRef, "1.78.0", "nightly-2026-05-19", None),
        ("1.78.0", ActionRef, "1.78.0", "my-own", None),
        ("1.78.0", Release, "1.78.0", "1.79.0-beta.1", None),
        ("1.78", PlainRelease, "1.78.0", "1.79.0", Some("1.79")),
        ("1.78", PlainRelease, "1.78", "1.80", Some("\"1.80\"")),
        ("1.78", PlainRelease, "1.78", "nightly", None),
        ("1.78", Minor, "1.78", "1.79.0", Some("1.79")),
        ("1.78", PlainMinor, "1.78.0", "1.80.1", Some("\"1.80\"")),
        ("1.78", PlainMinor, "1.78.0", "beta", None),
        ("1.78.0", FullRelease, "1.78.0", "1.79.0", Some("1.79.0")),
        ("1.78.0", FullRelease, "1.78.0", "1.79", None),
        ("1.78.0", FullRelease, "1.78.0", "nightly", None),
        ("2026-05-19", DateOf("nightly"), "nightly-2026-05-19", "nightly-2026-06-01", Some("2026-06-01")),
        ("2026-05-19", DateOf("nightly"), "nightly-2026-05-19", "beta-2026-06-01", None),
        ("2026-05-19", DateOf("nightly"), "nightly-2026-05-19", "nightly", None),
        ("1.78.0", RulesRust, "1.78.0", "1.79.0", Some("1.79.0")),
        ("1.78.0", RulesRust, "1.78.0", "nightly-2026-05-19", Some("nightly/2026-05-19")),
        ("1.78.0", RulesRust, "1.78.0", "stable", None),
        ("stable", Channel, "stable", "1.79.0", Some("1.79.0")),
        ("1.78.0", Channel, "1.78.0", "1.79", Some("1.79")),
        // A host stays, and none comes where none was.
        ("1.78.0-x86_64-pc-windows-gnu", Channel, "1.78.0", "1.79.0", Some("1.79.0-x86_64-pc-windows-gnu")),
        ("1.78.0-musl", PlainYaml, "1.77.0", "1.79.0", Some("1.79.0-musl")),
        ("1.78-musl", PlainYaml, "1.78.0", "1.90.0", Some("1.90-musl")),
        ("1.78-musl", PlainYaml, "1.78", "1.90.0", Some("1.90.0-musl")),
        ("stable-x86_64-gnu", Channel, "stable", "1.79.0", Some("1.79.0-x86_64-gnu")),
        ("nightly-2026-05-19-musl", Channel, "nightly-2026-05-19", "1.79.0", Some("1.79.0-musl")),
        ("1.78.0-musl", Channel, "1.78.0-musl", "1.79.0-gnu", Some("1.79.0-gnu")),
        ("1.78.0-musl", Channel, "1.78.0-gnu", "1.79.0-gnu", Some("1.79.0-musl")),
        ("1.78.0", Channel, "1.78.0", "1.79.0-gnu", Some("1.79.0-gnu")),
        ("1.78.0", Channel, "1.78.0-gnu", "1.79.0-gnu", Some("1.79.0")),
        ("1.78.0-musl", Channel, "1.78.0", "my-own", Some("my-own")),
        ("1.78.0", ImageTag, "1.78.0-gnu", "1.79.0-gnu", Some("1.79.0")),
        ("1.78.0-musl", ActionRef, "1.78.0", "1.79.0", None),
    ] {
        let spelled = pin(old, spelling).spell(&channel(to), &[channel(before)]).ok();
        assert_eq!(spelled.as_deref(), expect, "{old} as {spelling:?} from {before} to {to}");
    }
}

/// What rustup itself reads is for the host that was asked for.
#[test]
fn a_toolchain_file_takes_the_host_of_the_new_pin() {
    let pin = Pin { nature: Nature::ToolchainFile, ..pin("1.77.0-x86_64-pc-windows-gnu", Spelling::Channel) };
    for (to, expect) in [("1.79.0", "1.79.0-x86_64-pc-windows-gnu"), ("1.79.0-musl", "1.79.0-musl")] {
        assert_eq!(pin.spell(&channel(to), &[channel("1.78.0")]).as_deref(), Ok(expect), "{to}");
    }
}

#[test]
fn names_agree_as_far_as_both_say_it() {
    for (text, pin, agree) in [
        ("1.78.0", "1.78.0", true),
        ("1.78", "1.78.0", true),
        ("1.78.1", "1.78", true),
        ("1.78.1", "1.78.0", false),
        ("1.8", "1.80", false),
        ("stable", "stable", true),
        ("stable", "1.78.0", false),
        ("nightly", "nightly-2026-05-19", false),
        ("latest", "stable", true),
        ("1.78.0-x86_64-unknown-linux-gnu", "1.78.0", true),
        ("my-own", "my-own", true),
        ("my-own", "other", false),
    ] {
        let named = Named::parse(text, Spelling::Channel).expect("a name");
        assert_eq!(named.agrees_with(&channel(pin)), agree, "{text} and {pin}");
    }
}

/// A name in a grammar of its own is the same toolchain all the same.
#[test]
fn names_agree_whatever_their_grammar() {
    for (text, spelling, pin, agree) in [
        ("2026-05-19", Spelling::DateOf("nightly"), "nightly-2026-05-19", true),
        ("2026-05-19", Spelling::DateOf("beta"), "nightly-2026-05-19", false),
        ("nightly/2026-05-19", Spelling::RulesRust, "nightly-2026-05-19", true),
        ("1.78.0", Spelling::RulesRust, "1.78.0", true),
    ] {
        let named = Named::parse(text, spelling).expect("a name");
        assert_eq!(named.agrees_with(&channel(pin)), agree, "{text} and {pin}");
    }
    assert_eq!(Named::parse("unstable", Spelling::DateOf("nightly")), None);
}

#[test]
fn newer_is_told_of_releases_only() {
    for (text, pin, newer) in [
        ("1.79", "1.78.0", true),
        ("1.78", "1.78.0", false),
        ("1.78.1", "1.78.0", true),
        ("1.78.1", "1.78", false),
        ("1.100", "1.99.0", true),
        ("1.79", "stable", false),
        ("nightly", "1.78.0", false),
    ] {
        let named = Named::parse(text, Spelling::Channel).expect("a name");
        assert_eq!(named.is_newer_than(&channel(pin)), newer, "{text} and {pin}");
    }
}

#[test]
fn yaml_misreads_a_zero_at_the_end() {
    for (text, spelling, read) in [
        ("1.90", Spelling::PlainYaml, Some("1.9")),
        ("1.100", Spelling::PlainYaml, Some("1.1")),
        ("1.85", Spelling::PlainYaml, None),
        ("1.90.0", Spelling::PlainYaml, None),
        ("1.90", Spelling::Channel, None),
    ] {
        let found = pin(text, spelling).yaml_float().map(|remark| match remark.what {
            What::YamlFloat { read, .. } => read,
            other => panic!("{other:?}"),
        });
        assert_eq!(found.as_deref(), read, "{text}");
    }
}
