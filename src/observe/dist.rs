//! What the dist server has: asked over HTTP, or read from a directory, as rustup does it.
//!
//! Addresses are those of rustup's `src/dist/mod.rs`: `<server>/dist/[<date>/]channel-rust-<name>.toml`, each with its
//! `.sha256` beside it. The small one is asked, as it stands and falls with the other.

mod address;
mod answers;
mod error;
mod proxy;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use self::address::{host_of, path_of, without_password};
pub use self::answers::Answers;
pub use self::error::{Cause, DistError};
use crate::env::Env;
use crate::pins::check::Existence;
use crate::toolchain::Channel;
use crate::toolchain::channel::Kind;

/// Where Rust's releases are published.
const OFFICIAL: &str = "https://static.rust-lang.org";

/// How long the server may take, and how much it may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until it takes the connection.
    pub connect: Duration,
    /// For a whole answer.
    pub whole: Duration,
    /// The bytes of an answer.
    pub bytes: u64,
}

impl Default for Limits {
    /// 10 seconds, 30 seconds, 32 MiB: a manifest has about one.
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), whole: Duration::from_secs(30), bytes: 32 * 1024 * 1024 }
    }
}

/// The dist server that rustup would use.
#[derive(Debug)]
pub struct DistServer {
    /// As messages show it.
    name: String,
    place: Place,
    limits: Limits,
}

#[derive(Debug)]
enum Place {
    Http { base: String, agent: Agent },
    Dir(PathBuf),
}

impl DistServer {
    /// The server of `RUSTUP_DIST_SERVER`, of the older `RUSTUP_DIST_ROOT`, or the official one.
    ///
    /// # Errors
    /// The address, or that of the proxy, is none.
    pub fn of(env: &Env, limits: Limits) -> Result<Self, DistError> {
        let address = match (env.non_empty("RUSTUP_DIST_SERVER"), env.non_empty("RUSTUP_DIST_ROOT")) {
            (Some(server), _) => server.to_string_lossy().into_owned(),
            (None, Some(root)) => {
                let root = root.to_string_lossy();
                let root = root.trim_end_matches('/');
                root.strip_suffix("/dist").unwrap_or(root).to_owned()
            }
            (None, None) => OFFICIAL.to_owned(),
        };
        let address = address.trim_end_matches('/');
        let name = without_password(address);
        let fail = |cause| DistError { server: name.clone(), asked: None, cause };
        let place = match address.split_once("://") {
            Some(("file", path)) => Place::Dir(path_of(path).ok_or_else(|| fail(Cause::Address))?),
            Some((scheme @ ("http" | "https"), rest)) if !rest.is_empty() => {
                let host = host_of(rest).ok_or_else(|| fail(Cause::Address))?;
                let proxy = proxy::of(scheme, host, env);
                let proxy = proxy.as_deref().map(ureq::Proxy::new).transpose();
                let proxy = proxy.map_err(|error| fail(Cause::Proxy(Box::new(error))))?;
                Place::Http { base: address.to_owned(), agent: agent(proxy, limits) }
            }
            _ => return Err(fail(Cause::Address)),
        };
        Ok(Self { name, place, limits })
    }

    /// As messages show it: without a password.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the server has this toolchain. Of a linked one it cannot know.
    ///
    /// # Errors
    /// The server gave no answer, or none that makes sense.
    pub fn exists(&self, channel: &Channel) -> Result<Existence, DistError> {
        let Some(manifest) = manifest(channel) else { return Ok(Existence::Unknown) };
        let asked = format!("{manifest}.sha256");
        let Some(body) = self.get(&asked)? else { return Ok(Existence::Missing) };
        // A page that a gateway puts in place of every answer is no hash.
        let is_hash = body.len() >= 64 && body[..64].iter().all(u8::is_ascii_hexdigit);
        if is_hash { Ok(Existence::Exists) } else { Err(self.error(&asked, Cause::Garbage("no SHA-256"))) }
    }

    /// The number of the newest stable release.
    ///
    /// # Errors
    /// As [`Self::exists`].
    pub fn newest_stable(&self) -> Result<Channel, DistError> {
        let asked = "channel-rust-stable.toml";
        let garbage = |what| self.error(asked, Cause::Garbage(what));
        let body = self.get(asked)?.ok_or_else(|| self.error(asked, Cause::Status(404)))?;
        let text = String::from_utf8(body).map_err(|_| garbage("no text"))?;
        let manifest = toml_edit::Document::parse(text).map_err(|_| garbage("no TOML"))?;
        let version = ["pkg", "rust", "version"]
            .iter()
            .try_fold(manifest.as_item(), |item, key| item.get(key))
            .and_then(toml_edit::Item::as_str)
            .and_then(|version| version.split_whitespace().next());
        let channel = version.and_then(|version| Channel::parse(version).ok());
        let is_release = |channel: &Channel| {
            let is_full = matches!(channel.kind(), Kind::Version { patch: Some(_), pre: None, .. });
            is_full && channel.date().is_none() && channel.target().is_none()
        };
        channel.filter(is_release).ok_or_else(|| garbage("no release at pkg.rust.version"))
    }

    /// The bytes below `dist/`; `None` where the server has no such file.
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, DistError> {
        let fail = |cause| self.error(path, cause);
        match &self.place {
            Place::Http { base, agent } => {
                let mut response = agent
                    .get(format!("{base}/dist/{path}"))
                    .call()
                    .map_err(|error| fail(Cause::Transport(Box::new(error), self.limits)))?;
                match response.status().as_u16() {
                    200 => {}
                    404 | 410 => return Ok(None),
                    status => return Err(fail(Cause::Status(status))),
                }
                let body = response.body_mut().with_config().limit(self.limits.bytes).read_to_vec();
                body.map(Some).map_err(|error| match error {
                    ureq::Error::BodyExceedsLimit(_) => fail(Cause::TooLarge(self.limits.bytes)),
                    other => fail(Cause::Transport(Box::new(other), self.limits)),
                })
            }
            Place::Dir(root) => {
                let dist = root.join("dist");
                read(&dist.join(path), self.limits.bytes)
                    .or_else(|error| match error {
                        // Nothing is missing on a server that is not there.
                        Cause::Read(error) if error.kind() == io::ErrorKind::NotFound && dist.is_dir() => {
                            Ok(None)
                        }
                        other => Err(other),
                    })
                    .map_err(fail)
            }
        }
    }

    fn error(&self, path: &str, cause: Cause) -> DistError {
        DistError { server: self.name.clone(), asked: Some(path.to_owned()), cause }
    }
}

/// The manifest's address below `dist/`. A linked toolchain has none.
fn manifest(channel: &Channel) -> Option<String> {
    if channel.is_custom() {
        return None;
    }
    // The name without the triple is what `full_name` makes of the bare name.
    let name = match channel.kind() {
        Kind::Stable => "stable".to_owned(),
        Kind::Beta => "beta".to_owned(),
        Kind::Nightly => "nightly".to_owned(),
        Kind::Version { major, minor, patch, pre } => {
            let patch = patch.map(|patch| format!(".{patch}")).unwrap_or_default();
            let pre = pre.as_ref().map(|pre| format!("-{pre}")).unwrap_or_default();
            format!("{major}.{minor}{patch}{pre}")
        }
        Kind::Custom | Kind::Path => return None,
    };
    let dir = channel.date().map(|date| format!("{date}/")).unwrap_or_default();
    Some(format!("{dir}channel-rust-{name}.toml"))
}

fn agent(proxy: Option<ureq::Proxy>, limits: Limits) -> Agent {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(limits.connect))
        .timeout_global(Some(limits.whole))
        // Also where there is none: else the environment would be read behind our back.
        .proxy(proxy)
        .tls_config(tls)
        .user_agent(concat!("xcargo/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

fn read(path: &Path, most: u64) -> Result<Option<Vec<u8>>, Cause> {
    let length = fs_err::metadata(path).map_err(Cause::Read)?.len();
    if length > most {
        return Err(Cause::TooLarge(most));
    }
    fs_err::read(path).map(Some).map_err(Cause::Read)
}

#[cfg(test)]
mod tests;
