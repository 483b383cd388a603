//! A workspace with everything that cargo leaves behind, built once per layout and copied for each test.
//!
//! Cargo takes a copy with the same times for the workspace itself as long as `CARGO_HOME` and the git repository stay
//! where they were (paths of packages outside the workspace are in their fingerprints), so these two are shared.

use std::path::{Path, PathBuf};

use fs_err as fs;

use crate::support::cmd::Cmd;
use crate::support::copy::copy_tree;
use crate::support::listing::Listing;
use crate::support::machine::machine;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::shared;

/// What `app` prints, however it was built.
pub(super) const PRINTS: &str = "45 7 19 3\n";

/// How the build dir is laid out, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// Layout 1, in the target dir.
    One,
    /// Layout 2, in the target dir.
    Two,
    /// Layout 1, with `build.build-dir` set.
    OneApart,
    /// Layout 2, with `build.build-dir` set.
    TwoApart,
}

impl Shape {
    /// Whether the build dir is another than the target dir.
    pub(super) fn is_apart(self) -> bool {
        matches!(self, Self::OneApart | Self::TwoApart)
    }

    /// As a user of that layout would run it, cargo and xcargo alike.
    pub(super) fn set(self, cmd: Cmd) -> Cmd {
        match self {
            Self::One | Self::OneApart => cmd,
            Self::Two | Self::TwoApart => {
                cmd.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT", "true")
            }
        }
    }
}

/// A sandbox for copies of the built workspace.
pub(super) struct Ground {
    sandbox: Sandbox,
    shape: Shape,
}

impl Ground {
    pub(super) fn new(shape: Shape) -> Self {
        Self { sandbox: Sandbox::in_memory(), shape }
    }

    /// A copy of the workspace, built for dev, release, a profile of its own and the host's triple, with documentation and a
    /// package. Its policy says that a clean is done when it returns.
    pub(super) fn site(&self, name: &str) -> Site<'_> {
        let root = self.sandbox.work().join(name);
        assert!(!root.exists(), "{name} is a site already");
        copy_tree(&built(self.shape), &root);
        Site { ground: self, root }
    }

    pub(super) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }
}

/// One copy.
pub(super) struct Site<'a> {
    ground: &'a Ground,
    root: PathBuf,
}

impl Site<'_> {
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where what is for people lies.
    pub(super) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// Where units lie.
    pub(super) fn build_dir(&self) -> PathBuf {
        self.root.join(if self.ground.shape.is_apart() { "build" } else { "target" })
    }

    pub(super) fn cargo<'s>(&self, args: impl IntoIterator<Item = &'s str>) -> Cmd {
        self.at_home(self.ground.sandbox.cargo()).args(args)
    }

    pub(super) fn xcargo<'s>(&self, args: impl IntoIterator<Item = &'s str>) -> Cmd {
        self.at_home(self.ground.sandbox.xcargo()).args(args)
    }

    fn at_home(&self, cmd: Cmd) -> Cmd {
        self.ground.shape.set(cmd).dir(&self.root).env("CARGO_HOME", home())
    }

    /// The `CARGO_HOME` of all that runs here.
    pub(super) fn cargo_home(&self) -> PathBuf {
        home()
    }

    /// Removes it: dozens of copies would fill a small disk.
    pub(super) fn clear(self) {
        fs::remove_dir_all(&self.root).expect("the copy can go");
    }

    /// All there is, xcargo's own records too.
    pub(super) fn listing(&self) -> Listing {
        Listing::read(&self.root)
    }
}

/// Files of the workspace; `GIT` is the repository's place.
const FILES: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = ['app', 'plain', 'foo-sys', 'mac', 'every']\nresolver = '2'\n\
         [profile.dev]\ndebug = false\nstrip = true\n[profile.release]\nstrip = true\n\
         [profile.small]\ninherits = 'release'\nopt-level = 's'\n",
    ),
    ("doctor.toml", "[policy]\n[clean]\nbackground = false\n"),
    (
        "app/Cargo.toml",
        "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2021'\n[dependencies]\n\
         plain = { path = '../plain', version = '0.1.0' }\nfoo-sys = { path = '../foo-sys' }\n\
         mac = { path = '../mac' }\nitoa = '=1.0.19'\neither = '1'\nold = { package = 'either', git = 'GIT' }\n",
    ),
    ("app/src/lib.rs", "pub fn f() -> u32 { plain::p() + foo_sys::v() + old::g() }\n"),
    (
        "app/src/main.rs",
        "fn main() {\n    let side: either::Either<u32, u32> = either::Left(19);\n    \
         println!(\"{} {} {} {}\", itoa::Buffer::new().format(app::f()), mac::m!(), side.into_inner(), old::g());\n}\n",
    ),
    ("app/tests/it.rs", "#[test] fn t() { assert_eq!(app::f(), 45); }\n"),
    ("app/examples/ex.rs", "fn main() { println!(\"{}\", app::f()); }\n"),
    ("app/benches/be.rs", "fn main() { println!(\"{}\", app::f()); }\n"),
    (
        "plain/Cargo.toml",
        "[package]\nname = 'plain'\nversion = '0.1.0'\nedition = '2021'\ndescription = 'plain'\nlicense = 'MIT'\n",
    ),
    ("plain/src/lib.rs", "//! Plain.\n/// One.\npub fn p() -> u32 { 1 }\n"),
    (
        "foo-sys/Cargo.toml",
        "[package]\nname = 'foo-sys'\nversion = '0.1.0'\nedition = '2021'\nlinks = 'foo'\n\
         [build-dependencies]\ncfg-if = '1'\n",
    ),
    (
        "foo-sys/build.rs",
        "cfg_if::cfg_if! { if #[cfg(any())] { const N: u32 = 0; } else { const N: u32 = 41; } }\nfn main() {\n    \
         println!(\"cargo:rerun-if-changed=build.rs\");\n    let out = std::env::var(\"OUT_DIR\").unwrap();\n    \
         std::fs::write(format!(\"{out}/g.rs\"), format!(\"pub fn v() -> u32 {{ {N} }}\")).unwrap();\n}\n",
    ),
    ("foo-sys/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/g.rs\"));\n"),
    (
        "mac/Cargo.toml",
        "[package]\nname = 'mac'\nversion = '0.1.0'\nedition = '2021'\n[lib]\nproc-macro = true\ndoctest = false\n\
         [dependencies]\npaste = '1'\n",
    ),
    (
        "mac/src/lib.rs",
        "use proc_macro::TokenStream;\n#[proc_macro] pub fn m(_: TokenStream) -> TokenStream { paste::paste! { \
         \"7\".parse().unwrap() } }\n",
    ),
    (
        "every/Cargo.toml",
        "[package]\nname = 'every'\nversion = '0.1.0'\nedition = '2021'\n[lib]\n\
         crate-type = ['rlib', 'cdylib', 'staticlib']\n",
    ),
    ("every/src/lib.rs", "#[unsafe(no_mangle)] pub extern \"C\" fn every() -> u32 { 5 }\n"),
];

/// A package of the same name as one of the registry's, and of another version.
const GIT_FILES: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\nname = 'either'\nversion = '0.3.0'\nedition = '2021'\n"),
    ("src/lib.rs", "pub fn g() -> u32 { 3 }\n"),
];

/// What is built where the build dir is apart; the rest is built only where it is not.
const ALWAYS: &[&[&str]] = &[
    &["build", "--workspace", "--all-targets"],
    &["build", "--release", "-p", "app"],
    &["doc", "-p", "plain", "--no-deps"],
];

const TOGETHER: &[&[&str]] = &[
    &["check", "-p", "plain"],
    &["build", "--profile", "small", "-p", "plain", "--timings"],
    &["build", "-p", "app", "--target", "HOST"],
    &["build", "-p", "plain", "--release", "--target", "HOST"],
    &["doc", "-p", "plain", "--no-deps", "--target", "HOST"],
    &["package", "-p", "plain", "--no-verify", "--allow-dirty"],
];

/// The repository, where it stays.
pub(super) fn repository() -> PathBuf {
    shared::once(&format!("clean-git-{:016x}", shared::hash(GIT_FILES)), |dir| {
        let sandbox = Sandbox::in_memory();
        let mut project = Project::at(dir.to_owned());
        for (path, text) in GIT_FILES {
            project = project.file(path, text);
        }
        project.commit(&sandbox);
    })
}

/// The repository as cargo names it.
pub(super) fn repository_url() -> String {
    format!("file://{}", repository().display())
}

/// A `CARGO_HOME` with the packages that the workspace needs, where it stays.
fn home() -> PathBuf {
    let key = shared::hash(&(shared::seed(), repository(), FILES));
    shared::once(&format!("clean-home-{key:016x}"), |dir| {
        let sandbox = Sandbox::in_memory();
        let ws = write(&sandbox);
        sandbox.cargo().arg("fetch").dir(ws.root()).env("CARGO_NET_OFFLINE", "false").run().ok();
        for part in ["registry", "git", "config.toml"] {
            let part = sandbox.cargo_home().join(part);
            let to = dir.join(part.file_name().expect("it has a name"));
            if part.is_dir() {
                copy_tree(&part, &to);
            } else if part.is_file() {
                fs::copy(&part, &to).expect("registry settings");
            }
        }
        // Every later command takes the lock file from here, so that no resolution depends on the day.
        fs::copy(ws.root().join("Cargo.lock"), dir.join("Cargo.lock")).expect("the lock file");
    })
}

fn write(sandbox: &Sandbox) -> Project {
    let mut project = Project::new(sandbox, "ws");
    for (path, text) in FILES {
        project = project.file(path, text.replace("GIT", &repository_url()));
    }
    project
}

/// The workspace, built.
fn built(shape: Shape) -> PathBuf {
    let machine = machine();
    let key = shared::hash(&(home(), shape, &machine.sysroot, &machine.release, ALWAYS, TOGETHER));
    shared::once(&format!("clean-built-{key:016x}"), |dir| {
        let sandbox = Sandbox::in_memory();
        let mut ws = write(&sandbox);
        if shape.is_apart() {
            ws = ws.file(".cargo/config.toml", "[build]\nbuild-dir = \"build\"\n");
        }
        fs::copy(home().join("Cargo.lock"), ws.root().join("Cargo.lock")).expect("the lock file");
        let more = if shape.is_apart() { &[] } else { TOGETHER };
        for args in ALWAYS.iter().chain(more) {
            let args = args.iter().map(|arg| arg.replace("HOST", &machine.host));
            let cmd = shape.set(sandbox.cargo()).dir(ws.root()).env("CARGO_HOME", home());
            cmd.args(args).run().ok();
        }
        copy_tree(ws.root(), dir);
    })
}

/// Every layout with the build dir in the target dir, and apart.
pub(super) const SHAPES: [Shape; 4] = [Shape::One, Shape::Two, Shape::OneApart, Shape::TwoApart];

/// A copy is as good as the workspace itself, or no test with copies says anything.
#[test]
fn copies_are_fresh() {
    for shape in SHAPES {
        let ground = Ground::new(shape);
        let site = ground.site("ws");
        for args in &ALWAYS[..2] {
            let run = site.cargo(args.iter().copied()).arg("--message-format=json").run().ok();
            assert_eq!(crate::support::unit_graph::rebuilt(&run.stdout), [].into(), "{shape:?} {args:?}");
        }
        let run = ground.sandbox().command(site.target().join("debug/app")).run().ok();
        assert_eq!(run.out(), PRINTS, "{shape:?}");
    }
}
