//! Names of toolchains, read as rustup reads them.

use super::{Channel, ChannelError, Kind};

#[test]
fn names_are_read_as_rustup_reads_them() {
    let host = "x86_64-unknown-linux-gnu";
    let version = |major, minor, patch, pre: Option<&str>| Kind::Version {
        major,
        minor,
        patch,
        pre: pre.map(str::to_owned),
    };
    for (text, kind, moving, full) in [
        ("stable", Kind::Stable, true, "stable-x86_64-unknown-linux-gnu"),
        ("nightly", Kind::Nightly, true, "nightly-x86_64-unknown-linux-gnu"),
        ("nightly-2026-05-19", Kind::Nightly, false, "nightly-2026-05-19-x86_64-unknown-linux-gnu"),
        (
            "nightly-2026-05-19-aarch64-apple-darwin",
            Kind::Nightly,
            false,
            "nightly-2026-05-19-aarch64-apple-darwin",
        ),
        ("1.78", version(1, 78, None, None), true, "1.78-x86_64-unknown-linux-gnu"),
        ("1.78.0", version(1, 78, Some(0), None), false, "1.78.0-x86_64-unknown-linux-gnu"),
        (
            "1.78.0-beta.2",
            version(1, 78, Some(0), Some("beta.2")),
            false,
            "1.78.0-beta.2-x86_64-unknown-linux-gnu",
        ),
        ("1.78.0-beta", version(1, 78, Some(0), Some("beta")), true, "1.78.0-beta-x86_64-unknown-linux-gnu"),
        ("stable-musl", Kind::Stable, true, "stable-x86_64-unknown-linux-musl"),
        ("nightly-2026-05-19-i686", Kind::Nightly, false, "nightly-2026-05-19-i686-unknown-linux-gnu"),
        ("1.8", version(1, 8, Some(0), None), false, "1.8.0-x86_64-unknown-linux-gnu"),
        ("1.95.0/", version(1, 95, Some(0), None), false, "1.95.0-x86_64-unknown-linux-gnu"),
        ("1.100", version(1, 100, None, None), true, "1.100-x86_64-unknown-linux-gnu"),
        ("1.078.0", Kind::Custom, false, "1.078.0"),
        ("my chain", Kind::Custom, false, "my chain"),
        ("stable-patched", Kind::Custom, false, "stable-patched"),
        ("my-1.63", Kind::Custom, false, "my-1.63"),
        ("1.78.0.1", Kind::Custom, false, "1.78.0.1"),
        ("stage1", Kind::Custom, false, "stage1"),
    ] {
        let channel = Channel::parse(text).expect(text);
        assert_eq!((channel.kind(), channel.is_moving()), (&kind, moving), "{text}");
        assert_eq!(channel.full_name(host), full, "{text}");
    }
}

#[test]
fn what_cannot_be_a_directory_is_no_name() {
    for text in ["", "/", "..", "a/b", "a\\b", "+nightly", "a\nb", "none"] {
        assert!(Channel::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_path_is_a_toolchain_only_if_it_is_absolute() {
    assert_eq!(Channel::parse_or_path("a/b"), Err(ChannelError::Relative));
    assert_eq!(Channel::parse_or_path("stable"), Channel::parse("stable"));
    let path = if cfg!(windows) { r"C:\rust" } else { "/opt/rust" };
    let channel = Channel::parse_or_path(path).expect(path);
    assert_eq!((channel.kind(), channel.full_name("x").as_str()), (&Kind::Path, path));
    assert!(channel.is_custom() && !channel.is_moving());
}
