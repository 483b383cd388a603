//! One file's tree, checked against the schema and turned into a [`Layer`]: every mistake is collected.

use std::path::Path;

use semver::VersionReq;

use super::keys;
use super::layer::{Found, FoundList, Layer};
use super::model::{Deny, ExtraPin, IgnoredPin, Require};
use super::raw::{Entry, Node, Raw};
use super::shape::{Key, Kind};
use super::slot::{Reader, Slot};
use super::values;
use super::words::{StepName, When, Word};
use crate::diagnostic::{Diagnostic, SourceText};

/// Reads one file. `home` is what `clean.allow-outside` may not name.
/// Returns what the file says as far as it is valid, and everything that is wrong with it, from top to bottom.
pub(super) fn read(source: &SourceText, entries: &[Entry], home: Option<&Path>) -> (Layer, Vec<Diagnostic>) {
    let mut file = File { reader: Reader::new(source), entries };
    file.reader.check_names(entries);
    let [required, recommended] = file.versions();
    let layer = Layer {
        required,
        recommended,
        enforce: file.word(&keys::ENFORCE),
        extends: file
            .list(&keys::EXTENDS, |reader, slot, node| reader.parsed(slot, node, values::policy_path)),
        channel: file.parsed(&keys::CHANNEL, values::channel),
        r#override: file.word(&keys::OVERRIDE),
        install: file.word(&keys::INSTALL),
        update: file.parsed(&keys::UPDATE, values::max_age),
        ignore: file.list(&keys::IGNORE, ignored_pin),
        extra: file.list(&keys::EXTRA, extra_pin),
        on_build: file.value(&keys::ON_BUILD, steps),
        on_update: file.value(&keys::ON_UPDATE, steps),
        on_toolchain_change: file.value(&keys::ON_TOOLCHAIN_CHANGE, steps),
        scope: file.word(&keys::SCOPE),
        keep_toolchains: file.count(&keys::KEEP_TOOLCHAINS),
        allow_outside: file.list(&keys::ALLOW_OUTSIDE, |reader, slot, node| {
            reader.parsed(slot, node, |text| values::directory(text, home))
        }),
        full: file.word(&keys::FULL),
        max_size: file.parsed(&keys::MAX_SIZE, values::byte_size),
        background: file.value(&keys::BACKGROUND, |reader, slot, node| reader.boolean(slot, node)),
        freshness: file.word(&keys::FRESHNESS),
        restore: file.word(&keys::RESTORE),
        suspects: file.word(&keys::SUSPECTS),
        on_failure: file.word(&keys::ON_FAILURE),
        retry: file.value(&keys::RETRY, |reader, slot, node| reader.boolean(slot, node)),
        cleans_per_week: file.count(&keys::CLEANS_PER_WEEK),
        deny: file.list(&keys::DENY, denied),
        require: file.list(&keys::REQUIRE, required_args),
    };
    (layer, file.reader.finish())
}

/// The file, asked for one key after the other.
struct File<'a> {
    reader: Reader<'a>,
    entries: &'a [Entry],
}

impl<'a> File<'a> {
    /// The key's value. A section that is not a table is none here; that is said with the names.
    fn node(&self, key: &Key) -> Option<&'a Node> {
        let section = self.entries.iter().find(|entry| entry.key == key.section)?;
        let Raw::Table(inner) = &section.node.value else { return None };
        inner.iter().find(|entry| entry.key == key.name).map(|entry| &entry.node)
    }

    fn value<T>(
        &mut self,
        key: &'static Key,
        read: impl FnOnce(&mut Reader<'_>, &Slot, &Node) -> Option<T>,
    ) -> Option<Found<T>> {
        let node = self.node(key)?;
        let value = read(&mut self.reader, &Slot::of(key), node)?;
        Some(self.reader.found(value, node))
    }

    fn parsed<T>(
        &mut self,
        key: &'static Key,
        parse: impl FnOnce(&str) -> Result<T, values::Wrong>,
    ) -> Option<Found<T>> {
        self.value(key, |reader, slot, node| reader.parsed(slot, node, parse))
    }

    fn word<W: Word>(&mut self, key: &'static Key) -> Option<Found<W>> {
        self.value(key, |reader, slot, node| reader.word(slot, node))
    }

    fn count(&mut self, key: &'static Key) -> Option<Found<u32>> {
        self.value(key, |reader, slot, node| reader.count(slot, node))
    }

    fn list<T>(
        &mut self,
        key: &'static Key,
        mut read: impl FnMut(&mut Reader<'_>, &Slot, &Node) -> Option<T>,
    ) -> Option<FoundList<T>> {
        self.value(key, |reader, slot, node| {
            let elements = reader.elements(slot, node)?;
            let entry = slot.entry();
            let read_one = |element: &Node| {
                let value = read(reader, &entry, element)?;
                Some(reader.found(value, element))
            };
            Some(elements.iter().filter_map(read_one).collect())
        })
    }

    /// `policy.xcargo`, required and recommended: a table, or the requirement alone.
    fn versions(&mut self) -> [Option<Found<VersionReq>>; 2] {
        let Some(node) = self.node(&keys::XCARGO) else { return [None, None] };
        if matches!(node.value, Raw::Text(_)) {
            return [self.parsed(&keys::XCARGO, values::requirement), None];
        }
        let slot = Slot::of(&keys::XCARGO);
        let Some(table) = self.reader.table(&slot, node) else { return [None, None] };
        ["required", "recommended"].map(|name| {
            let (slot, node) = table.field(name)?;
            let value = self.reader.parsed(&slot, node, values::requirement)?;
            Some(self.reader.found(value, node))
        })
    }
}

fn steps(reader: &mut Reader<'_>, slot: &Slot, node: &Node) -> Option<Vec<StepName>> {
    let Kind::Steps(allowed) = slot.kind else { return None };
    let elements = reader.elements(slot, node)?;
    let mut steps = Vec::with_capacity(elements.len());
    for element in elements {
        let Some(step) = reader.word_near(&slot.entry(), element, allowed) else { continue };
        if !allowed.contains(&step) {
            let message = format!("`{}` cannot have `{step}`", slot.path);
            let label = "every such run would change the lock file";
            reader.wrong(slot, element, message, label);
        } else if steps.contains(&step) {
            reader.wrong(slot, element, format!("`{}` has `{step}` twice", slot.path), "the second");
        } else {
            steps.push(step);
        }
    }
    Some(steps)
}

fn ignored_pin(reader: &mut Reader<'_>, slot: &Slot, node: &Node) -> Option<IgnoredPin> {
    let table = reader.table(slot, node)?;
    let path = table.parsed(reader, "path", values::glob);
    let reason = table.parsed(reader, "reason", values::sentence);
    Some(IgnoredPin { path: path?, reason: reason? })
}

fn extra_pin(reader: &mut Reader<'_>, slot: &Slot, node: &Node) -> Option<ExtraPin> {
    let table = reader.table(slot, node)?;
    let path = table.parsed(reader, "path", values::glob);
    let pattern = table.parsed(reader, "pattern", values::pattern);
    let role = table.field("role").and_then(|(slot, node)| reader.word(&slot, node));
    Some(ExtraPin { path: path?, pattern: pattern?, role: role? })
}

fn denied(reader: &mut Reader<'_>, slot: &Slot, node: &Node) -> Option<Deny> {
    let table = reader.table(slot, node)?;
    let command = table.parsed(reader, "command", values::command);
    let reason = table.parsed(reader, "reason", values::sentence);
    Some(Deny { command: command?, reason })
}

fn required_args(reader: &mut Reader<'_>, slot: &Slot, node: &Node) -> Option<Require> {
    let table = reader.table(slot, node)?;
    let command = table.parsed(reader, "command", values::command);
    let args = table.field("args").and_then(|(slot, node)| {
        let elements = reader.elements(&slot, node)?;
        if elements.is_empty() {
            reader.wrong(&slot, node, format!("`{}` is empty", slot.path), "asks for nothing");
        }
        let entry = slot.entry();
        Some(elements.iter().filter_map(|node| reader.parsed(&entry, node, values::argument)).collect())
    });
    let when = table.field("when").map_or(Some(When::Always), |(slot, node)| reader.word(&slot, node));
    let reason = table.parsed(reader, "reason", values::sentence);
    Some(Require { command: command?, args: args?, when: when?, reason })
}
