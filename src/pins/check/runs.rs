//! Which compiler each run of a CI job gets, as rustup ranks what chooses one: variable, override, toolchain file, default.

use std::ops::Range;

use crate::pins::name::{Named, Spelling};
use crate::pins::{By, Choice, Job};
use crate::toolchain::Channel;

/// One run of a job: for a matrix, one of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run<'a> {
    /// The job.
    pub job: &'a Job,
    /// The matrix value of this run, where it chooses something.
    pub row: Option<&'a Choice>,
    /// What the steps ask for with the strongest means that they use.
    pub claim: Option<&'a Choice>,
    /// What they get.
    pub gets: Gets<'a>,
    /// Single commands with a toolchain of their own.
    pub commands: Vec<&'a Choice>,
}

/// The compiler of a run, and what decides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gets<'a> {
    /// A choice of the job's own.
    Chosen(&'a Choice),
    /// The toolchain file outranks the job's choices, if there are any.
    File(&'a Channel),
    /// Whatever the machine has.
    Unknown,
}

impl Run<'_> {
    /// The choice that the toolchain file makes void: it names another compiler, and nothing else lets it run.
    #[must_use]
    pub fn shadowed(&self) -> Option<&Choice> {
        let (Some(claim), Gets::File(file)) = (self.claim, &self.gets) else { return None };
        // What cannot be read as a name cannot be said to differ.
        let differs = named(claim).is_some_and(|named| !named.agrees_with(file));
        let is_used = self.commands.iter().any(|command| command.name == claim.name);
        (differs && !is_used).then_some(claim)
    }
}

/// The runs of a job where this toolchain file counts.
#[must_use]
pub fn runs<'a>(job: &'a Job, file: Option<&'a Channel>) -> Vec<Run<'a>> {
    let mut rows: Vec<Range<usize>> =
        job.choices.iter().filter(|choice| choice.is_row).map(|choice| choice.span.clone()).collect();
    rows.sort_by_key(|span| (span.start, span.end));
    rows.dedup();
    if rows.is_empty() {
        return vec![run(job, None, file)];
    }
    rows.iter().map(|row| run(job, Some(row), file)).collect()
}

fn run<'a>(job: &'a Job, row: Option<&Range<usize>>, file: Option<&'a Channel>) -> Run<'a> {
    let here = |choice: &&Choice| !choice.is_row || row == Some(&choice.span);
    // The last one of the same strength counts, as steps run in order.
    let last = |by: By| job.choices.iter().filter(here).rfind(|choice| choice.by == by);
    let strong = last(By::Variable).or_else(|| last(By::Override));
    let weak = last(By::Default).or_else(|| last(By::Container));
    let gets = match (strong, file, weak) {
        (Some(choice), _, _) | (None, None, Some(choice)) => Gets::Chosen(choice),
        (None, Some(file), _) => Gets::File(file),
        (None, None, None) => Gets::Unknown,
    };
    Run {
        job,
        row: job.choices.iter().filter(here).find(|choice| choice.is_row),
        claim: strong.or(weak),
        gets,
        commands: job.choices.iter().filter(here).filter(|choice| choice.by == By::Plus).collect(),
    }
}

/// What a choice names; `None` for what only the CI system can tell.
fn named(choice: &Choice) -> Option<Named> {
    if choice.name.contains(['$', '{', '%']) {
        return None;
    }
    let spelling = if choice.by == By::Container { Spelling::ImageTag } else { Spelling::Channel };
    Named::parse(&choice.name, spelling)
}
