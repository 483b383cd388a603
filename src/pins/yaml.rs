//! YAML with the bytes of every scalar: a tree for recognisers, and the text that may be replaced.
//!
//! The parser counts in characters and lets a scalar's range cover its anchor, its tag and the blanks behind it; here a
//! scalar's span is that of its text alone. A scalar may be edited only where its source text is its value, letter by letter:
//! never a folded, escaped or aliased one.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::Unreadable;

/// A node of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A scalar.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Vec<Rc<Node>>),
    /// A mapping; keys that are no scalars are left out.
    Mapping(Vec<(Scalar, Rc<Node>)>),
}

/// A scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// What it says.
    pub value: String,
    /// The bytes of its text: without quotes, anchor and tag. For a block scalar all its lines.
    pub span: Range<usize>,
    /// How it is written.
    pub style: Style,
    /// Its source text is its value, so that a part of it can be replaced.
    pub is_literal: bool,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: numbers and booleans are no strings.
    Plain,
    /// In quotes.
    Quoted,
    /// `|` or `>`.
    Block,
}

/// No file that people write is nested this deeply; what walks a tree, and drops it, uses the stack for each level.
const DEEPEST: usize = 128;

impl Node {
    /// The value of a key, where this is a mapping. As with all readers, the last of several counts.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().rev().find(|(found, _)| found.value == key).map(|(_, node)| &**node)
    }

    /// The value at the end of these keys.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a mapping, in order; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[(Scalar, Rc<Self>)] {
        match self {
            Self::Mapping(entries) => entries,
            Self::Scalar(_) | Self::Sequence(_) => &[],
        }
    }

    /// The items of a sequence, in order; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Rc<Self>] {
        match self {
            Self::Sequence(items) => items,
            Self::Scalar(_) | Self::Mapping(_) => &[],
        }
    }

    /// The scalar, where this is one.
    #[must_use]
    pub const fn scalar(&self) -> Option<&Scalar> {
        match self {
            Self::Scalar(scalar) => Some(scalar),
            Self::Sequence(_) | Self::Mapping(_) => None,
        }
    }

    /// The value of a scalar.
    #[must_use]
    pub fn str(&self) -> Option<&str> {
        self.scalar().map(|scalar| scalar.value.as_str())
    }
}

impl Scalar {
    /// The bytes of the file at which this part of the value stands; `None` where the value is not the source text.
    #[must_use]
    pub fn part(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let inside = part.start <= part.end && part.end <= self.value.len();
        (self.is_literal && inside).then(|| self.span.start + part.start..self.span.start + part.end)
    }
}

/// Reads all documents of a text. Aliases stand for the very nodes that they name.
///
/// # Errors
/// It is no YAML (or nested too deeply to be read safely).
pub fn read(text: &str) -> Result<Vec<Rc<Node>>, Unreadable> {
    let mut reader = Reader {
        text,
        offsets: Offsets::of(text),
        anchors: HashMap::new(),
        highest: 0,
        open: Vec::new(),
        roots: Vec::new(),
    };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                reader.take(event, span);
                // Aliases build upon each other without nesting in the text.
                if reader.open.len().max(reader.highest) > DEEPEST {
                    let at = reader.offsets.byte(span.start.index());
                    return Err(Unreadable { span: Some(at..at), why: "nested too deeply".to_owned() });
                }
            }
            Err(error) => {
                let at = reader.offsets.byte(error.marker().index());
                return Err(Unreadable {
                    span: Some(at..at),
                    why: format!("no valid YAML: {}", error.info()),
                });
            }
        }
    }
    Ok(reader.roots)
}

/// Every scalar of a text in order, keys included, with its style and the bytes that the parser gives it: what an edit is held
/// against.
///
/// # Errors
/// As [`read`].
pub fn scalars(text: &str) -> Result<Vec<(String, Style, Range<usize>)>, Unreadable> {
    let offsets = Offsets::of(text);
    let mut found = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let at = offsets.byte(error.marker().index());
            Unreadable { span: Some(at..at), why: format!("no valid YAML: {}", error.info()) }
        })?;
        let whole = offsets.range(span);
        match event {
            Event::Scalar(value, style, ..) => {
                let (style, inner, _) = locate(text, whole, style, &value);
                found.push((value.into_owned(), style, inner));
            }
            Event::Alias(id) => found.push((format!("*{id}"), Style::Plain, whole)),
            // Structure counts as well: an edit must not open or close anything.
            Event::SequenceStart(..) => found.push(("[".to_owned(), Style::Block, whole)),
            Event::SequenceEnd => found.push(("]".to_owned(), Style::Block, whole)),
            Event::MappingStart(..) => found.push(("{".to_owned(), Style::Block, whole)),
            Event::MappingEnd => found.push(("}".to_owned(), Style::Block, whole)),
            _ => {}
        }
    }
    Ok(found)
}

/// A sequence or mapping whose end is not reached yet.
struct Open {
    anchor: usize,
    /// Of the highest node in it.
    height: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Rc<Node>>),
    Mapping(Vec<(Scalar, Rc<Node>)>, Key),
}

/// What a mapping waits for.
enum Key {
    None,
    Of(Scalar),
    /// The key is no scalar: its value goes with it.
    Odd,
}

struct Reader<'a> {
    text: &'a str,
    offsets: Offsets<'a>,
    /// With the height of each.
    anchors: HashMap<usize, (Rc<Node>, usize)>,
    /// Of all nodes so far.
    highest: usize,
    open: Vec<Open>,
    roots: Vec<Rc<Node>>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let (style, span, is_literal) = locate(self.text, self.offsets.range(span), style, &value);
                let scalar = Scalar { value: value.into_owned(), span, style, is_literal };
                self.add(anchor, Node::Scalar(scalar), 1);
            }
            Event::Alias(id) => {
                let nothing = || (Rc::new(Node::Sequence(Vec::new())), 1);
                let (node, height) = self.anchors.get(&id).cloned().unwrap_or_else(nothing);
                self.place(node, height);
            }
            Event::SequenceStart(anchor, _) => self.open(anchor, Content::Sequence(Vec::new())),
            Event::MappingStart(anchor, _) => self.open(anchor, Content::Mapping(Vec::new(), Key::None)),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(Open { anchor, height, content }) = self.open.pop() else { return };
                let node = match content {
                    Content::Sequence(items) => Node::Sequence(items),
                    Content::Mapping(entries, _) => Node::Mapping(entries),
                };
                self.add(anchor, node, height + 1);
            }
            _ => {}
        }
    }

    fn open(&mut self, anchor: usize, content: Content) {
        self.open.push(Open { anchor, height: 0, content });
    }

    fn add(&mut self, anchor: usize, node: Node, height: usize) {
        let node = Rc::new(node);
        if anchor != 0 {
            self.anchors.insert(anchor, (Rc::clone(&node), height));
        }
        self.place(node, height);
    }

    fn place(&mut self, node: Rc<Node>, height: usize) {
        self.highest = self.highest.max(height);
        let Some(open) = self.open.last_mut() else { return self.roots.push(node) };
        open.height = open.height.max(height);
        match &mut open.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping(entries, key) => match std::mem::replace(key, Key::None) {
                Key::None => {
                    *key = match &*node {
                        Node::Scalar(scalar) => Key::Of(scalar.clone()),
                        _ => Key::Odd,
                    };
                }
                Key::Of(scalar) => entries.push((scalar, node)),
                Key::Odd => {}
            },
        }
    }
}

/// Takes anchor, tag, quotes and blanks off a scalar's range, and says whether what is left is its value.
fn locate(text: &str, whole: Range<usize>, style: ScalarStyle, value: &str) -> (Style, Range<usize>, bool) {
    let found = text.get(whole.clone()).unwrap_or_default();
    match style {
        ScalarStyle::Literal | ScalarStyle::Folded => (Style::Block, whole, false),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            let quote = if style == ScalarStyle::SingleQuoted { '\'' } else { '"' };
            let open = found.find(quote).map_or(0, |at| at + 1);
            let close = open + closing(found.get(open..).unwrap_or_default(), quote);
            let inner = found.get(open..close).unwrap_or_default();
            (Style::Quoted, whole.start + open..whole.start + open + inner.len(), inner == value)
        }
        ScalarStyle::Plain => {
            let mut start = 0;
            // Properties stand in front: `&anchor`, `!tag`.
            while let Some(rest) = found.get(start..)
                && rest.starts_with(['&', '!'])
            {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                start += end + rest[end..].len() - rest[end..].trim_start().len();
            }
            let inner = found.get(start..).unwrap_or_default().trim_end();
            (Style::Plain, whole.start + start..whole.start + start + inner.len(), inner == value)
        }
    }
}

/// Where a quoted text ends. A range may go on behind the quote, over blanks and even a comment.
fn closing(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_escape = quote == '"' && character == '\\';
        let is_doubled = quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == quote);
        if is_escape || (character == quote && is_doubled) {
            characters.next();
        } else if character == quote {
            return at;
        }
    }
    text.len()
}

/// From the parser's characters to bytes: the identity for ASCII.
struct Offsets<'a> {
    text: &'a str,
    /// The byte of every 64th character; empty where all are ASCII.
    marks: Vec<usize>,
}

impl<'a> Offsets<'a> {
    const STEP: usize = 64;

    fn of(text: &'a str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(Self::STEP).map(|(at, _)| at).collect()
        };
        Self { text, marks }
    }

    fn byte(&self, index: usize) -> usize {
        if self.marks.is_empty() {
            return index.min(self.text.len());
        }
        let Some(mark) = self.marks.get(index / Self::STEP) else { return self.text.len() };
        let rest = &self.text[*mark..];
        rest.char_indices().nth(index % Self::STEP).map_or(self.text.len(), |(at, _)| mark + at)
    }

    fn range(&self, span: Span) -> Range<usize> {
        let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests;
