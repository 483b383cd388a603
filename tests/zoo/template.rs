//! The workspace that every case is a copy of, and its two built forms: by plain cargo and by xcargo.
//!
//! Each file holds one value, `1`, and the programs print all of them, so that the output tells which content of which file
//! they were built from.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use filetime::FileTime;
use fs_err as fs;

use crate::site::{Driver, Layout, Site};
use crate::support::copy::copy_tree;
use crate::support::machine::machine;
use crate::support::sandbox::{Sandbox, xcargo};
use crate::support::shared;

/// The command that builds all of it.
pub(crate) const BUILD: &[&str] = &["build", "--workspace", "--all-targets"];

/// The command that builds the program and what it needs.
pub(crate) const PROGRAM: &[&str] = &["build", "-p", "app"];

/// The command that builds a program of two units, which are of nobody else: enough for what has to be built from nothing.
pub(crate) const TIP: &[&str] = &["build", "-p", "leaf", "--example", "print", "--features", "tip"];

/// When the first file was written; each of the others is a second younger. Long before any build.
pub(crate) const WRITTEN: i64 = 1_704_067_200;

/// All files. Nothing but values holds the digit 1 in a file that a case renews.
pub(crate) const FILES: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = ['leaf', 'mac', 'gen', 'pre', 'dev', 'app']\nresolver = '2'\n\
         [profile.dev]\ndebug = false\nstrip = 'symbols'\n[profile.dev.build-override]\nstrip = 'symbols'\n\
         [profile.release]\nstrip = 'symbols'\n[profile.release.build-override]\nstrip = 'symbols'\n",
    ),
    ("doctor.toml", "[policy]\n"),
    (".gitignore", "/target\n"),
    (
        "leaf/Cargo.toml",
        "[package]\nname = 'leaf'\nversion = '0.1.0'\nedition = '2021'\n[lib]\ntest = false\ndoctest = false\nbench = false\n\
         [features]\ntip = []\n[[example]]\nname = 'print'\nrequired-features = ['tip']\n",
    ),
    (
        "leaf/src/lib.rs",
        "mod module;\ninclude!(\"included.rs\");\npub fn lib() -> u32 { 1 }\npub fn module() -> u32 { module::value() }\n\
         pub fn text() -> &'static str { include_str!(\"text.txt\") }\n",
    ),
    ("leaf/src/module.rs", "pub fn value() -> u32 { 1 }\n"),
    ("leaf/src/included.rs", "pub fn included() -> u32 { 1 }\n"),
    ("leaf/src/text.txt", "1"),
    (
        "mac/Cargo.toml",
        "[package]\nname = 'mac'\nversion = '0.1.0'\nedition = '2021'\n[lib]\nproc-macro = true\ntest = false\ndoctest = false\nbench = false\n",
    ),
    (
        "mac/src/lib.rs",
        "use proc_macro::TokenStream;\n#[proc_macro] pub fn value(_: TokenStream) -> TokenStream { \"1\".parse().unwrap() }\n",
    ),
    (
        "gen/Cargo.toml",
        "[package]\nname = 'gen'\nversion = '0.1.0'\nedition = '2021'\n[lib]\ntest = false\ndoctest = false\nbench = false\n",
    ),
    (
        "gen/build.rs",
        "use std::fs;\nfn main() {\n    for path in [\"build.rs\", \"input.txt\", \"inputs\"] {\n        \
         println!(\"cargo:rerun-if-changed={path}\");\n    }\n    let mut files: Vec<_> = fs::read_dir(\"inputs\").unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_file()).collect();\n    \
         files.sort();\n    let dir: String = files.iter().map(|it| fs::read_to_string(it).unwrap()).collect();\n    \
         let input = fs::read_to_string(\"input.txt\").unwrap();\n    let script = \"1\";\n    \
         let code = format!(\"pub fn input() -> u32 {{ {input} }}\\npub fn dir() -> u32 {{ {dir} }}\\npub fn script() -> u32 {{ {script} }}\\n\");\n    \
         fs::write(format!(\"{}/g.rs\", std::env::var(\"OUT_DIR\").unwrap()), code).unwrap();\n}\n",
    ),
    ("gen/input.txt", "1"),
    ("gen/inputs/a.txt", "1"),
    ("gen/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/g.rs\"));\n"),
    (
        "pre/Cargo.toml",
        "[package]\nname = 'pre'\nversion = '0.1.0'\nedition = '2021'\n[lib]\ntest = false\ndoctest = false\nbench = false\n",
    ),
    (
        "pre/build.rs",
        "fn main() {\n    let value = std::fs::read_to_string(\"value.txt\").unwrap();\n    let script = \"1\";\n    \
         println!(\"cargo:rustc-env=PRE_VALUE={value}\\ncargo:rustc-env=PRE_SCRIPT={script}\");\n}\n",
    ),
    ("pre/value.txt", "1"),
    (
        "pre/src/lib.rs",
        "pub fn value() -> &'static str { env!(\"PRE_VALUE\") }\npub fn script() -> &'static str { env!(\"PRE_SCRIPT\") }\n",
    ),
    (
        "dev/Cargo.toml",
        "[package]\nname = 'dev'\nversion = '0.1.0'\nedition = '2021'\n[lib]\ntest = false\ndoctest = false\nbench = false\n",
    ),
    ("dev/src/lib.rs", "pub fn value() -> u32 { 1 }\n"),
    (
        "app/Cargo.toml",
        "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2021'\n[dependencies]\nleaf = { path = '../leaf' }\n\
         mac = { path = '../mac' }\ngen = { path = '../gen' }\npre = { path = '../pre' }\n[dev-dependencies]\n\
         dev = { path = '../dev' }\n[lib]\ndoctest = false\nbench = false\n[[bin]]\nname = 'app'\ntest = false\nbench = false\n",
    ),
    (
        "app/src/lib.rs",
        "pub fn all() -> String {\n    format!(\n        \"lib={} module={} included={} text={} mac={} input={} dir={} script={} pre={} prescript={} app={}\",\n        \
         leaf::lib(), leaf::module(), leaf::included(), leaf::text(), mac::value!(), gen::input(), gen::dir(), gen::script(),\n        \
         pre::value(), pre::script(), 1,\n    )\n}\n#[test]\nfn prints() {\n    println!(\"\\n{}\", all());\n}\n",
    ),
    ("app/src/main.rs", "fn main() {\n    println!(\"{} main={}\", app::all(), 1);\n}\n"),
    (
        "app/tests/it.rs",
        "#[test]\nfn prints() {\n    println!(\"\\n{} dev={} it={}\", app::all(), dev::value(), 1);\n}\n",
    ),
    ("app/examples/ex.rs", "fn main() {\n    println!(\"{} ex={}\", app::all(), 1);\n}\n"),
    (
        "leaf/examples/print.rs",
        "fn main() {\n    println!(\"lib={} module={} included={} text={}\", leaf::lib(), leaf::module(), leaf::included(), leaf::text());\n}\n",
    ),
];

/// The built workspace. It lies where no test works: a case copies it ([`Site::new`]).
///
/// It is kept for the next test run of the same xcargo and compiler.
pub(crate) fn built(layout: Layout, driver: Driver) -> PathBuf {
    let program = xcargo().metadata().expect("the program under test");
    let key = (
        (FILES, BUILD, &machine().sysroot, &machine().release),
        (program.len(), program.mtime(), program.mtime_nsec()),
    );
    let name = format!("zoo-{layout:?}-{driver:?}-{:016x}", shared::hash(&key));
    let dir = shared::once(&name, |dir| {
        let sandbox = Sandbox::in_memory();
        let site = Site::at(&sandbox, sandbox.work().join("template"), layout, driver);
        write(site.root());
        site.cmd(BUILD).run().ok();
        copy_tree(site.root(), &dir.join("ws"));
        forget(dir.parent().expect("it is in a directory"));
    });
    dir.join("ws")
}

/// Writes the sources with times long past.
pub(crate) fn write(root: &Path) {
    for (at, (name, text)) in FILES.iter().enumerate() {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a file is in a directory")).expect("a directory");
        fs::write(&path, text).expect("a file");
        let time = WRITTEN + i64::try_from(at).expect("few files");
        filetime::set_file_mtime(&path, FileTime::from_unix_time(time, 123_456_789)).expect("a time");
    }
    let inputs = FileTime::from_unix_time(WRITTEN, 0);
    filetime::set_file_mtime(root.join("gen/inputs"), inputs).expect("a time");
}

/// Removes what former versions of xcargo built. One younger than a day may be in use by another test run.
fn forget(base: &Path) {
    for entry in fs::read_dir(base).expect("where tests keep things").flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with("zoo-");
        let age = entry.metadata().ok().and_then(|meta| meta.modified().ok()?.elapsed().ok());
        if is_ours && age.is_some_and(|age| age.as_secs() > 24 * 3600) {
            let path = entry.path();
            drop(if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) });
        }
    }
}
