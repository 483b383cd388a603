//! The page of `xcargo cache --html` in a real browser: what a person sees there is what the report says.
//!
//! It needs a chromium, which is not on every machine, so this target is no part of `cargo test`:
//!
//! ```text
//! cargo test --test browser
//! ```
//!
//! `chromium` is looked for in PATH, or named by XCARGO_TEST_BROWSER; without one these tests fail.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, with the place where it stopped")]

#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "the ground of the other test target: not all of it is needed here")]
mod support;

mod browser;
mod ground;
mod hostile;
mod map;
mod table;
