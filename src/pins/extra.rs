//! Places that `[pins] extra` of the policy describes by a pattern.

use std::collections::BTreeMap;
use std::ops::Range;

use regex::Regex;

use super::directives::Directives;
use super::kind::Format;
use super::variable::is_official;
use super::{Found, Frozen, Kind, Nature, Pin, Remark, Role, Spelling, Unreadable, What, recognise};

/// A pattern of the policy, for the files that its glob matches.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Its one capture group is the version.
    pub regex: Regex,
    /// What the version is for.
    pub role: Role,
}

/// Everything in a text: what its kind has, and what the patterns describe. Where both speak of a place the policy counts; of
/// two patterns the first.
///
/// # Errors
/// The text is not what its kind says.
pub fn with_patterns(kind: Option<Kind>, patterns: &[Pattern], text: &str) -> Result<Found, Unreadable> {
    let mut found = match kind {
        Some(kind) => recognise::recognise(kind, text)?,
        None => Found::default(),
    };
    if patterns.is_empty() {
        return Ok(found);
    }
    let directives = Directives::of(kind.map_or(Format::Lines, Kind::format), text);
    // By where they start; no two of them overlap.
    let mut told: BTreeMap<usize, Pin> = BTreeMap::new();
    for pattern in patterns {
        let matched = find(text, &directives, &pattern.regex, pattern.role);
        found.remarks.extend(matched.remarks);
        found.silenced.extend(matched.silenced);
        for pin in matched.pins {
            if overlapping(&told, &pin.span).next().is_none() {
                told.insert(pin.span.start, pin);
            }
        }
    }
    found.pins.retain_mut(|known| {
        if let Some(pin) = told.get(&known.span.start).filter(|pin| pin.span == known.span) {
            known.by_policy = pin.by_policy;
            told.remove(&known.span.start);
            return true;
        }
        let beaten: Vec<usize> = overlapping(&told, &known.span).map(|pin| pin.span.start).collect();
        for start in &beaten {
            // Whatever the policy calls a part of it, a digest beside it decides all the same.
            if let Some(pin) = told.get_mut(start) {
                pin.frozen = pin.frozen.or(known.frozen.filter(|why| *why != Frozen::Spelled));
            }
        }
        beaten.is_empty()
    });
    found.pins.extend(told.into_values());
    found.pins.sort_by_key(|pin| (pin.span.start, pin.span.end));
    recognise::report(text, &directives, &mut found);
    Ok(found)
}

/// The pins, none of which overlap each other, that overlap these bytes.
fn overlapping<'a>(pins: &'a BTreeMap<usize, Pin>, span: &Range<usize>) -> impl Iterator<Item = &'a Pin> {
    let start = span.start;
    pins.range(..span.end).rev().map(|(_, pin)| pin).take_while(move |pin| pin.span.end > start)
}

/// Finds every match of the pattern; its one capture group is the version, and the policy says what it is for.
///
/// What is captured and is no name of a toolchain is no pin, but worth a remark: the pattern is not what somebody meant.
#[must_use]
pub fn find(text: &str, directives: &Directives, pattern: &Regex, role: Role) -> Found {
    let mut found = Found::default();
    let matches = pattern.captures_iter(text).filter_map(|found| found.get(1));
    for version in matches.filter(|version| !version.is_empty()) {
        if is_official(version.as_str(), Spelling::Channel) {
            let pin = Pin::at(text, version.range(), "pins.extra", Spelling::Channel, Nature::Environment);
            found.pins.push(Pin { by_policy: Some(role), ..pin });
        } else {
            let what = What::NoVersion { captured: version.as_str().to_owned() };
            found.remarks.push(Remark { span: version.range(), what });
        }
    }
    recognise::finish(text, directives, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::{Pattern, find, with_patterns};
    use crate::pins::directives::Directives;
    use crate::pins::kind::Format;
    use crate::pins::testing::{check_found, unmark};
    use crate::pins::{Frozen, Kind, Role};

    /// A name, the policy's pattern and role, then as in all tables.
    type Row = (&'static str, &'static str, Role, &'static str, &'static [Role], &'static [&'static str]);

    #[test]
    fn forms() {
        let table: &[Row] = &[
            (
                "a shell script",
                r"RUST=(\S+)",
                Role::Dev,
                "set -e\nRUST=«1.78.0»\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a host stays",
                r"RUST=(\S+)",
                Role::Dev,
                "RUST=«1.78.0-x86_64-pc-windows-gnu»\n",
                &[Role::Dev],
                &["1.79.0-x86_64-pc-windows-gnu"],
            ),
            (
                "every match",
                r"v(1\.\d+)",
                Role::Dev,
                "Rust v«1.78» or v«1.70»\r\n",
                &[Role::Dev, Role::Dev],
                &["1.79", "1.79"],
            ),
            (
                "the oldest",
                r"needs Rust (\S+)",
                Role::Msrv,
                "It needs Rust «1.78.0» or later\n",
                &[Role::Msrv],
                &["1.78.0"],
            ),
            (
                "lines",
                r"(?m)^rust:\s*(.+)$",
                Role::Dev,
                "é\nrust: «1.75.0»\nnot rust: 1.75.0\n",
                &[Role::Dev],
                &["1.79.0"],
            ),
            (
                "a comment is closer",
                r"RUST=(\S+)",
                Role::Dev,
                "# xcargo: ignore\nRUST=«1.78.0»\nRUST=«1.78.0»\n",
                &[Role::Ignored, Role::Dev],
                &["1.78.0", "1.79.0"],
            ),
            ("nothing captured", r"RUST=(\d*)", Role::Dev, "RUST=\n", &[], &[]),
            ("the group has no part in the match", r"RUST|(x)", Role::Deliberate, "RUST\n", &[], &[]),
        ];
        for (name, pattern, role, marked, roles, after) in table {
            let (text, spans) = unmark(marked);
            let directives = Directives::of(Format::Lines, &text);
            let found = find(&text, &directives, &Regex::new(pattern).expect(name), *role);
            check_found(name, &text, &spans, roles, after, &found);
        }
    }

    /// Somebody who says in the policy what a place is for must not be overruled by a guess.
    #[test]
    fn the_policy_counts_where_a_recogniser_knows_the_place_too() {
        let table: &[(Kind, Row)] = &[
            (
                Kind::Dockerfile,
                (
                    "the same place",
                    r"rust:([\d.]+)-slim",
                    Role::Deliberate,
                    "FROM rust:«1.78.0»-slim\nFROM rust:«1.78.0»\n",
                    &[Role::Deliberate, Role::Dev],
                    &["1.78.0", "1.79.0"],
                ),
            ),
            (
                Kind::Dockerfile,
                ("a part of it", r"rust:(1\.78)", Role::Dev, "FROM rust:«1.78».0\n", &[Role::Dev], &["1.79"]),
            ),
            (
                Kind::Dockerfile,
                (
                    "a digest decides all the same",
                    r"rust:(1\.78)",
                    Role::Dev,
                    "FROM rust:«1.78».0@sha256:00\n",
                    &[Role::Dev],
                    &["1.78"],
                ),
            ),
            (
                Kind::GitLab,
                (
                    "a comment is closer",
                    r"rust:([\d.]+)",
                    Role::Dev,
                    "image: rust:«1.78.0» # xcargo: ignore\n",
                    &[Role::Ignored],
                    &["1.78.0"],
                ),
            ),
        ];
        for (kind, (name, pattern, role, marked, roles, after)) in table {
            let (text, spans) = unmark(marked);
            let patterns = [Pattern { regex: Regex::new(pattern).expect(name), role: *role }];
            let found = with_patterns(Some(*kind), &patterns, &text).expect(name);
            check_found(name, &text, &spans, roles, after, &found);
        }
    }

    #[test]
    fn of_two_patterns_the_first_counts() {
        let pattern = |regex, role| Pattern { regex: Regex::new(regex).expect("a pattern"), role };
        let patterns = [pattern(r"b=(\S+)", Role::Msrv), pattern(r"(?:a|b|c)=([\d.]+)", Role::Dev)];
        let found = with_patterns(None, &patterns, "a=1.1 b=1.20 c=1.3").expect("no kind");
        let roles: Vec<_> = found.pins.iter().map(|pin| (&*pin.text, pin.by_policy)).collect();
        assert_eq!(roles, [("1.1", Some(Role::Dev)), ("1.20", Some(Role::Msrv)), ("1.3", Some(Role::Dev))]);
        assert!(found.pins.iter().all(|pin| pin.frozen != Some(Frozen::Digest)));
    }
    /// An edit of what a pattern captures by mistake would spoil the file.
    #[test]
    fn what_is_captured_and_is_no_version() {
        let pattern = Pattern { regex: Regex::new(r"(?m)^RUST=(.+)$").expect("a pattern"), role: Role::Dev };
        for (text, expect) in [
            ("RUST=${RUST:-1.78.0} # x\n", &["${RUST:-1.78.0} # x"][..]),
            ("RUST=hello\nRUST=1.78.0\n", &["hello"]),
            ("# xcargo: ignore\nRUST=hello\n", &[]),
            ("RUST=1.78.0 # xcargo: ignored\n", &["1.78.0 # xcargo: ignored", "# xcargo: ignored"]),
        ] {
            let found = with_patterns(None, std::slice::from_ref(&pattern), text).expect("any text");
            let remarks: Vec<&str> = found.remarks.iter().map(|remark| &text[remark.span.clone()]).collect();
            assert_eq!(remarks, expect, "{text}");
        }
    }
}
