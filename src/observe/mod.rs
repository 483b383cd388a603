//! What the disk says now, asked for in parts: a plain build pays only for what its policy needs.

pub mod build;
pub mod compilers;
pub mod dist;
pub mod freshness;
pub mod git;
pub mod pins;
pub mod rules;
pub mod toolchain;
pub mod uses;
pub mod weights;
