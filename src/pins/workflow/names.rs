//! Keys that say by their name that a Rust toolchain stands behind them, and values that bear it out.

use crate::pins::Spelling;
use crate::pins::name::Named;
use crate::toolchain::channel::Kind;

/// What may stand beside `rust` in the name of a version of Rust, without making it a version of something else
/// (`RUST_ANALYZER_VERSION`, `RUSTUP_VERSION`, `RUST_CACHE_VERSION`).
const BESIDE: &[&str] = &[
    "beta",
    "build",
    "channel",
    "channels",
    "ci",
    "clippy",
    "compiler",
    "current",
    "default",
    "dev",
    "doc",
    "docs",
    "fmt",
    "latest",
    "lint",
    "lowest",
    "max",
    "maximum",
    "min",
    "minimal",
    "minimum",
    "miri",
    "msrv",
    "nightly",
    "oldest",
    "pinned",
    "primary",
    "release",
    "repo",
    "rust",
    "rustc",
    "stable",
    "supported",
    "tag",
    "test",
    "the",
    "toolchain",
    "toolchains",
    "version",
    "versions",
];

/// Whether a key says that it names a Rust toolchain: `RUST_VERSION`, `rust_min`, `msrv`, `rust`.
pub(super) fn says_rust(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let mut parts = key.split(['_', '-', '.', ' ']);
    key.split(['_', '-', '.', ' ']).any(|part| part == "msrv")
        || (parts.clone().any(|part| matches!(part, "rust" | "rustc"))
            && parts.all(|part| BESIDE.contains(&part)))
}

/// Whether a key names a toolchain, in a place where none but Rust's is likely: `toolchain`, or [`says_rust`].
pub(super) fn says_toolchain(key: &str) -> bool {
    matches!(key.to_ascii_lowercase().as_str(), "toolchain" | "toolchains") || says_rust(key)
}

/// Whether a value is a release or a channel, and not just any text that rustup would take for a custom name.
pub(super) fn is_official(value: &str) -> bool {
    match Named::parse(value, Spelling::Channel) {
        Some(Named::Channel(channel)) => match channel.kind() {
            Kind::Version { major, .. } => *major == 1,
            Kind::Stable | Kind::Beta | Kind::Nightly => true,
            Kind::Custom | Kind::Path => false,
        },
        Some(Named::Newest) | None => false,
    }
}

/// Whether a value is one of Rust's moving channels, dated or not.
pub(super) fn is_channel(value: &str) -> bool {
    is_official(value) && !value.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{is_official, says_rust};

    /// The version of another program must never follow the pin of Rust.
    #[test]
    fn keys_that_say_rust() {
        for key in [
            "RUST_VERSION",
            "rust",
            "rust-version",
            "RUST_TOOLCHAIN",
            "rust_min",
            "REPO_MSRV",
            "msrv",
            "rustc",
            "RUST_CHANNEL",
            "rust_stable",
            "MIN_RUSTC_VERSION",
            "nightly-rust",
        ] {
            assert!(says_rust(key), "{key}");
        }
        for key in [
            "RUSTUP_VERSION",
            "RUST_ANALYZER_VERSION",
            "TRUST_VERSION",
            "RUST_BACKTRACE",
            "GO_VERSION",
            "toolchain",
            "version",
            "RUST_CACHE_VERSION",
            "channel",
            "",
            "RUSTFLAGS",
            "wasm_bindgen_version",
        ] {
            assert!(!says_rust(key), "{key}");
        }
        for (value, official) in [
            ("1.78", true),
            ("nightly-2026-05-19", true),
            ("3.12", false),
            ("true", false),
            ("1", false),
            ("", false),
        ] {
            assert_eq!(is_official(value), official, "{value}");
        }
    }
}
