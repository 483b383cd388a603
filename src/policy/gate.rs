//! Is this xcargo one that the policy is written for? Judged before anything else, and of nothing but
//! `policy.xcargo`, so that a file for a newer xcargo says "upgrade" and not "unknown key".

use semver::{Prerelease, Version, VersionReq};

use super::raw::{Entry, Node, Raw};
use crate::diagnostic::{Diagnostic, SourceText};
use crate::exit::Code;

/// What `policy.xcargo` of one file says about this xcargo.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// It may use the policy.
    Fits,
    /// It may, but should not: a warning.
    Outdated(Diagnostic),
    /// It may not: an error.
    Refused(Diagnostic),
}

/// Judges one file. What is not a valid requirement is no business of the gate; reading the file finds it.
pub(super) fn judge(source: &SourceText, entries: &[Entry], version: &Version) -> Verdict {
    let asked = asked(entries);
    if let Some((node, requirement)) = asked.required.filter(|(_, asked)| !satisfies(version, asked)) {
        let message = format!("this policy needs xcargo {requirement}, this is {version}");
        return Verdict::Refused(
            Diagnostic::error(Code::PolicyBroken, message)
                .label(source, node.span.clone(), "required here")
                .note("nothing else in the policy was judged")
                .help(WAY_OUT)
                .help("`XCARGO_POLICY=off` runs a single command without the policy"),
        );
    }
    if let Some((node, requirement)) = asked.recommended.filter(|(_, asked)| !satisfies(version, asked)) {
        let message = format!("this policy recommends xcargo {requirement}, this is {version}");
        return Verdict::Outdated(
            Diagnostic::warning(Code::PolicyBroken, message)
                .label(source, node.span.clone(), "recommended here")
                .help(WAY_OUT),
        );
    }
    Verdict::Fits
}

const WAY_OUT: &str =
    "install such an xcargo from its repository (the `xcargo` of the public registry is another program)";

type Asked<'a> = Option<(&'a Node, VersionReq)>;

#[derive(Default)]
struct Versions<'a> {
    required: Asked<'a>,
    recommended: Asked<'a>,
}

fn asked(entries: &[Entry]) -> Versions<'_> {
    let Some(node) = field(entries, "policy").and_then(|policy| field(policy.table(), "xcargo")) else {
        return Versions::default();
    };
    match &node.value {
        Raw::Text(_) => Versions { required: requirement(Some(node)), recommended: None },
        _ => Versions {
            required: requirement(field(node.table(), "required")),
            recommended: requirement(field(node.table(), "recommended")),
        },
    }
}

fn field<'a>(entries: &'a [Entry], name: &str) -> Option<&'a Node> {
    entries.iter().find(|entry| entry.key == name).map(|entry| &entry.node)
}

fn requirement(node: Option<&Node>) -> Asked<'_> {
    match node {
        Some(node @ Node { value: Raw::Text(text), .. }) => Some((node, VersionReq::parse(text).ok()?)),
        _ => None,
    }
}

/// A pre-release counts as the release that it leads to: who tries `0.3.0-beta.1` has what `>=0.3` asks for. By
/// semver's own rule no requirement without a pre-release would match it.
fn satisfies(version: &Version, requirement: &VersionReq) -> bool {
    let release = Version { pre: Prerelease::EMPTY, ..version.clone() };
    requirement.matches(version) || requirement.matches(&release)
}

impl Node {
    fn table(&self) -> &[Entry] {
        match &self.value {
            Raw::Table(entries) => entries,
            _ => &[],
        }
    }
}
