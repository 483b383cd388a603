//! A workspace on disk: its files, how they get their times, and programs that are run in it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fastrand::Rng;
use filetime::FileTime;
use fs_err as fs;

use super::spec::{Files, Spec};
use super::support::cmd::Cmd;
use super::support::copy::copy_tree;
use super::support::sandbox::Sandbox;

/// The modification time that a written file gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// As an editor or git leaves it.
    Now,
    /// The time of what was there before: `cp -p`, `rsync -t`, restored times. A file that is new gets an old one.
    Kept,
    /// Of long ago: unpacked archives, layers of images.
    Old,
    /// Now, but without what is below the second: coarse file systems.
    Coarse,
    /// An hour ahead: another machine's clock.
    Future,
}

const HOUR: Duration = Duration::from_secs(3600);

/// A checkout with its target dir.
pub(super) struct Site<'a> {
    pub(super) sandbox: &'a Sandbox,
    /// All that belongs to this history; checkouts are below.
    base: PathBuf,
    checkouts: u32,
    new_layout: bool,
    /// What was written.
    files: Files,
}

impl<'a> Site<'a> {
    pub(super) fn new(sandbox: &'a Sandbox, name: &str, new_layout: bool) -> Self {
        let base = sandbox.work().join(name);
        let site = Self { sandbox, base, checkouts: 0, new_layout, files: Files::new() };
        fs::create_dir_all(site.root()).unwrap();
        site
    }

    pub(super) fn root(&self) -> PathBuf {
        self.base.join(format!("checkout-{}", self.checkouts))
    }

    pub(super) fn target(&self) -> PathBuf {
        self.root().join("target")
    }

    /// Whatever came of it: for who wants to look into a failure.
    pub(super) fn base(&self) -> &Path {
        &self.base
    }

    pub(super) fn files(&self) -> &Files {
        &self.files
    }

    /// A command in the checkout.
    pub(super) fn command(&self, cmd: Cmd) -> Cmd {
        let cmd = cmd.dir(self.root());
        if self.new_layout {
            cmd.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT", "true")
        } else {
            cmd
        }
    }

    /// Writes what differs, and nothing else.
    pub(super) fn write(&mut self, spec: &Spec, time: Time, rng: &mut Rng) {
        let (files, root) = (spec.files(), self.root());
        for gone in self.files.keys().filter(|path| !files.contains_key(*path)) {
            fs::remove_file(root.join(gone)).unwrap();
        }
        for (path, text) in &files {
            if self.files.get(path) != Some(text) {
                write(&root.join(path), text, time, rng);
            }
        }
        self.files = files;
    }

    /// Notes what is on the disk already.
    pub(super) fn learn(&mut self, spec: &Spec) {
        self.files = spec.files();
    }

    /// The sources' times, to be put back later.
    pub(super) fn times(&self) -> Vec<(PathBuf, FileTime)> {
        let root = self.root();
        self.files.keys().map(|path| (path.clone(), mtime(&root.join(path)))).collect()
    }

    /// Puts times back, where the files still are.
    pub(super) fn put_back(&self, times: &[(PathBuf, FileTime)]) {
        for (path, time) in times.iter().filter(|(path, _)| self.files.contains_key(path)) {
            filetime::set_file_mtime(self.root().join(path), *time).unwrap();
        }
    }

    /// Another checkout of the same sources, with the target dir of the former: moved there, or copied with its times.
    pub(super) fn check_out_again(&mut self, copied: bool) {
        let (former, lock) = (self.root(), self.root().join("Cargo.lock"));
        self.checkouts += 1;
        let root = self.root();
        for (path, text) in &self.files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        if lock.is_file() {
            fs::copy(&lock, root.join("Cargo.lock")).unwrap();
        }
        if copied {
            copy_tree(&former.join("target"), &root.join("target"));
        } else {
            fs::rename(former.join("target"), root.join("target")).unwrap();
        }
        fs::remove_dir_all(former).unwrap();
    }

    /// A directory with the sources and nothing that was ever built.
    pub(super) fn clean_copy(&self) -> PathBuf {
        let dir = self.base.join("clean");
        if dir.exists() {
            fs::remove_dir_all(&dir).unwrap();
        }
        for path in self.files.keys() {
            let copy = dir.join(path);
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            // From the disk: that is what is built, whatever the model says.
            fs::copy(self.root().join(path), copy).unwrap();
        }
        dir
    }
}

fn write(path: &Path, text: &str, time: Time, rng: &mut Rng) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let former = path.is_file().then(|| mtime(path));
    // Half of all tools write in place, the others beside and rename.
    if rng.bool() {
        fs::write(path, text).unwrap();
        give(path, time, former, rng);
    } else {
        let aside = path.with_extension("aside");
        fs::write(&aside, text).unwrap();
        give(&aside, time, former, rng);
        fs::rename(aside, path).unwrap();
    }
}

/// Gives a file its time.
pub(super) fn give(path: &Path, time: Time, former: Option<FileTime>, rng: &mut Rng) {
    let now = SystemTime::now();
    let old = FileTime::from_system_time(now - HOUR * rng.u32(1..80_000));
    let time = match time {
        Time::Now => return,
        Time::Kept => former.unwrap_or(old),
        Time::Old => old,
        Time::Coarse => FileTime::from_unix_time(FileTime::from_system_time(now).unix_seconds(), 0),
        Time::Future => FileTime::from_system_time(now + HOUR),
    };
    filetime::set_file_mtime(path, time).unwrap();
}

/// A file's modification time.
pub(super) fn mtime(path: &Path) -> FileTime {
    FileTime::from_last_modification_time(&fs::metadata(path).unwrap())
}
