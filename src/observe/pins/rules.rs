//! What a file is by its path: by its name, by the globs and patterns of `[pins]`, and by being the workspace's own.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobMatcher};
use regex::Regex;

use crate::pins::Kind;
use crate::pins::extra::Pattern;
use crate::policy::PinsPolicy;
use crate::workspace::Workspace;

/// What is a pin and what is none, for the files of one repository.
pub(super) struct Rules {
    pub(super) ignored: Vec<(GlobMatcher, String)>,
    extra: Vec<(GlobMatcher, Pattern)>,
    /// The workspace's policy and what it extends inside the repository.
    policies: HashSet<PathBuf>,
    /// The manifests whose `rust-version` counts: those of the workspace.
    manifests: HashSet<PathBuf>,
}

impl Rules {
    /// The policy has been validated: what does not compile here did not compile there.
    pub(super) fn of(policy: &PinsPolicy, policies: HashSet<PathBuf>, manifests: HashSet<PathBuf>) -> Self {
        let glob = |text: &str| Glob::new(text).ok().map(|glob| glob.compile_matcher());
        let ignored =
            policy.ignore.iter().filter_map(|it| Some((glob(&it.value.path)?, it.value.reason.clone())));
        let extra = policy.extra.iter().filter_map(|it| {
            let it = &it.value;
            let regex = Regex::new(&it.pattern).ok()?;
            Some((glob(&it.path)?, Pattern { regex, role: it.role.into() }))
        });
        Self { ignored: ignored.collect(), extra: extra.collect(), policies, manifests }
    }

    /// What kind of file it is, where it may name a toolchain. Another workspace's policy and manifests are nothing to this one.
    pub(super) fn kind(&self, path: &Path, names: &Names<'_>) -> Option<Kind> {
        // A policy that another one extends may have any name.
        if self.policies.contains(path) {
            return Some(Kind::Policy);
        }
        Kind::of(names.in_repository).filter(|kind| match kind {
            Kind::Policy => false,
            Kind::Manifest => self.manifests.contains(path),
            _ => true,
        })
    }

    /// The policy files that count as pins.
    pub(super) fn policies(&self) -> impl Iterator<Item = &PathBuf> {
        self.policies.iter()
    }

    pub(super) fn patterns<'a>(&'a self, names: &'a Names<'_>) -> impl Iterator<Item = &'a Pattern> {
        self.extra.iter().filter(|(glob, _)| names.match_glob(glob)).map(|(_, pattern)| pattern)
    }

    pub(super) fn is_extra(&self, names: &Names<'_>) -> bool {
        self.patterns(names).next().is_some()
    }
}

/// A path as globs may mean it: from the workspace's root, and from the repository's.
pub(super) struct Names<'a> {
    pub(super) in_workspace: Option<&'a Path>,
    pub(super) in_repository: &'a Path,
}

impl<'a> Names<'a> {
    pub(super) fn of(path: &'a Path, top: &Path, workspace: &Workspace) -> Self {
        Self {
            in_workspace: path.strip_prefix(&workspace.root).ok(),
            in_repository: path.strip_prefix(top).unwrap_or(path),
        }
    }

    pub(super) fn match_glob(&self, glob: &GlobMatcher) -> bool {
        self.in_workspace.is_some_and(|path| glob.is_match(path)) || glob.is_match(self.in_repository)
    }
}
