//! Which places get which name: every file as it is and as it is to be, decided from what the repository says. Pure.

pub mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::pins::edit::{self, Edit};
use crate::pins::extra;
use crate::pins::kind::Format;
use crate::pins::survey::{FileOfPins, Placed, Survey};
use crate::pins::{Frozen, Kind, Nature, Role, Why};
use crate::toolchain::precedence::TOML;
use crate::toolchain::rewrite::{self, CannotRewrite, Parts};
use crate::toolchain::{Channel, ToolchainFile};

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
                line: file.text.as_ref().map_or(1, |text| line_of(text, file.span.start)),
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
        for placed in file.judged() {
            let too_new = placed.role == Role::Msrv
                && placed.why != Why::OtherTree
                && placed.pin.named().is_some_and(|named| named.is_newer_than(&wanted.to));
            if too_new && file.kind == Some(Kind::Manifest) {
                blocked.push(Blocked::TooOld {
                    path: file.path.clone(),
                    line: line_of(&file.text, placed.pin.span.start),
                    rust_version: placed.pin.text.clone(),
                });
            } else if too_new {
                plan.left.push(left(file, placed, Because::NewerThanPin));
            }
        }
        in_file(survey, file, &wanted.to, &mut plan);
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
    let after = rewrite::rewrite(file, text, to, parts)
        .map_err(|why| Blocked::File { path: relative(&file.path), why })?;
    let change = FileChange { path: relative(&file.path), before: Some(Arc::clone(text)), after, places: 1 };
    Ok((change.after != **text).then_some(change))
}

fn in_file(survey: &Survey, file: &FileOfPins, to: &Channel, plan: &mut ChangePlan) {
    let mut edits = Vec::new();
    let mut edited = Vec::new();
    for placed in file.judged() {
        let pin = &placed.pin;
        let named = pin.named();
        let agrees = named.as_ref().is_some_and(|named| named.agrees_with(to));
        match placed.role {
            Role::Dev if agrees && pin.yaml_float().is_none() && !is_exact(placed) => {}
            Role::Dev if pin.text == to.as_str() => {}
            Role::Dev => {
                if let Some(why) = pin.frozen {
                    plan.left.push(left(file, placed, Because::Frozen(why)));
                    continue;
                }
                let before = survey.ground.pins.iter().find(|before| before.as_str() == pin.text);
                match pin.spell(to, before) {
                    Ok(new) => {
                        edits.push(Edit { span: pin.span.clone(), new });
                        edited.push(placed);
                    }
                    Err(_) => plan.left.push(left(file, placed, Because::Inexpressible)),
                }
            }
            Role::Undecided if !agrees => {
                plan.left.push(left(file, placed, Because::Undecided(placed.why.clone())))
            }
            Role::Undecided | Role::Msrv | Role::Deliberate | Role::Ignored => {}
        }
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
        plan.left.extend(lost.into_iter().map(|placed| left(file, placed, Because::Inexpressible)));
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
            let because = Because::Unsafe(refused.to_string());
            plan.left.extend(edited.into_iter().map(|placed| left(file, placed, because.clone())));
        }
    }
}

/// What rustup itself reads names the very channel, not one that agrees with it.
const fn is_exact(placed: &Placed) -> bool {
    matches!(placed.pin.nature, Nature::ToolchainFile | Nature::Policy)
}

fn left(file: &FileOfPins, placed: &Placed, because: Because) -> Left {
    Left {
        path: file.path.clone(),
        line: line_of(&file.text, placed.pin.span.start),
        text: placed.pin.text.clone(),
        because,
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes()[..offset.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests;
