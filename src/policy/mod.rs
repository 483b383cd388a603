//! What a team asks of cargo: `doctor.toml`, read, judged and merged into one [`Policy`].
//!
//! ```text
//! text ─raw─► Node (spans) ─gate─► right version? ─read─► Layer (one file, typed) ─merge─► Layer ─► Policy
//! ```
//!
//! `keys` is the one description of the schema: hints, "allowed" texts, the JSON schema and the tables of
//! `docs/policy.md` come from it. Everything here is pure but [`load`], which reads the files.

mod allowed;
pub mod bypass;
mod fields;
mod gate;
mod hint;
mod keys;
mod layer;
pub mod load;
mod merge;
mod model;
mod raw;
mod read;
pub mod schema;
mod shape;
pub mod show;
mod slot;
pub mod template;
mod tighten;
mod values;
mod words;

pub use model::{
    ByteSize, CachePolicy, CleanPolicy, CommandsPolicy, Deny, DiagnosePolicy, ExtraPin, IgnoredPin, MaxAge,
    Meta, PinsPolicy, Policy, Require, StepsPolicy, ToolchainPolicy,
};
pub use words::{
    Enforce, Freshness, FullClean, Install, OnFailure, Restore, Role, Ruling, Scope, StepName, Suspects,
    When, Word,
};

#[cfg(test)]
mod tests;
