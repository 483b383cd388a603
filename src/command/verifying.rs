//! Holding the build cache against what it was built from, and repairing what is not as it was made: for the step
//! `verify-cache`, after a failed build, and on request.

mod answers;
mod carry_out;
mod turn;
mod watch;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub(super) use turn::Turn;
use watch::Watch;

use super::context::Context;
use super::locking::{self, Patience};
use crate::apply::record;
use crate::cache::damage::Damaged;
use crate::cache::ledger::{self, Ledger, Roots};
use crate::cache::locks;
use crate::cache::stat::Time;
use crate::cache::{self, Cache};
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::env::Env;
use crate::exit::Code;
use crate::observe::build::Observed;
use crate::observe::freshness::{self, Before, Compiler, Depth, Examined, Request};
use crate::plan::freshness::{self as judgement, Repairs, Seen, Settings, words};
use crate::policy::{Policy, Restore};
use crate::workspace::Workspace;
use crate::workspace::bounds::{self, OutOfBounds, OwnDir};

/// What is verified.
pub(super) struct Verifier<'a> {
    pub(super) context: &'a Context,
    /// See [`unlinked`].
    pub(super) workspace: Cow<'a, Workspace>,
    pub(super) policy: &'a Policy,
    /// The compiler that builds here, where it is known.
    pub(super) compiler: Option<Compiler>,
    /// The profile dirs, relative to the build dir. `None`: all.
    pub(super) profiles: Option<Vec<PathBuf>>,
    /// Whether units are held against their sources, or only against what was made of them.
    pub(super) judges_sources: bool,
}

/// What was found, and what is to be done about it.
pub(super) struct State {
    pub(super) examined: Examined,
    pub(super) repairs: Repairs,
    pub(super) damaged: Vec<Damaged>,
}

impl State {
    /// Whether nothing on the disk has to change.
    pub(super) fn is_sound(&self) -> bool {
        self.repairs.is_empty() && self.damaged.is_empty()
    }
}

/// What came of a repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repaired {
    /// All of it.
    Yes,
    /// Nothing was to be done any more.
    Nothing,
    /// The build dir is not this workspace's to change, or cannot be locked; that was said.
    NotOurs,
}

impl Verifier<'_> {
    fn settings(&self) -> Settings {
        let cache = &self.policy.cache;
        Settings {
            freshness: cache.freshness.value,
            restore: cache.restore.value,
            suspects: cache.suspects.value,
        }
    }

    pub(super) fn roots(&self) -> Roots<'_> {
        Roots { workspace: &self.workspace.root, build_dir: &self.workspace.build_dir.value }
    }

    /// The profile dirs to look at: all where source times may be put back, which every unit must agree to.
    fn profiles(&self) -> Option<&[PathBuf]> {
        if self.policy.cache.restore.value == Restore::Mtimes { None } else { self.profiles.as_deref() }
    }

    /// Looks at everything and decides.
    pub(super) fn look(&self, known: Ledger, depth: Depth, before: Option<&Before>) -> State {
        let watch = Watch::new(self.context);
        let request = Request {
            workspace: &self.workspace,
            profiles: self.profiles(),
            depth,
            before,
            compiler: self.compiler.as_ref(),
            progress: &|done, total| watch.reached(done, total),
        };
        let mut examined = freshness::examine(&request, known);
        let seen = Seen { ledger: &examined.ledger, profiles: self.profiles(), now: Time::now() };
        let mut repairs =
            if self.judges_sources { judgement::judge(&seen, self.settings()) } else { Repairs::default() };
        let mut damaged = examined.damaged.clone();
        damaged.extend(freshness::check_sessions(&request, &mut examined, &repairs));
        // A damaged unit goes as a whole, whatever else is true of it.
        repairs.without(|unit| damaged.iter().any(|it| it.is_in(unit)));
        State { examined, repairs, damaged }
    }

    /// Repairs what was found, under cargo's locks, and says what and why. What is seen under the locks counts.
    ///
    /// # Errors
    /// Locks cannot be had, or something cannot be removed or changed; then the rest stays as it is.
    pub(super) fn repair(
        &self,
        mut state: State,
        depth: Depth,
        patience: Patience,
    ) -> Result<(State, Repaired), Failure> {
        let dir = match self.own_dir() {
            Ok(dir) => dir,
            Err(out) => {
                self.say_left(&state, out);
                return Ok((state, Repaired::NotOurs));
            }
        };
        loop {
            let profiles = touched(&state);
            let held = self.locked_dirs(&profiles);
            let target_dir = &self.workspace.target_dir.value;
            let locks = match locking::hold(target_dir, &held, patience, &self.context.output) {
                Ok(locks) => locks,
                Err(busy) if busy.code == Code::Busy => return Err(busy),
                Err(failure) => {
                    self.say_left(&state, failure);
                    return Ok((state, Repaired::NotOurs));
                }
            };
            let mut known = state.examined.ledger.clone();
            known.doubt_since(state.examined.began);
            let mut now = self.look(known, depth, None);
            now.examined.is_new |= state.examined.is_new;
            now.examined.built.extend(state.examined.built.iter().cloned());
            if now.is_sound() {
                return Ok((now, Repaired::Nothing));
            }
            if touched(&now).is_subset(&profiles) && locks.hold_all(&held) {
                let now = self.carry_out(&dir, locks, now)?;
                return Ok((now, Repaired::Yes));
            }
            state = now;
        }
    }

    /// What of it is still so while nobody builds: what is being built looks damaged.
    ///
    /// # Errors
    /// Locks cannot be had.
    pub(super) fn confirm(&self, state: &State, depth: Depth, patience: Patience) -> Result<State, Failure> {
        let mut profiles = touched(state);
        loop {
            let held = self.locked_dirs(&profiles);
            let target_dir = &self.workspace.target_dir.value;
            let _locks = locking::hold(target_dir, &held, patience, &self.context.output)?;
            let now = self.look(freshness::known(&self.workspace), depth, None);
            if touched(&now).is_subset(&profiles) {
                return Ok(now);
            }
            profiles = touched(&now);
        }
    }

    /// Whether somebody is building where this is going to build.
    pub(super) fn is_contested(&self) -> bool {
        let build_dir = &self.workspace.build_dir.value;
        let held = self.locked_dirs(&self.built_in().into_iter().collect());
        !locks::are_free(build_dir, &self.workspace.target_dir.value, &held)
    }

    /// Looks whether somebody else still builds there, from now on until a cargo that is started by this process does.
    pub(super) fn await_turn(&self) -> Option<Turn> {
        let dirs: BTreeSet<&Path> =
            [&self.workspace.build_dir, &self.workspace.target_dir].map(|dir| dir.value.as_path()).into();
        let profiles = self.built_in();
        let profiles = dirs.iter().flat_map(|dir| profiles.iter().map(|profile| dir.join(profile)));
        let in_profile = |dir: PathBuf| locks::LOCK_FILES.iter().map(move |name| dir.join(name));
        Turn::await_on(profiles.flat_map(in_profile).collect())
    }

    /// The profile dirs in which cargo is going to build.
    fn built_in(&self) -> Vec<PathBuf> {
        self.profiles.clone().unwrap_or_else(|| cache::profile_dirs(&self.workspace.build_dir.value))
    }

    /// Says what would be repaired.
    pub(super) fn show(&self, state: &State) {
        let output = &self.context.output;
        for line in words::repairing(&state.repairs, &state.damaged, &self.roots()) {
            output.planned("Would repair", line);
        }
        if let Some(line) = words::keeping(&state.repairs) {
            output.planned("Would keep", line);
        }
        if let Some(line) = words::putting_back(&state.repairs, &self.roots()) {
            output.planned("Would restore", line);
        }
        if self.dir_to_forget_in(&state.examined).is_some() {
            let line =
                format!("{}, which nobody saw cargo write: cargo asks the compiler again", cache::RUSTC_INFO);
            output.planned("Would forget", line);
        }
        self.note(&state.repairs);
    }

    /// Warns of what nothing is done about.
    pub(super) fn note(&self, repairs: &Repairs) {
        for line in words::notes(repairs, &self.roots()).into_iter().chain(self.hidden()) {
            self.context.output.remark(&line);
        }
    }

    /// What is not looked at, a line for each: what lies behind links in the build dir, which cargo follows.
    pub(super) fn hidden(&self) -> Vec<String> {
        let build_dir = &self.workspace.build_dir.value;
        let profiles = self.profiles().map_or_else(|| cache::profile_dirs(build_dir), <[_]>::to_vec);
        let parts = ["deps", ".fingerprint", "build"];
        let dirs = profiles.iter().map(|profile| build_dir.join(profile));
        let dirs = dirs.flat_map(|dir| std::iter::once(dir.clone()).chain(parts.map(|part| dir.join(part))));
        let links = dirs.filter(|dir| dir.is_symlink());
        links
            .map(|dir| format!("{} is a link: nothing of what lies behind it is proven", dir.display()))
            .collect()
    }

    /// Writes the ledger, where cargo has made a build dir for it. That it cannot be written costs a second look.
    pub(super) fn write(&self, examined: Examined) {
        if let Err((path, cause)) = self.try_to_write(examined) {
            let message = format!("the ledger of contents: {}: {cause}", path.display());
            self.context.output.status("Skipping", message);
        }
    }

    /// The same, saying nothing.
    pub(super) fn try_to_write(&self, examined: Examined) -> Result<(), (PathBuf, std::io::Error)> {
        let build_dir = &self.workspace.build_dir.value;
        if !cache::is_there(build_dir) {
            return Ok(());
        }
        let path = ledger::path(build_dir, &self.workspace.root);
        let mut ledger = examined.ledger.tidied();
        ledger.took = Time::now().0.saturating_sub(examined.began.0).max(0);
        record::ledger(&path, &ledger).map_err(|cause| (path, cause))
    }

    /// Writes down what is in the incremental sessions that a build left, likewise.
    pub(super) fn write_sessions(&self, before: &Before, now: &Examined) {
        let renewed = freshness::renewed_sessions(&self.workspace, self.profiles(), before, now);
        // Whoever cannot write this cannot write the ledger either, which was said.
        if let Some((path, sessions)) = renewed {
            let _ = record::sessions(&path, &sessions);
        }
    }

    /// The dirs to be locked, as the locks want them named.
    fn locked_dirs(&self, profiles: &BTreeSet<PathBuf>) -> Cache {
        cache::only_profiles(&self.workspace.build_dir.value, profiles)
    }

    /// Whether the build dir is this workspace's own.
    pub(super) fn is_ours(&self) -> bool {
        self.own_dir().is_ok()
    }

    /// The build dir, proven to be this workspace's own.
    fn own_dir(&self) -> Result<OwnDir, Failure> {
        let allowed = &self.policy.clean.allow_outside;
        bounds::prove(&self.workspace.build_dir, &self.workspace, allowed, &self.context.env)
            .map_err(OutOfBounds::into_failure)
    }

    /// Warns that what was said to be repaired is not, or not all of it.
    pub(super) fn say_unrepaired(&self, why: Failure) {
        self.warn("could not repair this", why);
    }

    fn warn(&self, what: &str, why: Failure) {
        for finding in why.diagnostics {
            let message = format!("verify-cache {what}: {}", finding.message);
            let severity = Severity::Warning;
            self.context.output.finding(&Diagnostic { severity, message, ..finding });
        }
    }

    /// Warns that nothing is repaired, why, and what is wrong.
    fn say_left(&self, state: &State, why: Failure) {
        self.warn("repaired nothing", why);
        for line in words::repairing(&state.repairs, &state.damaged, &self.roots()) {
            self.context.output.remark(&format!("not repaired: {line}"));
        }
    }
}

/// The workspace with its dirs where they really are: a build dir that is a link is looked at like any other, and repaired where what
/// it leads to is within the bounds.
pub(super) fn unlinked(workspace: &Workspace) -> Cow<'_, Workspace> {
    let mut workspace = Cow::Borrowed(workspace);
    for is_build in [true, false] {
        let dir = if is_build { &workspace.build_dir.value } else { &workspace.target_dir.value };
        if dir.is_symlink()
            && let Ok(real) = dir.canonicalize()
        {
            let workspace = workspace.to_mut();
            let dir = if is_build { &mut workspace.build_dir } else { &mut workspace.target_dir };
            dir.value = real;
        }
    }
    workspace
}

/// The compiler that builds, where it is known and there.
pub(super) fn compiler(observed: &Observed, env: &Env) -> Option<Compiler> {
    let identity = observed.identity_if_installed(env)?;
    let rustc = observed.pin.as_ref()?.rustc();
    let sysroot = rustc.parent()?.parent()?;
    Some(Compiler {
        version: identity.incremental_version()?,
        hashes: identity.fingerprint_hashes(),
        libraries: sysroot.join("lib/rustlib").join(identity.host()?).join("lib"),
    })
}

/// The profile dirs in which something changes; where cargo's record of the compiler goes, none in particular.
fn touched(state: &State) -> BTreeSet<PathBuf> {
    let stale = state.repairs.stale.iter().map(|stale| stale.unit.profile.as_path());
    let restamped = state.repairs.restamp.iter().map(|it| it.unit.profile.as_path());
    let damaged = state.damaged.iter().map(|it| it.profile.as_path());
    let all = stale.chain(restamped).chain(damaged).filter(|dir| !dir.as_os_str().is_empty());
    all.map(Path::to_path_buf).collect()
}
