//! A package spec taken apart: `name`, `name@1.2`, `url`, `url#name@1.2`, and the old `name:1.2` (cargo's
//! `core/package_id_spec.rs` in `cargo-util-schemas`).

use std::fmt;
use std::path::Path;

use semver::{BuildMetadata, Prerelease, Version};

/// What `-p` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// As it was written.
    pub text: String,
    /// The package's name.
    pub name: String,
    /// All or the first part of its version.
    pub version: Option<PartialVersion>,
    /// Where it comes from.
    pub url: Option<Url>,
}

/// `1`, `1.2` or `1.2.3-pre+meta`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialVersion {
    major: u64,
    minor: Option<u64>,
    patch: Option<u64>,
    pre: Option<Prerelease>,
    build: Option<BuildMetadata>,
}

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// `git`, `registry`, `sparse`, `path`, where it is written.
    kind: Option<String>,
    /// Without kind, fragment, query and the slash at its end; scheme and host in lower case.
    location: String,
    /// `branch=main`: which of a git repository's commits.
    query: Option<String>,
}

/// Why a text is no spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError {
    /// The text.
    pub spec: String,
    /// What is wrong with it, in a few words.
    pub wrong: &'static str,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid package ID specification `{}`: {}", self.spec, self.wrong)
    }
}

impl Spec {
    /// Reads a spec.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        let error = |wrong| SpecError { spec: text.to_owned(), wrong };
        let (url, rest) = match text.contains("://") {
            false => (None, Some(text)),
            true => {
                let (url, fragment) =
                    text.split_once('#').map_or((text, None), |(url, rest)| (url, Some(rest)));
                (Some(Url::parse(url).ok_or_else(|| error("it is no URL"))?), fragment)
            }
        };
        let named = || -> Result<String, SpecError> {
            let last = url.as_ref().and_then(Url::last).ok_or_else(|| error("the URL names no package"))?;
            Ok(last.to_owned())
        };
        let (name, version) = match rest {
            None => (named()?, None),
            Some(rest) => match rest.split_once('@').or_else(|| rest.split_once(':')) {
                Some((name, version)) => (name.to_owned(), Some(version)),
                // Behind a URL a version alone is enough.
                None if url.is_some() && rest.starts_with(|first: char| first.is_ascii_digit()) => {
                    (named()?, Some(rest))
                }
                None => (rest.to_owned(), None),
            },
        };
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(is_name) {
            return Err(error("it holds no package name"));
        }
        let version = match version {
            None => None,
            Some(version) => {
                Some(PartialVersion::parse(version).ok_or_else(|| error("its version is none"))?)
            }
        };
        Ok(Self { text: text.to_owned(), name, version, url })
    }

    /// The spec of a package in this directory.
    pub(super) fn of_dir(name: &str, dir: &Path) -> Self {
        let url = Url {
            kind: Some("path".to_owned()),
            location: format!("file://{}", escaped(&dir.to_string_lossy())),
            query: None,
        };
        Self { text: name.to_owned(), name: name.to_owned(), version: None, url: Some(url) }
    }
}

impl PartialVersion {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(whole) = Version::parse(text) {
            return Some(Self {
                major: whole.major,
                minor: Some(whole.minor),
                patch: Some(whole.patch),
                pre: Some(whole.pre).filter(|pre| !pre.is_empty()),
                build: Some(whole.build).filter(|build| !build.is_empty()),
            });
        }
        let number = |part: &str| {
            let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { part.parse::<u64>().ok() } else { None }
        };
        let (major, minor) = match text.split_once('.') {
            None => (number(text)?, None),
            Some((major, minor)) => (number(major)?, Some(number(minor)?)),
        };
        Some(Self { major, minor, patch: None, pre: None, build: None })
    }

    /// Whether this is all or the first part of `version`. A pre-release has to be named.
    #[must_use]
    pub fn matches(&self, version: &str) -> bool {
        let Ok(version) = Version::parse(version) else { return false };
        if !version.pre.is_empty() && self.pre.is_none() {
            return false;
        }
        self.major == version.major
            && self.minor.is_none_or(|minor| minor == version.minor)
            && self.patch.is_none_or(|patch| patch == version.patch)
            && self.pre.as_ref().is_none_or(|pre| *pre == version.pre)
            && self.build.as_ref().is_none_or(|build| *build == version.build)
    }
}

impl Url {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let (kind, scheme) = scheme.split_once('+').map_or((None, scheme), |(kind, rest)| (Some(kind), rest));
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let location = format!("{}://{}{path}", scheme.to_lowercase(), host.to_lowercase());
        Some(Self {
            kind: kind.map(str::to_owned),
            location: location.trim_end_matches('/').to_owned(),
            query: query.map(str::to_owned),
        })
    }

    /// The last part of its path, by which a package is called if nothing else says so. Git's ending is none of it.
    fn last(&self) -> Option<&str> {
        let (_, path) = self.location.split_once("://")?.1.split_once('/')?;
        let last = path.rsplit('/').next().filter(|last| !last.is_empty())?;
        Some(last.strip_suffix(".git").unwrap_or(last))
    }

    /// Whether a `source` of a lock file lies there.
    pub(super) fn is_of(&self, source: &str) -> bool {
        let source = source.split_once('#').map_or(source, |(url, _)| url);
        Self::parse(source).is_some_and(|source| {
            source.location == self.location
                && (self.kind.is_none() || self.kind == source.kind)
                && (self.query.is_none() || self.query == source.query)
        })
    }

    /// Whether it names this directory.
    pub(super) fn is_dir(&self, dir: &Path) -> bool {
        self.kind.as_deref().is_none_or(|kind| kind == "path")
            && self.location.strip_prefix("file://").is_some_and(|path| {
                let dir = dir.to_string_lossy().replace('\\', "/");
                path == escaped(dir.trim_end_matches('/')) || path == dir.trim_end_matches('/')
            })
    }
}

/// What a URL cannot hold plainly, as `%` and two digits.
fn escaped(path: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_graphic() && !br#""#.contains(&byte) && !b"\"#%<>?`{}^".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
