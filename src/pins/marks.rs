//! What people say beside a pin: xcargo's own comments, and words that call a release the oldest supported one.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::name::Named;
use super::role::Role;
use super::{Pin, Spelling};

/// What a comment tells of the pin on its line, or on the line below a comment that stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// `# xcargo: ignore`.
    Ignore,
    /// `# xcargo: role=msrv`.
    Role(Role),
}

static MSRV: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?i)msrv|^\s*oldest\s*$|\bmin(?:imum|imal)?[-_ ](?:supported[-_ ])?(?:rustc?|version|toolchain)(?:\b|_)|rustc?[-_ ](?:version[-_ ])?(?:min(?:imum)?|oldest)(?:\b|_)|\bminimum\b|oldest[-_ ](?:supported|rust)|\blowest[-_ ]rust";
    Regex::new(words).unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

/// How far from a pin a comment may stand, in bytes: a line that holds thousands of pins must not be read once for each.
const FAR: usize = 1000;

/// What stands behind a pin on its line.
fn behind(text: &str, at: usize) -> &str {
    let near = &text[at..text.floor_char_boundary(at.saturating_add(FAR)).max(at)];
    near.find('\n').map_or(near, |end| &near[..end])
}

/// The word in one of these texts (keys, names of jobs and steps, comments) that calls a release the oldest supported one.
#[must_use]
pub fn msrv_word<'a>(around: impl IntoIterator<Item = &'a str>) -> Option<String> {
    around.into_iter().find_map(|text| Some(MSRV.find(text)?.as_str().to_owned()))
}

/// The comment behind `span` on its line, for languages whose comments start with `#`.
#[must_use]
pub fn comment_behind<'a>(text: &'a str, span: &Range<usize>) -> Option<&'a str> {
    let rest = behind(text, span.end);
    let blank_before = |at: usize| text[..span.end + at].ends_with(char::is_whitespace);
    let at = rest.match_indices('#').map(|(at, _)| at).find(|at| blank_before(*at))?;
    Some(rest[at + 1..].trim())
}

/// Whether nothing but a comment stands on a line.
#[must_use]
pub fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["#", "//", "/*", "-- "].iter().any(|mark| line.starts_with(mark))
}

/// The word in the comments that stand alone on the lines directly above `span` that calls it the oldest supported release.
///
/// What names a release itself is about that one: `# - 1.70.0 # MSRV` is commented out.
fn msrv_word_above(text: &str, span: &Range<usize>, is_it: &dyn Fn(&str) -> bool) -> Option<String> {
    let near = &text[text.floor_char_boundary(span.start.saturating_sub(FAR))..span.start];
    let line_start = span.start - near.len() + near.rfind('\n')? + 1;
    let above = &text[text.floor_char_boundary(line_start.saturating_sub(FAR))..line_start - 1];
    let is_about = |line: &&str| {
        let mut releases = RELEASE.find_iter(line).map(|found| found.as_str()).peekable();
        releases.peek().is_none() || releases.any(is_it)
    };
    let block =
        above.rsplit('\n').take_while(|line| is_comment(line) && !line.trim_start().starts_with("--"));
    msrv_word(block.filter(is_about))
}

/// What a comment behind a pin, or above it, calls it.
#[must_use]
pub fn msrv_comment(text: &str, pin: &Pin) -> Option<String> {
    let is_it = |release: &str| {
        let named = Named::parse(release, Spelling::Release);
        named.zip(pin.named()).is_some_and(|(ours, theirs)| ours.is_same_release(&theirs))
    };
    msrv_word(comment_behind(text, &pin.span)).or_else(|| msrv_word_above(text, &pin.span, &is_it))
}

static RELEASE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b1\.\d+(?:\.\d+)?\b").unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

#[cfg(test)]
mod tests {
    use super::{comment_behind, msrv_word, msrv_word_above};

    #[test]
    fn comments_above_are_about_the_line_below() {
        for (text, expect) in [
            ("# MSRV\n- 1.70", true),
            ("rust:\n  # MSRV\n  # is low\n  - 1.70", true),
            ("  # MSRV 1.70.0\n  - 1.70", true),
            ("  # - 1.60.0 # MSRV\n  - 1.70", false),
            ("  # MSRV\n\n  - 1.70", false),
            ("  # MSRV\n  - 1.60\n  - 1.70", false),
            ("  - x # MSRV\n  - 1.70", false),
            ("  --build-arg MSRV=x\n  --build-arg X=1.70", false),
            ("1.70", false),
        ] {
            let at = text.rfind("1.70").expect("the pin");
            let found = msrv_word_above(text, &(at..at + 4), &|it| it.starts_with("1.70"));
            assert_eq!(found.is_some(), expect, "{text:?}");
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
            ("RUST_OLDEST", true),
            ("RUSTC_MIN", true),
            ("oldest", true),
            ("oldest-deps", false),
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
