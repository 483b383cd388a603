//! Variables (of a shell, a Dockerfile, Nix, Bazel) whose very name says that they hold the version of a Rust compiler.

use super::Spelling;
use super::name::Named;

/// What may stand beside `rust` in the name of a version of Rust, without making it a version of something else
/// (`RUST_ANALYZER_VERSION`, `RULES_RUST_VERSION`, `RUST_CACHE_VERSION`).
const BESIDE: &[&str] = &[
    "base",
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
    "docker",
    "docs",
    "fmt",
    "given",
    "image",
    "inputs",
    "latest",
    "lint",
    "lowest",
    "max",
    "maximum",
    "min",
    "minimal",
    "minimum",
    "miri",
    "name",
    "nightly",
    "oldest",
    "parameters",
    "pinned",
    "pipeline",
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
    "ver",
    "version",
    "versions",
];

/// Whether a variable, key or parameter of this name holds the version of a Rust compiler: `RUST_VERSION`, `rustToolchain`,
/// `REPO_MSRV`, `rust`.
#[must_use]
pub(super) fn is_of_rust(name: &str) -> bool {
    // Longer ones are no names that anybody gave.
    if name.len() > 64 {
        return false;
    }
    let name = snake(name);
    let mut words = name.split('_').filter(|word| !word.is_empty());
    name == "rustup_toolchain"
        || words.clone().any(|word| word == "msrv")
        || (words.clone().any(|word| matches!(word, "rust" | "rustc"))
            && words.all(|word| BESIDE.contains(&word)))
}

/// Whether this is the name of a toolchain that anybody can install: whatever is not may be anything at all.
#[must_use]
pub(super) fn is_official(text: &str, spelling: Spelling) -> bool {
    match Named::parse(text, spelling) {
        // No Rust has another first number: `3.12` is something else's version.
        Some(named @ Named::Channel(_)) => {
            let is_custom = matches!(&named, Named::Channel(channel) if channel.is_custom());
            !is_custom && named.release().is_none_or(|(major, ..)| major == 1)
        }
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
        snake.push(if matches!(c, '-' | '.' | ' ') { '_' } else { c.to_ascii_lowercase() });
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
            "MIN_RUST_VERSION",
            "MIN_RUSTC_VERSION",
            "nightly-rust",
            "rust_min",
            "rust_stable",
            "parameters.rust",
            "PARAMETERS_RUST",
            "rust",
            "rustc",
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
            "RULES_RUST_VERSION",
            "RUST_CACHE_VERSION",
            "RUST_TOOLCHAIN_ACTION_VERSION",
            "TRAVIS_RUST",
            "wasm_bindgen_version",
            "channel",
            "",
        ] {
            assert!(!is_of_rust(name), "{name}");
        }
    }
}
