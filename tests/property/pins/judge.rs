//! What must hold for every text, read as whatever kind.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;
use xcargo::pins::edit::{self, Edit};
use xcargo::pins::effective::Nearest;
use xcargo::pins::name::Named;
use xcargo::pins::role::{self, Ground};
use xcargo::pins::{Found, Frozen, Kind, Pin, Role, Spelling, effective, recognise};
use xcargo::toolchain::Channel;

/// What the repository of all cases is pinned to.
const PIN: &str = "1.78.0";

/// Where it goes: a release, one that YAML misreads, a channel with a date, one without.
const TARGETS: [&str; 4] = ["1.79.0", "1.80", "nightly-2026-05-19", "stable"];

/// Whether a text is read as what it was made as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// It is: it is always edited.
    Own,
    /// It is read as something else, and edited now and then.
    Other,
}

/// What became of the cases: a test that finds nothing, or edits nothing, proves nothing.
#[derive(Default)]
pub(super) struct Tally {
    read: AtomicU64,
    unreadable: AtomicU64,
    pins: AtomicU64,
    edited: AtomicU64,
    refused: AtomicU64,
    back: AtomicU64,
}

impl Tally {
    /// What must have happened in so many cases, how often it did, and how often it should at least.
    pub(super) fn figures(&self, cases: u64) -> [(&'static str, u64, u64); 4] {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        [
            ("pins were found", of(&self.pins), cases),
            ("texts were edited", of(&self.edited), cases / 4),
            ("edits were refused", of(&self.refused), cases / 4),
            ("texts were set back", of(&self.back), cases / 8),
        ]
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [read, unreadable, pins, edited, refused, back] =
            [&self.read, &self.unreadable, &self.pins, &self.edited, &self.refused, &self.back]
                .map(|counter| counter.load(Ordering::Relaxed));
        write!(
            f,
            "{read} texts read, {unreadable} not; {pins} pins; {edited} texts edited, {refused} refused, {back} set back"
        )
    }
}

fn count(counter: &AtomicU64, by: usize) {
    counter.fetch_add(by as u64, Ordering::Relaxed);
}

pub(super) fn judge(kind: Kind, text: &str, how: How, rng: &mut Rng, tally: &Tally) {
    let found = match recognise(kind, text) {
        Ok(found) => found,
        Err(error) => {
            count(&tally.unreadable, 1);
            if let Some(span) = &error.span {
                inside(kind, text, span, &error.why);
            }
            return;
        }
    };
    count(&tally.read, 1);
    count(&tally.pins, found.pins.len());
    places(kind, text, &found);
    effective(&found);
    if found.pins.is_empty() {
        return;
    }
    if how == How::Own || rng.usize(..3) == 0 {
        moved(kind, text, &found, TARGETS[rng.usize(..TARGETS.len())], tally);
        anything(kind, text, &found, rng, tally);
    }
}

/// Nothing lies outside of the text, or cuts a character; pins come in order, and what may be edited never lies on another.
///
/// Of a name in a text that is written with escapes only that text is known: other names may stand in it.
fn places(kind: Kind, text: &str, found: &Found) {
    let (mut last, mut end) = (0, 0);
    for pin in &found.pins {
        let found = inside(kind, text, &pin.span, &pin.place);
        assert!(!pin.span.is_empty(), "{kind:?}: {pin:?} is empty");
        assert!(pin.span.start >= last, "{kind:?}: {pin:?} is out of order");
        last = pin.span.start;
        if pin.frozen != Some(Frozen::Spelled) {
            assert!(pin.span.start >= end, "{kind:?}: {pin:?} lies on the one before it");
            assert_eq!(found, pin.text, "{kind:?}: {pin:?}");
            end = pin.span.end;
        }
    }
    for remark in &found.remarks {
        inside(kind, text, &remark.span, &format!("{remark:?}"));
    }
    for job in &found.jobs {
        inside(kind, text, &job.span, &job.id);
        for choice in &job.choices {
            inside(kind, text, &choice.span, &choice.name);
        }
    }
}

fn inside<'a>(kind: Kind, text: &'a str, span: &Range<usize>, what: &str) -> &'a str {
    text.get(span.clone()).unwrap_or_else(|| panic!("{kind:?}: {span:?} is no part of the text: {what}"))
}

/// What a job runs is said for any job.
fn effective(found: &Found) {
    let named = Nearest::Names { path: Path::new("rust-toolchain.toml"), channel: PIN };
    for job in &found.jobs {
        for file in [Nearest::Absent, named, Nearest::Unknown] {
            let _ = effective::compilers(job, file);
        }
    }
}

/// A pin that follows, by its place among the others, and the edit that takes it along.
type Move = (usize, Edit);

fn moves(found: &Found, to: &Channel, before: &Channel) -> Vec<Move> {
    let oldest = Named::parse("1.70", Spelling::Release).into_iter().collect();
    let ground = Ground { pins: vec![before.clone()], rust_versions: oldest };
    let follows = |pin: &Pin| role::of(pin, &ground).0 == Role::Dev && pin.frozen.is_none();
    let edit = |pin: &Pin| {
        Some(Edit { span: pin.span.clone(), new: pin.spell(to, std::slice::from_ref(before)).ok()? })
    };
    let pins = found.pins.iter().enumerate().filter(|(_, pin)| follows(pin));
    pins.filter_map(|(at, pin)| Some((at, edit(pin)?))).collect()
}

/// What follows the pin is moved and moved back, or refused.
fn moved(kind: Kind, text: &str, found: &Found, target: &str, tally: &Tally) {
    let (from, to) = [PIN, target].map(|name| Channel::parse(name).expect("a channel")).into();
    let moves = moves(found, &to, &from);
    if moves.is_empty() {
        return;
    }
    let edits: Vec<Edit> = moves.iter().map(|(_, edit)| edit.clone()).collect();
    let Ok(after) = edit::apply(kind, text, &edits) else { return count(&tally.refused, 1) };
    count(&tally.edited, 1);
    let (expect, spans) = spliced(text, &edits);
    assert_eq!(after, expect, "{kind:?} to {target}: bytes changed outside of {edits:?}");
    let again = recognise(kind, &after)
        .unwrap_or_else(|error| panic!("{kind:?} to {target}: it was readable: {error:?}\n{after}"));
    places(kind, &after, &again);
    assert_eq!(again.pins.len(), found.pins.len(), "{kind:?} to {target}\n{after}");
    let mut back = Vec::new();
    for ((at, edit), span) in moves.iter().zip(spans) {
        let (old, new) = (&found.pins[*at], &again.pins[*at]);
        assert_eq!(
            (new.span.clone(), &*new.text),
            (span, edit.new.trim_matches('"')),
            "{kind:?}: {old:?}\n{after}"
        );
        // The same place in the same words: what was written exactly can be written again.
        let is_exact = old.text == PIN && edit.new == target;
        let spelled = new.spell(&from, std::slice::from_ref(&to)).ok().filter(|name| is_exact && name == PIN);
        back.extend(spelled.map(|new| Edit { span: again.pins[*at].span.clone(), new }));
    }
    let diff = edit::diff("a", Some(text), &after);
    assert!(!diff.is_empty() || text == after, "{kind:?}: a change without a diff\n{after}");
    if back.len() == edits.len() {
        assert_eq!(
            edit::apply(kind, &after, &back).as_deref(),
            Ok(text),
            "{kind:?} back from {target}\n{after}"
        );
        count(&tally.back, 1);
    }
}

/// The text with the edits done by other means, and where the names stand in it afterwards.
fn spliced(text: &str, edits: &[Edit]) -> (String, Vec<Range<usize>>) {
    let (mut done, mut spans, mut at) = (String::new(), Vec::new(), 0);
    for edit in edits {
        done += &text[at..edit.span.start];
        let quote = usize::from(edit.new.starts_with('"'));
        spans.push(done.len() + quote..done.len() + edit.new.len() - quote);
        done += &edit.new;
        at = edit.span.end;
    }
    (done + &text[at..], spans)
}

/// An edit that nobody would ask for is refused, or it is one of a pin, and changes nothing else.
fn anything(kind: Kind, text: &str, found: &Found, rng: &mut Rng, tally: &Tally) {
    const NEW: &[&str] = &[
        "1.79.0", "1.80", "\"1.80\"", "a: b", "x, y", "'", "\"", "#", " ", "", "\n", "]", "}", "é", "$X",
        "*a", "&a", "\\",
    ];
    let pin = &found.pins[rng.usize(..found.pins.len())].span;
    let span = match rng.usize(..3) {
        0 => pin.clone(),
        1 => pin.start.saturating_sub(rng.usize(..3))..pin.end + rng.usize(..3),
        _ => {
            let start = rng.usize(..=text.len());
            start..start + rng.usize(..6)
        }
    };
    let edits = [Edit { span, new: NEW[rng.usize(..NEW.len())].to_owned() }];
    let Ok(after) = edit::apply(kind, text, &edits) else { return count(&tally.refused, 1) };
    assert!(found.pins.iter().any(|pin| pin.span == edits[0].span), "{kind:?}: no pin at {edits:?}");
    assert_eq!(after, spliced(text, &edits).0, "{kind:?}: {edits:?}");
}
