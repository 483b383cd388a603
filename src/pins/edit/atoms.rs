//! A file as a sequence of what it says, structure included: two texts with the same sequence mean the same.

use jsonc_parser::ast;
use toml_edit::{Document, Item, TableLike, Value};

use crate::pins::Unreadable;
use crate::pins::kind::Format;
use crate::pins::yaml::{self, Style};

/// What an [`Atom`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// A scalar of YAML without quotes, which may be a number.
    Plain,
    /// A string.
    Quoted,
    /// A block scalar or a piece of structure of YAML.
    Block,
    /// The key of a value.
    Key,
    /// Something begins or ends.
    Structure,
    /// A number, a date, a boolean.
    Other,
    /// A line of a file that is not parsed.
    Line,
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Atom {
    pub(super) tag: Tag,
    pub(super) value: String,
}

impl Atom {
    fn new(tag: Tag, value: impl Into<String>) -> Self {
        Self { tag, value: value.into() }
    }

    /// Whether YAML takes it for a number that is written otherwise: `1.80` is `1.8`.
    pub(super) fn is_misread(&self) -> bool {
        self.tag == Tag::Plain
            && self.value.starts_with(|c: char| c.is_ascii_digit())
            && self.value.parse::<f64>().is_ok_and(|number| number.to_string() != self.value)
    }
}

/// Reads a text.
///
/// # Errors
/// It is not in this format.
pub(super) fn atoms(format: Format, text: &str) -> Result<Vec<Atom>, Unreadable> {
    match format {
        Format::Lines => Ok(text.split_inclusive('\n').map(|line| Atom::new(Tag::Line, line)).collect()),
        Format::Yaml => {
            let tag = |style| match style {
                Style::Plain => Tag::Plain,
                Style::Quoted => Tag::Quoted,
                Style::Block => Tag::Block,
            };
            let scalars = yaml::scalars(text)?;
            Ok(scalars.into_iter().map(|(value, style, _)| Atom::new(tag(style), value)).collect())
        }
        Format::Toml => {
            let document = Document::parse(text).map_err(|error| Unreadable {
                span: error.span(),
                why: format!("no valid TOML: {}", error.message()),
            })?;
            let mut into = Vec::new();
            of_table(document.as_table(), &mut into);
            Ok(into)
        }
        Format::Json => {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            let options = jsonc_parser::ParseOptions::default();
            let parsed = jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &options);
            let parsed = parsed.map_err(|error| {
                let range = error.range();
                Unreadable {
                    span: Some(range.start..range.end),
                    why: format!("no valid JSON: {}", error.kind()),
                }
            })?;
            let mut into = Vec::new();
            if let Some(value) = &parsed.value {
                of_json(value, &mut into);
            }
            Ok(into)
        }
    }
}

// The parsers of both refuse what is nested deeply, so these end.

fn of_table(table: &dyn TableLike, into: &mut Vec<Atom>) {
    into.push(Atom::new(Tag::Structure, "{"));
    for (key, item) in table.iter() {
        into.push(Atom::new(Tag::Key, key));
        match item {
            Item::None => {}
            Item::Value(value) => of_toml(value, into),
            Item::Table(table) => of_table(table, into),
            Item::ArrayOfTables(tables) => {
                into.push(Atom::new(Tag::Structure, "["));
                tables.iter().for_each(|table| of_table(table, into));
                into.push(Atom::new(Tag::Structure, "]"));
            }
        }
    }
    into.push(Atom::new(Tag::Structure, "}"));
}

fn of_toml(value: &Value, into: &mut Vec<Atom>) {
    match value {
        Value::String(text) => into.push(Atom::new(Tag::Quoted, text.value())),
        Value::InlineTable(table) => of_table(table, into),
        Value::Array(items) => {
            into.push(Atom::new(Tag::Structure, "["));
            items.iter().for_each(|item| of_toml(item, into));
            into.push(Atom::new(Tag::Structure, "]"));
        }
        other => into.push(Atom::new(Tag::Other, other.clone().decorated("", "").to_string())),
    }
}

fn of_json(value: &ast::Value<'_>, into: &mut Vec<Atom>) {
    match value {
        ast::Value::StringLit(text) => into.push(Atom::new(Tag::Quoted, text.value.as_ref())),
        ast::Value::NumberLit(number) => into.push(Atom::new(Tag::Other, number.value)),
        ast::Value::BooleanLit(is) => into.push(Atom::new(Tag::Other, is.value.to_string())),
        ast::Value::NullKeyword(_) => into.push(Atom::new(Tag::Other, "null")),
        ast::Value::Object(object) => {
            into.push(Atom::new(Tag::Structure, "{"));
            for property in &object.properties {
                into.push(Atom::new(Tag::Key, property.name.as_str()));
                of_json(&property.value, into);
            }
            into.push(Atom::new(Tag::Structure, "}"));
        }
        ast::Value::Array(array) => {
            into.push(Atom::new(Tag::Structure, "["));
            array.elements.iter().for_each(|item| of_json(item, into));
            into.push(Atom::new(Tag::Structure, "]"));
        }
    }
}
