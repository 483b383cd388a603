//! A TOML document as a small tree in which everything knows its place.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use crate::diagnostic::{Diagnostic, SourceText};
use crate::exit::Code;

/// A value and the bytes that it takes up.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Byte offsets into the file; for a table with a header, the header.
    pub span: Range<usize>,
    /// The value.
    pub value: Raw,
}

/// The kinds of values that a policy has a use for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list, be it an array or `[[headers]]`.
    List(Vec<Node>),
    /// A table, be it inline, dotted or under a header.
    Table(Vec<Entry>),
    /// What no key takes: the name of its type.
    Other(&'static str),
}

/// A key of a table with its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// The key, unquoted.
    pub key: String,
    /// Where the key stands.
    pub key_span: Range<usize>,
    /// Its value.
    pub node: Node,
}

impl Raw {
    /// The type, as a message says it.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Integer(_) => "a whole number",
            Self::Boolean(_) => "a boolean",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(name) => name,
        }
    }
}

/// Takes the text apart. Nesting is bounded by the parser, so the tree may be walked recursively.
pub(super) fn parse(source: &SourceText) -> Result<Vec<Entry>, Diagnostic> {
    match Document::parse(source.text.as_ref()) {
        Ok(document) => Ok(table(document.as_table())),
        Err(error) => {
            // The parser's message ends in what it expected, which is what is allowed.
            let message = format!("{} is not valid TOML: {}", source.path.display(), error.message());
            let span = error.span().unwrap_or(0..0);
            Err(Diagnostic::error(Code::PolicyBroken, message).label(source, span, ""))
        }
    }
}

fn table(table: &dyn TableLike) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(table.len());
    for (name, item) in table.iter() {
        let key_span = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span()).unwrap_or(0..0);
        if let Some(node) = node(item, &key_span) {
            entries.push(Entry { key: name.to_owned(), key_span, node });
        }
    }
    entries
}

fn node(item: &Item, key_span: &Range<usize>) -> Option<Node> {
    let span = item.span().unwrap_or_else(|| key_span.clone());
    Some(match item {
        Item::None => return None,
        Item::Value(value) => of_value(value, &span),
        Item::Table(inner) => Node { span, value: Raw::Table(table(inner)) },
        Item::ArrayOfTables(tables) => {
            let elements: Vec<Node> = tables
                .iter()
                .map(|inner| Node {
                    span: inner.span().unwrap_or_else(|| key_span.clone()),
                    value: Raw::Table(table(inner)),
                })
                .collect();
            // The parser's own span of the whole reaches over foreign sections that stand in between.
            let span = elements.first().map_or(span, |first| first.span.clone());
            Node { span, value: Raw::List(elements) }
        }
    })
}

fn of_value(value: &Value, around: &Range<usize>) -> Node {
    let span = value.span().unwrap_or_else(|| around.clone());
    let raw = match value {
        Value::String(text) => Raw::Text(text.value().clone()),
        Value::Integer(number) => Raw::Integer(*number.value()),
        Value::Array(list) => Raw::List(list.iter().map(|element| of_value(element, &span)).collect()),
        Value::InlineTable(inner) => Raw::Table(table(inner)),
        Value::Float(_) => Raw::Other("a number with a fraction"),
        Value::Boolean(value) => Raw::Boolean(*value.value()),
        Value::Datetime(_) => Raw::Other("a date or time"),
    };
    Node { span, value: raw }
}
