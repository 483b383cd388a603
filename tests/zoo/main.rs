//! The zoo: one test for each way in which cargo's cache is known to lie.
//!
//! Each case makes a fault in two copies of a built workspace. Plain cargo's wrong outcome is asserted on the first, so that the
//! case is known to prove something; then xcargo's right one on the second: what the programs print, and exactly which
//! units were built again. Every case is played in both of cargo's layouts.
//!
//! - `template`: the workspace, built once by plain cargo and once by xcargo, that all cases are copies of
//! - `site`: a copy of it, and commands in there
//! - `outcome`: what came of a build: the values that its programs print, and the units that it made
//! - `case`: a fault, and what must come of it; `zoo!` makes a test in each layout
//! - `faults`: ways to change files behind cargo's back
//! - `small`: packages written for one case each
//! - `sets`: which units a correct cargo makes again
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, with the place where it stopped")]

#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "the ground of the other test target: not all of it is needed here")]
mod support;

#[macro_use]
mod case;
mod clock;
mod commands;
mod damage;
mod documentation;
mod edits;
mod faults;
mod histories;
mod links;
mod namesakes;
mod outcome;
mod proofs;
mod records;
mod restored;
mod sets;
mod shared;
mod site;
mod small;
mod template;
mod ways;
