//! GitLab CI: images, variables, scripts, parallel matrices, inputs.

use std::collections::HashSet;

use super::ci::{Ci, Site, each};
use super::variable::is_of_rust;
use super::yaml::{self, Node};
use super::{Found, Nature, Unreadable};

/// Keys of the file that are no jobs.
const GLOBAL: &[&str] = &[
    "default",
    "include",
    "stages",
    "types",
    "variables",
    "workflow",
    "image",
    "services",
    "before_script",
    "after_script",
    "cache",
    "spec",
    "pages_domain",
];

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is not what its name says.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let documents = yaml::read(text)?;
    let mut ci = Ci::new(text);
    let site = Site::of(Nature::Job);
    for document in &documents {
        let fields = ci.fields(document);
        let extended = extended(&fields.iter().map(|(_, node)| *node).collect::<Vec<_>>());
        job(&mut ci, document, &site);
        for (key, node) in fields {
            match key.value.as_str() {
                "default" => job(&mut ci, node, &site.at("default")),
                "workflow" => {
                    if let Some(node) = node.get("rules") {
                        rules(&mut ci, node, &site.at("workflow.rules"));
                    }
                }
                "include" => include(&mut ci, node, &site.at("include")),
                "spec" => spec(&mut ci, node, &site.at("spec")),
                name if GLOBAL.contains(&name) => {}
                name => {
                    let is_template = name.starts_with('.') || extended.contains(name);
                    let site = site.at(name).scoped().template(is_template);
                    match node {
                        Node::Mapping(_) => job(&mut ci, node, &site),
                        // Lists of commands, to be included in jobs by anchor.
                        Node::Sequence(_) | Node::Scalar(_) => ci.script(node, &site),
                    }
                }
            }
        }
    }
    Ok(ci.finish())
}

/// The jobs that others are made from.
fn extended<'a>(jobs: &[&'a Node]) -> HashSet<&'a str> {
    jobs.iter().filter_map(|job| job.get("extends")).flat_map(each).filter_map(Node::str).collect()
}

fn job<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    for (key, node) in ci.fields(node) {
        let below = site.at(&key.value);
        match key.value.as_str() {
            "image" => image(ci, node, &below),
            "services" => each(node).into_iter().for_each(|service| image(ci, service, &below)),
            "variables" => ci.environment(node, &below),
            "script" | "before_script" | "after_script" => ci.script(node, &below),
            "hooks" => {
                if let Some(script) = node.get("pre_get_sources_script") {
                    ci.script(script, &below);
                }
            }
            "parallel" => matrix(ci, node, &below.at("matrix")),
            "rules" => rules(ci, node, &below),
            "trigger" => include(ci, node.get("include").unwrap_or(node), &below),
            "inputs" => inputs(ci, node, &below),
            _ => {}
        }
    }
}

fn image<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    ci.image(node.get("name").unwrap_or(node), site);
}

fn matrix<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    let Some(matrix) = node.get("matrix") else { return };
    for (index, row) in each(matrix).into_iter().enumerate() {
        let site = site.item(index).nature(Nature::Row);
        ci.environment(row, &site);
    }
}

fn rules<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    for rule in each(node) {
        if let Some(variables) = rule.get("variables") {
            ci.environment(variables, site);
        }
    }
}

/// What other files are given: only their names say what for.
fn include<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    for (index, included) in each(node).into_iter().enumerate() {
        if let Some(node) = included.get("inputs") {
            inputs(ci, node, &site.item(index).at("inputs"));
        }
    }
}

fn inputs<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    for (key, node) in ci.fields(node) {
        if is_of_rust(&key.value) {
            ci.define(&format!("given.{}", key.value), node, &site.at(&key.value));
        }
    }
}

/// What this file is given when others include it.
fn spec<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    let Some(inputs) = node.get("inputs") else { return };
    for (key, node) in ci.fields(inputs) {
        let site = site.at("inputs").at(&key.value);
        for part in ["default", "options"] {
            if let Some(value) = node.get(part) {
                ci.define(&format!("inputs.{}", key.value), value, &site.at(part));
            }
        }
    }
}

#[cfg(test)]
mod tests;
