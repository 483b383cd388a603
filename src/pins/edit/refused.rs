//! Why a text is not edited.

use std::fmt;

use crate::pins::Unreadable;

/// Why an edit is not made: it could not be proved that it changes nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Two edits overlap, or one does not lie on whole characters, or replaces nothing.
    Misplaced,
    /// The new name is empty, or holds blanks or control characters.
    Unspeakable(String),
    /// The old text cannot be read.
    Before(Unreadable),
    /// The new text cannot be read.
    After(Unreadable),
    /// The text can be read with the old name only: it is no part of a string.
    Between(Unreadable),
    /// Something would be opened or closed.
    Structure,
    /// A value would change in another way than its name.
    Scalar {
        /// What it says.
        was: String,
        /// What it would say.
        now: String,
    },
    /// An edit falls between the values: into a comment, an anchor.
    NoScalar,
    /// YAML would read the new name as another number.
    Misread(String),
    /// There is no pin where this name would be written.
    NoPin(String),
    /// This name cannot be replaced by itself.
    Frozen(String),
    /// Other pins would be there.
    Pins {
        /// How many there are.
        was: usize,
        /// How many there would be.
        now: usize,
    },
    /// A pin would be read as another name.
    Pin {
        /// The name that should stand there.
        was: String,
        /// What would be read.
        now: String,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misplaced => f.write_str("the places to edit overlap or cut a character"),
            Self::Unspeakable(name) => write!(f, "`{name}` is no name that can be written there"),
            Self::Before(error) => write!(f, "it cannot be read: {}", error.why),
            Self::After(error) => write!(f, "it could not be read after the edit: {}", error.why),
            Self::Between(error) => {
                write!(f, "a version that is no string cannot be edited safely: {}", error.why)
            }
            Self::Structure => f.write_str("the edit would change its structure"),
            Self::Scalar { was, now } => {
                write!(f, "the edit would change `{}` to `{}`", short(was), short(now))
            }
            Self::NoScalar => f.write_str("the place to edit is in no value"),
            Self::Misread(name) => write!(f, "without quotes `{name}` would be read as another number"),
            Self::NoPin(name) => write!(f, "no toolchain is named where `{name}` would be written"),
            Self::Frozen(name) => write!(f, "`{name}` cannot be replaced by itself"),
            Self::Pins { was, now } => {
                write!(f, "it names {was} toolchains, and after the edit it would name {now}")
            }
            Self::Pin { was, now } => write!(f, "`{was}` would be read as `{now}` after the edit"),
        }
    }
}

/// The first line of a value, as far as it is of use in a message.
fn short(value: &str) -> String {
    let line = value.lines().next().unwrap_or_default();
    let start: String = line.chars().take(60).collect();
    if start.len() < value.len() { format!("{start}…") } else { start }
}
