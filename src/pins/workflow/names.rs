//! Keys that name a toolchain where none but Rust's is likely, and values that bear it out.

use crate::pins::Spelling;
use crate::pins::variable::{self, is_of_rust};

/// Whether a key names a toolchain, in a place where none but Rust's is likely: `toolchain`, or what [`is_of_rust`] says.
pub(super) fn says_toolchain(key: &str) -> bool {
    matches!(key.to_ascii_lowercase().as_str(), "toolchain" | "toolchains") || is_of_rust(key)
}

/// Whether a value is a release or a channel, and not just any text that rustup would take for a custom name.
pub(super) fn is_official(value: &str) -> bool {
    value != "latest" && variable::is_official(value, Spelling::Channel)
}

/// Whether a value is one of Rust's moving channels, dated or not.
pub(super) fn is_channel(value: &str) -> bool {
    is_official(value) && !value.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_official;

    /// The version of another program must never follow the pin of Rust.
    #[test]
    fn values_that_bear_it_out() {
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
