//! What `xcargo policy init` writes: the very file that the documentation shows and the tests read.

/// A policy with every key, its default and the reason for it; it asks for exactly the defaults.
pub const TEMPLATE: &str = include_str!("../../doctor.toml.example");
