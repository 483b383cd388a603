//! What the real cargo leaves for people belongs to the units that made it; outputs without an id belong to one unit.

use std::collections::BTreeMap;
use std::fs;

use xcargo::cache::{By, Layout};

use super::small::Small;

/// The uplifted files by name, with their packages.
fn owners(small: &Small) -> BTreeMap<String, Vec<String>> {
    let finals = small.finals();
    assert_eq!(finals.loose, []);
    assert_eq!(finals.unknown, []);
    let show = |it: &xcargo::cache::Uplifted| {
        let mut packages: Vec<String> = it.owners.iter().map(|owner| owner.package.clone()).collect();
        packages.dedup();
        (it.entry.path().to_string_lossy().into_owned(), packages)
    };
    finals.uplifted.iter().map(show).collect()
}

fn everything_uplifted_has_its_owner(layout: Layout) {
    let small = Small::new(layout);
    small.cargo(&["build", "--workspace", "--all-targets"]);
    small.cargo(&["doc", "--workspace", "--no-deps"]);
    small.cargo(&["package", "--package", "plain", "--allow-dirty", "--no-verify"]);
    let found = owners(&small);
    for (file, package) in [
        ("debug/my-app", "app"),
        ("debug/my-app.d", "app"),
        ("debug/libapp.rlib", "app"),
        ("debug/libcdy.rlib", "cdy"),
        ("debug/libcdy.so", "cdy"),
        ("debug/libcdy.a", "cdy"),
        ("debug/libcdy.d", "cdy"),
        ("debug/libmac.so", "mac"),
        ("debug/libleaf.so", "leaf"),
        ("debug/examples/ex-a", "app"),
        ("debug/examples/ex-a.d", "app"),
    ] {
        assert_eq!(
            found.get(file).map(Vec::as_slice),
            Some(&[package.to_owned()][..]),
            "{layout:?}: {file} in {found:?}"
        );
    }
    let finals = small.finals();
    for it in &finals.uplifted {
        let is_dep_info = it.entry.path().extension().is_some_and(|extension| extension == "d");
        assert!(is_dep_info || it.by == By::SameFile, "{layout:?}: {it:?}");
    }
    assert_eq!((finals.docs.len(), finals.packages.len()), (1, 1), "{layout:?}");
    // The same where links could not be made.
    for it in &finals.uplifted {
        let path = small.target().join(it.entry.path());
        let content = fs::read(&path).expect("file");
        fs::remove_file(&path).expect("file");
        fs::write(&path, content).expect("file");
    }
    assert_eq!(owners(&small), found, "{layout:?}: by name");
    // What has no id goes with its unit, and comes back with it.
    let cache = small.cache();
    let units = cache.profiles.iter().flat_map(|profile| &profile.units);
    let cdy = units
        .filter(|unit| unit.package == "cdy")
        .find(|unit| unit.fingerprints.iter().any(|print| print.kind.mode == xcargo::cache::Mode::Build))
        .expect("unit");
    small.remove(cdy);
    let left: Vec<String> = std::iter::once(small.target().join("debug/deps"))
        .filter_map(|dir| fs::read_dir(dir).ok())
        .flatten()
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .filter(|name| matches!(name.as_str(), "libcdy.so" | "libcdy.a" | "libcdy.rlib" | "cdy.d"))
        .collect();
    assert_eq!(left, [""; 0], "{layout:?}");
    let output = small.cargo(&["build", "--workspace", "--all-targets"]);
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    let compiled = stderr.lines().filter(|line| line.contains("Compiling")).count();
    assert!(compiled == 1 && stderr.contains("Compiling cdy"), "{layout:?}: {stderr}");
}

#[test]
fn in_layout_one_everything_uplifted_has_its_owner() {
    everything_uplifted_has_its_owner(Layout::One);
}

#[test]
fn in_layout_two_everything_uplifted_has_its_owner() {
    everything_uplifted_has_its_owner(Layout::Two);
}

/// A build dir elsewhere: the target dir has profile dirs of its own, without units.
#[test]
fn a_build_dir_elsewhere_has_the_units_of_what_lies_in_the_target_dir() {
    let small = Small::new(Layout::One);
    let build_dir = small.root().join("build");
    let mut command = small.command(&["build", "--workspace", "--examples", "--bins"]);
    assert!(command.env("CARGO_BUILD_BUILD_DIR", &build_dir).status().expect("cargo").success());
    let cache = xcargo::cache::read(&build_dir, &small.root()).expect("cache");
    let finals = xcargo::cache::finals::read(&small.target(), &cache).expect("finals");
    assert_eq!((&finals.loose[..], &finals.unknown[..]), (&[][..], &[][..]));
    let names: Vec<&str> =
        finals.uplifted.iter().map(|it| it.entry.path().to_str().expect("UTF-8")).collect();
    assert_eq!(names, ["debug/examples/ex-a", "debug/examples/ex-a.d", "debug/my-app", "debug/my-app.d"]);
    assert!(finals.uplifted.iter().all(|it| it.owners.iter().all(|owner| owner.package == "app")));
    // The parts that cargo keeps in the build dir are found there.
    let there = xcargo::cache::finals::read(&build_dir, &cache).expect("finals");
    assert_eq!((&there.uplifted[..], &there.loose[..], &there.unknown[..]), (&[][..], &[][..], &[][..]));
    assert_eq!(there.profiles.len(), 1);
    assert!(there.profiles[0].children.iter().any(|entry| entry.path().ends_with("deps")));
}
