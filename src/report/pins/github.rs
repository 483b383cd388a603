//! Findings as workflow commands: GitHub shows them beside the lines of a pull request.
//!
//! The escapes are those of `actions/toolkit` (`packages/core/src/command.ts`).

use std::fmt::Write as _;

use super::place::Locator;
use super::{Checked, severity};
use crate::pins::survey::shown;

/// One command a line: `::error file=…,line=…::message`.
#[must_use]
pub fn check(checked: &Checked<'_>) -> String {
    let mut text = String::new();
    let mut locator = Locator::default();
    for finding in checked.findings {
        let _ = write!(text, "::{} file={}", severity(finding.severity), property(&shown(&finding.file)));
        if let Some(region) = locator.of(finding) {
            let _ = write!(text, ",line={},col={},endLine={}", region.line, region.column, region.end_line);
        }
        let _ = write!(text, ",title={}", property(finding.rule.id()));
        let parts = std::iter::once(finding.message.clone())
            .chain(finding.notes.iter().map(|note| format!("note: {note}")))
            .chain(finding.help.iter().map(|help| format!("help: {help}")));
        let _ = writeln!(text, "::{}", data(&parts.collect::<Vec<_>>().join("\n")));
    }
    for note in checked.notes {
        let _ = writeln!(text, "::notice title=xcargo::{}", data(note));
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
