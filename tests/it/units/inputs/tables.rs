//! The workspace, and what is expected of its units.

use xcargo::cache::Layout;

pub(super) const FILES: &[(&str, &str)] = &[
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

/// Package and build, the reference, what is watched.
pub(super) const BUILDS: &[&str] = &[
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

/// Package, mode and target, what was made.
pub(super) fn artifacts(layout: Layout) -> &'static [&'static str] {
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
