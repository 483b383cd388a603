//! What CI systems share: values are given names in one place and used in another, in images, scripts and inputs.
//!
//! A recogniser of such a system walks through its file and says what is defined where ([`Ci::define`]) and what is used where
//! ([`Ci::image`], [`Ci::script`], [`Ci::name`]). At the end every use is followed to the place where its value stands; that
//! place is the pin. What is defined and never used is a pin only where its name says so: `RUST_VERSION`.

pub(super) mod reference;
pub(super) mod script;
pub(super) mod site;
pub(super) mod value;

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::name::Named;
use super::shell::Use;
use super::yaml::{Node, Scalar};
use super::{By, Found, Frozen, Nature, Pin, Remark, Spelling, What, image, marks};
use reference::Reference;
pub(super) use site::Site;
pub(super) use value::Value;

/// What a place takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Takes {
    /// The reference of an image: `rust:1.78.0-slim`.
    Image,
    /// The tag of an image of Rust: `1.78.0-slim`.
    Tag,
    /// The same, where a digest behind it decides.
    Digest,
    /// The name of a toolchain.
    Name,
    /// The name of a toolchain, unless it is something else: only the key speaks for it.
    Perhaps,
    /// A release by two numbers.
    Minor,
}

/// A name with one of its values.
struct Definition<'a> {
    value: Value<'a>,
    site: Site,
}

/// A file of a CI system on its way to pins.
pub(super) struct Ci<'a> {
    source: &'a str,
    definitions: HashMap<String, Vec<Definition<'a>>>,
    uses: VecDeque<(Value<'a>, Takes, Site)>,
    /// How often a node was entered by way of aliases.
    entered: HashMap<*const Node, u8>,
    found: Found,
    pins: HashMap<(usize, usize), usize>,
    /// Pins that only repeat which row is meant, and must stay in step with it.
    echoes: HashSet<(usize, usize)>,
}

impl<'a> Ci<'a> {
    /// A file of which nothing is known yet.
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            definitions: HashMap::new(),
            uses: VecDeque::new(),
            entered: HashMap::new(),
            found: Found::default(),
            pins: HashMap::new(),
            echoes: HashSet::new(),
        }
    }

    /// The text of the file.
    pub(super) const fn source(&self) -> &'a str {
        self.source
    }

    /// Whether a node may be walked through once more: aliases can multiply a small file without end.
    pub(super) fn enter(&mut self, node: &Node) -> bool {
        let times = self.entered.entry(std::ptr::from_ref(node)).or_insert(0);
        *times = times.saturating_add(1);
        *times <= 64
    }

    /// The entries of a mapping, with those that it merges in (`<<: *anchor`) and does not have itself.
    pub(super) fn fields(&mut self, node: &'a Node) -> Vec<(&'a Scalar, &'a Node)> {
        let mut found: Vec<(&'a Scalar, &'a Node)> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        if !matches!(node, Node::Mapping(_)) {
            return found;
        }
        let mut merged = VecDeque::from([node]);
        while let Some(node) = merged.pop_front() {
            if !self.enter(node) {
                continue;
            }
            // Several may be merged at once.
            merged.extend(node.items().iter().map(|item| &**item));
            let from = found.len();
            for (key, node) in node.entries() {
                if key.value == "<<" {
                    merged.push_back(node);
                } else if !known.contains(key.value.as_str()) {
                    found.push((key, node));
                }
            }
            known.extend(found[from..].iter().map(|(key, _)| key.value.as_str()));
        }
        found
    }

    /// A name with one of its values; a mapping with `value` and a list of values are taken as well.
    pub(super) fn define(&mut self, name: &str, node: &'a Node, site: &Site) {
        match node {
            Node::Scalar(scalar) => self.define_value(name, Value::of(scalar, self.source), site),
            Node::Mapping(_) => {
                if let Some(scalar) = node.get("value").and_then(Node::scalar) {
                    self.define_value(name, Value::of(scalar, self.source), site);
                }
            }
            Node::Sequence(items) => {
                let rows = site.clone().nature(Nature::Row);
                for scalar in items.iter().filter_map(|item| item.scalar()) {
                    self.define_value(name, Value::of(scalar, self.source), &rows);
                }
            }
        }
    }

    /// A name with one of its values.
    pub(super) fn define_value(&mut self, name: &str, value: Value<'a>, site: &Site) {
        self.definitions.entry(key(name)).or_default().push(Definition { value, site: site.clone() });
    }

    /// Names with their values: a mapping, a list of `A=b`, of mappings, or of `{ name: A, value: b }`.
    pub(super) fn environment(&mut self, node: &'a Node, site: &Site) {
        for item in each(node) {
            if let Node::Scalar(scalar) = item {
                self.assignments(scalar, site);
            } else if let (Some(name), Some(value)) =
                (item.get("name").and_then(Node::str), item.get("value"))
            {
                self.define(name, value, &site.at(name));
            } else {
                for (name, value) in self.fields(item) {
                    self.define(&name.value, value, &site.at(&name.value));
                }
            }
        }
    }

    /// Every `NAME=value` of a scalar.
    fn assignments(&mut self, scalar: &'a Scalar, site: &Site) {
        let value = if scalar.is_literal {
            Value::of(scalar, self.source)
        } else {
            Value::raw(self.source, scalar.span.clone())
        };
        self.assignments_of(&value, site);
    }

    /// Every `NAME=value` of a text.
    pub(super) fn assignments_of(&mut self, value: &Value<'a>, site: &Site) {
        for (name, value) in script::assignments(value) {
            self.define_value(name, value, &site.at(name));
        }
    }

    /// An image.
    pub(super) fn image(&mut self, node: &'a Node, site: &Site) {
        self.take(node, Takes::Image, site);
    }

    /// The name of a toolchain; a list of them is a list of rows.
    pub(super) fn name(&mut self, node: &'a Node, site: &Site) {
        match node {
            Node::Scalar(_) => self.take(node, Takes::Name, site),
            Node::Sequence(items) => {
                let rows = site.clone().nature(Nature::Row);
                items.iter().for_each(|item| self.take(item, Takes::Name, &rows));
            }
            Node::Mapping(_) => {}
        }
    }

    /// A scalar in a place of which it is known what it takes.
    pub(super) fn take(&mut self, node: &'a Node, takes: Takes, site: &Site) {
        if let Some(scalar) = node.scalar() {
            self.take_value(Value::of(scalar, self.source), takes, site);
        }
    }

    /// A text in a place of which it is known what it takes.
    pub(super) fn take_value(&mut self, value: Value<'a>, takes: Takes, site: &Site) {
        self.uses.push_back((value, takes, site.clone()));
    }

    /// Scripts: one, or lists of them in any depth.
    pub(super) fn script(&mut self, node: &'a Node, site: &Site) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if !self.enter(node) {
                continue;
            }
            if let Node::Scalar(scalar) = node {
                let words = script::words(scalar, self.source);
                self.words(words, site);
                self.assignments(scalar, site);
            }
            open.extend(node.items().iter().rev().map(|item| &**item));
        }
    }

    /// A script that stands in the file as it is.
    pub(super) fn script_of(&mut self, script: &Value<'a>, site: &Site) {
        self.words(script::words_of(script), site);
        self.assignments_of(script, site);
    }

    fn words(&mut self, words: Vec<(Value<'a>, Use)>, site: &Site) {
        for (value, by) in words {
            let site = match by {
                Use::Chooses(By::Plus) => site.clone().nature(Nature::Command),
                _ => site.clone(),
            };
            // `git log +1` names no toolchain, nor does `rustup update self`.
            if !matches!(value.text, "1" | "self") {
                self.uses.push_back((value, Takes::Name, site));
            }
        }
    }

    /// Follows everything that was used, then what is called after a toolchain without being used.
    pub(super) fn finish(mut self) -> Found {
        let mut done = HashSet::new();
        self.resolve(&mut done);
        let mut clear = Vec::new();
        for (name, definitions) in &self.definitions {
            for definition in definitions.iter().filter(|_| is_clear(name)) {
                clear.push((definition.value.clone(), Takes::Perhaps, definition.site.clone()));
            }
        }
        // A map has no order; which remark comes first should not be left to chance.
        clear.sort_by_key(|(value, ..)| value.span().start);
        self.uses.extend(clear);
        self.resolve(&mut done);
        self.echo();
        self.found
    }

    fn resolve(&mut self, done: &mut HashSet<(usize, usize, Takes, String)>) {
        while let Some((value, takes, site)) = self.uses.pop_front() {
            let span = value.span();
            if !done.insert((span.start, span.end, takes, site.scope.clone())) {
                continue;
            }
            let references = reference::all(value.text);
            match (&references[..], takes) {
                ([one], _) if one.span == (0..value.text.len()) => self.follow(one, &value, takes, &site),
                (_, Takes::Image) => self.resolve_image(&value, &references, &site),
                ([], _) => self.pin(&value, takes, &site),
                // `$RUST_VERSION-x86_64-unknown-linux-gnu`, `${RUST_VERSION}-slim`
                ([first, ..], Takes::Tag | Takes::Digest | Takes::Name | Takes::Perhaps)
                    if first.span.start == 0 && value.text[first.span.end..].starts_with('-') =>
                {
                    self.follow(first, &value, takes, &site);
                }
                (_, Takes::Perhaps) => {}
                _ => self.unfollowed(&value),
            }
        }
    }

    /// An image's reference of several parts.
    fn resolve_image(&mut self, value: &Value<'a>, references: &[Reference], site: &Site) {
        // What stands in place of a name does not matter, except where it would be the version.
        let mut plain = String::with_capacity(value.text.len());
        let mut versions: Vec<(Range<usize>, usize)> = Vec::new();
        let mut shifts: Vec<(usize, usize)> = vec![(0, 0)];
        let mut at = 0;
        for (index, reference) in references.iter().enumerate() {
            plain.push_str(&value.text[at..reference.span.start]);
            at = reference.span.end;
            let start = plain.len();
            let is_version = plain.ends_with(':') || plain.ends_with("rust-");
            if is_version && !value.text[at..].contains('/') {
                plain.push_str("1.0.0");
                versions.push((start..plain.len(), index));
            } else if is_proxy(&reference.name) {
                plain.push_str("proxy.x");
            } else {
                plain.push('x');
            }
            shifts.push((plain.len(), at));
        }
        plain.push_str(&value.text[at..]);
        let Some(tag) = image::tag(&plain) else {
            let before = plain.rfind(':').map_or(plain.as_str(), |colon| &plain[..colon]);
            let is_rust = image::tag(&format!("{before}:1.0.0")).is_some();
            let tag_start = value.text.rfind(':').unwrap_or(value.text.len());
            if is_rust && references.iter().any(|reference| reference.span.start > tag_start) {
                self.unfollowed(value);
            }
            return;
        };
        if let Some((_, index)) = versions.iter().find(|(range, _)| *range == tag.span) {
            let takes = if tag.frozen.is_some() { Takes::Digest } else { Takes::Tag };
            return self.follow(&references[*index], value, takes, site);
        }
        let Some((from, to)) = shifts.iter().rev().find(|(from, _)| *from <= tag.span.start) else { return };
        let start = to + (tag.span.start - from);
        let part = value.part(start..start + tag.span.len());
        if part.text != &plain[tag.span.clone()] {
            return self.unfollowed(value);
        }
        self.push(&part, tag.spelling, tag.frozen, site);
    }

    /// Goes on with the values of a name.
    fn follow(&mut self, reference: &Reference, value: &Value<'a>, takes: Takes, site: &Site) {
        let mut is_found = false;
        if let Some(default) = &reference.default
            && !default.is_empty()
        {
            self.uses.push_back((value.part(default.clone()), takes, site.clone()));
            is_found = true;
        }
        if let Some(definitions) = self.definitions.get(&key(&reference.name)) {
            // A template's names may get other values where it is used.
            let is_own = |definition: &&Definition<'_>| definition.site.scope == site.scope;
            let has_own = !site.is_template && definitions.iter().any(|definition| is_own(&definition));
            for definition in definitions.iter().filter(|definition| !has_own || is_own(definition)) {
                // In the scope of its own it is followed further.
                self.uses.push_back((definition.value.clone(), takes, definition.site.clone()));
                is_found = true;
            }
        }
        let is_about_rust = takes != Takes::Image || reference.name.to_ascii_lowercase().contains("rust");
        if !is_found && is_about_rust {
            self.unfollowed(value);
        }
    }

    fn unfollowed(&mut self, value: &Value<'a>) {
        let expression = value.text.to_owned();
        self.found.remarks.push(Remark { span: value.span(), what: What::Unfollowed { expression } });
    }

    /// A text without references, in its place.
    fn pin(&mut self, value: &Value<'a>, takes: Takes, site: &Site) {
        match takes {
            Takes::Image => self.resolve_image(value, &[], site),
            Takes::Tag | Takes::Digest => {
                const IMAGE: &str = "rust:";
                let Some(tag) = image::tag(&format!("{IMAGE}{}", value.text)) else { return };
                let part = value.part(tag.span.start - IMAGE.len()..tag.span.end - IMAGE.len());
                let spelling = if part.is_plain { Spelling::PlainRelease } else { Spelling::ImageTag };
                let frozen = (takes == Takes::Digest).then_some(Frozen::Digest);
                self.push(&part, spelling, tag.frozen.or(frozen), site);
            }
            Takes::Name | Takes::Perhaps => {
                if value.text.contains(['$', '`', '<', '%', '{', '(']) {
                    // `$(cat rust-toolchain)`, `$1`
                    if takes == Takes::Name {
                        self.unfollowed(value);
                    }
                    return;
                }
                let spelling = if value.is_plain { Spelling::PlainYaml } else { Spelling::Channel };
                match Named::parse(value.text, spelling) {
                    Some(Named::Channel(channel)) if channel.is_custom() => {
                        if takes == Takes::Name && is_name(value.text) {
                            self.push(value, spelling, None, site);
                        } else if takes == Takes::Perhaps {
                            self.resolve_image(value, &[], site);
                        }
                    }
                    Some(Named::Channel(channel)) => {
                        // The host that a name ends with stays as it is.
                        let host = channel.target().map_or(0, |target| target.len() + 1);
                        let part = value.part(0..value.text.len().saturating_sub(host));
                        let spelling = if part.is_plain { spelling } else { Spelling::Channel };
                        if Named::parse(part.text, spelling).is_some_and(|named| is_rust(&named)) {
                            self.push(&part, spelling, None, site);
                        }
                    }
                    Some(Named::Newest) => self.push(value, spelling, None, site),
                    None => {
                        if takes == Takes::Perhaps {
                            self.resolve_image(value, &[], site);
                        }
                    }
                }
            }
            Takes::Minor => {
                let spelling = if value.is_plain { Spelling::PlainMinor } else { Spelling::Minor };
                if Named::parse(value.text, spelling).is_some() {
                    self.push(value, spelling, None, site);
                }
            }
        }
    }

    fn push(&mut self, value: &Value<'a>, spelling: Spelling, frozen: Option<Frozen>, site: &Site) {
        let frozen = frozen.or((!value.is_exact()).then_some(Frozen::Spelled));
        let around = site.around.iter().map(String::as_str);
        let span = value.span();
        let pin = Pin::at(self.source, span.clone(), &site.place, spelling, site.nature)
            .around(around)
            .frozen(frozen);
        if site.is_echo {
            self.echoes.insert((span.start, span.end));
        }
        let Some(known) = self.pins.get(&(span.start, span.end)) else {
            self.pins.insert((span.start, span.end), self.found.pins.len());
            self.found.pins.push(pin);
            return;
        };
        // What two places use must suit both.
        let known = &mut self.found.pins[*known];
        known.marked_msrv = known.marked_msrv.take().or(pin.marked_msrv);
        known.frozen = known.frozen.or(pin.frozen);
        if matches!(spelling, Spelling::ImageTag | Spelling::PlainRelease) {
            known.spelling = spelling;
        }
    }

    /// What only repeats a row (`allow_failures`) has the role of that row, or the two would part.
    fn echo(&mut self) {
        if self.echoes.is_empty() {
            return;
        }
        let is_echo = |pin: &Pin| self.echoes.contains(&(pin.span.start, pin.span.end));
        let mut said: HashMap<String, (Option<String>, Option<marks::Told>)> = HashMap::new();
        for pin in self.found.pins.iter().filter(|pin| !is_echo(pin) && pin.nature == Nature::Row) {
            let comment = || marks::msrv_word(marks::comment_behind(self.source, &pin.span));
            let row = (pin.marked_msrv.clone().or_else(comment), marks::told(self.source, &pin.span));
            let known = said.entry(pin.text.clone()).or_default();
            *known = (known.0.take().or(row.0), known.1.or(row.1));
        }
        for pin in &mut self.found.pins {
            let is_echo = self.echoes.contains(&(pin.span.start, pin.span.end));
            if let Some((word, told)) = said.get(&pin.text).filter(|_| is_echo) {
                pin.marked_msrv = pin.marked_msrv.take().or_else(|| word.clone());
                pin.told = marks::told(self.source, &pin.span).or(*told);
            }
        }
    }
}

/// Azure's names are one whatever their letters' size, and a dot is an underscore to its scripts; nobody has two names elsewhere
/// that differ in this alone.
fn key(name: &str) -> String {
    name.to_ascii_uppercase().replace(['.', '-'], "_")
}

/// Whether a name of rustup's, and no long text that happens to stand there.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// No Rust has another first number: `2.3.1` is something else's version.
fn is_rust(named: &Named) -> bool {
    named.release().is_none_or(|(major, ..)| major == 1)
}

/// Registries that hand out the images of another one.
fn is_proxy(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["PROXY", "MIRROR"].iter().any(|word| name.contains(word))
}

/// Whether a name can be for nothing but a Rust toolchain: `RUST_VERSION`, `ci-msrv`, `rust`.
pub(super) fn is_clear(name: &str) -> bool {
    static CLEAR: LazyLock<Regex> = LazyLock::new(|| {
        let words = concat!(
            r"(?i)(?:^|[_.-])(?:(?:rustc?|rust_?up)[_.-]?(?:version|ver|toolchain|channel|release|tag|image|msrv|min|minimum|stable|nightly|beta|latest)|msrv|min(?:imum)?[_.-]?(?:supported[_.-]?)?rustc?)",
            r"(?:[_.-](?:version|ver|min|minimum|msrv|stable|nightly|beta|dev|default|ci|latest|pinned|tag|release|name))*$",
            r"|^(?:parameters\.|inputs\.|pipeline[_.]parameters[_.])?rustc?$|^(?:parameters|inputs)_rustc?$",
        );
        Regex::new(words).unwrap_or_else(|error| unreachable!("a constant: {error}"))
    });
    CLEAR.is_match(name)
}

/// The nodes of a sequence, or the one that stands in its place.
pub(super) fn each(node: &Node) -> Vec<&Node> {
    match node {
        Node::Sequence(items) => items.iter().map(|item| &**item).collect(),
        Node::Scalar(_) | Node::Mapping(_) => vec![node],
    }
}

#[cfg(test)]
mod tests;
