//! TOML with the bytes of every string: what the recognisers of TOML files share.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use super::{Frozen, Nature, Pin, Spelling, Unreadable};

/// A string, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text<'a> {
    /// What it says.
    pub value: &'a str,
    /// Its bytes, without the quotes.
    pub span: Range<usize>,
    /// The bytes are what it says, letter by letter (but for line ends).
    pub is_literal: bool,
}

impl Text<'_> {
    /// The pin that this whole string is; what is written with escapes cannot be replaced by itself.
    pub(super) fn pin(
        &self,
        text: &str,
        place: impl Into<String>,
        spelling: Spelling,
        nature: Nature,
    ) -> Pin {
        let pin = Pin::at(text, self.span.clone(), place, spelling, nature);
        if self.is_literal {
            return pin;
        }
        Pin { text: self.value.to_owned(), frozen: Some(Frozen::Spelled), ..pin }
    }
}

/// Reads a document.
///
/// # Errors
/// It is no TOML.
pub(super) fn read(text: &str) -> Result<Document<&str>, Unreadable> {
    Document::parse(text).map_err(|error| Unreadable {
        span: error.span(),
        why: format!("no valid TOML: {}", error.message()),
    })
}

/// The string that this item is.
pub(super) fn item<'a>(text: &str, item: &'a Item) -> Option<Text<'a>> {
    string(text, item.as_str()?, item.span()?)
}

/// The string that this value is.
pub(super) fn value<'a>(text: &str, value: &'a Value) -> Option<Text<'a>> {
    string(text, value.as_str()?, value.span()?)
}

/// The item at the end of these keys.
pub(super) fn at<'a>(table: &'a dyn TableLike, keys: &[&str]) -> Option<&'a Item> {
    let (first, rest) = keys.split_first()?;
    let found = table.get(first)?;
    rest.iter().try_fold(found, |item, key| item.as_table_like()?.get(key))
}

fn string<'a>(text: &str, value: &'a str, span: Range<usize>) -> Option<Text<'a>> {
    let written = text.get(span.clone())?;
    let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| written.starts_with(quotes))?;
    let inner = written.strip_prefix(quotes)?.strip_suffix(quotes)?;
    // The line end behind three opening quotes is no part of the string.
    let skip = match quotes.len() {
        3 if inner.starts_with("\r\n") => 2,
        3 if inner.starts_with('\n') => 1,
        _ => 0,
    };
    let start = span.start + quotes.len() + skip;
    let end = span.end - quotes.len();
    let is_literal = quotes.starts_with('\'') || !inner.contains('\\');
    Some(Text { value, span: start..end, is_literal })
}
