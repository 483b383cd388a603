//! The order in which rustup chooses.

use std::path::{Path, PathBuf};

use super::{Decided, Pin, Seen, decide};
use crate::sourced::Origin;

/// Nothing but a default.
fn base() -> Seen<'static> {
    Seen {
        toolchains: Path::new("/rustup/toolchains"),
        host: "x86_64-unknown-linux-gnu",
        plus: None,
        variable: None,
        pin: None,
        default: Some("stable-x86_64-unknown-linux-gnu"),
    }
}

fn decided(seen: &Seen<'_>) -> Decided {
    decide(seen).expect("rustup would accept this").expect("there is a toolchain")
}

fn file(name: &str, text: &str) -> Pin {
    Pin::File { path: Path::new("/w").join(name), text: text.to_owned(), shadowed: None }
}

#[test]
fn the_nearer_word_wins() {
    let pin = file("rust-toolchain", "1.95.0");
    let by_override = Pin::Override { dir: PathBuf::from("/w"), name: "beta".to_owned() };
    let all = Seen { plus: Some("nightly"), variable: Some("1.63.0"), pin: Some(&pin), ..base() };
    for (seen, name, source) in [
        (all.clone(), "nightly", "cli"),
        (Seen { plus: None, ..all.clone() }, "1.63.0", "env"),
        (Seen { plus: None, variable: None, ..all.clone() }, "1.95.0", "toolchain-file"),
        (Seen { pin: Some(&by_override), ..base() }, "beta", "path-override"),
        (base(), "stable", "default"),
    ] {
        let active = decided(&seen).active;
        let full_name = format!("{name}-x86_64-unknown-linux-gnu");
        assert_eq!((&active.full_name, active.source()), (&full_name, source));
        assert_eq!(active.path, Path::new("/rustup/toolchains").join(&full_name));
    }
    assert!(decide(&Seen { default: None, ..base() }).expect("no mistake").is_none());
}

#[test]
fn in_one_directory_the_override_wins_then_the_old_name() {
    let dir = Path::new("/w");
    let text = |it: &str| Some(it.to_owned());
    assert_eq!(Pin::of(dir, None, None, None), None);
    let pin = Pin::of(dir, text("beta"), text("a"), text("b"));
    assert_eq!(pin, Some(Pin::Override { dir: dir.to_owned(), name: "beta".to_owned() }));
    for (bare, toml, path, shadowed) in [
        (text("a"), None, "/w/rust-toolchain", None),
        (text("a"), text("b"), "/w/rust-toolchain", Some("/w/rust-toolchain.toml")),
        (None, text("b"), "/w/rust-toolchain.toml", None),
    ] {
        let expect_text = bare.clone().or(toml.clone()).expect("one of them");
        let (path, shadowed) = (PathBuf::from(path), shadowed.map(PathBuf::from));
        assert_eq!(Pin::of(dir, None, bare, toml), Some(Pin::File { path, text: expect_text, shadowed }));
    }
}

#[test]
fn parts_of_the_file_count_only_where_the_file_decides() {
    let pin = file("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"\ncomponents = [\"rust-src\"]");
    let seen = Seen { pin: Some(&pin), ..base() };
    assert_eq!(decided(&seen).active.wants.components, ["rust-src"]);
    assert!(decided(&Seen { plus: Some("1.95.0"), ..seen.clone() }).active.wants.components.is_empty());
    assert!(decided(&Seen { variable: Some("1.95.0"), ..seen }).active.wants.components.is_empty());

    let pin = file("rust-toolchain.toml", "[toolchain]\ncomponents = [\"rust-src\"]");
    let seen = Seen { pin: Some(&pin), ..base() };
    let active = decided(&seen).active;
    assert_eq!(active.full_name, "stable-x86_64-unknown-linux-gnu");
    assert_eq!(active.name.origin, Origin::ToolchainFile(PathBuf::from("/w/rust-toolchain.toml")));
    assert_eq!(active.wants.components, ["rust-src"]);
    assert!(decide(&Seen { default: None, ..seen }).is_err());
}

#[test]
fn what_must_be_there_is_asked_for() {
    let demands =
        |seen: &Seen<'_>| -> Vec<PathBuf> { decided(seen).demands.into_iter().map(|(dir, _)| dir).collect() };
    for (text, expect) in [
        ("1.95.0", None),
        ("stage1", Some("/rustup/toolchains/stage1")),
        ("stable-x86_64", Some("/rustup/toolchains/stable-x86_64")),
    ] {
        let pin = file("rust-toolchain", text);
        assert_eq!(
            demands(&Seen { pin: Some(&pin), ..base() }),
            expect.map(PathBuf::from).as_slice(),
            "{text}"
        );
        assert!(demands(&Seen { plus: Some(text), ..base() }).is_empty(), "+{text}");
    }
    if cfg!(unix) {
        let pin = file("rust-toolchain", "/opt/a");
        assert_eq!(demands(&Seen { pin: Some(&pin), ..base() }), [Path::new("/opt/a/bin")]);
        let seen = Seen { plus: Some("stable"), variable: Some("/opt/b/"), ..base() };
        assert_eq!(demands(&seen), [Path::new("/opt/b/bin")], "rustup looks at the variable even then");
        let seen = Seen { variable: Some("/opt/b/"), ..base() };
        assert_eq!(decided(&seen).active.path, Path::new("/opt/b"));
        assert_eq!(decided(&seen).active.full_name, "/opt/b");
    }
}

#[test]
fn a_name_that_is_none_says_where_it_is_written() {
    let by_override = Pin::Override { dir: PathBuf::from("/w"), name: "/opt/a".to_owned() };
    for (seen, expect) in [
        (Seen { plus: Some(""), ..base() }, "`+` on the command line"),
        (Seen { plus: Some("+stable"), ..base() }, "`++stable` on the command line"),
        (Seen { plus: Some("stable"), variable: Some("a/b"), ..base() }, "`RUSTUP_TOOLCHAIN`"),
        (Seen { pin: Some(&by_override), ..base() }, "`rustup override` for /w"),
        (Seen { default: Some("none"), ..base() }, "`rustup default`"),
    ] {
        let error = decide(&seen).expect_err(expect);
        assert!(error.to_string().starts_with(expect) || error.to_string().contains(expect), "{error}");
        assert!(error.rustup_fails_too(), "{error}");
    }
}
