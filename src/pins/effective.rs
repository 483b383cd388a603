//! Which compiler a CI job really runs, by rustup's own ranking, and whether that is the one that the job claims to run.
//!
//! rustup takes, in this order: `+name`, `RUSTUP_TOOLCHAIN`, an override of the directory or the toolchain file (whichever is
//! nearer, in the same directory the override; it is set in the root, as far as anybody can tell), the default (rustup's `src/config.rs`,
//! `find_active_toolchain`). So the actions that end in `rustup default` are outranked by a toolchain file, and a job that
//! says 1.70 tests the repository's own pin: that is what most of them get wrong. Which action does what stands, with its
//! source, in the table of the recogniser of workflows. The image `rust:1.70` has rustup with that default, and no more.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;

use super::name::Named;
use super::{By, Choice, Job, Spelling};
use crate::toolchain::Channel;
use crate::toolchain::channel::Kind;

/// The toolchain file that counts where the commands of a job run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearest<'a> {
    /// There is none, or it names no channel.
    Absent,
    /// It names a channel.
    Names {
        /// Relative to the repository's root.
        path: &'a Path,
        /// The channel.
        channel: &'a str,
    },
    /// The commands run in directories for which different ones count, or nobody can tell where.
    Unknown,
}

/// One way in which a job runs: for a matrix, one for each of its values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Run {
    /// What the job says that it runs; nothing where it leaves that to the repository or the machine.
    pub claimed: Option<Claim>,
    /// What runs; `None` where only the machine knows its default, or nobody can tell.
    pub effective: Option<String>,
    /// What decides that.
    pub because: Because,
}

/// What a job says that it runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The name, as it is written.
    pub name: String,
    /// Where that stands.
    pub span: Range<usize>,
    /// How it is asked for.
    pub by: By,
}

/// What decides which compiler runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Because {
    /// Something in the job, in this way.
    Chosen(By),
    /// The toolchain file outranks what the job does.
    ToolchainFile,
    /// Nothing chooses: the machine's default.
    Machine,
    /// A toolchain file may outrank what the job does, and nobody can tell which one counts.
    Unknown,
}

impl Run {
    /// Whether the claim is not what runs. What only the machine knows is not held against anybody.
    #[must_use]
    pub fn is_shadowed(&self) -> bool {
        let (Some(claim), Some(effective)) = (&self.claimed, &self.effective) else { return false };
        !is_same(&claim.name, effective)
    }
}

/// What a job runs, given the toolchain file for it: one [`Run`] for each claim, and one without where it claims nothing.
#[must_use]
pub fn compilers(job: &Job, file: Nearest<'_>) -> Vec<Run> {
    let file = if job.has_other_file { Nearest::Unknown } else { file };
    let plus = |choice: &&Choice| choice.by == By::Plus;
    let (rows, common): (Vec<_>, Vec<_>) =
        job.choices.iter().enumerate().partition(|(_, choice)| choice.is_row);
    // The values of the matrix that make runs of their own: those of what sets up the job, else those of single commands.
    let of_commands = rows.iter().all(|(_, choice)| choice.by == By::Plus);
    let mut values: Vec<Vec<(usize, &Choice)>> = Vec::new();
    let mut known: HashMap<&Range<usize>, usize> = HashMap::new();
    for row in rows.iter().filter(|(_, choice)| of_commands || choice.by != By::Plus) {
        let at = *known.entry(&row.1.span).or_insert(values.len());
        match values.get_mut(at) {
            Some(value) => value.push(*row),
            None => values.push(vec![*row]),
        }
    }
    let all = || job.choices.iter().filter(plus);
    if values.is_empty() {
        let choices: Vec<&Choice> = job.choices.iter().filter(|choice| choice.by != By::Plus).collect();
        return runs(&choices, &Commands::of(all()), job.choices.len() == 1, file)
            .unwrap_or_else(|only| only);
    }
    let of_all = Commands::of(all());
    let mut found = Distinct::default();
    let mut is_said = false;
    for value in values {
        let mut choices: Vec<(usize, &Choice)> = common.iter().chain(&value).copied().collect();
        choices.sort_by_key(|(at, _)| *at);
        let choices = choices.into_iter().map(|(_, choice)| choice);
        if of_commands {
            let commands = Commands::of(choices.clone().filter(plus));
            let choices: Vec<&Choice> = choices.filter(|choice| choice.by != By::Plus).collect();
            let is_alone = choices.len() + commands.choices.len() == 1;
            found.extend(runs(&choices, &commands, is_alone, file).unwrap_or_else(|only| only));
            continue;
        }
        let choices: Vec<&Choice> = choices.filter(|choice| choice.by != By::Plus).collect();
        let is_alone = choices.len() + of_all.choices.len() == 1;
        match runs(&choices, &of_all, is_alone, file) {
            Ok(runs) => found.extend(runs),
            // They are the same for each value.
            Err(commands) if !is_said => {
                is_said = true;
                found.extend(commands);
            }
            Err(_) => {}
        }
    }
    found.runs
}

/// Runs, each once: a value that stands in two places of a matrix makes the same run twice.
#[derive(Default)]
struct Distinct {
    runs: Vec<Run>,
    seen: HashSet<Run>,
}

impl Distinct {
    fn extend(&mut self, runs: Vec<Run>) {
        for run in runs {
            if self.seen.insert(run.clone()) {
                self.runs.push(run);
            }
        }
    }
}

/// The commands with a toolchain of their own, and by which names they ask for one.
struct Commands<'a> {
    choices: Vec<&'a Choice>,
    names: HashSet<&'a str>,
    /// By their first two numbers: the third numbers, as far as they are written.
    releases: HashMap<(u64, u64), HashSet<Option<u64>>>,
    channels: HashSet<(Kind, Option<String>)>,
}

impl<'a> Commands<'a> {
    fn of(choices: impl Iterator<Item = &'a Choice>) -> Self {
        let choices: Vec<&Choice> = choices.collect();
        let names: HashSet<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
        let mut releases: HashMap<_, HashSet<_>> = HashMap::new();
        let mut channels = HashSet::new();
        for named in names.iter().filter_map(|name| Named::parse(name, Spelling::ImageTag)) {
            match (named.release(), named) {
                (Some((major, minor, patch)), _) => {
                    releases.entry((major, minor)).or_default().insert(patch);
                }
                (None, Named::Newest) => {
                    channels.insert((Kind::Stable, None));
                }
                (None, Named::Channel(channel)) => {
                    channels.insert((channel.kind().clone(), channel.date().map(str::to_owned)));
                }
            }
        }
        Self { choices, names, releases, channels }
    }

    /// Whether one of them asks for this toolchain, as [`is_same`] has it.
    fn ask_for(&self, name: &str) -> bool {
        if self.names.contains(name) {
            return true;
        }
        let Ok(channel) = Channel::parse(name) else { return false };
        let named = Named::Channel(channel.clone());
        match named.release() {
            Some((major, minor, patch)) => self.releases.get(&(major, minor)).is_some_and(|patches| {
                patch.is_none() || patches.contains(&None) || patches.contains(&patch)
            }),
            None => {
                !channel.is_custom()
                    && self.channels.contains(&(channel.kind().clone(), channel.date().map(str::to_owned)))
            }
        }
    }
}

/// The runs of one value of the matrix: one for each claim, in the order in which they are made.
///
/// # Errors
/// Nothing is claimed: the runs are those of the commands.
fn runs(
    choices: &[&Choice],
    commands: &Commands<'_>,
    is_alone: bool,
    file: Nearest<'_>,
) -> Result<Vec<Run>, Vec<Run>> {
    let sets_up = choices.iter().any(|choice| choice.by > By::Container);
    let mut found = Vec::new();
    let mut latest = Latest::default();
    for claim in choices {
        latest.take(claim);
        if !is_claim(claim, sets_up, is_alone) {
            continue;
        }
        let run = if commands.ask_for(&claim.name) {
            // It is set up for `cargo +name`, which no file outranks.
            of_command(claim)
        } else {
            let (effective, because) = latest.active(file);
            Run { claimed: claimed(claim), effective, because }
        };
        found.push(run);
    }
    if found.is_empty() && !commands.choices.is_empty() {
        return Err(commands.choices.iter().map(|command| of_command(command)).collect());
    }
    if found.is_empty() {
        let (effective, because) = latest.active(file);
        found.push(Run { claimed: None, effective, because });
    }
    Ok(found)
}

fn of_command(choice: &Choice) -> Run {
    let because = Because::Chosen(By::Plus);
    Run { claimed: claimed(choice), effective: Some(choice.name.clone()), because }
}

fn claimed(choice: &Choice) -> Option<Claim> {
    Some(Claim { name: choice.name.clone(), span: choice.span.clone(), by: choice.by })
}

/// Whether a job says by this choice what it runs, given whether a step of it sets up a compiler and whether it has no other.
fn is_claim(choice: &Choice, sets_up: bool, is_alone: bool) -> bool {
    match choice.by {
        By::Plus => false,
        // A container's own compiler is no claim where a step sets up another.
        By::Container => !sets_up,
        // What is installed is meant for the job only where nothing else in it chooses: many are for single commands and tools.
        By::Installed => {
            is_alone && Named::parse(&choice.name, Spelling::Channel).is_some_and(|named| named.is_release())
        }
        By::Default | By::Override | By::Variable => true,
    }
}

/// What was chosen so far: of two choices in the same way, the later one counts.
#[derive(Default)]
struct Latest<'a> {
    container: Option<&'a str>,
    default: Option<&'a str>,
    overridden: Option<&'a str>,
    variable: Option<&'a str>,
}

impl<'a> Latest<'a> {
    fn take(&mut self, choice: &'a Choice) {
        let place = match choice.by {
            By::Container => &mut self.container,
            By::Default => &mut self.default,
            By::Override => &mut self.overridden,
            By::Variable => &mut self.variable,
            By::Installed | By::Plus => return,
        };
        *place = Some(&choice.name);
    }

    /// What runs after these choices, where no `+name` says otherwise.
    fn active(&self, file: Nearest<'_>) -> (Option<String>, Because) {
        let chosen = |name: Option<&str>, by| name.map(|name| (Some(name.to_owned()), Because::Chosen(by)));
        if let Some(variable) = chosen(self.variable, By::Variable) {
            return variable;
        }
        match (chosen(self.overridden, By::Override), file) {
            (Some(by_override), Nearest::Absent) => by_override,
            (Some(by_override), Nearest::Names { path, .. }) if is_in_root(path) => by_override,
            // Which of the two is nearer depends on where the override was set.
            (Some(_), Nearest::Names { .. }) | (_, Nearest::Unknown) => (None, Because::Unknown),
            (None, Nearest::Names { channel, .. }) => (Some(channel.to_owned()), Because::ToolchainFile),
            (None, Nearest::Absent) => chosen(self.default, By::Default)
                .or_else(|| chosen(self.container, By::Container))
                .unwrap_or((None, Because::Machine)),
        }
    }
}

fn is_in_root(path: &Path) -> bool {
    path.parent() == Some(Path::new(""))
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
