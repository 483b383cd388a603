//! A fingerprint directory: which compiler built the unit, and which units it depends on.
//!
//! Cargo's `core/compiler/fingerprint/mod.rs` writes `<flavor><kind>-<target>` (the hash) with a `.json` beside it.
//! The JSON is only there to explain a rebuild, but it is written after every build and names the compiler.

use std::ffi::OsStr;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::Why;
use super::disk::{self, Kind as FileKind};

/// The largest explanation that is read, in bytes. Real ones have a few hundred, or some thousands with many dependencies.
const JSON_LIMIT: u64 = 16 << 20;

/// How a unit was built: cargo's `CompileMode`, as far as file names tell it (checks look like builds).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Compiled, checked or linted.
    Build,
    /// Compiled as a test or benchmark harness (`test-`).
    Test,
    /// Documented (`doc-`).
    Doc,
    /// A build script that ran (`run-`).
    Run,
}

/// What was built: cargo's `TargetKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// A library, proc macros included.
    Lib,
    /// A program.
    Bin,
    /// A file of `tests/`.
    IntegrationTest,
    /// A file of `examples/`.
    Example,
    /// A file of `benches/`.
    Bench,
    /// A build script.
    BuildScript,
}

/// What kind of build it was.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kind {
    /// How it was built.
    pub mode: Mode,
    /// What was built.
    pub target: Target,
    /// The name of the target, such as `serde` or `build-script-build`.
    pub name: String,
}

/// What cargo wrote down about one build of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// From the name of the file.
    pub kind: Kind,
    /// The hash of the whole `rustc -vV` text, by the hasher of the cargo that wrote it (`rustc-stable-hash` since 1.85).
    pub rustc: u64,
}

/// A dependency as a fingerprint names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    /// The hash of the package id: the same in every edge to that package. For path packages the hash of the name.
    pub(super) package: u64,
    /// The fingerprint hash of the dependency's unit when this one was built.
    pub(super) hash: u64,
}

/// A fingerprint with what only helps to find out the package's version.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) fingerprint: Fingerprint,
    /// What the hash file says; `None` while a rebuild is under way or was interrupted.
    pub(super) hash: Option<u64>,
    pub(super) edges: Vec<Edge>,
    pub(super) precalculated: Vec<String>,
}

/// Reads all fingerprints in a directory. None at all means that the unit's first build never ended.
pub(super) fn read_all(dir: &Path) -> Result<Vec<Record>, Why> {
    let mut records = Vec::new();
    for item in disk::list(dir).map_err(|error| Why::Unreadable(error.kind()))? {
        if item.kind != FileKind::File {
            return Err(if item.kind == FileKind::Link { Why::Link } else { Why::Form });
        }
        let path = dir.join(&item.name);
        if path.extension() == Some(OsStr::new("json")) {
            records.push(read(&path)?);
        }
    }
    Ok(records)
}

/// The part of the JSON that is of use here; other fields come and go with cargo's versions.
#[derive(Deserialize)]
struct Json {
    rustc: u64,
    #[serde(default)]
    deps: Value,
    #[serde(default)]
    local: Value,
}

fn read(path: &Path) -> Result<Record, Why> {
    let stem = path.file_stem().and_then(OsStr::to_str).ok_or(Why::Name)?;
    let kind = kind(stem).ok_or(Why::Name)?;
    let content = disk::read(path, JSON_LIMIT).map_err(|error| Why::Unreadable(error.kind()))?;
    let json: Json = serde_json::from_slice(&content).map_err(|_| Why::Fingerprint)?;
    let hash = disk::read(&path.with_extension(""), 16).ok().and_then(|hex| hash(&hex));
    Ok(Record {
        fingerprint: Fingerprint { kind, rustc: json.rustc },
        hash,
        edges: items(&json.deps).iter().filter_map(edge).collect(),
        precalculated: items(&json.local)
            .iter()
            .filter_map(|local| local.get("Precalculated")?.as_str().map(str::to_owned))
            .collect(),
    })
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// `[package id hash, extern crate name, public, fingerprint hash]` (`impl Serialize for DepFingerprint`).
fn edge(value: &Value) -> Option<Edge> {
    let [package, _, _, hash] = value.as_array()?.as_slice() else { return None };
    Some(Edge { package: package.as_u64()?, hash: hash.as_u64()? })
}

/// The hash file holds the number's bytes, lowest first, as 16 hex digits (cargo's `util/hex.rs`).
fn hash(hex: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(hex).ok().filter(|text| is_id(text))?;
    u64::from_str_radix(text, 16).ok().map(u64::swap_bytes)
}

/// Whether this is what cargo names a unit by: 16 lower-case hex digits.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// `<flavor><kind>-<target>`, taken apart (cargo's `CompilationFiles::fingerprint_file_path`).
fn kind(stem: &str) -> Option<Kind> {
    let flavors = [("test-", Mode::Test), ("doc-", Mode::Doc), ("run-", Mode::Run)];
    let (mode, rest) = flavors
        .iter()
        .find_map(|(flavor, mode)| Some((*mode, stem.strip_prefix(flavor)?)))
        .unwrap_or((Mode::Build, stem));
    [
        ("lib-", Target::Lib),
        ("bin-", Target::Bin),
        ("integration-test-", Target::IntegrationTest),
        ("example-", Target::Example),
        ("bench-", Target::Bench),
        ("build-script-", Target::BuildScript),
    ]
    .iter()
    .find_map(|(kind, target)| {
        Some(Kind { mode, target: *target, name: rest.strip_prefix(kind)?.to_owned() })
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, Mode, Target, hash, kind};

    #[test]
    fn file_names_tell_what_was_built() {
        for (stem, expect) in [
            ("lib-serde", Some((Mode::Build, Target::Lib, "serde"))),
            ("test-lib-serde", Some((Mode::Test, Target::Lib, "serde"))),
            ("test-integration-test-it", Some((Mode::Test, Target::IntegrationTest, "it"))),
            ("test-bench-speed", Some((Mode::Test, Target::Bench, "speed"))),
            ("doc-lib-serde", Some((Mode::Doc, Target::Lib, "serde"))),
            ("doc-bin-a-b", Some((Mode::Doc, Target::Bin, "a-b"))),
            ("example-lib-x", Some((Mode::Build, Target::Example, "lib-x"))),
            (
                "run-build-script-build-script-build",
                Some((Mode::Run, Target::BuildScript, "build-script-build")),
            ),
            ("build-script-main", Some((Mode::Build, Target::BuildScript, "main"))),
            ("plugin-x", None),
            ("lib", None),
        ] {
            let expect =
                expect.map(|(mode, target, name): (_, _, &str)| Kind { mode, target, name: name.to_owned() });
            assert_eq!(kind(stem), expect, "{stem}");
        }
    }

    #[test]
    fn hash_files_hold_the_lowest_byte_first() {
        assert_eq!(hash(b"0100000000000000"), Some(1));
        assert_eq!(hash(b"efcdab8967452301"), Some(0x0123_4567_89ab_cdef));
        for damaged in ["", "01", "010000000000000G", "ABCDABCDABCDABCD"] {
            assert_eq!(hash(damaged.as_bytes()), None, "{damaged:?}");
        }
    }
}
