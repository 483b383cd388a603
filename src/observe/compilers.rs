//! Which compilers are known here, and by which names: those that the stamps remember, and those that are installed.
//!
//! A unit names its compiler only by a hash (see `cache/fingerprint.rs`). Nothing leads back from the hash to the compiler,
//! so every compiler that might be meant is hashed; a hash that none of them has stays a number.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cache::OWN_DIR;
use crate::cache::stamp::Stamp;
use crate::env::Env;
use crate::toolchain::{self, Identity, Rustup};

/// How a compiler came to be known: the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The last build of this workspace was pinned to it.
    Pinned,
    /// An earlier build was.
    PinnedBefore,
    /// Another workspace that builds into the same dir is, or was.
    PinnedElsewhere,
    /// It is installed.
    Installed,
}

/// A compiler that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiler {
    /// Who it is.
    pub identity: Identity,
    /// All names under which it was met: toolchains, or the paths of compilers that rustup knows nothing of.
    pub names: BTreeSet<String>,
    /// How it came to be known.
    pub standing: Standing,
}

/// All compilers that are known, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compilers(Vec<Compiler>);

/// Which compilers a person means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meant {
    /// Those that are known.
    pub identities: Vec<Identity>,
    /// The hash itself, where one was given: it may be of a compiler that nobody knows any more.
    pub hash: Option<u64>,
}

impl Meant {
    /// Whether a unit with this hash in its fingerprint is by one of them.
    #[must_use]
    pub fn has(&self, hash: u64) -> bool {
        self.hash == Some(hash)
            || self.identities.iter().any(|identity| identity.fingerprint_hashes().contains(&hash))
    }
}

impl Compilers {
    /// Those that the stamps in a build dir remember; `own` is where this workspace's stamp lies.
    #[must_use]
    pub fn recorded(build_dir: &Path, own: &Path) -> Self {
        let mut compilers = Self::default();
        if let Some(stamp) = Stamp::read(own) {
            compilers.add(stamp.pin, Standing::Pinned);
            stamp.former.into_iter().for_each(|former| compilers.add(former, Standing::PinnedBefore));
        }
        for stamp in other_stamps(build_dir, own) {
            let all = std::iter::once(stamp.pin).chain(stamp.former);
            all.for_each(|identity| compilers.add(identity, Standing::PinnedElsewhere));
        }
        compilers
    }

    /// Adds one, or the name and standing under which it was met this time.
    pub fn add(&mut self, identity: Identity, standing: Standing) {
        let same = |known: &&mut Compiler| known.identity.verbose_version == identity.verbose_version;
        match self.0.iter_mut().find(same) {
            Some(known) => {
                known.names.insert(identity.name);
                known.standing = known.standing.min(standing);
            }
            None => {
                let names = BTreeSet::from([identity.name.clone()]);
                self.0.push(Compiler { identity, names, standing });
            }
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Compiler> {
        self.0.iter()
    }

    /// The compiler of a unit.
    #[must_use]
    pub fn by_hash(&self, hash: u64) -> Option<&Compiler> {
        self.iter().find(|compiler| compiler.identity.fingerprint_hashes().contains(&hash))
    }

    /// The compiler of an incremental session (see [`Identity::incremental_version`]). `None` also where two say the same.
    #[must_use]
    pub fn by_version(&self, version: &str) -> Option<&Compiler> {
        let mut found = self
            .iter()
            .filter(|compiler| compiler.identity.incremental_version().as_deref() == Some(version));
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether each of these hashes is some known compiler's.
    #[must_use]
    pub fn explain(&self, hashes: &BTreeSet<u64>) -> bool {
        hashes.iter().all(|hash| self.by_hash(*hash).is_some())
    }

    /// Which compilers a person means by `1.78.0`, `1.78`, `nightly`, `stable-x86_64-unknown-linux-gnu`, the name or path of
    /// a linked toolchain, or the 16 hex digits by which `xcargo cache` shows one that it cannot name.
    ///
    /// A channel means what it was as well: each compiler that was met under its name. A version is looked for among the
    /// releases, too, as `1.78.0` may be installed as `stable`.
    #[must_use]
    pub fn meant(&self, name: &str) -> Meant {
        let is_hash = name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = is_hash.then(|| u64::from_str_radix(name, 16).ok()).flatten();
        let is_meant = |compiler: &&Compiler| {
            let Compiler { identity, names, .. } = compiler;
            let full = identity.host().map(|host| format!("{name}-{host}"));
            let by_release = identity.release().is_some_and(|release| is_release(name, release));
            by_release || names.contains(name) || full.is_some_and(|full| names.contains(&full))
        };
        Meant { identities: self.iter().filter(is_meant).map(|it| it.identity.clone()).collect(), hash }
    }
}

/// Whether `1.78` or `1.78.0` is asked for and this is it. A word is no release, and `1` too little to tell.
fn is_release(asked: &str, release: &str) -> bool {
    let is_minor = asked.split('.').count() == 2 && asked.starts_with(|first: char| first.is_ascii_digit());
    let patch = || release.strip_prefix(asked)?.strip_prefix('.');
    asked == release || (is_minor && patch().is_some_and(|patch| !patch.contains('-')))
}

/// The stamps of other workspaces that build into the same dir: what they need stays. A stamp's name tells whose it is;
/// the way to it may be spelled differently (`..`, a link above the workspace).
pub(super) fn other_stamps(build_dir: &Path, own: &Path) -> Vec<Stamp> {
    let Ok(entries) = fs_err::read_dir(build_dir.join(OWN_DIR)) else { return Vec::new() };
    let mut paths: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            path.file_name()
                .filter(|name| Some(*name) != own.file_name())
                .is_some_and(|name| name.to_string_lossy().starts_with("stamp-"))
        })
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| Stamp::read(path)).collect()
}

/// Asks every compiler that rustup has installed who it is. One that does not answer cannot have built anything, either.
pub fn installed<'a>(rustup: &Rustup, env: &'a Env) -> impl Iterator<Item = Identity> + use<'a> {
    let rustc = Path::new("bin").join(format!("rustc{}", std::env::consts::EXE_SUFFIX));
    toolchain::installed(rustup)
        .into_iter()
        .filter_map(move |(name, dir)| toolchain::identify(&dir.join(&rustc), &name, env).ok())
}

#[cfg(test)]
mod tests {
    use super::{Compilers, Identity, Meant, Standing};

    fn identity(name: &str, release: &str, remark: &str) -> Identity {
        let text = format!("rustc {release} ({remark})\nhost: h-u-l\nrelease: {release}\n");
        let json = serde_json::json!({ "name": name, "verbose_version": text, "stat": { "files": [] } });
        serde_json::from_value(json).expect("an identity")
    }

    fn compilers() -> Compilers {
        let mut compilers = Compilers::default();
        compilers.add(identity("stable-h-u-l", "1.95.0", "a"), Standing::PinnedBefore);
        compilers.add(identity("nightly-h-u-l", "1.97.0-nightly", "old"), Standing::PinnedBefore);
        compilers.add(identity("nightly-h-u-l", "1.97.0-nightly", "new"), Standing::Installed);
        compilers.add(identity("1.78.0-h-u-l", "1.78.0", "b"), Standing::Installed);
        compilers.add(identity("1.95.0-h-u-l", "1.95.0", "a"), Standing::Pinned);
        compilers.add(identity("/opt/rust/bin/rustc", "1.78.1-dev", "c"), Standing::Installed);
        compilers
    }

    #[test]
    fn one_compiler_under_two_names_is_one() {
        let compilers = compilers();
        assert_eq!(compilers.iter().count(), 5);
        let first = compilers.iter().next().expect("one");
        assert_eq!((first.names.len(), first.standing), (2, Standing::Pinned));
    }

    /// `--toolchain` says what is to be deleted: it may match no more than what the words say.
    #[test]
    fn names_mean_what_a_person_would_mean() {
        let compilers = compilers();
        for (name, expect) in [
            ("1.95.0", &["1.95.0"][..]),
            ("1.95", &["1.95.0"]),
            ("1.9", &[]),
            ("1", &[]),
            ("", &[]),
            ("stable", &["1.95.0"]),
            ("stable-h-u-l", &["1.95.0"]),
            ("stable-other", &[]),
            ("nightly", &["1.97.0-nightly", "1.97.0-nightly"]),
            ("1.97.0-nightly", &["1.97.0-nightly", "1.97.0-nightly"]),
            ("1.97", &[]),
            ("1.78", &["1.78.0"]),
            ("1.78.1-dev", &["1.78.1-dev"]),
            ("/opt/rust/bin/rustc", &["1.78.1-dev"]),
            ("beta", &[]),
        ] {
            let Meant { identities, hash } = compilers.meant(name);
            let releases: Vec<&str> = identities.iter().filter_map(Identity::release).collect();
            assert_eq!((releases.as_slice(), hash), (expect, None), "{name}");
        }
        let unknown = compilers.meant("00000000000000ff");
        assert!(unknown.identities.is_empty() && unknown.has(255) && !unknown.has(254));
        let [hash, _] = compilers.iter().next().expect("one").identity.fingerprint_hashes();
        assert!(compilers.meant("stable").has(hash) && !compilers.meant("nightly").has(hash));
    }

    #[test]
    fn a_version_that_two_share_is_neither() {
        let mut compilers = compilers();
        assert_eq!(compilers.by_version("1.95.0 (a)").map(|it| it.standing), Some(Standing::Pinned));
        let mut other = identity("other", "1.95.0", "a");
        other.verbose_version.push_str("LLVM version: 1\n");
        compilers.add(other, Standing::Installed);
        assert_eq!(compilers.by_version("1.95.0 (a)"), None);
    }
}
