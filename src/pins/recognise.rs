//! One text, one kind: the recogniser's findings, with what holds for all kinds added once.

use super::directives::Directives;
use super::marks::Told;
use super::merge::merge;
use super::{
    Found, Frozen, Kind, Pin, Remark, Unreadable, What, action, azure, bazel, circleci, clippy, compose,
    devcontainer, dockerfile, gitlab, jenkinsfile, manifest, marks, mise, nix, policy_file, prototools,
    readthedocs, tool_versions, toolchain_file, travis, woodpecker, workflow,
};

/// Finds everything in the text of a file of this kind that names a toolchain, in the order in which it stands.
///
/// # Errors
/// The text is not what its kind says, or a merge has left its conflict markers in it.
pub fn recognise(kind: Kind, text: &str) -> Result<Found, Unreadable> {
    if let Some(at) = conflict(text) {
        return Err(Unreadable {
            span: Some(at..at + 7),
            why: "a merge has left its conflict markers here".to_owned(),
        });
    }
    let mut found = match kind {
        Kind::ToolchainFile => toolchain_file::find(text),
        Kind::Policy => policy_file::find(text),
        Kind::Workflow => workflow::find(text),
        Kind::Action => action::find(text),
        Kind::Dockerfile => dockerfile::find(text),
        Kind::GitLab => gitlab::find(text),
        Kind::CircleCi => circleci::find(text),
        Kind::Azure => azure::find(text),
        Kind::Travis => travis::find(text),
        Kind::Woodpecker => woodpecker::find(text),
        Kind::Jenkinsfile => jenkinsfile::find(text),
        Kind::Devcontainer => devcontainer::find(text),
        Kind::Compose => compose::find(text),
        Kind::ToolVersions => tool_versions::find(text),
        Kind::Mise => mise::find(text),
        Kind::Prototools => prototools::find(text),
        Kind::Nix => nix::find(text),
        Kind::Bazel => bazel::find(text),
        Kind::ReadTheDocs => readthedocs::find(text),
        Kind::Clippy => clippy::find(text),
        Kind::Manifest => manifest::find(text),
    }?;
    let directives = Directives::of(kind.format(), text);
    finish(text, &directives, &mut found);
    report(text, &directives, &mut found);
    Ok(found)
}

/// Adds a remark for each comment of xcargo's without effect, when all pins of a file are known.
pub(super) fn report(text: &str, directives: &Directives, found: &mut Found) {
    found.remarks.retain(|remark| !matches!(remark.what, What::Directive { .. }));
    let places = found.pins.iter().map(|pin| &pin.span).chain(found.silenced.iter());
    let idle = directives.idle(places).into_iter().map(|directive| Remark {
        span: directive.span.clone(),
        what: What::Directive {
            written: text.get(directive.span.clone()).unwrap_or_default().to_owned(),
            is_void: directive.told.is_some(),
        },
    });
    let idle: Vec<Remark> = idle.collect();
    found.remarks.extend(idle);
    found.remarks.sort_by_key(|remark| remark.span.start);
}

/// Adds what comments say and what YAML misreads; puts everything in order, each place once.
pub(super) fn finish(text: &str, directives: &Directives, found: &mut Found) {
    // `msrv = ""` names nothing, and there is nothing to replace.
    found.pins.retain(|pin| !pin.span.is_empty());
    // Two ways may lead to one place (an alias, an expression); it is one pin.
    found.pins = merge(std::mem::take(&mut found.pins));
    settle(&mut found.pins);
    let lone = lone_releases(text, &found.pins);
    for (pin, is_lone) in found.pins.iter_mut().zip(lone) {
        pin.told = pin.told.or_else(|| directives.told(&pin.span));
        // Of several releases on a line nobody can tell which one a comment means.
        if pin.marked_msrv.is_none() && is_lone {
            pin.marked_msrv = marks::msrv_comment(text, pin);
        }
    }
    found.remarks.extend(found.pins.iter().filter_map(Pin::yaml_float));
    let is_silent = |remark: &Remark| directives.told(&remark.span) == Some(Told::Ignore);
    let (silenced, heard): (Vec<Remark>, _) = found.remarks.drain(..).partition(is_silent);
    found.silenced.extend(silenced.into_iter().map(|remark| remark.span));
    found.remarks = heard;
    found.remarks.sort_by_key(|remark| remark.span.start);
    found.remarks.dedup();
}

/// Leaves one pin where two readings of a place overlap: `1.78.0-beta.2` is a name in one place and the tag of an image in
/// another, where its version alone would move. Nobody can tell which edit would be right, so there is none.
///
/// A text that is written with escapes is a pin as a whole, and may have names in it that stand there plainly.
fn settle(pins: &mut Vec<Pin>) {
    let mut settled: Vec<Pin> = Vec::with_capacity(pins.len());
    let mut last: Option<usize> = None;
    for pin in pins.drain(..) {
        if pin.frozen == Some(Frozen::Spelled) {
            settled.push(pin);
            continue;
        }
        let before = last.map(|at| &mut settled[at]).filter(|before| pin.span.start < before.span.end);
        let Some(before) = before else {
            last = Some(settled.len());
            settled.push(pin);
            continue;
        };
        let frozen = before.frozen.or(pin.frozen).or(Some(Frozen::Spelled));
        if pin.span.len() > before.span.len() {
            *before = pin;
        }
        before.frozen = frozen;
    }
    settled.sort_by_key(|pin| (pin.span.start, pin.span.end));
    *pins = settled;
}

/// For each pin, in their order, whether it is the only release on its line. Another channel is never an oldest release.
fn lone_releases(text: &str, pins: &[Pin]) -> Vec<bool> {
    let mut lone = vec![false; pins.len()];
    let mut last: Option<(usize, usize)> = None;
    for (at, pin) in pins.iter().enumerate() {
        if !pin.named().is_some_and(|named| named.is_release()) {
            continue;
        }
        // One line is read once, however many pins stand on it.
        let is_same_line = last.is_some_and(|(_, end)| !text[end..pin.span.start.max(end)].contains('\n'));
        lone[at] = !is_same_line;
        if let Some((before, _)) = last.filter(|_| is_same_line) {
            lone[before] = false;
        }
        last = Some((at, pin.span.end));
    }
    lone
}

/// Where a line starts that only a conflict has.
fn conflict(text: &str) -> Option<usize> {
    let starts = |mark: &str| {
        let mut from = 0;
        text.split_inclusive('\n').find_map(|line| {
            let at = from;
            from += line.len();
            line.strip_prefix(mark)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '\r']))
                .then_some(at)
        })
    };
    starts("<<<<<<<").filter(|_| starts(">>>>>>>").is_some())
}

#[cfg(test)]
mod tests {
    use super::recognise;
    use crate::pins::Kind;

    /// A comment at the end of a list is about one of its items, and not about the pin among them.
    #[test]
    fn a_comment_marks_the_only_release_of_its_line() {
        for (text, marked) in [
            ("rust: 1.70.0 # MSRV\n", vec![true]),
            ("rust: [1.70.0, stable] # MSRV\n", vec![true, false]),
            ("rust: [1.70.0, 1.78.0, stable] # MSRV\n", vec![false, false, false]),
            ("rust:\n  - 1.70.0 # MSRV\n  - 1.78.0\n", vec![true, false]),
            ("rust:\n  # MSRV\n  - 1.70.0\n  - 1.78.0\n", vec![true, false]),
            ("rust:\n  # MSRV: 1.70\n  - 1.70.0\n  - 1.78.0\n", vec![true, false]),
            ("rust:\n  # - 1.70.0 # MSRV\n  - 1.78.0\n", vec![false]),
            ("# MSRV and more\nrust: [1.70.0, 1.78.0]\n", vec![false, false]),
        ] {
            let found = recognise(Kind::Travis, &format!("language: rust\n{text}")).expect("YAML");
            let is_marked: Vec<bool> = found.pins.iter().map(|pin| pin.marked_msrv.is_some()).collect();
            assert_eq!(is_marked, marked, "{text}");
        }
    }

    /// An edit in a half-merged file would be lost, or worse, merged.
    #[test]
    fn a_half_merged_file_is_not_read() {
        let text = "FROM rust:1.78.0\n<<<<<<< HEAD\nRUN a\n=======\nRUN b\n>>>>>>> other\n";
        let error = recognise(Kind::Dockerfile, text).expect_err("a conflict");
        assert_eq!(error.span.map(|span| &text[span]), Some("<<<<<<<"));
        assert!(recognise(Kind::Dockerfile, "FROM rust:1.78.0\n# <<<<<<< HEAD\n").is_ok());
    }
}
