//! Findings for people: each with its evidence and its way out, as other findings look, and the sum.

use std::fmt::Write as _;

use annotate_snippets::{Group, Level, Renderer};

use super::{Examined, Now};
use crate::doctor::{CHECKS, Finding, Severity};
use crate::output::{Page, printable};

/// So many findings of one kind are shown; then only how many there are.
pub const USUAL: usize = 8;

/// All findings (of one kind no more than `most`), what is to be said of the whole, and the sum.
#[must_use]
pub fn render(examined: &Examined<'_>, most: usize, page: Page) -> String {
    let mut text = String::new();
    for check in CHECKS {
        let of_it = || examined.findings.iter().filter(|(finding, _)| finding.code == check.code);
        for (finding, now) in of_it().take(most) {
            let _ = writeln!(text, "{}\n", shown(finding, *now, page));
        }
        let more = of_it().count().saturating_sub(most);
        if more > 0 {
            let _ = writeln!(text, "{more} more of `{}` (`-v` shows all)\n", check.code);
        }
    }
    for note in examined.notes {
        let _ = writeln!(text, "note: {}", printable(note));
    }
    let _ = writeln!(text, "{}", sum(examined));
    text
}

fn shown(finding: &Finding, now: Now, page: Page) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let message = printable(&format!("{}: {}", finding.about, finding.what));
    let mut group = Group::with_title(level.primary_title(&message).id(finding.code));
    for evidence in &finding.evidence {
        group = group.element(Level::NOTE.message(printable(evidence)));
    }
    match (now, finding.fix) {
        (Now::Fixed, _) => group = group.element(Level::NOTE.with_name("fixed").message(fixed(finding))),
        (Now::There, Some(fix)) => {
            group = group.element(Level::HELP.message(format!("with `--fix`: {}", fix.does())));
        }
        (Now::There, None) => {}
    }
    let renderer = if page.colours { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

fn fixed(finding: &Finding) -> &'static str {
    finding.fix.map_or("it is not so any more", |fix| fix.does())
}

fn sum(examined: &Examined<'_>) -> String {
    let counted = Severity::ALL.iter().map(|severity| (examined.count(*severity), severity.name()));
    let mut parts: Vec<String> =
        counted.filter(|(number, _)| *number > 0).map(|(number, name)| count(number, name)).collect();
    if !examined.is_wrong() {
        parts.insert(0, "nothing is wrong".to_owned());
    }
    if examined.fixed() > 0 {
        parts.push(format!("{} fixed", examined.fixed()));
    }
    format!("{}; {}", parts.join(", "), count(examined.units, "unit"))
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
