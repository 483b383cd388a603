//! One pin for each place, whatever leads there: what it becomes must be right for all of them.

use std::collections::BTreeMap;

use super::{Nature, Pin, Spelling};

/// Puts together what was found at the same bytes; what is left is in order.
pub(super) fn merge(pins: Vec<Pin>) -> Vec<Pin> {
    let mut places: BTreeMap<(usize, usize), Pin> = BTreeMap::new();
    for pin in pins {
        let key = (pin.span.start, pin.span.end);
        let Some(kept) = places.get_mut(&key) else {
            places.insert(key, pin);
            continue;
        };
        // Any other spelling takes fewer names.
        if kept.spelling == Spelling::Channel {
            kept.spelling = pin.spelling;
        }
        if rank(pin.nature) > rank(kept.nature) {
            kept.nature = pin.nature;
        }
        kept.frozen = kept.frozen.or(pin.frozen);
        kept.marked_msrv = kept.marked_msrv.take().or(pin.marked_msrv);
    }
    places.into_values().collect()
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
