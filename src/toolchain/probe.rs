//! What the disk says about toolchains: the only place here that reads it, and that starts a compiler.

mod compiler;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::channel::Channel;
use super::error::ToolchainError;
use super::precedence::{self, Active, Decided, Pin, Seen};
use super::settings::{AutoInstall, Settings};
use super::triple::{Partial, guess_host, own_host};
use crate::env::Env;

pub use compiler::{identify, loader_path, system_rustc};

/// An installation of rustup, as its files describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rustup {
    home: PathBuf,
    settings: Settings,
    fallback_default: Option<String>,
    host: String,
}

impl Rustup {
    /// RUSTUP_HOME.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Where its toolchains are.
    #[must_use]
    pub fn toolchains_dir(&self) -> PathBuf {
        self.home.join("toolchains")
    }

    /// What it was told.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The triple that completes names of toolchains.
    #[must_use]
    pub fn default_host(&self) -> &str {
        &self.host
    }

    /// Whether its proxies install what is missing by themselves (`should_auto_install` in its `src/config.rs`).
    #[must_use]
    pub fn auto_install(&self, env: &Env) -> AutoInstall {
        match env.non_empty("RUSTUP_AUTO_INSTALL").map(|value| value.to_str()) {
            Some(Some("0")) => AutoInstall::Disable,
            Some(Some(_)) => AutoInstall::Enable,
            Some(None) | None => self.settings.auto_install,
        }
    }
}

/// What a toolchain lacks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Missing {
    /// The toolchain itself.
    pub toolchain: bool,
    /// Components of the toolchain file, as they are written there.
    pub components: Vec<String>,
    /// Targets of the toolchain file.
    pub targets: Vec<String>,
}

impl Missing {
    /// Whether nothing is missing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.toolchain && self.components.is_empty() && self.targets.is_empty()
    }
}

/// Reads rustup's settings. `None`: there is neither a `settings.toml` nor a `toolchains` directory.
///
/// # Errors
/// The settings cannot be read or are not those of rustup 1.29, or the host is unknown.
pub fn rustup(env: &Env) -> Result<Option<Rustup>, ToolchainError> {
    let Some(home) = env.rustup_home() else { return Ok(None) };
    let toolchains = home.join("toolchains");
    let path = home.join("settings.toml");
    let settings = match read(&path)? {
        Some(text) => Settings::parse(&path, &text)?,
        None if toolchains.is_dir() => Settings::default(),
        None => return Ok(None),
    };
    let host = match (&settings.default_host_triple, env.non_empty("RUSTUP_OVERRIDE_HOST_TRIPLE")) {
        (Some(host), _) => Some(host.clone()),
        (None, Some(host)) => host.to_str().map(str::to_owned),
        (None, None) => None,
    };
    let host = host.or_else(|| guess_host(own_host(), &installed_triples(&toolchains)));
    match host {
        Some(host) if Partial::parse(&host).is_some_and(|it| it.is_host()) => {
            Ok(Some(Rustup { fallback_default: fallback_default(env)?, home, settings, host }))
        }
        triple => Err(ToolchainError::Host { triple }),
    }
}

/// The toolchain that rustup would use for a command typed here: in `env`'s current directory, with `+plus`
/// (given without the plus sign). `None`: rustup has no default.
///
/// Cargo's `-C` does not count, as rustup has chosen before cargo reads it.
///
/// # Errors
/// What rustup refuses, see [`ToolchainError::rustup_fails_too`].
pub fn active(rustup: &Rustup, plus: Option<&str>, env: &Env) -> Result<Option<Active>, ToolchainError> {
    let variable = match env.non_empty(VARIABLE) {
        Some(value) => Some(value.to_str().ok_or(ToolchainError::NotUnicode(VARIABLE))?),
        None => None,
    };
    let pin = if plus.is_none() && variable.is_none() { nearest_pin(rustup, env)? } else { None };
    choose(rustup, plus, variable, pin.as_ref())
}

/// The toolchain that the directory itself asks for, whatever `+toolchain` and `RUSTUP_TOOLCHAIN` say: that of the
/// toolchain file or the user's override, else the default.
///
/// # Errors
/// As [`active`].
pub fn pinned(rustup: &Rustup, env: &Env) -> Result<Option<Active>, ToolchainError> {
    choose(rustup, None, None, nearest_pin(rustup, env)?.as_ref())
}

/// The toolchain that a toolchain file asks for, whatever overrides outrank it; `None` where there is no such file.
///
/// # Errors
/// As [`active`].
pub fn in_toolchain_file(rustup: &Rustup, env: &Env) -> Result<Option<Active>, ToolchainError> {
    match nearest(env, &|_| None)? {
        Some(pin) => choose(rustup, None, None, Some(&pin)),
        None => Ok(None),
    }
}

/// Whether the toolchain is there, by rustup's measure: its directory is.
#[must_use]
pub fn is_installed(active: &Active) -> bool {
    active.path.is_dir()
}

/// What of the toolchain, and of the parts that the toolchain file asks for, is not there.
#[must_use]
pub fn missing(active: &Active) -> Missing {
    let wants = &active.wants;
    let toolchain = !is_installed(active);
    if wants.components.is_empty() && wants.targets.is_empty() {
        return Missing { toolchain, ..Missing::default() };
    }
    let listed = fs::read_to_string(active.path.join("lib/rustlib/components")).unwrap_or_default();
    let full = Channel::parse(&active.full_name).ok();
    let host = full.as_ref().and_then(Channel::target).unwrap_or_default();
    let lacks = |wanted: &str| !listed.lines().any(|line| component(line, host) == component(wanted, host));
    Missing {
        toolchain,
        components: wants.components.iter().filter(|name| lacks(name)).cloned().collect(),
        targets: wants
            .targets
            .iter()
            .filter(|target| lacks(&format!("rust-std-{target}")))
            .cloned()
            .collect(),
    }
}

/// The toolchains on disk by their full names, in order, each with its directory: for a linked one where the link
/// leads.
#[must_use]
pub fn installed(rustup: &Rustup) -> Vec<(String, PathBuf)> {
    let dir = rustup.toolchains_dir();
    let named = names(&dir).into_iter().filter_map(|name| {
        let path = dir.join(&name);
        let is_link = fs::symlink_metadata(&path).ok()?.is_symlink();
        let path = if is_link { fs::canonicalize(&path).ok()? } else { path };
        path.is_dir().then_some((name, path))
    });
    named.collect()
}

const VARIABLE: &str = "RUSTUP_TOOLCHAIN";

fn choose(
    rustup: &Rustup,
    plus: Option<&str>,
    variable: Option<&str>,
    pin: Option<&Pin>,
) -> Result<Option<Active>, ToolchainError> {
    let toolchains = rustup.toolchains_dir();
    let default = rustup.settings.default_toolchain.as_deref().or(rustup.fallback_default.as_deref());
    let seen = Seen { toolchains: &toolchains, host: &rustup.host, plus, variable, pin, default };
    let Some(Decided { active, demands }) = precedence::decide(&seen)? else { return Ok(None) };
    match demands.into_iter().find(|(dir, _)| !dir.is_dir()) {
        Some((_, error)) => Err(error),
        None => Ok(Some(active)),
    }
}

fn nearest_pin(rustup: &Rustup, env: &Env) -> Result<Option<Pin>, ToolchainError> {
    let overrides = &rustup.settings.overrides;
    nearest(env, &|dir| {
        if overrides.is_empty() {
            return None;
        }
        // Rustup's key is the canonical path, lossily converted (`path_to_key` in its `src/settings.rs`).
        let canonical = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
        overrides.get(&*canonical.to_string_lossy()).cloned()
    })
}

fn nearest(env: &Env, override_for: &dyn Fn(&Path) -> Option<String>) -> Result<Option<Pin>, ToolchainError> {
    let cwd = env.cwd().map_err(ToolchainError::NoCurrentDir)?;
    let pin_of = |dir: &Path| {
        let text = |name| fs::read_to_string(dir.join(name)).ok();
        Pin::of(dir, override_for(dir), text(precedence::BARE), text(precedence::TOML))
    };
    Ok(cwd.ancestors().find_map(pin_of))
}

/// The default of the machine-wide settings. They exist on Unix only, and a missing or forbidden file is none.
fn fallback_default(env: &Env) -> Result<Option<String>, ToolchainError> {
    if cfg!(windows) {
        return Ok(None);
    }
    let named = env.non_empty("RUSTUP_OVERRIDE_UNIX_FALLBACK_SETTINGS").and_then(|path| path.to_str());
    let path = PathBuf::from(named.unwrap_or("/etc/rustup/settings.toml"));
    match fs::read_to_string(&path) {
        Ok(text) => Settings::parse_fallback(&path, &text),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {
            Ok(None)
        }
        Err(source) => Err(ToolchainError::Read { path, source }),
    }
}

fn read(path: &Path) -> Result<Option<String>, ToolchainError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ToolchainError::Read { path: path.to_owned(), source }),
    }
}

/// The names in `toolchains/` that rustup would take for toolchains: not of files, and not such as could only be
/// half a name (`list_toolchains` in its `src/config.rs`).
fn names(toolchains: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(toolchains) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_file()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| Channel::parse(name).is_ok_and(|it| it.is_custom() || it.target().is_some()))
        .collect();
    names.sort();
    names
}

fn installed_triples(toolchains: &Path) -> Vec<String> {
    let target = |name: &String| Some(Channel::parse(name).ok()?.target()?.to_owned());
    names(toolchains).iter().filter_map(target).collect()
}

/// A component's name without the toolchain's own target and without the `-preview` of its manifest's name, as
/// `clippy-preview-x86_64-unknown-linux-gnu`, `clippy-preview` and `clippy` are the same to rustup.
fn component<'a>(name: &'a str, host: &str) -> &'a str {
    let name = name.strip_suffix(host).and_then(|rest| rest.strip_suffix('-')).unwrap_or(name);
    name.strip_suffix("-preview").unwrap_or(name)
}

#[cfg(test)]
mod tests;
