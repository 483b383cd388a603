//! One step: the action that it uses, its inputs, its environment, its script.

use std::collections::HashMap;
use std::ops::Range;

use super::actions::{self, input_of};
use super::scope::{Scope, Spot};
use super::source::Source;
use super::walk::{Leaf, Walk};
use super::{done, images, names, script};
use crate::pins::variable::is_of_rust;
use crate::pins::yaml::{Node, Scalar};
use crate::pins::{By, Choice, Frozen, Nature, Remark, Spelling, What, marks};

/// Finds what the steps of a job, or of an action, name and choose.
pub(super) fn all(scope: &Scope<'_>, walk: &mut Walk<'_>, steps: Option<&Node>, choices: &mut Vec<Choice>) {
    let mut outputs = HashMap::new();
    for (at, node) in steps.map(Node::items).unwrap_or_default().iter().enumerate() {
        if !walk.spend() {
            return;
        }
        let place = match scope.job {
            Some((job, _)) => format!("jobs.{job}.steps[{at}]"),
            None => format!("runs.steps[{at}]"),
        };
        let step = Scope { root: scope.root, job: scope.job, step: Some((&place, node)), outputs: &outputs };
        let put_out = one(&step, walk, node, choices);
        done::note(walk, node, choices);
        if let (Some(id), Some(leaves)) = (node.get("id").and_then(Node::str), put_out) {
            outputs.insert(id.to_owned(), leaves);
        }
    }
}

/// One step; what it puts out as the name of its toolchain.
fn one(scope: &Scope<'_>, walk: &mut Walk<'_>, step: &Node, choices: &mut Vec<Choice>) -> Option<Vec<Leaf>> {
    if let Some(scalar) = step.at(&["env", "RUSTUP_TOOLCHAIN"]).and_then(Node::scalar) {
        let leaves = scope.values(walk, &scope.spot(scalar, "env.RUSTUP_TOOLCHAIN", Nature::Command));
        walk.choose(&leaves, Some(By::Plus), choices);
    }
    if let Some(scalar) = step.get("run").and_then(Node::scalar) {
        script::find(scope, walk, scalar, choices);
    }
    let uses = step.get("uses").and_then(Node::scalar)?;
    let with = step.get("with");
    if let Some(reference) = uses.value.strip_prefix("docker://") {
        let skipped = uses.value.len() - reference.len();
        let leaves = images::of(scope, walk, &scope.spot(uses, "uses", Nature::Command), skipped);
        walk.choose(&leaves, None, choices);
        return None;
    }
    let (name, reference) = uses.value.trim().rsplit_once('@').unwrap_or((uses.value.trim(), ""));
    let repository = actions::repository(name);
    let Some(action) = actions::known(name) else {
        inputs_by_name(scope, walk, name, with);
        return None;
    };
    let mut told = Vec::new();
    for input in action.inputs {
        let Some(scalar) = with.and_then(|with| input_of(with, input)).and_then(Node::scalar) else {
            continue;
        };
        let spot = scope.spot(scalar, &format!("with.{input}"), Nature::Job);
        let found = scope.values(walk, &spot);
        told.extend(found.iter().flat_map(listed));
        if scalar.value.trim().is_empty() {
            continue;
        }
        if actions::is_by_ref(repository) && is_release(reference) {
            let what = What::RefWithInput { reference: reference.to_owned() };
            walk.found.remarks.push(Remark { span: scalar.span.clone(), what });
        }
    }
    let by = action.by(with);
    if actions::is_by_ref(repository) {
        let is_told = with.and_then(|with| input_of(with, "toolchain")).is_some();
        let named = of_ref(scope, walk, uses, reference);
        if let Some(leaf) = named.filter(|leaf| !is_told || is_release(&leaf.name)) {
            // The ref of a release has no input: what it is told counts for nothing.
            let leaves = vec![leaf];
            walk.choose(&leaves, by, choices);
            walk.choose(&told, None, choices);
            return Some(leaves);
        }
    }
    walk.choose(&told, by, choices);
    Some(told)
}

/// The toolchains of a list `1.78.0, nightly`, of which the last is chosen; of a single one, that.
fn listed(leaf: &Leaf) -> Vec<Leaf> {
    if !leaf.name.contains(',') {
        return vec![leaf.clone()];
    }
    let mut found = Vec::new();
    let mut at = 0;
    for part in leaf.name.split(',') {
        let start = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        let range: Range<usize> = start..start + part.trim().len();
        found.extend(leaf.part(&range, Spelling::Channel).filter(|leaf| !leaf.name.is_empty()));
    }
    let last = found.len().saturating_sub(1);
    for leaf in found.iter_mut().take(last) {
        leaf.is_choice = false;
    }
    found
}

/// What the ref of `dtolnay/rust-toolchain` names: itself, or the comment behind a commit.
fn of_ref(scope: &Scope<'_>, walk: &Walk<'_>, uses: &Scalar, reference: &str) -> Option<Leaf> {
    let spot = scope.spot(uses, "uses", Nature::Job);
    let at = uses.value.rfind('@')? + 1;
    let span = Source::of(walk.text, uses).part(&(at..at + reference.len()));
    if names::is_official(reference) {
        let frozen = span.is_none().then_some(Frozen::Spelled);
        let span = span.unwrap_or_else(|| uses.span.clone());
        return Some(leaf(spot, span, reference, frozen));
    }
    let is_commit = reference.len() >= 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    let comment = marks::comment_behind(walk.text, &uses.span).filter(|_| is_commit)?;
    let word = comment.split_whitespace().next()?.trim_end_matches([',', ';', ')', '.']);
    let name = ["tag=", "branch=", "ref=", "pin@", "@", "v"]
        .iter()
        .fold(word, |word, mark| word.strip_prefix(mark).unwrap_or(word));
    if !names::is_official(name) {
        return None;
    }
    let line = uses.span.end + walk.text.get(uses.span.end..)?.find(comment)?;
    let start = line + comment.find(name)?;
    Some(leaf(spot, start..start + name.len(), name, Some(Frozen::Commit)))
}

fn leaf(spot: Spot<'_>, span: Range<usize>, name: &str, frozen: Option<Frozen>) -> Leaf {
    Leaf {
        span,
        name: name.to_owned(),
        spelling: Spelling::ActionRef,
        frozen,
        nature: spot.nature,
        place: spot.place,
        around: spot.around,
        is_row: false,
        is_choice: true,
    }
}

fn is_release(reference: &str) -> bool {
    names::is_official(reference) && !names::is_channel(reference)
}

/// Inputs of an action or a workflow that nobody knows here, whose names say that they are toolchains.
pub(super) fn inputs_by_name(scope: &Scope<'_>, walk: &mut Walk<'_>, name: &str, with: Option<&Node>) {
    let is_own = name.starts_with("./");
    let lower = name.to_ascii_lowercase();
    let is_rusty = ["rust", "cargo", "clippy"].iter().any(|word| lower.contains(word));
    for (key, node) in with.map(Node::entries).unwrap_or_default() {
        let Some(scalar) = node.scalar() else { continue };
        let says = is_of_rust(&key.value)
            || ((is_own || is_rusty) && names::says_toolchain(&key.value))
            || (is_own && is_rusty && key.value == "channel");
        let spot = scope.spot(scalar, &format!("with.{}", key.value), Nature::Job);
        if says {
            let leaves = scope.values(walk, &spot);
            for leaf in leaves.iter().flat_map(listed).filter(|leaf| names::is_official(&leaf.name)) {
                walk.pin(&leaf);
            }
        } else if key.value == "build-args" {
            build_args(scope, walk, &spot);
        }
    }
}

/// The lines `KEY=value` that docker's actions take.
fn build_args(scope: &Scope<'_>, walk: &mut Walk<'_>, spot: &Spot<'_>) {
    let source = Source::of(walk.text, spot.scalar);
    let mut at = 0;
    for line in spot.scalar.value.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((key, value)) = line.split_once('=') else { continue };
        let (blank, value) = (value.len() - value.trim_start().len(), value.trim());
        if !is_of_rust(key.trim()) || !walk.spend() {
            continue;
        }
        let first = start + key.len() + 1 + blank;
        let leaves = scope.part(walk, spot, &source, first..first + value.len());
        for leaf in leaves.iter().filter(|leaf| names::is_official(&leaf.name)) {
            walk.pin(leaf);
        }
    }
}
