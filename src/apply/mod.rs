//! Everything that acts: the only rooms that start processes that change something, write files or remove them.

pub mod atomic;
pub mod journal;
pub mod process;
pub mod record;
pub mod removal;
pub mod restamp;
pub mod rustup;
