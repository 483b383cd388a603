//! What a clean may judge by: the compilers that are known, and the lock files that count.

use std::collections::BTreeSet;

use super::build::Observed;
use super::compilers::{self, other_stamps};
use crate::cache::stamp::Stamp;
use crate::cache::{Cache, OWN_DIR};
use crate::env::Env;
use crate::plan::Causes;
use crate::plan::clean::{Compilers, Other, Owners, Packages, Rules};
use crate::policy::CleanPolicy;
use crate::toolchain::{Identity, Rustup};
use crate::workspace::Workspace;
use crate::workspace::bounds::owners::{self, OtherOwner};
use crate::workspace::lock_file::{self, Package};

/// Where the rules of a clean come from.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// What the policy says of cleans.
    pub policy: &'a CleanPolicy,
    /// Pin, lock file and stamp.
    pub observed: &'a Observed,
    /// The lock file before this command touched it.
    pub lock_before: Option<&'a [u8]>,
    /// rustup, where it is the front end: the toolchains that it has installed.
    pub rustup: Option<&'a Rustup>,
    /// For asking compilers who they are.
    pub env: &'a Env,
}

/// What a clean of this cache is judged by.
///
/// Installed compilers are asked who they are only where the cache holds units of compilers that nothing else
/// explains. The scope is the policy's; where other workspaces build into the same dir it has to be narrowed
/// ([`Rules::beside`]).
#[must_use]
pub fn rules(cache: &Cache, causes: Causes, basis: &Basis<'_>) -> Rules {
    let others = other_stamps(&cache.dir, &basis.observed.stamp_path);
    Rules {
        scope: basis.policy.scope.value,
        compilers: causes.toolchain.then(|| compilers(cache, basis, &others)).flatten(),
        packages: causes.lock.then(|| packages(basis, &others)).flatten(),
    }
}

/// Who else builds into the workspace's dirs: what their lock files name is theirs.
#[must_use]
pub fn owners(workspace: &Workspace) -> Owners {
    let (build_dir, target_dir) = (&workspace.build_dir.value, &workspace.target_dir.value);
    let others = owners::other_owners(build_dir, target_dir, workspace).into_iter();
    // Of an owner without a name at least the record can be shown.
    let other = |it: OtherOwner| Other {
        is_stamped: it.seen_in.parent().is_some_and(|dir| dir.ends_with(OWN_DIR)),
        root: it.root.unwrap_or(it.seen_in),
        packages: it.packages,
    };
    Owners { others: others.map(other).collect() }
}

fn compilers(cache: &Cache, basis: &Basis<'_>, others: &[Stamp]) -> Option<Compilers> {
    let Basis { policy, observed, rustup, env, .. } = *basis;
    let pin = observed.seen.pin.as_ref()?;
    let stamp = observed.stamp.as_ref();
    let now = observed.identity_if_installed(env);
    // The latest first: the pin of the last build, then those before it.
    let former: Vec<&Identity> =
        stamp.into_iter().flat_map(|stamp| std::iter::once(&stamp.pin).chain(&stamp.former)).collect();
    let is_pin = |identity: &Identity| match &now {
        Some(now) => identity.verbose_version == now.verbose_version,
        // Not installed yet (a dry run): what was recorded under the pin's name will be it again.
        None => observed.pin.as_ref().is_some_and(|pin| pin.name() == identity.name),
    };
    let keep = usize::try_from(policy.keep_toolchains.value).unwrap_or(usize::MAX);
    let mut stay: Vec<Identity> = now.iter().cloned().collect();
    stay.extend(former.iter().filter(|identity| is_pin(identity)).map(|identity| (*identity).clone()));
    stay.extend(
        former.iter().filter(|identity| !is_pin(identity)).take(keep).map(|identity| (*identity).clone()),
    );
    for other in others {
        stay.push(other.pin.clone());
        stay.extend(other.former.iter().take(keep).cloned());
    }
    let stays =
        |identity: &Identity| stay.iter().any(|kept| kept.verbose_version == identity.verbose_version);
    let mut gone: Vec<Identity> = former.into_iter().filter(|identity| !stays(identity)).cloned().collect();
    let unexplained = cache
        .rustc_hashes()
        .into_iter()
        .any(|hash| !stay.iter().chain(&gone).any(|identity| identity.fingerprint_hashes().contains(&hash)));
    if unexplained && let Some(rustup) = rustup {
        gone.extend(compilers::installed(rustup, env).filter(|identity| !stays(identity)));
    }
    let replaced = now.as_ref().zip(stamp).is_some_and(|(now, stamp)| {
        now.name == stamp.pin.name && now.verbose_version != stamp.pin.verbose_version
    });
    let pin = now.map_or_else(|| pin.label.clone(), |now| now.short());
    Some(Compilers { stay, gone, pin, replaced })
}

/// `None`: a lock file that cannot be read proves nothing about what left it.
fn packages(basis: &Basis<'_>, others: &[Stamp]) -> Option<Packages> {
    let Basis { observed, lock_before, .. } = *basis;
    let mut before: BTreeSet<Package> = BTreeSet::new();
    let recorded = observed.stamp.as_ref().and_then(|stamp| stamp.lock.as_deref());
    for lock in [recorded, lock_before].into_iter().flatten() {
        before.extend(lock_file::packages(lock)?);
    }
    let mut now = lock_file::packages(observed.lock.as_deref()?)?;
    for lock in others.iter().filter_map(|other| other.lock.as_deref()) {
        now.extend(lock_file::packages(lock)?);
    }
    Some(Packages { before, now })
}
