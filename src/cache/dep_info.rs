//! Rustc's dep-info (`.d`) files: where the sources of a unit lie, and so which package they are.
//!
//! A make rule `<output>: <source> <source> …`, the crate root first, a blank in a path written as `\ `. Sources of
//! workspace members are relative, all others absolute (cargo's `parse_rustc_dep_info` and `path_args`).

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use super::disk;
use super::source::Source;

/// The largest file that is read, in bytes. Crates with thousands of generated sources stay far below.
pub(super) const LIMIT: u64 = 16 << 20;

/// Where cargo unpacks the sources that are not the user's own.
#[derive(Debug)]
pub(super) struct CargoHome {
    /// As given and, where that differs, with all links resolved: rustc shows whichever cargo passed.
    homes: Vec<PathBuf>,
}

/// What a `.d` file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing that can be read or made sense of.
    Nothing,
    /// The sources belong to more than one version of the package.
    Contradiction,
    /// The sources are the standard library's own (`-Zbuild-std`).
    Std,
    /// They are this package's.
    From(Source),
}

impl CargoHome {
    pub(super) fn new(cargo_home: &Path) -> Self {
        let mut homes = vec![cargo_home.to_path_buf()];
        if let Ok(canonical) = cargo_home.canonicalize()
            && canonical != cargo_home
        {
            homes.push(canonical);
        }
        Self { homes }
    }

    /// What the `.d` file at this path says about a unit of `package`.
    pub(super) fn read(&self, file: &Path, package: &str) -> Said {
        let Ok(content) = disk::read(file, LIMIT) else { return Said::Nothing };
        self.judge(&sources(&content), package)
    }

    fn judge(&self, sources: &[PathBuf], package: &str) -> Said {
        let Some((root, others)) = sources.split_first() else { return Said::Nothing };
        if is_std(root) {
            return Said::Std;
        }
        let of_root = match self.origin(root, package) {
            Origin::Own => Source::Path,
            Origin::Unclear => return Said::Nothing,
            Origin::Of(source) => source,
        };
        // A patched copy that includes files of the original, or a file that was put together from two builds.
        let differs = |path| matches!(self.origin(path, package), Origin::Of(other) if other != of_root);
        if others.iter().any(|path| differs(path)) { Said::Contradiction } else { Said::From(of_root) }
    }

    fn origin(&self, path: &Path, package: &str) -> Origin {
        let Some(below) = self.homes.iter().find_map(|home| path.strip_prefix(home).ok()) else {
            return Origin::Own;
        };
        let names: Vec<Option<&str>> = below.components().map(name).collect();
        match names.as_slice() {
            [Some("registry"), Some("src"), Some(_index), Some(dir), _, ..] => {
                match dir.strip_prefix(package).and_then(|rest| version(rest.strip_prefix('-')?)) {
                    Some(version) => Origin::Of(Source::Registry { version }),
                    None => Origin::Unclear,
                }
            }
            [Some("git"), Some("checkouts"), Some(_repository), Some(rev), _, ..] if is_rev(rev) => {
                Origin::Of(Source::Git { rev: (*rev).to_owned() })
            }
            // Something else below CARGO_HOME, of whatever kind: nothing to build a judgement on.
            [Some("registry" | "git"), ..] | [None, ..] => Origin::Unclear,
            _ => Origin::Own,
        }
    }
}

/// Where one source file belongs.
enum Origin {
    Own,
    Unclear,
    Of(Source),
}

/// A version as cargo writes it, which is one that semver reads.
pub(super) fn version(text: &str) -> Option<String> {
    semver::Version::parse(text).is_ok().then(|| text.to_owned())
}

/// A whole or shortened commit id.
pub(super) fn is_rev(text: &str) -> bool {
    text.len() >= 7 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn name(component: Component<'_>) -> Option<&str> {
    match component {
        Component::Normal(name) => name.to_str(),
        _ => None,
    }
}

/// `<sysroot>/lib/rustlib/src/rust/library/…`, the place of the `rust-src` component.
fn is_std(path: &Path) -> bool {
    let names: Vec<&OsStr> = path.components().map(Component::as_os_str).collect();
    names.windows(3).any(|part| part == ["rustlib", "src", "rust"])
}

/// The sources of the first rule.
pub(super) fn sources(content: &[u8]) -> Vec<PathBuf> {
    let rule = content.split(|byte| *byte == b'\n').find_map(|line| {
        let colon = line.windows(2).position(|pair| pair == b": ")?;
        (!line.starts_with(b"#")).then(|| &line[colon + 2..])
    });
    let mut paths = Vec::new();
    let mut path = Vec::new();
    let mut bytes = rule.unwrap_or_default().iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if bytes.peek() == Some(&b' ') => path.extend(bytes.next()),
            b' ' | b'\t' | b'\r' => paths.extend(finish(&mut path)),
            _ => path.push(byte),
        }
    }
    paths.extend(finish(&mut path));
    paths
}

fn finish(path: &mut Vec<u8>) -> Option<PathBuf> {
    let bytes = std::mem::take(path);
    if bytes.is_empty() { None } else { path_of(bytes) }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere not all bytes make a path")]
pub(super) fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
pub(super) fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{CargoHome, Said, sources};
    use crate::cache::source::Source;

    #[test]
    fn sources_tell_the_package() {
        let home = CargoHome::new(Path::new("/h/.cargo"));
        let registry = |version: &str| Said::From(Source::Registry { version: version.to_owned() });
        let itoa = "/h/.cargo/registry/src/index-1/itoa-1.0.19";
        for (package, rule, expect) in [
            ("itoa", format!("/t/x.d: {itoa}/src/lib.rs {itoa}/src/private.rs"), registry("1.0.19")),
            // What a build script generated, and files that other packages own, say nothing.
            ("itoa", format!("/t/x.d: {itoa}/src/lib.rs /t/debug/build/itoa-1/out/g.rs"), registry("1.0.19")),
            (
                "itoa",
                format!("/t/x.d: {itoa}/src/lib.rs /h/.cargo/registry/src/i/paste-1.0.1/a"),
                registry("1.0.19"),
            ),
            (
                "a-b",
                "x: /h/.cargo/registry/src/i/a-b-1.0.0-rc.1+x-y/lib.rs".to_owned(),
                registry("1.0.0-rc.1+x-y"),
            ),
            (
                "itoa",
                format!("x: {itoa}/src/lib.rs /h/.cargo/registry/src/j/itoa-1.0.2/lib.rs"),
                Said::Contradiction,
            ),
            ("itoa", format!("x: vendor/itoa/src/lib.rs {itoa}/src/lib.rs"), Said::Contradiction),
            ("other", format!("x: {itoa}/src/lib.rs"), Said::Nothing),
            (
                "g",
                "x: /h/.cargo/git/checkouts/g-25753c7bb82e5c40/bd565d9/src/lib.rs".to_owned(),
                Said::From(Source::Git { rev: "bd565d9".to_owned() }),
            ),
            ("g", "x: /h/.cargo/git/db/g/src/lib.rs".to_owned(), Said::Nothing),
            ("p", "x: p/src/lib.rs".to_owned(), Said::From(Source::Path)),
            ("p", "x: /elsewhere/registry/src/i/p-1.0.0/lib.rs".to_owned(), Said::From(Source::Path)),
            ("core", "x: /s/lib/rustlib/src/rust/library/core/src/lib.rs".to_owned(), Said::Std),
            ("p", String::new(), Said::Nothing),
            ("p", "x:".to_owned(), Said::Nothing),
        ] {
            assert_eq!(home.judge(&sources(rule.as_bytes()), package), expect, "{rule}");
        }
    }

    #[test]
    fn blanks_in_paths_and_drive_letters_are_read_as_rustc_writes_them() {
        for (text, expect) in [
            ("/t/a.d: /a\\ b/c.rs d.rs\n\n/a\\ b/c.rs:\n", vec!["/a b/c.rs", "d.rs"]),
            ("# env-dep:X=a: b\nx.d: c.rs\n", vec!["c.rs"]),
            ("C:\\t\\x.d: C:\\s\\lib.rs\r\n", vec!["C:\\s\\lib.rs"]),
        ] {
            let expect: Vec<PathBuf> = expect.into_iter().map(PathBuf::from).collect();
            assert_eq!(sources(text.as_bytes()), expect, "{text:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_cargo_home_behind_a_link_is_recognised() {
        let temp = tempfile::tempdir().expect("temp dir");
        let (real, link) = (temp.path().join("real"), temp.path().join("link"));
        std::fs::create_dir(&real).expect("dir");
        std::os::unix::fs::symlink(&real, &link).expect("link");
        let real = real.canonicalize().expect("canonical");
        for shown in [&real, &link] {
            let source = shown.join("registry/src/i/itoa-1.0.0/src/lib.rs");
            let said = CargoHome::new(&link).judge(&[source], "itoa");
            assert_eq!(said, Said::From(Source::Registry { version: "1.0.0".to_owned() }), "{shown:?}");
        }
    }
}
