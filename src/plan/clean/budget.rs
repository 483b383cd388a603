//! What goes until the rest is small enough: the least recently used first.

use super::Reason;
use super::age::{last_use, last_use_of_session, lasting, seconds};
use super::select::Verdicts;
use crate::cache::uses::Uses;
use crate::cache::{Cache, Source};

/// How large the cache may be, how large it is, and who used what.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Budget {
    /// In bytes: the build dir, and the target dir where it is another.
    pub cap: u64,
    /// What there is.
    pub weights: Weights,
    /// The records of all workspaces that build into the dir.
    pub uses: Vec<Uses>,
    /// What was used at this time or later stays, however large, in seconds since 1970.
    pub spare_since: Option<i64>,
}

/// What the removal of each unit and session would free, in bytes, in the order of the [`Cache`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Weights {
    /// All that there is, whether a plan can remove it or not.
    pub total: u64,
    /// By profile dir and unit.
    pub units: Vec<Vec<u64>>,
    /// By profile dir and session.
    pub incremental: Vec<Vec<u64>>,
}

/// The units and sessions that may go, in the order in which they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The least recently used first; what nobody recorded a use of comes before everything.
    last_use: Option<i64>,
    kind: Kind,
    /// The oldest first.
    built: Option<i64>,
    profile: usize,
    at: usize,
    /// What its removal frees.
    bytes: u64,
}

/// The cheaper to make again, the earlier it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Session,
    PathUnit,
    OtherUnit,
}

/// Adds to what goes already. `may_go` says which units and sessions are free to go. Returns what remains, in bytes, where
/// that is still too much.
pub(super) fn fit(
    cache: &Cache,
    budget: &Budget,
    verdicts: &mut Verdicts,
    may_go: &dyn Fn(usize, Item) -> bool,
) -> Option<u64> {
    let weight = |profile: usize, item: Item| {
        let (list, at) = match item {
            Item::Unit(at) => (&budget.weights.units, at),
            Item::Session(at) => (&budget.weights.incremental, at),
        };
        list.get(profile).and_then(|profile| profile.get(at)).copied().unwrap_or(0)
    };
    let freed: u64 = verdicts.gone().map(|(profile, item)| weight(profile, item)).sum();
    let mut remains = budget.weights.total.saturating_sub(freed);
    let mut ranks = Vec::new();
    for (at_profile, profile) in cache.profiles.iter().enumerate() {
        let units = profile.units.iter().enumerate().map(|(at, unit)| {
            let kind = if unit.source == Source::Path { Kind::PathUnit } else { Kind::OtherUnit };
            (Item::Unit(at), at, kind, last_use(&budget.uses, unit, profile), unit.built)
        });
        // What was not read stays: it may have been built just now.
        let sessions = profile.incremental.iter().enumerate().filter_map(|(at, session)| {
            let built = session.told.as_ref()?.built;
            let last_use = last_use_of_session(&budget.uses, session, profile);
            Some((Item::Session(at), at, Kind::Session, last_use, built))
        });
        for (item, at, kind, last_use, built) in units.chain(sessions) {
            if verdicts.is_gone(at_profile, item) || !may_go(at_profile, item) {
                continue;
            }
            let built = built.map(seconds);
            // Built counts as used: by a cargo that nobody recorded, perhaps.
            let is_spared = |since| lasting(last_use).max(built).is_some_and(|time| time >= since);
            if !budget.spare_since.is_some_and(is_spared) {
                let bytes = weight(at_profile, item);
                ranks.push(Rank { last_use, kind, built, profile: at_profile, at, bytes });
            }
        }
    }
    ranks.sort_unstable();
    for Rank { kind, profile, at, bytes, .. } in ranks {
        if remains <= budget.cap {
            break;
        }
        let item = if kind == Kind::Session { Item::Session(at) } else { Item::Unit(at) };
        verdicts.take(profile, item, Reason::OverSize { cap: budget.cap });
        remains = remains.saturating_sub(bytes);
    }
    (remains > budget.cap).then_some(remains)
}

/// Something in a profile dir, by its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Item {
    Unit(usize),
    Session(usize),
}
