//! The command lines of xcargo's own verbs.

mod clean;
mod doctor;
mod toolchain;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::invocation::Verb;
use crate::report::{By, text};

pub use clean::{Clean, Reading, clean, clean_help};
pub use doctor::{Doctor, doctor};
pub use toolchain::{
    Changing, Check, Format, Set, Show, Sync, Toolchain, ToolchainAction, Update, toolchain,
};

/// `xcargo policy …`
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(
    name = "policy",
    bin_name = "xcargo policy",
    about = "Write, check or show the policy in doctor.toml",
    disable_help_subcommand = true
)]
pub struct Policy {
    /// What to do with it.
    #[command(subcommand)]
    pub action: PolicyAction,
    #[command(flatten)]
    common: Common,
}

/// What `xcargo policy` can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum PolicyAction {
    /// Write a commented doctor.toml with every key and its default; never over an existing file
    Init,
    /// Check doctor.toml and all files that it extends; the exit code says whether they are valid
    Check,
    /// Show the policy in effect, with the place where each value was set
    Show,
    /// Print the JSON schema of doctor.toml, for editors
    Schema,
}

/// `xcargo cache …`
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(
    name = "cache",
    bin_name = "xcargo cache",
    about = "Show what is in the target dir and the build dir",
    after_help = "Nothing is changed, and no lock is taken. `xcargo -- cache` runs cargo's own `cache`, if there is one."
)]
pub struct Cache {
    /// Show this breakdown only
    #[arg(long, value_name = "WHAT")]
    by: Option<CacheBy>,
    /// Show all rows, not only the largest
    #[arg(long)]
    all: bool,
    /// Print everything as JSON
    #[arg(long, conflicts_with_all = ["by", "all"])]
    json: bool,
    /// Write a page for a browser: a treemap and a table
    #[arg(long, value_name = "FILE", conflicts_with_all = ["by", "all", "json"])]
    html: Option<PathBuf>,
    /// Directory for all generated artifacts
    #[arg(long, value_name = "DIRECTORY")]
    target_dir: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// `--by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CacheBy {
    /// The compiler that built it
    Toolchain,
    /// Profile and target triple
    Profile,
    /// Package and version
    Package,
    /// Libraries, programs, tests, incremental sessions, documentation, …
    Kind,
}

/// How `xcargo cache` shows what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheShow {
    /// As text.
    Text(text::Wanted),
    /// As JSON.
    Json,
    /// As a page, into this file.
    Html(PathBuf),
}

impl Cache {
    /// What was asked for.
    #[must_use]
    pub fn show(self) -> CacheShow {
        if let Some(path) = self.html {
            return CacheShow::Html(path);
        }
        if self.json {
            return CacheShow::Json;
        }
        let by = match self.by {
            None => By::ALL.to_vec(),
            Some(CacheBy::Toolchain) => vec![By::Toolchain],
            Some(CacheBy::Profile) => vec![By::Profile],
            Some(CacheBy::Package) => vec![By::Package],
            Some(CacheBy::Kind) => vec![By::Kind],
        };
        CacheShow::Text(text::Wanted { by, most: (!self.all).then_some(text::USUAL) })
    }
}

/// Flags that are cargo's and mean the same here. They are read with cargo's own (see `invocation::Flags`); clap
/// has to know them only to allow and document them.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
struct Common {
    /// Path to the Cargo.toml of the workspace
    #[arg(long, value_name = "PATH", global = true)]
    manifest_path: Option<OsString>,
    /// Do not print status lines
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Print more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Coloring: auto, always, never
    #[arg(long, value_name = "WHEN", global = true)]
    color: Option<String>,
    /// Override a configuration value
    #[arg(long, value_name = "KEY=VALUE|PATH", global = true)]
    config: Vec<OsString>,
}

/// What clap made of a verb's arguments.
#[derive(Debug)]
pub enum Parsed<T> {
    /// Run it.
    Run(T),
    /// Help was asked for: this text.
    Text(String),
}

/// Reads the arguments of `xcargo policy`, the verb itself first.
///
/// # Errors
/// They are not what the verb takes.
pub fn policy(args: &[OsString]) -> Result<Parsed<Policy>, Failure> {
    parse(args, || {
        Failure::new(Code::Usage, "`xcargo policy` needs to be told what to do")
            .help("`xcargo policy --help` shows what it can do")
    })
}

/// Reads the arguments of `xcargo cache`, the verb itself first.
///
/// # Errors
/// They are not what the verb takes.
pub fn cache(args: &[OsString]) -> Result<Parsed<Cache>, Failure> {
    // It can be told nothing.
    parse(args, || Failure::new(Code::Usage, "`xcargo cache` was used wrongly"))
}

fn parse<T: Parser>(args: &[OsString], nothing: impl FnOnce() -> Failure) -> Result<Parsed<T>, Failure> {
    match T::try_parse_from(args) {
        Ok(parsed) => Ok(Parsed::Run(parsed)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                Ok(Parsed::Text(error.render().to_string()))
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Err(nothing()),
            _ => Err(usage(&error)),
        },
    }
}

/// The help text of a verb.
#[must_use]
pub fn help(verb: Verb) -> String {
    let mut command = match verb {
        Verb::Cache => Cache::command(),
        Verb::Doctor => Doctor::command(),
        Verb::Policy => Policy::command(),
        Verb::Toolchain => Toolchain::command(),
    };
    command.render_long_help().to_string()
}

fn usage(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
    let (message, rest) = text.split_once('\n').unwrap_or((text, ""));
    let failure = Failure::new(Code::Usage, message);
    let rest = rest.trim();
    if rest.is_empty() { failure } else { failure.note(rest) }
}
