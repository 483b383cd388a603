//! `xcargo clean` as a process, against what the real cargo builds: what it says is what it does, what it takes is what was
//! asked, what is left still builds, whoever else is at work and wherever it is killed.
//!
//! - `fixture`: a workspace with everything that cargo leaves, in each layout; `little`: one that is built in a second
//! - `report`: what `--json` prints
//! - `honesty`: every flag; `edges`: where plain cargo is sharp; `rebuild`, `moves`: what the next build makes
//! - `locks`, `crash`, `stress`, `corners`: others at work, and what goes wrong

mod corners;
mod crash;
mod edges;
mod fixture;
mod honesty;
mod little;
mod locks;
mod moves;
mod rebuild;
mod report;
mod stress;
