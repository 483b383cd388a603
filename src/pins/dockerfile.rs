//! Dockerfiles: `FROM`, `ARG` with defaults, `ENV`, `RUN`, and images that are copied or mounted from.

mod expand;
mod instruction;
mod scope;

use std::collections::HashSet;
use std::ops::Range;

use expand::{Expanded, Prefer, expand};
use instruction::{File, Instruction};
use scope::Scopes;

use super::merge::merge;
use super::shell::Word;
use super::variable::{is_of_rust, is_official};
use super::{Found, Nature, Pin, Remark, Spelling, Unreadable, What, image, script};

/// Finds every toolchain that the file names. A variable is followed to the value that is written down for it.
///
/// # Errors
/// A here-document has no end.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let file = instruction::read(text)?;
    let mut finder =
        Finder { text, file: &file, scopes: Scopes::default(), pins: Vec::new(), remarks: Vec::new() };
    for instruction in &file.instructions {
        finder.take(instruction);
    }
    Ok(Found { pins: settle(finder.pins), remarks: finder.remarks, ..Found::default() })
}

struct Finder<'a> {
    text: &'a str,
    file: &'a File,
    scopes: Scopes,
    pins: Vec<Pin>,
    remarks: Vec<Remark>,
}

impl<'a> Finder<'a> {
    fn take(&mut self, instruction: &Instruction) {
        let words = || instruction::words(&self.file.masked, &instruction.args, self.file.escape);
        match &*instruction.name {
            "FROM" => {
                let words = words();
                self.from(&words);
            }
            "ARG" => words().into_iter().for_each(|word| self.argument(word)),
            "ENV" => {
                let words = words();
                self.environment(&words, instruction.args.end);
            }
            "RUN" | "CMD" | "ENTRYPOINT" | "COPY" | "ADD" => {
                let words = words();
                let rest = self.flags(&instruction.name, &words, instruction.args.end);
                if !matches!(&*instruction.name, "COPY" | "ADD") {
                    self.run(&instruction.name, rest, &instruction.heredocs);
                }
            }
            _ => {}
        }
    }

    fn written(&self, range: &Range<usize>) -> &'a str {
        self.file.masked.get(range.clone()).unwrap_or_default()
    }

    fn from(&mut self, words: &[Range<usize>]) {
        let mut words = words.iter().skip_while(|word| self.written(word).starts_with("--"));
        let Some(reference) = words.next() else { return };
        let is_as = words.next().is_some_and(|word| self.written(word).eq_ignore_ascii_case("as"));
        let name = words.next().filter(|_| is_as).map(|word| self.written(word));
        self.scopes.begin(self.written(reference), name);
        let place = format!("FROM{}", self.scopes.place());
        self.image(reference, &place, Scopes::global);
    }

    /// An image, with the values of variables in it.
    fn image(
        &mut self,
        word: &Range<usize>,
        place: &str,
        lookup: impl for<'s> Fn(&'s Scopes, &str) -> Option<&'s Expanded>,
    ) {
        for prefer in [Prefer::Value, Prefer::Default] {
            let lookup = |name: &str| lookup(&self.scopes, name);
            let reference = expand(&self.file.masked, word, self.file.escape, prefer, lookup);
            let Some(tag) = image::tag(&reference.text) else {
                // With any version in the place of what is not known, it would be an image of Rust.
                let known = reference.text.replace('$', "1.0");
                if reference.text.contains('$') && image::tag(&known).is_some() {
                    self.unfollowed(word.clone());
                }
                continue;
            };
            let Some(span) = reference.source(&tag.span) else {
                self.unfollowed(word.clone());
                continue;
            };
            let pin = if word.start <= span.start && span.end <= word.end {
                let stage = self.scopes.stage().to_owned();
                Pin::at(self.text, span, place, tag.spelling, Nature::Environment).around([&*stage])
            } else {
                let names = reference.variables.join(", ");
                let place = format!("{names} for {place}");
                let around = reference.variables.iter().map(String::as_str);
                Pin::at(self.text, span, place, tag.spelling, Nature::Environment).around(around)
            };
            self.pins.push(pin.frozen(tag.frozen));
        }
    }

    fn argument(&mut self, word: Range<usize>) {
        let (name, value) = self.assignment(word);
        let value = value.map(|value| self.value("ARG", name, &value));
        self.scopes.argument(name, value);
    }

    fn environment(&mut self, words: &[Range<usize>], end: usize) {
        let Some(first) = words.first() else { return };
        if let (name, None) = self.assignment(first.clone()) {
            // `ENV NAME value`: all that follows is the value.
            let Some(second) = words.get(1) else { return };
            let value = self.value("ENV", name, &(second.start..end));
            self.scopes.environment(name, value);
            return;
        }
        // Values of one instruction do not see each other.
        let assigned: Vec<_> = words.iter().map(|word| self.assignment(word.clone())).collect();
        let values: Vec<_> = assigned
            .into_iter()
            .filter_map(|(name, value)| Some((name, self.value("ENV", name, &value?))))
            .collect();
        for (name, value) in values {
            self.scopes.environment(name, value);
        }
    }

    /// `NAME=value`, or a name alone.
    fn assignment(&self, word: Range<usize>) -> (&'a str, Option<Range<usize>>) {
        let written = self.written(&word);
        match written.split_once('=') {
            Some((name, _)) => (name, Some(word.start + name.len() + 1..word.end)),
            None => (written, None),
        }
    }

    /// What a variable is set to; it is a pin where its name says so.
    fn value(&mut self, instruction: &str, name: &str, value: &Range<usize>) -> Expanded {
        let expand =
            |prefer| expand(&self.file.masked, value, self.file.escape, prefer, |name| self.scopes.get(name));
        let (expanded, default) = (expand(Prefer::Value), expand(Prefer::Default));
        if is_of_rust(name) {
            for found in [&expanded, &default] {
                if is_official(&found.text, Spelling::Channel)
                    && let Some(span) = found.whole()
                {
                    let place = format!("{instruction} {name}{}", self.scopes.place());
                    let pin = Pin::at(self.text, span, place, Spelling::Channel, Nature::Environment)
                        .around([name]);
                    self.pins.push(pin);
                }
            }
        }
        expanded
    }

    /// Reads the flags of an instruction for images; gives what follows them.
    fn flags(&mut self, instruction: &str, words: &[Range<usize>], end: usize) -> Range<usize> {
        for word in words {
            let written = self.written(word);
            if !written.starts_with("--") {
                return word.start..end;
            }
            let mut at = word.start;
            for part in written.split(',') {
                let is_flag = part.starts_with("--from=");
                let is_mount = written.starts_with("--mount=")
                    && (part.starts_with("from=") || part.starts_with("--mount=from="));
                if is_flag || is_mount {
                    let skip = part.rfind("from=").map_or(0, |skip| skip + 5);
                    let place = format!("{instruction} from{}", self.scopes.place());
                    self.image(&(at + skip..at + part.len()), &place, Scopes::get);
                }
                at += part.len() + 1;
            }
        }
        end..end
    }

    fn run(&mut self, instruction: &str, rest: Range<usize>, heredocs: &[Range<usize>]) {
        let place = format!("{instruction}{}", self.scopes.place());
        let written = self.written(&rest);
        if let Some(words) = script::exec(written) {
            for (at, words) in words {
                self.script(rest.start + at, &words, &place);
            }
        } else {
            self.script(rest.start, written, &place);
        }
        let program = written.split_whitespace().next().unwrap_or_default();
        if program.starts_with("<<") || program.ends_with("sh") {
            for body in heredocs {
                let script = self.written(body);
                let first = script.lines().next().unwrap_or_default();
                if !first.starts_with("#!") || first.contains("sh") {
                    self.script(body.start, script, &place);
                }
            }
        }
    }

    fn script(&mut self, start: usize, script: &str, place: &str) {
        let read = script::read(self.text, start, script, place);
        let stage = self.scopes.stage();
        self.pins.extend(read.pins.into_iter().map(|pin| pin.around([stage])));
        for word in &read.expanded {
            self.follow(word, place);
        }
    }

    /// Follows a variable that a command names.
    fn follow(&mut self, word: &Word, place: &str) {
        let lookup = |name: &str| self.scopes.get(name);
        let value = expand(&self.file.masked, &word.span, self.file.escape, Prefer::Value, lookup);
        let is_name = is_official(&value.text, Spelling::Channel);
        let archive = ["nightly", "beta"]
            .into_iter()
            .find_map(|channel| Some((channel, value.text.strip_prefix(channel)?.strip_prefix('-')?.len())));
        let found = match (value.whole(), archive) {
            (Some(span), _) => Some((span, Spelling::Channel)),
            // `nightly-$DATE`: the date alone stands somewhere.
            (None, Some((channel, len))) => value
                .source(&(value.text.len() - len..value.text.len()))
                .map(|span| (span, Spelling::DateOf(channel))),
            (None, None) => None,
        };
        let Some((span, spelling)) = found.filter(|_| is_name) else {
            self.unfollowed(word.span.clone());
            return;
        };
        let place = format!("{} for {place}", value.variables.join(", "));
        let around = value.variables.iter().map(String::as_str);
        self.pins.push(Pin::at(self.text, span, place, spelling, script::nature(word.by)).around(around));
    }

    fn unfollowed(&mut self, span: Range<usize>) {
        let expression = self.text.get(span.clone()).unwrap_or_default().to_owned();
        self.remarks.push(Remark { span, what: What::Unfollowed { expression } });
    }
}

/// One pin for each place; what is installed in order to be chosen is the toolchain of the environment.
fn settle(pins: Vec<Pin>) -> Vec<Pin> {
    let mut pins = merge(pins);
    let of_environment = |pin: &&Pin| pin.nature == Nature::Environment;
    let mut chosen: HashSet<String> =
        pins.iter().filter(of_environment).map(|pin| pin.text.clone()).collect();
    if chosen.is_empty() {
        // The first toolchain that is installed becomes the default.
        let installed: HashSet<_> =
            pins.iter().filter(|pin| pin.nature == Nature::Row).map(|pin| pin.text.clone()).collect();
        if installed.len() == 1 {
            chosen = installed;
        }
    }
    for pin in pins.iter_mut().filter(|pin| pin.nature == Nature::Row && chosen.contains(&pin.text)) {
        pin.nature = Nature::Environment;
    }
    pins
}

#[cfg(test)]
mod tests;
