//! Words with the values of variables in them, and where every byte of the result stands in the file.

use std::ops::Range;

/// Longer words are nobody's version; a bound, as values may hold values.
const LONGEST: usize = 1024;

/// A word as Docker or a shell sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Expanded {
    /// What it is; `$` stands for a value that the file does not hold.
    pub text: String,
    /// Parts of it with the byte of the file at which each starts; other parts stand nowhere.
    sources: Vec<(Range<usize>, usize)>,
    /// The variables that have a part in it.
    pub variables: Vec<String>,
}

/// Which of two is taken for `${NAME:-default}` where the variable has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefer {
    /// What it has.
    Value,
    /// The default, which is written down all the same.
    Default,
}

impl Expanded {
    /// Where a part of the word stands in the file, in one piece.
    pub(super) fn source(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let mut span: Option<Range<usize>> = None;
        let mut at = part.start;
        for (range, start) in &self.sources {
            if at >= part.end || range.end <= at {
                continue;
            }
            if range.start > at {
                return None;
            }
            let end = range.end.min(part.end);
            let here = start + at - range.start..start + end - range.start;
            span = match span {
                None => Some(here),
                Some(before) if before.end == here.start => Some(before.start..here.end),
                Some(_) => return None,
            };
            at = end;
        }
        span.filter(|_| at == part.end)
    }

    /// Where the whole word stands.
    pub(super) fn whole(&self) -> Option<Range<usize>> {
        self.source(&(0..self.text.len()))
    }

    fn push(&mut self, text: &str, source: Option<usize>) {
        if self.text.len() + text.len() > LONGEST {
            self.text.push('$');
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.sources.extend(source.map(|source| (start..self.text.len(), source)));
    }

    fn append(&mut self, other: &Self) {
        if self.text.len() + other.text.len() > LONGEST {
            self.text.push('$');
            return;
        }
        let shift = self.text.len();
        self.text.push_str(&other.text);
        let moved = other.sources.iter().map(|(range, at)| (range.start + shift..range.end + shift, *at));
        self.sources.extend(moved);
    }
}

/// Expands the word at these bytes. `lookup` gives the values of variables.
pub(super) fn expand<'v>(
    text: &str,
    word: &Range<usize>,
    escape: char,
    prefer: Prefer,
    lookup: impl Fn(&str) -> Option<&'v Expanded>,
) -> Expanded {
    let mut out = Expanded::default();
    let written = text.get(word.clone()).unwrap_or_default();
    if written.len() > LONGEST {
        return out;
    }
    let mut quote = None;
    let mut at = 0;
    while let Some(c) = written.get(at..).and_then(|rest| rest.chars().next()) {
        let here = word.start + at;
        let rest = written.get(at..).unwrap_or_default();
        let next = at + c.len_utf8();
        match c {
            '$' if quote != Some('\'') => {
                let Some(variable) = variable(rest) else {
                    out.push("$", None);
                    at = next;
                    continue;
                };
                let value = variable.name.and_then(&lookup);
                let default =
                    variable.default.as_ref().and_then(|default| Some((default, rest.get(default.clone())?)));
                match (value, default) {
                    (Some(value), None) => out.append(value),
                    (Some(value), Some(_)) if prefer == Prefer::Value => out.append(value),
                    (_, Some((range, default))) => out.push(default, Some(here + range.start)),
                    (None, None) => {
                        let after = rest.get(variable.len..).unwrap_or_default();
                        out.push(stand_in(variable.name.unwrap_or_default(), after), None);
                    }
                }
                out.variables.extend(variable.name.map(str::to_owned));
                at += variable.len;
                continue;
            }
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            _ if c == escape && quote != Some('\'') => {
                // The character behind it, whatever it is; it stands there, but not beside its neighbour.
                if let Some(escaped) = written.get(next..).and_then(|rest| rest.chars().next()) {
                    let end = next + escaped.len_utf8();
                    out.push(written.get(next..end).unwrap_or_default(), Some(word.start + next));
                    at = end;
                    continue;
                }
            }
            _ => {
                let plain = |c: char| !(matches!(c, '$' | '"' | '\'') || c == escape);
                let len = rest.find(|c: char| !plain(c)).unwrap_or(rest.len()).max(c.len_utf8());
                out.push(rest.get(..len).unwrap_or_default(), Some(here));
                at += len;
                continue;
            }
        }
        at = next;
    }
    out
}

/// What stands in the place of an unknown value: a registry where the name says so, else what no name holds.
fn stand_in(name: &str, after: &str) -> &'static str {
    let name = name.to_ascii_uppercase();
    // GitLab's own registry holds what the project built.
    if name.starts_with("CI_REGISTRY") {
        return "$";
    }
    if !["REGISTRY", "MIRROR", "PROXY", "PREFIX"].iter().any(|word| name.contains(word)) {
        return "$";
    }
    if after.starts_with('/') { "localhost" } else { "localhost/" }
}

struct Variable<'a> {
    /// `None` for a form that takes the value apart.
    name: Option<&'a str>,
    /// The bytes of its default, from the dollar sign.
    default: Option<Range<usize>>,
    len: usize,
}

/// `$NAME`, `${NAME}`, `${NAME:-default}` at the start of a text.
fn variable(rest: &str) -> Option<Variable<'_>> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let length = |text: &str| text.find(|c| !is_name(c)).unwrap_or(text.len());
    let Some(inner) = rest.strip_prefix("${") else {
        let inner = rest.strip_prefix('$')?;
        let len = length(inner);
        return (len > 0).then(|| Variable { name: inner.get(..len), default: None, len: len + 1 });
    };
    let close = inner.find('}')?;
    let body = inner.get(..close)?;
    let (name, form) = body.split_at_checked(length(body))?;
    let len = close + 3;
    let known = |default| Variable { name: Some(name), default, len };
    if form.is_empty() {
        return Some(known(None));
    }
    let sign = if form.starts_with(":-") { 2 } else { usize::from(form.starts_with('-')) };
    let default = form.get(sign..).filter(|default| sign > 0 && !default.contains(['$', '"', '\'', '{']));
    let start = 2 + name.len() + sign;
    Some(match default {
        Some(default) => known(Some(start..start + default.len())),
        None => Variable { name: None, default: None, len },
    })
}
