//! One job: its environment, image, matrix and steps, and what is compared with the values of its matrix.

use std::collections::{HashMap, HashSet};

use super::expression;
use super::scope::Scope;
use super::source::Source;
use super::walk::{Done, Leaf, Walk};
use super::{compare, directory, done, images, names, step};
use crate::pins::variable::is_of_rust;
use crate::pins::yaml::{Node, Scalar};
use crate::pins::{By, Job, Nature, Spelling};

/// Finds what a job names, and what chooses its compiler.
pub(super) fn find(walk: &mut Walk<'_>, root: &Node, key: &Scalar, node: &Node) {
    let outputs = HashMap::new();
    let scope = Scope { root, job: Some((&key.value, node)), step: None, outputs: &outputs };
    let mut choices = Vec::new();
    walk.done = Done::default();
    let leaves = scope.env(walk, "RUSTUP_TOOLCHAIN", 1).unwrap_or_default();
    walk.choose(&leaves, Some(By::Variable), &mut choices);
    if let Some(scalar) = node.at(&["container", "env", "RUSTUP_TOOLCHAIN"]).and_then(Node::scalar) {
        let leaves = scope.values(walk, &scope.spot(scalar, "container.env.RUSTUP_TOOLCHAIN", Nature::Job));
        walk.choose(&leaves, Some(By::Variable), &mut choices);
    }
    images::of_job(&scope, walk, node, &mut choices);
    if let Some(called) = node.get("uses").and_then(Node::str) {
        let name = called.rsplit_once('@').map_or(called, |(name, _)| name);
        step::inputs_by_name(&scope, walk, name, node.get("with"));
    }
    step::all(&scope, walk, node.get("steps"), &mut choices);
    let variables = matrix(&scope, walk, node);
    if !variables.is_empty() {
        compared(&scope, walk, node, &variables, &mut String::new());
    }
    let mut choices = done::settle(&walk.done, choices);
    let has_other_file = walk.done.has_other_file;
    let mut seen = HashSet::new();
    choices.retain(|choice| {
        // A later default outranks an earlier one and stays, even of the same name; rows and commands stay what they are.
        let can_repeat = choice.by != By::Plus && !choice.is_row;
        can_repeat || seen.insert((choice.by, choice.span.start, choice.name.clone()))
    });
    let directories = directory::of_job(root, node);
    let (id, span) = (key.value.clone(), key.span.clone());
    walk.found.jobs.push(Job { id, span, choices, has_other_file, directories });
}

/// The values of each variable of the matrix that names toolchains; of those that are used nowhere here and yet say by their
/// name what they are, the values become pins.
fn matrix(scope: &Scope<'_>, walk: &mut Walk<'_>, job: &Node) -> HashMap<String, Vec<Leaf>> {
    let mut found = HashMap::new();
    let Some(matrix) = job.at(&["strategy", "matrix"]) else { return found };
    let own = matrix.entries().iter().filter(|(_, node)| !node.items().is_empty());
    let own = own.map(|(key, _)| key.value.as_str()).filter(|key| !matches!(*key, "include" | "exclude"));
    let included = matrix.get("include").map(Node::items).unwrap_or_default();
    let included = included.iter().flat_map(|item| item.entries()).map(|(key, _)| key.value.as_str());
    let mut seen = HashSet::new();
    for key in own.chain(included).filter(|key| seen.insert(*key)) {
        if !walk.spend() {
            break;
        }
        let remarks = walk.found.remarks.len();
        let leaves = scope.matrix(walk, &[key], 1).unwrap_or_default();
        // The values were followed to see what they are, not because something uses them.
        walk.found.remarks.truncate(remarks);
        let is_used = leaves.iter().any(|leaf| walk.has(&leaf.span));
        if !is_used && says_so(key, &leaves) {
            walk.choose(&leaves, None, &mut Vec::new());
        }
        if leaves.iter().any(|leaf| walk.has(&leaf.span)) {
            found.insert(key.to_owned(), leaves);
        }
    }
    found
}

/// Whether the name of a variable and all of its values say that they are Rust toolchains.
fn says_so(key: &str, leaves: &[Leaf]) -> bool {
    let all = !leaves.is_empty() && leaves.iter().all(|leaf| names::is_official(&leaf.name));
    // `toolchain: ['1.20', '1.21']` may be Go's.
    let is_rust = is_of_rust(key) || leaves.iter().any(|leaf| names::is_channel(&leaf.name));
    all && is_rust && names::says_toolchain(key)
}

/// `if: matrix.rust == '1.78.0'` has to go along with the value that it means.
fn compared(
    scope: &Scope<'_>,
    walk: &mut Walk<'_>,
    node: &Node,
    variables: &HashMap<String, Vec<Leaf>>,
    place: &mut String,
) {
    if !walk.spend() {
        return;
    }
    let length = place.len();
    match node {
        Node::Scalar(scalar) => {
            if scalar.value.contains("matrix") {
                in_scalar(scope, walk, scalar, variables, place);
            }
        }
        Node::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                place.push_str(&format!("[{at}]"));
                compared(scope, walk, item, variables, place);
                place.truncate(length);
            }
        }
        Node::Mapping(entries) => {
            for (key, value) in entries {
                if length > 0 {
                    place.push('.');
                }
                place.push_str(&key.value);
                compared(scope, walk, value, variables, place);
                place.truncate(length);
            }
        }
    }
}

fn in_scalar(
    scope: &Scope<'_>,
    walk: &mut Walk<'_>,
    scalar: &Scalar,
    variables: &HashMap<String, Vec<Leaf>>,
    place: &str,
) {
    let mut inner: Vec<_> =
        expression::places(&scalar.value).into_iter().map(|place| place.start + 3..place.end - 2).collect();
    if inner.is_empty() && place.rsplit('.').next() == Some("if") {
        inner.push(0..scalar.value.len());
    }
    let source = Source::of(walk.text, scalar);
    let is_script = place.rsplit('.').next() == Some("run");
    let mut in_script: Vec<&str> = Vec::new();
    for part in inner {
        let text = scalar.value.get(part.clone()).unwrap_or_default();
        let expression = expression::read(text, part.start);
        for atom in expression.atoms.iter().filter(|_| is_script) {
            if let expression::Atom::Path(path) = atom
                && let [context, key] = &path[..]
                && context == "matrix"
                && let Some((key, _)) = variables.get_key_value(key)
            {
                in_script.push(key);
            }
        }
        for comparison in expression.comparisons {
            let [context, key] = &comparison.path[..] else { continue };
            let Some(leaves) = variables.get(key).filter(|_| context == "matrix") else { continue };
            let Some(meant) = leaves.iter().find(|leaf| leaf.name == comparison.text) else {
                if compare::is_part_of_a_release(&comparison, leaves) {
                    compare::remark(walk, &source, scalar, &comparison.span);
                }
                continue;
            };
            let Some(span) = source.part(&comparison.span) else {
                compare::remark(walk, &source, scalar, &comparison.span);
                continue;
            };
            walk.pin(&Leaf {
                span,
                name: comparison.text,
                spelling: match meant.spelling {
                    Spelling::PlainRelease => Spelling::ImageTag,
                    Spelling::PlainYaml => Spelling::Channel,
                    other => other,
                },
                frozen: None,
                nature: Nature::Row,
                place: scope.place(place),
                around: meant.around.clone(),
                is_row: true,
                is_choice: false,
            });
        }
    }
    in_script.sort_unstable();
    in_script.dedup();
    for key in in_script {
        compare::in_script(walk, &source, scalar, &variables[key]);
    }
}
