//! Why a removal stopped, and how far it came.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::cache::Size;
use crate::diagnostic::Failure;
use crate::exit::Code;

/// A removal that stopped.
#[derive(Debug)]
pub struct RemovalError {
    /// What was removed before.
    pub done: Size,
    /// What it stopped at.
    pub path: PathBuf,
    /// Why.
    pub cause: Cause,
}

/// Why something was not removed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// It does not lie below the build dir.
    Outside,
    /// Its profile dir is not locked, or that of another build dir is.
    NotLocked,
    /// It, or a directory on the way to it, is a link.
    Link,
    /// It, or a directory on the way to it, is mounted there from elsewhere.
    MountPoint,
    /// There is a file, or something else, where a directory should be.
    NotADirectory,
    /// There is a directory, or something else, where a file should be.
    NotAFile,
    /// It belongs to another user.
    Foreign,
    /// The system says no.
    Io(io::Error),
}

impl RemovalError {
    /// What ends the command.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        let code = match self.cause {
            Cause::Outside | Cause::Link | Cause::MountPoint => Code::OutsideBounds,
            Cause::NotLocked => Code::Busy,
            Cause::NotADirectory | Cause::NotAFile | Cause::Foreign | Cause::Io(_) => Code::StepFailed,
        };
        let Size { files, bytes } = self.done;
        let failure = Failure::new(code, self.to_string()).note(self.cause.to_string()).note(format!(
            "{files} files ({bytes} bytes) were deleted before it, and directories may have been moved away; cargo rebuilds \
             what it needs of them"
        ));
        match self.cause {
            Cause::Io(_) => {
                failure.help("make it removable, then run the command again: it goes on where it stopped")
            }
            _ => failure.help("look at what is there; nothing that is not cargo's own is ever removed"),
        }
    }
}

impl fmt::Display for RemovalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot remove `{}`", self.path.display())
    }
}

impl Error for RemovalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Outside => "it does not lie in the build dir",
            Self::NotLocked => "its profile dir is not locked",
            Self::Link => "it is reached through a link",
            Self::MountPoint => "something else is mounted there",
            Self::NotADirectory => "it is not a directory",
            Self::Foreign => "it belongs to another user",
            Self::NotAFile => "it is not a regular file",
            Self::Io(error) => return error.fmt(f),
        })
    }
}

/// An io error is shown by its text, and so stands for itself.
impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io(error) => error.source(),
            _ => None,
        }
    }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
