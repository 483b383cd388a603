//! The images of containers, services and `docker://`: a tag outright, one with an expression in it, or all of it from one.

use super::expression;
use super::scope::{Scope, Spot};
use super::source::Source;
use super::walk::{Leaf, Walk};
use crate::pins::yaml::Node;
use crate::pins::{By, Choice, Nature, image};

/// The image of a job, and those of its services.
pub(super) fn of_job(scope: &Scope<'_>, walk: &mut Walk<'_>, job: &Node, choices: &mut Vec<Choice>) {
    if let Some(container) = job.get("container") {
        let (node, rest) = match container.get("image") {
            Some(image) => (image, "container.image"),
            None => (container, "container"),
        };
        if let Some(scalar) = node.scalar() {
            let leaves = of(scope, walk, &scope.spot(scalar, rest, Nature::Job), 0);
            walk.choose(&leaves, Some(By::Container), choices);
        }
    }
    for (key, service) in job.get("services").map(Node::entries).unwrap_or_default() {
        if let Some(scalar) = service.get("image").and_then(Node::scalar) {
            let rest = format!("services.{}.image", key.value);
            let leaves = of(scope, walk, &scope.spot(scalar, &rest, Nature::Job), 0);
            walk.choose(&leaves, None, choices);
        }
    }
}

/// What names a compiler in the image reference at a place, of which the first bytes are none of it.
pub(super) fn of<'n>(scope: &Scope<'n>, walk: &mut Walk<'_>, spot: &Spot<'n>, skipped: usize) -> Vec<Leaf> {
    const INSTEAD: &str = "1.0.0";
    let value = &spot.scalar.value;
    let source = Source::of(walk.text, spot.scalar);
    let Some(reference) = value.get(skipped..) else { return Vec::new() };
    let places = expression::places(reference);
    match &places[..] {
        [] => {
            let Some(tag) = image::tag(reference) else { return Vec::new() };
            let part = skipped + tag.span.start..skipped + tag.span.end;
            let leaves = scope.part(walk, spot, &source, part);
            leaves.into_iter().map(|leaf| leaf.in_tag(tag.frozen)).collect()
        }
        [place] if place.start == 0 && place.end == reference.len() => {
            let leaves = scope.part(walk, spot, &source, skipped..value.len());
            leaves.iter().filter_map(within).collect()
        }
        [place] => {
            let written = [&reference[..place.start], INSTEAD, &reference[place.end..]].concat();
            let Some(tag) = image::tag(&written) else { return Vec::new() };
            if tag.span != (place.start..place.start + INSTEAD.len()) {
                return Vec::new();
            }
            let part = skipped + place.start..skipped + place.end;
            let leaves = scope.part(walk, spot, &source, part);
            leaves.into_iter().map(|leaf| leaf.in_tag(tag.frozen)).collect()
        }
        _ => Vec::new(),
    }
}

/// The name of the compiler in a value that is a whole reference.
fn within(leaf: &Leaf) -> Option<Leaf> {
    let tag = image::tag(&leaf.name)?;
    let part = leaf.part(&tag.span, tag.spelling)?;
    Some(Leaf { frozen: part.frozen.or(tag.frozen), ..part })
}
