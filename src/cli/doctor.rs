//! The command line of `xcargo doctor`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;

use super::{Common, Parsed, parse};
use crate::diagnostic::Failure;
use crate::exit::Code;

/// `xcargo doctor …`
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(
    name = "doctor",
    bin_name = "xcargo doctor",
    about = "Hold the build cache against what it was built from, and repair it",
    after_help = "Every artifact of every profile is read. Exit code 40: something is wrong and was not repaired. Nothing in the \
                  cache is changed without --fix. See docs/doctor.md for the findings and the JSON."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Doctor {
    /// Repair what is found, as the step `verify-cache` does: the next build makes it anew
    #[arg(long)]
    pub fix: bool,
    /// Read only files whose size or times changed since they were recorded
    #[arg(long)]
    pub quick: bool,
    /// The findings as JSON on stdout
    #[arg(long)]
    pub json: bool,
    /// Say what a message or a finding means: a code (E0514, ghost-source) or any part of a message; alone: all of them
    #[arg(long, value_name = "WHAT", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["fix", "quick", "json", "no_wait"])]
    pub explain: Option<String>,
    /// Where a build is running, stop (exit code 45) instead of waiting for its locks
    #[arg(long)]
    pub no_wait: bool,
    /// Directory for all generated artifacts
    #[arg(long, value_name = "DIRECTORY")]
    target_dir: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// Reads the arguments of `xcargo doctor`, the verb itself first.
///
/// # Errors
/// They are not what the verb takes.
pub fn doctor(args: &[OsString]) -> Result<Parsed<Doctor>, Failure> {
    // It can be told nothing.
    parse(args, || Failure::new(Code::Usage, "`xcargo doctor` was used wrongly"))
}
