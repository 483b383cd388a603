//! Which rule of tightening holds for which key.

use semver::VersionReq;

use super::keys;
use super::layer::{Found, Layer};
use super::tighten::{fewer, loosened, more, older, steps, value};
use crate::diagnostic::Diagnostic;

/// Lays a file over what came before it. What would loosen that is left out and returned as mistakes.
pub(super) fn over(mut base: Layer, next: Layer) -> (Layer, Vec<Diagnostic>) {
    let mut wrong = Vec::new();
    together(&mut base.required, next.required);
    together(&mut base.recommended, next.recommended);
    value(&mut base.enforce, next.enforce, &keys::ENFORCE, PartialOrd::lt, &mut wrong);
    base.extends = next.extends;

    value(&mut base.channel, next.channel, &keys::CHANNEL, PartialEq::ne, &mut wrong);
    value(&mut base.r#override, next.r#override, &keys::OVERRIDE, PartialOrd::lt, &mut wrong);
    value(&mut base.install, next.install, &keys::INSTALL, PartialOrd::lt, &mut wrong);
    value(&mut base.update, next.update, &keys::UPDATE, older, &mut wrong);

    fewer(&mut base.ignore, next.ignore, &keys::IGNORE, |a, b| a.path == b.path, &mut wrong);
    // The same pattern with another role is no addition: it would let a pin go that the base holds.
    for entry in next.extra.iter().flat_map(|list| &list.value) {
        let held = base.extra.iter().flat_map(|list| &list.value).find(|held| {
            let (held, entry) = (&held.value, &entry.value);
            (&held.path, &held.pattern) == (&entry.path, &entry.pattern) && held.role != entry.role
        });
        if let Some(held) = held {
            let labels = [format!("`{}` here", entry.value.role), format!("`{}` here", held.value.role)];
            wrong.push(loosened(&keys::EXTRA, entry, labels, held));
        }
    }
    more(&mut base.extra, next.extra, |a, b| (&a.path, &a.pattern) == (&b.path, &b.pattern));

    steps(&mut base.on_build, next.on_build, &keys::ON_BUILD, &mut wrong);
    steps(&mut base.on_update, next.on_update, &keys::ON_UPDATE, &mut wrong);
    steps(&mut base.on_toolchain_change, next.on_toolchain_change, &keys::ON_TOOLCHAIN_CHANGE, &mut wrong);

    value(&mut base.scope, next.scope, &keys::SCOPE, PartialOrd::lt, &mut wrong);
    value(
        &mut base.keep_toolchains,
        next.keep_toolchains,
        &keys::KEEP_TOOLCHAINS,
        PartialOrd::gt,
        &mut wrong,
    );
    fewer(&mut base.allow_outside, next.allow_outside, &keys::ALLOW_OUTSIDE, PartialEq::eq, &mut wrong);

    value(&mut base.full, next.full, &keys::FULL, PartialOrd::lt, &mut wrong);
    value(&mut base.max_size, next.max_size, &keys::MAX_SIZE, PartialOrd::gt, &mut wrong);
    value(&mut base.background, next.background, &keys::BACKGROUND, |_, _| false, &mut wrong);

    value(&mut base.freshness, next.freshness, &keys::FRESHNESS, PartialOrd::lt, &mut wrong);
    value(&mut base.restore, next.restore, &keys::RESTORE, PartialOrd::lt, &mut wrong);
    value(&mut base.suspects, next.suspects, &keys::SUSPECTS, PartialOrd::lt, &mut wrong);
    value(&mut base.retry, next.retry, &keys::RETRY, |_, _| false, &mut wrong);
    value(&mut base.on_failure, next.on_failure, &keys::ON_FAILURE, PartialOrd::lt, &mut wrong);
    value(
        &mut base.cleans_per_week,
        next.cleans_per_week,
        &keys::CLEANS_PER_WEEK,
        PartialOrd::gt,
        &mut wrong,
    );

    more(&mut base.deny, next.deny, |a, b| a.command == b.command);
    more(&mut base.require, next.require, |a, b| {
        (&a.command, &a.args, a.when) == (&b.command, &b.args, b.when)
    });
    (base, wrong)
}

/// All requirements hold, so they become one; its place is the last file's.
fn together(base: &mut Option<Found<VersionReq>>, next: Option<Found<VersionReq>>) {
    let Some(mut next) = next else { return };
    if let Some(held) = base.take() {
        let mut comparators = held.value.comparators;
        for own in next.value.comparators {
            if !comparators.contains(&own) {
                comparators.push(own);
            }
        }
        next.value.comparators = comparators;
    }
    *base = Some(next);
}
