//! GitHub's expressions, as far as it takes to know which values one can have: `${{ matrix.rust || '1.78.0' }}`.
//!
//! The grammar is that of GitHub's page "Evaluate expressions": literals, contexts, operators, calls.

use std::ops::Range;

/// Something whose value an expression can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Atom {
    /// A context and its keys: `matrix`, `rust`.
    Path(Vec<String>),
    /// A text, and where it stands without its quotes.
    Text(String, Range<usize>),
    /// A call, a number, or what cannot be read.
    Unknown,
}

/// A comparison of a context with a text: `matrix.rust == '1.78.0'`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comparison {
    /// The context and its keys.
    pub(super) path: Vec<String>,
    /// The text.
    pub(super) text: String,
    /// Where it stands without its quotes.
    pub(super) span: Range<usize>,
    /// It need only hold the text, not be it: `startsWith(matrix.rust, '1.78')`.
    pub(super) is_partial: bool,
}

/// What an expression says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Expression {
    /// Whatever it may be, in order.
    pub(super) atoms: Vec<Atom>,
    /// What it compares, wherever in it.
    pub(super) comparisons: Vec<Comparison>,
}

/// The places of all `${{ … }}` in a text, braces included.
pub(super) fn places(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("${{")).map(|at| from + at) {
        let Some(end) = text[start..].find("}}").map(|at| start + at + 2) else { break };
        found.push(start..end);
        from = end;
    }
    found
}

/// Reads what stands between the braces (or in an `if`, without any); the spans count from `offset`.
pub(super) fn read(text: &str, offset: usize) -> Expression {
    let tokens = tokens(text, offset);
    let mut reader = Reader { tokens: &tokens, at: 0, depth: 0, comparisons: Vec::new() };
    let mut atoms = reader.or();
    if reader.at < tokens.len() {
        atoms = vec![Atom::Unknown];
    }
    Expression { atoms, comparisons: reader.comparisons }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String, Range<usize>),
    Sign(&'static str),
    Odd,
}

fn tokens(text: &str, offset: usize) -> Vec<Token> {
    const SIGNS: [&str; 16] =
        ["||", "&&", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ".", ",", "*"];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() {
            at += first.len_utf8();
        } else if first == '\'' {
            let Some(length) = rest[1..].find('\'') else {
                found.push(Token::Odd);
                break;
            };
            // Two quotes are one: no name of a toolchain has that.
            let doubled = rest[1 + length + 1..].starts_with('\'');
            let start = offset + at + 1;
            found.push(if doubled {
                Token::Odd
            } else {
                Token::Text(rest[1..=length].to_owned(), start..start + length)
            });
            at += length + 2;
        } else if first.is_alphanumeric() || first == '_' {
            let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
            let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
            found.push(Token::Name(rest[..end].to_owned()));
            at += end;
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            found.push(Token::Sign(sign));
            at += sign.len();
        } else {
            found.push(Token::Odd);
            at += first.len_utf8();
        }
    }
    found
}

/// Nobody nests more parentheses.
const DEEPEST: usize = 32;

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    comparisons: Vec<Comparison>,
}

impl Reader<'_> {
    fn takes(&mut self, sign: &str) -> bool {
        let is_next = matches!(self.tokens.get(self.at), Some(Token::Sign(next)) if *next == sign);
        self.at += usize::from(is_next);
        is_next
    }

    /// Either side can be the value.
    fn or(&mut self) -> Vec<Atom> {
        let mut atoms = self.and();
        while self.takes("||") {
            atoms.extend(self.and());
        }
        atoms
    }

    /// The left side is a condition: what it is when it does not hold is nothing that names a toolchain.
    fn and(&mut self) -> Vec<Atom> {
        let mut atoms = self.comparison();
        while self.takes("&&") {
            atoms = self.comparison();
        }
        atoms
    }

    fn comparison(&mut self) -> Vec<Atom> {
        let left = self.operand();
        let is_equality = self.takes("==") || self.takes("!=");
        if is_equality {
            let right = self.operand();
            if let ([Atom::Path(path)], [Atom::Text(text, span)])
            | ([Atom::Text(text, span)], [Atom::Path(path)]) = (&left[..], &right[..])
            {
                self.compares(path, text, span, false);
            }
            return Vec::new();
        }
        if ["<=", ">=", "<", ">"].into_iter().any(|sign| self.takes(sign)) {
            self.operand();
            return Vec::new();
        }
        left
    }

    fn compares(&mut self, path: &[String], text: &str, span: &Range<usize>, is_partial: bool) {
        let (path, text, span) = (path.to_vec(), text.to_owned(), span.clone());
        self.comparisons.push(Comparison { path, text, span, is_partial });
    }

    fn operand(&mut self) -> Vec<Atom> {
        if self.depth >= DEEPEST {
            self.at = self.tokens.len();
            return vec![Atom::Unknown];
        }
        let mut denied = false;
        while self.takes("!") {
            denied = true;
        }
        self.depth += 1;
        let found = if self.takes("(") {
            let atoms = self.or();
            if self.takes(")") { atoms } else { vec![Atom::Unknown] }
        } else {
            self.single()
        };
        self.depth -= 1;
        if denied { Vec::new() } else { found }
    }

    fn single(&mut self) -> Vec<Atom> {
        let Some(token) = self.tokens.get(self.at) else { return vec![Atom::Unknown] };
        self.at += 1;
        match token {
            Token::Text(text, span) => vec![Atom::Text(text.clone(), span.clone())],
            Token::Name(name) => {
                if self.takes("(") {
                    let mut arguments = Vec::new();
                    while self.at < self.tokens.len() && !self.takes(")") {
                        // What a call compares counts, what it makes of its arguments does not.
                        if !self.takes(",") {
                            let before = self.at;
                            arguments.extend(self.or());
                            self.at = self.at.max(before + 1);
                        }
                    }
                    let is_search = ["contains", "startsWith", "endsWith"];
                    if is_search.iter().any(|it| name.eq_ignore_ascii_case(it))
                        && let [Atom::Path(path), Atom::Text(text, span)] = &arguments[..]
                    {
                        self.compares(path, text, span, true);
                    }
                    self.rest_of_path(&mut Vec::new());
                    return vec![Atom::Unknown];
                }
                let mut path = vec![name.clone()];
                let is_known = self.rest_of_path(&mut path);
                vec![if is_known { Atom::Path(path) } else { Atom::Unknown }]
            }
            Token::Sign(_) | Token::Odd => vec![Atom::Unknown],
        }
    }

    /// `.key`, `['key']`; whether that is all that follows.
    fn rest_of_path(&mut self, path: &mut Vec<String>) -> bool {
        let mut is_known = true;
        loop {
            if self.takes(".") {
                match self.tokens.get(self.at) {
                    Some(Token::Name(key)) => path.push(key.clone()),
                    _ => is_known = false,
                }
                self.at += 1;
            } else if self.takes("[") {
                match (self.tokens.get(self.at), self.tokens.get(self.at + 1)) {
                    (Some(Token::Text(key, _)), Some(Token::Sign("]"))) => path.push(key.clone()),
                    _ => is_known = false,
                }
                self.at += 2;
            } else {
                return is_known;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Atom, places, read};

    fn shown(text: &str) -> String {
        let expression = read(text, 0);
        let mut shown: Vec<String> = expression
            .atoms
            .iter()
            .map(|atom| match atom {
                Atom::Path(path) => path.join("."),
                Atom::Text(found, span) => {
                    assert_eq!(&text[span.clone()], found);
                    format!("'{found}'")
                }
                Atom::Unknown => "?".to_owned(),
            })
            .collect();
        shown.extend(expression.comparisons.iter().map(|found| {
            assert_eq!(&text[found.span.clone()], found.text);
            format!("{}~{}", found.path.join("."), found.text)
        }));
        shown.join(" ")
    }

    /// What an expression cannot have as its value must not become a pin.
    #[test]
    fn the_values_that_an_expression_can_have() {
        for (text, expect) in [
            ("matrix.rust", "matrix.rust"),
            (" matrix['rust'] ", "matrix.rust"),
            ("matrix.toolchain.version", "matrix.toolchain.version"),
            ("matrix.rust || '1.78.0'", "matrix.rust '1.78.0'"),
            ("matrix.msrv && '1.70.0' || '1.78.0'", "'1.70.0' '1.78.0'"),
            ("matrix.os == 'linux' && env.A || env.B", "env.A env.B matrix.os~linux"),
            ("(inputs.a || 'x')", "inputs.a 'x'"),
            ("fromJSON('[\"1.78.0\"]')[0]", "?"),
            ("format('{0}', matrix.rust)", "?"),
            ("contains(matrix.rust, 'x') && 'y'", "'y' matrix.rust~x"),
            ("'1.78.0' != matrix.rust", "matrix.rust~1.78.0"),
            ("!cancelled()", ""),
            ("success() && (matrix.rust == '1.78.0')", "matrix.rust~1.78.0"),
            ("f(matrix.rust == '1.78.0', x)", "? matrix.rust~1.78.0"),
            ("matrix.*.x", "?"),
            ("'it''s'", "?"),
            ("'open", "?"),
            ("", "?"),
            ("a b", "?"),
            ("a.", "?"),
            ("a[", "?"),
            ("1 < 2", ""),
            ("é'ü'", "?"),
        ] {
            assert_eq!(shown(text), expect, "{text}");
        }
        assert_eq!(shown(&"(".repeat(100_000)), "?");
        assert_eq!(shown(&"!".repeat(100_000)), "");
        assert_eq!(shown(&"f(".repeat(100_000)), "?");
    }

    #[test]
    fn where_expressions_stand() {
        let text = "a-${{ x }}-${{y}}${{ open";
        let found: Vec<&str> = places(text).into_iter().map(|span| &text[span]).collect();
        assert_eq!(found, ["${{ x }}", "${{y}}"]);
    }
}
