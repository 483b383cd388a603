//! What can be wrong with cargo's configuration. Cargo stops on each of these before it does anything in a workspace.

use std::ops::Range;
use std::path::PathBuf;

use super::value::Node;
use crate::diagnostic::{Diagnostic, SourceText};
use crate::exit::Code;
use crate::sourced::Origin;

/// Why cargo's configuration could not be read, or a value in it not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file is there (or was named) but cannot be read.
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// A file is not TOML.
    Syntax {
        /// The file and its text.
        source: SourceText,
        /// The place, in bytes.
        span: Range<usize>,
        /// What the parser says.
        message: String,
    },
    /// A value is of a kind that cargo's configuration does not know: a float or a date.
    Unsupported {
        /// The key.
        key: String,
        /// What was found.
        found: &'static str,
        /// Where it was written.
        origin: Origin,
    },
    /// A value is of another kind than the key asks for, or than the same key has elsewhere.
    Kind {
        /// The key.
        key: String,
        /// What it should be.
        expected: &'static str,
        /// What was found.
        found: &'static str,
        /// Where it was written.
        origin: Origin,
    },
    /// A file includes itself, directly or through others, or was named twice with `--config`.
    Cycle(PathBuf),
    /// An entry of `include` is no path, or not one that cargo takes.
    Include {
        /// Where it was written.
        origin: Origin,
        /// What is wrong with it.
        problem: IncludeProblem,
    },
    /// A `--config` argument is neither a file nor `KEY=VALUE`.
    Argument {
        /// The argument, for a message.
        argument: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The value is not UTF-8.
    NotUtf8(Origin),
    /// A path is set to the empty string.
    EmptyPath {
        /// The key or variable.
        key: String,
        /// Where it was written.
        origin: Origin,
    },
    /// A relative path in a file that has no directory above its own.
    NoBase {
        /// The key.
        key: String,
        /// Where it was written.
        origin: Origin,
    },
}

/// What is wrong with an entry of `include`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IncludeProblem {
    /// It is neither a string nor a table with a `path` (and perhaps a boolean `optional`).
    Shape,
    /// The path does not end in `.toml`, or holds a glob pattern or braces.
    Path(String),
}

impl ConfigError {
    pub(super) fn kind(key: &str, expected: &'static str, found: &Node) -> Self {
        Self::Kind {
            key: key.to_owned(),
            expected,
            found: found.kind.name(),
            origin: found.definition.origin(),
        }
    }

    /// As it is shown.
    pub(in crate::workspace) fn into_diagnostic(self) -> Diagnostic {
        let error = |message: String| Diagnostic::error(Code::Workspace, message);
        match self {
            Self::Unreadable { file, cause } => {
                error(format!("cannot read cargo's configuration `{}`", file.display()))
                    .note(cause)
                    .help("make the file readable, or remove it")
            }
            Self::Syntax { source, span, message } => {
                error(format!("cargo's configuration `{}` is not valid TOML", source.path.display()))
                    .label(&source, span, message)
                    .help("cargo cannot read this file either; correct the marked place")
            }
            Self::Unsupported { key, found, origin } => {
                error(format!("`{key}` in cargo's configuration may not be a {found}"))
                    .note(format!("set in {origin}"))
                    .help("write a string, an integer, a boolean, an array or a table")
            }
            Self::Kind { key, expected, found, origin } => {
                error(format!("`{key}` in cargo's configuration should be {expected}, but is {found}"))
                    .note(format!("set in {origin}"))
                    .help("use the same kind of value in every file; cargo merges them")
            }
            Self::Cycle(file) => {
                error(format!("cargo's configuration `{}` is included by itself", file.display()))
                    .help("remove one `include`, or one of two equal `--config`")
            }
            Self::Include { origin, problem } => {
                let cause = match problem {
                    IncludeProblem::Shape => {
                        "an entry is neither a string nor a table with a `path`".to_owned()
                    }
                    IncludeProblem::Path(path) => {
                        format!("`{path}` must end in `.toml` and hold neither a glob pattern nor braces")
                    }
                };
                error("`include` in cargo's configuration cannot be followed".to_owned())
                    .note(cause)
                    .note(format!("set in {origin}"))
                    .help("give a list of paths of `.toml` files, relative to the file that includes them")
            }
            Self::Argument { argument, cause } => {
                error(format!("`--config {argument}` is neither a file nor `KEY=VALUE`"))
                    .note(cause)
                    .help("write for example `--config 'build.jobs = 2'`")
            }
            Self::NotUtf8(origin) => error(format!("{origin} is not UTF-8"))
                .help("cargo's configuration is text; use a path or value that is UTF-8"),
            Self::EmptyPath { key, origin } => error(format!("`{key}` is set to an empty string"))
                .note(format!("set in {origin}"))
                .help("give it a directory, or remove it"),
            Self::NoBase { key, origin } => {
                error(format!("`{key}` is a relative path without a directory to start from"))
                    .note(format!("set in {origin}"))
                    .help("cargo starts two levels above the file; move the file or write an absolute path")
            }
        }
    }
}
