//! A text of a file that may name a toolchain, with the bytes at which it stands there.

use std::ops::Range;

use crate::pins::yaml::{Scalar, Style};

/// A text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pins) struct Value<'a> {
    /// What it says.
    pub(in crate::pins) text: &'a str,
    /// Where it starts in the file; `None` where what stands there is not what it says.
    at: Option<usize>,
    /// The bytes of the scalar that it is, or is a part of.
    whole: Range<usize>,
    /// It is a whole plain scalar of YAML, which may be a number.
    pub(in crate::pins) is_plain: bool,
}

impl<'a> Value<'a> {
    /// The value of a scalar.
    pub(in crate::pins) fn of(scalar: &'a Scalar, source: &str) -> Self {
        let whole = scalar.span.clone();
        if scalar.is_literal {
            let is_plain = scalar.style == Style::Plain;
            return Self { text: &scalar.value, at: Some(whole.start), whole, is_plain };
        }
        // A block of one line is its own text, blanks apart.
        let text = scalar.value.trim();
        let raw = source.get(whole.clone()).unwrap_or_default();
        let blanks = raw.len() - raw.trim_start().len();
        let at = (scalar.style == Style::Block && raw.trim() == text).then_some(whole.start + blanks);
        Self { text, at, whole, is_plain: false }
    }

    /// A piece of the file as it stands.
    pub(in crate::pins) fn raw(source: &'a str, span: Range<usize>) -> Self {
        let text = source.get(span.clone()).unwrap_or_default();
        Self { text, at: Some(span.start), whole: span, is_plain: false }
    }

    /// A text whose place is known only as far as its scalar.
    pub(in crate::pins) fn somewhere(text: &'a str, whole: Range<usize>) -> Self {
        Self { text, at: None, whole, is_plain: false }
    }

    /// A part of it.
    pub(in crate::pins) fn part(&self, part: Range<usize>) -> Self {
        let is_plain = self.is_plain && part == (0..self.text.len());
        let text = self.text.get(part.clone()).unwrap_or_default();
        Self { text, at: self.at.map(|at| at + part.start), whole: self.whole.clone(), is_plain }
    }

    /// Where it stands in the file, as exactly as that is known.
    pub(in crate::pins) fn span(&self) -> Range<usize> {
        self.at.map_or_else(|| self.whole.clone(), |at| at..at + self.text.len())
    }

    /// Its bytes are known, and may be replaced.
    pub(in crate::pins) const fn is_exact(&self) -> bool {
        self.at.is_some()
    }
}
