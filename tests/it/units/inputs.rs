//! What the real cargo compares for each of its units is read right, in both layouts: its builds, the files they were made
//! from, the file whose time counts, what they made, and where their packages lie.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use filetime::FileTime;
use regex::Regex;
use xcargo::cache::inputs::{self, Build, Input, Watched};
use xcargo::cache::{Layout, Mode, Unit};

use super::small::Small;

const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", "[workspace]\nmembers = ['app', 'gen', 'whole', 'tree', 'envy', 'mac']\nresolver = '2'\n"),
    (
        "app/Cargo.toml",
        "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2021'\n[dependencies]\ngen = { path = '../gen' }\n\
         whole = { path = '../whole' }\ntree = { path = '../tree' }\nenvy = { path = '../envy' }\nmac = { path = '../mac' }\n[[bin]]\nname = 'my-app'\npath = 'src/main.rs'\ntest = false\n[lib]\ndoctest = false\n",
    ),
    ("app/src/lib.rs", "mod part;\npub fn f() -> u32 { gen::v() + part::NOTE.len() as u32 }\n"),
    ("app/src/part.rs", "pub const NOTE: &str = include_str!(\"../../shared/note.txt\");\n"),
    ("app/src/main.rs", "fn main() { println!(\"{} {}\", app::f(), mac::m!()); }\n"),
    ("app/tests/it.rs", "#[test] fn t() { assert_eq!(app::f(), 42); }\n"),
    ("shared/note.txt", "n"),
    ("gen/Cargo.toml", "[package]\nname = 'gen'\nversion = '0.1.0'\nedition = '2021'\n[lib]\ntest = false\n"),
    (
        "gen/build.rs",
        "fn main() {\n    let out = std::env::var(\"OUT_DIR\").unwrap();\n    println!(\"cargo:rerun-if-changed=build.rs\");\n    \
         println!(\"cargo:rerun-if-changed=../shared/note.txt\");\n    println!(\"cargo:rerun-if-changed={out}/g.rs\");\n    \
         println!(\"cargo:rerun-if-changed={}/data\", std::env::var(\"CARGO_MANIFEST_DIR\").unwrap());\n    \
         println!(\"cargo:rerun-if-changed=/\");\n    println!(\"cargo:rerun-if-env-changed=NO_SUCH\");\n    \
         std::fs::create_dir_all(format!(\"{out}/more\")).unwrap();\n    std::fs::write(format!(\"{out}/more/x\"), \"\").unwrap();\n    \
         std::fs::write(format!(\"{out}/g.rs\"), \"pub fn v() -> u32 { 41 }\").unwrap();\n}\n",
    ),
    ("gen/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/g.rs\"));\n"),
    ("gen/data/d.txt", ""),
    (
        "whole/Cargo.toml",
        "[package]\nname = 'whole'\nversion = '0.1.0'\nedition = '2021'\n[lib]\ntest = false\n",
    ),
    ("whole/build.rs", "fn main() {}\n"),
    ("whole/src/lib.rs", ""),
    (
        "tree/Cargo.toml",
        "[package]\nname = 'tree'\nversion = '0.1.0'\nedition = '2021'\n[lib]\ntest = false\n",
    ),
    ("tree/build.rs", "fn main() { println!(\"cargo:rerun-if-changed=\"); }\n"),
    ("tree/src/lib.rs", ""),
    (
        "envy/Cargo.toml",
        "[package]\nname = 'envy'\nversion = '0.1.0'\nedition = '2021'\n[lib]\ntest = false\n",
    ),
    ("envy/build.rs", "fn main() { println!(\"cargo:rerun-if-env-changed=NO_SUCH\"); }\n"),
    ("envy/src/lib.rs", ""),
    (
        "mac/Cargo.toml",
        "[package]\nname = 'mac'\nversion = '0.1.0'\nedition = '2021'\n[lib]\nproc-macro = true\ntest = false\ndoctest = false\n",
    ),
    (
        "mac/src/lib.rs",
        "use proc_macro::TokenStream;\n#[proc_macro] pub fn m(_: TokenStream) -> TokenStream { \"7\".parse().unwrap() }\n",
    ),
];

const MEMBERS: [&str; 6] = ["app", "gen", "whole", "tree", "envy", "mac"];

fn units(small: &Small) -> Vec<Unit> {
    small.cache().profiles.into_iter().flat_map(|profile| profile.units).collect()
}

/// Without ids and times, and without the place of the workspace.
fn plain(small: &Small, text: &str) -> String {
    let text = text.replace(small.root().to_str().expect("UTF-8"), "WS");
    let ids = Regex::new("[0-9a-f]{16}").expect("pattern");
    let times = Regex::new(r"\d+\.\d{9}s").expect("pattern");
    times.replace_all(&ids.replace_all(&text, "ID"), "TIME").into_owned()
}

fn show(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

fn line(unit: &Unit, build: &Build) -> String {
    let input = |input: &Input| match input {
        Input::Package(path) => format!("package {}", show(path)),
        Input::Build(path) => format!("build {}", show(path)),
        Input::Absolute(path) => show(path),
    };
    let list = |inputs: &[Input]| inputs.iter().map(input).collect::<Vec<_>>().join(", ");
    let watched = match &build.watched {
        Watched::Files(files) => format!("files [{}]", list(files)),
        Watched::Rerun(paths) => format!("rerun [{}]", list(paths)),
        Watched::Package { newest } => newest.clone(),
        Watched::Nothing => "nothing".to_owned(),
        Watched::Unknown => "unknown".to_owned(),
    };
    let reference = build.reference.as_deref().map_or("-".to_owned(), show);
    format!("{} {}: {reference}: {watched}", unit.package, build.name)
}

fn lines(small: &Small) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for unit in units(small) {
        let builds = inputs::builds(&small.target(), &unit);
        lines.extend(builds.iter().map(|build| plain(small, &line(&unit, build))));
    }
    lines.sort();
    lines
}

/// As it is expected in this layout: `{prints}`, `{run}` and `{out}` stand for directories of the package.
fn expected(layout: Layout, texts: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = texts
        .iter()
        .map(|text| {
            let package = text.split(' ').next().expect("package");
            let dirs = match layout {
                Layout::Two => ["fingerprint/", "run/stdout", "run/", "out/"]
                    .map(|part| format!("debug/build/{package}/ID/{part}")),
                _ => [
                    format!("debug/.fingerprint/{package}-ID/"),
                    format!("debug/build/{package}-ID/output"),
                    format!("debug/build/{package}-ID/"),
                    format!("debug/build/{package}-ID/out/"),
                ],
            };
            let [prints, printed, run, out] = dirs;
            text.replace("{prints}", &prints)
                .replace("{printed}", &printed)
                .replace("{run}", &run)
                .replace("{out}", &out)
        })
        .collect();
    lines.sort();
    lines
}

fn all_is_read(layout: Layout) {
    let small = Small::with(layout, FILES);
    small.cargo(&["test", "--no-run", "--package", "app"]);
    small.cargo(&["doc", "--package", "mac", "--no-deps"]);
    let builds = [
        "app bin-my-app: {prints}dep-bin-my-app: files [package src/main.rs]",
        "app lib-app: {prints}dep-lib-app: files [package src/lib.rs, package src/part.rs, WS/app/src/../../shared/note.txt]",
        "app test-integration-test-it: {prints}dep-test-integration-test-it: files [package tests/it.rs]",
        "app test-lib-app: {prints}dep-test-lib-app: files [package src/lib.rs, package src/part.rs, WS/app/src/../../shared/note.txt]",
        "envy build-script-build-script-build: {prints}dep-build-script-build-script-build: files [package build.rs]",
        "envy lib-envy: {prints}dep-lib-envy: files [package src/lib.rs]",
        "envy run-build-script-build-script-build: -: nothing",
        "gen build-script-build-script-build: {prints}dep-build-script-build-script-build: files [package build.rs]",
        "gen lib-gen: {prints}dep-lib-gen: files [package src/lib.rs, build {out}g.rs]",
        "gen run-build-script-build-script-build: {printed}: rerun [package ../shared/note.txt, package build.rs, package data, build {out}g.rs, /]",
        "mac doc-lib-mac: -: TIME (src/lib.rs)",
        "mac lib-mac: {prints}dep-lib-mac: files [package src/lib.rs]",
        "tree build-script-build-script-build: {prints}dep-build-script-build-script-build: files [package build.rs]",
        "tree lib-tree: {prints}dep-lib-tree: files [package src/lib.rs]",
        "tree run-build-script-build-script-build: {printed}: rerun [package ]",
        "whole build-script-build-script-build: {prints}dep-build-script-build-script-build: files [package build.rs]",
        "whole lib-whole: {prints}dep-lib-whole: files [package src/lib.rs]",
        "whole run-build-script-build-script-build: -: TIME (src/lib.rs)",
    ];
    assert_eq!(lines(&small), expected(layout, &builds), "{layout:?}");
    dependencies_are_hashes(&small);
    let mut made: Vec<String> = Vec::new();
    for unit in units(&small) {
        let found = inputs::artifacts(&small.target(), &unit);
        let found = found.iter().map(|path| show(path)).collect::<Vec<_>>().join(" ");
        made.push(plain(&small, &format!("{} {}: {found}", unit.package, name(&unit))));
    }
    made.sort();
    assert_eq!(made, expected(layout, artifacts(layout)), "{layout:?}");
    roots_are_found(&small);
    what_was_printed_is_found(&small, layout);
}

/// The name of the only build in a unit, or of its first.
fn name(unit: &Unit) -> String {
    let kind = &unit.fingerprints[0].kind;
    format!("{:?} {:?}", kind.mode, kind.target)
}

fn artifacts(layout: Layout) -> &'static [&'static str] {
    match layout {
        Layout::Two => &[
            "app Build Bin: {prints}dep-bin-my-app {out}my_app",
            "app Build Lib: {prints}dep-lib-app {out}libapp-ID.rlib {out}libapp-ID.rmeta",
            "app Test IntegrationTest: {prints}dep-test-integration-test-it {out}it-ID",
            "app Test Lib: {prints}dep-test-lib-app {out}app-ID",
            "envy Build BuildScript: {prints}dep-build-script-build-script-build {out}build-script-build {out}build_script_build-ID",
            "envy Build Lib: {prints}dep-lib-envy {out}libenvy-ID.rlib {out}libenvy-ID.rmeta",
            "envy Run BuildScript: {run}root-output {run}stdout",
            "gen Build BuildScript: {prints}dep-build-script-build-script-build {out}build-script-build {out}build_script_build-ID",
            "gen Build Lib: {prints}dep-lib-gen {out}libgen-ID.rlib {out}libgen-ID.rmeta",
            "gen Run BuildScript: {out}g.rs {out}more/x {run}root-output {run}stdout",
            "mac Build Lib: {prints}dep-lib-mac {out}libmac-ID.so",
            "mac Doc Lib: ",
            "tree Build BuildScript: {prints}dep-build-script-build-script-build {out}build-script-build {out}build_script_build-ID",
            "tree Build Lib: {prints}dep-lib-tree {out}libtree-ID.rlib {out}libtree-ID.rmeta",
            "tree Run BuildScript: {run}root-output {run}stdout",
            "whole Build BuildScript: {prints}dep-build-script-build-script-build {out}build-script-build {out}build_script_build-ID",
            "whole Build Lib: {prints}dep-lib-whole {out}libwhole-ID.rlib {out}libwhole-ID.rmeta",
            "whole Run BuildScript: {run}root-output {run}stdout",
        ],
        _ => &[
            "app Build Bin: {prints}dep-bin-my-app debug/deps/my_app-ID",
            "app Build Lib: {prints}dep-lib-app debug/deps/libapp-ID.rlib debug/deps/libapp-ID.rmeta",
            "app Test IntegrationTest: {prints}dep-test-integration-test-it debug/deps/it-ID",
            "app Test Lib: {prints}dep-test-lib-app debug/deps/app-ID",
            "envy Build BuildScript: {prints}dep-build-script-build-script-build {run}build-script-build {run}build_script_build-ID",
            "envy Build Lib: {prints}dep-lib-envy debug/deps/libenvy-ID.rlib debug/deps/libenvy-ID.rmeta",
            "envy Run BuildScript: {run}output {run}root-output",
            "gen Build BuildScript: {prints}dep-build-script-build-script-build {run}build-script-build {run}build_script_build-ID",
            "gen Build Lib: {prints}dep-lib-gen debug/deps/libgen-ID.rlib debug/deps/libgen-ID.rmeta",
            "gen Run BuildScript: {out}g.rs {out}more/x {run}output {run}root-output",
            "mac Build Lib: {prints}dep-lib-mac debug/deps/libmac-ID.so",
            "mac Doc Lib: ",
            "tree Build BuildScript: {prints}dep-build-script-build-script-build {run}build-script-build {run}build_script_build-ID",
            "tree Build Lib: {prints}dep-lib-tree debug/deps/libtree-ID.rlib debug/deps/libtree-ID.rmeta",
            "tree Run BuildScript: {run}output {run}root-output",
            "whole Build BuildScript: {prints}dep-build-script-build-script-build {run}build-script-build {run}build_script_build-ID",
            "whole Build Lib: {prints}dep-lib-whole debug/deps/libwhole-ID.rlib debug/deps/libwhole-ID.rmeta",
            "whole Run BuildScript: {run}output {run}root-output",
        ],
    }
}

fn what_was_printed_is_found(small: &Small, layout: Layout) {
    let units = units(small);
    let printed = units.iter().filter_map(|unit| inputs::printed(&small.target(), unit));
    let mut found: Vec<String> = printed.map(|path| plain(small, &show(&path))).collect();
    found.sort();
    let expect = ["envy", "gen", "tree", "whole"].map(|package| match layout {
        Layout::Two => format!("debug/build/{package}/ID/run/stdout"),
        _ => format!("debug/build/{package}-ID/output"),
    });
    assert_eq!(found, expect);
}

/// By name; and where two packages have one name, by what rustc read.
fn roots_are_found(small: &Small) {
    let roots: Vec<(String, PathBuf)> = MEMBERS.map(|name| (name.to_owned(), small.root().join(name))).into();
    let of = |unit: &Unit, roots: &[(String, PathBuf)]| {
        inputs::package_root(&small.target(), &small.root(), unit, roots).map(Path::to_path_buf)
    };
    let twice: Vec<(String, PathBuf)> = roots
        .iter()
        .flat_map(|(name, root)| [(name.clone(), root.clone()), (name.clone(), root.join("copy"))])
        .collect();
    for unit in units(small) {
        let expect = Some(small.root().join(&unit.package));
        let is_compiled =
            unit.fingerprints.iter().all(|print| matches!(print.kind.mode, Mode::Build | Mode::Test));
        assert_eq!(of(&unit, &roots), expect, "{unit:?}");
        assert_eq!(of(&unit, &twice), expect.filter(|_| is_compiled), "{unit:?}");
        assert_eq!(of(&unit, &[]), None);
    }
}

fn dependencies_are_hashes(small: &Small) {
    let builds: Vec<Build> =
        units(small).iter().flat_map(|unit| inputs::builds(&small.target(), unit)).collect();
    let hashes: BTreeSet<u64> = builds.iter().map(|build| build.hash).collect();
    assert_eq!(hashes.len(), builds.len(), "each build has a hash of its own");
    assert!(builds.iter().all(|build| build.rustc == builds[0].rustc && build.rustc != 0));
    let of = |name: &str| builds.iter().find(|build| build.name == name).expect("build");
    let mut expect: Vec<u64> =
        ["gen", "whole", "tree", "envy", "mac"].map(|name| of(&format!("lib-{name}")).hash).into();
    let mut found = of("lib-app").dependencies.clone();
    (expect.sort_unstable(), found.sort_unstable());
    assert_eq!(found, expect);
}

#[test]
fn in_layout_one_all_that_cargo_compares_is_read() {
    all_is_read(Layout::One);
}

#[test]
fn in_layout_two_all_that_cargo_compares_is_read() {
    all_is_read(Layout::Two);
}

const WHOLE: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\nname = 'whole'\nversion = '0.1.0'\nedition = '2021'\n[workspace]\n"),
    ("build.rs", "fn main() {}\n"),
    ("src/lib.rs", ""),
    (".gitignore", "*.ignored\n/target\n"),
    (".hidden/h.txt", ""),
    ("data/deep/d.txt", ""),
    ("data/target/t.txt", ""),
    ("x.ignored", ""),
    ("kept.ignored", ""),
    ("other/Cargo.toml", "[package]\nname = 'other'\nversion = '0.1.0'\nedition = '2021'\n"),
    ("other/src/lib.rs", ""),
    ("target/t.txt", ""),
];

/// The newest file of those that count, as cargo writes it down.
fn newest(small: &Small) -> String {
    let time = |path: &PathBuf| {
        FileTime::from_last_modification_time(&fs::metadata(small.root().join(path)).expect("file"))
    };
    let files = inputs::package_files(&small.root(), &small.target());
    let newest = files.iter().max_by_key(|path| time(path)).expect("files");
    format!("{} ({})", time(newest), show(newest))
}

/// What git knows of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Git {
    None,
    /// A repository in which nothing was added: cargo does not ask it.
    Empty,
    /// All but the lock file and what is ignored is tracked, and one file that is ignored.
    Tracks,
}

fn git(small: &Small, args: &[&str]) {
    assert!(Command::new("git").args(args).current_dir(small.root()).status().expect("git").success());
}

/// Each file in its turn is the newest; what cargo says of the package then is what these files say.
#[test]
fn the_files_of_a_package_are_cargos() {
    for state in [Git::None, Git::Empty, Git::Tracks] {
        let small = Small::with(Layout::One, WHOLE);
        if state != Git::None {
            git(&small, &["init", "-q"]);
        }
        if state == Git::Tracks {
            git(&small, &["add", "."]);
            git(&small, &["add", "-f", "kept.ignored"]);
        }
        small.cargo(&["generate-lockfile"]);
        let mut counted = Vec::new();
        for file in WHOLE.iter().map(|(file, _)| *file).chain(["Cargo.lock"]) {
            small.touch(file);
            small.cargo(&["check", "--quiet"]);
            let units = units(&small);
            let builds = units.iter().flat_map(|unit| inputs::builds(&small.target(), unit));
            let said = builds.filter_map(|build| match build.watched {
                Watched::Package { newest } => Some(newest),
                _ => None,
            });
            let said: Vec<String> = said.collect();
            assert_eq!(said, [newest(&small)], "{file}, {state:?}");
            counted.extend(said[0].ends_with(&format!("({file})")).then_some(file));
        }
        let expect: &[&str] = match state {
            Git::Tracks => &[
                "Cargo.toml",
                "build.rs",
                "src/lib.rs",
                ".gitignore",
                ".hidden/h.txt",
                "data/deep/d.txt",
                "data/target/t.txt",
                "kept.ignored",
            ],
            Git::None | Git::Empty => &[
                "Cargo.toml",
                "build.rs",
                "src/lib.rs",
                "data/deep/d.txt",
                "data/target/t.txt",
                "x.ignored",
                "kept.ignored",
                "Cargo.lock",
            ],
        };
        assert_eq!(counted, expect, "{state:?}");
    }
}
