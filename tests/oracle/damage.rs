//! Damaged artifacts: what a power failure, a full disk or a bad one leaves, with the times of before.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use fs_err as fs;

use super::site::mtime;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Harm {
    Empty,
    /// Its end is missing.
    Cut,
    /// One bit is another.
    Flip,
    /// A block of zeros.
    Zero,
    /// Another file of the same kind in its place.
    Swap,
    Remove,
}

impl Harm {
    pub(super) fn any(rng: &mut Rng) -> Self {
        const ALL: [Harm; 6] = [Harm::Empty, Harm::Cut, Harm::Flip, Harm::Zero, Harm::Swap, Harm::Remove];
        ALL[rng.usize(..ALL.len())]
    }
}

/// The kinds of files in a target dir: the kind is drawn first, so that the many do not hide the few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Archive,
    Metadata,
    Library,
    Program,
    DepInfo,
    /// Cargo's hash and its explanation.
    Fingerprint,
    /// What a build script printed.
    Output,
    Generated,
    Incremental,
    RustcInfo,
}

impl Kind {
    fn of(path: &Path, file: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let has = |part: &str| path.iter().any(|it| it == part);
        let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        Some(match extension {
            _ if has(".xcargo") || name == "invoked.timestamp" => return None,
            _ if has("incremental") => Kind::Incremental,
            "rlib" => Kind::Archive,
            "rmeta" => Kind::Metadata,
            "so" => Kind::Library,
            _ if name == ".rustc_info.json" => Kind::RustcInfo,
            _ if name.starts_with("dep-") => Kind::DepInfo,
            _ if has(".fingerprint") || has("fingerprint") => Kind::Fingerprint,
            "rs" => Kind::Generated,
            "" if matches!(name, "output" | "stdout" | "root-output") => Kind::Output,
            "" if fs::metadata(file).ok()?.permissions().mode() & 0o111 != 0 => Kind::Program,
            _ => return None,
        })
    }

    /// Whether a harm shows on the file itself, whoever built it: what is binary has a form that ends where it should.
    fn shows(self, harm: Harm) -> bool {
        match self {
            Kind::Archive | Kind::Metadata | Kind::Library | Kind::Program | Kind::DepInfo => {
                matches!(harm, Harm::Empty | Harm::Cut | Harm::Remove)
            }
            Kind::Generated => harm == Harm::Remove,
            _ => false,
        }
    }
}

/// Damages a file of a target dir, and says which. `unseen`: files that nothing is known of but themselves, relative to the
/// target dir; only what shows on them is done to them.
pub(super) fn damage(target: &Path, harm: Harm, unseen: &BTreeSet<PathBuf>, rng: &mut Rng) -> String {
    let mut kinds: BTreeMap<Kind, Vec<PathBuf>> = BTreeMap::new();
    for path in files(target).into_keys() {
        if let Some(kind) = Kind::of(&path, &target.join(&path))
            && (kind.shows(harm) || !unseen.contains(&path))
        {
            kinds.entry(kind).or_default().push(path);
        }
    }
    let kinds: Vec<Vec<PathBuf>> = kinds.into_values().collect();
    let Some(files) = kinds.get(rng.usize(..kinds.len().max(1))) else {
        return "nothing to damage".to_owned();
    };
    let (path, other) = (&files[rng.usize(..files.len())], &files[rng.usize(..files.len())]);
    hurt(&target.join(path), &target.join(other), harm, rng);
    let by = if harm == Harm::Swap { format!(" by {}", other.display()) } else { String::new() };
    format!("{}{by}", path.display())
}

fn hurt(path: &Path, other: &Path, harm: Harm, rng: &mut Rng) {
    let (mut content, time) = (fs::read(path).unwrap(), mtime(path));
    let at = rng.usize(..content.len().max(1));
    match harm {
        Harm::Remove => return fs::remove_file(path).unwrap(),
        Harm::Empty => content.clear(),
        Harm::Cut => content.truncate(at),
        Harm::Flip => content.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << rng.u8(..8)),
        Harm::Zero => content.iter_mut().skip(at).take(4096).for_each(|byte| *byte = 0),
        Harm::Swap => content = fs::read(other).unwrap(),
    }
    // In place: what has two names is damaged under both.
    fs::write(path, content).unwrap();
    filetime::set_file_mtime(path, time).unwrap();
}

/// All regular files below a directory, relative to it, each with what changes when it is written.
pub(super) fn files(dir: &Path) -> BTreeMap<PathBuf, (filetime::FileTime, u64)> {
    let (mut found, mut todo) = (BTreeMap::new(), vec![dir.to_path_buf()]);
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let Ok(meta) = entry.metadata() else { continue };
            let path = entry.path();
            if meta.is_dir() {
                todo.push(path);
            } else if meta.is_file() {
                let seen = (filetime::FileTime::from_last_modification_time(&meta), meta.len());
                found.insert(path.strip_prefix(dir).unwrap().to_path_buf(), seen);
            }
        }
    }
    found
}
