//! Which variables of a Dockerfile are known where: global arguments, and those of each stage and what it is based on.

use std::collections::HashMap;

use super::expand::Expanded;

/// A stage may be based on a stage, and so on; nobody goes on for longer.
const DEEPEST: usize = 32;

/// All stages so far.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    globals: HashMap<String, Expanded>,
    stages: Vec<Stage>,
    by_name: HashMap<String, usize>,
}

#[derive(Debug, Default)]
struct Stage {
    label: String,
    base: Option<usize>,
    args: HashMap<String, Expanded>,
    env: HashMap<String, Expanded>,
}

impl Scopes {
    /// A stage begins.
    pub(super) fn begin(&mut self, image: &str, name: Option<&str>) {
        let base = self.by_name.get(&image.to_ascii_lowercase()).copied();
        let number = self.stages.len();
        let label = name.map_or_else(|| number.to_string(), str::to_owned);
        self.by_name.extend(name.map(|name| (name.to_ascii_lowercase(), number)));
        self.stages.push(Stage { label, base, ..Stage::default() });
    }

    /// Where this is, for people: ` in stage build`; nothing before the first stage.
    pub(super) fn place(&self) -> String {
        self.stages.last().map(|stage| format!(" in stage {}", stage.label)).unwrap_or_default()
    }

    /// The name of the stage.
    pub(super) fn stage(&self) -> &str {
        self.stages.last().map_or("", |stage| &stage.label)
    }

    /// `ARG`: what has no default takes that of the global argument.
    pub(super) fn argument(&mut self, name: &str, value: Option<Expanded>) {
        match (self.stages.last_mut(), value) {
            (None, Some(value)) => {
                self.globals.insert(name.to_owned(), value);
            }
            (Some(stage), value) => {
                if let Some(value) = value.or_else(|| self.globals.get(name).cloned()) {
                    stage.args.insert(name.to_owned(), value);
                }
            }
            (None, None) => {}
        }
    }

    /// `ENV`.
    pub(super) fn environment(&mut self, name: &str, value: Expanded) {
        if let Some(stage) = self.stages.last_mut() {
            stage.env.insert(name.to_owned(), value);
        }
    }

    /// The value of a variable for `FROM`.
    pub(super) fn global(&self, name: &str) -> Option<&Expanded> {
        self.globals.get(name)
    }

    /// The value of a variable at this point of the file.
    pub(super) fn get(&self, name: &str) -> Option<&Expanded> {
        let Some(mut stage) = self.stages.last() else { return self.global(name) };
        for _ in 0..DEEPEST {
            // An environment outranks arguments.
            if let Some(value) = stage.env.get(name).or_else(|| stage.args.get(name)) {
                return Some(value);
            }
            stage = self.stages.get(stage.base?)?;
        }
        None
    }
}
