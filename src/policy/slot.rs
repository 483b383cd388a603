//! What every value goes through on its way in: its type, its text, its names; and how a mistake is put.

use super::hint::{nearest, one_of, quoted};
use super::keys::{self, SECTIONS};
use super::layer::Found;
use super::raw::{Entry, Node, Raw};
use super::shape::{Field, Key, Kind, Presence};
use super::values::Wrong;
use super::words::Word;
use crate::diagnostic::{Diagnostic, SourceText};
use crate::exit::Code;

/// A place that takes a value: how messages call it, and what it takes.
#[derive(Clone)]
pub(super) struct Slot {
    /// `toolchain.update`, `commands.deny[].command`
    pub path: String,
    /// What it takes.
    pub kind: &'static Kind,
}

impl Slot {
    pub(super) fn of(key: &'static Key) -> Self {
        Self { path: key.path(), kind: &key.kind }
    }

    /// An entry of this list.
    pub(super) fn entry(&self) -> Self {
        let kind = match self.kind {
            Kind::List(of) | Kind::Filled(of) => of,
            other => other,
        };
        Self { path: format!("{}[]", self.path), kind }
    }
}

/// A table of the file whose names are checked, ready to be asked for its fields.
pub(super) struct Table<'a> {
    path: &'a str,
    fields: &'static [Field],
    entries: &'a [Entry],
}

impl<'a> Table<'a> {
    /// The field's slot and value, where it is there.
    pub(super) fn field(&self, name: &str) -> Option<(Slot, &'a Node)> {
        let field = self.fields.iter().find(|field| field.name == name)?;
        let entry = self.entries.iter().find(|entry| entry.key == name)?;
        Some((Slot { path: format!("{}.{name}", self.path), kind: &field.kind }, &entry.node))
    }

    /// The field's value, where it is there and valid.
    pub(super) fn parsed<T>(
        &self,
        reader: &mut Reader<'_>,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        let (slot, node) = self.field(name)?;
        reader.parsed(&slot, node, parse)
    }
}

/// Reads values out of one file and collects what is wrong.
pub(super) struct Reader<'s> {
    source: &'s SourceText,
    mistakes: Vec<Diagnostic>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s SourceText) -> Self {
        Self { source, mistakes: Vec::new() }
    }

    /// Everything that is wrong, from top to bottom.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.mistakes.sort_by_key(|mistake| mistake.labels.first().map(|label| label.span.start));
        self.mistakes
    }

    pub(super) fn found<T>(&self, value: T, node: &Node) -> Found<T> {
        Found { value, source: self.source.clone(), span: node.span.clone() }
    }

    /// Something is wrong with this value.
    pub(super) fn wrong(&mut self, slot: &Slot, node: &Node, message: String, label: impl Into<String>) {
        let mistake = Diagnostic::error(Code::PolicyBroken, message)
            .label(self.source, node.span.clone(), label)
            .note(format!("allowed: {}", slot.kind.allowed()));
        self.mistakes.push(mistake);
    }

    fn wrong_type(&mut self, slot: &Slot, node: &Node) {
        let found = node.value.type_name();
        self.wrong(slot, node, format!("`{}` cannot be {found}", slot.path), found);
    }

    pub(super) fn text<'n>(&mut self, slot: &Slot, node: &'n Node) -> Option<&'n str> {
        let Raw::Text(text) = &node.value else {
            self.wrong_type(slot, node);
            return None;
        };
        // Such text would reach terminals and command lines.
        if text.contains(char::is_control) {
            let message = format!("`{}` cannot be {}", slot.path, quoted(text));
            self.wrong(slot, node, message, "a control character is in it");
            return None;
        }
        Some(text)
    }

    pub(super) fn parsed<T>(
        &mut self,
        slot: &Slot,
        node: &Node,
        parse: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        let text = self.text(slot, node)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.wrong(slot, node, format!("`{}` cannot be {}", slot.path, quoted(text)), wrong);
                None
            }
        }
    }

    pub(super) fn word<W: Word>(&mut self, slot: &Slot, node: &Node) -> Option<W> {
        self.word_near(slot, node, W::ALL)
    }

    /// Any word of the type, with a hint at one of these if it is none.
    pub(super) fn word_near<W: Word>(&mut self, slot: &Slot, node: &Node, hints: &[W]) -> Option<W> {
        let text = self.text(slot, node)?;
        let value = W::of(text);
        if value.is_none() {
            self.wrong(slot, node, format!("`{}` cannot be {}", slot.path, quoted(text)), "an unknown value");
            let hints: Vec<String> = hints.iter().map(ToString::to_string).collect();
            self.hint(text, hints.iter().map(String::as_str));
        }
        value
    }

    pub(super) fn count(&mut self, slot: &Slot, node: &Node) -> Option<u32> {
        let Raw::Integer(number) = node.value else {
            self.wrong_type(slot, node);
            return None;
        };
        let count = u32::try_from(number).ok();
        if count.is_none() {
            let label = if number < 0 { "it is negative" } else { "it is too large" };
            self.wrong(slot, node, format!("`{}` cannot be {number}", slot.path), label);
        }
        count
    }

    pub(super) fn boolean(&mut self, slot: &Slot, node: &Node) -> Option<bool> {
        let Raw::Boolean(value) = node.value else {
            self.wrong_type(slot, node);
            return None;
        };
        Some(value)
    }

    pub(super) fn elements<'n>(&mut self, slot: &Slot, node: &'n Node) -> Option<&'n [Node]> {
        let Raw::List(elements) = &node.value else {
            self.wrong_type(slot, node);
            return None;
        };
        Some(elements)
    }

    /// The table, once its names are checked: unknown ones, and required ones that are missing.
    pub(super) fn table<'n>(&mut self, slot: &'n Slot, node: &'n Node) -> Option<Table<'n>> {
        let (Raw::Table(entries), Kind::Table(fields) | Kind::Versions(fields)) = (&node.value, slot.kind)
        else {
            self.wrong_type(slot, node);
            return None;
        };
        for entry in entries {
            if !fields.iter().any(|field| field.name == entry.key) {
                let message = format!("unknown key {} in `{}`", quoted(&entry.key), slot.path);
                self.unknown(entry, message, one_of(fields.iter().map(|field| field.name)));
                self.hint(&entry.key, fields.iter().map(|field| field.name));
            }
        }
        for field in *fields {
            let missing = !entries.iter().any(|entry| entry.key == field.name);
            if missing && field.presence == Presence::Required {
                let message =
                    format!("an entry of `{}` has no `{}`", slot.path.trim_end_matches("[]"), field.name);
                self.wrong(slot, node, message, format!("`{}` is missing", field.name));
            }
        }
        Some(Table { path: &slot.path, fields, entries })
    }

    /// Sections and their keys: unknown ones, and known ones in the wrong place.
    pub(super) fn check_names(&mut self, entries: &[Entry]) {
        for entry in entries {
            match (keys::section(&entry.key), &entry.node.value) {
                (Some(section), Raw::Table(inner)) => {
                    for entry in inner {
                        if !section.keys.iter().any(|key| key.name == entry.key) {
                            let message = format!("unknown key {} in [{}]", quoted(&entry.key), section.name);
                            self.unknown(entry, message, one_of(section.keys.iter().map(|key| key.name)));
                            self.hint_key(&entry.key, section.keys);
                        }
                    }
                }
                (Some(section), other) => {
                    let name = section.name;
                    let message = format!("`{name}` cannot be {}", other.type_name());
                    let mistake = Diagnostic::error(Code::PolicyBroken, message)
                        .label(self.source, entry.node.span.clone(), other.type_name())
                        .note(format!("allowed: a section, `[{name}]`"));
                    self.mistakes.push(mistake);
                }
                (None, _) => {
                    let sections = || SECTIONS.iter().map(|section| section.name);
                    let what = if matches!(entry.node.value, Raw::Table(_)) { "section" } else { "key" };
                    let message = format!("unknown {what} {}", quoted(&entry.key));
                    self.unknown(entry, message, format!("the sections {}", one_of(sections())));
                    match nearest(&entry.key, sections()) {
                        Some(_) => self.hint(&entry.key, sections()),
                        None => self.hint_key(&entry.key, &[]),
                    }
                }
            }
        }
    }

    fn unknown(&mut self, entry: &Entry, message: String, allowed: String) {
        let mistake = Diagnostic::error(Code::PolicyBroken, message)
            .label(self.source, entry.key_span.clone(), "not known here")
            .note(format!("allowed: {allowed}"));
        self.mistakes.push(mistake);
    }

    /// A near name in the same section, else the section that has a key of this name.
    fn hint_key(&mut self, written: &str, here: &[&'static Key]) {
        let homes: Vec<String> = SECTIONS
            .iter()
            .filter(|section| section.keys.iter().any(|key| key.name == written))
            .map(|section| format!("[{}]", section.name))
            .collect();
        if homes.is_empty() {
            self.hint(written, here.iter().map(|key| key.name));
        } else {
            self.help(format!("{} belongs in {}", quoted(written), homes.join(" or ")));
        }
    }

    fn hint<'k>(&mut self, written: &str, known: impl IntoIterator<Item = &'k str>) {
        if let Some(name) = nearest(written, known) {
            self.help(format!("did you mean `{name}`?"));
        }
    }

    fn help(&mut self, text: String) {
        if let Some(last) = self.mistakes.pop() {
            self.mistakes.push(last.help(text));
        }
    }
}
