//! What it says against what is there: every file once, every compiler by its name, in both layouts.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use fs_err as fs;
use serde_json::{Value, json};

use super::{cache, cargo, items, json as report, project};
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;

/// Names of files, and the bytes of all of them, each file once.
fn on_disk(dirs: &[&Path]) -> (u64, u64) {
    fn walk(dir: &Path, names: &mut u64, files: &mut BTreeMap<(u64, u64), u64>) {
        for entry in fs::read_dir(dir).expect("readable") {
            let path = entry.expect("entry").path();
            let meta = fs::symlink_metadata(&path).expect("meta");
            if meta.is_dir() {
                walk(&path, names, files);
            } else {
                *names += 1;
                files.insert((meta.dev(), meta.ino()), if meta.is_file() { meta.len() } else { 0 });
            }
        }
    }
    let (mut names, mut files) = (0, BTreeMap::new());
    dirs.iter().for_each(|dir| walk(dir, &mut names, &mut files));
    (names, files.values().sum())
}

fn is_right(report: &Value, dirs: &[&Path]) {
    let (files, bytes) = on_disk(dirs);
    assert_eq!((&report["files"], &report["bytes"]), (&json!(files), &json!(bytes)));
    for (by, rows) in report["by"].as_object().expect("breakdowns") {
        let rows = rows.as_array().expect("rows");
        for (what, total) in [("files", files), ("bytes", bytes)] {
            assert_eq!(
                rows.iter().map(|row| row[what].as_u64().expect("number")).sum::<u64>(),
                total,
                "{by}"
            );
        }
    }
    let sum: u64 = items(report).iter().map(|item| item["bytes"].as_u64().expect("number")).sum();
    assert_eq!(sum, bytes);
}

fn kinds(report: &Value) -> BTreeSet<&str> {
    items(report).iter().map(|item| item["kind"].as_str().expect("text")).collect()
}

#[test]
fn every_file_of_a_real_build_is_counted_once() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    for args in
        [&["build"][..], &["build", "--release", "--features", "extra"], &["doc"], &["test", "--no-run"]]
    {
        cargo(&sandbox, &project, args);
    }
    let target = project.root().join("target");
    let report = report(&sandbox, &project, &[]);
    is_right(&report, &[&target]);
    assert_eq!(report["format"], 1);
    assert_eq!(report["target-dir"], target.to_str().expect("UTF-8"));
    assert_eq!(report["left-alone"], json!([]));
    for kind in
        ["library", "program", "test", "example", "build-script", "build-output", "doc-unit", "incremental"]
    {
        assert!(kinds(&report).contains(kind), "{kind}: {:?}", kinds(&report));
    }
    let toolchains = report["toolchains"].as_array().expect("toolchains");
    assert_eq!(toolchains.len(), 1);
    let toolchain = &toolchains[0];
    assert_eq!((&toolchain["standing"], &toolchain["names"]), (&json!("installed"), &json!(["host"])));
    let library = |name: &str, profile: &str| {
        let is = |item: &&Value| {
            item["kind"] == "library" && item["package"] == name && item["profile"] == profile
        };
        items(&report).iter().find(is).unwrap_or_else(|| panic!("no library {name} in {profile}"))
    };
    let itoa = library("itoa", "release");
    assert_eq!(itoa["source"]["kind"], "registry");
    assert_eq!(itoa["toolchains"], json!([toolchain["name"]]));
    assert_eq!(library("app", "debug")["source"], json!({ "kind": "path" }));
    assert_eq!(library("app", "release")["features"], json!(["extra"]));
    assert!(itoa["built"].as_str().is_some_and(|time| time.ends_with('Z')), "{itoa}");
    let sessions: Vec<&Value> = items(&report).iter().filter(|item| item["kind"] == "incremental").collect();
    assert!(
        sessions.iter().all(|it| it["built"].is_string() && it["toolchains"] == itoa["toolchains"]),
        "{sessions:#?}"
    );
    let uplifted =
        |item: &&Value| item["kind"] == "final" && item["name"] == "app" && item["profile"] == "release";
    let program = items(&report).iter().find(uplifted).expect("the program");
    assert_eq!(
        (&program["package"], &program["bytes"]),
        (&json!("app"), &json!(0)),
        "its unit has its bytes"
    );
    assert_eq!(program["toolchains"], itoa["toolchains"]);
    assert!(itoa["id"].as_str().is_some_and(|id| id.len() == 16));
}

/// The pin of a workspace is known from its stamp: no compiler has to be asked, and it is said to be the pin.
#[test]
fn the_pin_is_named_from_the_stamp() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox).doctor("[policy]\n");
    for _ in 0..2 {
        sandbox.xcargo().arg("build").dir(project.root()).run().ok();
    }
    let report = report(&sandbox, &project, &[]);
    assert_eq!(report["toolchains"][0]["standing"], "pinned");
    // Nothing is installed any more, and still it has its name.
    fs::remove_file(sandbox.rustup_home().join("toolchains/host")).expect("the link to the toolchain");
    assert_eq!(super::json(&sandbox, &project, &[])["toolchains"], report["toolchains"]);
    let text = cache(&sandbox, &project, &["--by", "toolchain"]).ok();
    assert!(text.out().contains("  pinned"), "{}", text.show());
}

#[test]
fn a_compiler_that_nobody_knows_is_a_number() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    cargo(&sandbox, &project, &["build"]);
    fs::remove_file(sandbox.rustup_home().join("toolchains/host")).expect("the link to the toolchain");
    let report = report(&sandbox, &project, &[]);
    let names: Vec<&str> =
        report["toolchains"].as_array().expect("list").iter().filter_map(|it| it["name"].as_str()).collect();
    let unknown =
        names.iter().find_map(|name| name.strip_prefix("unknown compiler ")).expect("an unknown one");
    assert!(unknown.len() == 16 && unknown.bytes().all(|byte| byte.is_ascii_hexdigit()), "{unknown}");
}

#[test]
fn two_dirs_are_one_report() {
    let sandbox = Sandbox::new();
    for build_dir in ["build", "target/inner"] {
        let project = Project::new(&sandbox, &build_dir.replace('/', "-"))
            .package("", "app", "")
            .file("src/main.rs", "fn main() {}\n")
            .file(".cargo/config.toml", format!("[build]\nbuild-dir = '{build_dir}'\n"));
        cargo(&sandbox, &project, &["build"]);
        let (target, build) = (project.root().join("target"), project.root().join(build_dir));
        let report = report(&sandbox, &project, &[]);
        let dirs: &[&Path] = if build.starts_with(&target) { &[&target] } else { &[&target, &build] };
        is_right(&report, dirs);
        assert_eq!(report["left-alone"], json!([]), "{build_dir}");
        let dirs: BTreeSet<&str> = items(&report).iter().filter_map(|item| item["dir"].as_str()).collect();
        assert_eq!(dirs, BTreeSet::from(["build", "target"]));
        let text = cache(&sandbox, &project, &[]).ok();
        assert!(
            text.out().starts_with("target dir ") && text.out().contains("\nbuild dir  "),
            "{}",
            text.show()
        );
    }
}

#[test]
fn the_other_layout_is_counted_as_well() {
    let sandbox = Sandbox::new();
    let project = project(&sandbox);
    let cmd = sandbox.cargo().args(["build", "-Zbuild-dir-new-layout"]).env("RUSTC_BOOTSTRAP", "1");
    cmd.dir(project.root()).run().ok();
    let report = report(&sandbox, &project, &[]);
    is_right(&report, &[&project.root().join("target")]);
    for kind in ["library", "program", "build-script", "build-output", "incremental"] {
        assert!(kinds(&report).contains(kind), "{kind}: {:?}", kinds(&report));
    }
}
