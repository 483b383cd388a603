//! A file may make what it extends tighter, never looser: the rule for each shape of value.

use std::cmp::Ordering;

use super::layer::{Found, FoundList};
use super::model::MaxAge;
use super::shape::{Key, Tighter};
use super::words::StepName;
use crate::diagnostic::Diagnostic;
use crate::exit::Code;

/// Lays `next` over `base`. Where that would loosen, the base stays and the mistake is recorded.
/// `looser` says whether its first argument is looser than its second.
pub(super) fn value<T: ToString>(
    base: &mut Option<Found<T>>,
    next: Option<Found<T>>,
    key: &Key,
    looser: impl FnOnce(&T, &T) -> bool,
    mistakes: &mut Vec<Diagnostic>,
) {
    match (base.as_ref(), next) {
        (_, None) => {}
        (Some(held), Some(next)) if looser(&next.value, &held.value) => {
            let labels = ["set here".to_owned(), format!("`{}` stands here", held.value.to_string())];
            mistakes.push(loosened(key, &next, labels, held));
        }
        (_, Some(next)) => *base = Some(next),
    }
}

/// Steps: those of the base stay, in their order.
pub(super) fn steps(
    base: &mut Option<Found<Vec<StepName>>>,
    next: Option<Found<Vec<StepName>>>,
    key: &Key,
    mistakes: &mut Vec<Diagnostic>,
) {
    let Some(next) = next else { return };
    if let Some(held) = base.as_ref() {
        let label = if let Some(gone) = held.value.iter().find(|step| !next.value.contains(step)) {
            Some(format!("`{gone}` is missing"))
        } else {
            let kept: Vec<StepName> =
                next.value.iter().copied().filter(|step| held.value.contains(step)).collect();
            let swapped = kept.iter().zip(&held.value).find(|(kept, held)| kept != held);
            swapped.map(|(kept, held)| format!("`{kept}` comes before `{held}`"))
        };
        if let Some(label) = label {
            mistakes.push(loosened(key, &next, [label, "set here".to_owned()], held));
            return;
        }
    }
    *base = Some(next);
}

/// Lists of exceptions: once the base has the key, its entries are all that there can be. `same` says whether
/// two entries are about the same thing.
pub(super) fn fewer<T>(
    base: &mut Option<FoundList<T>>,
    next: Option<FoundList<T>>,
    key: &Key,
    same: impl Fn(&T, &T) -> bool,
    mistakes: &mut Vec<Diagnostic>,
) {
    let Some(next) = next else { return };
    if let Some(held) = base.as_ref() {
        let known = |entry: &Found<T>| held.value.iter().any(|held| same(&held.value, &entry.value));
        let before = mistakes.len();
        for added in next.value.iter().filter(|entry| !known(entry)) {
            let labels = ["this exception is added".to_owned(), "these are all that there can be".to_owned()];
            mistakes.push(loosened(key, added, labels, held));
        }
        if mistakes.len() > before {
            return;
        }
    }
    *base = Some(next);
}

/// Lists of rules: the base's stay, new ones are added. `same` says whether two entries are about the same
/// thing; then the base's stands.
pub(super) fn more<T>(
    base: &mut Option<FoundList<T>>,
    next: Option<FoundList<T>>,
    same: impl Fn(&T, &T) -> bool,
) {
    let Some(next) = next else { return };
    match base {
        None => *base = Some(next),
        Some(held) => {
            for entry in next.value {
                if !held.value.iter().any(|held| same(&held.value, &entry.value)) {
                    held.value.push(entry);
                }
            }
        }
    }
}

/// Whether the first age is looser.
pub(super) fn older(next: &MaxAge, held: &MaxAge) -> bool {
    let order = match (next, held) {
        (MaxAge::Never, MaxAge::Never) => Ordering::Equal,
        (MaxAge::Never, MaxAge::After(_)) => Ordering::Greater,
        (MaxAge::After(_), MaxAge::Never) => Ordering::Less,
        (MaxAge::After(next), MaxAge::After(held)) => next.cmp(held),
    };
    order == Ordering::Greater
}

/// Both lines, the later file's first.
pub(super) fn loosened<T, U>(key: &Key, next: &Found<T>, labels: [String; 2], held: &Found<U>) -> Diagnostic {
    let [here, there] = labels;
    let (path, base, how) = (key.path(), held.source.path.display(), how(key));
    Diagnostic::error(Code::PolicyBroken, format!("`{path}` {how} {base}"))
        .label(&next.source, next.span.clone(), here)
        .label(&held.source, held.span.clone(), there)
        .note(format!("a policy may tighten what it extends, never loosen it; {}", key.tighter_in_words()))
        .help(format!("remove it here, or change it in {base}"))
}

fn how(key: &Key) -> &'static str {
    match key.tighter {
        Tighter::Same => "differs from",
        _ => "is looser than in",
    }
}
