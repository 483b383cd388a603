//! The ground of all integration tests: where programs run, on what, and how what they did is compared.
//!
//! - `machine`: the toolchain and the rustup that this very test run was started with
//! - `shared`: what is made once per test run (downloaded crates, compiled helper programs)
//! - `memory`: where temporary files are quick
//! - `sandbox`: a home of its own for every test; nothing of the machine's leaks in, nothing leaks out
//! - `cmd`: running a program there, with a deadline, and what came of it
//! - `project`: packages and workspaces on disk; `workspace`: the one of eleven members
//! - `tree`: a directory as data, and the difference of two; `listing`: what a removal took; `copy`: a faithful copy
//! - `unit_graph`: what cargo says it built, and what depends on what
//! - `twins`: the same command through cargo and through xcargo on twin copies
//! - `terminal`: a program under a pseudo-terminal
//! - `recorder`: which of cargo, rustc and rustup were started, by whom, with what
//! - `dist`: a local dist server, so that a real rustup installs toolchains made by the tests

pub(crate) mod cmd;
pub(crate) mod copy;
pub(crate) mod dist;
pub(crate) mod listing;
pub(crate) mod machine;
pub(crate) mod memory;
pub(crate) mod project;
pub(crate) mod recorder;
pub(crate) mod sandbox;
pub(crate) mod shared;
pub(crate) mod terminal;
pub(crate) mod tree;
pub(crate) mod twins;
pub(crate) mod unit_graph;
pub(crate) mod workspace;
