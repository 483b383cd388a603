//! Bytes of a text as lines and columns, both counted from 1; columns in UTF-16 code units, as SARIF and editors have it.

use std::ops::Range;
use std::sync::Arc;

use crate::pins::check::Finding;

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    /// The line in which it starts.
    pub(super) line: usize,
    /// The column of its first character.
    pub(super) column: usize,
    /// The line in which it ends.
    pub(super) end_line: usize,
    /// The column behind its last character.
    pub(super) end_column: usize,
}

/// Finds places in texts one after the other: each text is counted once while it is asked for again and again.
#[derive(Debug, Default)]
pub(super) struct Locator {
    last: Option<Lines>,
}

impl Locator {
    /// Where these bytes are.
    pub(super) fn find(&mut self, text: &Arc<str>, span: &Range<usize>) -> Region {
        let lines = match self.last.take() {
            Some(lines) if Arc::ptr_eq(&lines.text, text) => lines,
            _ => Lines::of(text),
        };
        let (line, column) = lines.position(span.start);
        let (end_line, end_column) = lines.position(span.end.max(span.start));
        self.last = Some(lines);
        Region { line, column, end_line, end_column }
    }

    /// Where a finding is; `None` where nobody can say.
    pub(super) fn of(&mut self, finding: &Finding) -> Option<Region> {
        let text = finding.text.as_ref()?;
        Some(self.find(text, finding.span.as_ref()?))
    }
}

#[derive(Debug)]
struct Lines {
    text: Arc<str>,
    /// Where each line starts.
    starts: Vec<usize>,
    /// The code units before each step of the text; empty where all are ASCII.
    units: Vec<usize>,
}

/// Long lines are not counted from their start each time.
const STEP: usize = 1024;

impl Lines {
    fn of(text: &Arc<str>) -> Self {
        // A byte order mark is no character of the first line.
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let starts = std::iter::once(first).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut units = Vec::new();
        if !text.is_ascii() {
            let mut sum = 0;
            let mut next = 0;
            for (at, c) in text.char_indices() {
                while at >= next {
                    units.push(sum);
                    next += STEP;
                }
                sum += c.len_utf16();
            }
        }
        Self { text: Arc::clone(text), starts, units }
    }

    fn position(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1];
        let column = self.units_before(offset).saturating_sub(self.units_before(start));
        (line, column + 1)
    }

    fn units_before(&self, offset: usize) -> usize {
        if self.units.is_empty() {
            return offset;
        }
        let step = (offset / STEP).min(self.units.len() - 1);
        // What was counted there ends before the first character that starts at or behind the step.
        let mut from = step * STEP;
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let rest = self.text.get(from..offset).unwrap_or_default();
        self.units[step] + rest.chars().map(char::len_utf16).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Locator, Region, STEP};

    /// An annotation at the wrong line is worse than none.
    #[test]
    fn lines_and_columns() {
        let text: Arc<str> = Arc::from("\u{feff}ab\r\né😀x\r\n\nlast");
        let mut locator = Locator::default();
        let mut at = |part: &str| {
            let start = text.find(part).expect("a part");
            let Region { line, column, end_line, end_column } =
                locator.find(&text, &(start..start + part.len()));
            (line, column, end_line, end_column)
        };
        assert_eq!(at("ab"), (1, 1, 1, 3));
        assert_eq!(at("b"), (1, 2, 1, 3));
        assert_eq!(at("x"), (2, 4, 2, 5), "two code units for one character");
        assert_eq!(at("last"), (4, 1, 4, 5));
        assert_eq!(at("x\r\n\nl"), (2, 4, 4, 2));
        let far = locator.find(&text, &(999..1000));
        assert_eq!((far.line, far.end_line), (4, 4), "beyond the end");
        locator.find(&text, &(0..1));
        locator.find(&Arc::from(""), &(0..0));
    }

    #[test]
    fn columns_of_long_lines() {
        let text: Arc<str> = Arc::from(format!("a\n{}", "é😀".repeat(STEP)));
        let mut locator = Locator::default();
        for count in [0, 1, 170, 171, 341, 342, 1000, STEP] {
            let offset = 2 + count * 6;
            assert_eq!(locator.find(&text, &(offset..offset)).column, 1 + count * 3, "{count}");
        }
    }
}
