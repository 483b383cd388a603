//! Woodpecker and Drone: images, matrices, commands.

use super::ci::{Ci, Site, each};
use super::yaml::{self, Node};
use super::{Found, Nature, Unreadable};

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is not what its name says.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let documents = yaml::read(text)?;
    let mut ci = Ci::new(text);
    for (index, document) in documents.iter().enumerate() {
        let name = document.get("name").and_then(Node::str);
        let mut site = Site::of(Nature::Job).named(name);
        if documents.len() > 1 {
            site.place = name.map_or_else(|| format!("[{index}]"), str::to_owned);
            site = site.scoped();
        }
        pipeline(&mut ci, document, &site);
    }
    Ok(ci.finish())
}

fn pipeline<'a>(ci: &mut Ci<'a>, document: &'a Node, site: &Site) {
    for (key, node) in ci.fields(document) {
        let below = site.at(&key.value);
        match key.value.as_str() {
            "steps" | "pipeline" | "services" | "clone" => steps(ci, node, &below),
            "matrix" => matrix(ci, node, &below),
            "environment" => ci.environment(node, &below),
            // Anchors, for what follows; the images among them are told by themselves.
            "variables" => {
                for item in each(node) {
                    ci.image(item, &below);
                    for (key, node) in ci.fields(item) {
                        ci.image(node, &below.at(&key.value));
                    }
                }
            }
            _ => {}
        }
    }
}

fn steps<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    for (name, node) in ci.fields(node) {
        step(ci, node, &site.at(&name.value));
    }
    for (index, node) in node.items().iter().enumerate() {
        step(ci, node, &site.item(index).named(node.get("name").and_then(Node::str)));
    }
}

fn step<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    for (key, node) in ci.fields(node) {
        let below = site.at(&key.value);
        match key.value.as_str() {
            "image" => ci.image(node, &below),
            "commands" => ci.script(node, &below),
            "environment" => ci.environment(node, &below),
            "settings" => {
                for arguments in ["build_args", "build-args"] {
                    if let Some(node) = node.get(arguments) {
                        ci.environment(node, &below.at(arguments));
                    }
                }
            }
            "when" => {
                for condition in each(node) {
                    if let Some(matrix) = condition.get("matrix") {
                        ci.environment(matrix, &below.at("matrix").nature(Nature::Row).echo());
                    }
                }
            }
            _ => {}
        }
    }
}

fn matrix<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    let site = site.clone().nature(Nature::Row);
    for (key, node) in ci.fields(node) {
        if key.value == "include" {
            for (index, row) in each(node).into_iter().enumerate() {
                ci.environment(row, &site.at("include").item(index));
            }
        } else {
            ci.define(&key.value, node, &site.at(&key.value));
        }
    }
}

#[cfg(test)]
mod tests;
