//! Findings and places for people: findings with their lines and carets, places in aligned columns.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use console::{measure_text_width, truncate_str};

use super::place::Locator;
use super::{Beside, Checked, Shown, by};
use crate::diagnostic::{Diagnostic, Label, Severity, SourceText};
use crate::output::{Page, printable};
use crate::pins::check::{Finding, reason, role};
use crate::pins::effective::{Run, compilers};
use crate::pins::nearest::ToolchainFiles;
use crate::pins::survey::{Agreement, FileOfPins, Survey, shown};
use crate::pins::{Job, Role, Why};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default();

/// A finding as other findings of xcargo's look.
#[must_use]
pub fn diagnostic(finding: &Finding) -> Diagnostic {
    let lines = |texts: &[String]| texts.iter().map(|text| printable(text)).collect();
    let path = PathBuf::from(printable(&shown(&finding.file)));
    let mut message = printable(&finding.message);
    let mut labels = Vec::new();
    match (&finding.text, &finding.span) {
        (Some(text), Some(span)) => {
            let span = text.floor_char_boundary(span.start)..text.ceil_char_boundary(span.end);
            let source = SourceText { path, text: Arc::clone(text) };
            labels.push(Label { source, span, text: String::new() });
        }
        _ => message = format!("{}: {message}", path.display()),
    }
    Diagnostic {
        severity: finding.severity,
        code: finding.rule.id(),
        message,
        labels,
        notes: lines(&finding.notes),
        help: lines(&finding.help),
    }
}

/// All findings, what is to be said of the whole, and the sum.
#[must_use]
pub fn check(checked: &Checked<'_>, page: Page) -> String {
    let mut text = String::new();
    for finding in checked.findings {
        let _ = writeln!(text, "{}\n", diagnostic(finding).render(page.colours));
    }
    notes(&mut text, checked.notes);
    let _ = writeln!(text, "{}", sum(checked));
    text
}

fn sum(checked: &Checked<'_>) -> String {
    let survey = checked.survey;
    let (mut places, mut follow, mut files) = (0, 0, 0);
    for file in &survey.files {
        let before = places;
        for placed in file.judged() {
            places += 1;
            follow += usize::from(placed.role() == Role::Dev);
        }
        files += usize::from(places > before);
    }
    let found = match (checked.count(Severity::Error), checked.count(Severity::Warning)) {
        (0, 0) => "nothing to object to".to_owned(),
        (errors, 0) => count(errors, "error"),
        (0, warnings) => count(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    };
    let seen = format!("{} in {}", count(places, "place"), count(files, "file"));
    match survey.channel() {
        Some(channel) => format!("{found}; {seen}, {follow} of them for the pinned toolchain {channel}"),
        None => format!("{found}; {seen}"),
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn notes(text: &mut String, notes: &[String]) {
    for note in notes {
        let _ = writeln!(text, "note: {}", printable(note));
    }
}

/// The toolchain, every place that names one, and the compilers of all CI jobs.
#[must_use]
pub fn show(what: &Shown<'_>, page: Page) -> String {
    let survey = what.survey;
    let mut text = head(what, page);
    let mut locator = Locator::default();
    let files = || survey.files.iter().filter(|file| file.ignored.is_none());

    let rows = files().flat_map(|file| places(survey, file, &mut locator)).collect();
    table(&mut text, "Places", rows, page);
    let toolchain_files = ToolchainFiles::of(survey);
    let mut rows = Vec::new();
    for file in files() {
        for job in &file.jobs {
            let line = locator.find(&file.text, &job.span).line;
            let beside = Beside::of(job);
            for run in compilers(job, toolchain_files.for_job(job)) {
                let row = self::run(file, line, job, &beside, &run);
                // Two steps that choose the same make one row.
                if rows.last() != Some(&row) {
                    rows.push(row);
                }
            }
        }
    }
    table(&mut text, "CI jobs", rows, page);
    let rows = survey.files.iter().filter_map(|file| {
        Some(Row { cells: vec![cell(&shown(&file.path))], remark: file.ignored.clone()? })
    });
    table(&mut text, "Ignored", rows.collect(), page);
    let rows = survey
        .unreadable
        .iter()
        .map(|file| Row { cells: vec![(shown(&file.path), BAD)], remark: file.why.clone() });
    table(&mut text, "Not read", rows.collect(), page);
    if !what.notes.is_empty() {
        text.push('\n');
        notes(&mut text, what.notes);
    }
    text
}

fn head(what: &Shown<'_>, page: Page) -> String {
    let root = &what.survey.root;
    let pin = what.survey.pin.as_ref();
    let mut text = match pin {
        Some(pin) => {
            let name = paint(page, BOLD, &printable(pin.value.as_str()));
            format!("Pinned to {name} by {}\n", printable(&pin.origin.shown_from(root)))
        }
        None => "Pinned to nothing\n".to_owned(),
    };
    if let Some(effective) = what.effective
        && pin != Some(effective)
    {
        let name = paint(page, BOLD, &printable(effective.value.as_str()));
        let _ = writeln!(text, "In use is {name} by {}", printable(&effective.origin.shown_from(root)));
    }
    text
}

/// Cells in columns, and what else is to be said behind them.
#[derive(PartialEq)]
struct Row {
    cells: Vec<(String, Style)>,
    remark: String,
}

fn cell(text: &str) -> (String, Style) {
    (text.to_owned(), Style::new())
}

fn places(survey: &Survey, file: &FileOfPins, locator: &mut Locator) -> Vec<Row> {
    let row = |placed: &crate::pins::survey::Placed| {
        let line = locator.find(&file.text, &placed.pin.span).line;
        let (state, style) = match (survey.agreement(placed), placed.role()) {
            (Agreement::Agrees, _) => ("agrees", GOOD),
            (Agreement::Differs, Role::Msrv) => ("too new", BAD),
            (Agreement::Differs, _) => ("differs", BAD),
            (Agreement::Unrelated, Role::Undecided) => ("undecided", DOUBTFUL),
            (Agreement::Unrelated, _) => ("-", DIM),
        };
        let fixed = if placed.pin.frozen.is_some() { "; text alone cannot move it" } else { "" };
        let why = if *placed.why() == Why::IsThePin {
            String::new()
        } else {
            format!(": {}", reason(placed.why()))
        };
        Row {
            cells: vec![
                cell(&format!("{}:{line}", shown(&file.path))),
                cell(&placed.pin.text),
                (state.to_owned(), style),
                cell(role(placed.role())),
            ],
            remark: format!("{}{why}{fixed}", placed.pin.place),
        }
    };
    file.pins.iter().map(row).collect()
}

fn run(file: &FileOfPins, line: usize, job: &Job, beside: &Beside<'_>, run: &Run) -> Row {
    let name = match beside.row(run) {
        Some(row) => format!("{} ({row})", job.id),
        None => job.id.clone(),
    };
    let by = match by(run) {
        Some("toolchain-file") => "by the toolchain file",
        Some("installed") => "by `rustup toolchain install`",
        Some("container") => "by its image",
        Some("default") => "by `rustup default`",
        Some("override") => "by `rustup override`",
        Some("variable") => "by `RUSTUP_TOOLCHAIN`",
        Some("plus") => "by `+toolchain`",
        Some("unknown") => "its commands run where different toolchain files may count",
        _ => "whatever the machine has",
    };
    let mut remark = by.to_owned();
    if let Some(claim) = run.claimed.as_ref().filter(|_| run.is_shadowed()) {
        let _ = write!(remark, ", which outranks `{}`", claim.name);
    }
    for command in beside.commands(run) {
        let _ = write!(remark, "; `+{command}` for single commands");
    }
    let style = if run.is_shadowed() { BAD } else { Style::new() };
    let gets = run.effective.clone().unwrap_or_else(|| "?".to_owned());
    Row { cells: vec![cell(&format!("{}:{line}", shown(&file.path))), cell(&name), (gets, style)], remark }
}

fn table(text: &mut String, title: &str, mut rows: Vec<Row>, page: Page) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", paint(page, BOLD, title));
    let mut widths: Vec<usize> = Vec::new();
    for row in &mut rows {
        for (at, (cell, _)) in row.cells.iter_mut().enumerate() {
            *cell = printable(cell);
            widths.resize(widths.len().max(at + 1), 0);
            widths[at] = widths[at].max(measure_text_width(cell));
        }
    }
    let before = widths.iter().map(|width| width + 2).sum::<usize>();
    let room = page.width.map_or(usize::MAX, |width| width.saturating_sub(before).max(MOST_NARROW));
    for row in rows {
        let mut line = String::new();
        for ((cell, style), width) in row.cells.iter().zip(&widths) {
            let padding = " ".repeat(width - measure_text_width(cell) + 2);
            let _ = write!(line, "{}{padding}", paint(page, *style, cell));
        }
        let remark = printable(&row.remark);
        let remark = truncate_str(&remark, room, if page.unicode { "…" } else { "..." });
        line.push_str(&paint(page, DIM, &remark));
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// Where the columns leave no room, a remark runs over the edge rather than being nothing.
const MOST_NARROW: usize = 20;

fn paint(page: Page, style: Style, text: &str) -> String {
    if page.colours && style != Style::new() { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
