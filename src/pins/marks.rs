//! What people say beside a pin: xcargo's own comments, and words that call a release the oldest supported one.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::role::Role;

/// What a comment tells of the pin on its line, or on the line below a comment that stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// `# xcargo: ignore`.
    Ignore,
    /// `# xcargo: role=msrv`.
    Role(Role),
}

static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
    let comment = r"(?:#|//|/\*|--)\s*xcargo:\s*(ignore|role\s*=\s*(dev|msrv|deliberate))\b";
    Regex::new(comment).unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

static MSRV: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?i)msrv|\bmin(?:imum|imal)?[-_ ](?:supported[-_ ])?(?:rustc?|version|toolchain)(?:\b|_)|rust[-_ ](?:version[-_ ])?min(?:imum)?(?:\b|_)|\bminimum\b|oldest[-_ ](?:supported|rust)|\blowest[-_ ]rust";
    Regex::new(words).unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

/// What a comment says of the pin at `span`: behind it on the same line, or alone on the line above.
#[must_use]
pub fn told(text: &str, span: &Range<usize>) -> Option<Told> {
    let line_end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    let behind = read(&text[span.end..line_end]);
    behind.or_else(|| {
        let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let above = text[..line_start].trim_end_matches(['\n', '\r']).rsplit('\n').next()?.trim_start();
        let alone = ["#", "//", "/*", "--"].iter().any(|mark| above.starts_with(mark));
        if alone && line_start > 0 { read(above) } else { None }
    })
}

fn read(text: &str) -> Option<Told> {
    let found = COMMENT.captures(near(text))?;
    Some(match found.get(2).map(|role| role.as_str()) {
        Some("dev") => Told::Role(Role::Dev),
        Some("msrv") => Told::Role(Role::Msrv),
        Some(_) => Told::Role(Role::Deliberate),
        None => Told::Ignore,
    })
}

/// The first part of a line: a file may be one long line with many pins, and each looks behind itself.
fn near(line: &str) -> &str {
    const FAR: usize = 4096;
    &line[..line.floor_char_boundary(FAR)]
}

/// The word in one of these texts (keys, names of jobs and steps, comments) that calls a release the oldest supported one.
#[must_use]
pub fn msrv_word<'a>(around: impl IntoIterator<Item = &'a str>) -> Option<String> {
    around.into_iter().find_map(|text| Some(MSRV.find(text)?.as_str().to_owned()))
}

/// The comment behind `span` on its line, for languages whose comments start with `#`.
#[must_use]
pub fn comment_behind<'a>(text: &'a str, span: &Range<usize>) -> Option<&'a str> {
    let rest = near(text[span.end..].lines().next()?);
    let blank_before = |at: usize| text[..span.end + at].ends_with(char::is_whitespace);
    let at = rest.match_indices('#').map(|(at, _)| at).find(|at| blank_before(*at))?;
    Some(rest[at + 1..].trim())
}

#[cfg(test)]
mod tests {
    use super::{Told, comment_behind, msrv_word, told};
    use crate::pins::Role;

    #[test]
    fn comments_are_read_behind_and_above() {
        for (text, expect) in [
            ("rust: 1.70 # xcargo: ignore\n", Some(Told::Ignore)),
            ("rust: 1.70 # why: x; xcargo: ignore\n", None),
            ("# xcargo: role=msrv\nrust: 1.70\n", Some(Told::Role(Role::Msrv))),
            ("// xcargo: role = deliberate\r\n\"rust\": \"1.70\",\r\n", Some(Told::Role(Role::Deliberate))),
            ("x: 1 # xcargo: ignore\nrust: 1.70\n", None),
            ("rust: 1.70\n# xcargo: ignore\n", None),
            ("rust: 1.70 # xcargo: role=other\n", None),
            ("rust: 1.70", None),
        ] {
            let at = text.find("1.70").expect("the pin");
            assert_eq!(told(text, &(at..at + 4)), expect, "{text:?}");
        }
    }

    #[test]
    fn words_for_the_oldest_release() {
        for (text, expect) in [
            ("MSRV", true),
            ("msrv-check", true),
            ("rust_min", true),
            ("REPO_MSRV", true),
            ("Minimum supported Rust version", true),
            ("min-rust-version", true),
            ("oldest supported", true),
            ("MIN_RUSTC_VERSION", true),
            ("minimal profile", false),
            // That is about the oldest dependencies.
            ("minimal-versions", false),
            ("RUST_TOOLCHAIN", false),
            ("administer rust", false),
            ("test", false),
        ] {
            assert_eq!(msrv_word([text]).is_some(), expect, "{text}");
        }
    }

    #[test]
    fn a_comment_starts_behind_a_blank() {
        assert_eq!(comment_behind("a: 1.2 # MSRV\r\n", &(3..6)), Some("MSRV"));
        assert_eq!(comment_behind("a: 1.2#no\n", &(3..6)), None);
    }
}
