//! Snapshot the environment, run, exit.

fn main() {}
