//! Which toolchain is active: rustup's own order, decided from what was seen.
//!
//! The order is that of `find_override_config` in rustup's `src/config.rs`: `+toolchain`, `RUSTUP_TOOLCHAIN`, then
//! from the current directory upwards an override of `rustup override set` or a toolchain file, then the default.

use std::path::{Path, PathBuf};

use super::channel::{Channel, ChannelError, Kind};
use super::error::{FileProblem, ToolchainError};
use super::file::{Spec, ToolchainFile, Wants};
use crate::sourced::{Origin, Sourced};

/// The toolchain that rustup would use for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    /// The name as somebody wrote it, and where.
    pub name: Sourced<Channel>,
    /// The directory's name under `toolchains/`, or the path of a toolchain that is given by its path. It is what
    /// rustup's proxies put into `RUSTUP_TOOLCHAIN`.
    pub full_name: String,
    /// Where the toolchain is, if it is installed.
    pub path: PathBuf,
    /// The parts that the toolchain file asks for; none where `+toolchain`, the environment or an override decides.
    pub wants: Wants,
    /// The `rust-toolchain.toml` that counts for nothing because a `rust-toolchain` lies beside it. Rustup warns of
    /// it on stderr in each command.
    pub shadowed: Option<PathBuf>,
}

impl Active {
    /// The file of one of the toolchain's programs, whether or not it is there.
    #[must_use]
    pub fn tool(&self, name: &str) -> PathBuf {
        let mut path = self.path.join("bin").join(name);
        if cfg!(windows) {
            path.set_extension("exe");
        }
        path
    }

    /// What rustup's proxies put into `RUSTUP_TOOLCHAIN_SOURCE`.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        match &self.name.origin {
            Origin::CommandLine(_) => "cli",
            Origin::Environment(_) => "env",
            Origin::RustupOverride(_) => "path-override",
            Origin::ToolchainFile(_) => "toolchain-file",
            _ => "default",
        }
    }
}

/// Everything that decides, as it was read.
#[derive(Debug, Clone)]
pub struct Seen<'a> {
    /// `toolchains/` in RUSTUP_HOME.
    pub toolchains: &'a Path,
    /// The triple that completes names.
    pub host: &'a str,
    /// The command line's `+toolchain`, without the plus sign.
    pub plus: Option<&'a str>,
    /// `RUSTUP_TOOLCHAIN`, where it is not empty.
    pub variable: Option<&'a str>,
    /// The nearest directory that pins something.
    pub pin: Option<&'a Pin>,
    /// The default toolchain of rustup's settings, else of the machine's fallback settings.
    pub default: Option<&'a str>,
}

/// What pins a toolchain for a directory and those below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pin {
    /// `rustup override set`.
    Override {
        /// The directory.
        dir: PathBuf,
        /// The toolchain.
        name: String,
    },
    /// A toolchain file.
    File {
        /// The file.
        path: PathBuf,
        /// Its text.
        text: String,
        /// The second file, which rustup ignores.
        shadowed: Option<PathBuf>,
    },
}

impl Pin {
    /// What pins in `dir`, given its override and the texts of its two toolchain files. A file that cannot be read
    /// counts as absent, as rustup has it: not even one that is not UTF-8 stops the walk.
    #[must_use]
    pub fn of(
        dir: &Path,
        by_override: Option<String>,
        bare: Option<String>,
        toml: Option<String>,
    ) -> Option<Self> {
        if let Some(name) = by_override {
            return Some(Self::Override { dir: dir.to_owned(), name });
        }
        let (bare_path, toml_path) = (dir.join(BARE), dir.join(TOML));
        match (bare, toml) {
            (Some(text), None) => Some(Self::File { path: bare_path, text, shadowed: None }),
            (Some(text), Some(_)) => Some(Self::File { path: bare_path, text, shadowed: Some(toml_path) }),
            (None, Some(text)) => Some(Self::File { path: toml_path, text, shadowed: None }),
            (None, None) => None,
        }
    }
}

/// The toolchain file's old name, which wins.
pub const BARE: &str = "rust-toolchain";
/// The toolchain file's name.
pub const TOML: &str = "rust-toolchain.toml";

/// A decision that holds only if certain directories exist.
#[derive(Debug)]
pub struct Decided {
    /// The toolchain.
    pub active: Active,
    /// Directories that must exist, and what rustup says where one does not, in its order.
    pub demands: Vec<(PathBuf, ToolchainError)>,
}

/// Decides. `None`: nothing pins a toolchain, and rustup has no default.
///
/// # Errors
/// What rustup refuses too, except for directories that are asked for in [`Decided::demands`].
pub fn decide(seen: &Seen<'_>) -> Result<Option<Decided>, ToolchainError> {
    let mut demands = Vec::new();
    // Rustup looks at the variable even where `+toolchain` then wins over it.
    let variable = match seen.variable {
        Some(text) => {
            let origin = Origin::Environment("RUSTUP_TOOLCHAIN".to_owned());
            Some(named(text, origin, Channel::parse_or_path, &mut demands)?)
        }
        None => None,
    };
    if let Some(text) = seen.plus {
        let origin = Origin::CommandLine(format!("+{text}"));
        let name = named(text, origin, Channel::parse_or_path, &mut demands)?;
        return Ok(Some(seen.decided(name, demands)));
    }
    if let Some(name) = variable {
        return Ok(Some(seen.decided(name, demands)));
    }
    match seen.pin {
        Some(Pin::Override { dir, name }) => {
            let name = named(name, Origin::RustupOverride(dir.clone()), Channel::parse, &mut demands)?;
            Ok(Some(seen.decided(name, demands)))
        }
        Some(Pin::File { path, text, shadowed }) => {
            let mut decided = seen.by_file(ToolchainFile::parse(path, text)?)?;
            decided.active.shadowed.clone_from(shadowed);
            Ok(Some(decided))
        }
        None => Ok(seen.default()?.map(|name| seen.decided(name, demands))),
    }
}

fn named(
    text: &str,
    origin: Origin,
    parse: impl Fn(&str) -> Result<Channel, ChannelError>,
    demands: &mut Vec<(PathBuf, ToolchainError)>,
) -> Result<Sourced<Channel>, ToolchainError> {
    match parse(text) {
        Ok(channel) => {
            if *channel.kind() == Kind::Path {
                let path = PathBuf::from(channel.as_str());
                demands.push((path.join("bin"), ToolchainError::NoBin { origin: origin.clone(), path }));
            }
            Ok(Sourced::new(channel, origin))
        }
        Err(cause) => Err(ToolchainError::Name { origin, text: text.to_owned(), cause }),
    }
}

impl Seen<'_> {
    fn default(&self) -> Result<Option<Sourced<Channel>>, ToolchainError> {
        let default = |text| named(text, Origin::RustupDefault, Channel::parse, &mut Vec::new());
        self.default.map(default).transpose()
    }

    fn decided(&self, name: Sourced<Channel>, demands: Vec<(PathBuf, ToolchainError)>) -> Decided {
        let full_name = name.value.full_name(self.host);
        // A path is absolute, so joining it gives the path itself.
        let path = self.toolchains.join(&full_name);
        Decided { active: Active { name, full_name, path, wants: Wants::default(), shadowed: None }, demands }
    }

    fn by_file(&self, file: ToolchainFile) -> Result<Decided, ToolchainError> {
        let problem = |problem| ToolchainError::File { path: file.path.clone(), problem };
        let origin = Origin::ToolchainFile(file.path.clone());
        let mut demands = Vec::new();
        let (channel, wants) = match file.spec {
            Spec::Path(path) => {
                let text = path.to_string_lossy().into_owned();
                demands.push((path.join("bin"), problem(FileProblem::NoBin(text.clone()))));
                let channel =
                    Channel::at_path(&text).map_err(|_| problem(FileProblem::RelativePath(text.clone())))?;
                (channel, Wants::default())
            }
            Spec::Channel(channel, wants) => {
                let dir = self.toolchains.join(channel.as_str());
                let text = channel.as_str().to_owned();
                if channel.is_custom() {
                    demands.push((dir, problem(FileProblem::CustomMissing(text))));
                } else if channel.target().is_some() {
                    // A toolchain file is for every machine, so rustup allows a target in it only where the
                    // toolchain happens to be installed under exactly this name.
                    demands.push((dir, problem(FileProblem::TargetInName(text))));
                }
                (channel, wants)
            }
            Spec::Default(wants) => {
                let default = self.default()?.ok_or_else(|| problem(FileProblem::NoDefault))?;
                let wants = if default.value.is_custom() { Wants::default() } else { wants };
                (default.value, wants)
            }
        };
        let mut decided = self.decided(Sourced::new(channel, origin), demands);
        decided.active.wants = wants;
        Ok(decided)
    }
}

#[cfg(test)]
mod tests;
