//! asdf's `.tool-versions`: a tool and its versions on each line, `#` starts a comment.

use super::variable::is_official;
use super::{Found, Nature, Pin, Spelling, Unreadable};

/// Finds the versions of the tool `rust`: the first is the one in use, any other is for want of it.
///
/// # Errors
/// None: any text is such a file.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let mut found = Found::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let said = line.split('#').next().unwrap_or_default();
        let mut words = words(said);
        if words.next().is_some_and(|(_, tool)| tool.trim_start_matches('\u{feff}') == "rust") {
            // `system`, `path:…` and `ref:…` are no names of rustup's.
            let named = words.enumerate().filter(|(_, (_, word))| is_official(word, Spelling::Channel));
            found.pins.extend(named.map(|(nth, (at, word))| {
                let nature = if nth == 0 { Nature::Environment } else { Nature::Row };
                Pin::at(text, start + at..start + at + word.len(), "rust", Spelling::Channel, nature)
            }));
        }
        start += line.len();
    }
    Ok(found)
}

/// The words of a line, each with the byte at which it starts.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    line.split(|c: char| c.is_ascii_whitespace())
        .map(move |word| {
            let start = at;
            at += word.len() + 1;
            (start, word)
        })
        .filter(|(_, word)| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::pins::testing::check;
    use crate::pins::{Kind, Role};

    #[test]
    fn forms() {
        check(
            Kind::ToolVersions,
            &[
                (
                    "a host stays",
                    "rust «1.78.0-x86_64-pc-windows-gnu»\n",
                    &[Role::Dev],
                    &["1.79.0-x86_64-pc-windows-gnu"],
                ),
                ("one", "nodejs 20.1.0\nrust «1.78.0»\n", &[Role::Dev], &["1.79.0"]),
                ("a comment above", "# MSRV\nrust «1.74.0»\n", &[Role::Msrv], &["1.74.0"]),
                ("two numbers", "rust «1.78»", &[Role::Dev], &["1.79"]),
                ("CRLF and BOM", "\u{feff}rust\t«1.78.0»\r\nruby 3.2.0\r\n", &[Role::Dev], &["1.79.0"]),
                (
                    "fallbacks",
                    "rust «1.78.0» «1.70.0» system\n",
                    &[Role::Dev, Role::Msrv],
                    &["1.79.0", "1.70.0"],
                ),
                ("another release is out of step", "rust   «1.75.0»\n", &[Role::Dev], &["1.79.0"]),
                (
                    "a fallback nobody knows",
                    "rust «1.78.0» «1.72.0»\n",
                    &[Role::Dev, Role::Undecided],
                    &["1.79.0", "1.72.0"],
                ),
                (
                    "a dated nightly",
                    "rust «nightly-2026-05-19»\n",
                    &[Role::Deliberate],
                    &["nightly-2026-05-19"],
                ),
                ("a comment behind", "rust «1.78.0» # keep 1.70.0 building\n", &[Role::Dev], &["1.79.0"]),
                ("told", "rust «1.78.0» # xcargo: role=deliberate\n", &[Role::Deliberate], &["1.78.0"]),
                ("commented out", "# rust 1.78.0\n  #rust 1.78.0\n", &[], &[]),
                ("other tools", "rustfmt 1.78.0\nrust-analyzer 1.78.0\nrustup 1.27.1\n", &[], &[]),
                ("no name of rustup's", "rust path:/opt/rust ref:abc system\n", &[], &[]),
            ],
        );
    }
}
