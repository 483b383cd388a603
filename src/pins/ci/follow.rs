//! Every use is followed to the place where its value stands, over names and over the parts of images.

use std::collections::HashSet;
use std::ops::Range;

use super::reference::{self, Reference};
use super::{Ci, Site, Takes, Value, key};
use crate::pins::{Found, Remark, What, image};

impl<'a> Ci<'a> {
    /// Follows everything that was used, then what is called after a toolchain without being used.
    pub(in crate::pins) fn finish(mut self) -> Found {
        let mut done = HashSet::new();
        self.resolve(&mut done);
        let mut clear = Vec::new();
        for scopes in self.definitions.values() {
            for definition in scopes.values().flatten().filter(|definition| definition.is_clear) {
                clear.push((definition.value.clone(), Takes::Perhaps, definition.site.clone()));
            }
        }
        // A map has no order; which remark comes first should not be left to chance.
        clear.sort_by_key(|(value, ..)| value.span().start);
        self.uses.extend(clear);
        self.resolve(&mut done);
        self.found.pins = std::mem::take(&mut self.places).sorted();
        self.echo();
        self.found
    }

    fn resolve(&mut self, done: &mut HashSet<(usize, usize, Takes, String)>) {
        while let Some((value, takes, site)) = self.uses.pop_front() {
            let span = value.span();
            if !done.insert((span.start, span.end, takes, site.scope.clone())) {
                continue;
            }
            let references = reference::all(value.text);
            match (&references[..], takes) {
                ([one], _) if one.span == (0..value.text.len()) => self.follow(one, &value, takes, &site),
                (_, Takes::Image) => self.resolve_image(&value, &references, &site),
                ([], _) => self.pin(&value, takes, &site),
                // `$RUST_VERSION-x86_64-unknown-linux-gnu`, `${RUST_VERSION}-slim`
                ([first, ..], Takes::Tag | Takes::Digest | Takes::Name | Takes::Perhaps)
                    if first.span.start == 0 && value.text[first.span.end..].starts_with('-') =>
                {
                    self.follow(first, &value, takes, &site);
                }
                (_, Takes::Perhaps) => {}
                _ => self.unfollowed(&value),
            }
        }
    }

    /// An image's reference of several parts.
    pub(super) fn resolve_image(&mut self, value: &Value<'a>, references: &[Reference], site: &Site) {
        // What stands in place of a name does not matter, except where it would be the version.
        let mut plain = String::with_capacity(value.text.len());
        let mut versions: Vec<(Range<usize>, usize)> = Vec::new();
        let mut shifts: Vec<(usize, usize)> = vec![(0, 0)];
        let mut at = 0;
        for (index, reference) in references.iter().enumerate() {
            plain.push_str(&value.text[at..reference.span.start]);
            at = reference.span.end;
            let start = plain.len();
            let is_version = plain.ends_with(':') || plain.ends_with("rust-");
            if is_version && !value.text[at..].contains('/') {
                plain.push_str("1.0.0");
                versions.push((start..plain.len(), index));
            } else if let Some(default) = reference.default.clone().filter(|it| !it.is_empty()) {
                // Where nobody says otherwise, it is this: `${REGISTRY:-docker.io}`.
                plain.push_str(&value.text[default]);
            } else if is_proxy(&reference.name) {
                plain.push_str("proxy.x");
            } else {
                plain.push('x');
            }
            shifts.push((plain.len(), at));
        }
        plain.push_str(&value.text[at..]);
        let Some(tag) = image::tag(&plain) else {
            let before = plain.rfind(':').map_or(plain.as_str(), |colon| &plain[..colon]);
            let is_rust = image::tag(&format!("{before}:1.0.0")).is_some();
            let tag_start = value.text.rfind(':').unwrap_or(value.text.len());
            if is_rust && references.iter().any(|reference| reference.span.start > tag_start) {
                self.unfollowed(value);
            }
            return;
        };
        if let Some((_, index)) = versions.iter().find(|(range, _)| *range == tag.span) {
            let takes = if tag.frozen.is_some() { Takes::Digest } else { Takes::Tag };
            return self.follow(&references[*index], value, takes, site);
        }
        let Some((from, to)) = shifts.iter().rev().find(|(from, _)| *from <= tag.span.start) else { return };
        let start = to + (tag.span.start - from);
        let part = value.part(start..start + tag.span.len());
        if part.text != &plain[tag.span.clone()] {
            return self.unfollowed(value);
        }
        self.push(&part, tag.spelling, tag.frozen, site);
    }

    /// Goes on with the values of a name.
    fn follow(&mut self, reference: &Reference, value: &Value<'a>, takes: Takes, site: &Site) {
        let mut is_found = false;
        if let Some(default) = &reference.default
            && !default.is_empty()
        {
            self.uses.push_back((value.part(default.clone()), takes, site.clone()));
            is_found = true;
        }
        let name = key(&reference.name);
        if let Some(scopes) = self.definitions.get(&name) {
            is_found = true;
            // A template's names may get other values where it is used.
            let own = scopes.get(&site.scope).filter(|_| !site.is_template);
            let scope = own.map(|_| site.scope.clone());
            if self.followed.insert((name, takes, scope)) {
                let mut all: Vec<_> =
                    own.map_or_else(|| scopes.values().flatten().collect(), |own| own.iter().collect());
                // A map has no order.
                all.sort_by_key(|definition| definition.value.span().start);
                // In the scope of its own it is followed further.
                let found = all.into_iter().map(|it| (it.value.clone(), takes, it.site.clone()));
                self.uses.extend(found);
            }
        }
        let is_about_rust = takes != Takes::Image || reference.name.to_ascii_lowercase().contains("rust");
        if !is_found && is_about_rust {
            self.unfollowed(value);
        }
    }

    pub(super) fn unfollowed(&mut self, value: &Value<'a>) {
        let expression = value.text.to_owned();
        self.found.remarks.push(Remark { span: value.span(), what: What::Unfollowed { expression } });
    }
}

/// Registries that hand out the images of another one.
fn is_proxy(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["PROXY", "MIRROR"].iter().any(|word| name.contains(word))
}
