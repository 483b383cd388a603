//! Where in a CI file something stands: for people, for words that tell a role, and for the names that hold there.

use crate::pins::Nature;

/// A place in a CI file.
#[derive(Debug, Clone)]
pub(in crate::pins) struct Site {
    /// As people would name it: `jobs.test.script`.
    pub(in crate::pins) place: String,
    /// Keys and names around it.
    pub(in crate::pins) around: Vec<String>,
    /// Where its names hold: a job; empty for all of the file.
    pub(in crate::pins) scope: String,
    /// What it is by its nature.
    pub(in crate::pins) nature: Nature,
    /// It is used in other places too, with names of theirs.
    pub(in crate::pins) is_template: bool,
    /// It repeats a row that stands elsewhere.
    pub(in crate::pins) is_echo: bool,
}

impl Site {
    /// A place for all of the file.
    pub(in crate::pins) fn of(nature: Nature) -> Self {
        let (place, scope) = (String::new(), String::new());
        Self { place, around: Vec::new(), scope, nature, is_template: false, is_echo: false }
    }

    /// The place below a key.
    pub(in crate::pins) fn at(&self, key: &str) -> Self {
        let dot = if self.place.is_empty() || key.starts_with('[') { "" } else { "." };
        let mut below = self.clone();
        below.place = format!("{}{dot}{key}", self.place);
        below.around.push(key.to_owned());
        below
    }

    /// The place of one item of a list.
    pub(in crate::pins) fn item(&self, index: usize) -> Self {
        let mut below = self.clone();
        below.place = format!("{}[{index}]", self.place);
        below
    }

    /// The same place, which has this name beside its key.
    pub(in crate::pins) fn named(mut self, name: Option<&str>) -> Self {
        self.around.extend(name.map(str::to_owned));
        self
    }

    /// The same place, with names of its own.
    pub(in crate::pins) fn scoped(mut self) -> Self {
        self.scope.clone_from(&self.place);
        self
    }

    /// The same place, of another nature.
    pub(in crate::pins) fn nature(mut self, nature: Nature) -> Self {
        self.nature = nature;
        self
    }

    /// The same place, as one that is used elsewhere.
    pub(in crate::pins) fn template(mut self, is_template: bool) -> Self {
        self.is_template = is_template;
        self
    }

    /// The same place, as one that repeats a row.
    pub(in crate::pins) fn echo(mut self) -> Self {
        self.is_echo = true;
        self
    }
}
