//! Why the dist server gave no answer: the server, what was asked, the cause.

use std::fmt;
use std::io;

use super::Limits;

/// Why the dist server gave no answer.
#[derive(Debug)]
pub struct DistError {
    /// The server, without a password.
    pub server: String,
    /// What it was asked for, below `dist/`.
    pub asked: Option<String>,
    /// Why.
    pub cause: Cause,
}

/// What went wrong.
#[derive(Debug)]
pub enum Cause {
    /// `RUSTUP_DIST_SERVER` is no http, https or file URL.
    Address,
    /// The proxy's address is none.
    Proxy(Box<ureq::Error>),
    /// No connection, no valid certificate, or no answer in time.
    Transport(Box<ureq::Error>, Limits),
    /// An answer that says neither yes nor no.
    Status(u16),
    /// More than these bytes.
    TooLarge(u64),
    /// Not what it should be.
    Garbage(&'static str),
    /// A file of a local server cannot be read.
    Read(io::Error),
}

impl fmt::Display for DistError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the dist server {} cannot be asked", self.server)?;
        if let Some(asked) = &self.asked {
            write!(f, " for `{asked}`")?;
        }
        write!(f, ": {}", self.cause)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => f.write_str("its address is no `https://`, `http://` or `file://` URL"),
            Self::Proxy(error) => write!(f, "the proxy's address is none: {error}"),
            Self::Transport(error, limits) => match **error {
                ureq::Error::Timeout(ureq::Timeout::Connect) => {
                    write!(f, "no connection within {:?}", limits.connect)
                }
                ureq::Error::Timeout(_) => write!(f, "no answer within {:?}", limits.whole),
                _ => write!(f, "{error}"),
            },
            Self::Status(status) => write!(f, "it answered with status {status}"),
            Self::TooLarge(most) => write!(f, "its answer has more than {}", crate::output::human(*most)),
            Self::Garbage(what) => write!(f, "its answer makes no sense: {what}"),
            Self::Read(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for DistError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Transport(error, _) | Cause::Proxy(error) => Some(&**error),
            Cause::Read(error) => Some(error),
            Cause::Address | Cause::Status(_) | Cause::TooLarge(_) | Cause::Garbage(_) => None,
        }
    }
}
