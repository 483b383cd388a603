//! Which names speak for themselves.

use super::is_clear;

/// A name that only looks as if would move something that is no Rust.
#[test]
fn names_for_toolchains() {
    for (name, expect) in [
        ("RUST_VERSION", true),
        ("RUST_TOOLCHAIN", true),
        ("RUSTUP_TOOLCHAIN", true),
        ("CI_RUST_VERSION", true),
        ("RUST_VERSION_MIN", true),
        ("RUST_MSRV", true),
        ("MSRV", true),
        ("REPO_MSRV", true),
        ("MIN_RUST_VERSION", true),
        ("rust-version", true),
        ("rustVersion", true),
        ("rust", true),
        ("parameters.rust", true),
        ("PARAMETERS_RUST", true),
        ("VERSION", false),
        ("TRUST_VERSION", false),
        ("RUST_ANALYZER_VERSION", false),
        ("RUST_LOG", false),
        ("RUST_BACKTRACE", false),
        ("NODE_VERSION", false),
        ("TOOLCHAIN", false),
        ("TRAVIS_RUST", false),
        ("RUST_TOOLCHAIN_ACTION_VERSION", false),
    ] {
        assert_eq!(is_clear(name), expect, "{name}");
    }
}
