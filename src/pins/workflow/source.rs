//! From a part of a scalar's value to the bytes of the file: also through blocks, folds and simple escapes.
//!
//! What YAML does to a text changes blanks and line ends only, escapes apart: where the letters that are no blanks are the same
//! in the value and in the source, each of them is where it is for certain.

use std::cell::OnceCell;
use std::ops::Range;

use crate::pins::yaml::{Scalar, Style};

/// A scalar's value and the bytes of the file behind it.
pub(super) struct Source<'a> {
    text: &'a str,
    scalar: &'a Scalar,
    letters: OnceCell<Option<Vec<Letter>>>,
}

/// A letter of the value that is no blank: where it stands in the value, and in the file.
type Letter = (usize, Range<usize>);

impl<'a> Source<'a> {
    /// The source of a scalar of this text.
    pub(super) const fn of(text: &'a str, scalar: &'a Scalar) -> Self {
        Self { text, scalar, letters: OnceCell::new() }
    }

    /// The bytes at which this part of the value stands; `None` where nobody can tell.
    pub(super) fn part(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let wanted = self.scalar.value.get(part.clone()).filter(|wanted| !wanted.is_empty())?;
        let found = match self.scalar.part(part) {
            Some(found) => found,
            None => self.aligned(part)?,
        };
        (self.text.get(found.clone()) == Some(wanted)).then_some(found)
    }

    fn aligned(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let letters = self.letters.get_or_init(|| letters(self.text, self.scalar)).as_ref()?;
        let first = letters.partition_point(|(at, _)| *at < part.start);
        let last = letters.partition_point(|(at, _)| *at < part.end).checked_sub(1)?;
        let (first, last) = (letters.get(first)?, letters.get(last)?);
        (first.0 == part.start).then_some(first.1.start..last.1.end)
    }
}

fn letters(text: &str, scalar: &Scalar) -> Option<Vec<Letter>> {
    let whole = &scalar.span;
    through(text, scalar, whole.start).or_else(|| {
        // The range of a block with an anchor or a tag begins at these, in the line above.
        let skipped =
            (scalar.style == Style::Block).then(|| text.get(whole.clone())?.find('\n')).flatten()?;
        through(text, scalar, whole.start + skipped + 1)
    })
}

fn through(text: &str, scalar: &Scalar, start: usize) -> Option<Vec<Letter>> {
    let source = text.get(start..scalar.span.end)?;
    let quote = (scalar.style == Style::Quoted).then(|| text.get(..start)?.chars().next_back()).flatten();
    let mut letters = Letters { source, at: 0, quote };
    let mut found = Vec::new();
    for (at, letter) in scalar.value.char_indices().filter(|(_, letter)| !letter.is_whitespace()) {
        let (span, same) = letters.next()?;
        if same != letter {
            return None;
        }
        found.push((at, start + span.start..start + span.end));
    }
    letters.next().is_none().then_some(found)
}

/// The letters of a source text that are no blanks, with escapes undone.
struct Letters<'a> {
    source: &'a str,
    at: usize,
    quote: Option<char>,
}

impl Iterator for Letters<'_> {
    type Item = (Range<usize>, char);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut rest = self.source.get(self.at..)?.chars();
            let letter = rest.next()?;
            let start = self.at;
            self.at += letter.len_utf8();
            if letter.is_whitespace() {
                continue;
            }
            let escaped = match (self.quote, letter) {
                (Some('\''), '\'') | (Some('"'), '\\') => rest.next(),
                _ => return Some((start..self.at, letter)),
            };
            let escaped = escaped?;
            self.at += escaped.len_utf8();
            match escaped {
                'n' | 't' | 'r' if letter == '\\' => {}
                _ if escaped.is_whitespace() => {}
                '"' | '\\' | '/' | '\'' => return Some((start..self.at, escaped)),
                // Another escape may stand for any letter; this one is in no value.
                _ => return Some((start..self.at, '\0')),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Source;
    use crate::pins::yaml::{Node, read};

    /// A script's words are edited in the file, not in what YAML makes of it.
    #[test]
    fn a_part_is_found_through_all_that_yaml_does() {
        for text in [
            "a: x 1.78.0 y\n",
            "a: 'x 1.78.0 y'\n",
            "a: 'it''s 1.78.0 y'\n",
            "a: \"x\\n1.78.0\\ty \\\"q\\\"\"\n",
            "a: \"x 1.78.0 \\\n   y\"\n",
            "a: |\n  é\n  x 1.78.0 y\n    z\n",
            "a: &b |-\n  x 1.78.0 y\n",
            "a: !!str >2-\n    x\n\n   1.78.0\n   y\n",
            "a: >\r\n  x\r\n  1.78.0\r\n",
            "a: x\n  1.78.0\n  y\n",
        ] {
            let documents = read(text).expect(text);
            let scalar = documents[0].get("a").and_then(Node::scalar).expect(text);
            let at = scalar.value.find("1.78.0").expect(text);
            let expect = text.find("1.78.0").expect(text);
            assert_eq!(Source::of(text, scalar).part(&(at..at + 6)), Some(expect..expect + 6), "{text:?}");
        }
        for text in ["a: \"1.7\\x38.0\"\n", "a: \"\\u0031.78.0\"\n", "a: \"1.78.\\\n  0\"\n"] {
            let documents = read(text).expect(text);
            let scalar = documents[0].get("a").and_then(Node::scalar).expect(text);
            assert_eq!(scalar.value, "1.78.0");
            assert_eq!(Source::of(text, scalar).part(&(0..6)), None, "{text:?}");
        }
    }
}
