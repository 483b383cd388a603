//! What messages of cargo, rustc and the linker mean where the cache is to blame, and what each finding means.
//!
//! The symptoms are those that were seen, or read in the source of rustc and cargo: a file for each kind of thing that breaks.
//! Most of the messages have honest causes, too; so every page says how to tell.

mod code;
mod incremental;
mod linking;
mod metadata;
mod running;

use super::{CHECKS, Check};

/// What is to be said of a symptom or of a finding. Whole sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// What it means.
    pub means: &'static str,
    /// What brings it about.
    pub cause: &'static str,
    /// How it is known that the cache is to blame.
    pub proof: &'static str,
    /// What xcargo does.
    pub remedy: &'static str,
}

/// A message by which damage shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symptom {
    /// The codes of rustc's under which it is printed; none for messages without one.
    pub codes: &'static [&'static str],
    /// Parts of the message, as they are printed whatever the names in it are.
    pub messages: &'static [&'static str],
    /// What is to be said of it.
    pub page: Explanation,
    /// The findings that it comes from, by their codes.
    pub findings: &'static [&'static str],
}

/// What there is a page for.
#[derive(Debug, Clone, Copy)]
pub enum Topic {
    /// A message.
    Symptom(&'static Symptom),
    /// A finding.
    Finding(&'static Check),
}

/// No page is about that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The name that was probably meant.
    pub nearest: Option<&'static str>,
}

/// Less of a message would be in too many.
const SHORTEST: usize = 4;

/// All symptoms, in the order of the overview.
pub fn symptoms() -> impl Iterator<Item = &'static Symptom> {
    [metadata::ALL, code::ALL, linking::ALL, incremental::ALL, running::ALL].into_iter().flatten()
}

/// The pages about a code of rustc's, a finding's code, or any part of a message, whatever the case of its letters.
///
/// # Errors
/// There is none.
pub fn find(asked: &str) -> Result<Vec<Topic>, Unknown> {
    let asked = asked.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if let Some(check) = CHECKS.iter().find(|check| check.code == asked) {
        return Ok(vec![Topic::Finding(check)]);
    }
    let has_message = |symptom: &&Symptom| {
        let is_part = |message: &&str| {
            let message = message.to_lowercase();
            asked.contains(&message) || (asked.len() >= SHORTEST && message.contains(&asked))
        };
        symptom.messages.iter().any(is_part)
    };
    let has_code = |symptom: &&Symptom| {
        symptom.codes.iter().any(|code| words(&asked).any(|it| it == code.to_lowercase()))
    };
    let by_message: Vec<Topic> = symptoms().filter(has_message).map(Topic::Symptom).collect();
    let by_code: Vec<Topic> = symptoms().filter(has_code).map(Topic::Symptom).collect();
    // A whole line has both, and of several messages under one code only one is meant.
    match [by_message, by_code].into_iter().find(|found| !found.is_empty()) {
        Some(found) => Ok(found),
        None => Err(Unknown { nearest: nearest(&asked) }),
    }
}

/// A text's words; what is neither letter, digit nor hyphen stands between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-')
}

/// The code that was probably meant: at most a third of it is wrong.
fn nearest(asked: &str) -> Option<&'static str> {
    let codes = symptoms().flat_map(|symptom| symptom.codes).copied();
    let known = CHECKS.iter().map(|check| check.code).chain(codes);
    let allowed = (asked.chars().count() / 3).max(1);
    known
        .filter(|name| asked.len() <= 2 * name.len())
        .map(|name| (strsim::osa_distance(asked, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
