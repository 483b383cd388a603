//! A home of its own for every test: HOME, CARGO_HOME, RUSTUP_HOME, PATH and TMPDIR, and no other variable of the machine's.

use std::ffi::{OsStr, OsString};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use fs_err as fs;
use tempfile::TempDir;
use toml_edit::DocumentMut;

use super::cmd::Cmd;
use super::machine::machine;
use super::memory;
use super::shared;

/// The name of the borrowed toolchain inside the sandbox. It is a custom name, as `rustup toolchain link` gives it:
/// rustup installs, updates and removes nothing in a custom toolchain, so that the machine's own is safe behind the link.
pub(crate) const TOOLCHAIN: &str = "host";

/// rustup's proxies, as a usual installation has them.
pub(crate) const PROXIES: &[&str] =
    &["cargo", "rustc", "rustdoc", "rustfmt", "cargo-fmt", "cargo-clippy", "clippy-driver"];

/// What of the machine's own programs is in PATH: a C toolchain, git, and what a shell script needs.
const SYSTEM_TOOLS: &[&str] = &[
    "ar", "as", "bash", "cat", "cc", "cp", "env", "gcc", "git", "ld", "mkdir", "nohup", "sh", "sleep", "sort",
];

/// The temporary home. It goes when this is dropped.
pub(crate) struct Sandbox {
    root: PathBuf,
    _temp: TempDir,
}

impl Sandbox {
    /// A new one, with the machine's toolchain as rustup's default and the downloaded crates in reach.
    pub(crate) fn new() -> Self {
        Self::below(&std::env::temp_dir())
    }

    /// The same in memory, where the system allows that: for what builds a lot and leaves the disk aside.
    #[allow(dead_code, reason = "not every test program builds a lot")]
    pub(crate) fn in_memory() -> Self {
        memory::dir().map_or_else(Self::new, Self::below)
    }

    fn below(parent: &Path) -> Self {
        // Outside of this repository: cargo and rustup look for their files in all parent directories.
        let temp = tempfile::Builder::new().prefix("xcargo-it-").tempdir_in(parent);
        let temp = temp.expect("a temporary directory");
        let root = temp.path().canonicalize().expect("the temporary directory's own path");
        let sandbox = Self { root, _temp: temp };
        for dir in ["home", "tmp", "bin", "tools", "work", "dist", "rustup/toolchains", "cargo/bin"] {
            fs::create_dir_all(sandbox.root.join(dir)).expect("the sandbox's directories");
        }
        sandbox.lend_tools();
        sandbox.lend_crates();
        sandbox
    }

    /// The whole sandbox.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The first directory in PATH; empty at first.
    pub(crate) fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// Where projects are.
    pub(crate) fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// `CARGO_HOME`; rustup's proxies are in its `bin`, the second directory in PATH.
    pub(crate) fn cargo_home(&self) -> PathBuf {
        self.root.join("cargo")
    }

    /// `RUSTUP_HOME`.
    pub(crate) fn rustup_home(&self) -> PathBuf {
        self.root.join("rustup")
    }

    /// The files of the local dist server; empty at first.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The cargo that a user would get, as a user would call it.
    pub(crate) fn cargo(&self) -> Cmd {
        self.command("cargo")
    }

    /// The program under test.
    pub(crate) fn xcargo(&self) -> Cmd {
        self.command(xcargo())
    }

    /// The real rustup, at home here.
    pub(crate) fn rustup(&self) -> Cmd {
        self.command("rustup")
    }

    /// Any program, looked up in the sandbox's PATH.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Cmd {
        Cmd::new(program, &self.work(), self.vars())
    }

    /// Writes an executable text file.
    pub(crate) fn script(&self, path: impl AsRef<Path>, text: &str) -> PathBuf {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a script is in a directory"))
            .expect("the script's directory");
        fs::write(&path, text).expect("the script");
        fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("the script's permissions");
        path
    }

    /// All variables that a program here sees.
    fn vars(&self) -> Vec<(OsString, OsString)> {
        let path = [self.bin(), self.cargo_home().join("bin"), self.root.join("tools")];
        let path = std::env::join_paths(path).expect("no colon in the sandbox's path");
        let server = format!("file://{}", self.dist().display());
        let home = self.root.join("home");
        [
            ("PATH", path),
            ("HOME", home.into()),
            ("TMPDIR", self.root.join("tmp").into()),
            ("CARGO_HOME", self.cargo_home().into()),
            ("RUSTUP_HOME", self.rustup_home().into()),
            // Never the world's server, whatever a test gets wrong.
            ("RUSTUP_DIST_SERVER", server.clone().into()),
            ("RUSTUP_UPDATE_ROOT", server.into()),
            ("CARGO_NET_OFFLINE", "true".into()),
            ("GIT_CONFIG_NOSYSTEM", "1".into()),
            ("LC_ALL", "C.UTF-8".into()),
            ("TERM", "xterm-256color".into()),
        ]
        .map(|(name, value)| (name.into(), value))
        .into()
    }

    fn lend_tools(&self) {
        let machine = machine();
        for name in SYSTEM_TOOLS {
            symlink(shared::system_tool(name), self.root.join("tools").join(name)).expect("a link to a tool");
        }
        let proxies = self.cargo_home().join("bin");
        symlink(&machine.rustup, proxies.join("rustup")).expect("a link to rustup");
        for name in PROXIES {
            symlink("rustup", proxies.join(name)).expect("a proxy");
        }
        symlink(&machine.sysroot, self.rustup_home().join("toolchains").join(TOOLCHAIN))
            .expect("a link to the toolchain");
        let settings = format!(
            "version = \"12\"\ndefault_toolchain = \"{TOOLCHAIN}\"\nprofile = \"minimal\"\n\
             auto_self_update = \"disable\"\n\n[overrides]\n"
        );
        fs::write(self.rustup_home().join("settings.toml"), settings).expect("rustup's settings");
        let git = "[user]\nname = T\nemail = t@example.invalid\n[init]\ndefaultBranch = main\n";
        fs::write(self.root.join("home/.gitconfig"), git).expect("git's settings");
    }

    fn lend_crates(&self) {
        let seed = shared::seed();
        link_tree(&seed.join("registry"), &self.cargo_home().join("registry"));
        // Where the user's cargo has its crates from another place, their directories carry that place's name.
        if let Ok(text) = fs::read_to_string(seed.join("config.toml")) {
            let mut config: DocumentMut = text.parse().expect("the user's cargo config is TOML");
            config.retain(|key, _| matches!(key, "source" | "registries" | "registry"));
            fs::write(self.cargo_home().join("config.toml"), config.to_string()).expect("registry settings");
        }
    }
}

/// The program under test.
pub(crate) fn xcargo() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_xcargo"))
}

/// The same tree with the same files, by hard link where that can be. Nobody writes into them in place.
fn link_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory of the seed") {
        let entry = entry.expect("an entry of the seed");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("its type").is_dir() {
            link_tree(&entry.path(), &target);
        } else if fs::hard_link(entry.path(), &target).is_err() {
            fs::copy(entry.path(), &target).expect("a copy, where a link cannot be");
        }
    }
}
