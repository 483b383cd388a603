//! What disagrees in a repository, as findings: pure, from what was read and what the dist server says.

mod file;
mod pin;
mod rule;
mod words;

use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

pub use rule::Rule;
pub use words::{reason, role};

use super::Pin;
use super::name::Named;
use super::survey::Survey;
use crate::diagnostic::Severity;
use crate::toolchain::Channel;
use crate::toolchain::channel::Kind;

/// Whether a toolchain can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Existence {
    /// The dist server has it, or it is installed.
    Exists,
    /// The dist server does not have it.
    Missing,
    /// Nobody asked, or nobody answered.
    Unknown,
}

/// Something that is wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// By which rule.
    pub rule: Rule,
    /// Whether the check fails for it.
    pub severity: Severity,
    /// The file, relative to the root.
    pub file: PathBuf,
    /// Its text; `None` where it could not be had.
    pub text: Option<Arc<str>>,
    /// The place, in bytes of the text; `None` where nobody can say, or where the whole file is meant.
    pub span: Option<Range<usize>>,
    /// What is wrong, without a full stop.
    pub message: String,
    /// The cause, and what else is worth knowing.
    pub notes: Vec<String>,
    /// The way out.
    pub help: Vec<String>,
}

/// Everything that is wrong, by file and place. What somebody ignores is not looked at.
#[must_use]
pub fn findings(survey: &Survey, known: &dyn Fn(&Channel) -> Existence) -> Vec<Finding> {
    let ground = file::Ground::of(survey, known);
    let mut found: Vec<Finding> = survey
        .files
        .iter()
        .filter(|file| file.ignored.is_none())
        .flat_map(|file| file::findings(file, &ground))
        .collect();
    found.extend(survey.unreadable.iter().map(file::unreadable));
    found.sort_by(|a, b| {
        let key = |it: &Finding| (it.span.as_ref().map(|span| (span.start, span.end)), it.rule);
        a.file.cmp(&b.file).then_with(|| key(a).cmp(&key(b)))
    });
    found
}

/// What is to be said of the repository as a whole.
#[must_use]
pub fn notes(survey: &Survey) -> Vec<String> {
    let unpinned = "the repository pins no toolchain, so no place can differ from it: `xcargo toolchain set` makes a pin";
    survey.pin.is_none().then(|| unpinned.to_owned()).into_iter().collect()
}

/// The toolchains of which it has to be known whether they exist, each once: those with a number or a date.
#[must_use]
pub fn questions(survey: &Survey) -> Vec<Channel> {
    let files = survey.files.iter().flat_map(super::survey::FileOfPins::judged);
    let all = survey.channel().cloned().into_iter().chain(files.filter_map(|placed| asked(&placed.pin)));
    let mut seen = HashSet::new();
    all.filter(|channel| is_question(channel) && seen.insert(channel.as_str().to_owned())).collect()
}

/// The channel that a pin names, where it can be asked whether it exists.
fn asked(pin: &Pin) -> Option<Channel> {
    match pin.named()? {
        Named::Channel(channel) => is_question(&channel).then_some(channel),
        Named::Newest => None,
    }
}

/// `stable`, `beta` and `nightly` always exist, and of a linked toolchain only its owner knows.
fn is_question(channel: &Channel) -> bool {
    match channel.kind() {
        Kind::Version { .. } => true,
        Kind::Stable | Kind::Beta | Kind::Nightly => channel.date().is_some(),
        Kind::Custom | Kind::Path => false,
    }
}

#[cfg(test)]
mod tests;
