//! A directory that somebody names by hand (`clean --manual`), also where `Cargo.toml` is broken.
//!
//! Nobody can be asked then which members the workspace has. So the rules that need them are replaced by stricter ones: two
//! kinds of marks instead of one, no manifest on the way, and a look through all of it for what only people put there.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use cap_fs_ext::{DirExt as _, MetadataExt as _};
use cap_std::fs::{Dir, ReadDir};

use super::{OutOfBounds, OwnDir, Place, Treasure, between, inside, protected};
use crate::cache::{OWN_DIR, TRASH_DIR};
use crate::env::Env;
use crate::sourced::Sourced;

/// So many kinds of marks make it cargo's.
const STRONG: usize = 2;

/// Cargo nests a handful; each level is held open.
const DEEPEST: usize = 200;

/// Proves that a directory may be removed that was named by hand. `project` is the directory of the nearest `Cargo.toml`
/// above the current directory, readable or not; `allow_outside` as for [`super::prove`], relative entries from there.
///
/// # Errors
/// The first rule that the directory breaks.
pub fn prove_by_hand(
    path: &Sourced<PathBuf>,
    project: &Path,
    allow_outside: &[Sourced<PathBuf>],
    env: &Env,
) -> Result<OwnDir, OutOfBounds> {
    let dir = || path.clone();
    let place = Place::of(path, project, env)?;
    let treasure = protected::first_of_anybody(&place.real, place.way.id(), &place.root, env);
    if let Some((treasure, path)) = treasure {
        return Err(OutOfBounds::Holds { dir: dir(), treasure, path });
    }
    if let Some(root) = between::any(&place.real, &place.ends(allow_outside)?) {
        return Err(OutOfBounds::OtherWorkspace { dir: dir(), root });
    }
    let marks = place.marks(STRONG)?;
    if let [evidence] = *marks {
        return Err(OutOfBounds::Doubtful { dir: dir(), evidence });
    }
    place.is_nobody_elses()?;
    if let Some(at) = inside::mount_below(&place.real) {
        return Err(OutOfBounds::MountInside { dir: dir(), at });
    }
    if let Some(end) = place.way.end() {
        match search(end) {
            Ok(None) => {}
            Ok(Some((treasure, below))) => {
                return Err(OutOfBounds::Holds { dir: dir(), treasure, path: place.real.join(below) });
            }
            Err((below, error)) => {
                let (path, cause) = (place.real.join(below), error.to_string());
                return Err(OutOfBounds::Unsearchable { dir: dir(), path, cause });
            }
        }
    }
    Ok(place.into_own(&marks))
}

type Stopped = (PathBuf, io::Error);

/// The first repository or manifest anywhere below, where cargo and build scripts put none.
fn search(top: &Dir) -> Result<Option<(Treasure, PathBuf)>, Stopped> {
    let at = |names: &[OsString]| names.iter().collect::<PathBuf>();
    let device = top.dir_metadata().map_err(|error| (PathBuf::new(), error))?.dev();
    let mut names: Vec<OsString> = Vec::new();
    let mut open: Vec<(Dir, ReadDir)> = Vec::new();
    let top = top.try_clone().and_then(|dir| Ok((dir.entries()?, dir)));
    let (entries, top) = top.map_err(|error| (PathBuf::new(), error))?;
    open.push((top, entries));
    while let Some((dir, entries)) = open.last_mut() {
        let Some(entry) = entries.next() else {
            open.pop();
            names.pop();
            continue;
        };
        let here = |error| (at(&names), error);
        let entry = entry.map_err(here)?;
        let name = entry.file_name();
        let treasure = if name.eq_ignore_ascii_case(".git") {
            Some(Treasure::Git)
        } else if name.eq_ignore_ascii_case("Cargo.toml") && !is_generated(&names) {
            Some(Treasure::Package)
        } else {
            None
        };
        if let Some(treasure) = treasure {
            return Ok(Some((treasure, at(&names).join(name))));
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => {}
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(here(error)),
            // Links are not followed, and what is gone is gone.
            _ => continue,
        }
        let inner = match dir.open_dir_nofollow(&name) {
            Ok(inner) => inner,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err((at(&names).join(name), error)),
        };
        names.push(name);
        let here = |error| (at(&names), error);
        if names.len() > DEEPEST {
            return Err(here(io::Error::other("it is nested too deeply")));
        }
        if inner.dir_metadata().map_err(here)?.dev() != device {
            return Err(here(io::Error::other("another file system is mounted there")));
        }
        let entries = inner.entries().map_err(here)?;
        open.push((inner, entries));
    }
    Ok(None)
}

/// Where manifests are cargo's own copies or build scripts' output: `package`, `doc`, `tmp` and the trash at the top, and
/// `build/*/out` and `build/*/*/out` (layout 2) in a profile's directory, also of build dirs nested in this one.
fn is_generated(names: &[OsString]) -> bool {
    let name = |at: usize| names.get(at).map(OsString::as_os_str);
    let is = |at: usize, text: &str| name(at) == Some(OsStr::new(text));
    ["package", "doc", "tmp"].iter().any(|own| is(0, own))
        || (is(0, OWN_DIR) && is(1, TRASH_DIR))
        || (1..=3).any(|at| is(at, "build") && (is(at + 2, "out") || is(at + 3, "out")))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::is_generated;

    #[test]
    fn only_known_places_hold_copies_of_manifests() {
        for (path, expect) in [
            ("", false),
            ("package/a-0.1.0", true),
            ("doc/a", true),
            ("tmp/x/y", true),
            (".xcargo/trash/1-0", true),
            (".xcargo/other", false),
            ("debug/build/a-0123456789abcdef/out/x", true),
            ("debug/build/a/0123456789abcdef/out", true),
            ("x86_64-unknown-linux-gnu/debug/build/a-0/out", true),
            ("debug/build/a-0", false),
            ("debug/package/a", false),
            ("build/a/out", false),
            ("notes/doc", false),
        ] {
            let names: Vec<OsString> =
                path.split('/').filter(|name| !name.is_empty()).map(OsString::from).collect();
            assert_eq!(is_generated(&names), expect, "{path}");
        }
    }
}
