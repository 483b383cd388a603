//! What is to be done about a change that was interrupted, and doing it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::record::Record;
use super::target::{self, Stop, Target};
use super::{Held, JournalError, Place};

/// A change that was interrupted (or is going on, where nobody holds the lock to ask).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interrupted {
    /// What is to be done.
    pub way: Way,
    /// Its files, relative to the repository.
    pub files: Vec<PathBuf>,
    /// Those that somebody else changed meanwhile, which are left alone.
    pub foreign: Vec<PathBuf>,
}

/// How a change ends that was interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// All files become new.
    Forward,
    /// All files become old.
    Back,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovered {
    /// All files are new.
    Finished {
        /// The files, relative to the repository.
        files: Vec<PathBuf>,
    },
    /// All files are old.
    RolledBack {
        /// The files, relative to the repository.
        files: Vec<PathBuf>,
        /// Those that somebody else changed, which were left alone.
        foreign: Vec<PathBuf>,
    },
}

/// What a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Old,
    New,
    /// Neither, and it was not renamed yet.
    Foreign,
    /// Neither, but it was new before.
    Later,
}

impl Place {
    /// What an interrupted change is in need of; `None`: there is none.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn interrupted(&self) -> Result<Option<Interrupted>, JournalError> {
        let root = self.real_root()?;
        Ok(self.read(&root)?.map(|targets| look(&targets, &root).0))
    }

    fn read(&self, root: &Path) -> Result<Option<Vec<Target>>, JournalError> {
        let journal = self.journal();
        let bytes = match read_own(&journal) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(None),
            Err(cause) => return Err(JournalError::Unreadable { journal, why: cause.to_string() }),
        };
        Record::targets(&bytes, root).map(Some).map_err(|why| JournalError::Unreadable { journal, why })
    }
}

/// Reads a journal of this user's. Whoever may make a `.git` in a directory above (`/tmp`) must not say what files become.
fn read_own(journal: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(mut file) = target::open(journal)? else { return Ok(None) };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if file.metadata()?.uid() != rustix::process::geteuid().as_raw() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it belongs to another user"));
        }
    }
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut file, &mut bytes)?;
    Ok(Some(bytes))
}

impl Held {
    /// Ends a change that was interrupted; `None`: there is none.
    ///
    /// # Errors
    /// The journal cannot be read, or something cannot be written: then it can be tried again.
    pub fn recover(&self) -> Result<Option<Recovered>, JournalError> {
        let root = self.place.real_root()?;
        let Some(targets) = self.place.read(&root)? else { return Ok(None) };
        let (Interrupted { mut way, files, foreign }, states) = look(&targets, &root);
        let rest = || targets.iter().zip(&states).filter(|(_, state)| **state == State::Old);
        if way == Way::Forward
            && rest().any(|(target, _)| target.swap(target.before.as_deref(), Some(&target.after)).is_err())
        {
            way = Way::Back;
        }
        match way {
            Way::Forward => self.close(&targets).map_err(|cause| self.stuck(self.place.journal(), cause))?,
            Way::Back => self.roll_back(&targets, &root).map_err(|(path, cause)| self.stuck(path, cause))?,
        }
        Ok(Some(match way {
            Way::Forward => Recovered::Finished { files },
            Way::Back => Recovered::RolledBack { files, foreign },
        }))
    }

    /// Makes every new file old again, and removes the journal.
    pub(super) fn roll_back(&self, targets: &[Target], root: &Path) -> Result<(), (PathBuf, io::Error)> {
        for target in targets.iter().filter(|target| state(target, root) == State::New) {
            match target.swap(Some(&target.after), target.before.as_deref()) {
                // Somebody else changed it this very moment.
                Ok(()) | Err(Stop::Refused(_)) => {}
                Err(Stop::Io(cause)) => return Err((target.path.clone(), cause)),
            }
        }
        self.close(targets).map_err(|cause| (self.place.journal(), cause))
    }
}

fn look(targets: &[Target], root: &Path) -> (Interrupted, Vec<State>) {
    let mut states: Vec<State> = targets.iter().map(|target| state(target, root)).collect();
    // A staged file that is gone was renamed, unless somebody cleared all of them away, or nothing was staged yet.
    let is_traced = targets
        .iter()
        .zip(&states)
        .any(|(target, state)| matches!(state, State::Old | State::New) || target.is_staged());
    let all_staged =
        || targets.iter().zip(&states).all(|(target, state)| *state != State::Old || target.is_staged());
    if states.contains(&State::Foreign) && is_traced && all_staged() {
        for (target, state) in targets.iter().zip(&mut states) {
            if *state == State::Foreign && is_below(target, root) && !target.is_staged() {
                *state = State::Later;
            }
        }
    }
    let begun = states.iter().any(|state| matches!(state, State::New | State::Later));
    let way = if begun && !states.contains(&State::Foreign) { Way::Forward } else { Way::Back };
    let name = |target: &Target| target.relative(root).to_path_buf();
    // What was changed after it was written is left alone as well where the others become old.
    let is_left = |state: State| state == State::Foreign || (way == Way::Back && state == State::Later);
    let foreign = targets.iter().zip(&states).filter(|(_, state)| is_left(**state));
    let foreign = foreign.map(|(target, _)| name(target)).collect();
    (Interrupted { way, files: targets.iter().map(name).collect(), foreign }, states)
}

/// What says neither, or cannot be read, is somebody else's.
fn state(target: &Target, root: &Path) -> State {
    if !is_below(target, root) {
        return State::Foreign;
    }
    match target.content() {
        Ok(now) if now == target.before => State::Old,
        Ok(Some(now)) if now == target.after => State::New,
        _ => State::Foreign,
    }
}

/// Whether its directory still is where it was: no link was put in its way.
fn is_below(target: &Target, root: &Path) -> bool {
    let Some(dir) = target.path.parent() else { return false };
    match fs_err::canonicalize(dir) {
        Ok(real) => real == dir && real.starts_with(root),
        Err(_) => false,
    }
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        say(f, &self.files, &self.foreign)
    }
}

impl fmt::Display for Recovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finished { files } => say(f, files, &[]),
            Self::RolledBack { files, foreign } => say(f, files, foreign),
        }
    }
}

fn say(f: &mut fmt::Formatter<'_>, files: &[PathBuf], foreign: &[PathBuf]) -> fmt::Result {
    match files {
        [one] => write!(f, "an interrupted change of {}", one.display())?,
        many => write!(f, "an interrupted change of {} files", many.len())?,
    }
    for (at, path) in foreign.iter().enumerate() {
        let before = if at == 0 { "; left alone, as somebody changed it: " } else { ", " };
        write!(f, "{before}{}", path.display())?;
    }
    Ok(())
}
