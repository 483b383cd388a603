//! The words for a change of the pins: what is edited, what stays and why, what stands in the way.

use std::path::Path;

use super::{Because, Blocked, ChangePlan, FileChange, Left};
use crate::diagnostic::Diagnostic;
use crate::exit::Code;
use crate::pins::survey::shown;
use crate::pins::{Frozen, Why};
use crate::sourced::{Origin, Sourced};
use crate::toolchain::Channel;
use crate::toolchain::rewrite::CannotRewrite;

/// `.github/workflows/ci.yml: 2 places`, `rust-toolchain.toml (new)`.
#[must_use]
pub fn file_change(file: &FileChange) -> String {
    let path = shown(&file.path);
    match (&file.before, file.places) {
        (None, _) => format!("{path} (new)"),
        (Some(_), 1) => format!("{path}: 1 place"),
        (Some(_), places) => format!("{path}: {places} places"),
    }
}

/// What a person is asked.
#[must_use]
pub fn question(plan: &ChangePlan, to: &Channel) -> String {
    match plan.files.len() {
        0 => format!("Install {to}?"),
        1 => format!("Change this file to {to}?"),
        files => format!("Change these {files} files to {to}?"),
    }
}

/// `1.79.0 in 4 files`.
#[must_use]
pub fn pinned(plan: &ChangePlan, to: &Channel) -> String {
    let places: usize = plan.files.iter().map(|file| file.places).sum();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let files = plan.files.len();
    format!("{to}: {places} place{} in {files} file{}", plural(places), plural(files))
}

/// `Dockerfile:3 (1.78.0): its digest decides, not the tag`.
#[must_use]
pub fn left(left: &Left, to: &Channel) -> String {
    let (path, line) = (shown(&left.path), left.line);
    let name = if left.text.is_empty() { String::new() } else { format!(" ({})", left.text) };
    let why = match &left.because {
        Because::Frozen(frozen) => self::frozen(*frozen).to_owned(),
        Because::Inexpressible => format!("such a place cannot name {to}"),
        Because::Undecided(why) => {
            let why = match why {
                Why::OneOfSeveral => "it is one of several, and names neither the pin nor rust-version",
                Why::NamesBoth => "it named the pin and rust-version, which were the same",
                _ => "it names neither the pin nor rust-version",
            };
            format!(
                "{why}; say what it is for: `# xcargo: role=dev`, `role=msrv`, `role=deliberate` or `ignore`"
            )
        }
        Because::NewerThanPin => format!("it is an oldest supported release, and newer than {to}"),
        Because::Unsafe(why) => format!("an edit would not be safe: {why}"),
        Because::Unreadable(why) => why.clone(),
    };
    format!("{path}:{line}{name}: {why}")
}

/// Why a name cannot be replaced by itself.
#[must_use]
pub const fn frozen(frozen: Frozen) -> &'static str {
    match frozen {
        Frozen::Digest => "its digest decides, not the tag: bring both up to date by hand",
        Frozen::Commit => "a commit's hash decides, not this name: bring both up to date by hand",
        Frozen::Checksum => "a checksum stands beside it: bring both up to date by hand",
        Frozen::Spelled => "it is written with escapes or put together from parts: change it by hand",
        Frozen::Fixed => "such a place takes no other name: change it by hand",
    }
}

/// Whether a person has asked for another toolchain than the pin here: by variable, override or `+name`.
#[must_use]
pub fn outranks(in_use: &Sourced<Channel>, pin: &Channel) -> bool {
    let by_a_person =
        matches!(in_use.origin, Origin::CommandLine(_) | Origin::Environment(_) | Origin::RustupOverride(_));
    // An override is kept under its full name, with the host's triple.
    let is_pin = in_use.value.kind() == pin.kind() && in_use.value.date() == pin.date();
    by_a_person && !is_pin
}

/// That something else than the pin is in use.
#[must_use]
pub fn outranked(in_use: &Sourced<Channel>, pin: &Channel, dir: &Path) -> String {
    format!("{} is in use here, not {pin}: {} outranks the pin", in_use.value, in_use.origin.shown_from(dir))
}

/// What stands in the way, and the way out.
#[must_use]
pub fn blocked(blocked: &Blocked, to: &Channel) -> Diagnostic {
    match blocked {
        Blocked::Unreadable { path, why } => {
            Diagnostic::error(Code::StepFailed, format!("{} cannot be read: {why}", shown(path))).help(
                "mend the file, list it in `[pins] ignore` of doctor.toml, or go on with `--skip-unreadable`",
            )
        }
        Blocked::File { path, why } => {
            let error =
                Diagnostic::error(Code::StepFailed, format!("{} cannot be changed: {why}", shown(path)));
            match why {
                CannotRewrite::BareName => {
                    error.help("rename it to rust-toolchain.toml and write it as TOML")
                }
                CannotRewrite::NamesPath => error.help("give it a `channel` instead of a `path` first"),
                CannotRewrite::Spelled => error.help("write `channel = \"…\"`"),
            }
        }
        Blocked::TooOld { path, line, rust_version } => Diagnostic::error(
            Code::StepFailed,
            format!("{}:{line} asks for Rust {rust_version}, which {to} is not", shown(path)),
        )
        .note("cargo would refuse to build the package")
        .help("lower `rust-version` first, or choose a newer toolchain"),
    }
}
