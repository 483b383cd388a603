//! Nix cut into tokens: names, strings, punctuation. Comments are left out; what stands in `${…}` follows the string it is in.
//!
//! A lexer of its own: the crates for Nix build trees by recursion, which a deep file overflows, and no tree is needed here.

use std::ops::Range;

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its bytes; those of a string without its quotes.
    pub span: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name.
    Name,
    /// A string in double quotes whose source is its value.
    Literal,
    /// Any other string in double quotes.
    Made,
    /// A string in two single quotes; whether it stands within another one.
    Lines {
        /// It does.
        nested: bool,
    },
    /// Anything else.
    Mark(char),
}

/// What the lexer is in.
enum Frame {
    /// An expression, with the braces that are open.
    Code(usize),
    /// The string that is this token.
    Quoted(usize),
    /// The string of lines that is this token.
    Lines(usize),
}

/// Cuts a text. What never ends goes on to its end.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), frames: vec![Frame::Code(0)], lines: 0 };
    while lexer.at < text.len() {
        match lexer.frames.last() {
            Some(Frame::Quoted(token)) => lexer.quoted(*token),
            Some(Frame::Lines(token)) => lexer.lines(*token),
            Some(Frame::Code(_)) | None => lexer.code(),
        }
    }
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    frames: Vec<Frame>,
    /// How many strings of lines are open.
    lines: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes on by so many bytes, but never into a character.
    fn skip(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.text.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
    }

    fn push(&mut self, kind: Kind, len: usize) {
        self.tokens.push(Token { kind, span: self.at..self.at + len });
        self.at += len;
    }

    fn code(&mut self) {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return };
        if c == '#' {
            self.skip(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.skip(rest.find("*/").map_or(rest.len(), |end| end + 2));
        } else if rest.starts_with("''") {
            self.at += 2;
            self.frames.push(Frame::Lines(self.tokens.len()));
            self.push(Kind::Lines { nested: self.lines > 0 }, 0);
            self.lines += 1;
        } else if c == '"' {
            self.at += 1;
            self.frames.push(Frame::Quoted(self.tokens.len()));
            self.push(Kind::Literal, 0);
        } else if c.is_ascii_alphabetic() || c == '_' {
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\'');
            self.push(Kind::Name, rest.find(|c| !is_name(c)).unwrap_or(rest.len()));
        } else if c.is_whitespace() {
            self.at += c.len_utf8();
        } else {
            self.brace(c);
            self.push(Kind::Mark(c), c.len_utf8());
        }
    }

    fn brace(&mut self, c: char) {
        let Some(Frame::Code(open)) = self.frames.last_mut() else { return };
        match c {
            '{' => *open += 1,
            '}' if *open > 0 => *open -= 1,
            // The end of a `${…}` in a string; a brace too many at the top is nobody's.
            '}' if self.frames.len() > 1 => {
                self.frames.pop();
            }
            _ => {}
        }
    }

    fn opens(&mut self) {
        self.push(Kind::Mark('$'), 1);
        self.push(Kind::Mark('{'), 1);
        self.frames.push(Frame::Code(0));
    }

    fn ends(&mut self, token: usize, quotes: usize) {
        if let Some(token) = self.tokens.get_mut(token) {
            token.span.end = self.at;
        }
        self.frames.pop();
        self.at += quotes;
    }

    fn quoted(&mut self, token: usize) {
        let rest = self.rest();
        let Some(next) = rest.find(['"', '\\', '$']) else {
            self.at = self.text.len();
            self.made(token);
            return self.ends(token, 0);
        };
        self.at += next;
        let rest = self.rest();
        if rest.starts_with('"') {
            return self.ends(token, 1);
        }
        if rest.starts_with("${") {
            self.made(token);
            return self.opens();
        }
        if rest.starts_with('\\') {
            self.made(token);
            self.skip(2);
        } else {
            // `$$` is no start of anything.
            self.skip(if rest.starts_with("$$") { 2 } else { 1 });
        }
    }

    fn made(&mut self, token: usize) {
        if let Some(token) = self.tokens.get_mut(token) {
            token.kind = Kind::Made;
        }
    }

    fn lines(&mut self, token: usize) {
        let rest = self.rest();
        let Some(next) = rest.find(['\'', '$']) else {
            self.at = self.text.len();
            return self.ends(token, 0);
        };
        self.at += next;
        let rest = self.rest();
        if rest.starts_with("'''") || rest.starts_with("''$") {
            self.skip(3);
        } else if rest.starts_with("''\\") {
            self.skip(4);
        } else if rest.starts_with("''") {
            self.lines = self.lines.saturating_sub(1);
            self.ends(token, 2);
        } else if rest.starts_with("${") {
            self.opens();
        } else {
            self.skip(if rest.starts_with("$$") { 2 } else { 1 });
        }
    }
}
