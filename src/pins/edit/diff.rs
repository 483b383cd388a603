//! What an edit changes, as `git apply` and `patch -p1` take it.

use std::fmt::Write as _;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

/// Lines around a change that are shown.
const CONTEXT: usize = 3;

/// The unified diff of a file, by its path in the repository with `/`; empty where nothing changes. `before` is `None` for a
/// file that is not there yet.
///
/// Lines end at a line feed alone, as for git: a carriage return is a character of its line.
#[must_use]
pub fn diff(path: &str, before: Option<&str>, after: &str) -> String {
    if before == Some(after) {
        return String::new();
    }
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<_>>();
    let (old, new) = (lines(before.unwrap_or_default()), lines(after));
    let mut text = match before {
        Some(_) => format!("--- {}\n", named("a/", path)),
        None => "--- /dev/null\n".to_owned(),
    };
    let _ = writeln!(text, "+++ {}", named("b/", path));
    for hunk in group_diff_ops(capture_diff_slices(Algorithm::Myers, &old, &new), CONTEXT) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        let range = |start: usize, end: usize| match end - start {
            // Nothing stands after the line before.
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            length => format!("{},{length}", start + 1),
        };
        let was = range(first.old_range().start, last.old_range().end);
        let now = range(first.new_range().start, last.new_range().end);
        let _ = writeln!(text, "@@ -{was} +{now} @@");
        for step in &hunk {
            let (gone, come) = match step {
                DiffOp::Equal { .. } => {
                    add(&mut text, ' ', &old[step.old_range()]);
                    continue;
                }
                DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                    (&old[step.old_range()], &new[step.new_range()])
                }
            };
            add(&mut text, '-', gone);
            add(&mut text, '+', come);
        }
    }
    text
}

fn add(text: &mut String, mark: char, lines: &[&str]) {
    for line in lines {
        text.push(mark);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// A name as git writes it: in quotes where it holds what would end it, with a tab behind it where it holds a blank.
fn named(side: &str, path: &str) -> String {
    if !path.contains(|c: char| c.is_ascii_control() || matches!(c, '"' | '\\')) {
        return format!("{side}{path}{}", if path.contains(' ') { "\t" } else { "" });
    }
    let mut text = format!("\"{side}");
    for c in path.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_ascii_control() => {
                let _ = write!(text, "\\{:03o}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}
