//! Which compiler a CI job really runs, by rustup's own ranking, and whether that is the one that the job claims to run.
//!
//! rustup takes, in this order: `+name`, `RUSTUP_TOOLCHAIN`, an override of the directory or the toolchain file (whichever is
//! nearer; both stand at the root here, where the override comes first), the default (rustup's `src/config.rs`,
//! `find_active_toolchain`). So the actions that end in `rustup default` are outranked by a toolchain file, and a job that
//! says 1.70 tests the repository's own pin: that is what most of them get wrong. Which action does what stands, with its
//! source, in the table of the recogniser of workflows. The image `rust:1.70` has rustup with that default, and no more.

use std::ops::Range;

use super::name::Named;
use super::{By, Choice, Job, Spelling};
use crate::toolchain::Channel;

/// One way in which a job runs: for a matrix, one for each of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What the job says that it runs; nothing where it leaves that to the repository or the machine.
    pub claimed: Option<Claim>,
    /// What runs; `None` where only the machine knows its default.
    pub effective: Option<String>,
    /// What decides that.
    pub because: Because,
}

/// What a job says that it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The name, as it is written.
    pub name: String,
    /// Where that stands.
    pub span: Range<usize>,
    /// How it is asked for.
    pub by: By,
}

/// What decides which compiler runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// Something in the job, in this way.
    Chosen(By),
    /// The toolchain file outranks what the job does.
    ToolchainFile,
    /// Nothing chooses: the machine's default.
    Machine,
}

impl Run {
    /// Whether the claim is not what runs. What only the machine knows is not held against anybody.
    #[must_use]
    pub fn is_shadowed(&self) -> bool {
        let (Some(claim), Some(effective)) = (&self.claimed, &self.effective) else { return false };
        !is_same(&claim.name, effective)
    }
}

/// Each choice of a job is held against all others, and CI starts a few hundred runs of a matrix at most.
const MOST: usize = 1024;

/// What a job runs, given the repository's toolchain file: one [`Run`] for each claim, and one without where it claims nothing.
/// Of a job with more choices than any CI would carry out nothing is said.
#[must_use]
pub fn compilers(job: &Job, file: Option<&Channel>) -> Vec<Run> {
    if job.choices.len() > MOST {
        return Vec::new();
    }
    let alternatives = alternatives(job);
    if alternatives.is_empty() {
        let choices: Vec<&Choice> = job.choices.iter().collect();
        return runs(&choices, file);
    }
    // A value that stands in two places of a matrix makes the same run twice.
    let mut found: Vec<Run> = Vec::new();
    for (by, span) in alternatives {
        let is_ours = |choice: &&Choice| {
            !choice.is_row || choice.span == span || (choice.by == By::Plus && by != By::Plus)
        };
        let choices: Vec<&Choice> = job.choices.iter().filter(is_ours).collect();
        for run in runs(&choices, file) {
            if !found.contains(&run) {
                found.push(run);
            }
        }
    }
    found
}

/// The values of the matrix that make runs of their own: those of what sets up the job, else those of single commands.
fn alternatives(job: &Job) -> Vec<(By, Range<usize>)> {
    let of = |plus: bool| {
        let mut found: Vec<(By, Range<usize>)> = Vec::new();
        for choice in job.choices.iter().filter(|choice| choice.is_row && (choice.by == By::Plus) == plus) {
            if !found.iter().any(|(_, span)| *span == choice.span) {
                found.push((choice.by, choice.span.clone()));
            }
        }
        found
    };
    let whole = of(false);
    if whole.is_empty() { of(true) } else { whole }
}

/// The runs of one value of the matrix: one for each claim, in the order in which they are made.
fn runs(choices: &[&Choice], file: Option<&Channel>) -> Vec<Run> {
    let commands: Vec<&Choice> = choices.iter().copied().filter(|choice| choice.by == By::Plus).collect();
    let is_asked_for = |name: &str| commands.iter().any(|command| is_same(&command.name, name));
    let mut found = Vec::new();
    for (at, claim) in choices.iter().enumerate() {
        if !is_claim(claim, choices) {
            continue;
        }
        let run = if is_asked_for(&claim.name) {
            // It is set up for `cargo +name`, which no file outranks.
            Run {
                claimed: claimed(claim),
                effective: Some(claim.name.clone()),
                because: Because::Chosen(By::Plus),
            }
        } else {
            let (effective, because) = active(&choices[..=at], file);
            Run { claimed: claimed(claim), effective, because }
        };
        found.push(run);
    }
    if found.is_empty() {
        for command in &commands {
            let because = Because::Chosen(By::Plus);
            found.push(Run { claimed: claimed(command), effective: Some(command.name.clone()), because });
        }
    }
    if found.is_empty() {
        let (effective, because) = active(choices, file);
        found.push(Run { claimed: None, effective, because });
    }
    found
}

fn claimed(choice: &Choice) -> Option<Claim> {
    Some(Claim { name: choice.name.clone(), span: choice.span.clone(), by: choice.by })
}

/// Whether a job says by this choice what it runs.
fn is_claim(choice: &Choice, choices: &[&Choice]) -> bool {
    match choice.by {
        By::Plus => false,
        // A container's own compiler is no claim where a step sets up another.
        By::Container => !choices.iter().any(|other| other.by > By::Container && other.by != By::Plus),
        // What is installed is meant for the job only where nothing else in it chooses: many are for single commands and tools.
        By::Installed => {
            choices.len() == 1
                && Named::parse(&choice.name, Spelling::Channel).is_some_and(|named| named.is_release())
        }
        By::Default | By::Override | By::Variable => true,
    }
}

/// What runs after these choices, where no `+name` says otherwise.
fn active(choices: &[&Choice], file: Option<&Channel>) -> (Option<String>, Because) {
    // Of two choices in the same way, the later one counts.
    let last = |by: By| choices.iter().rev().find(|choice| choice.by == by).map(|choice| choice.name.clone());
    let chosen = |by: By| last(by).map(|name| (Some(name), Because::Chosen(by)));
    let file = file.map(|channel| (Some(channel.as_str().to_owned()), Because::ToolchainFile));
    chosen(By::Variable)
        .or_else(|| chosen(By::Override))
        .or(file)
        .or_else(|| chosen(By::Default))
        .or_else(|| chosen(By::Container))
        .unwrap_or((None, Because::Machine))
}

/// Whether both names mean the same compiler, as far as both say it.
fn is_same(ours: &str, theirs: &str) -> bool {
    if ours == theirs {
        return true;
    }
    let Some(ours) = Named::parse(ours, Spelling::ImageTag) else { return false };
    Channel::parse(theirs).is_ok_and(|theirs| ours.agrees_with(&theirs))
}

#[cfg(test)]
mod tests;
