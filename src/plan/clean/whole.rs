//! Whole directories, whatever is in them: what a bare clean takes, `--release`, `--target`, `--doc`.
//!
//! As few entries as there can be: what lies directly in a profile dir goes by one rename each. The profile dir itself and
//! its lock files stay, because a cargo that waits for a lock that is gone would then build without one.

use super::{CleanPlan, Left, LeftWhy, Reason, Side, Where};
use crate::cache::Entry;
use crate::cache::outline::{Outline, Skeleton, TopKind, TopLevel};

/// The target dir's outline where it is the build dir as well: none of its own.
pub(super) fn decide(build: &Outline, target: Option<&Outline>, place: &Where) -> CleanPlan {
    let mut plan = CleanPlan::default();
    for (side, outline) in sides(build, target) {
        for skeleton in outline.profiles.iter().filter(|skeleton| includes(place, skeleton)) {
            plan.add(&profile_reason(place, skeleton), 0, side, &skeleton.children);
        }
        for product in outline.products.iter().filter(|product| includes_product(place, product)) {
            let reason = product.triple.clone().filter(|_| !place.triples.is_empty());
            let reason = reason.map_or(Reason::Everything, |triple| Reason::Target { triple });
            plan.add(&reason, 0, side, std::slice::from_ref(&product.entry));
        }
        if place.profile.is_none() && place.triples.is_empty() {
            let unknown = outline.unknown.iter().cloned();
            plan.left.extend(unknown.map(|it| Left::Unknown { path: it.path, why: LeftWhy(it.why) }));
        }
    }
    plan
}

/// Documentation. Cargo takes only what lies directly in the target dir, whatever triples are named.
pub(super) fn docs(build: &Outline, target: Option<&Outline>, place: &Where) -> CleanPlan {
    let mut plan = CleanPlan::default();
    for (side, outline) in sides(build, target) {
        let docs = outline.products.iter().filter(|product| product.kind == TopKind::Doc);
        let meant =
            docs.filter(|doc| doc.triple.as_ref().is_none_or(|triple| place.triples.contains(triple)));
        let entries: Vec<Entry> = meant.map(|doc| doc.entry.clone()).collect();
        plan.add(&Reason::Doc, 0, side, &entries);
    }
    plan
}

fn sides<'a>(build: &'a Outline, target: Option<&'a Outline>) -> impl Iterator<Item = (Side, &'a Outline)> {
    std::iter::once((Side::Build, build)).chain(target.map(|target| (Side::Target, target)))
}

fn includes(place: &Where, skeleton: &Skeleton) -> bool {
    let of_triple = skeleton.triple.as_ref().is_some_and(|triple| place.triples.contains(triple));
    match (&place.profile, place.triples.as_slice()) {
        (None, []) => true,
        (Some(name), []) => !skeleton.is_nested && skeleton.triple.is_none() && skeleton.name == *name,
        (name, _) => {
            !skeleton.is_nested && of_triple && name.as_ref().is_none_or(|name| skeleton.name == *name)
        }
    }
}

fn includes_product(place: &Where, product: &TopLevel) -> bool {
    match (&place.profile, place.triples.as_slice()) {
        (None, []) => true,
        (None, triples) => product.triple.as_ref().is_some_and(|triple| triples.contains(triple)),
        (Some(_), _) => false,
    }
}

fn profile_reason(place: &Where, skeleton: &Skeleton) -> Reason {
    match (&place.profile, &skeleton.triple) {
        (Some(_), _) => Reason::Profile { dir: skeleton.path.clone() },
        (None, Some(triple)) if !place.triples.is_empty() => Reason::Target { triple: triple.clone() },
        (None, _) => Reason::Everything,
    }
}
