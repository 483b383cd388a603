//! Names of toolchains: `1.78.0`, `stable`, `nightly-2026-05-19`, `beta-x86_64-unknown-linux-gnu`, or a custom one.
//!
//! The grammar is rustup's (`src/dist/mod.rs` and `src/toolchain/names.rs` there): what does not read as a
//! channel, an optional date and an optional target is the name of a linked (custom) toolchain.

use std::fmt;
use std::path::Path;

use super::triple::Partial;

/// What a name refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `stable`: moves with each release.
    Stable,
    /// `beta`: moves.
    Beta,
    /// `nightly`: moves unless it is dated.
    Nightly,
    /// `1.78` (moves with its patch releases), `1.78.0` or `1.78.0-beta.2` (fixed).
    Version {
        /// The first number.
        major: u64,
        /// The second number.
        minor: u64,
        /// The third number, where it is written.
        patch: Option<u64>,
        /// What follows the version: `beta` or `beta.2`.
        pre: Option<String>,
    },
    /// A toolchain that somebody linked (`rustup toolchain link`): nobody but they can install it.
    Custom,
    /// The absolute path of a toolchain's directory, in `RUSTUP_TOOLCHAIN` or as `path` of a toolchain file.
    Path,
}

/// The name of a toolchain, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Channel {
    text: String,
    kind: Kind,
    date: Option<String>,
    target: Option<String>,
}

/// A text that cannot be the name of a toolchain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelError {
    /// Nothing is there.
    Empty,
    /// It holds this character, which no toolchain name may (rustup uses the name as a directory).
    Character(char),
    /// It starts with a plus sign, or is `none`.
    Shape,
    /// It is `.` or `..`: rustup would take it, and run what lies outside its toolchains.
    Dots,
    /// It is a path, but not an absolute one.
    Relative,
}

impl ChannelError {
    /// Whether rustup refuses the name too; else it is xcargo that is more careful.
    #[must_use]
    pub const fn rustup_refuses_too(&self) -> bool {
        match self {
            Self::Empty | Self::Shape | Self::Relative => true,
            Self::Character(found) => matches!(found, '/' | '\\'),
            Self::Dots => false,
        }
    }
}

impl fmt::Display for ChannelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a toolchain name may not be empty"),
            Self::Character(found) => write!(f, "a toolchain name may not contain {found:?}"),
            Self::Shape => f.write_str("a toolchain name may not start with `+`, nor be `none`"),
            Self::Dots => f.write_str("a toolchain name may not be `.` or `..`"),
            Self::Relative => f.write_str("a toolchain given by its path needs an absolute one"),
        }
    }
}

impl std::error::Error for ChannelError {}

impl Channel {
    /// Takes a name apart. Slashes at its end are dropped, as rustup does.
    ///
    /// # Errors
    /// The text cannot be a toolchain's name.
    pub fn parse(text: &str) -> Result<Self, ChannelError> {
        let name = text.trim_end_matches('/');
        if name.is_empty() {
            return Err(ChannelError::Empty);
        }
        if name.starts_with('+') || name == "none" {
            return Err(ChannelError::Shape);
        }
        if matches!(name, "." | "..") {
            return Err(ChannelError::Dots);
        }
        if let Some(found) = name.chars().find(|c| matches!(c, '/' | '\\') || c.is_control()) {
            return Err(ChannelError::Character(found));
        }
        Ok(Self::official(name).unwrap_or_else(|| Self::unofficial(name, Kind::Custom)))
    }

    /// Takes a name or an absolute path, as `RUSTUP_TOOLCHAIN` and `+toolchain` may be.
    ///
    /// # Errors
    /// The text is neither.
    pub fn parse_or_path(text: &str) -> Result<Self, ChannelError> {
        let trimmed = text.trim_end_matches('/');
        match Self::parse(trimmed) {
            Err(ChannelError::Character('/' | '\\')) => Self::at_path(trimmed),
            other => other,
        }
    }

    /// A toolchain that is given by the absolute path of its directory.
    ///
    /// # Errors
    /// The path is not absolute.
    pub fn at_path(text: &str) -> Result<Self, ChannelError> {
        if !Path::new(text).is_absolute() {
            return Err(ChannelError::Relative);
        }
        Ok(Self::unofficial(text, Kind::Path))
    }

    fn unofficial(text: &str, kind: Kind) -> Self {
        Self { text: text.to_owned(), kind, date: None, target: None }
    }

    fn official(text: &str) -> Option<Self> {
        let (kind, rest) = head(text)?;
        let (date, rest) = dated(rest);
        let target = match rest.strip_prefix('-') {
            Some(target) if !target.is_empty() && Partial::parse(target).is_some() => Some(target.to_owned()),
            Some(_) => return None,
            None if rest.is_empty() => None,
            None => return None,
        };
        Some(Self { text: text.to_owned(), kind, date, target })
    }

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the name refers to.
    #[must_use]
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The date of an archived channel: `2026-05-19` in `nightly-2026-05-19`.
    #[must_use]
    pub fn date(&self) -> Option<&str> {
        self.date.as_deref()
    }

    /// The target triple written in the name, if any (it may be partial, as rustup allows).
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// The same toolchain without a host in its name.
    #[must_use]
    pub fn without_target(&self) -> Self {
        let Some(target) = &self.target else { return self.clone() };
        // The target is the end of the text, behind a hyphen.
        let text = self.text.get(..self.text.len().saturating_sub(target.len() + 1)).unwrap_or_default();
        Self { text: text.to_owned(), target: None, ..self.clone() }
    }

    /// The same toolchain for the host that `other` names, where this name has none of its own.
    #[must_use]
    pub fn on_host_of(&self, other: &Self) -> Self {
        match (&self.target, &other.target) {
            (None, Some(target)) if !self.is_custom() => {
                Self { text: format!("{}-{target}", self.text), target: Some(target.clone()), ..self.clone() }
            }
            _ => self.clone(),
        }
    }

    /// Whether somebody linked it or gave its path, so that rustup can neither install nor update it.
    #[must_use]
    pub const fn is_custom(&self) -> bool {
        matches!(self.kind, Kind::Custom | Kind::Path)
    }

    /// Whether the same name can mean another compiler tomorrow.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.date.is_none()
            && match &self.kind {
                Kind::Stable | Kind::Beta | Kind::Nightly => true,
                Kind::Version { patch, pre, .. } => patch.is_none() || pre.as_deref() == Some("beta"),
                Kind::Custom | Kind::Path => false,
            }
    }

    /// The directory's name below `toolchains/` in RUSTUP_HOME: what is missing of the target triple is taken from
    /// the default host; a custom name is itself, a path too.
    #[must_use]
    pub fn full_name(&self, default_host: &str) -> String {
        let head = match &self.kind {
            Kind::Custom | Kind::Path => return self.text.clone(),
            Kind::Version { major: 1, minor: minor @ ..=8, patch: Some(0), pre: None } => {
                format!("1.{minor}.0")
            }
            _ => {
                let target = self.target.as_ref().map_or(0, |target| target.len() + 1);
                let date = self.date.as_ref().map_or(0, |date| date.len() + 1);
                self.text[..self.text.len() - target - date].to_owned()
            }
        };
        let date = self.date.iter().map(|date| format!("-{date}")).collect::<String>();
        let written = self.target.as_deref().unwrap_or_default();
        let target = match (Partial::parse(written), Partial::parse(default_host)) {
            (Some(written), Some(host)) => written.resolve(&host),
            _ => default_host.to_owned(),
        };
        format!("{head}{date}-{target}")
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The channel or version at the start of a name, and what follows it.
fn head(text: &str) -> Option<(Kind, &str)> {
    for (name, kind) in [("stable", Kind::Stable), ("beta", Kind::Beta), ("nightly", Kind::Nightly)] {
        if let Some(rest) = text.strip_prefix(name) {
            return Some((kind, rest));
        }
    }
    let (major, rest) = number(text, 1)?;
    let (minor, rest) = number(rest.strip_prefix('.')?, 3)?;
    let (patch, rest) = match rest.strip_prefix('.') {
        Some(after) => number(after, 2).map(|(patch, rest)| (Some(patch), rest))?,
        None => (None, rest),
    };
    let (pre, rest) = match rest.strip_prefix("-beta") {
        Some(after) => match after.strip_prefix('.') {
            Some(count) => number(count, 2).map(|(count, rest)| (Some(format!("beta.{count}")), rest))?,
            None => (Some("beta".to_owned()), after),
        },
        None => (None, rest),
    };
    // The first releases had no `1.x` channel: rustup takes `1.8` for `1.8.0` (`src/dist/mod.rs` there).
    let is_early = major == 1 && minor <= 8 && pre.is_none();
    let patch = if is_early { patch.or(Some(0)) } else { patch };
    Some((Kind::Version { major, minor, patch, pre }, rest))
}

/// A number of at most so many digits and without a leading zero, and what follows it.
fn number(text: &str, most: usize) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let digits = &text[..end];
    if end > most || (end > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().ok()?, &text[end..]))
}

/// `-2026-05-19` at the start, and what follows it.
fn dated(text: &str) -> (Option<String>, &str) {
    let Some(after) = text.strip_prefix('-') else { return (None, text) };
    let is_date = after.len() >= 10
        && after.bytes().take(10).enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
        && after[10..].chars().next().is_none_or(|next| next == '-');
    if is_date { (Some(after[..10].to_owned()), &after[10..]) } else { (None, text) }
}

#[cfg(test)]
mod tests;
