//! The environment, read once. This is the only file that reads `std::env`.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A snapshot of what the operating system told this process when it started.
#[derive(Debug, Clone, Default)]
pub struct Env {
    /// Shared by all clones: each command looks at it from more than one directory.
    vars: Arc<HashMap<OsString, OsString>>,
    cwd: Option<PathBuf>,
    exe: Option<PathBuf>,
    home: Option<PathBuf>,
}

impl Env {
    /// Reads the environment of this process.
    #[must_use]
    pub fn snapshot() -> Self {
        Self {
            vars: Arc::new(std::env::vars_os().collect()),
            cwd: std::env::current_dir().ok(),
            exe: std::env::current_exe().ok(),
            home: std::env::home_dir().filter(|home| !home.as_os_str().is_empty()),
        }
    }

    /// This process's arguments, the program's own name first.
    #[must_use]
    pub fn arguments() -> Vec<OsString> {
        std::env::args_os().collect()
    }

    /// An environment made by hand: for tests, and for looking at a directory other than the current one.
    pub fn of<K: Into<OsString>, V: Into<OsString>>(
        vars: impl IntoIterator<Item = (K, V)>,
        cwd: impl Into<PathBuf>,
    ) -> Self {
        let vars: HashMap<OsString, OsString> =
            vars.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        let home = vars.get(OsStr::new("HOME")).map(PathBuf::from);
        Self { vars: Arc::new(vars), cwd: Some(cwd.into()), exe: None, home }
    }

    /// The same environment seen from another directory (cargo's `-C`).
    #[must_use]
    pub fn in_dir(&self, cwd: PathBuf) -> Self {
        Self { cwd: Some(cwd), ..self.clone() }
    }

    /// The variable's value; set but empty is `Some("")`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.vars.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// The variable's value where it is set and not empty.
    #[must_use]
    pub fn non_empty(&self, name: &str) -> Option<&OsStr> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// All variables whose name starts with `prefix`, in no particular order.
    pub fn starting_with<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a OsStr)> {
        self.vars
            .iter()
            .filter_map(move |(key, value)| Some((key.to_str()?, value.as_os_str())))
            .filter(move |(key, _)| key.starts_with(prefix))
    }

    /// The current directory.
    ///
    /// # Errors
    /// It was removed, or may not be read.
    pub fn cwd(&self) -> io::Result<&Path> {
        self.cwd
            .as_deref()
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "there is no current directory"))
    }

    /// The directories of `PATH`, each once; relative ones (an empty entry, too) are taken from the current directory.
    #[must_use]
    pub fn search_path(&self) -> Vec<PathBuf> {
        let cwd = self.cwd.as_deref().unwrap_or(Path::new(""));
        let mut seen = HashSet::new();
        let dirs = self.get("PATH").map(std::env::split_paths).into_iter().flatten();
        dirs.map(|dir| cwd.join(dir)).filter(|dir| seen.insert(dir.clone())).collect()
    }

    /// This program's own file, with links resolved where the system does so.
    #[must_use]
    pub fn exe(&self) -> Option<&Path> {
        self.exe.as_deref()
    }

    /// The user's home directory.
    #[must_use]
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// `CARGO_HOME`, else `.cargo` in the home directory. A relative value is taken from the current directory.
    #[must_use]
    pub fn cargo_home(&self) -> Option<PathBuf> {
        self.tool_home("CARGO_HOME", ".cargo")
    }

    /// `RUSTUP_HOME`, else `.rustup` in the home directory. A relative value is taken from the current directory.
    #[must_use]
    pub fn rustup_home(&self) -> Option<PathBuf> {
        self.tool_home("RUSTUP_HOME", ".rustup")
    }

    /// Where programs keep what outlives a command and belongs to no project: `XDG_STATE_HOME`, else the place that the
    /// system has for it. A relative value does not count (XDG Base Directory Specification).
    #[must_use]
    pub fn state_home(&self) -> Option<PathBuf> {
        let absolute = |name| self.non_empty(name).map(PathBuf::from).filter(|path| path.is_absolute());
        absolute("XDG_STATE_HOME").or_else(|| {
            if cfg!(windows) {
                absolute("LOCALAPPDATA")
            } else if cfg!(target_os = "macos") {
                self.home().map(|home| home.join("Library/Application Support"))
            } else {
                self.home().map(|home| home.join(".local/state"))
            }
        })
    }

    /// Whether this is a CI job: `CI` is set, to whatever value, also an empty one.
    #[must_use]
    pub fn is_ci(&self) -> bool {
        self.get("CI").is_some()
    }

    fn tool_home(&self, name: &str, fallback: &str) -> Option<PathBuf> {
        match self.non_empty(name) {
            Some(value) => Some(self.cwd.as_deref().unwrap_or(Path::new("")).join(value)),
            None => self.home().map(|home| home.join(fallback)),
        }
    }
}
