//! The command line of `xcargo toolchain`.

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::{Common, Parsed, parse};
use crate::diagnostic::Failure;
use crate::exit::Code;
use crate::plan::Consent;

/// `xcargo toolchain …`
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(
    name = "toolchain",
    bin_name = "xcargo toolchain",
    about = "Change the pinned toolchain everywhere at once, or check that all places name the same",
    after_help = "Places are the toolchain file, doctor.toml, CI workflows, Dockerfiles and the like; docs/toolchain.md lists \
                  them. A comment beside one says what it is for: `# xcargo: ignore`, `# xcargo: role=msrv`.",
    disable_help_subcommand = true
)]
pub struct Toolchain {
    /// What to do.
    #[command(subcommand)]
    pub action: ToolchainAction,
    #[command(flatten)]
    common: Common,
}

/// What `xcargo toolchain` can do.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum ToolchainAction {
    /// Install a toolchain, make every place name it, and clean what it can never use
    Set(Set),
    /// Show which toolchain is in effect, and every place that names one
    Show(Show),
    /// Check that all places agree; the exit code says so
    Check(Check),
    /// Make every place name what the toolchain file names
    Sync(Sync),
    /// Bring a pinned channel that moves up to date, and clean if its compiler changed
    Update(Update),
}

impl ToolchainAction {
    /// How something is to be changed; `None` for what only looks.
    #[must_use]
    pub const fn changing(&self) -> Option<&Changing> {
        match self {
            Self::Set(Set { changing, .. })
            | Self::Sync(Sync { changing, .. })
            | Self::Update(Update { changing }) => Some(changing),
            Self::Show(_) | Self::Check(_) => None,
        }
    }
}

/// Flags of everything that changes something.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Changing {
    /// Show a unified diff of each file and the steps, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Use no network: what is not installed stops the command
    #[arg(long)]
    pub offline: bool,
}

impl Changing {
    /// Whether the command line agrees to everything.
    #[must_use]
    pub const fn consent(&self) -> Consent {
        if self.yes { Consent::Given } else { Consent::Asked }
    }
}

/// `xcargo toolchain set`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Set {
    /// 1.78.0, 1.78, stable, beta, nightly-2026-05-19, the name of a linked toolchain, or `latest` for the newest stable
    pub channel: String,
    /// Whether and how to change something.
    #[command(flatten)]
    pub changing: Changing,
    /// Add a component to the toolchain file (rustfmt, clippy, …)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub component: Vec<String>,
    /// Add a target triple to the toolchain file
    #[arg(long, value_name = "TRIPLE", value_delimiter = ',')]
    pub target: Vec<String>,
    /// Set the profile of the toolchain file
    #[arg(long, value_name = "NAME", value_parser = ["minimal", "default", "complete"])]
    pub profile: Option<String>,
    /// Build afterwards
    #[arg(long)]
    pub build: bool,
    /// Leave files alone that cannot be read as what they are, instead of stopping
    #[arg(long)]
    pub skip_unreadable: bool,
}

/// `xcargo toolchain show`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Show {
    /// Print everything as JSON
    #[arg(long)]
    pub json: bool,
}

/// `xcargo toolchain check`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Check {
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    pub format: Format,
    /// Do not ask the dist server whether the versions exist
    #[arg(long)]
    pub offline: bool,
}

/// `--format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// Annotations of a GitHub workflow
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// `xcargo toolchain sync`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Sync {
    /// Whether and how to change something.
    #[command(flatten)]
    pub changing: Changing,
    /// What names this one was the pin, too, and follows (say it once for each)
    #[arg(long, value_name = "CHANNEL")]
    pub from: Vec<String>,
    /// Leave files alone that cannot be read as what they are, instead of stopping
    #[arg(long)]
    pub skip_unreadable: bool,
}

/// `xcargo toolchain update`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Update {
    /// Whether and how to change something.
    #[command(flatten)]
    pub changing: Changing,
}

/// Reads the arguments of `xcargo toolchain`, the verb itself first.
///
/// # Errors
/// They are not what the verb takes.
pub fn toolchain(args: &[OsString]) -> Result<Parsed<Toolchain>, Failure> {
    parse(args, || {
        Failure::new(Code::Usage, "`xcargo toolchain` needs to be told what to do")
            .help("`xcargo toolchain --help` shows what it can do")
    })
}
