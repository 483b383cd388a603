//! Findings as SARIF 2.1.0 (OASIS): for code scanning and everything else that reads results of static analysis.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::{Value, json};

use super::place::{Locator, Region};
use super::{Checked, severity};
use crate::pins::check::{Finding, Rule};

/// Everything but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const IN_PATHS: &AsciiSet = &RESERVED.remove(b'/');
const IN_PATHS_WITH_DRIVES: &AsciiSet = &IN_PATHS.remove(b':');

/// The name of the repository's root; GitHub knows it.
const ROOT: &str = "%SRCROOT%";

/// The whole document, with a final line feed.
#[must_use]
pub fn check(checked: &Checked<'_>) -> String {
    let mut locator = Locator::default();
    let results: Vec<Value> =
        checked.findings.iter().map(|finding| result(finding, locator.of(finding))).collect();
    let notifications: Vec<Value> =
        checked.notes.iter().map(|note| json!({ "level": "note", "message": { "text": note } })).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "xcargo",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Rule::ALL.iter().map(|it| rule(*it)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": { ROOT: { "uri": root(&checked.survey.root) } },
            // The check itself went well, whatever it found.
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn rule(rule: Rule) -> Value {
    json!({
        "id": rule.id(),
        "shortDescription": { "text": rule.description() },
        "fullDescription": { "text": format!("{}.", rule.description()) },
        "help": { "text": format!("{}.", rule.way_out()) },
        "defaultConfiguration": { "level": severity(rule.severity()) },
    })
}

fn result(finding: &Finding, region: Option<Region>) -> Value {
    let mut place = json!({
        "artifactLocation": { "uri": relative(&finding.file), "uriBaseId": ROOT },
    });
    if let Some(Region { line, column, end_line, end_column }) = region {
        place["region"] = json!({
            "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column,
        });
    }
    let parts = std::iter::once(&finding.message).chain(&finding.notes).chain(&finding.help);
    let message = parts.map(String::as_str).collect::<Vec<_>>().join("\n");
    json!({
        "ruleId": finding.rule.id(),
        "ruleIndex": Rule::ALL.iter().position(|rule| *rule == finding.rule),
        "level": severity(finding.severity),
        "message": { "text": message },
        "locations": [{ "physicalLocation": place }],
    })
}

/// A path as a relative reference. Its colons are escaped, as the first part would be taken for a scheme.
fn relative(path: &Path) -> String {
    let parts = path.iter().map(|part| percent_encode(part.as_encoded_bytes(), RESERVED).to_string());
    parts.collect::<Vec<_>>().join("/")
}

/// A directory as a `file:` URI, with the slash at its end that makes other paths relative to it.
fn root(path: &Path) -> String {
    let encoded = if cfg!(windows) {
        // `\\?\C:\dir` and `C:\dir` are `/C:/dir`.
        let slashed = path.to_string_lossy().replace('\\', "/");
        let plain = slashed.trim_start_matches("//?/").trim_matches('/');
        percent_encode(plain.as_bytes(), IN_PATHS_WITH_DRIVES).to_string()
    } else {
        percent_encode(path.as_os_str().as_encoded_bytes(), IN_PATHS).to_string()
    };
    match encoded.trim_matches('/') {
        "" => "file:///".to_owned(),
        path => format!("file:///{path}/"),
    }
}
