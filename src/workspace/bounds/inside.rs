//! What must not be below a directory that cargo is let loose on: ways out of it.
//!
//! `cargo clean -p` looks for files by pattern and follows links on the way; `cargo clean` empties what is mounted in
//! the directory (both **ran** with cargo 1.95). Cargo itself makes neither links to directories nor mounts there.

use std::path::{Path, PathBuf};

/// Directories with many entries, all cargo's own: they are not looked into, links in them are only ever removed.
const CROWDED: &[&str] = &["deps", "build", ".fingerprint", "incremental", "examples", "doc", "package"];

/// A way out of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WayOut {
    /// A link to a directory elsewhere.
    Link {
        /// The link.
        link: PathBuf,
        /// Where it leads.
        leads_to: PathBuf,
    },
    /// Something else is mounted here.
    Mount(PathBuf),
}

/// The first way out of `dir` (a resolved path): a mount at any depth, a link where cargo has profiles, triples and the
/// directories of a profile.
pub(super) fn first(dir: &Path) -> Option<WayOut> {
    mount_below(dir).map(WayOut::Mount).or_else(|| link_below(dir, dir, 3))
}

fn link_below(top: &Path, dir: &Path, depth: usize) -> Option<WayOut> {
    let entries = std::fs::read_dir(dir).ok()?;
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_symlink() {
            // A dangling one leads nowhere, and one to a file is only ever removed itself.
            if let Ok(leads_to) = path.canonicalize()
                && leads_to.is_dir()
                && !leads_to.starts_with(top)
            {
                return Some(WayOut::Link { link: path, leads_to });
            }
        } else if kind.is_dir() && depth > 1 && !CROWDED.iter().any(|name| entry.file_name() == *name) {
            let found = link_below(top, &path, depth - 1);
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// Linux: the kernel's own list of mounts, in which bind mounts of the same file system stand as well.
#[cfg(target_os = "linux")]
pub(super) fn mount_below(dir: &Path) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    let mounts = std::fs::read("/proc/self/mountinfo").ok()?;
    mounts
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.split(|byte| *byte == b' ').nth(4))
        .map(|field| PathBuf::from(std::ffi::OsString::from_vec(unescaped(field))))
        .find(|mount| mount != dir && mount.starts_with(dir))
}

/// `\040` and its like, as the kernel writes blanks, tabs, line feeds and backslashes.
#[cfg(target_os = "linux")]
fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, after)) = rest.split_first() {
        let octal =
            after.get(..3).filter(|_| *first == b'\\').and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[3..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

/// Elsewhere: a profile's or triple's directory that lies on another device.
#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn mount_below(dir: &Path) -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt as _;
    let device = std::fs::symlink_metadata(dir).ok()?.dev();
    let entries = std::fs::read_dir(dir).ok()?;
    entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir() && meta.dev() != device))
}

/// On Windows a mounted volume is a link (a reparse point) and found as such.
#[cfg(not(unix))]
pub(super) fn mount_below(_: &Path) -> Option<PathBuf> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::{WayOut, first};

    #[test]
    fn links_out_are_found_and_others_are_not() {
        let temp = tempfile::tempdir().expect("a directory");
        let top = temp.path().canonicalize().expect("its path");
        let (target, outside) = (top.join("target"), top.join("outside"));
        for dir in ["target/debug/deps", "target/x86_64-unknown-linux-gnu/release", "outside"] {
            std::fs::create_dir_all(top.join(dir)).expect("a directory");
        }
        symlink(target.join("debug"), target.join("latest")).expect("a link inside");
        symlink(top.join("gone"), target.join("debug/dangling")).expect("a dangling link");
        assert_eq!(first(&target), None);
        for link in ["release", "debug/build", "x86_64-unknown-linux-gnu/release/examples"] {
            let link = target.join(link);
            symlink(&outside, &link).expect("a link out");
            assert_eq!(first(&target), Some(WayOut::Link { link: link.clone(), leads_to: outside.clone() }));
            std::fs::remove_file(&link).expect("the link goes");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn mounts_are_read_as_the_kernel_writes_them() {
        assert_eq!(super::unescaped(br"/a\040b\134c\9"), br"/a b\c\9");
        assert!(super::mount_below(std::path::Path::new("/")).is_some(), "/proc at least");
    }
}
