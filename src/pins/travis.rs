//! Travis: `rust`, matrices, scripts.

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
    for document in &documents {
        let site = Site::of(Nature::Job);
        let is_rust = is_rust(document);
        entry(&mut ci, document, &site, is_rust);
        for (key, node) in ci.fields(document) {
            if !matches!(key.value.as_str(), "jobs" | "matrix") {
                continue;
            }
            let site = site.at(&key.value);
            for (part, node) in ci.fields(node) {
                rows(&mut ci, node, &part.value, &site.at(&part.value), is_rust);
            }
        }
    }
    Ok(ci.finish())
}

/// Whether `rust` chooses a compiler; another language may have a key of that name for its own purposes.
fn is_rust(node: &Node) -> bool {
    node.get("language").is_some_and(|language| {
        each(language).into_iter().filter_map(Node::str).any(|name| name.eq_ignore_ascii_case("rust"))
    })
}

fn rows<'a>(ci: &mut Ci<'a>, node: &'a Node, part: &str, site: &Site, is_rust_file: bool) {
    for (index, row) in each(node).into_iter().enumerate() {
        let name = ["name", "stage"].iter().find_map(|key| row.get(key).and_then(Node::str));
        let site = site.item(index).named(name).nature(Nature::Row);
        match part {
            "include" => {
                let is_rust = row.get("language").map_or(is_rust_file, |_| is_rust(row));
                entry(ci, row, &site.scoped(), is_rust);
            }
            // These say which rows are meant.
            "allow_failures" | "exclude" => entry(ci, row, &site.echo(), is_rust_file),
            _ => {}
        }
    }
}

fn entry<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site, is_rust: bool) {
    for (key, node) in ci.fields(node) {
        let below = site.at(&key.value);
        match key.value.as_str() {
            "rust" if is_rust => ci.name(node, &below),
            "env" => {
                let parts = ["global", "jobs", "matrix"].map(|part| (part, node.get(part)));
                if parts.iter().all(|(_, node)| node.is_none()) {
                    environment(ci, node, &below);
                }
                for (part, node) in parts {
                    if let Some(node) = node {
                        environment(ci, node, &below.at(part));
                    }
                }
            }
            "before_install" | "install" | "before_script" | "script" | "after_script" | "after_success"
            | "after_failure" | "before_cache" | "before_deploy" | "after_deploy" => ci.script(node, &below),
            _ => {}
        }
    }
}

/// A list of environments is one job for each.
fn environment<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    let is_list = !node.items().is_empty() && !site.place.ends_with("global");
    let site = if is_list { site.clone().nature(Nature::Row) } else { site.clone() };
    ci.environment(node, &site);
}

#[cfg(test)]
mod tests;
