//! References to container images: which part of `docker.io/library/rust:1.78.0-bookworm@sha256:…` names the compiler.
//!
//! The grammar is that of the `distribution/reference` package: `[registry/]path[:tag][@digest]`, where a first part with a
//! dot, a colon or the name `localhost` is a registry.

use std::ops::Range;

use super::{Frozen, Spelling};

/// The part of an image reference that names a compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its bytes in the reference: the version alone, without the variant (`-slim-bookworm`).
    pub span: Range<usize>,
    /// How a name may be spelled there.
    pub spelling: Spelling,
    /// Why replacing it would be wrong.
    pub frozen: Option<Frozen>,
}

/// Images whose tags start with the version of their compiler, whatever registry they come from.
const OF_RELEASES: &[&str] = &[
    "rust",
    "library/rust",
    "cimg/rust",
    "circleci/rust",
    "devcontainers/rust",
    "vscode/devcontainers/rust",
    "lukemathwalker/cargo-chef",
    "clux/muslrust",
    "messense/rust-musl-cross",
    "ekidd/rust-musl-builder",
    "chainguard/rust",
    "docker/library/rust",
    // What the project itself puts beside Docker's.
    "rust-lang/rust",
];

/// The image of nightlies, which has no tags with a date.
const OF_NIGHTLIES: &[&str] = &["rustlang/rust"];

/// Finds the name of a compiler in an image reference; `None` where the image is no image of Rust, or has no tag that names a
/// version (`rust:slim`), or holds a variable where the version would be.
#[must_use]
pub fn tag(reference: &str) -> Option<Tag> {
    let before_digest = reference.split_once('@').map_or(reference, |(name, _)| name);
    let has_digest = before_digest.len() < reference.len();
    let slash = before_digest.rfind('/').map_or(0, |at| at + 1);
    let colon = slash + before_digest[slash..].find(':')?;
    let path = without_registry(&before_digest[..colon]);
    let start = colon + 1;
    let tag = &before_digest[start..];
    let frozen = has_digest.then_some(Frozen::Digest);
    if OF_NIGHTLIES.contains(&path) {
        let name = ["nightly", "stable", "beta"].into_iter().find(|name| is_first_part(tag, name))?;
        let frozen = frozen.or(Some(Frozen::Fixed));
        return Some(Tag { span: start..start + name.len(), spelling: Spelling::Channel, frozen });
    }
    let is_known = OF_RELEASES.contains(&path) || OF_RELEASES.iter().any(|known| ends_with_path(path, known));
    if !is_known {
        return None;
    }
    // Tags such as `1-1.78-bookworm` (devcontainers) and `latest-rust-1.78.0` (cargo-chef) carry another version in front.
    let at = version_at(tag)?;
    let spelling = Spelling::ImageTag;
    // The day of a release, or the commit of a build, goes with the version: no other tag has the old one.
    let frozen = frozen.or_else(|| is_dated(&tag[at.end..]).then_some(Frozen::Spelled));
    Some(Tag { span: start + at.start..start + at.end, spelling, frozen })
}

/// The reference without its registry.
fn without_registry(path: &str) -> &str {
    match path.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => rest,
        _ => path,
    }
}

/// `mirror/library/rust` is the same image behind a proxy; `somebody/rust` is somebody's own.
fn ends_with_path(path: &str, known: &str) -> bool {
    known.contains('/') && path.strip_suffix(known).is_some_and(|rest| rest.ends_with('/'))
}

fn is_first_part(tag: &str, name: &str) -> bool {
    tag.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Whether what follows a version holds a date or the hash of a commit: `-stable-2024-05-02`, `-20240502`, `-4f2c1a9`.
fn is_dated(rest: &str) -> bool {
    let parts: Vec<&str> = rest.split(['-', '_', '.']).collect();
    let is_number = |part: &str, len: usize| part.len() == len && part.bytes().all(|it| it.is_ascii_digit());
    let is_hash = |part: &&str| {
        let hex = part.bytes().all(|it| it.is_ascii_hexdigit());
        part.len() >= 7 && hex && part.contains(|c: char| c.is_ascii_digit())
    };
    let is_day = |it: &[&str]| is_number(it[0], 4) && is_number(it[1], 2) && is_number(it[2], 2);
    parts.iter().any(is_hash) || parts.windows(3).any(is_day)
}

fn version_at(tag: &str) -> Option<Range<usize>> {
    let mut start = 0;
    let mut lone = None;
    for part in tag.split('-') {
        let span = start..start + part.len();
        start = span.end + 1;
        let numbers: Vec<&str> = part.split('.').collect();
        let all = numbers
            .iter()
            .all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
        match numbers.len() {
            2 | 3 if all && numbers[0] == "1" => return Some(span),
            1 if all && numbers[0] == "1" && lone.is_none() => lone = Some(span),
            1 if part == "latest" && lone.is_none() => lone = Some(span),
            _ => {}
        }
    }
    lone
}

#[cfg(test)]
mod tests {
    use super::tag;

    /// A version found in the wrong part of a tag would be written into the wrong place.
    #[test]
    fn the_version_in_a_reference() {
        for (reference, expect) in [
            ("rust:1.78.0", Some("1.78.0")),
            ("rust:1.78-slim-bookworm", Some("1.78")),
            ("rust:1", Some("1")),
            ("rust:latest", Some("latest")),
            ("rust", None),
            ("rust:slim", None),
            ("rust:slim-bookworm", None),
            ("rust:bookworm", None),
            ("rust:1.78.0-alpine3.19", Some("1.78.0")),
            ("docker.io/library/rust:1.78.0", Some("1.78.0")),
            ("docker.io/rust:1.78.0", Some("1.78.0")),
            ("localhost:5000/library/rust:1.78", Some("1.78")),
            ("registry.example.org:5000/mirror/library/rust:1.78.0", Some("1.78.0")),
            ("somebody/rust:1.78.0", None),
            ("rust:1.78.0@sha256:abc", Some("1.78.0")),
            ("rust@sha256:abc", None),
            ("rustlang/rust:nightly-slim", Some("nightly")),
            ("rustlang/rust:nightly-bullseye", Some("nightly")),
            ("cimg/rust:1.78.0-node", Some("1.78.0")),
            ("mcr.microsoft.com/devcontainers/rust:1-1.78-bookworm", Some("1.78")),
            ("mcr.microsoft.com/devcontainers/rust:1-1-bookworm", Some("1")),
            ("mcr.microsoft.com/devcontainers/rust:0.201.5-1-bookworm", Some("1")),
            ("lukemathwalker/cargo-chef:latest-rust-1.78.0", Some("1.78.0")),
            ("lukemathwalker/cargo-chef:0.1.67-rust-1.78-slim", Some("1.78")),
            ("ghcr.io/rust-lang/rust:1.78.0-bookworm", Some("1.78.0")),
            ("clux/muslrust:1.78.0-stable-2024-05-02", Some("1.78.0")),
            ("${REGISTRY:-docker.io}/rust:1.78.0", Some("1.78.0")),
            ("$CI_REGISTRY/rust:1.78.0", None),
            ("python:3.12", None),
            ("rust:${RUST_VERSION}", None),
            ("rust:${RUST_VERSION}-slim", None),
            ("", None),
            (":", None),
            ("rust:", None),
        ] {
            let found = tag(reference).map(|tag| &reference[tag.span]);
            assert_eq!(found, expect, "{reference}");
        }
    }

    #[test]
    fn a_digest_decides_over_the_tag() {
        let frozen = |reference: &str| tag(reference).and_then(|tag| tag.frozen);
        assert_eq!(frozen("rust:1.78.0"), None);
        assert_eq!(frozen("clux/muslrust:1.78.0-stable"), None);
        assert_eq!(frozen("rust:1.78.0-slim-bookworm"), None);
        assert_eq!(frozen("rust:1.78.0-alpine3.19"), None);
        for dated in ["1.78.0-stable-2024-05-02", "1.78.0-20240502", "1.78.0-4f2c1a9"] {
            let reference = format!("clux/muslrust:{dated}");
            assert_eq!(frozen(&reference), Some(crate::pins::Frozen::Spelled), "{dated}");
        }
        assert_eq!(frozen("rust:1.78.0@sha256:abc"), Some(crate::pins::Frozen::Digest));
        assert_eq!(frozen("rustlang/rust:nightly"), Some(crate::pins::Frozen::Fixed));
    }
}
