//! The command line of `xcargo clean`: every flag of `cargo clean` with its meaning, and xcargo's own beside them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgAction, CommandFactory as _, Parser};

use super::usage;
use crate::diagnostic::Failure;

/// What stands for the value of a flag that was given without: no argument can hold it.
const NO_VALUE: &str = "\0";

/// `xcargo clean …`
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(
    name = "clean",
    bin_name = "xcargo clean",
    about = "Remove build products: exactly what was asked for, and never outside the workspace",
    after_help = "Without a selection everything that cargo built goes, as with `cargo clean`. \
                  See docs/clean.md for what each flag takes and what always stays."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Clean {
    /// Package to clean artifacts for; a version or URL qualifier is honoured (name@1.2.3)
    #[arg(short, long, value_name = "SPEC", num_args = 0..=1, default_missing_value = NO_VALUE, action = ArgAction::Append,
          help_heading = "Package Selection")]
    pub package: Vec<String>,
    /// Clean artifacts of the workspace members
    #[arg(long, help_heading = "Package Selection")]
    pub workspace: bool,

    /// Only the documentation directory
    #[arg(long)]
    pub doc: bool,
    /// Release artifacts
    #[arg(short, long, help_heading = "Compilation Options")]
    pub release: bool,
    /// Artifacts of the specified profile
    #[arg(long, value_name = "PROFILE-NAME", help_heading = "Compilation Options")]
    pub profile: Option<String>,
    /// Artifacts of the target triple
    #[arg(long, value_name = "TRIPLE", num_args = 0..=1, default_missing_value = NO_VALUE, action = ArgAction::Append,
          help_heading = "Compilation Options")]
    pub target: Vec<String>,
    /// Directory for all generated artifacts
    #[arg(long, value_name = "DIRECTORY", help_heading = "Compilation Options")]
    target_dir: Option<OsString>,

    /// What the current pin and lock file can never use
    #[arg(long, help_heading = "What to Take (any of these)")]
    pub stale: bool,
    /// What this toolchain built: a name (1.78.0, nightly), or a hash that `xcargo cache` shows
    #[arg(long, value_name = "NAME", help_heading = "What to Take (any of these)")]
    pub toolchain: Vec<String>,
    /// What no recorded build has used for so long (30d, 2w)
    #[arg(long, value_name = "AGE", help_heading = "What to Take (any of these)")]
    pub older_than: Option<String>,
    /// The least recently used, until the rest is not larger than this (10GiB)
    #[arg(long, value_name = "SIZE", help_heading = "What to Take (any of these)")]
    pub keep_size: Option<String>,
    /// Incremental sessions
    #[arg(long, help_heading = "What to Take (any of these)")]
    pub incremental: bool,
    /// What is provably damaged
    #[arg(long, help_heading = "What to Take (any of these)")]
    pub damaged: bool,
    /// The safe form of `rm -rf PATH` for a target dir, also where Cargo.toml is broken
    #[arg(long, value_name = "PATH", help_heading = "What to Take (any of these)", conflicts_with_all = [
        "package", "workspace", "doc", "release", "profile", "target", "target_dir", "stale", "toolchain", "older_than",
        "keep_size", "incremental", "damaged", "manifest_path",
    ])]
    pub manual: Option<PathBuf>,

    /// Show what would be removed, and remove nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// The plan as JSON on stdout
    #[arg(long)]
    pub json: bool,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Where a build is running, stop (exit code 45) instead of waiting for its locks
    #[arg(long)]
    pub no_wait: bool,

    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH", help_heading = "Manifest Options")]
    manifest_path: Option<OsString>,
    /// Path to Cargo.lock
    #[arg(long, value_name = "PATH", hide = true)]
    lockfile_path: Option<OsString>,
    /// Assert that Cargo.lock will remain unchanged (it always does)
    #[arg(long, help_heading = "Manifest Options")]
    locked: bool,
    /// Run without accessing the network (always so)
    #[arg(long, help_heading = "Manifest Options")]
    offline: bool,
    /// Equivalent to specifying both --locked and --offline
    #[arg(long, help_heading = "Manifest Options")]
    frozen: bool,
    /// Do not print status lines
    #[arg(short, long)]
    quiet: bool,
    /// Name every path
    #[arg(short, long, action = ArgAction::Count)]
    verbose: u8,
    /// Coloring: auto, always, never
    #[arg(long, value_name = "WHEN")]
    color: Option<OsString>,
    /// Override a configuration value
    #[arg(long, value_name = "KEY=VALUE|PATH")]
    config: Vec<OsString>,
    /// Unstable (nightly-only) flags to cargo
    #[arg(short = 'Z', value_name = "FLAG")]
    unstable: Vec<OsString>,
}

/// Whose command line it is.
#[derive(Debug)]
pub enum Reading {
    /// xcargo carries it out.
    Ours(Box<Clean>),
    /// Cargo has a word of its own for it: a mistake, a list that was asked for, a flag of a later cargo.
    Cargos,
}

impl Clean {
    /// Whether one of xcargo's own criteria was given.
    #[must_use]
    pub fn has_criteria(&self) -> bool {
        self.stale
            || !self.toolchain.is_empty()
            || self.older_than.is_some()
            || self.keep_size.is_some()
            || self.incremental
            || self.damaged
    }

    /// Whether cargo would not understand it.
    #[must_use]
    pub fn is_xcargos(&self) -> bool {
        self.has_criteria() || self.manual.is_some() || self.json || self.yes || self.no_wait
    }

    /// What cargo refuses, or answers with a list.
    fn is_for_cargo(&self) -> bool {
        let asks_for_a_list = self.package.iter().chain(&self.target).any(|value| value == NO_VALUE);
        let two_profiles = self.release && self.profile.as_deref().is_some_and(|name| name != "release");
        let doc_of_a_package = self.doc && (!self.package.is_empty() || self.workspace);
        let two_moods = self.quiet && self.verbose > 0;
        let no_colour = self
            .color
            .as_deref()
            .is_some_and(|color| !["auto", "always", "never"].iter().any(|known| color == *known));
        let unstable = (self.lockfile_path.is_some() && self.unstable.is_empty())
            || self.unstable.iter().any(|flag| flag == "help");
        asks_for_a_list || two_profiles || doc_of_a_package || two_moods || no_colour || unstable
    }

    /// An empty value is a variable that nobody set. Cargo 1.95 takes everything for `--target ""`.
    fn has_empty_value(&self) -> bool {
        let all = self.package.iter().chain(&self.target).chain(&self.toolchain).chain(&self.profile);
        all.into_iter().any(String::is_empty)
    }
}

/// Reads what follows `clean`.
///
/// # Errors
/// One of xcargo's own flags is there, and the rest does not go with it.
pub fn clean(args: &[OsString]) -> Result<Reading, Failure> {
    let verb = std::iter::once(OsString::from("clean"));
    match Clean::try_parse_from(verb.chain(args.iter().cloned())) {
        Ok(parsed) if parsed.has_empty_value() => {
            Err(Failure::new(crate::exit::Code::Usage, "a flag of `clean` has an empty value")
                .note("nothing was removed")
                .help("is a variable in it not set?"))
        }
        Ok(parsed) if !parsed.is_for_cargo() => Ok(Reading::Ours(Box::new(parsed))),
        Ok(parsed) if parsed.is_xcargos() => {
            Err(Failure::new(crate::exit::Code::Usage, "these flags of `clean` do not go together")
                .note("`--doc` goes with no package, `--release` with no other profile, `-p` and `--target` need a value")
                .help("`xcargo clean --help` shows what it takes"))
        }
        Err(error) if names_ours(args) && error.kind() != ErrorKind::DisplayHelp => Err(usage(&error)),
        Ok(_) | Err(_) => Ok(Reading::Cargos),
    }
}

/// The help text of `xcargo clean`.
#[must_use]
pub fn clean_help() -> String {
    Clean::command().render_long_help().to_string()
}

/// Whether a flag is there that cargo does not have.
fn names_ours(args: &[OsString]) -> bool {
    const OURS: &[&str] = &[
        "--stale",
        "--toolchain",
        "--older-than",
        "--keep-size",
        "--incremental",
        "--damaged",
        "--manual",
        "--json",
        "--yes",
        "-y",
        "--no-wait",
    ];
    args.iter().filter_map(|arg| arg.to_str()).any(|arg| {
        let name = arg.split_once('=').map_or(arg, |(name, _)| name);
        OURS.contains(&name)
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{Reading, clean};

    fn read(args: &str) -> Result<Reading, crate::diagnostic::Failure> {
        clean(&args.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn cargo_has_the_word_where_it_would_refuse_or_list() {
        for args in [
            "-p",
            "--target",
            "--doc -p a",
            "--release --profile x",
            "gc",
            "--no-such-flag",
            "x",
            "--doc --workspace",
            "-qv",
            "--color bogus",
            "--lockfile-path x",
            "-Z help",
        ] {
            assert!(matches!(read(args), Ok(Reading::Cargos)), "{args}");
        }
        for args in [
            "",
            "-p a -p b",
            "-pa",
            "--package=a@1",
            "-r",
            "--release --profile release",
            "-nv",
            "-Zunstable-options",
            "--target a --target=b",
            "--stale -p a",
            "--manual target",
        ] {
            assert!(matches!(read(args), Ok(Reading::Ours(_))), "{args}");
        }
        for args in [
            "--target=",
            "-p= --release",
            "--stale --doc -p a",
            "--stale=1",
            "--manual target --release",
            "--json gc",
            "--keep-size",
            "--stale -p",
        ] {
            assert!(read(args).is_err(), "{args}");
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        <super::Clean as clap::CommandFactory>::command().debug_assert();
    }
}
