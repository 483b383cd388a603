//! A report for people at a terminal, and for those who read it from a pipe: aligned columns, no tabs.

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use console::{measure_text_width, truncate_str};

use super::{By, Report, Row};
use crate::cache::Size;
use crate::output::{Page, human, printable};

/// What is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// By what.
    pub by: Vec<By>,
    /// At most so many rows of each. `None`: all.
    pub most: Option<usize>,
}

/// So many rows are shown where nobody asks for all.
pub const USUAL: usize = 20;

/// The whole text.
#[must_use]
pub fn render(report: &Report, wanted: &Wanted, page: Page) -> String {
    let mut text = String::new();
    let total = report.total();
    let _ = writeln!(text, "{}", head(report, total));
    for by in &wanted.by {
        let _ = writeln!(text, "\n{}", page.paint(BOLD, &title(*by)));
        let rows = report.rows(*by);
        let shown = wanted.most.map_or(rows.len(), |most| most.min(rows.len()));
        for row in &rows[..shown] {
            text.push_str(&line(row, total, page));
        }
        if shown < rows.len() {
            let rest = rows[shown..].iter().fold(Size::default(), |sum, row| sum + row.size);
            let label = format!("and {} more (`--all` shows them)", thousands((rows.len() - shown) as u64));
            let _ = writeln!(text, "{}", page.fit(&format!("{}  {label}", figures(rest, total))));
        }
    }
    let left_alone = report.unknown.iter().map(|unknown| (&unknown.path, unknown.why.to_string()));
    notes(&mut text, "Left alone", left_alone.collect(), wanted.most, page);
    let unreadable = report.unreadable.iter().map(|(path, why)| (path, why.clone()));
    notes(&mut text, "Not counted", unreadable.collect(), wanted.most, page);
    text
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const BAR: Style = AnsiColor::Cyan.on_default();

fn head(report: &Report, total: Size) -> String {
    let target = printable(&report.target_dir.to_string_lossy());
    let sum = format!("{} in {} files", human(total.bytes), thousands(total.files));
    if report.build_dir == report.target_dir {
        return format!("{target}: {sum}");
    }
    let build = printable(&report.build_dir.to_string_lossy());
    format!("target dir {target}\nbuild dir  {build}\n{sum}")
}

fn title(by: By) -> String {
    format!("By {}", by.name())
}

fn line(row: &Row, total: Size, page: Page) -> String {
    let figures = figures(row.size, total);
    let cells = page.bar_cells();
    let bar = bar(row.size.bytes, total.bytes, cells, page.unicode);
    let label = printable(&row.label);
    let width = page.width.map_or(usize::MAX, |width| width.saturating_sub(20 + cells + 2));
    let label = cut(&label, width, page);
    let room = width.saturating_sub(measure_text_width(&label) + 2);
    let mut text = figures;
    if cells > 0 {
        let _ = write!(text, "  {}", page.paint(BAR, &bar));
    }
    let _ = write!(text, "  {label}");
    let remark = printable(&row.remark);
    if !remark.is_empty() && room > 8 {
        let remark = cut(&remark, room, page);
        let _ = write!(text, "  {}", page.paint(DIM, &remark));
    }
    text.push('\n');
    text
}

/// `   1.3 GiB   98.2%`: 18 columns.
fn figures(size: Size, total: Size) -> String {
    format!("{:>10}  {:>6}", human(size.bytes), share(size.bytes, total.bytes))
}

/// In percent; what is there is never nothing.
pub(super) fn share(part: u64, whole: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
    let percent = if whole == 0 { 0.0 } else { part as f64 / whole as f64 * 100.0 };
    if part > 0 && percent < 0.1 { "<0.1%".to_owned() } else { format!("{percent:.1}%") }
}

/// A bar of so many cells, in eighths where the terminal has them, padded to its full width.
fn bar(part: u64, whole: u64, cells: usize, unicode: bool) -> String {
    let steps = if unicode { 8 } else { 1 };
    let whole = u128::from(whole.max(1));
    let filled = (u128::from(part) * (cells * steps) as u128).div_ceil(whole);
    let filled = usize::try_from(filled).unwrap_or(0).min(cells * steps);
    let mut text = if unicode { "█" } else { "#" }.repeat(filled / steps);
    let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    text.push_str(eighths[filled % steps]);
    let padding = cells - filled.div_ceil(steps);
    text.push_str(&" ".repeat(padding));
    text
}

fn notes(
    text: &mut String,
    title: &str,
    lines: Vec<(&std::path::PathBuf, String)>,
    most: Option<usize>,
    page: Page,
) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", page.paint(BOLD, title));
    let shown = most.map_or(lines.len(), |most| most.min(lines.len()));
    for (path, why) in &lines[..shown] {
        let _ = writeln!(text, "  {}: {why}", printable(&path.to_string_lossy()));
    }
    if shown < lines.len() {
        let more = thousands((lines.len() - shown) as u64);
        let _ = writeln!(text, "  and {more} more (`--all` shows them)");
    }
}

fn cut<'a>(text: &'a str, width: usize, page: Page) -> Cow<'a, str> {
    truncate_str(text, width, if page.unicode { "…" } else { "..." })
}

/// `4,812`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl Page {
    /// The bar's width: none without a terminal, and where the columns would be too narrow for names.
    fn bar_cells(self) -> usize {
        match self.width {
            None | Some(..50) => 0,
            Some(50..80) => 8,
            Some(80..120) => 16,
            Some(_) => 24,
        }
    }

    fn fit(self, text: &str) -> Cow<'_, str> {
        cut(text, self.width.unwrap_or(usize::MAX), self).into_owned().into()
    }

    fn paint(self, style: Style, text: &str) -> String {
        if self.colours { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::{bar, share, thousands};

    #[test]
    fn figures_are_what_people_read() {
        for (part, whole, expect) in
            [(0, 0, "0.0%"), (1, 1_000_000, "<0.1%"), (1, 3, "33.3%"), (3, 3, "100.0%"), (0, 3, "0.0%")]
        {
            assert_eq!(share(part, whole), expect);
        }
        for (number, expect) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), expect);
        }
    }

    #[test]
    fn bars_are_as_long_as_their_share_and_never_longer() {
        for (part, whole, unicode, expect) in [
            (0, 10, true, "    "),
            (10, 10, true, "████"),
            (5, 10, true, "██  "),
            (1, 1000, true, "▏   "),
            (3, 8, true, "█▌  "),
            (5, 10, false, "##  "),
            (1, 1000, false, "#   "),
            (u64::MAX, u64::MAX, true, "████"),
            (7, 0, true, "████"),
        ] {
            assert_eq!(bar(part, whole, 4, unicode), expect, "{part}/{whole}");
        }
    }
}
