//! Scripts inside of files of another kind: what their commands name, as pins of that file.

use super::name::Named;
use super::shell::{self, Use, Word};
use super::variable::is_official;
use super::{By, Nature, Pin, Spelling};

/// What a script names.
#[derive(Debug, Default)]
pub(super) struct Scripted {
    /// Names that stand there.
    pub pins: Vec<Pin>,
    /// What the shell puts something else in the place of; spans are those of the file.
    pub expanded: Vec<Word>,
}

/// Reads a script that starts at this byte of the text. `script` may have blanks where the text has what no shell sees.
pub(super) fn read(text: &str, start: usize, script: &str, place: &str) -> Scripted {
    let mut found = Scripted::default();
    for mut word in shell::all(script) {
        word.span = start + word.span.start..start + word.span.end;
        if word.is_expanded() {
            found.expanded.push(word);
        } else if takes(&word) {
            found.pins.push(Pin::at(text, word.span, place, Spelling::Channel, nature(word.by)));
        }
    }
    found
}

/// What a place in a script is, by the use of the name there.
pub(super) const fn nature(by: Use) -> Nature {
    match by {
        Use::Chooses(By::Plus | By::Variable) | Use::Mentions => Nature::Command,
        Use::Chooses(By::Container | By::Default | By::Override) => Nature::Environment,
        // One more beside the default, as a rule.
        Use::Installs | Use::Chooses(By::Installed) => Nature::Row,
    }
}

/// The words of a command that is written as an array of JSON strings, as scripts, each with the byte at which it starts: the
/// words themselves, and what a shell is given to run. `None` where a string has escapes, so that its bytes say nothing.
pub(super) fn exec(array: &str) -> Option<Vec<(usize, String)>> {
    if array.contains('\\') || !array.trim_start().starts_with('[') {
        return None;
    }
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for (nth, part) in array.split('"').enumerate() {
        if nth % 2 == 1 {
            words.push((at, part));
        }
        at += part.len() + 1;
    }
    let is_shell = words.first().is_some_and(|(_, program)| {
        let name = program.rsplit('/').next().unwrap_or_default();
        name.ends_with("sh") || name == "env"
    });
    // Blanks for what stands between the strings; their quotes keep each of them one word.
    let mut scripts = Vec::new();
    let mut spaced = String::with_capacity(array.len());
    for (at, word) in &words {
        if is_shell && word.contains(' ') {
            scripts.push((*at, (*word).to_owned()));
            continue;
        }
        spaced.push_str(&" ".repeat((at - 1).saturating_sub(spaced.len())));
        spaced.push('"');
        spaced.push_str(word);
        spaced.push('"');
    }
    scripts.push((0, spaced));
    Some(scripts)
}

/// Only `rustup default` and `rustup override` name linked toolchains so that nothing else can be meant; what holds more than
/// a plain name is put together by the shell.
fn takes(word: &Word) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    match word.by {
        Use::Chooses(By::Default | By::Override) => {
            word.text.chars().all(is_plain) && Named::parse(&word.text, Spelling::Channel).is_some()
        }
        Use::Chooses(_) | Use::Installs | Use::Mentions => is_official(&word.text, Spelling::Channel),
    }
}
