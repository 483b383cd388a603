//! Random histories of a workspace, each step held against what a build from nothing would print.
//!
//! A history is drawn from a seed: a workspace of a few tiny members, and what its people do to it: they edit, unpack, check
//! out and stash, with all that modification times can be; they change features, profile, target and compiler, build with
//! plain cargo in between, pull the plug, copy the checkout, and their disks damage artifacts. After each step the program
//! is run, and must print what the sources say. The same history is played with plain cargo, which goes wrong in many: that
//! shows that this test can fail.
//!
//! - `spec`: a workspace as data, and what it must print; `sources`: its files; `draw`: a first one, and changes
//! - `site`: such a workspace on disk, and how its files get their times; `flags`: how it is built
//! - `step`: what may happen; `act`: how it is done; `damage`, `plug`: damaged artifacts and killed builds
//! - `player`: one history with one driver; `histories`: many; `alarms`: nothing is rebuilt in vain
//!
//! `docs/testing.md` has the long run, and how to repeat one history.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, with the place where it stopped")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "seeds and figures, for whoever looks at a run"
)]

#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "the ground of the other test target: not all of it is needed here")]
mod support;

mod act;
mod alarms;
mod damage;
mod draw;
mod flags;
mod histories;
mod player;
mod plug;
mod site;
mod sources;
mod spec;
mod step;
