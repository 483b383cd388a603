//! Holding the build cache against what it was built from, and repairing what is not as it was made: for the step
//! `verify-cache`, after a failed build, and on request.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::context::Context;
use super::locking::{self, Patience};
use crate::apply::removal::{Removal, RemovalError};
use crate::apply::{record, restamp};
use crate::cache::damage::{Damaged, What};
use crate::cache::ledger::{self, Ledger, Place, Roots, Spelled, UnitKey, UnitRecord};
use crate::cache::locks::{self, Held, Locks};
use crate::cache::stat::{Stat, Time};
use crate::cache::{self, Cache, Entry, UnitRef};
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::env::Env;
use crate::exit::Code;
use crate::observe::build::Observed;
use crate::observe::freshness::{self, Before, Compiler, Depth, Examined, Request};
use crate::output::Progress;
use crate::plan::freshness::{self as judgement, Repairs, Seen, Settings, words};
use crate::policy::{Policy, Restore};
use crate::workspace::Workspace;
use crate::workspace::bounds::{self, OutOfBounds, OwnDir};

/// Reading files is shown once it takes longer than this.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is verified.
pub(super) struct Verifier<'a> {
    pub(super) context: &'a Context,
    pub(super) workspace: &'a Workspace,
    pub(super) policy: &'a Policy,
    /// The compiler that builds here, where it is known.
    pub(super) compiler: Option<Compiler>,
    /// The profile dirs, relative to the build dir. `None`: all.
    pub(super) profiles: Option<Vec<PathBuf>>,
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
    /// The build dir is not this workspace's to change; that was said.
    NotOurs,
}

impl<'a> Verifier<'a> {
    fn settings(&self) -> Settings {
        let cache = &self.policy.cache;
        Settings {
            freshness: cache.freshness.value,
            restore: cache.restore.value,
            suspects: cache.suspects.value,
        }
    }

    pub(super) fn roots(&self) -> Roots<'a> {
        Roots { workspace: &self.workspace.root, build_dir: &self.workspace.build_dir.value }
    }

    /// The profile dirs to look at: all where source times may be put back, which every unit must agree to.
    fn profiles(&self) -> Option<&[PathBuf]> {
        if self.policy.cache.restore.value == Restore::Mtimes { None } else { self.profiles.as_deref() }
    }

    /// Looks at everything and decides.
    pub(super) fn look(&self, known: &Ledger, depth: Depth, before: Option<&Before>) -> State {
        let watch = Watch::new(self.context);
        let request = Request {
            workspace: self.workspace,
            profiles: self.profiles(),
            known,
            depth,
            before,
            compiler: self.compiler.as_ref(),
            progress: &|done, total| watch.reached(done, total),
        };
        let mut examined = freshness::examine(&request);
        let seen = Seen { ledger: &examined.ledger, profiles: self.profiles(), now: Time::now() };
        let mut repairs = judgement::judge(&seen, self.settings());
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
            let mut now = self.look(&state.examined.ledger, depth, None);
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
            let now = self.look(&freshness::known(self.workspace), depth, None);
            if touched(&now).is_subset(&profiles) {
                return Ok(now);
            }
            profiles = touched(&now);
        }
    }

    /// Whether somebody is building where this is going to build.
    pub(super) fn is_contested(&self) -> bool {
        let build_dir = &self.workspace.build_dir.value;
        let profiles = self.profiles.clone().unwrap_or_else(|| cache::profile_dirs(build_dir));
        let held = self.locked_dirs(&profiles.into_iter().collect());
        !matches!(locks::try_lock(build_dir, &self.workspace.target_dir.value, &held), Ok(Held::Locks(_)))
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
        self.note(&state.repairs);
    }

    /// Warns of what nothing is done about.
    pub(super) fn note(&self, repairs: &Repairs) {
        for line in words::notes(repairs, &self.roots()) {
            self.context.output.remark(&line);
        }
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
        let renewed = freshness::renewed_sessions(self.workspace, self.profiles(), before, now);
        // Whoever cannot write this cannot write the ledger either, which was said.
        if let Some((path, sessions)) = renewed {
            let _ = record::sessions(&path, &sessions);
        }
    }

    fn carry_out(&self, dir: &OwnDir, locks: Locks, mut state: State) -> Result<State, Failure> {
        let output = &self.context.output;
        for line in words::repairing(&state.repairs, &state.damaged, &self.roots()) {
            output.status("Repairing", line);
        }
        let entries = self.entries(&state)?;
        let removal = Removal::open(dir).map_err(RemovalError::into_failure)?;
        removal.take(&locks, &entries).map_err(RemovalError::into_failure)?;
        // A time that cannot be moved costs no more than a build that could have been spared.
        let mut failed = None;
        let roots = self.roots();
        state.repairs.put_back.retain(|back| {
            let path = roots.path(&back.place);
            let done = restamp::source(&path, &back.seen, back.to);
            done.map_err(|cause| {
                failed.get_or_insert((path, cause));
            })
            .is_ok()
        });
        state.repairs.restamp.retain(|restamp| {
            let path = restamp.path.as_path();
            let done = restamp::in_build_dir(dir, &locks, path, restamp.to);
            done.map_err(|cause| {
                failed.get_or_insert((path.to_path_buf(), cause));
            })
            .is_ok()
        });
        if let Some((path, cause)) = failed {
            output.status("Skipping", format!("the time of {}: {cause}", path.display()));
            state.repairs.unchanged = state.repairs.unchanged.min(state.repairs.restamp.len());
        }
        drop(locks);
        if let Some(line) = words::keeping(&state.repairs) {
            output.status("Keeping", line);
        }
        if let Some(line) = words::putting_back(&state.repairs, &self.roots()) {
            output.status("Restoring", line);
        }
        removal.empty_trash(&|_| {}).map_err(RemovalError::into_failure)?;
        self.forget(&mut state);
        state.examined.is_new = true;
        Ok(state)
    }

    /// What was repaired is not known any more, or known by its new times.
    fn forget(&self, state: &mut State) {
        let ledger = &mut state.examined.ledger;
        let stale: BTreeSet<_> = state.repairs.stale.iter().map(|stale| &stale.unit).collect();
        ledger.forget_units(|unit| stale.contains(unit));
        for damaged in &state.damaged {
            ledger.forget(damaged);
        }
        let build_dir = &self.workspace.build_dir.value;
        let moved: HashSet<&Spelled> = state.repairs.restamp.iter().map(|restamp| &restamp.path).collect();
        for file in ledger.units.iter_mut().flat_map(|unit| &mut unit.artifacts) {
            if moved.contains(&file.path)
                && let Some(stat) = Stat::of_file(&build_dir.join(file.path.as_path()))
            {
                file.stat = stat;
            }
        }
        let back: HashSet<&Place> = state.repairs.put_back.iter().map(|back| &back.place).collect();
        for file in ledger.files.iter_mut().filter(|file| back.contains(&file.place)) {
            file.stat = Stat::at(&self.roots().path(&file.place)).ok().flatten();
        }
    }

    /// What is removed, in this order: of a unit that is only stale the one file without which cargo builds it and its dependants
    /// anew, of a damaged one everything.
    fn entries(&self, state: &State) -> Result<Vec<Entry>, Failure> {
        let units: HashMap<&UnitKey, &UnitRecord> =
            state.examined.ledger.units.iter().map(|unit| (&unit.key, unit)).collect();
        let levers = state.repairs.stale.iter().filter_map(|stale| {
            let unit = units.get(&stale.unit)?;
            let build = unit.builds.iter().find(|build| build.name == stale.build)?;
            Some(Entry::File(build.lever()?.to_path_buf()))
        });
        let mut entries: Vec<Entry> = levers.collect();
        if state.damaged.is_empty() {
            return Ok(entries);
        }
        let dir = &self.workspace.build_dir.value;
        let cache = cache::read(dir, &self.workspace.cargo_home).map_err(|cause| {
            let message = format!("could not read the build dir {}", dir.display());
            Failure::new(Code::StepFailed, message).note(cause.to_string())
        })?;
        for damaged in &state.damaged {
            match &damaged.what {
                What::RustcInfo => entries.push(Entry::File(cache::RUSTC_INFO.into())),
                What::Incremental(path) => entries.push(Entry::Tree(path.clone())),
                What::Unit(unit) => entries.extend(unit_entries(&cache, &damaged.profile, unit)),
            }
        }
        Ok(entries)
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
        bounds::prove(&self.workspace.build_dir, self.workspace, allowed, &self.context.env)
            .map_err(OutOfBounds::into_failure)
    }

    /// Warns that nothing is repaired, why, and what is wrong.
    fn say_left(&self, state: &State, why: Failure) {
        for finding in why.diagnostics {
            let message = format!("verify-cache repaired nothing: {}", finding.message);
            let severity = Severity::Warning;
            self.context.output.finding(&Diagnostic { severity, message, ..finding });
        }
        for line in words::repairing(&state.repairs, &state.damaged, &self.roots()) {
            self.context.output.remark(&format!("not repaired: {line}"));
        }
    }
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

fn unit_entries(cache: &Cache, profile: &Path, unit: &UnitRef) -> Vec<Entry> {
    let profile = cache.profiles.iter().find(|it| it.relative() == profile);
    let units = profile.into_iter().flat_map(|profile| &profile.units);
    let mut found = units.filter(|it| it.package == unit.package && it.id == unit.id);
    found.next().map(|unit| unit.entries.clone()).unwrap_or_default()
}

/// The profile dirs in which something changes; where cargo's record of the compiler goes, none in particular.
fn touched(state: &State) -> BTreeSet<PathBuf> {
    let stale = state.repairs.stale.iter().map(|stale| stale.unit.profile.as_path());
    let restamped = state.repairs.restamp.iter().map(|it| it.unit.profile.as_path());
    let damaged = state.damaged.iter().map(|it| it.profile.as_path());
    let all = stale.chain(restamped).chain(damaged).filter(|dir| !dir.as_os_str().is_empty());
    all.map(Path::to_path_buf).collect()
}

/// Shows that files are read, where it takes longer.
struct Watch<'a> {
    context: &'a Context,
    since: Instant,
    bar: OnceLock<Progress>,
}

impl<'a> Watch<'a> {
    fn new(context: &'a Context) -> Self {
        Self { context, since: Instant::now(), bar: OnceLock::new() }
    }

    fn reached(&self, done: u64, total: u64) {
        if self.since.elapsed() > PATIENCE {
            self.bar.get_or_init(|| self.context.output.progress_in_bytes("Verifying", total)).reached(done);
        }
    }
}
