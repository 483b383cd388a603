//! One pin for each place, whatever leads there and in whatever order: what it becomes must be right for all of them.

use std::collections::HashMap;
use std::ops::Range;

use super::{Nature, Pin, Spelling};

/// Pins, each place once.
#[derive(Debug, Default)]
pub(super) struct Places {
    pins: Vec<Pin>,
    known: HashMap<(usize, usize), usize>,
}

impl Places {
    /// Adds a pin, or puts it together with the one that is known at the same bytes.
    pub(super) fn add(&mut self, pin: Pin) {
        let at = *self.known.entry((pin.span.start, pin.span.end)).or_insert(self.pins.len());
        match self.pins.get_mut(at) {
            Some(kept) => unite(kept, pin),
            None => self.pins.push(pin),
        }
    }

    /// Whether a pin stands at these bytes.
    pub(super) fn has(&self, span: &Range<usize>) -> bool {
        self.known.contains_key(&(span.start, span.end))
    }

    /// All of them, in order.
    pub(super) fn sorted(mut self) -> Vec<Pin> {
        self.pins.sort_by_key(|pin| (pin.span.start, pin.span.end));
        self.pins
    }
}

/// Puts together what was found at the same bytes; what is left is in order.
pub(super) fn merge(pins: Vec<Pin>) -> Vec<Pin> {
    let mut places = Places::default();
    pins.into_iter().for_each(|pin| places.add(pin));
    places.sorted()
}

fn unite(kept: &mut Pin, pin: Pin) {
    kept.spelling = stricter(kept.spelling, pin.spelling);
    if rank(pin.nature) > rank(kept.nature) {
        kept.nature = pin.nature;
        kept.place = pin.place;
    }
    kept.frozen = kept.frozen.or(pin.frozen);
    kept.marked_msrv = kept.marked_msrv.take().or(pin.marked_msrv);
    kept.told = kept.told.or(pin.told);
    kept.by_policy = kept.by_policy.or(pin.by_policy);
}

/// A spelling that suits both.
fn stricter(one: Spelling, other: Spelling) -> Spelling {
    let spelling = if strictness(other) > strictness(one) { other } else { one };
    if !(one.is_plain_yaml() || other.is_plain_yaml()) {
        return spelling;
    }
    match spelling {
        Spelling::Channel => Spelling::PlainYaml,
        // A ref is no scalar of its own; as one it could be a release at most.
        Spelling::ActionRef | Spelling::Release | Spelling::ImageTag => Spelling::PlainRelease,
        Spelling::Minor => Spelling::PlainMinor,
        other => other,
    }
}

/// How few names a spelling takes.
const fn strictness(spelling: Spelling) -> u8 {
    match spelling {
        Spelling::Channel | Spelling::PlainYaml => 0,
        Spelling::ActionRef => 1,
        Spelling::Release => 2,
        Spelling::ImageTag | Spelling::PlainRelease => 3,
        Spelling::FullRelease => 4,
        Spelling::Minor | Spelling::PlainMinor => 5,
        Spelling::RulesRust => 6,
        Spelling::DateOf(_) => 7,
    }
}

/// How much a place says of what it is for.
const fn rank(nature: Nature) -> u8 {
    match nature {
        Nature::Command => 0,
        Nature::Row => 1,
        Nature::Job => 2,
        Nature::Environment => 3,
        Nature::Msrv => 4,
        Nature::ToolchainFile | Nature::Policy => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::{Places, merge};
    use crate::pins::{Frozen, Nature, Pin, Spelling, role};

    /// Two uses of one value: a job that stands above another must not decide what the value is for.
    #[test]
    fn the_order_in_which_places_are_found_decides_nothing() {
        let pin = |spelling, nature| Pin::at("1.78.0", 0..6, "p", spelling, nature);
        let pins = [
            pin(Spelling::PlainYaml, Nature::Row),
            pin(Spelling::ImageTag, Nature::Job),
            pin(Spelling::Channel, Nature::Command).frozen(Some(Frozen::Digest)),
            pin(Spelling::ActionRef, Nature::Row).around(["MSRV"]),
        ];
        let merged = |order: &[usize]| merge(order.iter().map(|at| pins[*at].clone()).collect());
        let first = merged(&[0, 1, 2, 3]);
        assert_eq!(first.len(), 1);
        assert_eq!((first[0].spelling, first[0].nature), (Spelling::PlainRelease, Nature::Job));
        assert_eq!(role::of(&first[0], &role::Ground::default()).0, role::Role::Msrv);
        for order in [[3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]] {
            assert_eq!(merged(&order), first, "{order:?}");
        }
    }

    #[test]
    fn places_come_in_order() {
        let pin = |at: usize| Pin::at("1.78.0 1.79.0", at..at + 6, "p", Spelling::Channel, Nature::Job);
        let mut places = Places::default();
        [7, 0, 7].into_iter().for_each(|at| places.add(pin(at)));
        assert!(places.has(&(0..6)) && !places.has(&(0..7)));
        let spans: Vec<usize> = places.sorted().iter().map(|pin| pin.span.start).collect();
        assert_eq!(spans, [0, 7]);
    }
}
