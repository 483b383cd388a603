//! The scripts of `run`: what they name outright, and their variables followed to `env` or to an assignment before.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::names;
use super::scope::{Scope, Spot};
use super::source::Source;
use super::walk::{Leaf, Walk};
use crate::pins::shell::{self, Use, Word};
use crate::pins::variable::is_of_rust;
use crate::pins::yaml::Scalar;
use crate::pins::{By, Choice, Nature, Spelling, image};

fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a constant: {error}"))
}

/// `$X`, `${X}`, `${X:-1.78.0}`, `$env:X`, `${env:X}`, `%X%`; and the target behind it, if any.
static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"^(?:\$\{(?:[eE]nv:)?(\w+)(?::?-([^{}$`]*))?\}|\$[eE]nv:(\w+)|\$(\w+)|%(\w+)%)(?:-[\w.-]+)?$")
});

static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| {
    constant(r#"(?m)^[ \t]*(?:export |readonly |local |set )?(\w+)=["']?([A-Za-z0-9][\w.-]*)["']?[ \t]*\r?$"#)
});

/// `KEY=value`, as `docker build --build-arg` takes it.
static ARGUMENT: LazyLock<Regex> =
    LazyLock::new(|| constant(r#"--build-arg[= ]["']?(\w+)=["']?([A-Za-z0-9][\w.-]*)"#));

/// A word in which an image of Rust may be named.
static IMAGE: LazyLock<Regex> =
    LazyLock::new(|| constant(r#"[^\s"'=|;&()<>]*rust[^\s"'=|;&()<>:]*:[^\s"'|;&()<>]+"#));

/// Finds what a script names, and what it chooses for its job.
pub(super) fn find<'n>(
    scope: &Scope<'n>,
    walk: &mut Walk<'_>,
    scalar: &'n Scalar,
    choices: &mut Vec<Choice>,
) {
    let script = &scalar.value;
    // Most steps have nothing to do with toolchains, and the search below is not free.
    let is_about_rust = ["rust", "cargo", "toolchain", "RUST"].iter().any(|word| script.contains(word));
    if !is_about_rust {
        return;
    }
    let source = Source::of(walk.text, scalar);
    let assigned: HashMap<&str, Range<usize>> = ASSIGNMENT
        .captures_iter(script)
        .filter_map(|found| Some((found.get(1)?.as_str(), found.get(2)?.range())))
        .collect();
    for word in shell::all(script) {
        let (by, nature) = match word.by {
            // A variable that a script sets is gone with it, unless it writes it down for the steps behind it.
            Use::Chooses(By::Variable) if !is_exported(script, &word) => (Some(By::Plus), Nature::Command),
            Use::Chooses(By::Plus) => (Some(By::Plus), Nature::Command),
            Use::Chooses(by) => (Some(by), Nature::Job),
            Use::Installs => (Some(By::Installed), Nature::Job),
            Use::Mentions => (None, Nature::Command),
        };
        let spot = scope.spot(scalar, "run", nature);
        let leaves = leaves(scope, walk, &spot, &source, &word, &assigned);
        walk.choose(&leaves, by, choices);
    }
    let spot = scope.spot(scalar, "run", Nature::Command);
    for found in ARGUMENT.captures_iter(script) {
        let (Some(key), Some(value)) = (found.get(1), found.get(2)) else { continue };
        if is_of_rust(key.as_str()) && names::is_official(value.as_str()) {
            let leaves = scope.part(walk, &spot, &source, value.range());
            walk.choose(&leaves, None, choices);
        }
    }
    for found in IMAGE.find_iter(script) {
        let Some(tag) = image::tag(found.as_str()) else { continue };
        let span = found.start() + tag.span.start..found.start() + tag.span.end;
        let leaves = scope.part(walk, &spot, &source, span);
        for leaf in leaves {
            walk.pin(&Leaf { spelling: tag.spelling, frozen: leaf.frozen.or(tag.frozen), ..leaf });
        }
    }
}

/// Whether the line of a word goes to the file from which the steps behind take their environment.
fn is_exported(script: &str, word: &Word) -> bool {
    let rest = script.get(word.span.end..).unwrap_or_default();
    rest.lines().next().is_some_and(|line| line[..line.floor_char_boundary(400)].contains("GITHUB_ENV"))
}

fn leaves<'n>(
    scope: &Scope<'n>,
    walk: &mut Walk<'_>,
    spot: &Spot<'n>,
    source: &Source<'_>,
    word: &Word,
    assigned: &HashMap<&str, Range<usize>>,
) -> Vec<Leaf> {
    if !word.is_expanded() || word.text.contains("${{") {
        return scope.part(walk, spot, source, word.span.clone());
    }
    let followed = VARIABLE.captures(&word.text).and_then(|found| {
        let name = [1, 3, 4, 5].into_iter().find_map(|group| found.get(group))?.as_str();
        let mut leaves = match assigned.get(name) {
            Some(value) => Some(scope.part(walk, spot, source, value.clone())),
            None => scope.env(walk, name, 1),
        };
        // `${RUST_VERSION:-1.78.0}`: what it is where nobody sets it.
        if let Some(default) = found.get(2).filter(|default| !default.is_empty()) {
            let range = word.span.start + default.start()..word.span.start + default.end();
            let literal = scope.part(walk, spot, source, range);
            let literal = literal.into_iter().map(|leaf| Leaf { spelling: Spelling::Channel, ..leaf });
            leaves.get_or_insert_default().extend(literal);
        }
        leaves
    });
    followed.unwrap_or_else(|| {
        walk.unfollowed(source.part(&word.span).unwrap_or_else(|| spot.scalar.span.clone()));
        Vec::new()
    })
}
