//! Findings and places for programs. Once released, the formats only grow.
//!
//! `check`:
//!
//! ```json
//! {
//!   "format": 1,
//!   "root": "/repo",
//!   "pin": { "name": "1.78.0", "origin": "rust-toolchain.toml" },
//!   "errors": 1,
//!   "warnings": 0,
//!   "findings": [{
//!     "rule": "pin-drift", "severity": "error", "file": "ci/Dockerfile",
//!     "start": 10, "end": 14,
//!     "line": 1, "column": 11, "end-line": 1, "end-column": 15,
//!     "message": "…", "notes": ["…"], "help": ["…"]
//!   }],
//!   "notes": ["…"]
//! }
//! ```
//!
//! `show`:
//!
//! ```json
//! {
//!   "format": 1,
//!   "root": "/repo",
//!   "pin": { "name": "1.78.0", "origin": "rust-toolchain.toml" },
//!   "effective": { "name": "nightly", "origin": "environment variable `RUSTUP_TOOLCHAIN`" },
//!   "places": [{
//!     "file": "ci/Dockerfile", "start": 10, "end": 14,
//!     "line": 1, "column": 11, "end-line": 1, "end-column": 15,
//!     "place": "FROM", "name": "1.77", "role": "dev", "reason": "…", "agreement": "differs", "frozen": null
//!   }],
//!   "jobs": [{
//!     "file": ".github/workflows/ci.yml", "start": 60, "end": 64,
//!     "line": 9, "column": 3, "end-line": 9, "end-column": 7,
//!     "job": "test", "row": "1.70", "claims": "1.70", "runs": "1.78.0", "by": "toolchain-file", "shadowed": true,
//!     "commands": ["nightly"]
//!   }],
//!   "ignored": [{ "file": "vendor/Dockerfile", "reason": "not ours" }],
//!   "unreadable": [{ "file": "ci.yml", "why": "…", "line": 3, … }],
//!   "notes": ["…"]
//! }
//! ```
//!
//! `start` and `end` are bytes of the file; lines and columns count from 1, columns in UTF-16 code units, and the end is the
//! column behind the last character. Where nobody can say the place, all six are `null`. What is not there is `null`: a pin, a
//! `row` of a job without a matrix, a compiler (`runs`) that only the machine knows. Paths are relative to `root` and have `/`
//! on every system; what is not Unicode in one becomes U+FFFD.
//!
//! `role` is `dev`, `msrv`, `deliberate`, `undecided` or `ignored`; `agreement` is `agrees`, `differs` or `unrelated`;
//! `frozen` is `digest`, `commit`, `checksum`, `spelled` or `fixed`; `by` is `installed`, `container`, `default`, `override`,
//! `variable`, `plus`, `toolchain-file`, or `unknown` where the commands run in directories with different toolchain files or
//! nobody can tell where; then `runs` is `null`.

use serde_json::{Value, json};

use super::place::{Locator, Region};
use super::{Beside, Checked, Shown, agreement, by, frozen, severity};
use crate::diagnostic::Severity;
use crate::pins::Job;
use crate::pins::check::{Finding, reason, role};
use crate::pins::effective::{Run, compilers};
use crate::pins::nearest::ToolchainFiles;
use crate::pins::survey::{FileOfPins, Placed, Survey, UnreadableFile, shown};
use crate::sourced::Sourced;
use crate::toolchain::Channel;

/// Raised when the meaning of a field changes.
const FORMAT: u32 = 1;

/// The findings, with a final line feed.
#[must_use]
pub fn check(checked: &Checked<'_>) -> String {
    let survey = checked.survey;
    let mut locator = Locator::default();
    let findings: Vec<Value> = checked.findings.iter().map(|it| finding(it, locator.of(it))).collect();
    let document = json!({
        "format": FORMAT,
        "root": survey.root.to_string_lossy(),
        "pin": survey.pin.as_ref().map(|pin| channel(survey, pin)),
        "errors": checked.count(Severity::Error),
        "warnings": checked.count(Severity::Warning),
        "findings": findings,
        "notes": checked.notes,
    });
    format!("{document:#}\n")
}

/// All places, with a final line feed.
#[must_use]
pub fn show(what: &Shown<'_>) -> String {
    let survey = what.survey;
    let toolchain_files = ToolchainFiles::of(survey);
    let mut locator = Locator::default();
    let mut places = Vec::new();
    let mut jobs = Vec::new();
    for it in survey.files.iter().filter(|it| it.ignored.is_none()) {
        for placed in &it.pins {
            places.push(place(survey, it, placed, locator.find(&it.text, &placed.pin.span)));
        }
        for one in &it.jobs {
            let region = locator.find(&it.text, &one.span);
            let beside = Beside::of(one);
            let runs = compilers(one, toolchain_files.for_job(one));
            jobs.extend(runs.iter().map(|run| job(it, one, &beside, run, region)));
        }
    }
    let ignored = survey.files.iter().filter_map(|it| Some((it, it.ignored.as_ref()?)));
    let document = json!({
        "format": FORMAT,
        "root": survey.root.to_string_lossy(),
        "pin": survey.pin.as_ref().map(|pin| channel(survey, pin)),
        "effective": what.effective.map(|effective| channel(survey, effective)),
        "places": places,
        "jobs": jobs,
        "ignored": ignored.map(|(it, why)| json!({ "file": shown(&it.path), "reason": why })).collect::<Vec<_>>(),
        "unreadable": survey.unreadable.iter().map(|it| unreadable(it, &mut locator)).collect::<Vec<_>>(),
        "notes": what.notes,
    });
    format!("{document:#}\n")
}

fn channel(survey: &Survey, channel: &Sourced<Channel>) -> Value {
    json!({ "name": channel.value.as_str(), "origin": channel.origin.shown_from(&survey.root) })
}

fn finding(it: &Finding, region: Option<Region>) -> Value {
    let value = json!({
        "rule": it.rule.id(),
        "severity": severity(it.severity),
        "file": shown(&it.file),
        "message": it.message,
        "notes": it.notes,
        "help": it.help,
    });
    at(value, it.span.clone().zip(region))
}

fn place(survey: &Survey, file: &FileOfPins, placed: &Placed, region: Region) -> Value {
    let pin = &placed.pin;
    let value = json!({
        "file": shown(&file.path),
        "place": pin.place,
        "name": pin.text,
        "role": role(placed.role()),
        "reason": reason(placed.why()),
        "agreement": agreement(survey.agreement(placed)),
        "frozen": pin.frozen.map(frozen),
    });
    at(value, Some((pin.span.clone(), region)))
}

fn job(file: &FileOfPins, job: &Job, beside: &Beside<'_>, run: &Run, region: Region) -> Value {
    let value = json!({
        "file": shown(&file.path),
        "job": job.id,
        "row": beside.row(run),
        "claims": run.claimed.as_ref().map(|claim| &claim.name),
        "runs": run.effective,
        "by": by(run),
        "shadowed": run.is_shadowed(),
        "commands": beside.commands(run),
    });
    at(value, Some((job.span.clone(), region)))
}

fn unreadable(it: &UnreadableFile, locator: &mut Locator) -> Value {
    let place = it.text.as_ref().zip(it.span.as_ref());
    let region = place.map(|(text, span)| (span.clone(), locator.find(text, span)));
    at(json!({ "file": shown(&it.path), "why": it.why }), region)
}

fn at(mut value: Value, place: Option<(std::ops::Range<usize>, Region)>) -> Value {
    let (span, region) = place.unzip();
    value["start"] = json!(span.as_ref().map(|span| span.start));
    value["end"] = json!(span.as_ref().map(|span| span.end));
    value["line"] = json!(region.map(|region| region.line));
    value["column"] = json!(region.map(|region| region.column));
    value["end-line"] = json!(region.map(|region| region.end_line));
    value["end-column"] = json!(region.map(|region| region.end_column));
    value
}
