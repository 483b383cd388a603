//! A dependency moves in the lock file: its old version's units go, and what leans on it is built again, and no more.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fs_err as fs;
use serde_json::Value;

use crate::compilers::{self, Compiler};
use crate::ground::{Ground, PRINTS, State, assert_all_fresh, assert_no_mix, said};

const MOVED: &str = "itoa";
const OLD: &str = "1.0.18";
const NEW: &str = "1.0.19";

const BUILD: &[&str] = &["build", "--workspace", "--all-targets", "--message-format=json"];

/// A user would lose the time of a whole build, or a program that still holds the old version.
#[test]
fn exactly_the_moved_package_and_what_leans_on_it_is_built_again() {
    for compiler in compilers::generations() {
        moves_exactly(&Ground::new("[policy]\n"), compiler);
    }
}

/// The same in layout 2.
#[test]
fn so_it_is_in_layout_two() {
    for compiler in compilers::in_both_layouts() {
        let ground = Ground::new("[policy]\n").in_layout_two();
        moves_exactly(&ground, compiler);
        assert!(!ground.target().join("debug/.fingerprint").exists(), "this is layout 2");
    }
}

fn moves_exactly(ground: &Ground, compiler: &Compiler) {
    let who = &compiler.name;
    ground.pin(compiler);
    ground.xcargo(BUILD).run().ok();
    ground.xcargo(&["check", "--workspace"]).run().ok();
    let before = ground.state();
    let old: Vec<PathBuf> = units_of(&before, MOVED);
    assert!(old.len() >= 2, "{who}: {MOVED} was built and checked: {old:?}");
    let leaning = leaning(ground);
    assert!(leaning.len() > 5 && leaning.contains("app") && !leaning.contains("zip"), "{leaning:?}");

    ground.cargo(&["update", MOVED, "--precise", NEW]).run().ok();
    let run = ground.xcargo(BUILD).run().ok();
    assert_no_mix(&run);
    let cleaning = said(&run, "Cleaning");
    let reason = format!("of {MOVED} {OLD}: no longer in Cargo.lock");
    assert!(cleaning.len() == 1 && cleaning[0].ends_with(&reason), "{}", run.show());
    let (built, fresh) = built_and_fresh(&run.out());
    assert_eq!(built, leaning, "{who}");
    let others = ["cc", "cfg-if", "bzip2-sys", "macros", "own-sys", "paste", "scripted", "xtask", "zip"];
    assert!(others.iter().all(|package| fresh.contains(*package)), "{who}: {fresh:?}");
    assert!(fresh.is_disjoint(&leaning), "{who}: {fresh:?}");
    assert_eq!(ground.program_prints(), PRINTS);

    let after = ground.state();
    let gone: BTreeSet<&PathBuf> = before.files.difference(&after.files).collect();
    let expect: BTreeSet<&PathBuf> = before.files.iter().filter(|file| belongs(file, &old)).collect();
    assert_eq!(gone, expect, "{who}: exactly the files of the old version's units go");
    let gone: Vec<&PathBuf> = before.units.difference(&after.units).collect();
    assert_eq!(gone, old.iter().collect::<Vec<_>>(), "{who}");
    assert!(before.sessions.is_subset(&after.sessions), "{who}: no incremental session goes");
    assert_all_fresh(&ground.xcargo(&["build", "--workspace", "--all-targets", "-v"]).run().ok());
}

/// The unit directories of a package.
fn units_of(state: &State, package: &str) -> Vec<PathBuf> {
    let is_of = |unit: &&PathBuf| {
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        // Layout 1 has `itoa-<id>`, layout 2 `itoa/<id>`.
        name(unit).strip_prefix(package).is_some_and(|rest| rest.len() == 17)
            || name(unit.parent().unwrap()) == package
    };
    state.units.iter().filter(is_of).cloned().collect()
}

/// Whether a file has the id of one of these units in its path.
fn belongs(file: &Path, units: &[PathBuf]) -> bool {
    units.iter().any(|unit| {
        let name = unit.file_name().unwrap().to_string_lossy();
        let id = &name[name.len() - 16..];
        file.to_string_lossy().contains(id)
    })
}

/// The moved package and all that depends on it, by what cargo resolved.
fn leaning(ground: &Ground) -> BTreeSet<String> {
    let out = ground.cargo(&["metadata", "--format-version=1"]).run().ok().out();
    let metadata: Value = serde_json::from_str(&out).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeMap<String, String> =
        packages.iter().map(|package| (text(&package["id"]), text(&package["name"]))).collect();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let mut found = BTreeSet::from([MOVED.to_owned()]);
    loop {
        let leans = |node: &&Value| {
            node["dependencies"].as_array().unwrap().iter().any(|id| found.contains(&names[&text(id)]))
        };
        let more: Vec<String> =
            nodes.iter().filter(leans).map(|node| names[&text(&node["id"])].clone()).collect();
        let before = found.len();
        found.extend(more);
        if found.len() == before {
            return found;
        }
    }
}

/// The packages of which something was compiled, and those of which something was fresh.
fn built_and_fresh(out: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut built, mut fresh) = (BTreeSet::new(), BTreeSet::new());
    for line in out.lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        if message["reason"] != "compiler-artifact" {
            continue;
        }
        let manifest = fs::read_to_string(message["manifest_path"].as_str().unwrap()).unwrap();
        let manifest: toml_edit::DocumentMut = manifest.parse().unwrap();
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        if message["fresh"].as_bool().unwrap() {
            fresh.insert(name)
        } else {
            built.insert(name)
        };
    }
    (built, fresh)
}
