//! What makes a toolchain the same compiler as yesterday, and the numbers by which cargo and rustc know it.

#[expect(deprecated, reason = "cargo before 1.85 hashed with exactly this one")]
use std::hash::SipHasher;
use std::hash::{Hash, Hasher};

use rustc_stable_hash::StableSipHasher128;
use serde::{Deserialize, Serialize};

/// A compiler, as it described itself and as it lay on the disk when it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The toolchain's full name, or the path of a compiler that rustup knows nothing of.
    pub name: String,
    /// What `rustc -vV` printed, whole: the very text that cargo hashes.
    pub verbose_version: String,
    /// The compiler's files when it printed it.
    pub stat: Stamped,
}

/// What `stat` says of a compiler's files: `bin/rustc`, links resolved, and the driver library, which is the
/// compiler proper. Equal means: the same compiler, no need to start it.
///
/// Compared are path, size, modification time and, on Unix, the inode: a library that was replaced under the same
/// size and a clamped time (distribution packages, Nix; cargo#14761) lies in another inode. Access and change times
/// are not: reading, backups and `chmod` alter them while the compiler stays the same. The device is not either, as
/// its number may differ after each start of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped {
    pub(super) files: Vec<FileStamp>,
}

/// What `stat` says of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileStamp {
    /// With every byte that is not printable escaped: it is compared, never opened, and JSON has no bytes.
    pub(super) path: String,
    pub(super) size: u64,
    /// Nanoseconds since 1970, negative before.
    pub(super) modified: i64,
    /// 0 where the system has none.
    pub(super) inode: u64,
}

impl Stamped {
    /// Whether the driver library was there: without it `bin/rustc` cannot start, where it is not linked statically.
    #[must_use]
    pub fn has_driver(&self) -> bool {
        self.files.len() > 1
    }
}

impl Identity {
    /// The release, such as `1.95.0` or `1.97.0-nightly`.
    #[must_use]
    pub fn release(&self) -> Option<&str> {
        self.field("release")
    }

    /// The triple of the machine that it runs on.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.field("host")
    }

    /// What a message calls it: `1.95.0`, or `1.97.0-nightly (e50aa6fba 2026-05-19)` where the release alone does
    /// not tell one build from the next.
    #[must_use]
    pub fn short(&self) -> String {
        match (self.release(), self.incremental_version()) {
            (Some(release), None) => release.to_owned(),
            (Some(release), Some(_)) if !release.contains('-') => release.to_owned(),
            (_, Some(long)) => long,
            (None, None) => self.name.clone(),
        }
    }

    /// The numbers that cargo writes as `rustc` into the `.json` of a fingerprint: first that of cargo 1.85 and
    /// later (`util::hash_u64` over [`StableSipHasher128`]), then that of the cargos before (std's `SipHasher`).
    #[must_use]
    pub fn fingerprint_hashes(&self) -> [u64; 2] {
        let mut stable = StableSipHasher128::new();
        self.verbose_version.hash(&mut stable);
        #[expect(deprecated, reason = "cargo before 1.85 hashed with exactly this one")]
        let mut old = SipHasher::new();
        self.verbose_version.hash(&mut old);
        [Hasher::finish(&stable), old.finish()]
    }

    /// The version in the header of `incremental/*/s-*/dep-graph.bin`, such as `1.95.0 (59807616e 2026-04-14)`:
    /// the first line without the program's name, packagers' remarks included.
    #[must_use]
    pub fn incremental_version(&self) -> Option<String> {
        let first = self.verbose_version.lines().next()?;
        first.strip_prefix("rustc ").map(str::to_owned)
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.verbose_version.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

#[cfg(test)]
mod tests {
    use super::{Identity, Stamped};

    /// What five compilers said (`rustc -vV`), and what their own cargo and they themselves wrote into `target/`.
    const SEEN: &[(&str, u64, Era, &str, &str)] = &[
        (
            "rustc 1.63.0\nbinary: rustc\ncommit-hash: unknown\ncommit-date: unknown\n\
             host: x86_64-unknown-linux-gnu\nrelease: 1.63.0\nLLVM version: 14.0.6\n",
            6_313_857_479_023_064_299,
            Era::SipHash,
            "1.63.0",
            "1.63.0",
        ),
        (
            "rustc 1.85.0 (4d91de4e4 2025-02-17) (built from a source tarball)\nbinary: rustc\n\
             commit-hash: 4d91de4e48198da2e33413efdcd9cd2cc0c46688\ncommit-date: 2025-02-17\n\
             host: x86_64-unknown-linux-gnu\nrelease: 1.85.0\nLLVM version: 19.1.7\n",
            943_729_520_361_454_143,
            Era::StableHash,
            "1.85.0",
            "1.85.0 (4d91de4e4 2025-02-17) (built from a source tarball)",
        ),
        (
            "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\n\
             commit-hash: 59807616e1fa2540724bfbac14d7976d7e4a3860\ncommit-date: 2026-04-14\n\
             host: x86_64-unknown-linux-gnu\nrelease: 1.95.0\nLLVM version: 22.1.2\n",
            7_458_672_600_737_419_911,
            Era::StableHash,
            "1.95.0",
            "1.95.0 (59807616e 2026-04-14)",
        ),
        (
            "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)\nbinary: rustc\n\
             commit-hash: ac68faa20c58cbccd01ee7208bf3b6e93a7d7f96\ncommit-date: 2026-05-25\n\
             host: x86_64-unknown-linux-gnu\nrelease: 1.96.0\nLLVM version: 22.1.8\n",
            5_820_213_461_839_856_997,
            Era::StableHash,
            "1.96.0",
            "1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)",
        ),
        (
            "rustc 1.97.0-nightly (e50aa6fba 2026-05-19)\nbinary: rustc\n\
             commit-hash: e50aa6fba4e63ab34c72bf9acfd2c307c1155d1a\ncommit-date: 2026-05-19\n\
             host: x86_64-unknown-linux-gnu\nrelease: 1.97.0-nightly\nLLVM version: 22.1.4\n",
            8_354_309_321_421_523_391,
            Era::StableHash,
            "1.97.0-nightly (e50aa6fba 2026-05-19)",
            "1.97.0-nightly (e50aa6fba 2026-05-19)",
        ),
    ];

    #[derive(Clone, Copy)]
    enum Era {
        StableHash,
        SipHash,
    }

    fn identity(verbose_version: &str) -> Identity {
        let stat = Stamped { files: Vec::new() };
        Identity { name: "custom".to_owned(), verbose_version: verbose_version.to_owned(), stat }
    }

    #[test]
    fn units_are_told_apart_by_what_real_cargos_wrote() {
        for (text, number, era, short, incremental) in SEEN {
            let identity = identity(text);
            let [stable, old] = identity.fingerprint_hashes();
            let ours = match era {
                Era::StableHash => stable,
                Era::SipHash => old,
            };
            assert_eq!(ours, *number, "{short}");
            assert_eq!(identity.short(), *short);
            assert_eq!(identity.incremental_version().as_deref(), Some(*incremental));
            assert_eq!(identity.host(), Some("x86_64-unknown-linux-gnu"));
        }
    }

    #[test]
    fn a_compiler_that_says_something_else_still_has_a_name() {
        let odd = identity("clang version 19\n");
        assert_eq!((odd.release(), odd.incremental_version(), odd.short().as_str()), (None, None, "custom"));
    }
}
