//! What may happen between two builds.

use fastrand::Rng;

use super::damage::Harm;
use super::site::Time;

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// One or two numbers are others.
    Edit(Time),
    /// A module or an included file comes or goes.
    AddOrRemove(Time),
    /// The same content with another time: one file's, or everyone's.
    Touch { time: Time, all: bool },
    /// Two modules change their names: each has the other's content, with the time that it had there.
    Swap,
    /// An earlier state of the whole tree.
    CheckOut(Time),
    /// Away with the changes and back with them, perhaps with a build by plain cargo in between.
    Stash { build: bool },
    /// The content of before, with its times, after plain cargo has built another.
    BehindBack,
    /// A profile, a feature, a target, another compiler.
    Flags,
    /// A command of plain cargo's, perhaps with other flags.
    Plain { turn: bool, command: &'static str },
    /// `check`, through whom the history is played with.
    Check,
    /// An artifact is damaged, with its time left as it was.
    Damage(Harm),
    /// A build is killed: with all that it started, or alone.
    Kill { all: bool, after_ms: u64 },
    /// Another checkout gets the target dir.
    CheckOutAgain { copied: bool },
    /// All that was built is dated an hour ahead: the clock was, and no longer is.
    ClockAhead,
}

/// Any of them.
pub(super) fn any(rng: &mut Rng) -> Step {
    match rng.usize(..34) {
        0..=7 => Step::Edit(time(rng)),
        8..=9 => Step::AddOrRemove(time(rng)),
        10..=11 => Step::Touch { time: time(rng), all: rng.bool() },
        12 => Step::Swap,
        13..=14 => Step::CheckOut(time(rng)),
        15 => Step::Stash { build: rng.bool() },
        16..=17 => Step::BehindBack,
        18..=19 => Step::Flags,
        20..=22 => plain(rng),
        23 => Step::Check,
        24..=28 => Step::Damage(Harm::any(rng)),
        29..=30 => Step::Kill { all: rng.bool(), after_ms: rng.u64(1..600) },
        31..=32 => Step::CheckOutAgain { copied: rng.bool() },
        _ => Step::ClockAhead,
    }
}

/// Those in which times tell the truth and nothing breaks.
pub(super) fn faultless(rng: &mut Rng) -> Step {
    match rng.usize(..10) {
        0..=4 => Step::Edit(Time::Now),
        5..=6 => Step::AddOrRemove(Time::Now),
        7 => Step::Flags,
        _ => plain(rng),
    }
}

fn plain(rng: &mut Rng) -> Step {
    Step::Plain { turn: rng.usize(..3) == 0, command: ["build", "build", "check"][rng.usize(..3)] }
}

fn time(rng: &mut Rng) -> Time {
    match rng.usize(..12) {
        0..=2 => Time::Now,
        3..=6 => Time::Kept,
        7..=9 => Time::Old,
        10 => Time::Coarse,
        _ => Time::Future,
    }
}
