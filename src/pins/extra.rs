//! Places that `[pins] extra` of the policy describes by a pattern.

use regex::Regex;

use super::{Found, Kind, Nature, Pin, Role, Spelling, Unreadable, recognise};

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
    for pattern in patterns {
        for pin in find(text, &pattern.regex, pattern.role).pins {
            let overlaps = |known: &Pin| known.span.start < pin.span.end && pin.span.start < known.span.end;
            if !found.pins.iter().any(overlaps) {
                found.pins.push(pin);
            }
        }
    }
    found.pins.sort_by_key(|pin| pin.span.start);
    Ok(found)
}

/// Finds every match of the pattern; its one capture group is the version, and the policy says what it is for.
///
/// What stands there need not read as a toolchain's name: the policy says that it is one.
#[must_use]
pub fn find(text: &str, pattern: &Regex, role: Role) -> Found {
    let matches = pattern.captures_iter(text).filter_map(|found| found.get(1));
    let pins = matches
        .filter(|version| !version.is_empty())
        .map(|version| {
            let pin = Pin::at(text, version.range(), "pins.extra", Spelling::Channel, Nature::Environment);
            Pin { by_policy: Some(role), ..pin }
        })
        .collect();
    let mut found = Found { pins, ..Found::default() };
    recognise::finish(text, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::find;
    use crate::pins::Role;
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
            let found = find(&text, &Regex::new(pattern).expect(name), *role);
            check_found(name, &text, &spans, roles, after, &found);
        }
    }
}
