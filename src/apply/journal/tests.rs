//! What a user would lose: files of which some are new and some old, or somebody else's work.

pub(super) mod faults;
mod files;
mod interrupted;
mod places;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Change, Held, Place};

/// A repository with files of which one is changed, one is made and one is changed at the end of a link.
struct Repository {
    dir: tempfile::TempDir,
}

const OLD: [(&str, Option<&str>); 3] =
    [("rust-toolchain.toml", Some("old pin\n")), ("clippy.toml", None), ("ci/build.yml", Some("old ci\r\n"))];
const NEW: [(&str, Option<&str>); 3] = [
    ("rust-toolchain.toml", Some("new pin, which is longer\n")),
    ("clippy.toml", Some("made\n")),
    ("ci/build.yml", Some("new ci\r\n")),
];

impl Repository {
    fn new() -> Self {
        Self::made_in(directory())
    }

    /// On the disk that everybody's files are on, which takes its time to sync.
    fn on_disk() -> Self {
        Self::made_in(tempfile::tempdir().expect("a directory"))
    }

    fn made_in(dir: tempfile::TempDir) -> Self {
        let root = dir.path();
        for made in [".git", "ci"] {
            fs_err::create_dir(root.join(made)).expect("a directory");
        }
        fs_err::write(root.join(".git/HEAD"), "ref: refs/heads/main\n").expect("a file");
        for (name, text) in OLD {
            if let Some(text) = text {
                fs_err::write(root.join(name), text).expect("a file");
            }
        }
        Self { dir }
    }

    fn root(&self) -> &Path {
        self.dir.path()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    fn place(&self) -> Place {
        Place::of(self.root(), &crate::env::Env::of::<&str, &str>([], "/")).expect("a git dir")
    }

    fn held(&self) -> Held {
        self.place().try_hold().expect("the lock")
    }

    fn changes(&self) -> Vec<Change> {
        let bytes = |text: Option<&str>| text.map(|text| text.as_bytes().to_vec());
        OLD.iter()
            .zip(NEW)
            .map(|((name, before), (_, after))| Change {
                path: self.path(name),
                before: bytes(*before),
                after: bytes(after).expect("new contents"),
            })
            .collect()
    }

    /// Everything in it but git's own.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn walk(dir: &Path, root: &Path, into: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in fs_err::read_dir(dir).expect("a directory") {
                let path = entry.expect("an entry").path();
                if path.is_dir() && !path.ends_with(".git") {
                    walk(&path, root, into);
                } else if path.is_file() {
                    let name = path.strip_prefix(root).expect("below the root").to_path_buf();
                    into.insert(name, fs_err::read(&path).expect("a file"));
                }
            }
        }
        let mut into = BTreeMap::new();
        walk(self.root(), self.root(), &mut into);
        into
    }

    fn text(&self, name: &str) -> Option<String> {
        fs_err::read_to_string(self.path(name)).ok()
    }
}

/// Where there is a file system in memory, there: every step of a change and of its recovery is tried with every other, which
/// syncs some ten thousand times. `XCARGO_TEST_ON_DISK` keeps all of it on the disk.
fn directory() -> tempfile::TempDir {
    let in_memory = || tempfile::tempdir_in("/dev/shm").ok();
    let on_disk = std::env::var_os("XCARGO_TEST_ON_DISK").is_some();
    let dir = if on_disk { None } else { in_memory() };
    dir.unwrap_or_else(|| tempfile::tempdir().expect("a directory"))
}

fn all(state: [(&str, Option<&str>); 3]) -> BTreeMap<PathBuf, Vec<u8>> {
    state.into_iter().filter_map(|(name, text)| Some((name.into(), text?.as_bytes().to_vec()))).collect()
}
