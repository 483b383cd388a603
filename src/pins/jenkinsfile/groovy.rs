//! Groovy cut into words, signs and strings; comments are left out.

use std::ops::Range;

/// A piece of a script in Groovy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name, with its dots: `docker.image`.
    Word(&'a str),
    /// A sign that is no part of a word.
    Sign(u8),
    /// The bytes of a string without its quotes.
    Text(Range<usize>),
}

/// All pieces of a text.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = if text.starts_with("#!") { line_end(bytes, 0) } else { 0 };
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        if rest.starts_with(b"//") {
            at = line_end(bytes, at);
        } else if rest.starts_with(b"/*") {
            at = rest[2..].windows(2).position(|it| it == b"*/").map_or(bytes.len(), |end| at + 2 + end + 2);
        } else if matches!(byte, b'\'' | b'"') {
            let triple = rest.len() >= 3 && rest[1] == byte && rest[2] == byte;
            let quotes = if triple { 3 } else { 1 };
            let (end, next) = string_end(bytes, at + quotes, byte, quotes);
            found.push(Token::Text(at + quotes..end));
            at = next;
        } else if byte == b'/' && begins_pattern(found.last()) {
            at = pattern_end(bytes, at + 1);
        } else if is_word(byte) {
            let end = rest.iter().position(|byte| !is_word(*byte)).map_or(bytes.len(), |end| at + end);
            // Bytes of a word are ASCII, or all of a character.
            found.extend(text.get(at..end).map(Token::Word));
            at = end;
        } else {
            if !byte.is_ascii_whitespace() {
                found.push(Token::Sign(byte));
            }
            at += 1;
        }
    }
    found
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$') || !byte.is_ascii()
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| from + end)
}

/// Where a string ends, and where the text goes on.
fn string_end(bytes: &[u8], from: usize, quote: u8, quotes: usize) -> (usize, usize) {
    let mut at = from;
    // `"${a ?: "b"}"`: quotes inside of an expression end nothing.
    let mut braces = 0_usize;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' {
            at += 2;
            continue;
        }
        if byte == b'\n' && quotes == 1 {
            return (at, at);
        }
        if quote == b'"' && bytes[at..].starts_with(b"${") {
            braces += 1;
            at += 2;
            continue;
        }
        if braces > 0 && byte == b'}' {
            braces -= 1;
        } else if braces == 0
            && byte == quote
            && bytes[at..].iter().take(quotes).filter(|it| **it == quote).count() == quotes
        {
            return (at, at + quotes);
        }
        at += 1;
    }
    (bytes.len(), bytes.len())
}

/// Whether a slash opens a pattern here, and divides nothing.
const fn begins_pattern(before: Option<&Token<'_>>) -> bool {
    matches!(before, Some(Token::Sign(b'=' | b'(' | b',' | b'~' | b'[' | b':' | b'!')))
}

fn pattern_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'/' => return at + 1,
            b'\n' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}
