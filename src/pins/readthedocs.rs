//! ReadTheDocs: `build.tools.rust`, and commands.

use super::ci::{Ci, Site, Takes};
use super::{Found, Nature, Unreadable, yaml};

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is not what its name says.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let documents = yaml::read(text)?;
    let mut ci = Ci::new(text);
    let site = Site::of(Nature::Environment).at("build");
    for build in documents.iter().filter_map(|document| document.get("build")) {
        for (key, node) in ci.fields(build) {
            let below = site.at(&key.value);
            match key.value.as_str() {
                "tools" => {
                    for (tool, node) in ci.fields(node) {
                        if tool.value == "rust" {
                            ci.take(node, Takes::Minor, &below.at("rust"));
                        }
                    }
                }
                "commands" => ci.script(node, &below),
                "jobs" => {
                    for (job, node) in ci.fields(node) {
                        let below = below.at(&job.value);
                        ci.script(node, &below);
                        // `build: { html: [...] }`
                        for (part, node) in ci.fields(node) {
                            ci.script(node, &below.at(&part.value));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    Ok(ci.finish())
}

#[cfg(test)]
mod tests;
