//! What is left alone in a build dir, and why.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Something in the build dir that is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Below [`Cache::dir`], or that itself.
    pub path: PathBuf,
    /// Why.
    pub why: Why,
}

/// Why something is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// It is a link, or has one where cargo puts none. What is behind it may be somebody else's.
    Link,
    /// Cargo gives no such name.
    Name,
    /// A repository or a package lies in it.
    Work,
    /// A file where cargo has a directory, or the other way round.
    Form,
    /// A profile dir, or a part of it, in neither of the layouts.
    Layout,
    /// The fingerprint is not JSON, or does not name the compiler: damaged, or a newer cargo's.
    Fingerprint,
    /// Another build dir (it has a `.rustc_info.json` of its own): an editor's, a coverage tool's.
    OtherBuildDir,
    /// It cannot be read.
    Unreadable(io::ErrorKind),
}

/// What stands behind the path in a message.
impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Link => "a link, and links are not followed",
            Self::Name => "not a name that cargo gives",
            Self::Work => "a repository or a package lies in it",
            Self::Form => "a file where cargo has a directory, or the other way round",
            Self::Layout => "in a layout that is not known here",
            Self::Fingerprint => "its fingerprint does not say which compiler built it",
            Self::OtherBuildDir => "another build dir",
            Self::Unreadable(kind) => return write!(f, "cannot be read: {kind}"),
        })
    }
}
