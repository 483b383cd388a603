//! Jenkinsfiles: agents' images and shell steps.
//!
//! Groovy is read only as far as this needs it; what a string is for is told by the words before it.

mod groovy;

use std::sync::LazyLock;

use regex::Regex;

use super::ci::{Ci, Site, Takes, Value};
use super::{Found, Nature, Unreadable};
use groovy::Token;

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is not what its name says.
#[expect(clippy::unnecessary_wraps, reason = "all kinds have one shape")]
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let tokens = groovy::tokens(text);
    let mut ci = Ci::new(text);
    let mut stages: Vec<Option<&str>> = Vec::new();
    let mut coming = None;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign(b'{') => stages.push(coming.take()),
            Token::Sign(b'}') => {
                stages.pop();
            }
            Token::Word(_) | Token::Sign(_) => {}
            Token::Text(span) => {
                let value = Value::raw(text, span.clone());
                let before = Before::of(&tokens[..at]);
                if before.word == Some("stage") {
                    coming = Some(value.text);
                }
                let stage = stages.iter().rev().take(16).find_map(|stage| *stage);
                let site = Site::of(Nature::Job).named(stage);
                let site = stage.map_or_else(|| site.clone(), |stage| site.at(&format!("stage({stage})")));
                string(&mut ci, &tokens, at, &before, &value, &site);
            }
        }
    }
    Ok(ci.finish())
}

/// How many pieces are looked at on the way back from a string to what it is for.
const NEAR: usize = 96;

/// What stands before a string.
struct Before<'a> {
    /// The word that takes it: `sh`, `image`, `values`, or the name of an argument or a variable.
    word: Option<&'a str>,
    /// What joins both: `=`, `:`, or nothing.
    sign: Option<u8>,
    /// It is one of a list.
    is_item: bool,
}

impl<'a> Before<'a> {
    fn of(before: &[Token<'a>]) -> Self {
        let mut sign = None;
        let mut is_item = false;
        for token in before.iter().rev().take(NEAR) {
            match token {
                Token::Word(word) => return Self { word: Some(word), sign, is_item },
                Token::Sign(b'(') if !is_item || sign.is_none() => {}
                Token::Sign(b'[') => is_item = true,
                Token::Sign(b',') if sign.is_none() => is_item = true,
                Token::Text(_) if is_item && sign.is_none() => {}
                Token::Sign(found @ (b'=' | b':')) if sign.is_none() => sign = Some(*found),
                _ => break,
            }
        }
        Self { word: None, sign, is_item }
    }
}

fn string<'a>(
    ci: &mut Ci<'a>,
    tokens: &[Token<'a>],
    at: usize,
    before: &Before<'a>,
    value: &Value<'a>,
    site: &Site,
) {
    // Parts of a sum say nothing by themselves.
    let is_sum = |token: Option<&Token<'_>>| matches!(token, Some(Token::Sign(b'+')));
    if is_sum(tokens.get(at + 1)) || at.checked_sub(1).is_some_and(|at| is_sum(tokens.get(at))) {
        return;
    }
    let Some(word) = before.word else { return };
    let name = word.rsplit('.').next().unwrap_or(word);
    let below = site.at(name);
    let rows = below.clone().nature(Nature::Row);
    match (name, before.sign, before.is_item) {
        ("image", None | Some(b':'), false) => ci.take_value(value.clone(), Takes::Image, &below),
        ("sh" | "bat" | "powershell" | "pwsh", None, _) | ("script", Some(b':'), _) => {
            ci.script_of(value, &below);
        }
        ("yaml", None | Some(b':'), false) => pod(ci, value, &below),
        ("values", None, _) | ("choices", Some(b':'), _) => {
            if let Some(named) = named(ci.source(), tokens, at) {
                ci.define_value(named, value.clone(), &rows.at(named));
            }
        }
        ("defaultValue", Some(b':'), false) => {
            if let Some(named) = named(ci.source(), tokens, at) {
                ci.define_value(named, value.clone(), &below.at(named));
            }
        }
        ("withEnv", ..) | ("additionalBuildArgs", ..) => ci.assignments_of(value, &below),
        (name, Some(b'='), false) => ci.define_value(name, value.clone(), &below),
        _ => {}
    }
}

/// The `name` of the parameter or axis whose value stands here.
fn named<'a>(text: &'a str, tokens: &[Token<'a>], at: usize) -> Option<&'a str> {
    let from = at.saturating_sub(NEAR);
    let back = tokens.get(from..at)?;
    let start = back.iter().rposition(|token| matches!(token, Token::Word("axis" | "string" | "choice")));
    let near = tokens.get(from + start?..)?;
    let name = near.iter().take(NEAR).position(|token| matches!(token, Token::Word("name")))?;
    near.iter().skip(name + 1).take(2).find_map(|token| match token {
        Token::Text(span) => text.get(span.clone()),
        Token::Word(_) | Token::Sign(_) => None,
    })
}

/// The images of a pod that is described in YAML inside of a string.
fn pod<'a>(ci: &mut Ci<'a>, value: &Value<'a>, site: &Site) {
    static IMAGE: LazyLock<Regex> = LazyLock::new(|| {
        let line = r#"(?m)^[ \t-]*image:[ \t]*["']?([^\s"'#]+)"#;
        Regex::new(line).unwrap_or_else(|error| unreachable!("a constant: {error}"))
    });
    for found in IMAGE.captures_iter(value.text) {
        if let Some(image) = found.get(1) {
            ci.take_value(value.part(image.range()), Takes::Image, &site.at("image"));
        }
    }
}

#[cfg(test)]
mod tests;
