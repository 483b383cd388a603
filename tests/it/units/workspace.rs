//! A workspace with a unit of every kind, built by the real cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use xcargo::apply::removal::Removal;
use xcargo::cache::locks::{Held, Locks, try_lock};
use xcargo::cache::{self, Cache, Entry, Layout, Size};

use crate::support::unit_graph;
pub(super) use crate::support::unit_graph::{Key, key_of};

/// A unit of every kind, from every source.
const FILES: &[(&str, &str)] = &[
    ("gitdep/Cargo.toml", "[package]\nname = 'gitdep'\nversion = '0.3.0'\nedition = '2021'\n"),
    ("gitdep/src/lib.rs", "pub fn g() -> u32 { 3 }\n"),
    (
        "ws/Cargo.toml",
        "[workspace]\nmembers = ['app', 'plain', 'foo-sys', 'mac']\nresolver = '2'\n[profile.dev]\ndebug = false\n",
    ),
    (
        "ws/app/Cargo.toml",
        "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2021'\n[dependencies]\nplain = { path = '../plain' }\n\
         foo-sys = { path = '../foo-sys' }\nmac = { path = '../mac' }\nitoa = '1'\n\
         gitdep = { git = 'GIT' }\n",
    ),
    ("ws/app/src/lib.rs", "pub fn f() -> u32 { plain::p() + foo_sys::v() + gitdep::g() }\n"),
    (
        "ws/app/src/main.rs",
        "fn main() { println!(\"{} {}\", itoa::Buffer::new().format(app::f()), mac::m!()); }\n",
    ),
    ("ws/app/tests/it.rs", "#[test] fn t() { assert_eq!(app::f(), 45); }\n"),
    ("ws/app/examples/ex.rs", "fn main() { println!(\"{}\", app::f()); }\n"),
    ("ws/app/benches/be.rs", "fn main() { println!(\"{}\", app::f()); }\n"),
    ("ws/plain/Cargo.toml", "[package]\nname = 'plain'\nversion = '0.1.0'\nedition = '2021'\n"),
    ("ws/plain/src/lib.rs", "pub fn p() -> u32 { 1 }\n"),
    (
        "ws/foo-sys/Cargo.toml",
        "[package]\nname = 'foo-sys'\nversion = '0.1.0'\nedition = '2021'\nlinks = 'foo'\n\
         [build-dependencies]\ncfg-if = '1'\n",
    ),
    (
        "ws/foo-sys/build.rs",
        "fn main() {\n    println!(\"cargo:rerun-if-changed=build.rs\");\n    cfg_if::cfg_if! { if #[cfg(any())] { const N: u32 = 0; } else { const N: u32 = 41; } }\n    \
         let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
         std::fs::write(format!(\"{out}/g.rs\"), format!(\"pub fn v() -> u32 {{ {N} }}\")).unwrap();\n}\n",
    ),
    ("ws/foo-sys/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/g.rs\"));\n"),
    (
        "ws/mac/Cargo.toml",
        "[package]\nname = 'mac'\nversion = '0.1.0'\nedition = '2021'\n[lib]\nproc-macro = true\n\
         [dependencies]\npaste = '1'\n",
    ),
    (
        "ws/mac/src/lib.rs",
        "use proc_macro::TokenStream;\n#[proc_macro] pub fn m(_: TokenStream) -> TokenStream { paste::paste! { \"7\".parse().unwrap() } }\n",
    ),
];

/// What its program prints.
pub(super) const PRINTS: &str = "45 7\n";

pub(super) struct Workspace {
    temp: tempfile::TempDir,
    layout: Layout,
}

impl Workspace {
    pub(super) fn new(layout: Layout) -> Self {
        let ws = Self { temp: tempfile::tempdir().expect("temp dir"), layout };
        for (name, content) in FILES {
            let path = ws.temp.path().join(name);
            fs::create_dir_all(path.parent().expect("parent")).expect("dir");
            let git = format!("file://{}", ws.temp.path().join("gitdep").display());
            fs::write(path, content.replace("GIT", &git)).expect("file");
        }
        for args in [
            &["init", "--quiet"][..],
            &["add", "."],
            &[
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "-qm",
                "gitdep",
            ],
        ] {
            let status = Command::new("git").args(args).current_dir(ws.temp.path().join("gitdep")).status();
            assert!(status.expect("git").success());
        }
        // The registry of the machine, behind a link; git checkouts of its own, for a repository that is soon gone.
        let home = ws.cargo_home();
        fs::create_dir(&home).expect("dir");
        let machine = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let machine = machine.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).expect("cargo home");
        for config in ["config.toml", "config"] {
            if machine.join(config).is_file() {
                fs::copy(machine.join(config), home.join(config)).expect("copy");
            }
        }
        #[cfg(unix)]
        {
            fs::create_dir_all(machine.join("registry")).expect("dir");
            std::os::unix::fs::symlink(machine.join("registry"), home.join("registry")).expect("link");
        }
        ws
    }

    /// The same, from now on built in the other layout.
    pub(super) fn with_layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    fn cargo_home(&self) -> PathBuf {
        self.temp.path().join("cargo-home")
    }

    pub(super) fn target(&self) -> PathBuf {
        self.temp.path().join("ws/target")
    }

    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.args(args).current_dir(self.temp.path().join("ws")).env_clear();
        for name in
            ["PATH", "HOME", "RUSTUP_HOME", "SystemRoot", "USERPROFILE", "https_proxy", "SSL_CERT_FILE"]
        {
            command.envs(std::env::var_os(name).map(|value| (OsString::from(name), value)));
        }
        command.env("CARGO_HOME", self.cargo_home());
        if self.layout == Layout::Two {
            command.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-dir-new-layout");
        }
        command
    }

    pub(super) fn cargo(&self, args: &[&str]) -> Output {
        let output = self.command(args).output().expect("cargo");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {args:?}: {stderr}");
        output
    }

    pub(super) fn cache(&self) -> Cache {
        let mut cache = cache::read(&self.target(), &self.cargo_home()).expect("read");
        cache.read_sessions();
        cache
    }

    pub(super) fn locks(&self) -> Locks {
        match try_lock(&self.target(), &self.target(), &self.cache()).expect("lock") {
            Held::Locks(locks) => locks,
            Held::Busy { path } => panic!("{} is held", path.display()),
        }
    }

    pub(super) fn remove(&self, entries: &[Entry]) -> Size {
        let removal = Removal::at(&self.target()).expect("open");
        let taken = removal.take(&self.locks(), entries).expect("take");
        taken + removal.empty_trash(&|_| {}).expect("empty")
    }

    /// Builds all, and says what rustc had to make again.
    pub(super) fn rebuilt(&self) -> BTreeSet<Key> {
        let output = self.cargo(&["build", "--all-targets", "--message-format=json", "--offline"]);
        unit_graph::rebuilt(&output.stdout).into_iter().map(by_name).collect()
    }

    pub(super) fn program_prints(&self) -> String {
        let output = Command::new(self.target().join("debug/app")).output().expect("app");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Each unit with all that must be made again without it, by cargo's own unit graph.
    pub(super) fn dependants(&self) -> BTreeMap<Key, BTreeSet<Key>> {
        let args = ["build", "--all-targets", "--unit-graph", "-Zunstable-options", "--offline"];
        let output = self.command(&args).env("RUSTC_BOOTSTRAP", "1").output().expect("cargo");
        let graph = unit_graph::dependants(&output.stdout);
        let by_names = |keys: BTreeSet<Key>| keys.into_iter().map(by_name).collect();
        graph.into_iter().map(|(key, above)| (by_name(key), by_names(above))).collect()
    }
}

/// Here no two packages have one name, so that it does without the version.
fn by_name((package, kind, name, mode): Key) -> Key {
    let package = package.split('@').next().expect("a name").to_owned();
    (package, kind, name, mode)
}
