//! Comparisons with the values of a matrix that cannot move along with them: they are said.

use std::collections::HashSet;
use std::ops::Range;

use super::expression::{self, Comparison};
use super::source::Source;
use super::walk::{Leaf, Walk};
use crate::pins::yaml::Scalar;
use crate::pins::{Remark, Spelling, What, name::Named};

/// Whether a condition asks for a part of a row's release: `startsWith(matrix.rust, '1.78')`.
pub(super) fn is_part_of_a_release(comparison: &Comparison, leaves: &[Leaf]) -> bool {
    let text = comparison.text.as_str();
    // More than a first number: nobody leaves Rust 1.
    let is_number = text.starts_with("1.") && text.len() > 2;
    comparison.is_partial
        && is_number
        && leaves.iter().any(|leaf| is_release(leaf) && leaf.name.contains(text))
}

fn is_release(leaf: &Leaf) -> bool {
    Named::parse(&leaf.name, Spelling::Channel).is_some_and(|named| named.is_release())
}

/// Says that a comparison stays behind.
pub(super) fn remark(walk: &mut Walk<'_>, source: &Source<'_>, scalar: &Scalar, part: &Range<usize>) {
    let value = scalar.value.get(part.clone()).unwrap_or_default().to_owned();
    let span = source.part(part).unwrap_or_else(|| scalar.span.clone());
    walk.found.remarks.push(Remark { span, what: What::Compared { value } });
}

/// Says which words of a script are the names of rows, on lines with an expression or as the patterns of a `case`: the shell
/// compares them with the row's value, and no edit of the row reaches them.
pub(super) fn in_script(walk: &mut Walk<'_>, source: &Source<'_>, scalar: &Scalar, leaves: &[Leaf]) {
    let script = &scalar.value;
    let mut names: HashSet<&str> = HashSet::new();
    for leaf in leaves.iter().filter(|leaf| is_release(leaf)) {
        names.insert(&leaf.name);
        // `1.78*`
        names.extend(leaf.name.rfind('.').filter(|at| *at > 1).map(|at| &leaf.name[..at]));
    }
    let mut start = 0;
    let mut is_in_case = false;
    for line in script.split_inclusive('\n') {
        let line_start = start;
        start += line.len();
        let expressions = expression::places(line);
        let has_expression = !expressions.is_empty();
        let compares =
            has_expression && ["=", "case ", "-eq ", "-ne ", "=~"].iter().any(|it| line.contains(it));
        let is_pattern = is_in_case && line.contains(')');
        if has_expression && line.contains("case ") {
            is_in_case = true;
        }
        is_in_case &= !line.contains("esac");
        if !(compares || is_pattern) {
            continue;
        }
        let mut at = 0;
        for word in line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))) {
            let part = line_start + at..line_start + at + word.len();
            let is_inside = expressions.iter().any(|place| place.start <= at && at < place.end);
            at += word.len() + line[at + word.len()..].chars().next().map_or(0, char::len_utf8);
            let is_name = names.contains(word.trim_end_matches('.'));
            let is_pin = || source.part(&part).is_some_and(|span| walk.has(&span));
            if is_name && !is_inside && !is_pin() {
                remark(walk, source, scalar, &part);
            }
        }
    }
}
