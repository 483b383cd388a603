//! What a repository's files say about toolchains: its tree is walked, and what may name one is read and recognised on all
//! cores. No link is followed, nothing that git ignores and does not track is looked at, and no nested repository.

mod read;
mod repository;
mod rules;
mod trees;
mod walk;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use crate::env::Env;
use crate::pins::Kind;
use crate::pins::role::{self, Ground};
use crate::pins::survey::{FileOfPins, Placed, Survey, UnreadableFile};
use crate::policy::Policy;
use crate::policy::load::Loaded;
use crate::sourced::{Origin, Sourced};
use crate::toolchain::{Channel, Spec, ToolchainError, ToolchainFile};
use crate::workspace::Workspace;
use read::Read;
pub use repository::{repository, toolchain_file};
use rules::Rules;
use trees::Trees;

/// What is looked at, and by what rules.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Its policy, where it has one.
    pub loaded: Option<&'a Loaded>,
    /// What the repository was pinned to before: what names one of these follows, too.
    pub lately: Vec<Channel>,
    /// The environment.
    pub env: &'a Env,
}

/// What was found.
#[derive(Debug)]
pub struct Seen {
    /// Every place, and what it is for.
    pub survey: Survey,
    /// The toolchain file in charge of the workspace, where the repository has one.
    pub file: Option<ToolchainFile>,
    /// Its text.
    pub text: Option<Arc<str>>,
}

/// Looks at the whole repository.
///
/// # Errors
/// The toolchain file in charge is broken.
pub fn survey(asked: &Asked<'_>) -> Result<Seen, ToolchainError> {
    let workspace = asked.workspace;
    let top = repository(&workspace.root, asked.env);
    let in_charge = toolchain_file(&workspace.root, &top)?;
    let (file, text) = in_charge.unzip();
    let defaults;
    let policy = match asked.loaded {
        Some(loaded) => &loaded.policy,
        None => {
            defaults = Policy::defaults();
            &defaults
        }
    };
    let pin = pin(file.as_ref(), policy);
    let policies = repository::policies(asked.loaded, &top, asked.env);
    let rules = Rules::of(&policy.pins, policies, manifests(workspace));
    let paths = walk::walk(workspace, &top, file.as_ref(), &rules);
    let read: Vec<Read> =
        paths.par_iter().filter_map(|path| Read::of(path, &top, workspace, &rules)).collect();

    let is_manifest = |read: &&Read| read.kind == Some(Kind::Manifest);
    let rust_versions = read.iter().filter(is_manifest).flat_map(Read::names).collect();
    let ground = Ground {
        pins: pin.iter().map(|pin| pin.value.clone()).chain(asked.lately.clone()).collect(),
        rust_versions,
    };
    let trees = Trees::of(&read, file.as_ref().map(|file| file.path.as_path()), &top, &ground);
    let mut files = Vec::new();
    let mut unreadable = Vec::new();
    for read in read {
        let relative = read.path.strip_prefix(&top).unwrap_or(&read.path).to_path_buf();
        match read.found {
            Ok(mut found) => {
                role::mark_by_path(&relative, read.kind, &ground, &mut found);
                let tree = trees.tree(&read.path, read.kind);
                let place = |pin| {
                    let judged = role::judge(&pin, &ground, tree);
                    Placed { pin, judged }
                };
                let placed = found.pins.into_iter().map(place).collect();
                files.push(FileOfPins {
                    path: relative,
                    kind: read.kind,
                    text: read.text,
                    pins: placed,
                    remarks: found.remarks,
                    jobs: found.jobs,
                    patterns: read.patterns,
                    ignored: read.ignored,
                });
            }
            Err(_) if read.ignored.is_some() => {}
            Err(error) => {
                let text = Some(read.text).filter(|text| !text.is_empty());
                unreadable.push(UnreadableFile { path: relative, why: error.why, span: error.span, text });
            }
        }
    }
    let survey = Survey { root: top, pin, ground, files, unreadable };
    Ok(Seen { survey, file, text: text.map(Arc::from) })
}

/// What the repository is pinned to: by its toolchain file, else by its policy.
fn pin(file: Option<&ToolchainFile>, policy: &Policy) -> Option<Sourced<Channel>> {
    let by_file = file.and_then(|file| match &file.spec {
        Spec::Channel(channel, _) => {
            Some(Sourced::new(channel.clone(), Origin::ToolchainFile(file.path.clone())))
        }
        Spec::Path(_) | Spec::Default(_) => None,
    });
    by_file.or_else(|| policy.toolchain.channel.clone())
}

/// The manifests whose `rust-version` counts: those of the workspace.
fn manifests(workspace: &Workspace) -> HashSet<PathBuf> {
    let mut found = HashSet::from([workspace.manifest.clone()]);
    // A workspace that cargo cannot read is said by cargo; its root counts all the same.
    found.extend(workspace.members().into_iter().flatten().map(|member| member.manifest));
    found
}

#[cfg(test)]
mod tests;
