//! What the real cargo compares for each of its units is read right, in both layouts: its builds, the files they were made
//! from, the file whose time counts, what they made, and where their packages lie.

mod package;
mod tables;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::Regex;
use xcargo::cache::inputs::{self, Build, Input, Watched};
use xcargo::cache::{Layout, Mode, Unit};

use super::small::Small;
use tables::{BUILDS, FILES, artifacts};

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
    assert_eq!(lines(&small), expected(layout, BUILDS), "{layout:?}");
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
    expect.sort_unstable();
    found.sort_unstable();
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
