//! What only cargo leaves in a directory.

use std::fs;
use std::path::{Path, PathBuf};

/// A mark by which a directory is known as cargo's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// `CACHEDIR.TAG` in cargo's own wording. Cargo writes it only where it creates the directory itself.
    Tag,
    /// `.rustc_info.json`.
    RustcInfo,
    /// A profile's directory with fingerprints (layout 1).
    Fingerprints,
    /// A profile's directory with a lock file.
    Lock,
    /// A profile's directory with units that hold their fingerprints (layout 2, cargo#15010).
    Units,
}

impl Evidence {
    /// What was looked for, for the message when nothing was found.
    pub(super) const LOOKED_FOR: &str = "`CACHEDIR.TAG` written by cargo, `.rustc_info.json`, or in a profile's directory `.fingerprint`, `.cargo-lock`, \
         `.cargo-build-lock` or `build/<package>/<hash>/fingerprint`";
}

/// The first mark found. Links count for nothing.
pub(super) fn of(dir: &Path) -> Option<Evidence> {
    if has_tag(dir) {
        return Some(Evidence::Tag);
    }
    if is_file(&dir.join(".rustc_info.json")) {
        return Some(Evidence::RustcInfo);
    }
    // `<profile>`, or `<triple>/<profile>`.
    let outer = dirs(dir);
    outer
        .iter()
        .find_map(|dir| of_profile(dir))
        .or_else(|| outer.iter().flat_map(|dir| dirs(dir)).find_map(|dir| of_profile(&dir)))
}

fn of_profile(dir: &Path) -> Option<Evidence> {
    if is_dir(&dir.join(".fingerprint")) {
        return Some(Evidence::Fingerprints);
    }
    if [".cargo-lock", ".cargo-build-lock"].iter().any(|name| is_file(&dir.join(name))) {
        return Some(Evidence::Lock);
    }
    // A `build` directory alone is in half of all projects; its inner shape is cargo's.
    let mut units = dirs(&dir.join("build")).into_iter().flat_map(|package| dirs(&package));
    units.any(|unit| is_hash(&unit) && is_dir(&unit.join("fingerprint"))).then_some(Evidence::Units)
}

/// The standard's signature alone would take any tool's cache for cargo's.
fn has_tag(dir: &Path) -> bool {
    let tag = dir.join("CACHEDIR.TAG");
    is_file(&tag)
        && fs::read(&tag).is_ok_and(|text| {
            let text = String::from_utf8_lossy(&text);
            text.starts_with("Signature: 8a477f597d28d172789f06886806bc55")
                && text.contains("created by cargo")
        })
}

fn is_hash(unit: &Path) -> bool {
    let name = unit.file_name().unwrap_or_default().as_encoded_bytes();
    name.len() == 16 && name.iter().all(u8::is_ascii_hexdigit)
}

fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

fn is_dir(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

fn dirs(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect()
}
