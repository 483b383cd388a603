//! Trees as cargo leaves them, and then what cargo never leaves: links of all kinds, hostile names, pipes, closed
//! directories. All of it from one seed.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use fastrand::Rng;
use rustix::fs::{CWD, FileType, Mode, mknodat};

pub(super) const TAG: &str =
    "Signature: 8a477f597d28d172789f06886806bc55\n# This file is a cache directory tag created by cargo.\n";

const JSON: &str = r#"{"rustc":7,"features":"[]","profile":1,"deps":[],"local":[]}"#;

/// Few, so that names meet.
const PACKAGES: [&str; 4] = ["app", "itoa", "build", "a-b"];
const IDS: [&str; 3] = ["0123456789abcdef", "00000000000000aa", "ffffffffffffffff"];
const PROFILES: [&str; 4] = ["debug", "release", "my-profile", "doc2"];

/// What was made, relative to the target dir.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// Directories, the target dir itself left out.
    pub(super) dirs: Vec<PathBuf>,
    /// Files.
    pub(super) files: Vec<PathBuf>,
}

/// Makes a target dir, or something like it.
pub(super) fn make(root: &Path, target: &Path, rng: &mut Rng) -> Made {
    let mut tree = Tree { target, rng, made: Made::default(), links: Vec::new() };
    fs::create_dir(target).unwrap();
    tree.top();
    for _ in 0..tree.rng.usize(0..4) {
        tree.spoil(root);
    }
    tree.made
}

/// A name that is hard to handle, or looks like something else.
pub(super) fn hostile(rng: &mut Rng) -> OsString {
    let longest = [b'n'; 255];
    let names: [&[u8]; 20] = [
        b"\xff\xfe",
        b"two\nlines",
        b"-rf",
        b"...",
        b" ",
        b"~",
        b"*",
        b"a\\b",
        b"$(x)",
        b"\x1b[31m",
        "\u{e9}".as_bytes(),
        "e\u{301}".as_bytes(),
        b"CON",
        b".cargo-lock",
        b"debug",
        b"deps",
        b"liba-0123456789abcdef.rlib",
        b"build",
        b"..\\..",
        &longest,
    ];
    OsStr::from_bytes(names[rng.usize(..names.len())]).to_owned()
}

struct Tree<'a> {
    target: &'a Path,
    rng: &'a mut Rng,
    made: Made,
    /// The links that were made.
    links: Vec<PathBuf>,
}

impl Tree<'_> {
    fn one_in(&mut self, times: usize) -> bool {
        self.rng.usize(..times) == 0
    }

    /// Whether this lies, or would lie, in the target dir itself and not behind a link; and is no link. Nothing is ever made
    /// or changed elsewhere by the test.
    fn is_real(&self, path: &Path) -> bool {
        !self.links.iter().any(|link| path.starts_with(link))
    }

    fn dir(&mut self, path: impl AsRef<Path>) {
        let mut dirs: Vec<&Path> =
            path.as_ref().ancestors().filter(|dir| !dir.as_os_str().is_empty()).collect();
        dirs.reverse();
        for dir in dirs {
            if self.is_real(dir) && fs::create_dir(self.target.join(dir)).is_ok() {
                self.made.dirs.push(dir.to_path_buf());
            }
        }
    }

    fn file(&mut self, path: impl AsRef<Path>, text: &str) {
        let path = path.as_ref();
        self.dir(path.parent().unwrap());
        // What lies there stays: names meet, and it may be a pipe, or a file that has a name outside.
        if self.is_real(path)
            && fs::File::create_new(self.target.join(path))
                .is_ok_and(|mut file| file.write_all(text.as_bytes()).is_ok())
        {
            self.made.files.push(path.to_path_buf());
        }
    }

    fn top(&mut self) {
        if !self.one_in(4) {
            self.file("CACHEDIR.TAG", TAG);
        }
        if self.one_in(2) {
            self.file(".rustc_info.json", "{}");
        }
        for _ in 0..self.rng.usize(1..3) {
            let name = PROFILES[self.rng.usize(..PROFILES.len())];
            let triple = if self.one_in(4) { "x86_64-unknown-linux-gnu" } else { "" };
            self.profile(&Path::new(triple).join(name));
        }
        for (file, times) in [
            ("notes/precious", 4),
            ("doc/app/index.html", 4),
            ("package/app-0.1.0/Cargo.toml", 6),
            ("tmp/x", 6),
            (".xcargo/stamp-0123456789abcdef", 4),
            (".xcargo/trash/1-0/out/x", 8),
            ("rust-analyzer/.rustc_info.json", 8),
            ("rust-analyzer/debug/.cargo-lock", 8),
            ("scratch/.git/HEAD", 40),
        ] {
            if self.one_in(times) {
                self.file(file, "x");
            }
        }
    }

    fn profile(&mut self, profile: &Path) {
        self.dir(profile);
        if !self.one_in(4) {
            self.file(profile.join(".cargo-lock"), "");
        }
        if self.one_in(4) {
            self.file(profile.join(".cargo-build-lock"), "");
        }
        for _ in 0..self.rng.usize(0..3) {
            let package = PACKAGES[self.rng.usize(..PACKAGES.len())];
            let id = IDS[self.rng.usize(..IDS.len())];
            if self.one_in(3) {
                self.unit_two(profile, package, id)
            } else {
                self.unit_one(profile, package, id)
            }
        }
        if self.one_in(3) {
            self.file(profile.join("incremental/app-1x2y3z4w5v6u7/s-abc-0-def/dep-graph.bin"), "x");
        }
        if self.one_in(4) {
            self.file(profile.join("written-by-a-program"), "x");
        }
    }

    fn unit_one(&mut self, profile: &Path, package: &str, id: &str) {
        let name = package.replace('-', "_");
        let print = profile.join(format!(".fingerprint/{package}-{id}"));
        self.file(print.join(format!("lib-{name}")), "0123456789abcdef");
        self.file(print.join(format!("lib-{name}.json")), JSON);
        let output = profile.join(format!("deps/lib{name}-{id}.rlib"));
        self.file(&output, "x");
        self.file(profile.join(format!("deps/{name}-{id}.d")), "x: src/lib.rs\n");
        if self.one_in(2) {
            self.file(profile.join(format!("build/{package}-{id}/out/generated.rs")), "x");
        }
        if self.one_in(2) {
            // As cargo uplifts.
            let uplifted = profile.join(format!("lib{name}.rlib"));
            let [from, to] = [&output, &uplifted].map(|path| self.target.join(path));
            if self.is_real(&output) && self.is_real(&uplifted) && fs::hard_link(from, to).is_ok() {
                self.made.files.push(uplifted);
            }
        }
    }

    fn unit_two(&mut self, profile: &Path, package: &str, id: &str) {
        let unit = profile.join(format!("build/{package}/{id}"));
        self.file(unit.join("fingerprint/lib-x"), "0123456789abcdef");
        self.file(unit.join("fingerprint/lib-x.json"), JSON);
        self.file(unit.join("out/libx.rlib"), "x");
    }

    /// Some directory that was made, or the target dir.
    fn some_dir(&mut self) -> PathBuf {
        let at = self.rng.usize(..=self.made.dirs.len());
        self.made.dirs.get(at).cloned().unwrap_or_default()
    }

    /// One thing that cargo does not do.
    fn spoil(&mut self, root: &Path) {
        match self.rng.usize(..8) {
            0 | 1 => self.link(root),
            2 => {
                let name = hostile(self.rng);
                let dir = self.some_dir();
                if self.one_in(2) {
                    self.file(dir.join(name), "x")
                } else {
                    self.file(dir.join(name).join("x"), "x")
                }
            }
            3 => {
                let place = self.place();
                if self.is_real(&place)
                    && fs::hard_link(root.join("outside/precious"), self.target.join(&place)).is_ok()
                {
                    self.made.files.push(place);
                }
            }
            4 => {
                let place = self.place();
                let kind = if self.one_in(2) { FileType::Fifo } else { FileType::Socket };
                if self.is_real(&place) {
                    // Something may lie there.
                    let _ = mknodat(CWD, self.target.join(place), kind, Mode::RWXU, 0);
                }
            }
            5 => {
                let dir = self.some_dir();
                let mode = [0o000, 0o111, 0o444, 0o555][self.rng.usize(..4)];
                // Of the target dir itself it would only end the case; and it may be a file by now.
                if !dir.as_os_str().is_empty() && self.is_real(&dir) && self.target.join(&dir).is_dir() {
                    let _ = fs::set_permissions(self.target.join(dir), fs::Permissions::from_mode(mode));
                }
            }
            6 => {
                let place = self.place();
                if self.one_in(2) { self.file(place, "x") } else { self.dir(place) }
            }
            _ => {
                let deep: PathBuf = std::iter::repeat_n("d", self.rng.usize(1..30)).collect();
                let dir = self.some_dir();
                self.file(dir.join(deep).join("x"), "x");
            }
        }
    }

    /// A place where nothing is (any more): a new name, or that of something which is put out of the way.
    fn place(&mut self) -> PathBuf {
        let all = self.made.dirs.len() + self.made.files.len();
        if all == 0 || self.one_in(3) {
            return self.some_dir().join(hostile(self.rng));
        }
        let at = self.rng.usize(..all);
        let path = self.made.dirs.iter().chain(&self.made.files).nth(at).unwrap().clone();
        if self.is_real(&path) {
            // In a closed directory it stays where it is, for whoever is not root.
            let _ = super::arena::remove(&self.target.join(&path));
        }
        path
    }

    /// Never to anything outside of the arena, lest the test be what it warns of.
    fn link(&mut self, root: &Path) {
        let place = self.place();
        let to: PathBuf = match self.rng.usize(..12) {
            0 => root.join("outside"),
            1 => root.join("outside/precious"),
            2 => root.join("outside/debug"),
            3 => root.join("outside/debug/deps"),
            4 => root.join("ws/src"),
            5 => root.to_path_buf(),
            6 => root.join("home"),
            7 => PathBuf::from(".."),
            8 => PathBuf::from("../../outside"),
            9 => PathBuf::from("nowhere"),
            10 => PathBuf::from(place.file_name().unwrap()),
            _ => self.target.join(self.some_dir()),
        };
        if self.is_real(&place) && symlink(to, self.target.join(&place)).is_ok() {
            self.links.push(place);
        }
    }
}
