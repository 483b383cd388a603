//! Tables of forms: a text with every pin between « and », the roles, and the text after the pin has moved.
//!
//! The repository of all tables is pinned to 1.78.0 and supports 1.70; the pin moves to 1.79.0.

use super::edit::{self, Edit, Following};
use super::name::{Named, Spelling};
use super::role::{self, Ground, Role};
use super::{Found, Kind, Pin, recognise};
use crate::toolchain::Channel;

/// A form: its name, its text with every pin marked, their roles in order, and what is new in the text after the move: the pins
/// in order again, as the whole text between them must not change.
pub(crate) type Form = (&'static str, &'static str, &'static [Role], &'static [&'static str]);

/// Holds all forms of a kind against its recogniser.
///
/// # Panics
/// A form is read, judged or edited otherwise than the table says.
#[track_caller]
pub(crate) fn check(kind: Kind, forms: &[Form]) {
    for (name, marked, roles, after) in forms {
        let (text, spans) = unmark(marked);
        let found = recognise(kind, &text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        check_found(name, &text, &spans, roles, after, &found);
        // What is written is not only spliced but proved.
        let edits = moves(&found);
        let proved = edit::apply(kind, &text, &edits);
        assert_eq!(proved.as_ref().ok(), edit::splice(&text, &edits).as_ref(), "{name}: {proved:?}");
    }
}

/// As [`check`], for what was found by other means.
#[track_caller]
pub(crate) fn check_found(
    name: &str,
    text: &str,
    spans: &[std::ops::Range<usize>],
    roles: &[Role],
    after: &[&str],
    found: &Found,
) {
    let ground = ground();
    let shown: Vec<String> = found.pins.iter().map(|pin| format!("{}: {}", pin.place, pin.text)).collect();
    let found_spans: Vec<_> = found.pins.iter().map(|pin| pin.span.clone()).collect();
    assert_eq!(found_spans, spans, "{name}: {shown:#?}");
    let found_roles: Vec<_> = found.pins.iter().map(|pin| role::of(pin, &ground)).collect();
    assert_eq!(
        found_roles.iter().map(|(role, _)| *role).collect::<Vec<_>>(),
        roles,
        "{name}: {found_roles:#?}"
    );
    let edits = moves(found);
    let mut expect = String::new();
    let mut at = 0;
    assert_eq!(after.len(), spans.len(), "{name}: one text after the move for each pin");
    for (span, new) in spans.iter().zip(after) {
        expect.push_str(&text[at..span.start]);
        expect.push_str(new);
        at = span.end;
    }
    expect.push_str(&text[at..]);
    assert_eq!(edit::splice(text, &edits).expect("edits fit"), expect, "{name}");
}

/// The edits that follow the pin, as they would be written.
fn moves(found: &Found) -> Vec<Edit> {
    let (ground, to) = (ground(), Channel::parse("1.79.0").expect("a channel"));
    let of = |pin: &Pin| match edit::following(pin, role::of(pin, &ground).0, &to, &ground.pins) {
        Following::Moves(edit) => Some(edit),
        Following::Inexpressible => panic!("{} cannot name a release", pin.place),
        Following::Stays | Following::Frozen(_) | Following::Undecided => None,
    };
    found.pins.iter().filter_map(of).collect()
}

/// What all tables are held against.
pub(crate) fn ground() -> Ground {
    let pins = vec![Channel::parse("1.78.0").expect("a channel")];
    Ground { pins, rust_versions: Named::parse("1.70", Spelling::Release).into_iter().collect() }
}

/// Takes the marks out of a text, and says where they were.
pub(crate) fn unmark(marked: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let mut text = String::new();
    let mut spans = Vec::new();
    for (at, part) in marked.split('«').enumerate() {
        if at == 0 {
            text.push_str(part);
            continue;
        }
        let (pin, rest) = part.split_once('»').expect("every « has its »");
        spans.push(text.len()..text.len() + pin.len());
        text.push_str(pin);
        text.push_str(rest);
    }
    (text, spans)
}
