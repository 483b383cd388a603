//! Azure Pipelines: variables, matrices, scripts, containers.

use super::ci::{Ci, Site, Takes, each};
use super::variable::is_of_rust;
use super::yaml::{self, Node};
use super::{Found, Nature, Unreadable};

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is not what its name says.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let documents = yaml::read(text)?;
    let mut ci = Ci::new(text);
    // Templates insert each other's parts in any depth (`${{ if … }}:` is a key), so that keys tell what is what.
    let mut open: Vec<(&Node, Site)> =
        documents.iter().map(|document| (&**document, Site::of(Nature::Job))).collect();
    while let Some((node, site)) = open.pop() {
        if !ci.enter(node) {
            continue;
        }
        for (index, item) in node.items().iter().enumerate() {
            open.push((item, site.item(index)));
        }
        mapping(&mut ci, node, &site, &mut open);
    }
    Ok(ci.finish())
}

fn mapping<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site, open: &mut Vec<(&'a Node, Site)>) {
    let site = site_of(node, site);
    for (key, value) in ci.fields(node) {
        let key = key.value.as_str();
        let below = site.at(key);
        match key {
            "variables" => variables(ci, value, &below),
            "parameters" => parameters(ci, node, value, &below),
            "env" => ci.environment(value, &below),
            "matrix" => {
                for (row, value) in ci.fields(value) {
                    ci.environment(value, &below.at(&row.value).nature(Nature::Row));
                }
            }
            "script" | "bash" | "pwsh" | "powershell" if value.scalar().is_some() => ci.script(value, &below),
            "container" | "image" if value.scalar().is_some() => ci.image(value, &below),
            "inputs" => {
                inputs(ci, node, value, &below);
                open.push((value, below));
            }
            _ => open.push((value, below)),
        }
    }
}

/// A job or a stage has names of its own; a step has a name that tells of it.
fn site_of(node: &Node, site: &Site) -> Site {
    let name = |key| node.get(key).and_then(Node::str);
    let shown = name("displayName");
    let site = match ["job", "deployment", "stage"].iter().find_map(|key| name(key)) {
        Some(job) => site.clone().named(Some(job)).scoped(),
        None => site.clone(),
    };
    site.named(shown)
}

/// A mapping, or a list of names with values; both may hold conditions.
fn variables<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if !ci.enter(node) {
            continue;
        }
        open.extend(node.items().iter().map(|item| &**item));
        if let (Some(name), Some(value)) = (node.get("name").and_then(Node::str), node.get("value")) {
            ci.define(name, value, &site.at(name));
            continue;
        }
        for (key, value) in ci.fields(node) {
            if value.scalar().is_some() {
                ci.define(&key.value, value, &site.at(&key.value));
            } else if key.value.starts_with("${{") {
                open.push(value);
            }
        }
    }
}

/// Those of this file, with defaults; or those that a template is given, which is another file.
fn parameters<'a>(ci: &mut Ci<'a>, parent: &Node, node: &'a Node, site: &Site) {
    let is_given = parent.get("template").is_some();
    let define = |ci: &mut Ci<'a>, name: &str, value: &'a Node, site: &Site| {
        if !is_given {
            ci.define(&format!("parameters.{name}"), value, site);
        } else if is_of_rust(name) {
            ci.define(&format!("given.{name}"), value, site);
        }
    };
    for item in node.items() {
        let Some(name) = item.get("name").and_then(Node::str) else { continue };
        // A default must be one of the values that are allowed.
        for part in ["default", "values"] {
            if let Some(value) = item.get(part) {
                define(ci, name, value, &site.at(name).at(part));
            }
        }
    }
    for (key, value) in ci.fields(node) {
        define(ci, &key.value, value, &site.at(&key.value));
    }
}

/// What a task is given that installs Rust.
fn inputs<'a>(ci: &mut Ci<'a>, task: &Node, node: &'a Node, site: &Site) {
    let is_rust = task.get("task").and_then(Node::str).is_some_and(|task| {
        let task = task.to_ascii_lowercase();
        task.contains("rust") && !task.contains("trust")
    });
    for (key, value) in ci.fields(node) {
        let key = key.value.as_str();
        if is_rust && matches!(key, "customVersion" | "rustVersion" | "toolchain" | "version") {
            for value in each(value) {
                // `custom` says that another key has the name.
                if value.str() != Some("custom") {
                    ci.take(value, Takes::Name, &site.at(key));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
