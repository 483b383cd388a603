//! Which units are not what their sources say, and which only look so: decided from what the ledger holds of the time when
//! they were built and of now. Pure.
//!
//! ```text
//! for each build:  what it was built from  (InputRecord::digest)     ─┐
//!                  what is there now       (FileRecord)               ├─► Finding ─► Repairs
//!                  the time that cargo compares with (its reference)  ─┘
//! ```
//!
//! Cargo's own judgement comes first: what it will build anew by itself is none of our business.

mod clock;
mod put_back;
mod repairs;
pub mod words;

use std::collections::HashMap;
use std::path::PathBuf;

pub use repairs::{Note, PutBack, Repairs, Restamp, Stale, StaleWhy};

use crate::cache::ledger::{BuildRecord, FileRecord, InputRecord, Ledger, UnitKey, UnitRecord, Watch, Where};
use crate::cache::stat::{HAS_CHANGED, Stat, Time};
use crate::policy::{Freshness, Restore, Suspects};

/// What the policy wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whether contents count, or only cargo's word.
    pub freshness: Freshness,
    /// What is done for unchanged sources with new times.
    pub restore: Restore,
    /// What is done with units of which nobody can tell.
    pub suspects: Suspects,
}

/// What is judged.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// With the files as they are now.
    pub ledger: &'a Ledger,
    /// The profile dirs that this is about, relative to the build dir. `None`: all.
    pub profiles: Option<&'a [PathBuf]>,
    /// The clock. Times up to a second later are not in the future: file systems have clocks of their own.
    pub now: Time,
}

impl Seen<'_> {
    /// Whether this is about that unit.
    #[must_use]
    pub fn is_wanted(&self, unit: &UnitKey) -> bool {
        self.profiles.is_none_or(|wanted| wanted.iter().any(|dir| dir == unit.profile.as_path()))
    }
}

/// What is true of one build.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Finding {
    /// It is what it should be, and cargo says so.
    Fine,
    /// Cargo will build it anew, and rightly.
    CargoSees,
    /// Cargo would not notice that this input is another.
    Ghost(u32),
    /// Cargo would not notice if this input were another, and nobody can tell.
    Suspect(u32),
    /// Cargo would build it anew, although every input is what it was built from.
    Unchanged,
    /// As fine, but the time that cargo compares with lies in the future.
    Ahead,
}

/// Decides what is to be done.
#[must_use]
pub fn judge(seen: &Seen<'_>, settings: Settings) -> Repairs {
    let mut repairs = Repairs::default();
    if settings.freshness == Freshness::Mtime {
        return repairs;
    }
    let judge = Judge { seen, settings };
    let units = || seen.ledger.units.iter().filter(|unit| seen.is_wanted(&unit.key));
    let back = if settings.restore == Restore::Mtimes {
        put_back::decide(&judge, &mut repairs.notes)
    } else {
        HashMap::new()
    };
    for unit in units() {
        for build in &unit.builds {
            judge.build(unit, build, &back, &mut repairs);
        }
    }
    repairs.put_back = put_back::listed(seen.ledger, &back);
    clock::settle(&judge, units(), &mut repairs);
    repairs
}

/// Who read a file when a build was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Rustc. Until it reads the first file some milliseconds have passed, longer than a tick of a clock that counts parts of a
    /// second.
    Rustc,
    /// A build script, which may be at work at once, and until its end.
    Script,
}

impl Reader {
    /// Whether it may read a file in the very tick of the clock in which its build began or ended, so that a change in that tick
    /// may have come before or after. Where whole seconds are counted, everybody may.
    #[must_use]
    pub fn may_read_in(self, tick: Time) -> bool {
        self == Self::Script || tick.is_coarse()
    }
}

/// Whether a file that has this `stat` now was surely the same when a build read it that began at `reference`, so that its
/// content may be recorded as what the build was made from.
///
/// Equal times leave it open whether the file was changed before it was read or after, where the [`Reader`] may have read it in
/// that tick of the clock. What a build script `generated` was there before the build began, and nobody edits it.
#[must_use]
pub fn was_there(stat: &Stat, reference: Time, reader: Reader, is_generated: bool) -> bool {
    let is_before = |time: Time| {
        time < reference || time == reference && (is_generated || !reader.may_read_in(reference))
    };
    is_before(stat.modified) && (!HAS_CHANGED || is_before(stat.changed))
}

struct Judge<'a> {
    seen: &'a Seen<'a>,
    settings: Settings,
}

/// Times that files will have once they are put back.
type Back = HashMap<u32, Time>;

impl Judge<'_> {
    fn file(&self, input: &InputRecord) -> &FileRecord {
        &self.seen.ledger.files[input.file as usize]
    }

    fn is_future(&self, time: Time) -> bool {
        time > self.seen.now.later(1)
    }

    /// The time that cargo compares with, as it is now.
    fn reference(unit: &UnitRecord, build: &BuildRecord) -> Option<Time> {
        unit.artifact(build.reference()?).map(|file| file.stat.modified)
    }

    /// Whether the input is what the build was made from. `None`: nobody knows.
    fn is_same(&self, input: &InputRecord) -> Option<bool> {
        let now = self.file(input).digest;
        input.digest.map(|built_from| now == Some(built_from))
    }

    fn finding(&self, unit: &UnitRecord, build: &BuildRecord, back: &Back) -> Finding {
        let modified = |input: &InputRecord| {
            let stat = self.file(input).stat?;
            Some(back.get(&input.file).copied().unwrap_or(stat.modified))
        };
        let first = |is: &dyn Fn(&InputRecord) -> bool| build.inputs.iter().find(|input| is(input));
        let other = first(&|input| self.is_same(input) == Some(false));
        let unknown = first(&|input| self.is_same(input).is_none());
        let reference = Self::reference(unit, build);
        let is_noticed = match &build.watch {
            Watch::Nothing => return Finding::Fine,
            Watch::Package { newest, .. } => {
                let latest = build.inputs.iter().filter_map(&modified).max();
                latest.is_none_or(|latest| !newest.starts_with(&format!("{} ", latest.as_cargo_writes())))
            }
            Watch::DepInfo(_) | Watch::Script(_) => {
                let Some(reference) = reference else { return Finding::CargoSees };
                // What is gone cargo only misses where it was named itself, not where it lay in a directory that was.
                let is_named = |input: &InputRecord| match &build.watch {
                    Watch::Script(_) => {
                        let path = self.file(input).place.path.as_path();
                        !build.inputs.iter().any(|other| {
                            path.parent().is_some_and(|dir| dir == self.file(other).place.path.as_path())
                        })
                    }
                    _ => true,
                };
                build.inputs.iter().filter(|input| input.is_listed).any(|input| match modified(input) {
                    Some(time) => time > reference,
                    None => is_named(input),
                })
            }
        };
        // What is newer may be a file that the package excludes, which cargo does not look at.
        let hidden = other.filter(|_| is_noticed).and_then(|_| match &build.watch {
            Watch::Package { newest, .. } => {
                let newest = Time::as_cargo_wrote(newest)?;
                first(&|input| {
                    self.is_same(input) == Some(false) && modified(input).is_some_and(|time| time <= newest)
                })
            }
            _ => None,
        });
        if let Some(input) = hidden {
            return Finding::Ghost(input.file);
        }
        match (is_noticed, other, unknown) {
            (true, None, None) if !build.inputs.is_empty() => Finding::Unchanged,
            (true, _, _) => Finding::CargoSees,
            (false, Some(input), _) => Finding::Ghost(input.file),
            (false, None, Some(input)) => Finding::Suspect(input.file),
            (false, None, None)
                if build.inputs.iter().filter_map(modified).any(|time| self.is_future(time)) =>
            {
                Finding::Fine
            }
            (false, None, None) if reference.is_some_and(|time| self.is_future(time)) => Finding::Ahead,
            (false, None, None) => Finding::Fine,
        }
    }

    fn build(&self, unit: &UnitRecord, build: &BuildRecord, back: &Back, repairs: &mut Repairs) {
        let stale = |why| Stale { unit: unit.key.clone(), build: build.name.clone(), why };
        match self.finding(unit, build, back) {
            Finding::Fine => self.note_future(build, back, repairs),
            Finding::CargoSees => {
                repairs.cargo_builds.insert(unit.key.clone());
                self.note_future(build, back, repairs);
            }
            Finding::Ghost(file) => {
                let is_gone = self.seen.ledger.files[file as usize].stat.is_none();
                let why = if is_gone { StaleWhy::Gone } else { StaleWhy::Ghost };
                repairs.stale.push(stale(why(self.place(file))));
            }
            Finding::Suspect(file) => match self.settings.suspects {
                Suspects::Rebuild => repairs.stale.push(stale(StaleWhy::Suspect(self.place(file)))),
                Suspects::Trust => {}
            },
            Finding::Unchanged => self.unchanged(unit, build, back, repairs),
            Finding::Ahead => repairs.restamp.extend(build.reference().map(|path| Restamp {
                unit: unit.key.clone(),
                path: path.into(),
                to: self.seen.now,
                keeps: false,
            })),
        }
    }

    /// The time that cargo compares with moves up, but never into the future: what is edited until then would look older. Not so
    /// for build scripts: what they printed counts as an output, and whatever depends on it would become stale in its place.
    fn unchanged(&self, unit: &UnitRecord, build: &BuildRecord, back: &Back, repairs: &mut Repairs) {
        let listed = build.inputs.iter().filter(|input| input.is_listed);
        let newest = listed.filter_map(|input| self.file(input).stat).map(|stat| stat.modified).max();
        let is_local = matches!(build.watch, Watch::DepInfo(_)) && self.settings.restore != Restore::Off;
        match (build.reference(), newest) {
            (Some(path), Some(to)) if is_local && to <= self.seen.now => {
                repairs.restamp.push(Restamp { unit: unit.key.clone(), path: path.into(), to, keeps: true });
            }
            _ => drop(repairs.cargo_builds.insert(unit.key.clone())),
        }
        self.note_future(build, back, repairs);
    }

    fn note_future(&self, build: &BuildRecord, back: &Back, repairs: &mut Repairs) {
        let is_ahead = |stat: Option<Stat>| stat.is_some_and(|stat| self.is_future(stat.modified));
        let stays = build.inputs.iter().filter(|input| !back.contains_key(&input.file));
        let sources = stays.map(|input| self.file(input)).filter(|file| !is_generated(file));
        for file in sources.filter(|file| is_ahead(file.stat)) {
            repairs.notes.insert(Note::Future(file.place.clone()));
        }
    }

    fn place(&self, file: u32) -> crate::cache::ledger::Place {
        self.seen.ledger.files[file as usize].place.clone()
    }
}

/// Whether a build script made the file: it lies in the `out` of a unit.
#[must_use]
pub fn is_generated(file: &FileRecord) -> bool {
    let mut names = file.place.path.as_path().iter();
    file.place.base == Where::BuildDir && names.any(|name| name == "build") && names.any(|name| name == "out")
}

#[cfg(test)]
mod tests;
