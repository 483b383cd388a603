//! Starlark cut into tokens: names, strings, punctuation. Comments are left out, and line ends where brackets are open.
//!
//! A lexer of its own: what there is for Starlark is an interpreter, and no tree is needed here.

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
    /// A name or a number; with the dots in it: `rust.toolchain`.
    Name,
    /// A string whose source is its value.
    Literal,
    /// A string with escapes or a prefix, or one that never ends.
    Made,
    /// A line end (or `;`) that ends a statement.
    End,
    /// Anything else.
    Mark(char),
}

/// Cuts a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut depth = 0_usize;
    while let Some(rest) = text.get(at..)
        && let Some(c) = rest.chars().next()
    {
        let mut push = |kind, len| tokens.push(Token { kind, span: at..at + len });
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        match c {
            '#' => at += rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => {
                let (token, len) = string(rest, at);
                // `r"…"` and `b"…"` are no plain strings.
                let prefixed = tokens.last().is_some_and(|last: &Token| {
                    last.kind == Kind::Name && last.span.end == at && last.span.len() <= 2
                });
                tokens.push(if prefixed { Token { kind: Kind::Made, ..token } } else { token });
                at += len;
            }
            '\n' | ';' => {
                if depth == 0 {
                    push(Kind::End, 1);
                }
                at += 1;
            }
            '\\' => {
                // The statement goes on on the next line.
                let end = rest.strip_prefix("\\\r\n").or_else(|| rest.strip_prefix("\\\n"));
                at += end.map_or(1, |end| rest.len() - end.len());
            }
            _ if is_name(c) => {
                let len = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                push(Kind::Name, len);
                at += len;
            }
            _ if c.is_whitespace() => at += c.len_utf8(),
            _ => {
                match c {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                push(Kind::Mark(c), c.len_utf8());
                at += c.len_utf8();
            }
        }
    }
    tokens
}

/// The string at the start of a text, and its length with the quotes.
fn string(rest: &str, at: usize) -> (Token, usize) {
    let quotes =
        ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| rest.starts_with(quotes)).unwrap_or("\"");
    let inner = rest.get(quotes.len()..).unwrap_or_default();
    let mut escaped = false;
    let mut plain = true;
    for (end, c) in inner.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
            plain = false;
        } else if inner.get(end..).is_some_and(|rest| rest.starts_with(quotes)) {
            let kind = if plain { Kind::Literal } else { Kind::Made };
            let start = at + quotes.len();
            return (Token { kind, span: start..start + end }, end + 2 * quotes.len());
        } else if c == '\n' && quotes.len() == 1 {
            return (Token { kind: Kind::Made, span: at + 1..at + 1 + end }, 1 + end);
        }
    }
    (Token { kind: Kind::Made, span: at + quotes.len()..at + rest.len() }, rest.len())
}
