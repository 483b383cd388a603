//! CircleCI: images, orbs' parameters, `run` steps, matrices.

use super::ci::{Ci, Site, Takes, each};
use super::variable::is_of_rust;
use super::yaml::{self, Node};
use super::{Found, Nature, Unreadable, image};

/// Finds every toolchain that the file names.
///
/// # Errors
/// The file is not what its name says.
pub(super) fn find(text: &str) -> Result<Found, Unreadable> {
    let documents = yaml::read(text)?;
    let mut file = File { ci: Ci::new(text), orbs: Vec::new() };
    for document in &documents {
        file.config(document, &Site::of(Nature::Job), false);
    }
    Ok(file.ci.finish())
}

struct File<'a> {
    ci: Ci<'a>,
    /// The names that orbs about Rust have in this file.
    orbs: Vec<&'a str>,
}

impl<'a> File<'a> {
    fn config(&mut self, node: &'a Node, site: &Site, is_inline: bool) {
        let fields = self.ci.fields(node);
        for (key, node) in &fields {
            if key.value == "orbs" && !is_inline {
                self.orbs(node, site);
            }
        }
        for (key, node) in fields {
            let below = site.at(&key.value);
            match key.value.as_str() {
                "parameters" => self.parameters(node, "pipeline.parameters", &below),
                "jobs" | "commands" | "executors" => {
                    for (name, node) in self.ci.fields(node) {
                        self.part(node, &below.at(&name.value).scoped());
                    }
                }
                "workflows" => {
                    for (name, node) in self.ci.fields(node) {
                        if let Some(jobs) = node.get("jobs") {
                            self.workflow(jobs, &below.at(&name.value).at("jobs"));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn orbs(&mut self, node: &'a Node, site: &Site) {
        for (name, orb) in self.ci.fields(node) {
            let source = orb.str().and_then(|source| source.split('@').next());
            if source.is_some_and(|source| source.rsplit('/').next().is_some_and(|it| it.contains("rust"))) {
                self.orbs.push(&name.value);
            } else if !orb.entries().is_empty() {
                // An orb in the file itself is put together as the file is.
                self.config(orb, &site.at("orbs").at(&name.value), true);
            }
        }
    }

    /// A job, a command or an executor.
    fn part(&mut self, node: &'a Node, site: &Site) {
        for (key, node) in self.ci.fields(node) {
            let below = site.at(&key.value);
            match key.value.as_str() {
                "parameters" => self.parameters(node, "parameters", &below),
                "docker" => {
                    for (index, container) in each(node).into_iter().enumerate() {
                        let below = below.item(index);
                        for (key, node) in self.ci.fields(container) {
                            match key.value.as_str() {
                                "image" => self.ci.image(node, &below.at("image")),
                                "environment" => self.ci.environment(node, &below.at("environment")),
                                _ => {}
                            }
                        }
                    }
                }
                "environment" => self.ci.environment(node, &below),
                "executor" => {
                    if let Some(name) = node.get("name").and_then(Node::str) {
                        self.arguments(name, node, &below, "executors");
                    }
                }
                "steps" | "pre-steps" | "post-steps" => self.steps(node, &below),
                _ => {}
            }
        }
    }

    fn parameters(&mut self, node: &'a Node, space: &str, site: &Site) {
        for (name, node) in self.ci.fields(node) {
            let site = site.at(&name.value);
            // A default must be one of the values that are allowed.
            for part in ["default", "enum"] {
                if let Some(value) = node.get(part) {
                    // An image that is used in no job here may be in those that are given it.
                    if value.str().is_some_and(|value| image::tag(value).is_some()) {
                        self.ci.image(value, &site.at(part));
                    }
                    self.ci.define(&format!("{space}.{}", name.value), value, &site.at(part));
                }
            }
        }
    }

    fn steps(&mut self, node: &'a Node, site: &Site) {
        let mut open = vec![(node, site.clone())];
        while let Some((node, site)) = open.pop() {
            if !self.ci.enter(node) {
                continue;
            }
            for (index, step) in each(node).into_iter().enumerate() {
                let site = site.item(index);
                for (name, arguments) in self.ci.fields(step) {
                    match name.value.as_str() {
                        "run" => self.run(arguments, &site.at("run")),
                        "when" | "unless" => {
                            open.extend(arguments.get("steps").map(|steps| (steps, site.at("steps"))));
                        }
                        command => {
                            self.arguments(command, arguments, &site.at(command), "commands");
                            open.extend(arguments.get("steps").map(|steps| (steps, site.at("steps"))));
                        }
                    }
                }
            }
        }
    }

    fn run(&mut self, node: &'a Node, site: &Site) {
        if node.scalar().is_some() {
            return self.ci.script(node, site);
        }
        let site = site.clone().named(node.get("name").and_then(Node::str));
        for (key, node) in self.ci.fields(node) {
            match key.value.as_str() {
                "command" => self.ci.script(node, &site.at("command")),
                "environment" => self.ci.environment(node, &site.at("environment")),
                _ => {}
            }
        }
    }

    fn workflow(&mut self, node: &'a Node, site: &Site) {
        for (index, item) in each(node).into_iter().enumerate() {
            for (name, job) in self.ci.fields(item) {
                let shown = job.get("name").and_then(Node::str);
                let site = site.item(index).at(&name.value).named(shown);
                self.arguments(&name.value, job, &site, "jobs");
                for part in ["pre-steps", "post-steps"] {
                    if let Some(steps) = job.get(part) {
                        self.steps(steps, &site.at(part));
                    }
                }
                let Some(matrix) = job.get("matrix") else { continue };
                let rows = site.at("matrix").nature(Nature::Row);
                if let Some(parameters) = matrix.get("parameters") {
                    self.arguments(&name.value, parameters, &rows.at("parameters"), "jobs");
                }
                for row in matrix.get("exclude").map(each).unwrap_or_default() {
                    self.arguments(&name.value, row, &rows.at("exclude").echo(), "jobs");
                }
            }
        }
    }

    /// What a job, a command or an executor is given.
    fn arguments(&mut self, callee: &str, node: &'a Node, site: &Site, space: &str) {
        let orb = callee.split_once('/').map(|(orb, _)| orb);
        let is_rust = orb.is_some_and(|orb| self.orbs.contains(&orb));
        for (key, node) in self.ci.fields(node) {
            let key = key.value.as_str();
            let below = site.at(key);
            if orb.is_none() {
                // Names hold where they are given.
                let scope = format!("{space}.{callee}");
                self.ci.define(&format!("parameters.{key}"), node, &Site { scope, ..below });
            } else if is_rust && key == "tag" {
                for node in each(node) {
                    self.ci.take(node, Takes::Tag, &below);
                }
            } else if (is_rust && matches!(key, "version" | "toolchain" | "channel")) || is_of_rust(key) {
                self.ci.name(node, &below);
            } else if key == "executor"
                && space != "executors"
                && let Some(name) = node.get("name").and_then(Node::str)
            {
                self.arguments(name, node, &below, "executors");
            }
        }
    }
}

#[cfg(test)]
mod tests;
