//! What a key takes, and what tightening it means, in words: for messages and for the documentation.

use super::hint::one_of;
use super::shape::{Field, Key, Kind, Presence, Tighter};
use super::words::StepName;

impl Kind {
    /// What may stand there.
    pub(super) fn allowed(&self) -> String {
        match self {
            Self::Words(words) => one_of(words.iter().copied()),
            Self::Channel => {
                "the name of a toolchain, such as `1.78.0`, `stable` or `nightly-2026-05-19`".to_owned()
            }
            Self::MaxAge => "`never`, or a number of hours, days or weeks: `12h`, `7d`, `2w`".to_owned(),
            Self::Count => format!("a whole number from 0 to {}", u32::MAX),
            Self::Bytes => {
                "a whole number and a unit: `B`, `kB`, `MB`, `GB`, `TB`, `KiB`, `MiB`, `GiB` or `TiB`"
                    .to_owned()
            }
            Self::Boolean => "`true` or `false`".to_owned(),
            Self::VersionReq => "a version requirement, such as `>=0.1` or `>=0.1, <0.3`".to_owned(),
            Self::PolicyPath => {
                "the path of a policy file, relative to the file that names it, or absolute".to_owned()
            }
            Self::Directory => {
                "an absolute path without `..`, neither the root nor the home directory nor one above it"
                    .to_owned()
            }
            Self::Glob => {
                "a glob relative to the workspace root, such as `.github/workflows/*.yml`".to_owned()
            }
            Self::Pattern => {
                r"a regular expression with one capture group, such as `VERSION=([\d.]+)`".to_owned()
            }
            Self::Reason => "a sentence".to_owned(),
            Self::Command => "one cargo command, such as `publish`".to_owned(),
            Self::Argument => "one argument, such as `--locked`".to_owned(),
            Self::Steps(steps) => format!("a list of {}, none twice", step_names(steps)),
            Self::List(Self::Table(fields)) => format!("a list of tables {}", field_names(fields)),
            Self::List(of) => format!("a list, each entry {}", of.allowed()),
            Self::Filled(of) => format!("a list of at least one entry, each {}", of.allowed()),
            Self::Table(fields) => format!("a table {}", field_names(fields)),
            Self::Versions(fields) => {
                format!("{}, or a table {}", Self::VersionReq.allowed(), field_names(fields))
            }
        }
    }
}

fn step_names(steps: &[StepName]) -> String {
    let names: Vec<String> = steps.iter().map(ToString::to_string).collect();
    one_of(names.iter().map(String::as_str))
}

/// `{ path, reason, role? }`, a question mark behind what may be left out.
fn field_names(fields: &[Field]) -> String {
    let names: Vec<String> = fields
        .iter()
        .map(|field| match field.presence {
            Presence::Required => field.name.to_owned(),
            Presence::Optional | Presence::Default(_) => format!("{}?", field.name),
        })
        .collect();
    format!("`{{ {} }}`", names.join(", "))
}

impl Key {
    /// What a file that extends another may do to this key.
    pub(super) fn tighter_in_words(&self) -> String {
        match (self.tighter, &self.kind) {
            (Tighter::Later, Kind::Words(words)) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("from loose to tight: {}", quoted.join(", "))
            }
            (Tighter::Later, _) => "a later value is tighter".to_owned(),
            (Tighter::Shorter, _) => "a shorter time is tighter, `never` is the loosest".to_owned(),
            (Tighter::Smaller, Kind::Bytes) => "a smaller size is tighter".to_owned(),
            (Tighter::Free, _) => "it may be changed".to_owned(),
            (Tighter::Smaller, _) => "a smaller number is tighter".to_owned(),
            (Tighter::MoreSteps, _) => {
                "steps may be added; those of the base stay, in their order".to_owned()
            }
            (Tighter::FewerEntries, _) => {
                "entries may go; none is added once the base has the key".to_owned()
            }
            (Tighter::MoreEntries, _) => "entries may be added; those of the base stay".to_owned(),
            (Tighter::Same, _) => "it must be the same".to_owned(),
            (Tighter::Together, _) => "all requirements hold together".to_owned(),
            (Tighter::Own, _) => "each file has its own".to_owned(),
        }
    }
}
