//! Variables (of a shell, a Dockerfile, Nix, Bazel) whose very name says that they hold the version of a Rust compiler.

use std::sync::LazyLock;

use regex::Regex;

use super::Spelling;
use super::name::Named;

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    // Words in front say whose, words between say which; `rustup`, `rustfmt`, `rust_analyzer` have versions of their own.
    let whose = r"(?:[a-z0-9]+_)*";
    let which = r"(?:(?:min|minimum|msrv|base|image|docker|default|stable|nightly|beta|compiler|dev|ci|build|toolchain)_)*";
    let what = r"(?:version|ver|toolchain|channel|release|tag|msrv|min|nightly|stable)(?:_(?:min|msrv|version|channel|default))?";
    let name = format!("^(?:{whose}rustc?_{which}{what}|{whose}msrv|rust|rustup_toolchain)$");
    Regex::new(&name).unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

/// Whether a variable of this name holds the version of a Rust compiler: `RUST_VERSION`, `rustToolchain`, `RUSTUP_TOOLCHAIN`.
#[must_use]
pub(super) fn is_of_rust(name: &str) -> bool {
    // Longer ones are no names that anybody gave.
    name.len() <= 64 && NAME.is_match(&snake(name))
}

/// Whether this is the name of a toolchain that anybody can install: whatever is not may be anything at all.
#[must_use]
pub(super) fn is_official(text: &str, spelling: Spelling) -> bool {
    match Named::parse(text, spelling) {
        Some(Named::Channel(channel)) => !channel.is_custom(),
        Some(Named::Newest) => true,
        None => false,
    }
}

/// `rustVersion`, `rust-version`, `RUST_VERSION`: all `rust_version`.
fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && after_small {
            snake.push('_');
        }
        after_small = c.is_ascii_lowercase() || c.is_ascii_digit();
        snake.push(if matches!(c, '-' | '.') { '_' } else { c.to_ascii_lowercase() });
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::is_of_rust;

    /// A name that is taken for Rust's and is not would have another program's version overwritten.
    #[test]
    fn names_that_speak_of_a_compiler() {
        for name in [
            "RUST_VERSION",
            "rust-version",
            "rustVersion",
            "RUSTC_VERSION",
            "RUST_TOOLCHAIN",
            "RUST_TOOLCHAIN_VERSION",
            "RUST_CHANNEL",
            "RUST_NIGHTLY",
            "RUST_NIGHTLY_VERSION",
            "CI_RUST_VERSION",
            "RUST_MIN_VERSION",
            "RUST_VERSION_MIN",
            "RUST_IMAGE_TAG",
            "RUSTUP_TOOLCHAIN",
            "MSRV",
            "REPO_MSRV",
            "RUST_MSRV",
        ] {
            assert!(is_of_rust(name), "{name}");
        }
        for name in [
            "RUSTUP_VERSION",
            "RUST_ANALYZER_VERSION",
            "RUSTFMT_VERSION",
            "RUST_BACKTRACE",
            "RUST_LOG",
            "RUSTFLAGS",
            "TRUST_VERSION",
            "RUST_SCRIPT_VERSION",
            "RULES_RUST_VERSION_URL",
            "CARGO_CHEF_VERSION",
            "VERSION",
            "TOOLCHAIN",
            "PYTHON_VERSION",
            "",
        ] {
            assert!(!is_of_rust(name), "{name}");
        }
    }
}
