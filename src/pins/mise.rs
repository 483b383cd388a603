//! mise's configuration: the tool `rust`, the environment, and what tasks and hooks run.

use toml_edit::{Item, TableLike, Value};

use super::shell::Use;
use super::variable::{is_of_rust, is_official};
use super::{Found, Nature, Remark, Spelling, Unreadable, What, script, toml};

/// The tool's names: with and without the backend that it has by default.
const RUST: [&str; 2] = ["rust", "core:rust"];

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is no TOML.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let document = toml::read(text)?;
    let mut reader = Reader { text, found: Found::default() };
    let root = document.as_table();
    reader.tools(root.get("tools"), "tools");
    reader.variables(root.get("env"), "env");
    reader.variables(root.get("vars"), "vars");
    for (name, task) in tables(root.get("tasks")).flat_map(TableLike::iter) {
        let place = format!("tasks.{name}");
        // A task may be nothing but what it runs.
        reader.runs(Some(task), &place);
        for table in tables(Some(task)) {
            reader.tools(table.get("tools"), &format!("{place}.tools"));
            reader.variables(table.get("env"), &format!("{place}.env"));
            reader.runs(table.get("run"), &format!("{place}.run"));
            reader.runs(table.get("run_windows"), &format!("{place}.run_windows"));
        }
    }
    for (name, hook) in tables(root.get("hooks")).flat_map(TableLike::iter) {
        reader.runs(Some(hook), &format!("hooks.{name}"));
    }
    Ok(reader.found)
}

/// The tables that an item is: one, or those of `[[…]]`.
fn tables(item: Option<&Item>) -> impl Iterator<Item = &dyn TableLike> {
    let one = item.and_then(Item::as_table_like);
    let many = item.and_then(Item::as_array_of_tables);
    let many = many.into_iter().flat_map(|tables| tables.iter().map(|table| table as &dyn TableLike));
    one.into_iter().chain(many)
}

struct Reader<'a> {
    text: &'a str,
    found: Found,
}

impl Reader<'_> {
    fn tools(&mut self, tools: Option<&Item>, place: &str) {
        for (name, tool) in tables(tools).flat_map(TableLike::iter).filter(|(name, _)| RUST.contains(name)) {
            let place = format!("{place}.{name}");
            let versions = versions(self.text, tool);
            let nature = if versions.len() > 1 { Nature::Row } else { Nature::Environment };
            for (nth, version) in versions.iter().enumerate() {
                let place = if nature == Nature::Row { format!("{place}[{nth}]") } else { place.clone() };
                self.named(version, place, nature);
            }
        }
    }

    /// `[env]` and `[vars]`: a string, or a table with one.
    fn variables(&mut self, variables: Option<&Item>, place: &str) {
        let variables = tables(variables).flat_map(TableLike::iter).filter(|(name, _)| is_of_rust(name));
        for (name, item) in variables {
            let value = toml::item(self.text, item)
                .or_else(|| toml::item(self.text, item.as_table_like()?.get("value")?));
            if let Some(value) = value {
                let before = self.found.pins.len();
                self.named(&value, format!("{place}.{name}"), Nature::Environment);
                let new = self.found.pins.drain(before..).collect::<Vec<_>>();
                self.found.pins.extend(new.into_iter().map(|pin| pin.around([name])));
            }
        }
    }

    /// Only names that anybody can install: mise has `prefix:`, `ref:`, `path:` and templates beside them.
    fn named(&mut self, version: &toml::Text<'_>, place: String, nature: Nature) {
        if is_official(version.value, Spelling::Channel) {
            self.found.pins.push(version.pin(self.text, place, Spelling::Channel, nature));
        } else if version.value.contains("{{") || version.value.starts_with("prefix:") {
            let expression = version.value.to_owned();
            let span = version.span.clone();
            self.found.remarks.push(Remark { span, what: What::Unfollowed { expression } });
        }
    }

    /// A script, or several.
    fn runs(&mut self, item: Option<&Item>, place: &str) {
        let Some(Item::Value(value)) = item else { return };
        match value {
            Value::String(_) => self.script(value, place),
            Value::Array(scripts) => {
                scripts.iter().for_each(|script| self.script(script, place));
            }
            _ => {}
        }
    }

    fn script(&mut self, value: &Value, place: &str) {
        let Some(script) = toml::value(self.text, value) else { return };
        // What is written with escapes has other bytes than the shell sees.
        let Some(written) = self.text.get(script.span.clone()).filter(|_| script.is_literal) else { return };
        let read = script::read(self.text, script.span.start, written, place);
        // Templates are no words of a shell.
        self.found.pins.extend(read.pins);
        self.found.remarks.extend(
            read.expanded
                .into_iter()
                .filter(|word| matches!(word.by, Use::Chooses(_)))
                .map(|word| Remark { span: word.span, what: What::Unfollowed { expression: word.text } }),
        );
    }
}

/// `"1.78"`, `{ version = "1.78" }`, `["1.78", { version = "nightly" }]`, `[tools.rust]`, `[[tools.rust]]`.
fn versions<'a>(text: &str, tool: &'a Item) -> Vec<toml::Text<'a>> {
    let of_value = |value: &'a Value| match value {
        Value::InlineTable(table) => toml::value(text, table.get("version")?),
        value => toml::value(text, value),
    };
    match tool {
        Item::Value(Value::Array(values)) => values.iter().filter_map(of_value).collect(),
        Item::Value(value) => of_value(value).into_iter().collect(),
        tool => tables(Some(tool)).filter_map(|table| toml::item(text, table.get("version")?)).collect(),
    }
}

#[cfg(test)]
mod tests;
