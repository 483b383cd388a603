//! What must hold for whatever comes, tried on generated cases.
//!
//! Nothing outside is ever removed, with links and names that nobody would think of: each case makes a small workspace around a
//! target dir, of what cargo leaves and what it never would, and lets the very code of a clean loose on it: the proof of the
//! bounds, the reading of the cache, the locks, the removal, with the cache's own plan and with plans that no planner would
//! make. What is there afterwards is compared with what was there before.
//!
//! And no text makes the recognisers of toolchains panic, or an edit touch a byte beside the names (`pins`).
//!
//! `docs/testing.md` has the long runs, and how to repeat one case.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, with the place where it stopped")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "seeds and figures, for whoever looks at a run"
)]

mod arena;
mod attempt;
mod cases;
#[path = "../it/support/memory.rs"]
mod memory;
mod mounts;
mod oracle;
mod pins;
mod races;
mod snapshot;
mod tree;
