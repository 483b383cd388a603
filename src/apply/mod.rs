//! Everything that acts: the only rooms that start processes, write files or remove them.

pub mod atomic;
pub mod git;
pub mod journal;
pub mod process;
pub mod record;
pub mod removal;
pub mod rustup;
