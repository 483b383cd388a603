//! New names at exact spans: every other byte of a file stays as it is.

use std::ops::Range;

/// A replacement of some bytes of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Range<usize>,
    /// What stands there afterwards.
    pub new: String,
}

/// The text with all edits done; they may come in any order.
///
/// `None` where two overlap, or one does not lie on whole characters of the text.
#[must_use]
pub fn splice(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span.start);
    let mut done = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for edit in edits {
        done.push_str(text.get(at..edit.span.start)?);
        text.get(edit.span.clone())?;
        done.push_str(&edit.new);
        at = edit.span.end;
    }
    done.push_str(text.get(at..)?);
    Some(done)
}

#[cfg(test)]
mod tests {
    use super::{Edit, splice};

    #[test]
    fn nothing_but_the_spans_changes() {
        let edit = |span, new: &str| Edit { span, new: new.to_owned() };
        let text = "\u{feff}a: 1.78 # é\r\nb: 1.78\r\n";
        let edits = [edit(20..24, "1.79.0"), edit(6..10, "\"1.80\"")];
        assert_eq!(splice(text, &edits).as_deref(), Some("\u{feff}a: \"1.80\" # é\r\nb: 1.79.0\r\n"));
        assert_eq!(splice(text, &[edit(6..10, ""), edit(8..12, "")]), None, "they overlap");
        assert_eq!(splice(text, &[edit(1..2, "")]), None, "inside of a character");
        assert_eq!(splice(text, &[edit(6..999, "")]), None, "beyond the end");
    }
}
