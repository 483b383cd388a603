//! xcargo's own comments in a file: what each says, and the bytes that it governs.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::kind::Format;
use super::marks::{Told, is_comment};
use super::role::Role;

/// A comment for xcargo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Its bytes, from its mark to the end of its line.
    pub span: Range<usize>,
    /// What it is about: what stands before it on its line, or what stands below it.
    pub governs: Range<usize>,
    /// What it says; `None` where nobody can tell.
    pub told: Option<Told>,
}

/// All such comments of a file.
///
/// Behind something, a comment is about its line. Alone, it is about the line below it and below other comments that follow it
/// at once; in YAML about the whole entry or item that begins there: all lines below that are indented further.
#[derive(Debug, Clone, Default)]
pub struct Directives {
    /// Those behind something, in order.
    behind: Vec<Directive>,
    /// Those that stand alone, in order, and for each the one around it.
    above: Vec<(Directive, Option<usize>)>,
}

fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a constant: {error}"))
}

static NAME: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)\bxcargo\s*:"));

static UNDERSTOOD: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?:#|//|/\*|--)\s*xcargo:\s*(?:(ignore)|role\s*=\s*(dev|msrv|deliberate))(?:[^\w=-]|$)")
});

/// What was meant for xcargo: its name first in a comment, or its words later in one.
static MEANT: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?i)(?:#|//|/\*|--)\s*xcargo\s*:|(?:^|\s)(?:#|//|/\*)[^\n]*?\bxcargo\s*:\s*(?:ignore|role)\b")
});

impl Directives {
    /// Reads a text.
    #[must_use]
    pub fn of(format: Format, text: &str) -> Self {
        let mut found = Self::default();
        let mut line_end = 0;
        let mut below = 0..0;
        for name in NAME.find_iter(text) {
            if name.start() < line_end {
                continue;
            }
            let start = text[line_end..name.start()].rfind('\n').map_or(line_end, |at| line_end + at + 1);
            line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
            let line = &text[start..line_end];
            let understood = UNDERSTOOD.captures(line);
            let whole = understood.as_ref().and_then(|found| found.get(0)).or_else(|| MEANT.find(line));
            let Some(whole) = whole else { continue };
            let first = line[whole.start()..].find(|c: char| !c.is_whitespace()).unwrap_or_default();
            let at = whole.start() + first;
            let told = understood.map(|found| match found.get(2).map(|role| role.as_str()) {
                Some("dev") => Told::Role(Role::Dev),
                Some("msrv") => Told::Role(Role::Msrv),
                Some(_) => Told::Role(Role::Deliberate),
                None => Told::Ignore,
            });
            let span = start + at..start + line.trim_end().len();
            if !is_comment(line) {
                found.behind.push(Directive { span, governs: start..start + at, told });
                continue;
            }
            if !line[..at].trim().is_empty() {
                // What is commented out has a comment of its own.
                continue;
            }
            // A block of comments stands above one and the same thing.
            if below.start <= line_end {
                below = entry(format, text, below_comments(text, line_end));
            }
            found.add_above(Directive { span, governs: below.clone(), told });
        }
        found
    }

    fn add_above(&mut self, directive: Directive) {
        let mut around = self.above.len().checked_sub(1);
        while let Some(at) = around
            && self.above[at].0.governs.end <= directive.governs.start
        {
            around = self.above[at].1;
        }
        self.above.push((directive, around));
    }

    /// What is said of the place at `span`: behind it, else nearest around it.
    #[must_use]
    pub fn told(&self, span: &Range<usize>) -> Option<Told> {
        let behind = self.behind.partition_point(|it| it.span.start < span.end);
        let behind = self.behind.get(behind).filter(|it| it.governs.start <= span.end);
        if let Some(told) = behind.and_then(|it| it.told) {
            return Some(told);
        }
        let mut at = self.above.partition_point(|(it, _)| it.governs.start <= span.start).checked_sub(1);
        while let Some((directive, around)) = at.and_then(|at| self.above.get(at)) {
            if directive.told.is_some() && directive.governs.contains(&span.start) {
                return directive.told;
            }
            at = *around;
        }
        None
    }

    /// Those that nobody understands, or that are about none of these places.
    pub fn idle<'s>(&self, places: impl IntoIterator<Item = &'s Range<usize>>) -> Vec<&Directive> {
        let (mut starts, mut ends): (Vec<usize>, Vec<usize>) =
            places.into_iter().map(|span| (span.start, span.end)).unzip();
        starts.sort_unstable();
        ends.sort_unstable();
        let hits = |sorted: &[usize], from: usize, to: usize| {
            sorted.get(sorted.partition_point(|at| *at < from)).is_some_and(|at| *at <= to)
        };
        let behind = self.behind.iter().filter(|it| !hits(&ends, it.governs.start, it.governs.end));
        let above = self.above.iter().map(|(it, _)| it);
        let above =
            above.filter(|it| it.governs.is_empty() || !hits(&starts, it.governs.start, it.governs.end - 1));
        let unclear = self.behind.iter().chain(self.above.iter().map(|(it, _)| it));
        let mut idle: Vec<&Directive> =
            unclear.filter(|it| it.told.is_none()).chain(behind).chain(above).collect();
        idle.sort_by_key(|it| it.span.start);
        idle.dedup();
        idle
    }
}

/// Where the first line starts that is no comment, behind the line that ends here.
fn below_comments(text: &str, line_end: usize) -> usize {
    let mut at = (line_end + 1).min(text.len());
    for line in text[at..].split_inclusive('\n') {
        if !is_comment(line) {
            break;
        }
        at += line.len();
    }
    at
}

/// The line that starts here; in YAML with all that is indented further below it.
fn entry(format: Format, text: &str, start: usize) -> Range<usize> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_item = |line: &str| line.trim_start().starts_with("- ") || line.trim() == "-";
    let mut lines = text[start..].split_inclusive('\n');
    let Some(first) = lines.next().filter(|first| !first.trim().is_empty()) else { return start..start };
    let mut end = start + first.len();
    if format != Format::Yaml {
        return start..end;
    }
    let mut at = end;
    for line in lines {
        at += line.len();
        if line.trim().is_empty() || is_comment(line) {
            continue;
        }
        // A sequence may stand as far left as its key.
        let is_below = indent(line) > indent(first)
            || (indent(line) == indent(first) && is_item(line) && !is_item(first));
        if !is_below {
            break;
        }
        end = at;
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::Directives;
    use crate::pins::Role;
    use crate::pins::kind::Format;
    use crate::pins::marks::Told;

    fn told(format: Format, text: &str) -> Option<Told> {
        let at = text.find("1.70").expect("the pin");
        Directives::of(format, text).told(&(at..at + 4))
    }

    #[test]
    fn comments_are_read_behind_and_above() {
        for (text, expect) in [
            ("rust: 1.70 # xcargo: ignore\n", Some(Told::Ignore)),
            ("rust: 1.70 # why: x; xcargo: ignore\n", None),
            ("# xcargo: role=msrv\nrust: 1.70\n", Some(Told::Role(Role::Msrv))),
            ("// xcargo: role = deliberate\r\n\"rust\": \"1.70\",\r\n", Some(Told::Role(Role::Deliberate))),
            ("# xcargo: ignore\n# as it is old\nrust: 1.70\n", Some(Told::Ignore)),
            ("# xcargo: ignore\n\nrust: 1.70\n", None),
            ("# xcargo: ignore\nrust: 1.70 # xcargo: role=dev\n", Some(Told::Role(Role::Dev))),
            ("# rust: 1.60 # xcargo: ignore\nrust: 1.70\n", None),
            ("x: 1 # xcargo: ignore\nrust: 1.70\n", None),
            ("rust: 1.70\n# xcargo: ignore\n", None),
            ("rust: 1.70 # xcargo: role=other\n", None),
            ("rust: 1.70 # xcargo: ignored\n", None),
            ("rust: 1.70 # XCARGO: ignore\n", None),
            ("rust: 1.70", None),
        ] {
            assert_eq!(told(Format::Lines, text), expect, "{text:?}");
        }
    }

    #[test]
    fn in_yaml_a_comment_alone_is_about_all_of_an_item() {
        for (text, expect) in [
            ("# xcargo: ignore\n- name: x\n  uses: a@1.70\n", Some(Told::Ignore)),
            ("# xcargo: ignore\n- run: |\n    a\n\n    cargo +1.70 b\n", Some(Told::Ignore)),
            ("# xcargo: ignore\n- run: a\n- run: cargo +1.70 b\n", None),
            ("# xcargo: ignore\nrust:\n- 1.60\n- 1.70\n", Some(Told::Ignore)),
            ("# xcargo: ignore\nname: x\nrust: 1.70\n", None),
            ("# xcargo: ignore\na:\n  # xcargo: role=dev\n  b:\n    c: 1\n  d: 1.70\n", Some(Told::Ignore)),
            (
                "# xcargo: ignore\na:\n  # xcargo: role=dev\n  b:\n    c: 1.70\n  d: 1\n",
                Some(Told::Role(Role::Dev)),
            ),
        ] {
            assert_eq!(told(Format::Yaml, text), expect, "{text:?}");
            if expect.is_some() && !text.contains("c: 1.70") {
                assert_eq!(told(Format::Lines, text), None, "{text:?}");
            }
        }
    }

    #[test]
    fn what_is_void_or_misspelt() {
        for (text, expect) in [
            ("rust: 1.70 # xcargo: ignore\n", &[][..]),
            ("rust: 1.70 # xcargo: role=mrsv\n", &["# xcargo: role=mrsv"]),
            ("rust: 1.70 # XCARGO: IGNORE\n", &["# XCARGO: IGNORE"]),
            ("rust: 1.70 # pinned; xcargo: ignore\n", &["# pinned; xcargo: ignore"]),
            ("# xcargo: ignore\r\nname: x\nrust: 1.70\n", &["# xcargo: ignore"]),
            ("name: x # xcargo: ignore\nrust: 1.70\n# xcargo: ignore", &["# xcargo: ignore"; 2]),
            ("# see xcargo: it is good\nrust: 1.70\n", &[]),
            ("run: 'xcargo: ignore'\nrust: 1.70\n", &[]),
        ] {
            let at = text.find("1.70").expect("the pin");
            let directives = Directives::of(Format::Yaml, text);
            let idle: Vec<&str> =
                directives.idle([&(at..at + 4)]).into_iter().map(|it| &text[it.span.clone()]).collect();
            assert_eq!(idle, expect, "{text:?}");
        }
    }
}
