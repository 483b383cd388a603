//! Which toolchain is pinned, which one this command would run, and what the disk has of them.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::cargo_exe::{self, CargoExe};
use crate::env::Env;
use crate::plan::Presence;
use crate::plan::rulings::Toolchains;
use crate::policy::{Policy, Ruling};
use crate::sourced::{Origin, Sourced};
use crate::toolchain::channel::Kind;
use crate::toolchain::{self, Active, Channel, Identity, Stamped, ToolchainError};

/// The channel's manifest in a toolchain that rustup installed.
const MANIFEST: &str = "lib/rustlib/multirust-channel-manifest.toml";

/// What was found out about toolchains, before any policy is applied.
#[derive(Debug, Clone)]
pub struct Found {
    /// What the workspace is pinned to. `None`: nothing pins one.
    pub pin: Option<Pinned>,
    /// What the rulings are about.
    pub toolchains: Toolchains,
    /// `toolchain.channel` of the policy is the pin, and nothing else would tell rustup so.
    pub chosen_by_policy: Option<String>,
    /// rustup's own settings, where rustup is the front end.
    pub rustup: Option<toolchain::Rustup>,
}

/// The pinned toolchain, with or without rustup.
#[derive(Debug, Clone)]
pub enum Pinned {
    /// One of rustup's.
    Rustup(Active),
    /// The compiler that a cargo without rustup uses.
    System {
        /// Its executable.
        rustc: PathBuf,
        /// The channel that the policy asks for, which nobody here can install.
        wanted: Option<Sourced<Channel>>,
    },
}

impl Pinned {
    /// The name as messages show it.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Rustup(active) => active.name.value.to_string(),
            Self::System { rustc, .. } => rustc.display().to_string(),
        }
    }

    /// The name under which its identity is recorded.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Rustup(active) => active.full_name.clone(),
            Self::System { rustc, .. } => rustc.to_string_lossy().into_owned(),
        }
    }

    /// Who says so.
    #[must_use]
    pub fn origin(&self) -> Origin {
        match self {
            Self::Rustup(active) => active.name.origin.clone(),
            Self::System { wanted: Some(wanted), .. } => wanted.origin.clone(),
            // Where cargo looks for its compiler (or `RUSTC` and `build.rustc`, which name it outright).
            Self::System { wanted: None, .. } => Origin::Environment("PATH".to_owned()),
        }
    }

    /// Its compiler.
    #[must_use]
    pub fn rustc(&self) -> PathBuf {
        match self {
            Self::Rustup(active) => active.tool("rustc"),
            Self::System { rustc, .. } => rustc.clone(),
        }
    }

    /// What is installed of it. `identity` is asked for only without rustup, where a compiler is what it is.
    ///
    /// # Errors
    /// The compiler cannot say what it is.
    pub fn presence(
        &self,
        identity: impl FnOnce() -> Result<Identity, ToolchainError>,
    ) -> Result<Presence, ToolchainError> {
        match self {
            Self::Rustup(active) => Ok(presence_in_rustup(active)),
            Self::System { wanted: None, .. } => Ok(Presence::Complete),
            Self::System { wanted: Some(wanted), rustc } => {
                let identity = identity()?;
                if is_release_of(&identity, &wanted.value) {
                    return Ok(Presence::Complete);
                }
                Ok(Presence::CannotInstall(format!(
                    "the policy asks for `{}`; the cargo in use is not rustup's, and its compiler {} is {}",
                    wanted.value,
                    rustc.display(),
                    identity.short()
                )))
            }
        }
    }

    /// How long ago a moving channel was brought up to date: what xcargo remembers, else when rustup last wrote the
    /// channel's manifest.
    #[must_use]
    pub fn age(&self, refreshed: Option<i64>, now: SystemTime) -> Option<Duration> {
        let Self::Rustup(active) = self else { return None };
        if !active.name.value.is_moving() {
            return None;
        }
        let manifest = active.path.join(MANIFEST);
        let written = fs_err::metadata(manifest).and_then(|meta| meta.modified()).ok();
        let refreshed = refreshed.and_then(|seconds| {
            SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).ok()?))
        });
        // A time in the future says nothing about the past.
        [written, refreshed].into_iter().flatten().filter_map(|then| now.duration_since(then).ok()).min()
    }
}

fn presence_in_rustup(active: &Active) -> Presence {
    let missing = toolchain::missing(active);
    if !missing.toolchain && is_half_installed(active) {
        return Presence::HalfInstalled;
    }
    if missing.toolchain {
        return if active.name.value.is_custom() {
            Presence::CannotInstall(format!(
                "`{}` is a custom toolchain: only who made it can link it (`rustup toolchain link`)",
                active.name.value
            ))
        } else {
            Presence::Missing
        };
    }
    if missing.components.is_empty() && missing.targets.is_empty() {
        Presence::Complete
    } else {
        Presence::Lacks { components: missing.components, targets: missing.targets }
    }
}

/// Whether rustup began to install (or to update) it and never came to the end: it cannot run as it is. A directory
/// that is a link, or a custom toolchain's, is whatever its owner wants it to be.
fn is_half_installed(active: &Active) -> bool {
    let official = !active.name.value.is_custom() && *active.name.value.kind() != Kind::Path;
    let is_own = fs_err::symlink_metadata(&active.path).is_ok_and(|meta| meta.is_dir());
    let there = |path: &Path| fs_err::metadata(path).is_ok_and(|meta| meta.is_file());
    // rustup writes the manifest last; with it, a compiler without a driver library is one that needs none.
    let has_rustc = || {
        let stamped = Stamped::read(&active.tool("rustc"));
        stamped.is_ok_and(|stamped| stamped.has_driver() || there(&active.path.join(MANIFEST)))
    };
    official && is_own && !(there(&active.tool("cargo")) && has_rustc())
}

/// Whether a compiler that nobody manages is of the wanted channel, as far as its version can tell.
fn is_release_of(identity: &Identity, wanted: &Channel) -> bool {
    let Some(Ok(version)) = identity.release().map(semver::Version::parse) else { return false };
    match wanted.kind() {
        Kind::Stable => version.pre.is_empty(),
        Kind::Beta => version.pre.as_str().starts_with("beta"),
        Kind::Nightly => version.pre.as_str() == "nightly",
        Kind::Version { major, minor, patch, pre } => {
            version.major == *major
                && version.minor == *minor
                && patch.is_none_or(|patch| version.patch == patch)
                && pre.as_deref().map_or(version.pre.is_empty(), |pre| version.pre.as_str().starts_with(pre))
        }
        Kind::Custom | Kind::Path => false,
    }
}

/// Finds the pin and what overrides it.
///
/// # Errors
/// rustup's settings or the toolchain file cannot be read.
pub fn find(
    exe: &CargoExe,
    plus: Option<&str>,
    configured_rustc: Option<&Path>,
    env: &Env,
    policy: &Policy,
) -> Result<Found, ToolchainError> {
    let rustup = match exe.kind {
        cargo_exe::Kind::RustupProxy => toolchain::rustup(env)?,
        cargo_exe::Kind::Toolchain | cargo_exe::Kind::Unknown => None,
    };
    let wanted = policy.toolchain.channel.clone();
    let Some(rustup) = rustup else {
        let rustc = toolchain::system_rustc(&exe.path, configured_rustc, env);
        let pin = rustc.map(|rustc| Pinned::System { rustc, wanted });
        let overridden = if exe.kind == cargo_exe::Kind::Unknown { asked_for(plus, env) } else { None };
        let toolchains = Toolchains { overridden, file: None };
        return Ok(Found { pin, toolchains, chosen_by_policy: None, rustup: None });
    };
    let in_file = toolchain::in_toolchain_file(&rustup, env)?;
    let file = in_file.as_ref().map(|pin| Sourced::new(pin.name.value.to_string(), pin.name.origin.clone()));
    let (pin, chosen) = match (in_file, wanted) {
        // Where the policy does not like overrides, `rustup override set` is one, not the pin.
        (Some(_), _) if policy.toolchain.r#override.value == Ruling::Allow => {
            (toolchain::pinned(&rustup, env)?, None)
        }
        // The toolchain file is the pin; that it agrees with the policy is a matter of rulings.
        (Some(pin), _) => (Some(pin), None),
        (None, Some(channel)) => {
            let named = toolchain::active(&rustup, Some(channel.value.as_str()), env)?;
            let pin = named.map(|mut pin| {
                pin.name.origin = channel.origin;
                pin
            });
            (pin, Some(channel.value.to_string()))
        }
        (None, None) => (toolchain::pinned(&rustup, env)?, None),
    };
    let overridden = overriding(&rustup, pin.as_ref(), plus, env)?;
    let chosen_by_policy = chosen.filter(|_| overridden.is_none() && plus.is_none());
    let pin = pin.map(Pinned::Rustup);
    Ok(Found { pin, toolchains: Toolchains { overridden, file }, chosen_by_policy, rustup: Some(rustup) })
}

/// What a person asks for, where nobody knows what the cargo in between makes of it.
fn asked_for(plus: Option<&str>, env: &Env) -> Option<Sourced<String>> {
    let variable = "RUSTUP_TOOLCHAIN";
    let by_variable = || {
        let value = env.non_empty(variable)?.to_string_lossy().into_owned();
        Some(Sourced::new(value, Origin::Environment(variable.to_owned())))
    };
    plus.map(|plus| Sourced::new(plus.to_owned(), Origin::CommandLine(format!("+{plus}"))))
        .or_else(by_variable)
}

/// What this command would run, where a person chose it and it is not the pin.
fn overriding(
    rustup: &toolchain::Rustup,
    pin: Option<&Active>,
    plus: Option<&str>,
    env: &Env,
) -> Result<Option<Sourced<String>>, ToolchainError> {
    let Some(active) = toolchain::active(rustup, plus, env)? else { return Ok(None) };
    let by_a_person = matches!(
        active.name.origin,
        Origin::CommandLine(_) | Origin::Environment(_) | Origin::RustupOverride(_)
    );
    let is_pin = pin.is_some_and(|pin| {
        let pinned_for_all = !matches!(pin.name.origin, Origin::RustupOverride(_));
        pin.path == active.path && (pinned_for_all || pin.name.origin == active.name.origin)
    });
    Ok((by_a_person && !is_pin).then(|| Sourced::new(active.name.value.to_string(), active.name.origin)))
}
