//! Everything that acts: the only rooms that start processes, write files or remove them.

pub mod process;
pub mod removal;
