//! Why the toolchain could not be told, with the thing, the cause and the way out in separate parts.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use super::channel::ChannelError;
use crate::sourced::Origin;

/// Why the active toolchain, or its identity, could not be told.
#[derive(Debug)]
pub enum ToolchainError {
    /// There is no current directory to start from.
    NoCurrentDir(io::Error),
    /// One of rustup's own files, or the toolchain directory, cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `settings.toml` of rustup is not what rustup 1.29 writes.
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: TomlProblem,
    },
    /// `settings.toml` is of a format that only another rustup knows.
    SettingsVersion {
        /// The file.
        path: PathBuf,
        /// The version that it states.
        found: String,
    },
    /// The host's target triple is not one that rustup can complete names with, or cannot be told at all.
    Host {
        /// The triple, where there is one.
        triple: Option<String>,
    },
    /// The toolchain file is not one that rustup accepts.
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: FileProblem,
    },
    /// A toolchain's name is none.
    Name {
        /// Where it is written.
        origin: Origin,
        /// The text.
        text: String,
        /// Why it is no name.
        cause: ChannelError,
    },
    /// A toolchain given by its path is not there.
    NoBin {
        /// Where it is written.
        origin: Origin,
        /// The path, which has no directory `bin`.
        path: PathBuf,
    },
    /// An environment variable that rustup reads is not Unicode.
    NotUnicode(&'static str),
    /// The compiler could not be started.
    Rustc {
        /// The compiler.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The compiler was started, but did not say what it is.
    RustcAnswer {
        /// The compiler.
        path: PathBuf,
        /// How it ended.
        status: ExitStatus,
        /// What it said on stderr.
        stderr: String,
    },
}

/// What is wrong with a TOML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlProblem {
    /// The line, counted from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong there.
    pub text: String,
}

/// What is wrong with a toolchain file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem {
    /// There is nothing in it.
    Empty,
    /// It is not TOML, or a value has another type than rustup expects.
    Toml(TomlProblem),
    /// `[toolchain]` names neither a channel nor a path, components or targets.
    NoProperties,
    /// It names both a channel and a path.
    ChannelAndPath,
    /// It names a path, and components, targets or a profile that can have no effect on it.
    PathWithOptions,
    /// The channel is no toolchain name.
    Name(String, ChannelError),
    /// The path is not absolute.
    RelativePath(String),
    /// The path has no directory `bin`.
    NoBin(String),
    /// The channel names a target and no such toolchain is there.
    TargetInName(String),
    /// The channel is a custom toolchain that is not there.
    CustomMissing(String),
    /// There is no such profile.
    Profile(String),
    /// It names no channel, and rustup has no default.
    NoDefault,
}

impl ToolchainError {
    /// Whether rustup stops at the same thing, so that the command can be handed to it to say so in its own words.
    #[must_use]
    pub fn rustup_fails_too(&self) -> bool {
        match self {
            Self::Read { .. }
            | Self::Settings { .. }
            | Self::SettingsVersion { .. }
            | Self::NoBin { .. }
            | Self::NotUnicode(_) => true,
            Self::Name { cause, .. } => cause.rustup_refuses_too(),
            Self::File { problem: FileProblem::Name(_, cause), .. } => cause.rustup_refuses_too(),
            Self::File { .. } => true,
            Self::Host { triple } => triple.is_some(),
            Self::NoCurrentDir(_) | Self::Rustc { .. } | Self::RustcAnswer { .. } => false,
        }
    }

    /// The way out.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoCurrentDir(_) => "change to a directory that exists".to_owned(),
            Self::Settings { .. } => {
                "repair the file, or move it away: rustup then starts with new settings".to_owned()
            }
            Self::SettingsVersion { .. } => {
                "`rustup self upgrade-data` brings an older one up to date; for a newer one, update xcargo"
                    .to_owned()
            }
            Self::Host { .. } => "`rustup set default-host <triple>` says which one it is".to_owned(),
            Self::NoBin { .. } => "give the absolute path of a directory that holds `bin/rustc`".to_owned(),
            Self::NotUnicode(name) => format!("unset `{name}` or give it a valid value"),
            Self::Name { origin, .. } => format!("correct {origin}"),
            Self::Rustc { .. } | Self::RustcAnswer { .. } => "reinstall the toolchain".to_owned(),
            Self::Read { .. } => return None,
            Self::File { problem, .. } => return problem.help(),
        })
    }
}

impl FileProblem {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Toml(_) => "mend the file: rustup does not take it either".to_owned(),
            Self::Empty | Self::NoProperties => {
                "name a channel: `channel = \"1.95.0\"` in `[toolchain]`".to_owned()
            }
            Self::ChannelAndPath => "keep one of `channel` and `path`".to_owned(),
            Self::PathWithOptions => "remove `components`, `targets` and `profile`".to_owned(),
            Self::Name(..) => "write a channel such as `stable`, `1.95.0` or `nightly-2026-05-19`".to_owned(),
            Self::RelativePath(_) | Self::NoBin(_) => {
                "give the absolute path of a directory that holds `bin/rustc`".to_owned()
            }
            Self::TargetInName(_) => "leave the target out of the channel's name".to_owned(),
            Self::CustomMissing(name) => format!("`rustup toolchain link {name} <path>` adds it"),
            Self::Profile(_) => "the profiles are `minimal`, `default` and `complete`".to_owned(),
            Self::NoDefault => "name a channel in the file, or set one with `rustup default`".to_owned(),
        })
    }
}

impl fmt::Display for ToolchainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCurrentDir(_) => f.write_str("the current directory is not known"),
            Self::Read { path, .. } => write!(f, "cannot read {}", path.display()),
            Self::Settings { path, problem } => {
                write!(f, "rustup's settings {} are broken: {problem}", path.display())
            }
            Self::SettingsVersion { path, found } => {
                write!(f, "rustup's settings {} have version {found:?}, not \"12\"", path.display())
            }
            Self::Host { triple: Some(triple) } => {
                write!(f, "the host triple `{triple}` is not one that rustup knows")
            }
            Self::Host { triple: None } => f.write_str("the host triple that rustup uses here is not known"),
            Self::File { path, problem } => write!(f, "toolchain file {}: {problem}", path.display()),
            Self::Name { origin, text, cause } => write!(f, "{origin} names toolchain `{text}`: {cause}"),
            Self::NoBin { origin, path } => {
                write!(f, "{origin} names the toolchain {}, which has no directory `bin`", path.display())
            }
            Self::NotUnicode(name) => write!(f, "environment variable `{name}` is not Unicode"),
            Self::Rustc { path, .. } => write!(f, "cannot run `{} -vV`", path.display()),
            Self::RustcAnswer { path, status, stderr } => {
                write!(f, "`{} -vV` did not say what it is ({status})", path.display())?;
                if stderr.trim().is_empty() { Ok(()) } else { write!(f, ": {}", stderr.trim()) }
            }
        }
    }
}

impl fmt::Display for TomlProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is nothing in it"),
            Self::Toml(problem) => problem.fmt(f),
            Self::NoProperties => f.write_str("it names no channel, path, components or targets"),
            Self::ChannelAndPath => f.write_str("it names both a channel and a path"),
            Self::PathWithOptions => {
                f.write_str("a toolchain given by its path has no components, targets or profile")
            }
            Self::Name(text, cause) => write!(f, "`{text}` is no toolchain name: {cause}"),
            Self::RelativePath(path) => write!(f, "the path `{path}` is not absolute"),
            Self::NoBin(path) => write!(f, "the path `{path}` has no directory `bin`"),
            Self::TargetInName(name) => {
                write!(
                    f,
                    "channel `{name}` names a target, and no toolchain of exactly this name is installed"
                )
            }
            Self::CustomMissing(name) => write!(f, "custom toolchain `{name}` is not installed"),
            Self::Profile(name) => write!(f, "there is no profile `{name}`"),
            Self::NoDefault => f.write_str("it names no channel, and rustup has no default toolchain"),
        }
    }
}

impl std::error::Error for ToolchainError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NoCurrentDir(source) | Self::Read { source, .. } | Self::Rustc { source, .. } => {
                Some(source)
            }
            _ => None,
        }
    }
}
