//! What the steps of a job do that bears on its compiler without naming one: plain commands, other toolchain files.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::actions;
use super::walk::{Done, Walk};
use crate::pins::yaml::Node;
use crate::pins::{By, Choice, Spelling, name::Named, shell};

fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("a constant: {error}"))
}

/// A command that removes, moves or writes a toolchain file.
static OTHER_FILE: LazyLock<Regex> = LazyLock::new(|| {
    constant(concat!(
        r"(?m)(?:^|[\s;&|(])(?:rm|mv|cp|unlink|tee|truncate|ren|del|Remove-Item|Move-Item|Set-Content|Out-File)\s[^\n]*rust-toolchain",
        r"|(?:^|[\s;&|(])(?:sed|perl)(?:\s[^\n]*)?\s(?:-[a-zA-Z]*i|--in-place)[^\n]*rust-toolchain",
        r#"|>\s*["']?[^\s"'|;&]*rust-toolchain"#,
    ))
});

/// Notes what a step does, when its choices have been made.
pub(super) fn note(walk: &mut Walk<'_>, step: &Node, choices: &[Choice]) {
    if let Some(script) = step.get("run").and_then(Node::str) {
        walk.done.has_other_file |= script.contains("rust-toolchain") && OTHER_FILE.is_match(script);
        let has_own = step.at(&["env", "RUSTUP_TOOLCHAIN"]).is_some();
        if !has_own && script.contains("cargo") && shell::has_plain_cargo(script) {
            walk.done.plain.push(choices.len());
        }
    }
    let uses = step.get("uses").and_then(Node::str).unwrap_or_default();
    let name = uses.split('@').next().unwrap_or_default();
    if actions::repository(name).eq_ignore_ascii_case("actions/checkout") {
        let said = |key: &str| step.get("with")?.get(key)?.str();
        // The same one, or a fork of it; and beside it there is room for others.
        let is_other = said("repository").is_some_and(|it| !it.is_empty() && !it.contains("github."));
        let is_here = said("path").is_none_or(|path| matches!(path, "" | "." | "./"));
        walk.done.has_other_file |= is_other && is_here;
    }
}

/// The choices that count for what a job claims to run and what it runs.
///
/// What was set up before `RUSTUP_TOOLCHAIN` was written down for the steps behind is meant for that. And a release that is
/// set up for plain commands as well is not set up for `cargo +release` alone.
pub(super) fn settle(done: &Done, choices: Vec<Choice>) -> Vec<Choice> {
    let exported = choices.iter().rposition(|choice| choice.by == By::Variable).unwrap_or_default();
    let mut for_all: HashSet<String> = HashSet::new();
    let mut next = choices.len();
    for (at, choice) in choices.iter().enumerate().rev() {
        if !matches!(choice.by, By::Container | By::Default) {
            continue;
        }
        let is_release =
            Named::parse(&choice.name, Spelling::Channel).is_some_and(|named| named.is_release());
        let plain = done.plain.get(done.plain.partition_point(|plain| *plain <= at));
        if is_release && plain.is_some_and(|plain| *plain <= next) {
            for_all.insert(choice.name.clone());
        }
        // The values of one matrix are set up at once.
        if !choice.is_row {
            next = at;
        }
    }
    let stays = |(at, choice): &(usize, Choice)| match choice.by {
        By::Plus => !for_all.contains(&choice.name),
        By::Variable => true,
        By::Installed | By::Container | By::Default | By::Override => *at >= exported,
    };
    choices.into_iter().enumerate().filter(stays).map(|(_, choice)| choice).collect()
}
