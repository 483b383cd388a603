//! The findings of one file, given what the whole repository says.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::words::comment_mark;
use super::{Existence, Finding, Rule, pin};
use crate::diagnostic::Severity;
use crate::pins::effective::{self, Because, Nearest};
use crate::pins::nearest::{Names, ToolchainFiles};
use crate::pins::survey::{FileOfPins, Survey, UnreadableFile, shown};
use crate::pins::{Nature, Remark, Role, What};
use crate::toolchain::Channel;

/// What every file is held against.
pub(super) struct Ground<'a> {
    /// What the repository is pinned to.
    pub(super) pin: Option<&'a Channel>,
    /// Where the pin comes from, in words.
    pub(super) origin: String,
    /// The toolchain files.
    pub(super) toolchain_files: ToolchainFiles<'a>,
    /// The directories in which a policy names a toolchain.
    pub(super) policies: HashSet<&'a Path>,
    /// Whether a toolchain can be had.
    pub(super) known: &'a dyn Fn(&Channel) -> Existence,
}

impl<'a> Ground<'a> {
    pub(super) fn of(survey: &'a Survey, known: &'a dyn Fn(&Channel) -> Existence) -> Self {
        let origin = survey.pin.as_ref().map(|pin| pin.origin.shown_from(&survey.root)).unwrap_or_default();
        let policies = survey
            .files
            .iter()
            .filter(|file| file.pins.iter().any(|placed| placed.pin.nature == Nature::Policy));
        let policies = policies.map(|file| dir_of_policy(&file.path)).collect();
        let toolchain_files = ToolchainFiles::of(survey);
        Self { pin: survey.channel(), origin, toolchain_files, policies, known }
    }
}

/// The directory for which a policy stands: `.cargo/doctor.toml` is for the one around `.cargo`.
pub(super) fn dir_of_policy(path: &Path) -> &Path {
    let dir = path.parent().unwrap_or(Path::new(""));
    if dir.ends_with(".cargo") { dir.parent().unwrap_or(dir) } else { dir }
}

/// What is wrong in a file that nobody ignores.
pub(super) fn findings(file: &FileOfPins, ground: &Ground<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let is_shadowed = shadowed_file(file, ground, &mut found);
    if !is_shadowed {
        for placed in file.judged() {
            found.extend(pin::findings(file, placed, ground));
        }
    }
    let ignored: HashSet<&Range<usize>> = file
        .pins
        .iter()
        .filter(|placed| placed.role() == Role::Ignored)
        .map(|placed| &placed.pin.span)
        .collect();
    found.extend(
        file.remarks
            .iter()
            .filter(|remark| !ignored.contains(&remark.span))
            .map(|remark| of_remark(file, remark)),
    );
    let shadowed = of_jobs(file, ground, &ignored);
    // A choice without effect is worse than one without a role; and a choice that follows the pin is mended by that.
    let void: HashSet<&Range<usize>> = shadowed.iter().filter_map(|finding| finding.span.as_ref()).collect();
    found.retain(|finding| {
        finding.rule != Rule::UndecidedPin || finding.span.as_ref().is_none_or(|span| !void.contains(span))
    });
    let drifted: HashSet<Range<usize>> = found
        .iter()
        .filter(|finding| matches!(finding.rule, Rule::PinDrift | Rule::DigestPinned))
        .filter_map(|finding| finding.span.clone())
        .collect();
    found.extend(
        shadowed
            .into_iter()
            .filter(|finding| finding.span.as_ref().is_none_or(|span| !drifted.contains(span))),
    );
    found
}

/// A file that is no YAML, no TOML, half merged, or not to be opened.
pub(super) fn unreadable(file: &UnreadableFile) -> Finding {
    Finding {
        rule: Rule::Unreadable,
        severity: Rule::Unreadable.severity(),
        file: file.path.clone(),
        text: file.text.clone(),
        span: file.span.clone(),
        message: format!("the file cannot be read: {}", file.why),
        notes: Vec::new(),
        help: vec!["mend it, or name it under `ignore` in `[pins]` of doctor.toml".to_owned()],
    }
}

/// A finding at a place of a file.
pub(super) fn finding(
    file: &FileOfPins,
    rule: Rule,
    span: impl Into<Option<Range<usize>>>,
    message: String,
) -> Finding {
    Finding {
        rule,
        severity: rule.severity(),
        file: file.path.clone(),
        text: Some(Arc::clone(&file.text)),
        span: span.into(),
        message,
        notes: Vec::new(),
        help: Vec::new(),
    }
}

impl Finding {
    /// With a cause, or something else worth knowing.
    pub(super) fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// With a way out.
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }
}

/// `rust-toolchain.toml` beside `rust-toolchain`. Whether this is such a file: nothing else is to be said of it then.
fn shadowed_file(file: &FileOfPins, ground: &Ground<'_>, found: &mut Vec<Finding>) -> bool {
    let Some(winner) = file.shadowed_by() else { return false };
    let dir = winner.parent().unwrap_or(Path::new(""));
    let Some(wins) = ground.toolchain_files.in_dir(dir).filter(|wins| wins.path == winner) else {
        return false;
    };
    let own = file.pins.iter().find(|placed| placed.pin.nature == Nature::ToolchainFile);
    let names = own.map_or(Names::Nothing, |placed| Names::Channel(&placed.pin.text));
    let severity = if names == wins.names { Severity::Warning } else { Severity::Error };
    let span = own.map(|placed| placed.pin.span.clone());
    let message = format!("rustup reads `{}` and not this file", shown(wins.path));
    let named = |names: Names<'_>| match names {
        Names::Channel(name) => format!("`{name}`"),
        Names::Nothing => "no channel".to_owned(),
        Names::Unknown => "what cannot be read".to_owned(),
    };
    found.push(
        Finding { severity, ..finding(file, Rule::ShadowedFile, span, message) }
            .note(format!("this file names {}, the other {}", named(names), named(wins.names)))
            .help("remove one of the two files"),
    );
    true
}

fn of_remark(file: &FileOfPins, remark: &Remark) -> Finding {
    let at = |rule, message| finding(file, rule, remark.span.clone(), message);
    match &remark.what {
        What::YamlFloat { written, read } => {
            let message = format!("YAML reads `{written}` as the number {read}");
            at(Rule::YamlFloat, message)
                .help(format!("put it in quotes, `\"{written}\"`, or write its three numbers"))
        }
        What::RefWithInput { reference } => {
            let message =
                format!("the action's ref `{reference}` chooses the toolchain, and the input does nothing");
            at(Rule::RefWithInput, message)
                .note("only refs such as `@master` have an input `toolchain`")
                .help("name the version in one place: remove the input, or use `@master`")
        }
        What::Unfollowed { expression } => {
            let message = format!("`{expression}` cannot be followed to a value in this file");
            at(Rule::UnfollowedExpression, message)
                .note("the toolchain that it names is neither checked nor brought in step")
        }
        What::Compared { value } => {
            let message = format!("a condition compares a value of the matrix with `{value}`");
            at(Rule::UnfollowedExpression, message)
                .note("it does not change when the value does")
                .help("compare the whole value in an expression, `matrix.x == '…'`, or change both by hand")
        }
        What::Directive { written, is_void: true } => {
            let message = format!("`{written}` has no effect: no toolchain is named where it counts");
            at(Rule::UnknownDirective, message)
                .note("it counts for its own line; alone on a line, for the line below, in YAML with all that belongs to it")
                .help("put it behind the toolchain that it is about, or remove it")
        }
        What::Directive { written, is_void: false } => {
            let mark = comment_mark(file.kind);
            at(Rule::UnknownDirective, format!("`{written}` is not understood, and has no effect")).help(
                format!("write `{mark} xcargo: ignore` or `{mark} xcargo: role=…`: dev, msrv or deliberate"),
            )
        }
        What::NoVersion { captured } => {
            let message =
                format!("a pattern of `pins.extra` captures `{captured}`, which names no toolchain");
            at(Rule::PatternCapturesNoVersion, message)
                .note("it is neither checked nor brought in step")
                .help("let the pattern's group match a version alone, such as `1.78.0`")
        }
    }
}

/// Each choice of a job that the toolchain file makes void, once.
fn of_jobs(file: &FileOfPins, ground: &Ground<'_>, ignored: &HashSet<&Range<usize>>) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for job in &file.jobs {
        let file_of_job = ground.toolchain_files.for_job(job);
        let Nearest::Names { path, channel } = file_of_job else { continue };
        let rows: HashSet<&Range<usize>> =
            job.choices.iter().filter(|choice| choice.is_row).map(|choice| &choice.span).collect();
        for run in effective::compilers(job, file_of_job) {
            let is_void = run.because == Because::ToolchainFile && run.is_shadowed();
            let (true, Some(claim)) = (is_void, &run.claimed) else { continue };
            if ignored.contains(&claim.span) || !seen.insert(claim.span.clone()) {
                continue;
            }
            let is_row = rows.contains(&claim.span);
            let message = format!(
                "job `{}` chooses `{}`, but runs `{channel}`: the toolchain file outranks it",
                job.id, claim.name
            );
            // Many install `stable` only to have rustup read the file; in a matrix it is a promise.
            let is_bootstrap = claim.name == "stable" && !is_row;
            let severity = if is_bootstrap { Severity::Warning } else { Severity::Error };
            found.push(
                Finding { severity, ..finding(file, Rule::ShadowedToolchain, claim.span.clone(), message) }
                    .note(format!(
                        "`{}` outranks `rustup default` and the image's own toolchain",
                        shown(path)
                    ))
                    .help("choose it with `RUSTUP_TOOLCHAIN`, `cargo +name` or `rustup override set`"),
            );
        }
    }
    found
}
