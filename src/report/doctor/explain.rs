//! Pages of `--explain`: what a message or a finding means, wrapped for reading.

use std::fmt::Write as _;

use anstyle::Style;

use crate::doctor::CHECKS;
use crate::doctor::explain::{Explanation, Symptom, Topic, symptoms};
use crate::output::Page;

/// As wide as text is read with ease.
const WIDEST: usize = 100;

/// The pages, one below the other.
#[must_use]
pub fn pages(topics: &[Topic], page: Page) -> String {
    let pages = topics.iter().map(|topic| match topic {
        Topic::Symptom(symptom) => {
            let mut text = one(&title(symptom), &symptom.page, page);
            field(&mut text, "found as", &symptom.findings.join(", "), page);
            text
        }
        Topic::Finding(check) => {
            one(&format!("{} ({})", check.code, check.severity.name()), &check.page, page)
        }
    });
    pages.collect::<Vec<_>>().join("\n")
}

/// One line for each thing that can be explained.
#[must_use]
pub fn overview(page: Page) -> String {
    let bold = |text: &str| paint(page, Style::new().bold(), text);
    let mut text = format!("{}\n", bold("Findings"));
    for check in CHECKS {
        let _ = writeln!(text, "  {:<24} {}", check.code, check.brief);
    }
    let _ = writeln!(text, "\n{}", bold("Messages"));
    for symptom in symptoms() {
        let _ = writeln!(text, "  {}", title(symptom));
    }
    text.push_str("\n`xcargo doctor --explain <WHAT>` takes a code, or any part of a message.\n");
    text
}

/// `E0463: can't find crate for`
fn title(symptom: &Symptom) -> String {
    let message = symptom.messages.first().copied().unwrap_or_default();
    match symptom.codes {
        [] => message.to_owned(),
        [code] => format!("{code}: {message}"),
        codes => codes.join(", "),
    }
}

fn one(title: &str, explanation: &Explanation, page: Page) -> String {
    let mut text = format!("{}\n", paint(page, Style::new().bold(), title));
    let Explanation { means, cause, proof, remedy } = explanation;
    for (name, says) in [("means", means), ("cause", cause), ("proof", proof), ("xcargo", remedy)] {
        field(&mut text, name, says, page);
    }
    text
}

/// `   means  text`, the text in lines below each other.
fn field(text: &mut String, name: &str, says: &str, page: Page) {
    let width = page.width.unwrap_or(WIDEST).clamp(40, WIDEST) - INDENT;
    let mut line = String::new();
    let mut lines = Vec::new();
    for word in says.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    for (at, line) in lines.iter().enumerate() {
        let name = if at == 0 { name } else { "" };
        let name = paint(page, Style::new().dimmed(), &format!("{name:>8}"));
        let _ = writeln!(text, "{name}  {line}");
    }
}

/// What stands before each line.
const INDENT: usize = 10;

fn paint(page: Page, style: Style, text: &str) -> String {
    if page.colours { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
