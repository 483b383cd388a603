//! Rustc's incremental sessions. Their names say nothing about a unit, but their dependency graph names its compiler.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::disk::{self, Dir, Kind};
use super::{Entry, Unknown, Why};

/// The dependency graph of a session, which begins with a header.
pub(super) const GRAPH: &str = "dep-graph.bin";

/// So many bytes hold the longest header.
pub(super) const HEADER: u64 = 7 + 255;

/// What rustc keeps to build one crate faster the next time. It goes whole: with a part of it missing rustc may crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incremental {
    /// The crate's name.
    pub crate_name: String,
    /// The directory, below the profile dir.
    pub path: PathBuf,
    /// What its sessions tell. `None`: nobody has asked them ([`super::Cache::read_sessions`]), so nothing may be judged by
    /// it, not even that it is unknown.
    pub told: Option<Told>,
    /// What to remove.
    pub entries: Vec<Entry>,
}

/// What was read from sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The one compiler of them all, as `rustc --version` names it: `1.95.0 (59807616e 2026-04-14)`. `None` where none can
    /// be read, or they differ.
    pub rustc_version: Option<String>,
    /// When the latest one that ended was built.
    pub built: Option<SystemTime>,
}

impl Incremental {
    pub(super) fn read(&mut self) {
        let (rustc_version, built) = sessions(&self.path);
        self.told = Some(Told { rustc_version, built });
    }

    /// The one compiler of all sessions, where they were read and tell it.
    #[must_use]
    pub fn rustc_version(&self) -> Option<&str> {
        self.told.as_ref()?.rustc_version.as_deref()
    }
}

/// Reads `incremental/` of the profile dir at `relative` in the build dir.
pub(super) fn read(build_dir: &Path, relative: &Path, unknown: &mut Vec<Unknown>) -> Vec<Incremental> {
    let relative = relative.join("incremental");
    let dir = build_dir.join(&relative);
    let items = match disk::list(&dir) {
        Ok(items) => items,
        Err(error) => {
            unknown.push(Unknown { path: dir, why: Why::Unreadable(error.kind()) });
            return Vec::new();
        }
    };
    let judge = |item: disk::Item| -> Option<Result<Incremental, Unknown>> {
        let path = dir.join(&item.name);
        let name = item.name.to_str().and_then(|name| name.rsplit_once('-'));
        let why = match (item.kind, name) {
            (Kind::Dir, Some((crate_name, hash))) if !crate_name.is_empty() && !hash.is_empty() => {
                return Some(Ok(Incremental {
                    crate_name: crate_name.to_owned(),
                    told: None,
                    path,
                    entries: vec![Entry::Tree(relative.join(&item.name))],
                }));
            }
            (Kind::Dir, _) => Why::Name,
            (Kind::Link, _) => Why::Link,
            (Kind::File | Kind::Other, _) => return None,
        };
        Some(Err(Unknown { path, why }))
    };
    let mut found = Vec::new();
    for one in items.into_iter().filter_map(judge) {
        match one {
            Ok(incremental) => found.push(incremental),
            Err(left) => unknown.push(left),
        }
    }
    found
}

/// The one compiler of all sessions, and when the latest that ended was written.
fn sessions(dir: &Path) -> (Option<String>, Option<SystemTime>) {
    let (mut compilers, mut built) = (BTreeSet::new(), None);
    let Ok(Some(mut open)) = Dir::open(dir) else { return (None, None) };
    for session in open.list().unwrap_or_default() {
        // `s-<time>-<random>-<hash>`, or `-working` while (or since) rustc was interrupted; `.lock` files beside them.
        if session.kind != Kind::Dir || !session.name.as_encoded_bytes().starts_with(b"s-") {
            continue;
        }
        match open.read_start(Path::new(&session.name).join(GRAPH).as_os_str(), HEADER) {
            Ok(graph) => {
                if !session.name.as_encoded_bytes().ends_with(b"-working") {
                    built = built.max(graph.modified);
                }
                // A graph that is there but cannot be read may be another compiler's: nothing is known then.
                compilers.insert(version(&graph.bytes));
            }
            Err(error) if disk::is_gone(&error) => {}
            Err(_) => {
                compilers.insert(None);
            }
        }
    }
    (compilers.pop_first().flatten().filter(|_| compilers.is_empty()), built)
}

/// Whether this is the directory of a session that came to its end: `s-<time>-<random>-<hash>`.
pub(super) fn is_finished(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b"s-") && !name.ends_with(b"-working")
}

/// `RSIC`, a format version (16 bits), then a length (8 bits) and the version's text: rustc's
/// `rustc_incremental/src/persist/file_format.rs`, the same since 2016.
pub(super) fn version(header: &[u8]) -> Option<String> {
    let [_, _, length, rest @ ..] = header.strip_prefix(b"RSIC")? else { return None };
    let text = std::str::from_utf8(rest.get(..usize::from(*length))?).ok()?;
    (!text.is_empty() && !text.contains(char::is_control)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{sessions, version};

    #[test]
    fn headers_name_the_compiler() {
        for (header, expect) in [
            (
                &b"RSIC\0\0\x1d1.95.0 (59807616e 2026-04-14)\x15\x97"[..],
                Some("1.95.0 (59807616e 2026-04-14)"),
            ),
            (b"RSIC\0\0\x1d1.95.0", None),
            (b"RSIC\0\0\0", None),
            (b"RSIC\0\0\x02\xff\xff", None),
            (b"RSID\0\0\x011", None),
            (b"", None),
        ] {
            assert_eq!(version(header).as_deref(), expect, "{header:?}");
        }
    }

    #[test]
    fn sessions_of_two_compilers_belong_to_neither() {
        let temp = tempfile::tempdir().expect("temp dir");
        let session = |name: &str, header: &[u8]| {
            fs::create_dir(temp.path().join(name)).expect("dir");
            fs::write(temp.path().join(name).join("dep-graph.bin"), header).expect("file");
        };
        assert_eq!(sessions(temp.path()).0, None);
        fs::create_dir(temp.path().join("s-0-working")).expect("dir");
        session("s-1-a", b"RSIC\0\0\x031.1");
        session("s-2-a", b"RSIC\0\0\x031.1");
        fs::write(temp.path().join("s-2.lock"), "").expect("file");
        assert_eq!(sessions(temp.path()).0.as_deref(), Some("1.1"));
        session("s-3-a", b"RSIC\0\0\x031.2");
        assert_eq!(sessions(temp.path()).0, None);
    }
}
