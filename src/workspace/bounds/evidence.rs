//! What only cargo leaves in a directory, looked for below an open handle.

use std::ffi::{OsStr, OsString};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::fs::{Dir, OpenOptions};

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

    const ALL: [Self; 5] = [Self::Tag, Self::RustcInfo, Self::Fingerprints, Self::Lock, Self::Units];
}

/// The kinds of marks found, each once; it stops looking after so many. Links count for nothing.
pub(super) fn marks(dir: &Dir, enough: usize) -> Vec<Evidence> {
    let mut outer: Option<Vec<Dir>> = None;
    let mut found = Vec::new();
    for mark in Evidence::ALL {
        if found.len() >= enough {
            break;
        }
        let is_there = match mark {
            Evidence::Tag => has_tag(dir),
            Evidence::RustcInfo => is_file(dir, ".rustc_info.json"),
            of_profile => {
                // `<profile>`, or `<triple>/<profile>`.
                let outer = outer.get_or_insert_with(|| opened(dir).map(|(_, dir)| dir).collect());
                outer.iter().any(|dir| has(dir, of_profile))
                    || outer.iter().any(|dir| opened(dir).any(|(_, dir)| has(&dir, of_profile)))
            }
        };
        if is_there {
            found.push(mark);
        }
    }
    found
}

/// The directories of profiles, relative to `dir`: at the top, or in a triple's directory.
pub(super) fn profiles(dir: &Dir) -> Vec<(PathBuf, Dir)> {
    let mut found = Vec::new();
    for (name, outer) in opened(dir) {
        if is_profile(&outer) {
            found.push((PathBuf::from(name), outer));
        } else {
            found.extend(
                opened(&outer)
                    .filter(|(_, inner)| is_profile(inner))
                    .map(|(inner_name, inner)| (Path::new(&name).join(inner_name), inner)),
            );
        }
    }
    found
}

/// Whether cargo made this directory for a profile.
pub(super) fn is_profile(dir: &Dir) -> bool {
    [Evidence::Lock, Evidence::Fingerprints, Evidence::Units].iter().any(|mark| has(dir, *mark))
}

/// A mark that lies in a profile's directory.
fn has(profile: &Dir, mark: Evidence) -> bool {
    match mark {
        Evidence::Tag | Evidence::RustcInfo => false,
        Evidence::Fingerprints => is_dir(profile, ".fingerprint"),
        Evidence::Lock => [".cargo-lock", ".cargo-build-lock"].iter().any(|name| is_file(profile, name)),
        // A `build` directory alone is in half of all projects; its inner shape is cargo's.
        Evidence::Units => profile.open_dir_nofollow("build").is_ok_and(|build| {
            opened(&build).any(|(_, package)| {
                opened(&package).any(|(id, unit)| is_hash(&id) && is_dir(&unit, "fingerprint"))
            })
        }),
    }
}

/// The standard's signature alone would take any tool's cache for cargo's.
fn has_tag(dir: &Dir) -> bool {
    let mut text = Vec::new();
    // Cargo's has 177 bytes.
    let read = open_file(dir, "CACHEDIR.TAG").and_then(|file| file.take(4096).read_to_end(&mut text).ok());
    let text = String::from_utf8_lossy(&text);
    read.is_some()
        && text.starts_with("Signature: 8a477f597d28d172789f06886806bc55")
        && text.contains("created by cargo")
}

fn open_file(dir: &Dir, name: &str) -> Option<cap_std::fs::File> {
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No);
    #[cfg(unix)]
    {
        // A named pipe must not hang the command.
        use cap_std::fs::OpenOptionsExt as _;
        options.custom_flags(libc::O_NONBLOCK);
    }
    let file = dir.open_with(name, &options).ok()?;
    file.metadata().is_ok_and(|meta| meta.is_file()).then_some(file)
}

fn is_hash(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.len() == 16 && name.iter().all(u8::is_ascii_hexdigit)
}

fn is_file(dir: &Dir, name: &str) -> bool {
    dir.symlink_metadata(name).is_ok_and(|found| found.is_file())
}

fn is_dir(dir: &Dir, name: &str) -> bool {
    dir.symlink_metadata(name).is_ok_and(|found| found.is_dir())
}

/// The directories in this one, open; what cannot be opened proves nothing.
pub(super) fn opened(dir: &Dir) -> impl Iterator<Item = (OsString, Dir)> {
    let entries = dir.entries().ok().into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).filter_map(|entry| {
        let name = entry.file_name();
        let inner = dir.open_dir_nofollow(&name).ok()?;
        Some((name, inner))
    })
}
