//! Places that `[pins] extra` of the policy describes by a pattern.

use regex::Regex;

use super::directives::Directives;
use super::kind::Format;
use super::variable::is_official;
use super::{Found, Kind, Nature, Pin, Remark, Role, Spelling, Unreadable, What, recognise};

/// A pattern of the policy, for the files that its glob matches.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Its one capture group is the version.
    pub regex: Regex,
    /// What the version is for.
    pub role: Role,
}

/// Everything in a text: what its kind has, and what the patterns describe beside that.
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
    for pattern in patterns {
        let matched = find(text, &directives, &pattern.regex, pattern.role);
        found.remarks.extend(matched.remarks);
        found.silenced.extend(matched.silenced);
        for pin in matched.pins {
            let overlaps = |known: &Pin| known.span.start < pin.span.end && pin.span.start < known.span.end;
            if !found.pins.iter().any(overlaps) {
                found.pins.push(pin);
            }
        }
    }
    found.pins.sort_by_key(|pin| pin.span.start);
    recognise::report(text, &directives, &mut found);
    Ok(found)
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
    use crate::pins::Role;
    use crate::pins::directives::Directives;
    use crate::pins::kind::Format;
    use crate::pins::testing::{check_found, unmark};

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
