//! The place where cases are played: a workspace, and around it what must survive.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use xcargo::env::Env;
use xcargo::workspace::config::CargoConfig;
use xcargo::workspace::{Asked, Workspace, locate};

/// What lies outside the target dirs, and never changes.
const SURVIVORS: &[(&str, &str)] = &[
    ("outside/precious", "mine"),
    ("outside/debug/.cargo-lock", ""),
    ("outside/debug/deps/liba-0123456789abcdef.rlib", "somebody's"),
    ("outside/debug/.fingerprint/a-0123456789abcdef/lib-a.json", "{\"rustc\":7,\"deps\":[],\"local\":[]}"),
    ("outside/CACHEDIR.TAG", super::tree::TAG),
    ("outside/.xcargo/trash/1-0/precious", "mine"),
    ("home/.cargo/precious", "mine"),
    ("home/.rustup/precious", "mine"),
    ("ws/Cargo.toml", "[package]\nname = \"ws\"\nversion = \"0.1.0\"\n[workspace]\nmembers = [\"member\"]\n"),
    ("ws/src/lib.rs", "pub fn mine() {}"),
    ("ws/member/Cargo.toml", "[package]\nname = \"member\"\nversion = \"0.1.0\"\n"),
    ("ws/member/src/lib.rs", "pub fn mine() {}"),
    ("ws/inner/Cargo.toml", "[package]\nname = \"inner\"\nversion = \"0.1.0\"\n[workspace]\n"),
    ("ws/inner/target/debug/.cargo-lock", ""),
    ("ws/.git/HEAD", "ref: refs/heads/main\n"),
    ("ws/notes/precious", "mine"),
];

/// Directories of this workspace alone, which a clean may clean. Each case begins without them.
pub(super) const TARGETS: [&str; 3] = ["ws/target", "ws/member/target", "ws/odd \u{e9}\n/target"];

/// A workspace of its own for one thread.
pub(super) struct Arena {
    _dir: tempfile::TempDir,
    pub(super) root: PathBuf,
    pub(super) env: Env,
    pub(super) workspace: Workspace,
}

impl Arena {
    /// In this directory, or where temporary files go.
    pub(super) fn new(parent: Option<&Path>) -> Self {
        let dir = parent.map_or_else(tempfile::tempdir, tempfile::tempdir_in).unwrap();
        let root = dir.path().canonicalize().unwrap();
        for (file, text) in SURVIVORS {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::create_dir(root.join("ws/odd \u{e9}\n")).unwrap();
        let home = OsString::from(root.join("home"));
        let env = Env::of([(OsString::from("HOME"), home)], root.join("ws"));
        let config = CargoConfig::load(&[], &env).unwrap();
        let workspace = locate(&Asked::default(), &config, &env).unwrap().unwrap();
        Self { _dir: dir, root, env, workspace }
    }

    /// Away with the last case's directories.
    pub(super) fn clear(&self) {
        for target in TARGETS.iter().chain(&["ws/link"]) {
            remove(&self.root.join(target)).unwrap();
        }
    }
}

/// A number that the environment gives.
pub(super) fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.replace('_', "").parse().unwrap_or_else(|_| panic!("{name}={text}: a number is meant")))
}

/// The test's own removal, of its own directories only, which some cases leave unreadable.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(())
        }
        Err(error) => Err(error),
        Ok(found) if !found.is_dir() => fs::remove_file(path),
        Ok(_) => match fs::remove_dir_all(path) {
            Ok(()) => Ok(()),
            Err(_) => {
                open_up(path)?;
                fs::remove_dir_all(path)
            }
        },
    }
}

fn open_up(dir: &Path) -> io::Result<()> {
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_up(&entry.path())?;
        }
    }
    Ok(())
}
