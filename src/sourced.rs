//! Values that know where they came from, so that every message can say it.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where a value was set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// On the command line; the text is the flag, such as `+nightly` or `--target-dir`.
    CommandLine(String),
    /// By the environment variable of this name.
    Environment(String),
    /// In a policy file (`doctor.toml`), at this line (counted from 1).
    Policy {
        /// The file, as it was opened.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// In one of cargo's `config.toml` files.
    CargoConfig(PathBuf),
    /// In the toolchain file (`rust-toolchain.toml` or `rust-toolchain`).
    ToolchainFile(PathBuf),
    /// By `rustup override set` for this directory.
    RustupOverride(PathBuf),
    /// By `rustup default`.
    RustupDefault,
    /// In a `Cargo.toml`.
    Manifest(PathBuf),
    /// Nowhere: the built-in default.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine(flag) => write!(f, "`{flag}` on the command line"),
            Self::Environment(name) => write!(f, "environment variable `{name}`"),
            Self::Policy { file, line } => write!(f, "{}:{line}", file.display()),
            Self::CargoConfig(file) | Self::Manifest(file) | Self::ToolchainFile(file) => {
                write!(f, "{}", file.display())
            }
            Self::RustupOverride(dir) => write!(f, "`rustup override` for {}", dir.display()),
            Self::RustupDefault => f.write_str("`rustup default`"),
            Self::Default => f.write_str("the built-in default"),
        }
    }
}

impl Origin {
    /// As a message shows it to somebody in `dir`: files below it by their relative path.
    #[must_use]
    pub fn shown_from(&self, dir: &Path) -> String {
        let near = |file: &Path| file.strip_prefix(dir).unwrap_or(file).to_path_buf();
        match self {
            Self::Policy { file, line } => Self::Policy { file: near(file), line: *line }.to_string(),
            Self::CargoConfig(file) | Self::Manifest(file) | Self::ToolchainFile(file) => {
                near(file).display().to_string()
            }
            other => other.to_string(),
        }
    }
}

/// A value together with where it was set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it was set.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A value and its origin.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// A value that nobody set.
    pub const fn default_of(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }

    /// The same origin with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: f(self.value), origin: self.origin }
    }
}
