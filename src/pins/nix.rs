//! Nix: the overlays of oxalica and Mozilla, fenix, devenv, variables, and scripts in strings.

mod token;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use token::{Kind, Token, tokens};

use super::merge::merge;
use super::variable::{is_of_rust, is_official};
use super::{Found, Frozen, Nature, Pin, Remark, Spelling, Unreadable, What, script};

/// No set of attributes that chooses a toolchain is longer, in tokens.
const LONGEST: usize = 256;

/// Finds every toolchain that the file names. A name is followed to its one value in the file.
///
/// # Errors
/// None: what is no Nix names nothing.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let tokens = tokens(text);
    let values = values(text, &tokens);
    let mut finder = Finder { text, tokens: &tokens, values, found: Found::default() };
    for at in 0..tokens.len() {
        finder.take(at);
    }
    let mut found = finder.found;
    found.pins = merge(found.pins);
    let environments = || found.pins.iter().filter(|pin| pin.nature == Nature::Environment);
    let releases: HashSet<_> = environments()
        .filter(|pin| pin.named().is_some_and(|named| named.is_release()))
        .map(|pin| pin.text.as_str())
        .collect();
    // Shells for several releases: which of them is out of step, nobody can tell.
    if releases.len() > 1 {
        for pin in found.pins.iter_mut().filter(|pin| pin.nature == Nature::Environment) {
            pin.nature = Nature::Row;
        }
    }
    Ok(found)
}

/// The value of each name that has but one in the whole file: the token that is its string.
fn values<'a>(text: &'a str, tokens: &[Token]) -> HashMap<&'a str, Option<usize>> {
    let mut values: HashMap<&str, Option<usize>> = HashMap::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Name) {
        let name = text.get(token.span.clone()).unwrap_or_default();
        let mark = tokens.get(at + 1).map(|token| token.kind);
        let next = tokens.get(at + 2);
        let ends = tokens.get(at + 3).map(|token| token.kind);
        let is_value = match (mark, ends) {
            (Some(Kind::Mark('=')), Some(Kind::Mark(';'))) => true,
            (Some(Kind::Mark('?')), Some(Kind::Mark(',' | '}'))) => true,
            (Some(Kind::Mark('=')), _) => next.is_none_or(|next| next.kind != Kind::Mark('=')),
            _ => continue,
        };
        // `name = name;` hands it on.
        if next.is_some_and(|next| text.get(next.span.clone()) == Some(name)) || !is_value {
            continue;
        }
        let literal = next.is_some_and(|next| next.kind == Kind::Literal)
            && matches!(ends, Some(Kind::Mark(';' | ',' | '}')));
        let value = literal.then_some(at + 2);
        values.entry(name).and_modify(|known| *known = None).or_insert(value);
    }
    values
}

/// An attribute's value.
#[derive(Debug, Clone, Copy)]
enum Value<'a> {
    /// The token that is its string, and what it says.
    Written(usize, &'a str),
    /// A name without a value in this file.
    Unknown(usize),
}

struct Finder<'a> {
    text: &'a str,
    tokens: &'a [Token],
    values: HashMap<&'a str, Option<usize>>,
    found: Found,
}

impl<'a> Finder<'a> {
    fn take(&mut self, at: usize) {
        let Some(token) = self.tokens.get(at) else { return };
        match token.kind {
            Kind::Name => {
                let name = self.text_of(at);
                match name {
                    "rust-bin" => self.overlay(at),
                    "toolchainOf" | "rustChannelOf" => self.channel_of(at, name),
                    "fromToolchainName" => self.whole_name(at, name, "name"),
                    "fromRustupToolchain" => self.whole_name(at, name, "channel"),
                    "selectLatestNightlyWith" => self.fixed(at, "nightly", name),
                    "languages" => self.devenv(at),
                    _ => self.variable(at, name),
                }
            }
            Kind::Lines { nested: false } => {
                let script = self.text_of(at);
                let place = self.bound_to(at).unwrap_or("a string");
                let read = script::read(self.text, token.span.start, script, place);
                self.found.pins.extend(read.pins);
            }
            Kind::Literal | Kind::Made | Kind::Lines { .. } | Kind::Mark(_) => {}
        }
    }

    fn text_of(&self, at: usize) -> &'a str {
        self.tokens.get(at).and_then(|token| self.text.get(token.span.clone())).unwrap_or_default()
    }

    fn is_mark(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Mark(mark))
    }

    /// The names that stand here with dots between them, and where the last one ends.
    fn path(&self, at: usize) -> (Vec<&'a str>, usize) {
        let mut names = vec![self.text_of(at)];
        let mut at = at + 1;
        while names.len() < 4
            && self.is_mark(at, '.')
            && self.tokens.get(at + 1).is_some_and(|token| token.kind == Kind::Name)
        {
            names.push(self.text_of(at + 1));
            at += 2;
        }
        (names, at)
    }

    /// `rust-bin.stable."1.78.0"`, `rust-bin.nightly."2026-05-19"`, `rust-bin.beta.latest`, `rust-bin.stable.${version}`.
    fn overlay(&mut self, at: usize) {
        let (names, end) = self.path(at);
        let Some(channel) = names.get(1).and_then(|name| channel(name)) else { return };
        if names.get(2) == Some(&"latest") {
            return self.fixed(at + 2, channel, "rust-bin");
        }
        if names.len() != 2 || !self.is_mark(end, '.') {
            return;
        }
        let place = format!("rust-bin.{channel}");
        let spelling = of_channel(channel);
        match self.tokens.get(end + 1).map(|token| token.kind) {
            Some(Kind::Literal) if self.text_of(end + 1) == "latest" => {
                self.fixed(at + 2, channel, "rust-bin")
            }
            Some(Kind::Literal) => {
                self.pin(end + 1, at, &place, spelling, None);
            }
            Some(Kind::Mark('$')) => {
                let is_name = self.tokens.get(end + 3).is_some_and(|token| token.kind == Kind::Name)
                    && self.is_mark(end + 2, '{')
                    && self.is_mark(end + 4, '}');
                let span = self.span(end + 1, if is_name { end + 4 } else { end + 1 });
                match self.follow(end + 3).filter(|_| is_name) {
                    Some(Value::Written(value, _)) => self.pin(value, at, &place, spelling, None),
                    Some(Value::Unknown(_)) | None => self.unfollowed(span),
                }
            }
            _ => {}
        }
    }

    /// `{ channel = "1.78.0"; date = …; sha256 = …; }`, where a date is that of a nightly unless the channel is another.
    fn channel_of(&mut self, at: usize, function: &str) {
        let Some(set) = self.set(at + 1) else { return };
        let frozen = checksum(&set);
        let of = match set.get("channel") {
            Some(Value::Written(_, text)) => *text,
            Some(Value::Unknown(value)) => return self.unfollowed(self.span(*value, *value)),
            None => "nightly",
        };
        match (channel(of), set.get("date"), set.get("channel")) {
            (Some(channel), Some(Value::Written(date, _)), _) => {
                let place = format!("{function}.date");
                self.pin(*date, at, &place, Spelling::DateOf(channel), frozen);
            }
            (Some(_), Some(Value::Unknown(value)), _) => self.unfollowed(self.span(*value, *value)),
            (_, _, Some(Value::Written(value, _))) => {
                self.pin(*value, at, &format!("{function}.channel"), Spelling::Release, frozen);
            }
            _ => {}
        }
    }

    /// A name as rustup takes it.
    fn whole_name(&mut self, at: usize, function: &str, key: &str) {
        let Some(set) = self.set(at + 1) else { return };
        match set.get(key) {
            Some(Value::Written(value, _)) => {
                let place = format!("{function}.{key}");
                self.pin(*value, at, &place, Spelling::Channel, checksum(&set));
            }
            Some(Value::Unknown(value)) => self.unfollowed(self.span(*value, *value)),
            None => {}
        }
    }

    /// `languages.rust.version = "1.78.0";`, `languages.rust = { channel = "stable"; version = "1.78.0"; };`.
    fn devenv(&mut self, at: usize) {
        let (names, end) = self.path(at);
        let is_string = |at: usize| {
            self.tokens.get(at).is_some_and(|token| token.kind == Kind::Literal) && self.is_mark(at + 1, ';')
        };
        if !self.is_mark(end, '=') {
            return;
        }
        match names[..] {
            ["languages", "rust", "version"] if is_string(end + 1) => {
                // Without its channel, which stands elsewhere, a date says nothing.
                self.pin(end + 1, at, "languages.rust.version", Spelling::FullRelease, None);
            }
            ["languages", "rust"] => {
                let Some(set) = self.set(end + 1) else { return };
                let of = match set.get("channel") {
                    Some(Value::Written(_, text)) => channel(text),
                    Some(Value::Unknown(_)) => None,
                    None => Some("stable"),
                };
                if let (Some(channel), Some(Value::Written(value, _))) = (of, set.get("version")) {
                    self.pin(*value, at, "languages.rust.version", of_channel(channel), None);
                }
            }
            _ => {}
        }
    }

    /// A variable whose name says that it holds a version of Rust.
    fn variable(&mut self, at: usize, name: &str) {
        let is_value = (self.is_mark(at + 1, '=') && self.is_mark(at + 3, ';'))
            || (self.is_mark(at + 1, '?') && (self.is_mark(at + 3, ',') || self.is_mark(at + 3, '}')));
        let is_literal = self.tokens.get(at + 2).is_some_and(|token| token.kind == Kind::Literal);
        if is_value && is_literal && is_of_rust(name) && is_official(self.text_of(at + 2), Spelling::Channel)
        {
            let span = self.span(at + 2, at + 2);
            let pin = Pin::at(self.text, span, name, Spelling::Channel, Nature::Environment).around([name]);
            self.found.pins.push(pin);
        }
    }

    /// The attributes of the set that starts here, as far as they are strings or names.
    fn set(&self, at: usize) -> Option<HashMap<&'a str, Value<'a>>> {
        if !self.is_mark(at, '{') {
            return None;
        }
        let mut set = HashMap::new();
        let mut depth = 0;
        for at in at..self.tokens.len().min(at + LONGEST) {
            match self.tokens.get(at)?.kind {
                Kind::Mark('{' | '(' | '[') => depth += 1,
                Kind::Mark('}' | ')' | ']') => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(set);
                    }
                }
                Kind::Name if depth == 1 && self.is_mark(at + 1, '=') => {
                    let value = match self.tokens.get(at + 2)?.kind {
                        Kind::Literal if self.is_mark(at + 3, ';') => {
                            Value::Written(at + 2, self.text_of(at + 2))
                        }
                        Kind::Name if self.is_mark(at + 3, ';') => self.follow(at + 2)?,
                        _ => Value::Unknown(at + 2),
                    };
                    set.insert(self.text_of(at), value);
                }
                _ => {}
            }
        }
        None
    }

    fn follow(&self, at: usize) -> Option<Value<'a>> {
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Name)?;
        let name = self.text.get(token.span.clone())?;
        Some(match self.values.get(name).copied().flatten() {
            Some(value) => Value::Written(value, self.text_of(value)),
            None => Value::Unknown(at),
        })
    }

    fn pin(&mut self, value: usize, at: usize, place: &str, spelling: Spelling, frozen: Option<Frozen>) {
        if !is_official(self.text_of(value), spelling) {
            return;
        }
        let span = self.span(value, value);
        // The name that a followed value has, and the name that the toolchain is given.
        let around = [self.bound_to(value), self.bound_to(at)];
        let pin = Pin::at(self.text, span, place, spelling, Nature::Environment);
        self.found.pins.push(pin.around(around.into_iter().flatten()).frozen(frozen));
    }

    /// A channel that moves by itself, under a name that takes no other.
    fn fixed(&mut self, at: usize, channel: &str, place: &str) {
        let pin = Pin::at(self.text, self.span(at, at), place, Spelling::Channel, Nature::Environment)
            .around(self.bound_to(at));
        self.found.pins.push(Pin { text: channel.to_owned(), ..pin }.frozen(Some(Frozen::Fixed)));
    }

    /// The name to which the expression around a token is bound, where that is near.
    fn bound_to(&self, at: usize) -> Option<&'a str> {
        for before in (at.saturating_sub(12)..at).rev() {
            if self.is_mark(before, ';') {
                return None;
            }
            if self.is_mark(before, '=') || self.is_mark(before, '?') {
                return Some(self.text_of(before.checked_sub(1)?));
            }
        }
        None
    }

    fn span(&self, first: usize, last: usize) -> Range<usize> {
        let start = self.tokens.get(first).map_or(0, |token| token.span.start);
        start..self.tokens.get(last).map_or(start, |token| token.span.end)
    }

    fn unfollowed(&mut self, span: Range<usize>) {
        let expression = self.text.get(span.clone()).unwrap_or_default().to_owned();
        self.found.remarks.push(Remark { span, what: What::Unfollowed { expression } });
    }
}

fn channel(name: &str) -> Option<&'static str> {
    ["stable", "beta", "nightly"].into_iter().find(|known| *known == name)
}

/// Below `stable` there are releases, below the others dates.
const fn of_channel(channel: &'static str) -> Spelling {
    match channel.as_bytes() {
        b"stable" => Spelling::FullRelease,
        _ => Spelling::DateOf(channel),
    }
}

/// A hash of what is fetched: empty or not, the next version has another.
fn checksum(set: &HashMap<&str, Value<'_>>) -> Option<Frozen> {
    ["sha256", "hash", "sha256s", "outputHash"]
        .iter()
        .any(|key| set.contains_key(key))
        .then_some(Frozen::Checksum)
}

#[cfg(test)]
mod tests;
