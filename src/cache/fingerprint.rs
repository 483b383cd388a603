//! A fingerprint directory: which compiler built the unit, and which units it depends on.
//!
//! Cargo's `core/compiler/fingerprint/mod.rs` writes `<flavor><kind>-<target>` (the hash) with a `.json` beside it.
//! The JSON is only there to explain a rebuild, but it is written after every build and names the compiler.

mod json;

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::time::SystemTime;

use serde::de::IgnoredAny;

use super::Why;
use super::disk::{self, Dir, Item, Kind as FileKind};
pub(super) use json::Local;
use json::Loose;

/// The largest explanation that is read, in bytes. Real ones have a few hundred, or some thousands with many dependencies.
pub(super) const JSON_LIMIT: u64 = 16 << 20;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    /// The features that were on, sorted as cargo has them. Empty also where the cargo that wrote it says it otherwise.
    pub features: Vec<String>,
    /// The hash of the profile and of what else is given to the compiler (mode, extra arguments, LTO, lints): equal for
    /// equal ones, by the same cargo. 0: not said.
    pub profile: u64,
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
    /// The name of the hash file, which only some have to read ([`hashes`]).
    pub(super) hash_file: OsString,
    /// Cargo's hash of the path of the crate's root: equal for equal paths, by the same cargo. 0: not said.
    pub(super) root: u64,
    /// The time of the explanation: cargo writes it once a build has ended, right after the hash file.
    pub(super) built: Option<SystemTime>,
    pub(super) edges: Vec<Edge>,
    pub(super) local: Vec<Local>,
}

/// A fingerprint directory.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// One for each build. None at all: the first one never ended.
    pub(super) all: Vec<Record>,
    /// A build's explanation is no JSON at all, or gone, so nobody knows who built it. (Cargo writes it in place: while it
    /// builds, a file that is cut is a file that is being written.)
    pub(super) is_damaged: bool,
}

/// Reads all fingerprints in a directory.
///
/// # Errors
/// Why the unit is left alone.
pub(super) fn read_all(mut dir: Dir) -> Result<Records, Why> {
    let mut records = Records::default();
    let items = dir.list().map_err(|error| Why::Unreadable(error.kind()))?;
    records.is_damaged = items.iter().any(|item| is_unexplained(&dir, &items, item));
    for item in items {
        if item.kind != FileKind::File {
            return Err(if item.kind == FileKind::Link { Why::Link } else { Why::Form });
        }
        if Path::new(&item.name).extension() != Some(OsStr::new("json")) {
            continue;
        }
        match read(&dir, &item.name)? {
            Explained::By(record) => records.all.push(record),
            Explained::Damaged => records.is_damaged = true,
            Explained::Gone => {}
        }
    }
    Ok(records)
}

/// Whether it is the hash file of a build that has ended, without an explanation beside it: cargo believes it all the same.
pub(super) fn is_unexplained(dir: &Dir, items: &[Item], item: &Item) -> bool {
    let name = item.name.to_str().unwrap_or_default();
    let is_hash = item.kind == FileKind::File && !name.contains('.') && kind(name).is_some();
    let explanation = Path::new(name).with_extension("json");
    is_hash
        && !items.iter().any(|other| Path::new(&other.name) == explanation)
        && dir.read(&item.name, 16).is_ok_and(|hash| !hash.bytes.is_empty())
}

/// What became of an explanation.
pub(super) enum Explained {
    By(Record),
    Damaged,
    Gone,
}

/// Reads the explanation of this name.
pub(super) fn read(dir: &Dir, name: &OsStr) -> Result<Explained, Why> {
    let path = Path::new(name);
    let stem = path.file_stem().and_then(OsStr::to_str).ok_or(Why::Name)?;
    let kind = kind(stem).ok_or(Why::Name)?;
    let content = match dir.read(name, JSON_LIMIT) {
        Err(error) if disk::is_gone(&error) => return Ok(Explained::Gone),
        content => content.map_err(|error| Why::Unreadable(error.kind()))?,
    };
    let (content, built) = (content.bytes, content.modified);
    let known = serde_json::from_slice(&content).ok();
    let Some(json) = known.or_else(|| serde_json::from_slice(&content).ok().map(Loose::into_known)) else {
        return if is_json(&content) { Err(Why::Fingerprint) } else { Ok(Explained::Damaged) };
    };
    Ok(Explained::By(Record {
        fingerprint: Fingerprint {
            kind,
            rustc: json.rustc,
            features: features(&json.features),
            profile: json.profile,
        },
        hash_file: stem.into(),
        root: json.path,
        built,
        edges: json.deps.iter().map(|dep| Edge { package: dep.0, hash: dep.3 }).collect(),
        local: json.local,
    }))
}

/// Whether it is JSON of whatever form; cargo writes nothing else, so otherwise it was damaged.
pub(super) fn is_json(content: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(content).is_ok()
}

/// `["default", "std"]`, the debug form of a list of strings (`calculate_normal`), which feature names do not
/// take out of JSON: `validate_feature_name` allows letters, digits and a few signs.
fn features(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// What these hash files of a fingerprint directory say. One says nothing while a rebuild is under way or was interrupted.
pub(super) fn hashes(dir: &Path, files: &[OsString]) -> Vec<u64> {
    let Ok(Some(dir)) = Dir::open(dir) else { return Vec::new() };
    files.iter().filter_map(|file| hash(&dir.read(file, 16).ok()?.bytes)).collect()
}

/// The hash file holds the number's bytes, lowest first, as 16 hex digits (cargo's `util/hex.rs`).
pub(super) fn hash(hex: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(hex).ok().filter(|text| is_id(text))?;
    u64::from_str_radix(text, 16).ok().map(u64::swap_bytes)
}

/// Whether this is what cargo names a unit by: 16 lower-case hex digits.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// `<flavor><kind>-<target>`, taken apart (cargo's `CompilationFiles::fingerprint_file_path`).
pub(super) fn kind(stem: &str) -> Option<Kind> {
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
