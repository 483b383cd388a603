//! Toolchains that the scripts of CI jobs name, at their places in the file.

use std::sync::LazyLock;

use regex::Regex;

use super::reference;
use super::value::Value;
use crate::pins::shell::{self, Use, Word};
use crate::pins::yaml::Scalar;

/// The toolchains that a scalar's script names.
///
/// What is folded or escaped is read twice: as it is meant, and as it stands. Only where both say the same is the place of a
/// word known.
pub(in crate::pins) fn words<'a>(scalar: &'a Scalar, source: &'a str) -> Vec<(Value<'a>, Use)> {
    let meant = find(&scalar.value);
    if meant.is_empty() {
        return Vec::new();
    }
    if scalar.is_literal {
        let value = Value::of(scalar, source);
        return meant.into_iter().map(|word| (value.part(word.span), word.by)).collect();
    }
    let raw = source.get(scalar.span.clone()).unwrap_or_default();
    let texts = |words: &[Word], text: &str| -> Vec<(String, Use)> {
        words.iter().map(|word| (text[word.span.clone()].to_owned(), word.by)).collect()
    };
    let expected = texts(&meant, &scalar.value);
    // Line ends of a folded scalar are blanks.
    let folded = raw.replace(['\r', '\n'], " ");
    for candidate in [raw, &folded] {
        let found = find(candidate);
        if texts(&found, candidate) == expected {
            let value = Value::raw(source, scalar.span.clone());
            return found.into_iter().map(|word| (value.part(word.span), word.by)).collect();
        }
    }
    let somewhere = |word: Word| (Value::somewhere(&scalar.value[word.span], scalar.span.clone()), word.by);
    meant.into_iter().map(somewhere).collect()
}

/// The toolchains that a script names which stands in the file as it is.
pub(in crate::pins) fn words_of<'a>(script: &Value<'a>) -> Vec<(Value<'a>, Use)> {
    find(script.text).into_iter().map(|word| (script.part(word.span), word.by)).collect()
}

fn find(script: &str) -> Vec<Word> {
    // Cheap and mostly enough.
    if !["rustup", "toolchain", "+", "RUSTUP"].iter().any(|word| script.contains(word)) {
        return Vec::new();
    }
    shell::all(&reference::mask(script))
}

static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| {
    let forms = r#"(?m)(?:^|[\s;&"'])(?P<env>\$env:)?(?P<name>[A-Za-z_]\w*)(?P<equals>\s*=\s*|=)["']?(?P<value>[^\s"';&|,\])]+)"#;
    Regex::new(forms).unwrap_or_else(|error| unreachable!("a constant: {error}"))
});

/// Every `NAME=value` of a script (or of a list of environment variables).
pub(in crate::pins) fn assignments<'a>(script: &Value<'a>) -> Vec<(&'a str, Value<'a>)> {
    let text = script.text;
    if !text.contains('=') {
        return Vec::new();
    }
    let (mut line, mut seen) = (0, 0);
    let found = ASSIGNMENT.captures_iter(text).filter_map(|found| {
        let (name, equals, value) = (found.name("name")?, found.name("equals")?, found.name("value")?);
        // Only PowerShell takes blanks around the sign.
        let is_assignment = equals.as_str() == "=" || found.name("env").is_some();
        line = text[seen..name.start()].rfind('\n').map_or(line, |at| seen + at + 1);
        seen = name.start();
        let is_comment = text[line..].trim_start().starts_with('#');
        (is_assignment && !is_comment).then(|| (name.as_str(), script.part(value.range())))
    });
    found.collect()
}
