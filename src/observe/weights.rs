//! What each unit and session weighs, and the whole directory: what a plan that keeps a size is decided from.

use std::path::Path;

use crate::cache::outline::Outline;
use crate::cache::size::{self, Size, Tally};
use crate::cache::{By, Cache, Entry, Finals, Unit};
use crate::plan::clean::Weights;

/// Measures all units and sessions, and everything else in the build dir. What is uplifted from a unit counts with it where it
/// goes along: a file with two names is freed with the second.
#[must_use]
pub fn weigh(outline: &Outline, cache: &Cache, uplifted: Option<&Finals>) -> Weights {
    let children = outline.profiles.iter().flat_map(|profile| profile.children.iter().cloned());
    let products = outline.products.iter().map(|product| product.entry.clone());
    let strange = outline
        .unknown
        .iter()
        .filter_map(|unknown| Some(Entry::Tree(unknown.path.strip_prefix(&outline.dir).ok()?.to_path_buf())));
    let mut all: Vec<Entry> = children.chain(products).chain(strange).collect();
    // Elsewhere they are the second names of files that are counted here.
    if let Some(finals) = uplifted.filter(|finals| finals.dir != outline.dir) {
        let same = finals.uplifted.iter().filter(|uplifted| uplifted.by == By::SameFile);
        all.extend(same.map(|uplifted| Entry::File(finals.dir.join(uplifted.entry.path()))));
    }
    let total = measure(&outline.dir, &[&all]).iter().map(|size| size.bytes).sum();
    // Each by itself: what a removal frees where a file has other names is found out as it goes.
    let units: Vec<Vec<Entry>> = cache
        .profiles
        .iter()
        .flat_map(|profile| profile.units.iter().map(|unit| (profile.relative(), unit)))
        .map(|(profile, unit)| with_uplifted(&profile, unit, uplifted))
        .collect();
    let sessions: Vec<&[Entry]> = cache
        .profiles
        .iter()
        .flat_map(|profile| &profile.incremental)
        .map(|session| session.entries.as_slice())
        .collect();
    let mut groups: Vec<&[Entry]> = units.iter().map(Vec::as_slice).collect();
    groups.extend(sessions);
    let mut sizes = measure(&cache.dir, &groups).into_iter().map(|size| size.bytes);
    let mut take = |count: usize| -> Vec<u64> { sizes.by_ref().take(count).collect() };
    let units = cache.profiles.iter().map(|profile| take(profile.units.len())).collect();
    let incremental = cache.profiles.iter().map(|profile| take(profile.incremental.len())).collect();
    Weights { total, units, incremental }
}

fn with_uplifted(profile: &Path, unit: &Unit, finals: Option<&Finals>) -> Vec<Entry> {
    let mut entries = unit.entries.clone();
    if let Some(finals) = finals {
        let of_unit = finals.uplifted.iter().filter(|uplifted| {
            uplifted.by == By::SameFile
                && uplifted.profile == profile
                && uplifted.owners.iter().any(|owner| owner.id == unit.id)
        });
        entries.extend(of_unit.map(|uplifted| Entry::File(finals.dir.join(uplifted.entry.path()))));
    }
    entries
}

fn measure(dir: &Path, groups: &[&[Entry]]) -> Vec<Size> {
    size::measure(&mut Tally::default(), dir, groups)
}
