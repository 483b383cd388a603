//! Why the workspace could not be known, and whether cargo would have said the same.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use super::config::ConfigError;
use crate::diagnostic::{Diagnostic, Failure, SourceText};
use crate::exit::Code;

/// Why the workspace could not be known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkspaceError {
    /// The current directory was removed, or may not be read.
    NoCurrentDir,
    /// Neither `CARGO_HOME` nor a home directory is known.
    NoCargoHome,
    /// `--manifest-path` names nothing that can be a manifest.
    ManifestPath {
        /// The path, absolute.
        path: PathBuf,
        /// What is wrong with it.
        problem: ManifestPathProblem,
    },
    /// `--manifest-path` names a single-file package, which only a nightly cargo runs (`-Zscript`).
    Embedded(PathBuf),
    /// A manifest is there (or is pointed to) but cannot be read.
    Unreadable {
        /// The manifest.
        file: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// A manifest is not TOML.
    Syntax {
        /// The manifest and its text.
        source: SourceText,
        /// The place, in bytes.
        span: Range<usize>,
        /// What the parser says.
        message: String,
    },
    /// A manifest does not say what cargo needs to find the workspace.
    Manifest {
        /// The manifest.
        file: PathBuf,
        /// What is wrong with it.
        problem: ManifestProblem,
    },
    /// The manifest that `package.workspace` points to has no `[workspace]`.
    NotARoot {
        /// The manifest that points.
        package: PathBuf,
        /// The one that it points to.
        root: PathBuf,
    },
    /// The package lies in a workspace that does not list it.
    NotListed {
        /// The package's manifest.
        package: PathBuf,
        /// The workspace's.
        root: PathBuf,
    },
    /// An entry of `default-members` is no member.
    DefaultMember {
        /// The directory that the entry means.
        dir: PathBuf,
        /// The workspace's manifest.
        root: PathBuf,
    },
    /// An entry of `members` or `default-members` is no glob pattern, or a directory that it leads to is unreadable.
    Glob {
        /// The pattern with the root's directory before it.
        pattern: String,
        /// What is wrong.
        cause: String,
    },
    /// Cargo's configuration.
    Config(ConfigError),
    /// A build-dir template cannot be filled in.
    Template {
        /// The value of `build.build-dir`.
        template: String,
        /// What is wrong with it.
        problem: TemplateProblem,
    },
}

/// What is wrong with a `--manifest-path`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManifestPathProblem {
    /// Nothing is there.
    Missing,
    /// It is a directory.
    Directory,
    /// It is neither called `Cargo.toml` nor a single-file package.
    Name,
}

/// What is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManifestProblem {
    /// It has neither `[package]` nor `[workspace]`.
    Nothing,
    /// It has both `[workspace]` and `package.workspace`.
    Both,
    /// This key is missing or of the wrong kind.
    Key {
        /// The key.
        key: String,
        /// What it should be.
        expected: &'static str,
    },
}

/// What is wrong with a `build.build-dir` template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateProblem {
    /// Something in braces is not a variable that cargo knows, or a brace stands alone.
    Braces,
    /// This path, which a variable stands for, is not UTF-8. Cargo asks that of all variables, also of unused ones.
    NotUtf8(PathBuf),
}

impl WorkspaceError {
    /// Whether cargo itself certainly stops on this before it does anything in the workspace, so that the command may
    /// be handed over for cargo's own message.
    #[must_use]
    pub const fn cargo_fails_too(&self) -> bool {
        match self {
            Self::Embedded(_) => false,
            Self::NoCurrentDir
            | Self::NoCargoHome
            | Self::ManifestPath { .. }
            | Self::Unreadable { .. }
            | Self::Syntax { .. }
            | Self::Manifest { .. }
            | Self::NotARoot { .. }
            | Self::NotListed { .. }
            | Self::DefaultMember { .. }
            | Self::Glob { .. }
            | Self::Config(_)
            | Self::Template { .. } => true,
        }
    }

    /// As it is shown and ends the command.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        self.into_diagnostic().into()
    }

    fn into_diagnostic(self) -> Diagnostic {
        let message = self.to_string();
        let error = Diagnostic::error(Code::Workspace, message);
        match self {
            Self::NoCurrentDir => error.help("change to a directory that exists"),
            Self::NoCargoHome => error.help("set `HOME` or `CARGO_HOME`"),
            Self::ManifestPath { .. } => error.help("name a file called `Cargo.toml`"),
            Self::Embedded(_) => error
                .note("it has no workspace, so no policy and no steps apply to it")
                .help("run it without `--manifest-path`, as `cargo +nightly -Zscript <file>`"),
            Self::Unreadable { cause, .. } => error.note(cause).help("make it a readable file"),
            Self::Syntax { source, span, message } => error
                .label(&source, span, message)
                .help("cargo cannot read this manifest either; correct the marked place"),
            Self::Manifest { problem, .. } => match problem {
                ManifestProblem::Nothing => error.help("add a `[package]` or a `[workspace]` table"),
                ManifestProblem::Both => error.help("remove one of the two"),
                ManifestProblem::Key { key, expected } => error.help(format!("make `{key}` {expected}")),
            },
            Self::NotARoot { .. } => {
                error.help("add `[workspace]` there, or correct `package.workspace` here")
            }
            Self::NotListed { .. } => error
                .help("add its directory to `workspace.members` or `workspace.exclude`")
                .help("or add an empty `[workspace]` table to the package's manifest"),
            Self::DefaultMember { .. } => error.help("add it to `workspace.members` as well"),
            Self::Glob { cause, .. } => error.note(cause).help("correct the entry in the root manifest"),
            Self::Config(cause) => cause.into_diagnostic(),
            Self::Template { problem, .. } => match problem {
                TemplateProblem::Braces => error
                    .help("cargo knows `{workspace-root}`, `{cargo-cache-home}` and `{workspace-path-hash}`"),
                TemplateProblem::NotUtf8(path) => error
                    .note(format!("`{}` is not UTF-8", path.display()))
                    .help("remove `build.build-dir`, or move the directory"),
            },
        }
    }
}

impl fmt::Display for WorkspaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCurrentDir => f.write_str("there is no current directory"),
            Self::NoCargoHome => f.write_str("neither `CARGO_HOME` nor a home directory is known"),
            Self::ManifestPath { path, problem } => {
                let problem = match problem {
                    ManifestPathProblem::Missing => "does not exist",
                    ManifestPathProblem::Directory => "is a directory",
                    ManifestPathProblem::Name => "is not called `Cargo.toml`",
                };
                write!(f, "manifest path `{}` {problem}", path.display())
            }
            Self::Embedded(path) => write!(f, "`{}` is a single-file package", path.display()),
            Self::Unreadable { file, .. } => write!(f, "cannot read manifest `{}`", file.display()),
            Self::Syntax { source, .. } => {
                write!(f, "manifest `{}` is not valid TOML", source.path.display())
            }
            Self::Manifest { file, problem } => {
                let file = file.display();
                match problem {
                    ManifestProblem::Nothing => {
                        write!(f, "manifest `{file}` has neither `[package]` nor `[workspace]`")
                    }
                    ManifestProblem::Both => {
                        write!(f, "manifest `{file}` has both `[workspace]` and `package.workspace`")
                    }
                    ManifestProblem::Key { key, expected } => {
                        write!(f, "`{key}` in manifest `{file}` is not {expected}")
                    }
                }
            }
            Self::NotARoot { package, root } => write!(
                f,
                "`{}` points to a workspace at `{}`, where there is none",
                package.display(),
                root.display()
            ),
            Self::NotListed { package, root } => write!(
                f,
                "`{}` lies in the workspace of `{}`, which does not list it",
                package.display(),
                root.display()
            ),
            Self::DefaultMember { dir, root } => write!(
                f,
                "`{}` is one of the `default-members` of `{}`, but no member",
                dir.display(),
                root.display()
            ),
            Self::Glob { pattern, .. } => write!(f, "cannot follow the member pattern `{pattern}`"),
            Self::Config(_) => f.write_str("cargo's configuration cannot be used"),
            Self::Template { template, .. } => {
                write!(f, "`build.build-dir` cannot be made a path from `{template}`")
            }
        }
    }
}

impl std::error::Error for WorkspaceError {}

impl From<ConfigError> for WorkspaceError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}
