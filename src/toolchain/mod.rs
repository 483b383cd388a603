//! Toolchains: their names, which one is active, what makes it the same one as yesterday.

pub mod channel;
