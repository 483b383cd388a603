//! Bazel: the toolchains of rules_rust, in modules and in workspaces, and constants that hold their versions.

mod token;

use std::collections::HashMap;
use std::ops::Range;

use token::{Kind, Token, tokens};

use super::variable::{is_of_rust, is_official};
use super::{Found, Frozen, Nature, Pin, Remark, Spelling, Unreadable, What};

/// Calls that take versions of compilers, with older names and those of single repositories.
const CALLS: [&str; 6] = [
    "rust_register_toolchains",
    "rust_repositories",
    "rust_repository_set",
    "rust_toolchain_repository",
    "rust_toolchain_tools_repository",
    "rust_host_tools",
];

/// Tags of the module extension, whatever its variable is called.
const TAGS: [&str; 3] = ["toolchain", "repository_set", "host_tools"];

/// The arguments of such a call that name compilers.
const ARGUMENTS: [&str; 4] = ["version", "versions", "rustfmt_version", "rust_analyzer_version"];

/// No list of versions is longer.
const LONGEST: usize = 32;

/// Finds every toolchain that the file names. A constant is followed to its one value in the file.
///
/// # Errors
/// None: what is no Starlark names nothing.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let tokens = tokens(text);
    let mut finder = Finder { text, tokens: &tokens, constants: HashMap::new(), found: Found::default() };
    finder.constants();
    finder.calls();
    Ok(finder.found)
}

/// What is assigned: strings and names, by their tokens.
#[derive(Debug, Clone)]
struct Value {
    items: Vec<usize>,
    /// What follows it.
    end: usize,
}

/// A bracket that is open.
struct Frame<'a> {
    /// What is called, where this is a call.
    callee: &'a str,
    /// The pins of its arguments.
    pins: Vec<Pin>,
    has_checksum: bool,
}

struct Finder<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// The value of each name that has but one.
    constants: HashMap<&'a str, Option<Value>>,
    found: Found,
}

impl<'a> Finder<'a> {
    fn text_of(&self, at: usize) -> &'a str {
        self.tokens.get(at).and_then(|token| self.text.get(token.span.clone())).unwrap_or_default()
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Whether `name =` stands here (and no comparison).
    fn is_assigned(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Name)
            && self.kind(at + 1) == Some(Kind::Mark('='))
            && self.kind(at + 2) != Some(Kind::Mark('='))
    }

    /// `NAME = "…"` and `NAME = […]` at the top of the file.
    fn constants(&mut self) {
        let mut starts = true;
        for at in 0..self.tokens.len() {
            if starts && self.is_assigned(at) {
                // A bound, as a list may be named again and again.
                let ends = |value: &Value| {
                    value.items.len() <= LONGEST && matches!(self.kind(value.end), Some(Kind::End) | None)
                };
                let value = self.value(at + 2).filter(ends);
                self.constants.entry(self.text_of(at)).and_modify(|known| *known = None).or_insert(value);
            }
            starts = self.kind(at) == Some(Kind::End);
        }
    }

    fn calls(&mut self) {
        let mut frames: Vec<Frame<'a>> = Vec::new();
        for at in 0..self.tokens.len() {
            match self.kind(at) {
                Some(Kind::Mark('(' | '[' | '{')) => {
                    let is_call = self.kind(at) == Some(Kind::Mark('('));
                    let named = at.checked_sub(1).filter(|before| self.kind(*before) == Some(Kind::Name));
                    let callee =
                        named.filter(|_| is_call).map(|before| self.text_of(before)).unwrap_or_default();
                    frames.push(Frame { callee, pins: Vec::new(), has_checksum: false });
                }
                Some(Kind::Mark(')' | ']' | '}')) => self.close(frames.pop()),
                Some(Kind::Name) if self.is_assigned(at) => self.argument(at, frames.last_mut()),
                _ => {}
            }
        }
        while let Some(frame) = frames.pop() {
            self.close(Some(frame));
        }
    }

    fn close(&mut self, frame: Option<Frame<'_>>) {
        let Some(frame) = frame else { return };
        let frozen = frame.has_checksum.then_some(Frozen::Checksum);
        self.found.pins.extend(frame.pins.into_iter().map(|pin| pin.frozen(frozen)));
    }

    /// `name = value`, in a call or at the top.
    fn argument(&mut self, at: usize, frame: Option<&mut Frame<'a>>) {
        let name = self.text_of(at);
        let Some(frame) = frame.filter(|frame| takes_versions(frame.callee)) else {
            return self.variable(at, name);
        };
        if matches!(name, "sha256" | "sha256s") {
            // `{}`, `""` and `None` are no hashes.
            let is_empty = match self.kind(at + 2) {
                Some(Kind::Mark('{')) => self.kind(at + 3) == Some(Kind::Mark('}')),
                Some(Kind::Literal | Kind::Name) => matches!(self.text_of(at + 2), "" | "None"),
                _ => false,
            };
            frame.has_checksum |= !is_empty;
        } else if ARGUMENTS.contains(&name) {
            let place = format!("{}.{name}", frame.callee);
            let ends = |value: &Value| matches!(self.kind(value.end), Some(Kind::Mark(',' | ')')));
            match self.value(at + 2).filter(ends) {
                Some(value) => {
                    let pins = self.versions(&value, &place);
                    frame.pins.extend(pins);
                }
                None => self.unfollowed(at + 2),
            }
        } else {
            self.variable(at, name);
        }
    }

    fn versions(&mut self, value: &Value, place: &str) -> Vec<Pin> {
        let mut items = Vec::new();
        for item in &value.items {
            if self.kind(*item) == Some(Kind::Literal) {
                items.push((*item, None));
                continue;
            }
            let name = self.text_of(*item);
            match self.constants.get(name).cloned().flatten() {
                Some(value) if value.items.iter().all(|item| self.kind(*item) == Some(Kind::Literal)) => {
                    items.extend(value.items.iter().map(|item| (*item, Some(name))));
                }
                _ if name == "None" => {}
                _ => self.unfollowed(*item),
            }
        }
        let nature = if items.len() > 1 { Nature::Row } else { Nature::Environment };
        let is_name = |item: &usize| is_official(self.text_of(*item), Spelling::RulesRust);
        items
            .into_iter()
            .filter(|(item, _)| is_name(item))
            .map(|(item, name)| {
                let place = name.map_or_else(|| place.to_owned(), |name| format!("{name} for {place}"));
                Pin::at(self.text, self.span(item), place, Spelling::RulesRust, nature).around(name)
            })
            .collect()
    }

    /// A name that says that it holds a version of Rust.
    fn variable(&mut self, at: usize, name: &str) {
        let ends = matches!(self.kind(at + 3), Some(Kind::End | Kind::Mark(',' | ')')) | None);
        let is_literal = self.kind(at + 2) == Some(Kind::Literal);
        if ends && is_literal && is_of_rust(name) && is_official(self.text_of(at + 2), Spelling::RulesRust) {
            let span = self.span(at + 2);
            let pin = Pin::at(self.text, span, name, Spelling::RulesRust, Nature::Environment);
            self.found.pins.push(pin.around([name]));
        }
    }

    /// A string, a name, or a list of these.
    fn value(&self, at: usize) -> Option<Value> {
        let is_item = |at| matches!(self.kind(at), Some(Kind::Literal | Kind::Name));
        if is_item(at) {
            return Some(Value { items: vec![at], end: at + 1 });
        }
        if self.kind(at) != Some(Kind::Mark('[')) {
            return None;
        }
        let mut items = Vec::new();
        let mut at = at + 1;
        loop {
            if self.kind(at) == Some(Kind::Mark(']')) {
                return Some(Value { items, end: at + 1 });
            }
            if !is_item(at) {
                return None;
            }
            items.push(at);
            at += 1;
            match self.kind(at) {
                Some(Kind::Mark(',')) => at += 1,
                Some(Kind::Mark(']')) => {}
                _ => return None,
            }
        }
    }

    fn span(&self, at: usize) -> Range<usize> {
        self.tokens.get(at).map(|token| token.span.clone()).unwrap_or_default()
    }

    fn unfollowed(&mut self, at: usize) {
        let expression = self.text_of(at).to_owned();
        self.found.remarks.push(Remark { span: self.span(at), what: What::Unfollowed { expression } });
    }
}

fn takes_versions(callee: &str) -> bool {
    match callee.rsplit_once('.') {
        Some((extension, tag)) => extension.contains("rust") && TAGS.contains(&tag),
        None => CALLS.contains(&callee),
    }
}

#[cfg(test)]
mod tests;
