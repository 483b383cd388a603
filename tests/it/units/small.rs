//! A workspace without dependencies from elsewhere: programs, libraries of all kinds, a macro, a build script.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use xcargo::cache::damage::{self, Damaged, What};
use xcargo::cache::finals::{self, Finals};
use xcargo::cache::{self, Cache, Entry, Layout, Unit};

const FILES: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = ['app', 'plain', 'scripted', 'mac', 'cdy', 'leaf']\nresolver = '2'\n",
    ),
    (
        "app/Cargo.toml",
        "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2021'\n[dependencies]\nplain = { path = '../plain' }\n\
         scripted = { path = '../scripted' }\nmac = { path = '../mac' }\n[[bin]]\nname = 'my-app'\npath = 'src/main.rs'\n",
    ),
    ("app/src/lib.rs", "pub fn f() -> u32 { plain::p() + scripted::v() }\n"),
    ("app/src/main.rs", "fn main() { println!(\"{} {}\", app::f(), mac::m!()); }\n"),
    ("app/tests/it.rs", "#[test] fn t() { assert_eq!(app::f(), 42); }\n"),
    ("app/examples/ex-a.rs", "fn main() { println!(\"{}\", app::f()); }\n"),
    ("plain/Cargo.toml", "[package]\nname = 'plain'\nversion = '0.1.0'\nedition = '2021'\n"),
    ("plain/src/lib.rs", "pub fn p() -> u32 { 1 }\n"),
    ("scripted/Cargo.toml", "[package]\nname = 'scripted'\nversion = '0.1.0'\nedition = '2021'\n"),
    (
        "scripted/build.rs",
        "fn main() {\n    println!(\"cargo:rerun-if-changed=build.rs\");\n    let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
         std::fs::write(format!(\"{out}/g.rs\"), \"pub fn v() -> u32 { 41 }\").unwrap();\n}\n",
    ),
    ("scripted/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/g.rs\"));\n"),
    (
        "mac/Cargo.toml",
        "[package]\nname = 'mac'\nversion = '0.1.0'\nedition = '2021'\n[lib]\nproc-macro = true\n",
    ),
    (
        "mac/src/lib.rs",
        "use proc_macro::TokenStream;\n#[proc_macro] pub fn m(_: TokenStream) -> TokenStream { \"7\".parse().unwrap() }\n",
    ),
    (
        "cdy/Cargo.toml",
        "[package]\nname = 'cdy'\nversion = '0.1.0'\nedition = '2021'\n[lib]\ncrate-type = ['rlib', 'cdylib', 'staticlib']\n",
    ),
    ("cdy/src/lib.rs", "#[no_mangle] pub extern \"C\" fn c() -> u32 { 3 }\n"),
    // Its metadata is empty by right when it is checked.
    (
        "leaf/Cargo.toml",
        "[package]\nname = 'leaf'\nversion = '0.1.0'\nedition = '2021'\n[lib]\ncrate-type = ['cdylib']\n",
    ),
    ("leaf/src/lib.rs", "#[no_mangle] pub extern \"C\" fn d() -> u32 { 4 }\n"),
];

pub(super) struct Small {
    temp: tempfile::TempDir,
    layout: Layout,
}

impl Small {
    pub(super) fn new(layout: Layout) -> Self {
        Self::with(layout, FILES)
    }

    /// The same with other files, by path and content.
    pub(super) fn with(layout: Layout, files: &[(&str, &str)]) -> Self {
        let small = Self { temp: tempfile::tempdir().expect("temp dir"), layout };
        for (name, content) in files {
            let path = small.root().join(name);
            fs::create_dir_all(path.parent().expect("parent")).expect("dir");
            fs::write(path, content).expect("file");
        }
        small
    }

    pub(super) fn root(&self) -> PathBuf {
        self.temp.path().join("ws")
    }

    pub(super) fn target(&self) -> PathBuf {
        self.root().join("target")
    }

    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.args(args).current_dir(self.root()).env_clear();
        for name in ["PATH", "HOME", "RUSTUP_HOME", "SystemRoot", "USERPROFILE"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.env("CARGO_HOME", self.temp.path().join("cargo-home")).env("CARGO_NET_OFFLINE", "true");
        command.env("CARGO_INCREMENTAL", "1");
        if self.layout == Layout::Two {
            command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT", "true");
        }
        command
    }

    /// Whatever comes of it.
    pub(super) fn try_cargo(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("cargo")
    }

    pub(super) fn cargo(&self, args: &[&str]) -> Output {
        let output = self.try_cargo(args);
        assert!(output.status.success(), "cargo {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// A source file as if it had been edited.
    pub(super) fn touch(&self, file: &str) {
        let later = filetime::FileTime::from_system_time(std::time::SystemTime::now());
        filetime::set_file_mtime(self.root().join(file), later).expect("time");
    }

    pub(super) fn cache(&self) -> Cache {
        cache::read(&self.target(), &self.temp.path().join("cargo-home")).expect("read")
    }

    pub(super) fn finals(&self) -> Finals {
        finals::read(&self.target(), &self.cache()).expect("finals")
    }

    pub(super) fn damaged(&self) -> Vec<Damaged> {
        damage::find(&self.cache())
    }

    /// Removes what is damaged, and says what it was, each by package and id or by path.
    pub(super) fn remove_damaged(&self) -> usize {
        let (cache, damaged) = (self.cache(), self.damaged());
        for it in &damaged {
            match &it.what {
                What::RustcInfo => remove(&self.target(), &Entry::File(cache::RUSTC_INFO.into())),
                What::Incremental(path) => remove(&self.target(), &Entry::Tree(path.clone())),
                What::Unit(unit) => {
                    let units = cache.profiles.iter().flat_map(|profile| &profile.units);
                    let found = units.filter(|it| it.id == unit.id && it.package == unit.package);
                    found.for_each(|unit| self.remove(unit));
                }
            }
        }
        damaged.len()
    }

    pub(super) fn remove(&self, unit: &Unit) {
        unit.entries.iter().for_each(|entry| remove(&self.target(), entry));
    }
}

fn remove(dir: &Path, entry: &Entry) {
    let path = dir.join(entry.path());
    match entry {
        Entry::File(_) => fs::remove_file(path).expect("file"),
        Entry::Tree(_) => fs::remove_dir_all(path).expect("dir"),
        // Stays where something is left in it.
        Entry::EmptyDir(_) => drop(fs::remove_dir(path)),
    }
}
