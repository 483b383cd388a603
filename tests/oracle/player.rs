//! One history, played with cargo or with xcargo: after each step the program must print what its sources say.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use fastrand::Rng;

use super::draw;
use super::flags::Flags;
use super::site::{Site, Time};
use super::spec::Spec;
use super::step::{self, Step};
use super::support::cmd::{Cmd, Run};
use super::support::sandbox::Sandbox;

/// Who builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Driver {
    Cargo,
    Xcargo,
}

/// A history that is under way.
pub(super) struct Player<'a> {
    pub(super) site: Site<'a>,
    pub(super) spec: Spec,
    /// The states of the sources so far.
    pub(super) past: Vec<Spec>,
    pub(super) flags: Flags,
    /// What plain cargo built, with which flags and whether by `check`, and the driver has not yet seen in a build of its own: files
    /// relative to the target dir.
    pub(super) unseen: Vec<((Flags, bool), BTreeSet<PathBuf>)>,
    /// An incremental session was damaged. If plain cargo took it up with other flags than those of the next build, it would
    /// make of it a new session and an artifact without a trace of the damage: nobody could prove anything afterwards.
    pub(super) lurks: bool,
    driver: Driver,
    log: String,
}

/// What was wrong after a step.
pub(super) struct Wrong(pub(super) String);

impl<'a> Player<'a> {
    /// Draws a workspace and writes it.
    pub(super) fn new(sandbox: &'a Sandbox, seed: u64, driver: Driver) -> Self {
        let mut rng = Rng::with_seed(seed);
        let site = Site::new(sandbox, &format!("{seed}-{driver:?}"), seed % 2 == 1);
        let spec = draw::first(&mut rng);
        let log = format!("seed {seed}, new layout: {}, policy: {:?}\n", seed % 2 == 1, spec.policy);
        let past = vec![spec.clone()];
        let mut player =
            Self { site, spec, past, flags: Flags::default(), unseen: Vec::new(), lurks: false, driver, log };
        let time = [Time::Now, Time::Old][rng.usize(..2)];
        player.site.write(&player.spec, time, &mut rng);
        player
    }

    /// Plays the history that the seed draws, up to the first thing that is wrong.
    pub(super) fn play(&mut self, rng: &mut Rng) -> Result<(), Wrong> {
        if rng.usize(..4) == 0 {
            self.step(Step::Plain { turn: false, command: "build" }, rng)?;
        }
        self.judge()?;
        for _ in 0..rng.usize(4..11) {
            let step = step::any(rng);
            // What one step draws from is its own: both drivers' histories are the same, whatever lies in their target dirs.
            self.step(step, &mut Rng::with_seed(rng.u64(..)))?;
        }
        Ok(())
    }

    fn step(&mut self, step: Step, rng: &mut Rng) -> Result<(), Wrong> {
        self.act_and_note(step, rng);
        if matches!(step, Step::Check) {
            let run = self.command("check").run();
            self.seen(true);
            if !run.status.success() {
                return Err(self.wrong("it checks", &run));
            }
        }
        self.judge()
    }

    /// Carries a step out, for whoever judges it.
    pub(super) fn act_and_note(&mut self, step: Step, rng: &mut Rng) {
        let said = self.act(step, rng);
        writeln!(self.log, "{step:?}: {said}").unwrap();
        self.past.push(self.spec.clone());
    }

    /// What has happened so far.
    pub(super) fn log(&self) -> &str {
        &self.log
    }

    /// Runs the program, which must be the one that the sources say.
    fn judge(&mut self) -> Result<(), Wrong> {
        let run = self.command("run").run();
        self.seen(false);
        let expected = self.spec.prints(self.flags);
        let is_right = run.status.success() && run.out() == expected;
        if is_right { Ok(()) } else { Err(self.wrong(&expected, &run)) }
    }

    /// Builds from nothing, with plain cargo: what that prints is the truth, and the model must say the same.
    pub(super) fn hold_against_a_clean_build(&self) {
        let dir = self.site.clean_copy();
        let sandbox = self.site.sandbox;
        let cmd = self.site.command(sandbox.cargo().args(["run", "-q"])).dir(&dir);
        let run = self.flags.put(cmd, sandbox).run();
        let (says, expected) = (run.out(), self.spec.prints(self.flags));
        assert!(
            run.status.success() && says == expected,
            "the model is wrong: a clean build is not\n{expected}{}\n{}",
            run.show(),
            self.log
        );
        fs_err::remove_dir_all(dir).unwrap();
    }

    /// A command through the driver, with the flags of now.
    pub(super) fn command(&self, command: &str) -> Cmd {
        self.through(&[command, "-q"])
    }

    /// A build through the driver that tells all that it does.
    pub(super) fn loud_build(&self) -> Cmd {
        self.through(&["build", "-v", "--message-format=json"])
    }

    fn through(&self, args: &[&str]) -> Cmd {
        let sandbox = self.site.sandbox;
        let front = if self.driver == Driver::Cargo { sandbox.cargo() } else { sandbox.xcargo() };
        self.flags.put(self.site.command(front.args(args)), sandbox)
    }

    fn seen(&mut self, by_check: bool) {
        let now = (self.flags, by_check);
        self.unseen.retain(|(how, _)| *how != now);
    }

    fn wrong(&self, expected: &str, run: &Run) -> Wrong {
        Wrong(format!("{}expected: {expected}\n{}", self.log, run.show()))
    }
}
