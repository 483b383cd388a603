//! The integration tests: one binary, because linking one is cheap and linking twenty is not.
//!
//! Everything here runs real programs (cargo, rustc, rustup, git) in a sandbox of its own; see `support`.
//! The sandbox stands on links, scripts and signals, so these tests are for Unix.
#![cfg(unix)]

mod support;

mod dist;
mod dropin;
mod nested;
mod signals;
mod twins;
