//! Toolchains: their names, which one is active, what makes it the same one as yesterday.
//!
//! Everything here is a pure function of what was read, but [`probe`]: only it opens files and starts `rustc -vV`.
//!
//! ```text
//! settings.toml ─► settings ─┐
//! rust-toolchain ─► file ────┼─► precedence ─► Active        (probe walks, reads and asks)
//! +x, RUSTUP_TOOLCHAIN ──────┘
//! bin/rustc ─► identity (rustc -vV, stat)
//! ```

pub mod channel;
pub mod error;
pub mod file;
pub mod identity;
pub mod precedence;
pub mod probe;
pub mod rewrite;
pub mod settings;
pub mod triple;

pub use channel::Channel;
pub use error::ToolchainError;
pub use file::{Profile, Spec, ToolchainFile, Wants};
pub use identity::{Identity, Stamped};
pub use precedence::Active;
pub use probe::{
    Missing, Rustup, active, identify, in_toolchain_file, installed, is_installed, loader_path, missing,
    pinned, rustup, system_rustc,
};
