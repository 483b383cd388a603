//! The claims about toolchains, lock files and locks, held by really different compilers.
//!
//! The default tests use stubs that call themselves other releases. Real ones differ in more: how cargo hashes, which
//! files a unit has, which locks it takes, what the lock file looks like. They are not on every machine, so this target
//! is not part of `cargo test`:
//!
//! ```text
//! XCARGO_TEST_COMPILERS=$(.ci/compilers | tail -n 1) cargo test --test compilers
//! ```
//!
//! The variable lists toolchain directories; without it, or with compilers that do not work, these tests fail.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, with the place where it stopped")]

#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "the ground of the other test target: not all of it is needed here")]
mod support;

mod compilers;
mod ground;
mod lock_file;
mod locks;
mod moves;
mod oldest;
mod replaced;
