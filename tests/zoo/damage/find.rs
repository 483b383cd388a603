//! The files of a unit, in either layout.

use std::path::{Path, PathBuf};

use fs_err as fs;

use crate::site::{Layout, Site};

/// A file in the build dir.
#[derive(Clone, Copy)]
pub(super) enum File {
    /// A crate's output with this extension: `rlib`, `rmeta`, `so`.
    Library(&'static str, &'static str),
    /// The program, by the name that people use: cargo's own is the same file.
    Program,
    /// A library of the profile's own directory, likewise.
    Final(&'static str),
    /// The example, likewise.
    Example,
    /// The integration test.
    Test,
    /// A package's compiled build script.
    BuildScript(&'static str),
    /// A file in the fingerprint dir, by its name.
    Print(&'static str),
    /// What cargo knows of the compiler.
    RustcInfo,
    /// What a package's build script printed.
    Printed(&'static str),
    /// Where a package's build script generated, as cargo wrote it down.
    RootOutput(&'static str),
    /// A file in a package's `OUT_DIR`.
    Generated(&'static str, &'static str),
    /// The first file of a crate's incremental session with this end that holds this text.
    Session(&'static str, &'static str, &'static str),
}

impl File {
    /// Where it is.
    pub(super) fn path(&self, site: &Site<'_>) -> PathBuf {
        let debug = site.target().join("debug");
        match *self {
            Self::Program => debug.join("app"),
            Self::Final(name) => debug.join(name),
            Self::RustcInfo => site.target().join(".rustc_info.json"),
            Self::Example => debug.join("examples/ex"),
            Self::Library(name, extension) => {
                let start = format!("lib{name}-");
                only(&debug, |path| {
                    !is_incremental(path)
                        && file_name(path).starts_with(&start)
                        && has_extension(path, extension)
                })
            }
            Self::Test => only(&debug, |path| {
                !is_incremental(path) && file_name(path).starts_with("it-") && path.extension().is_none()
            }),
            Self::BuildScript(package) => {
                only(&debug, |path| belongs_to(path, package) && path.ends_with("build-script-build"))
            }
            Self::Print(name) => only(&debug, |path| file_name(path) == name),
            Self::Printed(package) => {
                let name = if site.layout == Layout::One { "output" } else { "run/stdout" };
                only(&debug, |path| belongs_to(path, package) && path.ends_with(name))
            }
            Self::RootOutput(package) => {
                only(&debug, |path| belongs_to(path, package) && path.ends_with("root-output"))
            }
            Self::Generated(package, name) => {
                only(&debug, |path| belongs_to(path, package) && path.ends_with(Path::new("out").join(name)))
            }
            Self::Session(name, end, text) => {
                let start = format!("{name}-");
                let found = all(&debug.join("incremental"), |path| {
                    // Only a library's session has metadata.
                    file_name(path).ends_with(end)
                        && path.parent().is_some_and(|dir| dir.join("metadata.rmeta").exists())
                        && path.ancestors().any(|dir| file_name(dir).starts_with(&start))
                        && holds(path, text)
                });
                newest(found, end)
            }
        }
    }
}

/// A session that is not used any more stays for a while beside the one that is.
fn newest(found: Vec<PathBuf>, what: &str) -> PathBuf {
    let time = |path: &PathBuf| path.parent().and_then(|dir| dir.metadata().ok()?.modified().ok());
    let last = found.iter().map(time).max();
    found.into_iter().find(|path| Some(time(path)) == last).unwrap_or_else(|| panic!("no session has {what}"))
}

/// Whether the file's bytes hold this text; every file holds none.
fn holds(path: &Path, text: &str) -> bool {
    text.is_empty() || fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|it| it == extension)
}

fn is_incremental(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "incremental")
}

/// `build/<package>-<id>/…` or `build/<package>/<id>/…`.
fn belongs_to(path: &Path, package: &str) -> bool {
    let mut parts = path.components().map(|part| part.as_os_str().to_string_lossy());
    parts.by_ref().any(|part| part == "build")
        && parts.next().is_some_and(|part| {
            part.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
}

#[track_caller]
fn only(dir: &Path, is_it: impl Fn(&Path) -> bool) -> PathBuf {
    let mut found = all(dir, is_it);
    assert_eq!(found.len(), 1, "one file: {found:?}");
    found.remove(0)
}

/// All files below a directory that are such, sorted.
fn all(dir: &Path, is_it: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let (mut dirs, mut found) = (vec![dir.to_owned()], Vec::new());
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if is_it(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
