//! The command lines of xcargo's own verbs.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand};

use crate::diagnostic::Failure;
use crate::exit::Code;

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
    match Policy::try_parse_from(args) {
        Ok(parsed) => Ok(Parsed::Run(parsed)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                Ok(Parsed::Text(error.render().to_string()))
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Err(Failure::new(Code::Usage, "`xcargo policy` needs to be told what to do")
                    .help("`xcargo policy --help` shows what it can do"))
            }
            _ => Err(usage(&error)),
        },
    }
}

/// The help text of `xcargo policy`.
#[must_use]
pub fn policy_help() -> String {
    Policy::command().render_long_help().to_string()
}

fn usage(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
    let (message, rest) = text.split_once('\n').unwrap_or((text, ""));
    let failure = Failure::new(Code::Usage, message);
    let rest = rest.trim();
    if rest.is_empty() { failure } else { failure.note(rest) }
}
