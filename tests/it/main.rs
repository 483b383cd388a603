//! The integration tests: one binary, because linking one is cheap and linking twenty is not.
//!
//! Everything here runs real programs (cargo, rustc, rustup, git) in a sandbox of its own; see `support`.
//! The sandbox stands on links, scripts and signals, so these tests are for Unix.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, with the place where it stopped")]

mod support;

mod bounds;
mod cache_verb;
mod clean;
mod dist;
mod doctor;
mod dropin;
mod house;
mod layouts;
mod nested;
mod policy;
mod precedence;
mod recovery;
mod signals;
mod steps;
mod toolchain;
mod trash;
mod twins;
mod units;
