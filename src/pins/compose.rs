//! Compose files: images and build arguments.

use super::ci::{Ci, Site};
use super::yaml::{self, Node};
use super::{Found, Nature, Unreadable};

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is not what its name says.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let documents = yaml::read(text)?;
    let mut ci = Ci::new(text);
    let site = Site::of(Nature::Environment);
    for document in &documents {
        for (key, node) in ci.fields(document) {
            match key.value.as_str() {
                "services" => {
                    for (name, node) in ci.fields(node) {
                        service(&mut ci, node, &site.at("services").at(&name.value).scoped());
                    }
                }
                // Parts of services, to be merged into them.
                name if name.starts_with("x-") => service(&mut ci, node, &site.at(name).scoped()),
                _ => {}
            }
        }
    }
    Ok(ci.finish())
}

fn service<'a>(ci: &mut Ci<'a>, node: &'a Node, site: &Site) {
    for (key, node) in ci.fields(node) {
        let below = site.at(&key.value);
        match key.value.as_str() {
            "image" => ci.image(node, &below),
            "build" => {
                for (key, node) in ci.fields(node) {
                    if key.value == "args" {
                        ci.environment(node, &below.at("args"));
                    }
                }
            }
            // What a fragment `x-args: &args` holds.
            "args" | "environment" => ci.environment(node, &below),
            "command" | "entrypoint" => ci.script(node, &below),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
