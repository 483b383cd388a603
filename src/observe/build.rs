//! What a build or an update has to know: the pinned compiler, the lock file, and the stamp of the last build.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::toolchain::{Found, Pinned};
use super::uses::News;
use crate::cache;
use crate::cache::stamp::{self, Stamp};
use crate::env::Env;
use crate::invocation::Offline;
use crate::plan::{Lock, Network, Pin, Seen, SinceLast, SizeCheck};
use crate::toolchain::{self, Identity, Stamped, ToolchainError};
use crate::workspace::Workspace;

/// What the disk said, and what the planner makes its decision from.
#[derive(Debug)]
pub struct Observed {
    /// For the planner.
    pub seen: Seen,
    /// The last build's stamp.
    pub stamp: Option<Stamp>,
    /// Where it lies.
    pub stamp_path: PathBuf,
    /// The lock file's content now.
    pub lock: Option<Vec<u8>>,
    /// The pinned toolchain that is observed; `None` also where this command runs another one on purpose.
    pub pin: Option<Pinned>,
    /// Trash that an interrupted clean left behind.
    pub trash: bool,
    identity: OnceCell<Identity>,
    news: OnceCell<Option<News>>,
}

impl Observed {
    /// The pinned compiler's identity: the stamp's where nothing changed, else the compiler is asked, once.
    ///
    /// # Errors
    /// There is no pin, it is not installed, or it does not answer.
    pub fn identity(&self, env: &Env) -> Option<Result<Identity, ToolchainError>> {
        let pin = self.pin.as_ref()?;
        if let Some(known) = self.identity.get() {
            return Some(Ok(known.clone()));
        }
        Some(toolchain::identify(&pin.rustc(), &pin.name(), env).inspect(|found| {
            let _ = self.identity.set(found.clone());
        }))
    }

    /// As [`Observed::identity`], where there is a compiler that can be asked.
    #[must_use]
    pub fn identity_if_installed(&self, env: &Env) -> Option<Identity> {
        self.identity(env)?.ok()
    }

    /// Whether this build is to be recorded: found out once, by `look`.
    pub fn news(&self, look: impl FnOnce() -> Option<News>) -> Option<&News> {
        self.news.get_or_init(look).as_ref()
    }

    /// Another lock file is there now.
    pub fn relock(&mut self, lock: Option<Vec<u8>>) {
        self.lock = lock;
        self.news.take();
    }

    /// Whether a stamp written now would say what the one on disk says.
    #[must_use]
    pub fn is_recorded(&self, policy_digest: &str, root: &Path) -> bool {
        let Some(stamp) = &self.stamp else { return false };
        let compiler = match &self.seen.pin {
            Some(pin) => pin.since_last == SinceLast::Same,
            // Without a pin (or with another toolchain on purpose) there is nothing to record about it.
            None => true,
        };
        let root = stamp.root.as_deref() == Some(root);
        compiler
            && root
            && stamp.policy == policy_digest
            && self.seen.lock == Lock::Same
            && stamp.lock == self.lock
    }
}

/// Looks at what a build depends on. `refreshed` says when this very command brought channels up to date.
///  Starts `rustc -vV` only where the compiler's files are not those of the stamp.
///
/// # Errors
/// The compiler that the policy asks for cannot be told.
pub fn observe(
    workspace: &Workspace,
    found: &Found,
    network: Network,
    refreshed: &BTreeMap<String, i64>,
    env: &Env,
    now: SystemTime,
) -> Result<Observed, ToolchainError> {
    let stamp_path = stamp::path(&workspace.build_dir.value, &workspace.root);
    let stamp = Stamp::read(&stamp_path);
    let lock = fs_err::read(&workspace.lock_file).ok();
    let pin = found.pin.clone().filter(|_| found.toolchains.overridden.is_none());
    let mut observed = Observed {
        seen: Seen {
            pin: None,
            lock: lock_since(stamp.as_ref(), lock.as_deref()),
            network,
            size_check: SizeCheck::NotDue,
        },
        stamp,
        stamp_path,
        lock,
        pin,
        trash: cache::has_trash(&workspace.build_dir.value),
        identity: OnceCell::new(),
        news: OnceCell::new(),
    };
    observed.seen.pin =
        observed.pin.clone().map(|pin| look_at(&pin, &observed, refreshed, env, now)).transpose()?;
    Ok(observed)
}

fn lock_since(stamp: Option<&Stamp>, lock: Option<&[u8]>) -> Lock {
    match stamp.and_then(|stamp| stamp.lock.as_deref()) {
        Some(before) if Some(before) != lock => Lock::Moved,
        _ => Lock::Same,
    }
}

fn look_at(
    pin: &Pinned,
    observed: &Observed,
    refreshed: &BTreeMap<String, i64>,
    env: &Env,
    now: SystemTime,
) -> Result<Pin, ToolchainError> {
    let stamp = observed.stamp.as_ref();
    let rustc = pin.rustc();
    let name = pin.name();
    let unchanged = stamp.filter(|stamp| {
        stamp.pin.name == name && Stamped::read(&rustc).is_ok_and(|now| now == stamp.pin.stat)
    });
    if let Some(stamp) = unchanged {
        let _ = observed.identity.set(stamp.pin.clone());
    }
    let ask = || observed.identity(env).unwrap_or_else(|| toolchain::identify(&rustc, &name, env));
    let since_last = match (unchanged, stamp) {
        (Some(_), _) => SinceLast::Same,
        (None, None) => SinceLast::FirstBuild,
        (None, Some(stamp)) => {
            let to = if is_file(&rustc) { Some(ask()?) } else { None };
            match to {
                // Reinstalled or touched, but the very same compiler under the same name: no change to act upon.
                Some(to) if to.verbose_version == stamp.pin.verbose_version && stamp.pin.name == name => {
                    SinceLast::SameAnew
                }
                to => SinceLast::Moved { from: stamp.pin.short(), to: to.map(|to| to.short()) },
            }
        }
    };
    let label = pin.label();
    Ok(Pin {
        presence: pin.presence(ask)?,
        since_last,
        age: pin.age(
            refreshed.get(&label).or_else(|| stamp.and_then(|stamp| stamp.refreshed.get(&label))).copied(),
            now,
        ),
        origin: pin.origin(),
        label,
    })
}

fn is_file(path: &Path) -> bool {
    fs_err::metadata(path).is_ok_and(|meta| meta.is_file())
}

/// Whether the network may be used, as cargo judges it.
#[must_use]
pub fn network(offline: Offline, configured: Option<bool>) -> Network {
    match (offline, configured) {
        (Offline::Yes, _) => Network::Off,
        (Offline::NotSaid, Some(true)) => Network::CargoOffline,
        (Offline::NotSaid, _) => Network::Allowed,
    }
}
