//! One installable package: the tarball that rustup unpacks, in the form of rust-installer version 3.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use fs_err as fs;
use sha2::{Digest, Sha256};

/// A package in the making.
pub(super) struct Tarball {
    /// rustup knows a component as `<package>-<target>`.
    component: String,
    files: Vec<(String, Content)>,
}

enum Content {
    Text(String),
    Program(String),
    Disk(PathBuf),
}

impl Tarball {
    /// An empty one.
    pub(super) fn new(package: &str, target: &str) -> Self {
        Self { component: format!("{package}-{target}"), files: Vec::new() }
    }

    /// What an installed toolchain says it got as this package: `lib/rustlib/manifest-<component>`.
    pub(super) fn repackage(package: &str, target: &str, sysroot: &Path) -> Self {
        let mut this = Self::new(package, target);
        let list = sysroot.join("lib/rustlib").join(format!("manifest-{}", this.component));
        let list = fs::read_to_string(list).expect("a toolchain that rustup installed lists what it got");
        for line in list.lines() {
            match line.split_once(':') {
                Some(("file", path)) => this.files.push((path.to_owned(), Content::Disk(sysroot.join(path)))),
                Some(("dir", path)) => this.dir(sysroot, path),
                _ => panic!("a line of another kind: {line:?}"),
            }
        }
        this
    }

    /// With a file.
    pub(super) fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), Content::Text(text.to_owned())));
        self
    }

    /// With an executable file.
    pub(super) fn program(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), Content::Program(text.to_owned())));
        self
    }

    /// Writes it into a directory; returns the file and its hash.
    pub(super) fn write(&self, dir: &Path) -> (PathBuf, String) {
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::none()));
        let top = &self.component;
        let mut dirs = BTreeSet::new();
        let mut list = String::new();
        let mut append = |path: String, mode: u32, content: &[u8]| {
            // rustup wants an entry for every directory before what is in it.
            for parent in Path::new(&path).ancestors().skip(1).collect::<Vec<_>>().into_iter().rev() {
                if !parent.as_os_str().is_empty() && dirs.insert(parent.to_owned()) {
                    let mut header = header(0o755, 0);
                    header.set_entry_type(tar::EntryType::Directory);
                    archive.append_data(&mut header, parent, std::io::empty()).expect("a directory's entry");
                }
            }
            let mut header = header(mode, content.len() as u64);
            archive.append_data(&mut header, path, content).expect("a file's entry");
        };
        for (path, content) in &self.files {
            let (mode, bytes) = content.read();
            append(format!("{top}/{top}/{path}"), mode, &bytes);
            writeln!(list, "file:{path}").expect("a string takes all");
        }
        append(format!("{top}/{top}/manifest.in"), 0o644, list.as_bytes());
        append(format!("{top}/components"), 0o644, format!("{top}\n").as_bytes());
        append(format!("{top}/rust-installer-version"), 0o644, b"3\n");
        let bytes = archive.into_inner().and_then(GzEncoder::finish).expect("the archive's end");

        fs::create_dir_all(dir).expect("the packages' directory");
        let file = dir.join(format!("{top}.tar.gz"));
        fs::File::create(&file).and_then(|mut file| file.write_all(&bytes)).expect("the package");
        (file, sha256(&bytes))
    }

    fn dir(&mut self, sysroot: &Path, path: &str) {
        for entry in fs::read_dir(sysroot.join(path)).expect("a directory of the toolchain") {
            let entry = entry.expect("an entry of it");
            let below =
                format!("{path}/{}", entry.file_name().to_str().expect("toolchains have UTF-8 names"));
            if entry.file_type().expect("its type").is_dir() {
                self.dir(sysroot, &below);
            } else {
                self.files.push((below, Content::Disk(entry.path())));
            }
        }
    }
}

impl Content {
    fn read(&self) -> (u32, Vec<u8>) {
        use std::os::unix::fs::PermissionsExt;
        match self {
            Self::Text(text) => (0o644, text.clone().into_bytes()),
            Self::Program(text) => (0o755, text.clone().into_bytes()),
            Self::Disk(path) => {
                let mode = fs::metadata(path).expect("the toolchain's file").permissions().mode();
                (mode & 0o777, fs::read(path).expect("the toolchain's file"))
            }
        }
    }
}

/// The hash as rustup compares it.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}

fn header(mode: u32, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(1_700_000_000);
    header
}
