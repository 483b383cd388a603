//! What one file says: typed and checked, each value with its place. Layers are merged, and what nobody says is
//! filled with the defaults.

use std::ops::Range;
use std::path::PathBuf;

use semver::VersionReq;

use super::model::{ByteSize, Deny, ExtraPin, IgnoredPin, MaxAge, Policy, Require};
use super::words::{
    Enforce, Freshness, FullClean, Install, OnFailure, Restore, Ruling, Scope, StepName, Suspects,
};
use crate::diagnostic::SourceText;
use crate::sourced::{Origin, Sourced};
use crate::toolchain::channel::Channel;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found<T> {
    /// The value.
    pub value: T,
    /// The file.
    pub source: SourceText,
    /// Byte offsets into the file.
    pub span: Range<usize>,
}

impl<T> Found<T> {
    fn sourced(self) -> Sourced<T> {
        let line = self.source.line_of(self.span.start);
        Sourced::new(self.value, Origin::Policy { file: self.source.path, line })
    }
}

/// A list key: the list itself has a place, and so has each entry.
pub(super) type FoundList<T> = Found<Vec<Found<T>>>;

/// Everything that a file may say; `None` where it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layer {
    pub required: Option<Found<VersionReq>>,
    pub recommended: Option<Found<VersionReq>>,
    pub enforce: Option<Found<Enforce>>,
    pub extends: Option<FoundList<PathBuf>>,
    pub channel: Option<Found<Channel>>,
    pub r#override: Option<Found<Ruling>>,
    pub install: Option<Found<Install>>,
    pub update: Option<Found<MaxAge>>,
    pub ignore: Option<FoundList<IgnoredPin>>,
    pub extra: Option<FoundList<ExtraPin>>,
    pub on_build: Option<Found<Vec<StepName>>>,
    pub on_update: Option<Found<Vec<StepName>>>,
    pub on_toolchain_change: Option<Found<Vec<StepName>>>,
    pub scope: Option<Found<Scope>>,
    pub keep_toolchains: Option<Found<u32>>,
    pub allow_outside: Option<FoundList<PathBuf>>,
    pub full: Option<Found<FullClean>>,
    pub max_size: Option<Found<ByteSize>>,
    pub background: Option<Found<bool>>,
    pub freshness: Option<Found<Freshness>>,
    pub restore: Option<Found<Restore>>,
    pub suspects: Option<Found<Suspects>>,
    pub on_failure: Option<Found<OnFailure>>,
    pub retry: Option<Found<bool>>,
    pub cleans_per_week: Option<Found<u32>>,
    pub deny: Option<FoundList<Deny>>,
    pub require: Option<FoundList<Require>>,
}

impl Layer {
    /// The policy in force once nothing more is merged in.
    pub(super) fn into_policy(self) -> Policy {
        let mut policy = Policy::defaults();
        policy.meta.required = self.required.map(Found::sourced);
        policy.meta.recommended = self.recommended.map(Found::sourced);
        fill(&mut policy.meta.enforce, self.enforce);
        policy.toolchain.channel = self.channel.map(Found::sourced);
        fill(&mut policy.toolchain.r#override, self.r#override);
        fill(&mut policy.toolchain.install, self.install);
        fill(&mut policy.toolchain.update, self.update);
        policy.pins.ignore = entries(self.ignore);
        policy.pins.extra = entries(self.extra);
        fill(&mut policy.steps.build, self.on_build);
        fill(&mut policy.steps.update, self.on_update);
        fill(&mut policy.steps.toolchain_change, self.on_toolchain_change);
        fill(&mut policy.clean.scope, self.scope);
        fill(&mut policy.clean.keep_toolchains, self.keep_toolchains);
        policy.clean.allow_outside = entries(self.allow_outside);
        fill(&mut policy.clean.full, self.full);
        policy.clean.max_size = self.max_size.map(Found::sourced);
        fill(&mut policy.clean.background, self.background);
        fill(&mut policy.cache.freshness, self.freshness);
        fill(&mut policy.cache.restore, self.restore);
        fill(&mut policy.cache.suspects, self.suspects);
        fill(&mut policy.diagnose.on_failure, self.on_failure);
        fill(&mut policy.diagnose.retry, self.retry);
        fill(&mut policy.diagnose.cleans_per_week, self.cleans_per_week);
        policy.commands.deny = entries(self.deny);
        policy.commands.require = entries(self.require);
        policy
    }
}

fn fill<T>(slot: &mut Sourced<T>, found: Option<Found<T>>) {
    if let Some(found) = found {
        *slot = found.sourced();
    }
}

fn entries<T>(list: Option<FoundList<T>>) -> Vec<Sourced<T>> {
    list.map_or_else(Vec::new, |list| list.value.into_iter().map(Found::sourced).collect())
}
