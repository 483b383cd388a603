//! Which places get which name: every file as it is and as it is to be, decided from what the repository says. Pure.

pub mod words;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::pins::edit::{self, Following, Refused};
use crate::pins::extra;
use crate::pins::kind::Format;
use crate::pins::survey::{FileOfPins, Placed, Survey};
use crate::pins::{Frozen, Kind, Role, Why};
use crate::toolchain::precedence::TOML;
use crate::toolchain::rewrite::{self, CannotRewrite, Parts};
use crate::toolchain::{Channel, Spec, ToolchainFile};

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What every place is to name.
    pub to: Channel,
    /// Whether the toolchain file is changed, too.
    pub scope: Scope,
    /// What is done with files that cannot be read.
    pub unreadable: OnUnreadable,
}

/// How far a change goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The toolchain file first, with these parts added; it is created where there is none.
    Everything(Parts),
    /// All but the toolchain file, which says what to name.
    AllButTheFile,
}

/// What is done with files that cannot be read as what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnUnreadable {
    /// The change does not take place.
    Stop,
    /// They are left alone.
    Skip,
}

/// The toolchain file in charge, and its text.
#[derive(Debug, Clone, Copy)]
pub struct InCharge<'a> {
    /// The file.
    pub file: &'a ToolchainFile,
    /// Its text.
    pub text: &'a Arc<str>,
}

/// One file, as it is and as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Relative to the repository.
    pub path: PathBuf,
    /// Its text now; `None`: it is created.
    pub before: Option<Arc<str>>,
    /// Its text afterwards.
    pub after: String,
    /// How many names change in it.
    pub places: usize,
}

/// A place that should name the pin, or may, and is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Relative to the repository.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
    /// Why it stays.
    pub because: Because,
}

/// Why a place stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// The text alone cannot be replaced.
    Frozen(Frozen),
    /// The place cannot name such a channel.
    Inexpressible,
    /// Nobody can tell what it is for.
    Undecided(Why),
    /// It says that it supports older releases only than the new pin is.
    NewerThanPin,
    /// The edited file would not have been the same but for the name.
    Unsafe(String),
    /// The file cannot be read as what it is.
    Unreadable(String),
}

/// What is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangePlan {
    /// The files that change, the toolchain file first.
    pub files: Vec<FileChange>,
    /// The places that stay although they name another toolchain.
    pub left: Vec<Left>,
}

/// Why nothing can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// A file cannot be read as what it is.
    Unreadable {
        /// Relative to the repository.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The toolchain file cannot hold what is asked for.
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        why: CannotRewrite,
    },
    /// A package asks for a newer compiler: cargo would refuse to build it.
    TooOld {
        /// The manifest, relative to the repository.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// Its `rust-version`.
        rust_version: String,
    },
}

/// Decides what changes.
///
/// # Errors
/// Everything that stands in the way.
pub fn change(
    survey: &Survey,
    in_charge: Option<InCharge<'_>>,
    root: &Path,
    wanted: &Wanted,
) -> Result<ChangePlan, Vec<Blocked>> {
    let mut plan = ChangePlan::default();
    let mut blocked = Vec::new();
    for file in &survey.unreadable {
        match wanted.unreadable {
            OnUnreadable::Stop => {
                blocked.push(Blocked::Unreadable { path: file.path.clone(), why: file.why.clone() })
            }
            OnUnreadable::Skip => plan.left.push(Left {
                path: file.path.clone(),
                line: file
                    .text
                    .as_ref()
                    .zip(file.span.as_ref())
                    .map_or(1, |(text, span)| Lines::default().of(text, span.start)),
                text: String::new(),
                because: Because::Unreadable(file.why.clone()),
            }),
        }
    }
    if let Scope::Everything(parts) = &wanted.scope {
        match in_toolchain_file(survey, in_charge, root, &wanted.to, parts) {
            Ok(change) => plan.files.extend(change),
            Err(why) => blocked.push(why),
        }
    }
    let main = in_charge.map(|it| it.file.path.as_path());
    for file in survey.files.iter().filter(|file| main != Some(&*survey.root.join(&file.path))) {
        let lines = Lines::default();
        for placed in file.judged() {
            let too_new = placed.role() == Role::Msrv
                && *placed.why() != Why::OtherTree
                && placed.pin.named().is_some_and(|named| named.is_newer_than(&wanted.to));
            if too_new && file.kind == Some(Kind::Manifest) {
                blocked.push(Blocked::TooOld {
                    path: file.path.clone(),
                    line: lines.of(&file.text, placed.pin.span.start),
                    rust_version: placed.pin.text.clone(),
                });
            } else if too_new {
                plan.left.push(left(file, &lines, placed, Because::NewerThanPin));
            }
        }
        in_file(survey, file, &lines, &wanted.to, &mut plan);
    }
    if blocked.is_empty() { Ok(plan) } else { Err(blocked) }
}

/// The toolchain file with the new channel; none where nothing changes in it.
fn in_toolchain_file(
    survey: &Survey,
    in_charge: Option<InCharge<'_>>,
    root: &Path,
    to: &Channel,
    parts: &Parts,
) -> Result<Option<FileChange>, Blocked> {
    let relative = |path: &Path| path.strip_prefix(&survey.root).unwrap_or(path).to_path_buf();
    let Some(InCharge { file, text }) = in_charge else {
        let path = relative(&root.join(TOML));
        return Ok(Some(FileChange { path, before: None, after: rewrite::create(to, parts), places: 1 }));
    };
    let to = for_file(to, file);
    let after = rewrite::rewrite(file, text, &to, parts)
        .map_err(|why| Blocked::File { path: relative(&file.path), why })?;
    let change = FileChange { path: relative(&file.path), before: Some(Arc::clone(text)), after, places: 1 };
    Ok((change.after != **text).then_some(change))
}

/// The name that the toolchain file gets: the host that its old name had stays, unless the new one has its own.
#[must_use]
pub fn for_file(to: &Channel, file: &ToolchainFile) -> Channel {
    match &file.spec {
        Spec::Channel(channel, _) => to.on_host_of(channel),
        Spec::Path(_) | Spec::Default(_) => to.clone(),
    }
}

fn in_file(survey: &Survey, file: &FileOfPins, lines: &Lines, to: &Channel, plan: &mut ChangePlan) {
    let mut edits = Vec::new();
    let mut edited = Vec::new();
    for placed in file.judged() {
        let because = match edit::following(&placed.pin, placed.role(), to, &survey.ground.pins) {
            Following::Stays => continue,
            Following::Moves(edit) => {
                edits.push(edit);
                edited.push(placed);
                continue;
            }
            Following::Frozen(why) => Because::Frozen(why),
            Following::Inexpressible => Because::Inexpressible,
            Following::Undecided => Because::Undecided(placed.why().clone()),
        };
        plan.left.push(left(file, lines, placed, because));
    }
    if edits.is_empty() {
        return;
    }
    let find = |text: &str| extra::with_patterns(file.kind, &file.patterns, text);
    if to.is_custom() {
        // What would be no pin any more keeps its name; the rest of the file follows.
        let kept = edit::found_again(&file.text, &edits, &find);
        let is_kept = |placed: &&Placed| kept.iter().any(|edit| edit.span == placed.pin.span);
        let (stay, lost): (Vec<&Placed>, Vec<&Placed>) = edited.into_iter().partition(is_kept);
        plan.left.extend(lost.into_iter().map(|placed| left(file, lines, placed, Because::Inexpressible)));
        (edits, edited) = (kept, stay);
    }
    if edits.is_empty() {
        return;
    }
    let edited_text = match file.kind {
        // A toolchain file is TOML or a bare name, which only its own text can tell.
        Some(kind) if file.patterns.is_empty() => edit::apply(kind, &file.text, &edits),
        kind => edit::apply_as(kind.map_or(Format::Lines, Kind::format), &file.text, &edits, &find),
    };
    match edited_text {
        Ok(after) => plan.files.push(FileChange {
            path: file.path.clone(),
            before: Some(Arc::clone(&file.text)),
            after,
            places: edits.len(),
        }),
        Err(refused) => {
            // A linked toolchain has any name: where nothing but a release or a channel is looked for, nobody would find it.
            let because = match refused {
                Refused::Pins { .. } if to.is_custom() => Because::Inexpressible,
                refused => Because::Unsafe(refused.to_string()),
            };
            plan.left.extend(edited.into_iter().map(|placed| left(file, lines, placed, because.clone())));
        }
    }
}

fn left(file: &FileOfPins, lines: &Lines, placed: &Placed, because: Because) -> Left {
    Left {
        path: file.path.clone(),
        line: lines.of(&file.text, placed.pin.span.start),
        text: placed.pin.text.clone(),
        because,
    }
}

/// The lines of one file, counted once and only when somebody asks.
#[derive(Default)]
struct Lines(OnceCell<Vec<usize>>);

impl Lines {
    /// The line of a byte, from 1.
    fn of(&self, text: &str, offset: usize) -> usize {
        let ends = self.0.get_or_init(|| text.match_indices('\n').map(|(at, _)| at).collect());
        1 + ends.partition_point(|end| *end < offset)
    }
}

#[cfg(test)]
mod tests;
