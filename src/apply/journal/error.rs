//! Why files were not changed, in which state they are, and the way out.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::diagnostic::Failure;
use crate::exit::Code;

/// A change of several files that was not made, or not ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum JournalError {
    /// Somebody else changes files of this repository.
    Busy(PathBuf),
    /// The lock cannot be taken.
    Lock {
        /// The lock file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The repository cannot be looked at.
    Root {
        /// Its directory.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// An earlier change was interrupted and has to be ended first.
    Unfinished(PathBuf),
    /// A file may not be changed; all files are as they were.
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        why: Refusal,
    },
    /// Something could not be written; all files are as they were.
    Undone {
        /// What.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Something could not be written, nor could all files be put back.
    Stuck {
        /// What.
        path: PathBuf,
        /// Why.
        cause: io::Error,
        /// What the next command goes by.
        journal: PathBuf,
    },
    /// There is a journal that cannot be read.
    Unreadable {
        /// The journal.
        journal: PathBuf,
        /// Why.
        why: String,
    },
}

/// Why a file may not be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// It does not say any more what it said when the plan was made.
    Changed,
    /// It should be there and is not.
    Missing,
    /// It should not be there and is.
    Exists,
    /// Its permissions say that nobody writes it.
    ReadOnly,
    /// Those of its directory do.
    ReadOnlyDir,
    /// It is a directory, a pipe, a device.
    NotRegular,
    /// It lies outside of the repository, or a link leads there.
    Outside(PathBuf),
    /// It has so many names, of which only one would change.
    HardLinks(u64),
    /// It is named twice.
    Twice,
    /// The system does not let it be looked at.
    Unreadable(String),
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(_) => f.write_str("another xcargo changes files of this repository"),
            Self::Lock { path, .. } => write!(f, "could not lock {}", path.display()),
            Self::Root { path, .. } => write!(f, "could not look at {}", path.display()),
            Self::Unfinished(_) => f.write_str("an earlier change of this repository was interrupted"),
            Self::Refused { path, why } => write!(f, "{} was not changed: {why}", path.display()),
            Self::Undone { path, .. } => write!(f, "could not write {}", path.display()),
            Self::Stuck { path, .. } => {
                write!(f, "could not write {}, nor put back what was written before", path.display())
            }
            Self::Unreadable { journal, .. } => {
                write!(f, "a change of files was interrupted, and {} cannot be read", journal.display())
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("somebody changed it meanwhile"),
            Self::Missing => f.write_str("somebody removed it meanwhile"),
            Self::Exists => f.write_str("there is something of this name already"),
            Self::ReadOnly => f.write_str("it may not be written"),
            Self::ReadOnlyDir => f.write_str("its directory may not be written"),
            Self::NotRegular => f.write_str("it is no regular file"),
            Self::Outside(path) => write!(f, "it lies outside of the repository, at {}", path.display()),
            Self::HardLinks(names) => {
                write!(f, "it has {names} names (hard links), of which only one would change")
            }
            Self::Twice => f.write_str("two of the paths lead to it"),
            Self::Unreadable(why) => f.write_str(why),
        }
    }
}

impl Error for JournalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Lock { cause, .. }
            | Self::Root { cause, .. }
            | Self::Undone { cause, .. }
            | Self::Stuck { cause, .. } => Some(cause),
            Self::Busy(_) | Self::Unfinished(_) | Self::Refused { .. } | Self::Unreadable { .. } => None,
        }
    }
}

impl Refusal {
    fn help(&self) -> &'static str {
        match self {
            Self::Changed | Self::Missing | Self::Exists | Self::Twice => {
                "run the command again: it plans anew"
            }
            Self::ReadOnly | Self::ReadOnlyDir | Self::Unreadable(_) => {
                "make it writable; what is no toolchain file may also be left out with `[pins] ignore`"
            }
            Self::NotRegular | Self::Outside(_) => {
                "change it by hand; what is no toolchain file may also be left out with `[pins] ignore`"
            }
            Self::HardLinks(_) => {
                "give it a copy of its own (`cp -p FILE NEW && mv NEW FILE`), or change it by hand"
            }
        }
    }
}

impl JournalError {
    /// What ends the command.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        let code = if matches!(self, Self::Busy(_)) { Code::Busy } else { Code::StepFailed };
        let mut failure = Failure::new(code, self.to_string());
        if let Some(cause) = self.source() {
            failure = failure.note(cause.to_string());
        }
        let unchanged = "all files are as they were before";
        match &self {
            Self::Busy(lock) => failure.note(format!("it has locked {}", lock.display())).help("try again when it has ended"),
            Self::Lock { .. } | Self::Root { .. } => {
                failure.note(unchanged).help("make the directory writable, on a file system that has locks")
            }
            Self::Unfinished(journal) => failure
                .note(format!("{} says which", journal.display()))
                .help("run any command of xcargo in this repository: it ends that change first"),
            Self::Refused { why, .. } => failure.note(unchanged).help(why.help()),
            Self::Undone { .. } => failure.note(unchanged).help("make room, or the directory writable, and try again"),
            Self::Stuck { journal, .. } => failure
                .note(format!("{} holds what each file said and shall say", journal.display()))
                .help("when there is room and the files can be written again, the next command of xcargo ends the change"),
            Self::Unreadable { journal, why } => failure.note(why.clone()).help(format!(
                "a newer xcargo may be able to end the change; else hold the files that it names against your history, and remove {}",
                journal.display()
            )),
        }
    }
}
