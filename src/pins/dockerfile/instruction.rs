//! A Dockerfile as instructions: directives, comments, continued lines and here-documents, byte for byte.
//!
//! The rules are those of BuildKit (`frontend/dockerfile/parser`). What is no part of an instruction (comments between continued
//! lines, the escape at a line's end) becomes blanks of the same length, so that every byte stays where it is in the file. A
//! reader of its own, as no crate knows the `escape` directive and here-documents and says where every word stands.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::pins::Unreadable;

/// A file, taken apart.
#[derive(Debug)]
pub(super) struct File {
    /// The text with blanks for what no instruction sees.
    pub masked: String,
    /// What stands at the end of a line that goes on, and in front of a character that means nothing special.
    pub escape: char,
    /// The instructions in order; `ONBUILD` is taken off.
    pub instructions: Vec<Instruction>,
}

/// An instruction.
#[derive(Debug)]
pub(super) struct Instruction {
    /// Its name in capitals.
    pub name: String,
    /// The bytes of what follows the name.
    pub args: Range<usize>,
    /// The bytes of its here-documents, without the lines that end them.
    pub heredocs: Vec<Range<usize>>,
}

static HEREDOC: LazyLock<Regex> = LazyLock::new(|| {
    // Quoted texts are words (or parts of words) in which `<<` means nothing.
    let word = r#""(?:[^"\\]|\\.)*"|'[^']*'|(?:^|\s)\d*<<(-?)(?:"(\w+)"|'(\w+)'|(\w+))|\S|\s"#;
    Regex::new(word).unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

/// Takes a text apart.
///
/// # Errors
/// A here-document has no end: nobody can say which lines are instructions.
pub(super) fn read(text: &str) -> Result<File, Unreadable> {
    let escape = escape(text);
    let mut reader = Reader { text, escape, masked: text.as_bytes().to_vec(), at: 0 };
    if text.starts_with('\u{feff}') {
        reader.blank(0..'\u{feff}'.len_utf8());
        reader.at = '\u{feff}'.len_utf8();
    }
    let mut logical = Vec::new();
    while let Some(lines) = reader.instruction() {
        let heredocs = reader.heredocs(&lines)?;
        logical.push((lines, heredocs));
    }
    let masked = String::from_utf8(reader.masked)
        .map_err(|error| Unreadable { span: None, why: error.to_string() })?;
    let instructions = logical
        .into_iter()
        .filter_map(|(lines, heredocs)| {
            let (name, args) = name(&masked, lines)?;
            Some(Instruction { name, args, heredocs })
        })
        .collect();
    Ok(File { masked, escape, instructions })
}

/// The words of some bytes: cut at blanks outside of quotes.
pub(super) fn words(masked: &str, range: &Range<usize>, escape: char) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in masked.get(range.clone()).unwrap_or_default().char_indices() {
        let at = range.start + at;
        if c.is_whitespace() && quote.is_none() {
            words.extend(start.take().map(|start| start..at));
            escaped = false;
            continue;
        }
        start.get_or_insert(at);
        if escaped {
            escaped = false;
        } else if c == escape && quote != Some('\'') {
            escaped = true;
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '"' | '\'') {
            quote = Some(c);
        }
    }
    words.extend(start.map(|start| start..range.end));
    words
}

/// The `escape` directive: among the comments that look like directives at the very top.
fn escape(text: &str) -> char {
    for line in text.trim_start_matches('\u{feff}').lines() {
        let Some((key, value)) = line.trim().strip_prefix('#').and_then(|rest| rest.split_once('=')) else {
            break;
        };
        if key.trim().eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { '`' } else { '\\' };
        }
        if key.trim().is_empty() || key.trim().contains(char::is_whitespace) {
            break;
        }
    }
    '\\'
}

/// The name of an instruction, and where the rest of it stands.
fn name(masked: &str, lines: Range<usize>) -> Option<(String, Range<usize>)> {
    let mut start = lines.start;
    // Nobody can nest `ONBUILD`.
    for _ in 0..2 {
        let rest = masked.get(start..lines.end)?;
        start += rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let name = rest.get(..end)?.to_ascii_uppercase();
        start += end;
        if name != "ONBUILD" {
            return Some((name, start..lines.end));
        }
    }
    None
}

struct Reader<'a> {
    text: &'a str,
    escape: char,
    masked: Vec<u8>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn blank(&mut self, range: Range<usize>) {
        self.fill(range, b' ');
    }

    fn fill(&mut self, range: Range<usize>, with: u8) {
        if let Some(bytes) = self.masked.get_mut(range) {
            bytes.fill(with);
        }
    }

    /// The next line with its end, and where it starts.
    fn line(&mut self) -> Option<(usize, &'a str)> {
        let start = self.at;
        let line = self.text.get(start..)?.split_inclusive('\n').next()?;
        self.at += line.len();
        Some((start, line))
    }

    /// The bytes of the next instruction with all lines on which it goes on.
    fn instruction(&mut self) -> Option<Range<usize>> {
        let mut begin = None;
        // Where the last line went on, and whether a word did.
        let mut joint: Option<(Range<usize>, bool)> = None;
        while let Some((start, line)) = self.line() {
            let said = line.trim();
            if said.is_empty() || said.starts_with('#') {
                self.blank(start..start + line.len());
                continue;
            }
            if let Some((joint, in_word)) = joint.take() {
                // Two halves of a word are no name that stands anywhere: the escapes stay and spoil it.
                let goes_on = in_word && !line.starts_with(is_break);
                self.fill(joint, if goes_on { b'\\' } else { b' ' });
            }
            let begin = *begin.get_or_insert(start);
            let Some(mark) = self.goes_on(line) else { return Some(begin..start + line.trim_end().len()) };
            let in_word =
                line.get(..mark).is_some_and(|before| !before.is_empty() && !before.ends_with(is_break));
            joint = Some((start + mark..start + line.len(), in_word));
        }
        if let Some((joint, _)) = joint {
            self.blank(joint);
        }
        begin.map(|begin| begin..self.text.len())
    }

    /// Where the escape stands by which a line goes on.
    fn goes_on(&self, line: &str) -> Option<usize> {
        let before = line.trim_end().strip_suffix(self.escape)?;
        (!before.ends_with(self.escape)).then_some(before.len())
    }

    /// Reads the here-documents that an instruction announces.
    fn heredocs(&mut self, lines: &Range<usize>) -> Result<Vec<Range<usize>>, Unreadable> {
        let said = self.masked.get(lines.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let said = said.unwrap_or_default();
        let first = said.split_whitespace().find(|word| !word.eq_ignore_ascii_case("ONBUILD"));
        let takes = first
            .is_some_and(|name| ["RUN", "COPY", "ADD"].iter().any(|known| name.eq_ignore_ascii_case(known)));
        if !takes || !said.contains("<<") {
            return Ok(Vec::new());
        }
        let announced: Vec<(String, bool)> = HEREDOC
            .captures_iter(said)
            .filter_map(|found| {
                let name = found.get(2).or_else(|| found.get(3)).or_else(|| found.get(4))?;
                Some((name.as_str().to_owned(), found.get(1).is_some_and(|dash| !dash.is_empty())))
            })
            .collect();
        announced.iter().map(|(name, tabs)| self.heredoc(name, *tabs, lines)).collect()
    }

    fn heredoc(&mut self, name: &str, tabs: bool, lines: &Range<usize>) -> Result<Range<usize>, Unreadable> {
        let begin = self.at;
        while let Some((start, line)) = self.line() {
            let line = line.trim_end_matches(['\n', '\r']);
            let line = if tabs { line.trim_start_matches('\t') } else { line };
            if line == name {
                return Ok(begin..start);
            }
        }
        Err(Unreadable { span: Some(lines.clone()), why: format!("the here-document `{name}` has no end") })
    }
}

/// What no word of a shell holds.
fn is_break(c: char) -> bool {
    c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')')
}
