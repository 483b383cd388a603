//! GitHub workflows: version refs and inputs of actions, matrices, `env`, `run` lines, containers.
//!
//! Forgejo and Gitea read the same language. A value counts where it reaches something that chooses or installs a toolchain:
//! expressions and variables are followed to the scalars that they name in the same file. What is used nowhere counts only
//! where its key says that it is Rust's and all of its values are releases or channels.

mod actions;
mod compare;
mod directory;
mod done;
mod expression;
mod images;
mod job;
mod names;
mod scope;
mod script;
mod source;
mod step;
mod walk;

use std::collections::HashMap;

use super::variable::is_of_rust;
use super::yaml::{self, Node};
use super::{Found, Nature, Unreadable};
use scope::Scope;
use walk::Walk;

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is not what its name says.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let mut walk = Walk::new(text);
    for root in yaml::read(text)? {
        for (key, node) in root.get("jobs").map(Node::entries).unwrap_or_default() {
            job::find(&mut walk, &root, key, node);
        }
        by_name(&mut walk, &root);
    }
    walk.finish()
}

/// Finds every toolchain that a composite action names.
///
/// # Errors
/// The file is not what its name says.
pub(super) fn find_in_action(text: &str) -> Result<Found, Unreadable> {
    let mut walk = Walk::new(text);
    for root in yaml::read(text)? {
        let outputs = HashMap::new();
        let scope = Scope { root: &root, job: None, step: None, outputs: &outputs };
        step::all(&scope, &mut walk, root.at(&["runs", "steps"]), &mut Vec::new());
        if let Some(scalar) = root.at(&["runs", "image"]).and_then(Node::scalar) {
            let skipped = if scalar.value.starts_with("docker://") { "docker://".len() } else { 0 };
            let spot = scope.spot(scalar, "runs.image", Nature::Environment);
            let leaves = images::of(&scope, &mut walk, &spot, skipped);
            walk.choose(&leaves, None, &mut Vec::new());
        }
        by_name(&mut walk, &root);
    }
    walk.finish()
}

/// What nothing here uses, but says by its key what it is: variables of the environment, defaults of inputs.
fn by_name(walk: &mut Walk<'_>, root: &Node) {
    let outputs = HashMap::new();
    let file = Scope { root, job: None, step: None, outputs: &outputs };
    variables(walk, &file);
    for (key, job) in root.get("jobs").map(Node::entries).unwrap_or_default() {
        let scope = Scope { job: Some((&key.value, job)), ..file };
        variables(walk, &scope);
        of_steps(walk, &scope, job.get("steps"), &format!("jobs.{}", key.value));
    }
    of_steps(walk, &file, root.at(&["runs", "steps"]), "runs");
    for keys in [&["on", "workflow_call", "inputs"][..], &["on", "workflow_dispatch", "inputs"], &["inputs"]]
    {
        for (key, input) in root.at(keys).map(Node::entries).unwrap_or_default() {
            // In a workflow or an action that calls something a toolchain, it is Rust's if it is called like a channel or if
            // there is talk of Rust.
            let is_meant =
                is_of_rust(&key.value) || (names::says_toolchain(&key.value) && walk.text.contains("rust"));
            if !is_meant || input.get("default").is_none() || !walk.spend() {
                continue;
            }
            let leaves = file.input(walk, &key.value, 1).unwrap_or_default();
            if leaves.iter().all(|leaf| names::is_official(&leaf.name)) {
                walk.choose(&leaves, None, &mut Vec::new());
            }
        }
    }
}

fn of_steps(walk: &mut Walk<'_>, scope: &Scope<'_>, steps: Option<&Node>, place: &str) {
    for (at, step) in steps.map(Node::items).unwrap_or_default().iter().enumerate() {
        let place = format!("{place}.steps[{at}]");
        variables(
            walk,
            &Scope { root: scope.root, job: scope.job, step: Some((&place, step)), outputs: scope.outputs },
        );
    }
}

/// The variables of exactly this level whose keys say that they are Rust's.
fn variables(walk: &mut Walk<'_>, scope: &Scope<'_>) {
    for (key, node) in scope.own_env().map(Node::entries).unwrap_or_default() {
        let Some(scalar) = node.scalar().filter(|scalar| names::is_official(scalar.value.trim())) else {
            continue;
        };
        if is_of_rust(&key.value) && walk.spend() {
            let spot = scope.spot(scalar, &format!("env.{}", key.value), Nature::Job);
            let leaves = scope.values(walk, &spot);
            walk.choose(&leaves, None, &mut Vec::new());
        }
    }
}

#[cfg(test)]
mod tests;
