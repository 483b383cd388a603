//! The compilers that take part: those that `XCARGO_TEST_COMPILERS` lists, and the machine's own.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use semver::Version;

use crate::support::machine::machine;

/// Where the toolchain directories are listed, as in `PATH`.
const VARIABLE: &str = "XCARGO_TEST_COMPILERS";

/// What the workspace of eleven members asks for: `unsafe extern`.
const WORKSPACE_NEEDS: Version = Version::new(1, 82, 0);

/// The first cargo that takes the three locks.
const THREE_LOCKS: Version = Version::new(1, 96, 0);

/// The first cargo of these that knows `-Zbuild-dir-new-layout` as it became stable.
const NEW_LAYOUT: Version = Version::new(1, 95, 0);

/// The first cargo that hashes with `rustc-stable-hash`.
const STABLE_HASH: Version = Version::new(1, 85, 0);

/// A toolchain with a rustc and a cargo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compiler {
    /// What rustup calls it in these tests: `real-1.85.0`.
    pub(crate) name: String,
    /// The release that rustc names.
    pub(crate) release: Version,
    /// The release that cargo names; packagers combine them freely.
    pub(crate) cargo: Version,
    /// With `bin` and `lib` in it.
    pub(crate) dir: PathBuf,
}

impl Compiler {
    /// Whether its cargo takes the three locks of 1.96.
    pub(crate) fn takes_three_locks(&self) -> bool {
        released(&self.cargo) >= THREE_LOCKS
    }

    /// Whether its cargo can be asked for layout 2.
    fn knows_new_layout(&self) -> bool {
        released(&self.cargo) >= NEW_LAYOUT
    }

    /// Looks at a toolchain directory and asks its programs who they are.
    fn at(dir: &Path) -> Result<Self, String> {
        let ask = |tool: &str| {
            let program = dir.join("bin").join(tool);
            let out = Command::new(&program)
                .arg("-V")
                .env("LD_LIBRARY_PATH", dir.join("lib"))
                .output()
                .map_err(|error| format!("{}: {error}", program.display()))?;
            let text = String::from_utf8_lossy(&out.stdout);
            let version = text.strip_prefix(tool).and_then(|rest| rest.split_whitespace().next());
            version.and_then(|version| Version::parse(version).ok()).ok_or_else(|| {
                let err = String::from_utf8_lossy(&out.stderr);
                format!("{} -V ended with {}: {text}{err}", program.display(), out.status)
            })
        };
        let release = ask("rustc")?;
        Ok(Self { name: format!("real-{release}"), release, cargo: ask("cargo")?, dir: dir.to_owned() })
    }
}

/// All of them, the oldest first, each release once. Fails the test where they are not what these tests need.
pub(crate) fn all() -> &'static [Compiler] {
    static ALL: OnceLock<Result<Vec<Compiler>, String>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut all = listed(env::var_os(VARIABLE), Compiler::at)?;
        all.push(Compiler::at(&machine().sysroot)?);
        all.sort_by(|a, b| a.release.cmp(&b.release));
        all.dedup_by(|a, b| a.release == b.release);
        Ok(all)
    });
    all.as_deref().unwrap_or_else(|why| panic!("{why}"))
}

/// Those that build the workspace of eleven members; at least three, so that the way from one to the next has a third.
pub(crate) fn modern() -> Vec<&'static Compiler> {
    let modern: Vec<_> =
        all().iter().filter(|compiler| released(&compiler.release) >= WORKSPACE_NEEDS).collect();
    assert!(
        modern.len() >= 3,
        "{VARIABLE} and the machine have {} compilers of {WORKSPACE_NEEDS} or later, and three are needed",
        modern.len()
    );
    modern
}

/// One whose cargo hashes as they did before 1.85.
pub(crate) fn oldest() -> &'static Compiler {
    let old = all().first().filter(|compiler| released(&compiler.cargo) < STABLE_HASH);
    old.unwrap_or_else(|| panic!("{VARIABLE} lists no compiler whose cargo is older than {STABLE_HASH}"))
}

/// One of [`modern`] for each generation of cargo: up to 1.95 it takes one lock, from 1.96 on three.
pub(crate) fn generations() -> [&'static Compiler; 2] {
    [false, true].map(|three| {
        let found = modern().into_iter().find(|compiler| compiler.takes_three_locks() == three);
        let age = if three { "1.96 or later" } else { "older than 1.96" };
        found.unwrap_or_else(|| panic!("{VARIABLE} lists no compiler whose cargo is {age}"))
    })
}

/// The oldest and the newest of [`modern`] whose cargo can be asked for layout 2.
pub(crate) fn in_both_layouts() -> [&'static Compiler; 2] {
    let able: Vec<_> = modern().into_iter().filter(|compiler| compiler.knows_new_layout()).collect();
    let [first, .., last] = able[..] else {
        panic!("{VARIABLE} lists too few cargos of {NEW_LAYOUT} or later")
    };
    [first, last]
}

/// A pre-release of 1.97 has what 1.97 has.
fn released(version: &Version) -> Version {
    Version::new(version.major, version.minor, version.patch)
}

fn listed(
    value: Option<OsString>,
    look: impl Fn(&Path) -> Result<Compiler, String>,
) -> Result<Vec<Compiler>, String> {
    let help = format!(
        "set {VARIABLE} to two toolchain directories or more, as in PATH; `.ci/compilers` fetches some and prints it"
    );
    let value = value.ok_or_else(|| format!("{VARIABLE} is not set: {help}"))?;
    let dirs = env::split_paths(&value).filter(|dir| !dir.as_os_str().is_empty());
    let mut found = dirs
        .map(|dir| look(&dir).map_err(|why| format!("{VARIABLE} lists what does not work: {why}")))
        .collect::<Result<Vec<_>, _>>()?;
    found.sort_by(|a, b| a.release.cmp(&b.release));
    found.dedup_by(|a, b| a.release == b.release);
    if found.len() < 2 {
        return Err(format!("{VARIABLE} lists {} different compilers: {help}", found.len()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use semver::Version;

    use super::{Compiler, listed};

    /// A list that names too little must not let the other tests pass on nothing.
    #[test]
    fn too_few_compilers_fail_with_the_way_out() {
        let look = |dir: &Path| match dir.to_str() {
            Some("/broken") => Err("/broken/bin/rustc: no such file".to_owned()),
            Some(dir) => {
                let release: Version =
                    dir.trim_start_matches('/').trim_end_matches("/again").parse().unwrap();
                Ok(Compiler { name: String::new(), cargo: release.clone(), release, dir: dir.into() })
            }
            None => unreachable!("all are UTF-8"),
        };
        for (value, says) in [
            (None, "is not set: set XCARGO_TEST_COMPILERS to two"),
            (Some(""), "lists 0 different compilers: set"),
            (Some("/1.85.0"), "lists 1 different compilers: set"),
            (Some("/1.85.0:/1.85.0/again"), "lists 1 different compilers: set"),
            (Some("/1.85.0:/broken:/1.96.0"), "does not work: /broken/bin/rustc: no such file"),
        ] {
            let error = listed(value.map(Into::into), look).unwrap_err();
            assert!(error.contains(says), "{value:?}: {error}");
        }
        let found = listed(Some("/1.96.0::/1.85.0".into()), look).unwrap();
        assert_eq!(found.len(), 2);
    }
}
