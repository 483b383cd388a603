//! What a pin names, whether that agrees with a channel, and how another channel is spelled in its place.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Nature, Pin, Remark, What};
use crate::toolchain::Channel;
use crate::toolchain::channel::Kind;

/// How a name may be spelled in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Any name that rustup takes, and no quotes are needed.
    Channel,
    /// Any name that rustup takes, as a plain (unquoted) scalar of YAML: what would be read as another number needs quotes.
    PlainYaml,
    /// The version of the `rust` image's tag: `1.78.0`, `1.78`, `1`.
    ImageTag,
    /// A ref of `dtolnay/rust-toolchain`: a release, `stable`, `beta` or `nightly`.
    ActionRef,
    /// A release: `1.78.0` or `1.78`.
    Release,
    /// A release or the version of an image's tag, as a plain scalar of YAML (an item of a matrix from which a tag is made).
    PlainRelease,
    /// A release by its first two numbers alone, as ReadTheDocs offers them.
    Minor,
    /// The same as a plain scalar of YAML.
    PlainMinor,
    /// A release with all three numbers: an attribute of an overlay for Nix.
    FullRelease,
    /// The date alone of this channel's archive: `rust-bin.nightly."2026-05-19"`.
    DateOf(&'static str),
    /// As rules_rust names compilers for Bazel: `1.78.0`, `nightly/2026-05-19`.
    RulesRust,
}

impl Spelling {
    /// Whether a name may end with the host that it is for: `1.78.0-x86_64-pc-windows-gnu`.
    #[must_use]
    pub const fn has_host(self) -> bool {
        matches!(self, Self::Channel | Self::PlainYaml)
    }

    /// Whether the name is a plain scalar of YAML, which may be read as a number.
    #[must_use]
    pub const fn is_plain_yaml(self) -> bool {
        matches!(self, Self::PlainYaml | Self::PlainRelease | Self::PlainMinor)
    }
}

/// What a pin names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A toolchain by its name.
    Channel(Channel),
    /// The newest release of a major version, or simply the newest: `rust:1`, `rust:latest`.
    Newest,
}

/// A name that cannot be spelled in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inexpressible;

impl Pin {
    /// What it names; `None` where that is no name of a toolchain.
    #[must_use]
    pub fn named(&self) -> Option<Named> {
        Named::parse(&self.text, self.spelling)
    }

    /// What has to stand at its span for it to name `to`, given what the repository was pinned to before.
    ///
    /// A pin that was spelled exactly as an old pin is spelled exactly as the new one; any other keeps its number of
    /// components, so that `rust:1.78` becomes `rust:1.79`. The host of a name (`1.78.0-x86_64-pc-windows-gnu`) stays; that of
    /// `to` counts where the place named the very pin, or is what rustup itself reads.
    ///
    /// # Errors
    /// The place cannot name it.
    pub fn spell(&self, to: &Channel, before: &[Channel]) -> Result<String, Inexpressible> {
        let own = Channel::parse(&self.text).ok();
        let of_host = own.as_ref().filter(|own| own.target().is_some());
        let bare =
            own.as_ref().map_or_else(|| self.text.clone(), |own| own.without_target().as_str().to_owned());
        let is_the_pin = before.iter().any(|before| before.as_str() == self.text)
            || matches!(self.nature, Nature::ToolchainFile | Nature::Policy);
        let exact = before.iter().any(|before| before.without_target().as_str() == bare);
        let host = match of_host {
            Some(_) if !self.spelling.has_host() => return Err(Inexpressible),
            _ if is_the_pin && self.spelling.has_host() && to.target().is_some() => to.target(),
            own => own.and_then(Channel::target),
        };
        let to = &to.without_target();
        let short = match (components(&bare), to.kind()) {
            (Some(2), Kind::Version { major, minor, patch: Some(_), pre: None }) if !exact && *minor > 8 => {
                Some(format!("{major}.{minor}"))
            }
            _ => None,
        };
        let text = short.unwrap_or_else(|| to.as_str().to_owned());
        let is_undated = to.date().is_none();
        let text = match (self.spelling, to.kind()) {
            (Spelling::Channel | Spelling::PlainYaml, _) => match host.filter(|_| !to.is_custom()) {
                Some(host) => format!("{text}-{host}"),
                None => text,
            },
            (Spelling::DateOf(of), _) => match archived(to) {
                Some((channel, date)) if channel == of => date.to_owned(),
                _ => return Err(Inexpressible),
            },
            (Spelling::RulesRust, _) => full_release(to)
                .or_else(|| archived(to).map(|(channel, date)| format!("{channel}/{date}")))
                .ok_or(Inexpressible)?,
            (Spelling::FullRelease, _) => full_release(to).ok_or(Inexpressible)?,
            (_, _) if !is_undated => return Err(Inexpressible),
            (Spelling::Minor | Spelling::PlainMinor, Kind::Version { pre: None, major, minor, .. }) => {
                format!("{major}.{minor}")
            }
            (Spelling::ActionRef, Kind::Stable | Kind::Beta | Kind::Nightly) => text,
            (
                Spelling::ImageTag | Spelling::Release | Spelling::PlainRelease | Spelling::ActionRef,
                Kind::Version { pre: None, .. },
            ) => text,
            _ => return Err(Inexpressible),
        };
        let is_misread = self.spelling.is_plain_yaml() && misread(&text).is_some();
        Ok(if is_misread { format!("\"{text}\"") } else { text })
    }

    /// The remark for a number that YAML reads as another one.
    #[must_use]
    pub fn yaml_float(&self) -> Option<Remark> {
        let read = misread(&self.text).filter(|_| self.spelling.is_plain_yaml())?;
        Some(Remark { span: self.span.clone(), what: What::YamlFloat { written: self.text.clone(), read } })
    }
}

/// How many numbers a release is written with.
fn components(text: &str) -> Option<usize> {
    let is_release = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_release.then(|| text.split('.').count())
}

/// A release that is written with all its numbers.
fn full_release(channel: &Channel) -> Option<String> {
    let is_full = matches!(channel.kind(), Kind::Version { patch: Some(_), pre: None, .. });
    (is_full && channel.date().is_none() && channel.target().is_none()).then(|| channel.as_str().to_owned())
}

/// The channel and the date of an archived one, for whatever target.
fn archived(channel: &Channel) -> Option<(&'static str, &str)> {
    let name = match channel.kind() {
        Kind::Stable => "stable",
        Kind::Beta => "beta",
        Kind::Nightly => "nightly",
        Kind::Version { .. } | Kind::Custom | Kind::Path => return None,
    };
    let date = channel.date()?;
    channel.target().is_none().then_some((name, date))
}

/// The other number that YAML takes a plain scalar for: `1.9` for `1.90`.
fn misread(text: &str) -> Option<String> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (major, minor) = text.split_once('.')?;
    let trimmed = minor.trim_end_matches('0');
    if !digits(major) || !digits(minor) || trimmed.len() == minor.len() {
        return None;
    }
    Some(if trimmed.is_empty() { major.to_owned() } else { format!("{major}.{trimmed}") })
}

impl Named {
    /// Reads a name as it is spelled in a place.
    #[must_use]
    pub fn parse(text: &str, spelling: Spelling) -> Option<Self> {
        if matches!(spelling, Spelling::ImageTag | Spelling::PlainRelease) && matches!(text, "latest" | "1") {
            return Some(Self::Newest);
        }
        if matches!(text, "latest") {
            return Some(Self::Newest);
        }
        let written = match spelling {
            Spelling::DateOf(channel) => Cow::Owned(format!("{channel}-{text}")),
            Spelling::RulesRust => Cow::Owned(text.replacen('/', "-", 1)),
            _ => Cow::Borrowed(text),
        };
        let channel = Channel::parse(&written).ok()?;
        if channel.is_custom() && !matches!(spelling, Spelling::Channel | Spelling::PlainYaml) {
            return None;
        }
        Some(Self::Channel(channel))
    }

    /// The numbers of a release, as far as they are written.
    #[must_use]
    pub fn release(&self) -> Option<(u64, u64, Option<u64>)> {
        match self {
            Self::Channel(channel) => release(channel),
            Self::Newest => None,
        }
    }

    /// Whether it names a numbered release.
    #[must_use]
    pub fn is_release(&self) -> bool {
        self.release().is_some()
    }

    /// Whether somebody who asked for `pin` could have written this: the same channel, or the same release as far as both
    /// say it. A target triple in one of them is of no concern.
    #[must_use]
    pub fn agrees_with(&self, pin: &Channel) -> bool {
        match self {
            Self::Newest => matches!(pin.kind(), Kind::Stable) && pin.date().is_none(),
            Self::Channel(channel) => match (release(channel), release(pin)) {
                (Some(ours), Some(theirs)) => is_same(ours, theirs),
                (None, None) => {
                    channel.kind() == pin.kind() && channel.date() == pin.date() && same_custom(channel, pin)
                }
                _ => false,
            },
        }
    }

    /// Whether both name the same release, as far as both say it.
    #[must_use]
    pub fn is_same_release(&self, other: &Self) -> bool {
        match (self.release(), other.release()) {
            (Some(ours), Some(theirs)) => is_same(ours, theirs),
            _ => false,
        }
    }

    /// Whether it is a newer release than `pin` can be. A component that is not written counts as zero here and as the
    /// largest there: `1.78` is not newer than `1.78.0`, and no release is newer than a channel without number.
    #[must_use]
    pub fn is_newer_than(&self, pin: &Channel) -> bool {
        let (Some(ours), Some(theirs)) = (self.release(), release(pin)) else { return false };
        let ours = (ours.0, ours.1, ours.2.unwrap_or(0));
        ours.cmp(&(theirs.0, theirs.1, theirs.2.unwrap_or(u64::MAX))) == Ordering::Greater
    }
}

fn release(channel: &Channel) -> Option<(u64, u64, Option<u64>)> {
    match channel.kind() {
        Kind::Version { major, minor, patch, pre: None } => Some((*major, *minor, *patch)),
        _ => None,
    }
}

fn is_same(ours: (u64, u64, Option<u64>), theirs: (u64, u64, Option<u64>)) -> bool {
    let patch = match (ours.2, theirs.2) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    };
    (ours.0, ours.1) == (theirs.0, theirs.1) && patch
}

fn same_custom(ours: &Channel, theirs: &Channel) -> bool {
    !(ours.is_custom() || theirs.is_custom()) || ours.as_str() == theirs.as_str()
}

#[cfg(test)]
mod tests;
