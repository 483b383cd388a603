//! What CI systems share: values are given names in one place and used in another, in images, scripts and inputs.
//!
//! A recogniser of such a system walks through its file and says what is defined where ([`Ci::define`]) and what is used where
//! ([`Ci::image`], [`Ci::script`], [`Ci::name`]). At the end every use is followed to the place where its value stands; that
//! place is the pin. What is defined and never used is a pin only where its name says so: `RUST_VERSION`.

mod follow;
mod pin;
pub(super) mod reference;
pub(super) mod script;
pub(super) mod site;
pub(super) mod value;

use std::collections::{HashMap, HashSet, VecDeque};

use super::merge::Places;
use super::shell::{self, Use};
use super::variable::is_of_rust;
use super::yaml::{Node, Scalar};
use super::{By, Found, Nature};
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
    /// The name can be for nothing but a Rust toolchain.
    is_clear: bool,
}

/// A file of a CI system on its way to pins.
pub(super) struct Ci<'a> {
    source: &'a str,
    /// By name, then by the scope in which they hold.
    definitions: HashMap<String, HashMap<String, Vec<Definition<'a>>>>,
    /// Names that were followed for a purpose: in one scope, or in all.
    followed: HashSet<(String, Takes, Option<String>)>,
    uses: VecDeque<(Value<'a>, Takes, Site)>,
    /// How often a node was entered by way of aliases.
    entered: HashMap<*const Node, u8>,
    found: Found,
    places: Places,
    /// Pins that only repeat which row is meant, and must stay in step with it.
    echoes: HashSet<(usize, usize)>,
}

impl<'a> Ci<'a> {
    /// A file of which nothing is known yet.
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            definitions: HashMap::new(),
            followed: HashSet::new(),
            uses: VecDeque::new(),
            entered: HashMap::new(),
            found: Found::default(),
            places: Places::default(),
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
        let scopes = self.definitions.entry(key(name)).or_default();
        scopes.entry(site.scope.clone()).or_default().push(Definition {
            value,
            site: site.clone(),
            is_clear: is_of_rust(name),
        });
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
            // A command may be a list of its words: `[cargo, +1.78.0, run]`.
            for pair in node.items().windows(2) {
                if let [program, word] = pair
                    && let (Some(program), Some(word)) = (program.str(), word.scalar())
                {
                    let value = Value::of(word, self.source);
                    if let Some(word) = shell::behind(program, value.text) {
                        self.words(vec![(value.part(word.span), word.by)], site);
                    }
                }
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
                Use::Chooses(By::Plus) | Use::Mentions => site.clone().nature(Nature::Command),
                _ => site.clone(),
            };
            // `rustup update self` names no toolchain.
            if value.text != "self" {
                self.uses.push_back((value, Takes::Name, site));
            }
        }
    }
}

/// Azure's names are one whatever their letters' size, and a dot is an underscore to its scripts; nobody has two names elsewhere
/// that differ in this alone.
fn key(name: &str) -> String {
    name.to_ascii_uppercase().replace(['.', '-'], "_")
}

/// The nodes of a sequence, or the one that stands in its place.
pub(super) fn each(node: &Node) -> Vec<&Node> {
    match node {
        Node::Sequence(items) => items.iter().map(|item| &**item).collect(),
        Node::Scalar(_) | Node::Mapping(_) => vec![node],
    }
}
