//! Where an expression of a job or a step leads in the same file: matrix, `env`, inputs, outputs of steps before it.

use std::collections::HashMap;
use std::ops::Range;

use super::expression::{self, Atom};
use super::source::Source;
use super::walk::{Leaf, Walk};
use crate::pins::yaml::{Node, Scalar, Style};
use crate::pins::{Frozen, Nature, Spelling};

/// A value may name another that names another; nobody goes further.
const DEEPEST: usize = 8;

/// What can be named at a place.
#[derive(Clone, Copy)]
pub(super) struct Scope<'n> {
    /// The whole document.
    pub(super) root: &'n Node,
    /// The job: its key and what it is.
    pub(super) job: Option<(&'n str, &'n Node)>,
    /// The step: where it is, and what it is.
    pub(super) step: Option<(&'n str, &'n Node)>,
    /// What earlier steps put out under the name of a toolchain, by their ids.
    pub(super) outputs: &'n HashMap<String, Vec<Leaf>>,
}

/// A scalar of which values are wanted, and what is known of its place.
pub(super) struct Spot<'n> {
    /// It.
    pub(super) scalar: &'n Scalar,
    /// Where that is.
    pub(super) place: String,
    /// Keys and titles around it.
    pub(super) around: Vec<String>,
    /// What the place is by its nature.
    pub(super) nature: Nature,
    /// It is one of several.
    pub(super) is_row: bool,
}

impl<'n> Scope<'n> {
    /// The titles around a place here: of the step, and of the job.
    pub(super) fn titles(&self) -> Vec<String> {
        let mut titles = Vec::new();
        if let Some((_, step)) = self.step {
            titles.extend(["name", "id"].into_iter().filter_map(|key| step.get(key)?.str().map(title)));
        }
        if let Some((id, job)) = self.job {
            titles.push(id.to_owned());
            titles.extend(job.get("name").and_then(Node::str).map(title));
        }
        // The name of a workflow with several jobs is of no single one of them.
        if self.root.get("jobs").is_some_and(|jobs| jobs.entries().len() == 1) {
            titles.extend(self.root.get("name").and_then(Node::str).map(title));
        }
        titles
    }

    /// A place in the step, the job, or the file.
    pub(super) fn place(&self, rest: &str) -> String {
        match (self.step, self.job) {
            (Some((step, _)), _) => format!("{step}.{rest}"),
            (None, Some((job, _))) => format!("jobs.{job}.{rest}"),
            (None, None) => rest.to_owned(),
        }
    }

    /// A scalar here, by the keys that lead to it.
    pub(super) fn spot(&self, scalar: &'n Scalar, rest: &str, nature: Nature) -> Spot<'n> {
        let mut around = self.titles();
        around.push(rest.to_owned());
        Spot { scalar, place: self.place(rest), around, nature, is_row: false }
    }

    /// Every value that a scalar can have.
    pub(super) fn values(&self, walk: &mut Walk<'_>, spot: &Spot<'n>) -> Vec<Leaf> {
        self.values_at(walk, spot, 0)
    }

    fn values_at(&self, walk: &mut Walk<'_>, spot: &Spot<'n>, depth: usize) -> Vec<Leaf> {
        let value = &spot.scalar.value;
        let start = value.len() - value.trim_start().len();
        let whole = start..start + value.trim().len();
        self.part_at(walk, spot, &Source::of(walk.text, spot.scalar), whole, depth)
    }

    /// Every value that a part of a scalar can have.
    pub(super) fn part(
        &self,
        walk: &mut Walk<'_>,
        spot: &Spot<'n>,
        source: &Source<'_>,
        part: Range<usize>,
    ) -> Vec<Leaf> {
        self.part_at(walk, spot, source, part, 0)
    }

    fn part_at(
        &self,
        walk: &mut Walk<'_>,
        spot: &Spot<'n>,
        source: &Source<'_>,
        part: Range<usize>,
        depth: usize,
    ) -> Vec<Leaf> {
        let text = spot.scalar.value.get(part.clone()).unwrap_or_default();
        if text.is_empty() || depth > DEEPEST || !walk.spend() {
            return Vec::new();
        }
        let places = expression::places(text);
        let Some(first) = places.first() else {
            return vec![literal(spot, source, part, None)];
        };
        // `${{ matrix.rust }}-x86_64-pc-windows-msvc` names what the expression does; anything else is put together.
        let is_name = first.start == 0 && (first.end == text.len() || text[first.end..].starts_with('-'));
        let inner = part.start + first.start + 3..part.start + first.end - 2;
        let known = is_name.then(|| self.follow(walk, spot, source, inner, depth)).flatten();
        known.unwrap_or_else(|| {
            walk.unfollowed(source.part(&part).unwrap_or_else(|| spot.scalar.span.clone()));
            Vec::new()
        })
    }

    /// Every value of the expression at this part of a scalar; `None` where one of them is not in this file.
    fn follow(
        &self,
        walk: &mut Walk<'_>,
        spot: &Spot<'n>,
        source: &Source<'_>,
        inner: Range<usize>,
        depth: usize,
    ) -> Option<Vec<Leaf>> {
        let text = spot.scalar.value.get(inner.clone())?;
        let mut leaves = Vec::new();
        let mut is_known = true;
        for atom in expression::read(text, inner.start).atoms {
            match atom {
                Atom::Text(_, span) if span.is_empty() => {}
                Atom::Text(_, span) => leaves.push(literal(spot, source, span, Some(Spelling::Channel))),
                Atom::Path(path) => match self.named(walk, &path, depth + 1) {
                    Some(found) => leaves.extend(found),
                    None => is_known = false,
                },
                Atom::Unknown => is_known = false,
            }
        }
        if !is_known && !leaves.is_empty() {
            // What is known of it counts all the same.
            walk.unfollowed(source.part(&inner).unwrap_or_else(|| spot.scalar.span.clone()));
            return Some(leaves);
        }
        is_known.then_some(leaves)
    }

    /// What a context names.
    fn named(&self, walk: &mut Walk<'_>, path: &[String], depth: usize) -> Option<Vec<Leaf>> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match &path[..] {
            ["matrix", keys @ ..] if !keys.is_empty() => self.matrix(walk, keys, depth),
            ["env", name] => self.env(walk, name, depth),
            ["inputs", name] | ["github", "event", "inputs", name] => self.input(walk, name, depth),
            ["steps", id, "outputs", "name" | "toolchain"] => self.outputs.get(*id).cloned(),
            _ => None,
        }
    }

    /// Every value of a variable of the job's matrix.
    pub(super) fn matrix(&self, walk: &mut Walk<'_>, keys: &[&str], depth: usize) -> Option<Vec<Leaf>> {
        let (id, job) = self.job?;
        let matrix = job.at(&["strategy", "matrix"])?;
        let mut found = Vec::new();
        let mut is_there = false;
        if let Some((key, node)) = keys.first().and_then(|key| entry(matrix, key)) {
            is_there = true;
            let place = format!("jobs.{id}.strategy.matrix.{}", key.value);
            let several = node.items().len() > 1;
            for (at, item) in node.items().iter().enumerate() {
                let spot = self.row(item, &keys[1..], format!("{place}[{at}]"), keys, several);
                found.extend(spot.into_iter().flat_map(|spot| self.values_at(walk, &spot, depth)));
            }
            if let Some(scalar) = node.scalar() {
                let spot = Spot { scalar, place, around: words(keys), nature: Nature::Row, is_row: true };
                found.extend(self.values_at(walk, &spot, depth));
            }
        }
        for (list, is_choice) in [("include", true), ("exclude", false)] {
            let items = matrix.get(list).map(Node::items).unwrap_or_default();
            for (at, item) in items.iter().enumerate() {
                let place = format!("jobs.{id}.strategy.matrix.{list}[{at}]");
                let Some(spot) = self.row(item, keys, place, keys, true) else { continue };
                is_there |= is_choice;
                let leaves = self.values_at(walk, &spot, depth);
                found.extend(leaves.into_iter().map(|leaf| Leaf { is_choice, ..leaf }));
            }
        }
        is_there.then_some(found)
    }

    /// The scalar at these keys of an item of a matrix.
    fn row(
        &self,
        item: &'n Node,
        keys: &[&str],
        place: String,
        around: &[&str],
        several: bool,
    ) -> Option<Spot<'n>> {
        let mut node = item;
        for key in keys {
            node = &entry(node, key)?.1;
        }
        let mut around = words(around);
        // What an entry says beside the toolchain: `name: MSRV`, `msrv: true`.
        for (key, value) in item.entries().iter().take(16) {
            match value.str() {
                Some("true") => around.push(key.value.clone()),
                Some("false") | None => {}
                Some(value) => around.push(title(value)),
            }
        }
        if !several {
            around.extend(self.titles());
        }
        let place = keys.iter().fold(place, |place, key| format!("{place}.{key}"));
        Some(Spot { scalar: node.scalar()?, place, around, nature: Nature::Row, is_row: true })
    }

    /// The value of a variable of the environment: the step's, the job's, the workflow's.
    pub(super) fn env(&self, walk: &mut Walk<'_>, name: &str, depth: usize) -> Option<Vec<Leaf>> {
        let levels =
            [Scope { ..*self }, Scope { step: None, ..*self }, Scope { step: None, job: None, ..*self }];
        for level in levels {
            let Some(node) = level.own_env() else { continue };
            let Some((key, value)) = entry(node, name) else { continue };
            let spot = level.spot(value.scalar()?, &format!("env.{}", key.value), Nature::Job);
            return Some(level.values_at(walk, &spot, depth));
        }
        None
    }

    /// The `env` of exactly this level.
    pub(super) fn own_env(&self) -> Option<&'n Node> {
        match (self.step, self.job) {
            (Some((_, node)), _) | (None, Some((_, node))) => node.get("env"),
            (None, None) => self.root.get("env"),
        }
    }

    /// The default of an input of this workflow or action; nothing where the caller has to say it.
    pub(super) fn input(&self, walk: &mut Walk<'_>, name: &str, depth: usize) -> Option<Vec<Leaf>> {
        let level = Scope { step: None, job: None, ..*self };
        let mut found = None;
        for keys in
            [&["on", "workflow_call", "inputs"][..], &["on", "workflow_dispatch", "inputs"], &["inputs"]]
        {
            let Some((key, input)) = self.root.at(keys).and_then(|inputs| entry(inputs, name)) else {
                continue;
            };
            let found = found.get_or_insert_with(Vec::new);
            let place = format!("{}.{}", keys.join("."), key.value);
            if let Some(scalar) = input.get("default").and_then(Node::scalar) {
                let spot = level.spot(scalar, &format!("{place}.default"), Nature::Job);
                found.extend(level.values_at(walk, &spot, depth));
            }
            let options = input.get("options").map(Node::items).unwrap_or_default();
            for (at, option) in options.iter().enumerate() {
                let Some(scalar) = option.scalar() else { continue };
                let spot = level.spot(scalar, &format!("{place}.options[{at}]"), Nature::Row);
                let leaves = level.values_at(walk, &spot, depth);
                found.extend(leaves.into_iter().map(|leaf| Leaf { is_choice: false, ..leaf }));
            }
        }
        found
    }
}

/// What stands at a part of a scalar, as it stands.
fn literal(spot: &Spot<'_>, source: &Source<'_>, part: Range<usize>, spelling: Option<Spelling>) -> Leaf {
    let name = spot.scalar.value.get(part.clone()).unwrap_or_default().to_owned();
    let is_whole = part == (0..spot.scalar.value.len()) && spot.scalar.style == Style::Plain;
    let spelling = spelling.unwrap_or(if is_whole { Spelling::PlainYaml } else { Spelling::Channel });
    let found = source.part(&part);
    Leaf {
        frozen: found.is_none().then_some(Frozen::Spelled),
        span: found.unwrap_or_else(|| spot.scalar.span.clone()),
        name,
        spelling,
        nature: spot.nature,
        place: spot.place.clone(),
        around: spot.around.clone(),
        is_row: spot.is_row,
        is_choice: true,
    }
}

/// An entry of a mapping: letters of a key count the same, large or small, but the very same key first.
pub(super) fn entry<'n>(node: &'n Node, name: &str) -> Option<&'n (Scalar, std::rc::Rc<Node>)> {
    let entries = node.entries();
    let exact = entries.iter().rev().find(|(key, _)| key.value == name);
    exact.or_else(|| entries.iter().rev().find(|(key, _)| key.value.eq_ignore_ascii_case(name)))
}

fn words(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// No title that says something is longer, and each is kept with each pin around which it stands.
const LONGEST: usize = 200;

/// A title without its expressions: `Test (${{ matrix.msrv }})` is about no oldest release.
fn title(text: &str) -> String {
    let text = &text[..text.floor_char_boundary(LONGEST)];
    let mut bare = String::new();
    let mut from = 0;
    for place in expression::places(text) {
        bare.push_str(&text[from..place.start]);
        from = place.end;
    }
    bare.push_str(&text[from..]);
    bare
}
