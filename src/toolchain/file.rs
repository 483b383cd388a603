//! The toolchain file, `rust-toolchain.toml` or `rust-toolchain`, read as rustup reads it.
//!
//! The rules are those of `parse_override_file` and `OverrideCfg::from_file` in rustup's `src/config.rs`: unknown
//! keys are ignored, everything else that is not as expected is an error there and so it is here.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike};

use super::channel::Channel;
use super::error::{FileProblem, ToolchainError};
use super::settings::{toml_problem, wrong_type};

/// A toolchain file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolchainFile {
    /// The file.
    pub path: PathBuf,
    /// What it asks for.
    pub spec: Spec,
    /// Where the channel's name stands in the text, in bytes and without quotes: exactly the text to replace.
    /// `None` where there is no channel, or where it is written with escapes.
    pub channel_span: Option<Range<usize>>,
}

/// What a toolchain file asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spec {
    /// This toolchain, with these parts.
    Channel(Channel, Wants),
    /// The toolchain in this directory, which is absolute.
    Path(PathBuf),
    /// Rustup's default toolchain, with these parts: the file names no channel.
    Default(Wants),
}

/// The parts of a toolchain that must be there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wants {
    /// Components, as they are written.
    pub components: Vec<String>,
    /// Targets whose standard library is wanted.
    pub targets: Vec<String>,
    /// What a new installation takes along.
    pub profile: Option<Profile>,
}

/// A set of components, by the name that rustup gives to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The compiler, its standard library and cargo.
    Minimal,
    /// With clippy, rustfmt and the documentation.
    Default,
    /// Everything.
    Complete,
}

impl Profile {
    /// Reads a profile's name; rustup accepts first letters, and nothing for the default.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "minimal" | "m" => Some(Self::Minimal),
            "default" | "d" | "" => Some(Self::Default),
            "complete" | "c" => Some(Self::Complete),
            _ => None,
        }
    }

    /// The name, as `rustup --profile` takes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Default => "default",
            Self::Complete => "complete",
        }
    }
}

impl ToolchainFile {
    /// Parses the text of `path`, whose name decides whether a bare channel name is allowed.
    ///
    /// # Errors
    /// [`ToolchainError::File`] for what rustup refuses too, whatever is installed.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ToolchainError> {
        let (spec, channel_span) = Self::read(path, text)
            .map_err(|problem| ToolchainError::File { path: path.to_owned(), problem })?;
        Ok(Self { path: path.to_owned(), spec, channel_span })
    }

    fn read(path: &Path, text: &str) -> Result<(Spec, Option<Range<usize>>), FileProblem> {
        let bare_name_allowed = path.extension().is_none();
        match text.lines().count() {
            0 => Err(FileProblem::Empty),
            1 if bare_name_allowed => bare(text),
            _ => toml(text),
        }
    }
}

/// A file of one line is a name (or an absolute path) even where it could be TOML.
fn bare(text: &str) -> Result<(Spec, Option<Range<usize>>), FileProblem> {
    let name = text.trim();
    if name.is_empty() {
        return Err(FileProblem::Empty);
    }
    if Path::new(name).is_absolute() {
        return Ok((Spec::Path(PathBuf::from(name)), None));
    }
    let channel = channel(name)?;
    let start = text.len() - text.trim_start().len();
    let span = start..start + channel.as_str().len();
    Ok((Spec::Channel(channel, Wants::default()), Some(span)))
}

fn toml(text: &str) -> Result<(Spec, Option<Range<usize>>), FileProblem> {
    let document = Document::parse(text).map_err(|error| FileProblem::Toml(toml_problem(text, &error)))?;
    let item = document.get("toolchain").ok_or(FileProblem::NoProperties)?;
    let table = item
        .as_table_like()
        .ok_or_else(|| FileProblem::Toml(wrong_type(text, item, "toolchain", "a table")))?;
    let section = Section { text, table };

    let name = section.string("channel")?;
    let path = section.string("path")?;
    let components = section.strings("components")?;
    let targets = section.strings("targets")?;
    let profile = section.string("profile")?;
    if name.is_none() && path.is_none() && components.is_none() && targets.is_none() {
        return Err(FileProblem::NoProperties);
    }
    let optioned = components.is_some() || targets.is_some() || profile.is_some();
    let wants = || {
        let profile = match profile {
            Some(name) => Some(Profile::parse(name).ok_or_else(|| FileProblem::Profile(name.to_owned()))?),
            None => None,
        };
        Ok(Wants {
            components: components.unwrap_or_default(),
            targets: targets.unwrap_or_default(),
            profile,
        })
    };
    match (name, path) {
        (Some(_), Some(_)) => Err(FileProblem::ChannelAndPath),
        (None, Some(_)) if optioned => Err(FileProblem::PathWithOptions),
        (None, Some(path)) if Path::new(path).is_absolute() => Ok((Spec::Path(PathBuf::from(path)), None)),
        (None, Some(path)) => Err(FileProblem::RelativePath(path.to_owned())),
        (None, None) => Ok((Spec::Default(wants()?), None)),
        (Some(name), None) => {
            let channel = channel(name)?;
            // Rustup looks at the profile of official toolchains only, and drops all parts of others.
            let wants = if channel.is_custom() { Wants::default() } else { wants()? };
            let span = section.span_of("channel", channel.as_str());
            Ok((Spec::Channel(channel, wants), span))
        }
    }
}

fn channel(name: &str) -> Result<Channel, FileProblem> {
    Channel::parse(name).map_err(|cause| FileProblem::Name(name.to_owned(), cause))
}

/// The table `[toolchain]` with the text that it stands in.
struct Section<'a> {
    text: &'a str,
    table: &'a dyn TableLike,
}

impl<'a> Section<'a> {
    fn string(&self, key: &str) -> Result<Option<&'a str>, FileProblem> {
        match self.table.get(key) {
            None => Ok(None),
            Some(item) => item.as_str().map(Some).ok_or_else(|| self.wrong(item, key, "a string")),
        }
    }

    fn strings(&self, key: &str) -> Result<Option<Vec<String>>, FileProblem> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        let wrong = || self.wrong(item, key, "an array of strings");
        let array = item.as_array().ok_or_else(wrong)?;
        array
            .iter()
            .map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    fn wrong(&self, item: &Item, key: &str, expected: &str) -> FileProblem {
        FileProblem::Toml(wrong_type(self.text, item, key, expected))
    }

    /// Where `value` itself stands within the value of `key`, if it stands there as it is.
    fn span_of(&self, key: &str, value: &str) -> Option<Range<usize>> {
        let span = self.table.get(key)?.span()?;
        let written = self.text.get(span.clone())?;
        let inner = written.trim_start_matches(['"', '\'']).trim_start_matches(['\r', '\n']);
        let is_whole = inner.trim_end_matches(['"', '\'']).trim_end_matches('/') == value;
        let start = span.start + written.len() - inner.len();
        is_whole.then(|| start..start + value.len())
    }
}

#[cfg(test)]
mod tests;
