//! Finding the profile dirs of a build dir: `<profile>` and `<triple>/<profile>`.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{self, Kind};
use super::fingerprint::is_id;
use super::{OWN_DIR, Unknown, Why};

/// What may lie beside the profile dirs. Cargo reserves these names (`validate_profile_name` in `util/toml/mod.rs`), or
/// begins them with a dot.
const NOT_PROFILES: &[&str] = &["doc", "package", "tmp", "cargo-timings", ".metabuild", OWN_DIR];

/// Cargo creates one of these before it writes anything else into a profile dir (the second from 1.96).
pub(super) const LOCKS: &[&str] = &[".cargo-lock", ".cargo-build-lock"];

/// A profile dir that is a directory, and not a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) triple: Option<String>,
    pub(super) name: OsString,
}

impl Place {
    /// Relative to the build dir.
    pub(super) fn relative(&self) -> PathBuf {
        let triple = self.triple.as_deref().map(PathBuf::from).unwrap_or_default();
        triple.join(&self.name)
    }
}

/// The profile dirs, and what only looks like one.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) profiles: Vec<Place>,
    pub(super) unknown: Vec<Unknown>,
}

/// Looks at two levels of directories.
pub(super) fn find(build_dir: &Path) -> io::Result<Found> {
    let mut found = Found::default();
    let mut of_triples = Found::default();
    if disk::kind(build_dir)? == Some(Kind::Link) {
        found.unknown.push(Unknown { path: build_dir.to_path_buf(), why: Why::Link });
        return Ok(found);
    }
    for item in disk::list(build_dir)? {
        let path = build_dir.join(&item.name);
        if NOT_PROFILES.iter().any(|name| item.name == *name) {
            continue;
        }
        match item.kind {
            Kind::Dir if is_profile(&path) => found.profiles.push(Place { triple: None, name: item.name }),
            Kind::Dir => in_triple(&path, &item.name, &mut of_triples),
            Kind::Link if path.is_dir() => found.unknown.push(Unknown { path, why: Why::Link }),
            Kind::Link | Kind::File | Kind::Other => {}
        }
    }
    found.profiles.append(&mut of_triples.profiles);
    found.unknown.append(&mut of_triples.unknown);
    Ok(found)
}

fn in_triple(dir: &Path, name: &OsStr, found: &mut Found) {
    let items = match disk::list(dir) {
        Ok(items) => items,
        Err(error) => {
            let why = Why::Unreadable(error.kind());
            return found.unknown.push(Unknown { path: dir.to_path_buf(), why });
        }
    };
    // `cargo` puts this only at the top; rust-analyzer and cargo-llvm-cov have whole build dirs in here.
    if items.iter().any(|item| item.name == ".rustc_info.json") {
        return found.unknown.push(Unknown { path: dir.to_path_buf(), why: Why::OtherBuildDir });
    }
    let (mut profiles, mut links) = (Vec::new(), Vec::new());
    for item in items {
        let path = dir.join(&item.name);
        match item.kind {
            Kind::Dir if is_profile(&path) => profiles.push(item.name),
            Kind::Link if path.is_dir() => links.push(Unknown { path, why: Why::Link }),
            _ => {}
        }
    }
    // A link in some other directory is nobody's business; one beside profile dirs is (or was) a profile dir.
    if !profiles.is_empty() || dir.join("CACHEDIR.TAG").is_file() {
        found.unknown.append(&mut links);
    }
    match name.to_str() {
        Some(triple) => {
            let place = |name| Place { triple: Some(triple.to_owned()), name };
            found.profiles.extend(profiles.into_iter().map(place));
        }
        None if profiles.is_empty() => {}
        None => found.unknown.push(Unknown { path: dir.to_path_buf(), why: Why::Name }),
    }
}

/// Whether cargo made this directory for a profile.
fn is_profile(dir: &Path) -> bool {
    let is_there = |name: &str| matches!(disk::kind(&dir.join(name)), Ok(Some(_)));
    LOCKS.iter().any(|name| is_there(name)) || is_there(".fingerprint") || has_unit(&dir.join("build"))
}

/// `build/<pkg>/<16 hex>/fingerprint`, the mark of layout 2.
fn has_unit(build: &Path) -> bool {
    let dirs = |path: &Path| {
        let items = disk::list(path).unwrap_or_default();
        items.into_iter().filter(|item| item.kind == Kind::Dir).map(|item| item.name)
    };
    dirs(build).any(|package| {
        let package = build.join(package);
        dirs(&package).any(|id| {
            id.to_str().is_some_and(is_id)
                && matches!(disk::kind(&package.join(id).join("fingerprint")), Ok(Some(Kind::Dir)))
        })
    })
}
