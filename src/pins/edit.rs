//! New names at exact spans: every other byte of a file stays as it is, and what comes out is held against what was there.

mod atoms;
mod diff;
mod follow;
mod refused;

use std::collections::BTreeSet;
use std::ops::Range;

use atoms::{Atom, Tag, atoms};
pub use diff::diff;
pub use follow::{Following, following};
pub use refused::Refused;

use super::kind::Format;
use super::{Found, Kind, Pin, Unreadable, recognise};

/// A replacement of some bytes of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Range<usize>,
    /// What stands there afterwards.
    pub new: String,
}

impl Edit {
    /// The name alone, where the edit puts quotes around it.
    fn bare(&self) -> &str {
        self.new.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&self.new)
    }
}

/// The text with all edits done; they may come in any order.
///
/// `None` where two overlap, or one does not lie on whole characters of the text.
#[must_use]
pub fn splice(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span.start);
    let mut done = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for edit in edits {
        done.push_str(text.get(at..edit.span.start)?);
        text.get(edit.span.clone())?;
        done.push_str(&edit.new);
        at = edit.span.end;
    }
    done.push_str(text.get(at..)?);
    Some(done)
}

/// Edits a file of this kind, and proves that nothing but the names changed: the parsed file is the same but for them, and the
/// recogniser finds the same pins with the new names.
///
/// # Errors
/// It cannot be proved; the file is to be left alone.
pub fn apply(kind: Kind, before: &str, edits: &[Edit]) -> Result<String, Refused> {
    let format = match kind {
        // A toolchain file is TOML, or a bare name, which is none.
        Kind::ToolchainFile if atoms(Format::Toml, before).is_ok() => Format::Toml,
        _ => kind.format(),
    };
    apply_as(format, before, edits, &|text| recognise(kind, text))
}

/// As [`apply`], for pins that are found in another way: the policy's channel, `pins.extra`.
///
/// # Errors
/// As [`apply`].
pub fn apply_as(
    format: Format,
    before: &str,
    edits: &[Edit],
    find: &dyn Fn(&str) -> Result<Found, Unreadable>,
) -> Result<String, Refused> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span.start);
    if edits.iter().any(|edit| edit.span.is_empty()) {
        return Err(Refused::Misplaced);
    }
    let odd = |edit: &&Edit| {
        edit.bare().is_empty() || edit.new.contains(|c: char| c.is_whitespace() || c.is_control())
    };
    if let Some(edit) = edits.iter().find(odd) {
        return Err(Refused::Unspeakable(edit.new.clone()));
    }
    let after = splice(before, &edits).ok_or(Refused::Misplaced)?;
    same_but_for_the_names(format, before, &edits, &after)?;
    let (old, new) = (find(before).map_err(Refused::Before)?, find(&after).map_err(Refused::After)?);
    same_pins(&old.pins, &edits, &new.pins)?;
    Ok(after)
}

/// The edits after which the recogniser still finds a pin at each of their places. A linked toolchain may have any name, and many
/// places are taken for pins only while they name an official one.
#[must_use]
pub fn found_again(
    before: &str,
    edits: &[Edit],
    find: &dyn Fn(&str) -> Result<Found, Unreadable>,
) -> Vec<Edit> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span.start);
    // Each round may lose what another place depends on.
    for _ in 0..8 {
        let Some(Ok(found)) = splice(before, &edits).map(|after| find(&after)) else { break };
        let starts: BTreeSet<usize> = found.pins.iter().map(|pin| pin.span.start).collect();
        let (mut gone, mut come) = (0, 0);
        let kept: Vec<Edit> = edits
            .iter()
            .filter(|edit| {
                let quote = usize::from(edit.bare().len() < edit.new.len());
                let start = edit.span.start - gone + come + quote;
                gone += edit.span.len();
                come += edit.new.len();
                starts.contains(&start)
            })
            .cloned()
            .collect();
        if kept.len() == edits.len() {
            return edits;
        }
        edits = kept;
    }
    Vec::new()
}

/// Reads the text a third time, with words in the place of the names that occur nowhere else: they show which scalar each
/// edit falls in, and what that scalar must say before and after it, however it is folded or indented.
fn same_but_for_the_names(format: Format, before: &str, edits: &[Edit], after: &str) -> Result<(), Refused> {
    let stem = ('a'..='z').map(|letter| format!("z{letter}pinz")).find(|stem| !before.contains(stem));
    let stem = stem.ok_or(Refused::Misplaced)?;
    let words = edits
        .iter()
        .enumerate()
        .map(|(at, edit)| Edit { span: edit.span.clone(), new: format!("{stem}{at}e") });
    let between = splice(before, &words.collect::<Vec<_>>()).ok_or(Refused::Misplaced)?;
    let old = atoms(format, before).map_err(Refused::Before)?;
    let new = atoms(format, after).map_err(Refused::After)?;
    let between = atoms(format, &between).map_err(Refused::Between)?;
    if old.len() != between.len() || new.len() != between.len() {
        return Err(Refused::Structure);
    }
    let mut met = vec![false; edits.len()];
    for ((old, new), between) in old.iter().zip(&new).zip(&between) {
        let parts = parts(&between.value, &stem);
        for (_, at) in &parts.edited {
            match met.get_mut(*at) {
                Some(met) if !*met => *met = true,
                _ => return Err(Refused::Structure),
            }
        }
        let said = |name: &dyn Fn(usize) -> String| parts.with(name);
        let was = said(&|at| before.get(edits[at].span.clone()).unwrap_or_default().to_owned());
        let alone = parts.edited.len() == 1 && parts.edited[0].0.is_empty() && parts.rest.is_empty();
        let quoted = alone && between.tag == Tag::Plain && new.tag == Tag::Quoted;
        let will = said(&|at| if quoted { edits[at].bare().to_owned() } else { edits[at].new.clone() });
        let expected = Atom { tag: if quoted { Tag::Quoted } else { between.tag }, value: will };
        // Quotes that would be a part of the value are no quotes.
        let stray = !quoted && parts.edited.iter().any(|(_, at)| edits[*at].new.contains('"'));
        if *old != (Atom { tag: between.tag, value: was }) || *new != expected || stray {
            return Err(Refused::Scalar { was: old.value.clone(), now: new.value.clone() });
        }
        if !parts.edited.is_empty() && new.is_misread() {
            return Err(Refused::Misread(new.value.clone()));
        }
    }
    if met.contains(&false) { Err(Refused::NoScalar) } else { Ok(()) }
}

/// A scalar taken apart at the words that stand for names.
struct Parts<'a> {
    /// What stands before each name, and which edit it is.
    edited: Vec<(&'a str, usize)>,
    /// What stands behind the last.
    rest: &'a str,
}

fn parts<'a>(value: &'a str, stem: &str) -> Parts<'a> {
    let mut pieces = value.split(stem);
    let mut parts = Parts { edited: Vec::new(), rest: pieces.next().unwrap_or_default() };
    for piece in pieces {
        let (number, rest) = piece.split_once('e').unwrap_or((piece, ""));
        // No number: an edit that does not exist, which is refused.
        parts.edited.push((parts.rest, number.parse().unwrap_or(usize::MAX)));
        parts.rest = rest;
    }
    parts
}

impl Parts<'_> {
    fn with(&self, name: &dyn Fn(usize) -> String) -> String {
        let mut text = String::new();
        for (before, at) in &self.edited {
            text.push_str(before);
            text.push_str(&name(*at));
        }
        text.push_str(self.rest);
        text
    }
}

/// Whether the recogniser sees afterwards what it saw before: every pin at its place, with its old or its new name.
///
/// The edits are sorted and do not overlap.
fn same_pins(old: &[Pin], edits: &[Edit], new: &[Pin]) -> Result<(), Refused> {
    let of = |pin: &Pin| edits.get(edits.partition_point(|edit| edit.span.start < pin.span.start));
    let of = |pin: &Pin| of(pin).filter(|edit| edit.span == pin.span);
    let mut unmet: BTreeSet<usize> = edits.iter().map(|edit| edit.span.start).collect();
    for pin in old {
        if of(pin).is_some_and(|edit| unmet.remove(&edit.span.start)) && pin.frozen.is_some() {
            return Err(Refused::Frozen(pin.text.clone()));
        }
    }
    if let Some(edit) = edits.iter().find(|edit| unmet.contains(&edit.span.start)) {
        return Err(Refused::NoPin(edit.new.clone()));
    }
    if old.len() != new.len() {
        return Err(Refused::Pins { was: old.len(), now: new.len() });
    }
    // How many bytes go and come up to each edit.
    let mut sums = vec![(0, 0)];
    for edit in edits {
        let (gone, come) = sums.last().copied().unwrap_or_default();
        sums.push((gone + edit.span.len(), come + edit.new.len()));
    }
    let moved = |at: usize| {
        let (gone, come) = sums[edits.partition_point(|edit| edit.span.end <= at)];
        at - gone + come
    };
    for (old, new) in old.iter().zip(new) {
        let edit = of(old);
        let name = edit.map_or(old.text.as_str(), Edit::bare);
        let span = match edit {
            Some(edit) => {
                let quote = usize::from(edit.bare().len() < edit.new.len());
                let start = moved(old.span.start) + quote;
                start..start + name.len()
            }
            // What is written with escapes takes more bytes than it says, and may have an edited name in it.
            None => moved(old.span.start)..moved(old.span.end),
        };
        if new.span != span || new.text != name {
            return Err(Refused::Pin { was: name.to_owned(), now: new.text.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
