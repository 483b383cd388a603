//! The cache module against real build dirs: what cargo writes is read right, and removing a unit costs just that unit.

mod damage;
mod finals;
mod inputs;
mod small;
mod workspace;

use std::collections::BTreeSet;
use std::process::Command;

use xcargo::cache::has_trash;
use xcargo::cache::{Cache, Entry, Layout, Mode, Size, Source, Tally, Target, Unit};

use workspace::{Key, PRINTS, Workspace, key_of};

/// The units to try: every one of the fixture's but for those that are of a kind with another.
fn chosen(cache: &Cache) -> Vec<Unit> {
    let units = cache.profiles.iter().flat_map(|profile| &profile.units);
    let is_chosen = |unit: &&Unit| {
        let (package, kind, _, mode) = key_of(unit);
        !matches!(
            (package.as_str(), kind.as_str(), mode.as_str()),
            ("plain" | "foo-sys" | "mac", "lib" | "proc-macro", "test")
        )
    };
    units.filter(is_chosen).cloned().collect()
}

fn one_unit_costs_one_unit(layout: Layout) {
    let ws = Workspace::new(layout);
    ws.cargo(&["generate-lockfile"]);
    ws.cargo(&["fetch"]);
    assert!(!ws.rebuilt().is_empty());
    let dependants = ws.dependants();
    assert!(ws.rebuilt().is_empty(), "the fixture itself is never fresh");
    let cache = ws.cache();
    assert_eq!(cache.unknown, []);
    assert_eq!(cache.profiles.len(), 1);
    assert_eq!(cache.profiles[0].layout, layout);
    let found: BTreeSet<Key> = cache.profiles[0].units.iter().map(key_of).collect();
    assert_eq!(found, dependants.keys().cloned().collect(), "the units are cargo's");
    sources_are_right(&cache);
    let units = chosen(&cache);
    assert!(units.len() > 14, "{}", units.len());
    for unit in &units {
        let key = key_of(unit);
        let mut tally = Tally::default();
        let planned =
            unit.entries.iter().fold(Size::default(), |sum, entry| sum + tally.entry(&ws.target(), entry));
        assert_eq!(ws.remove(&unit.entries), planned, "{key:?}");
        assert!(planned.files > 0 && !has_trash(&ws.target()), "{key:?}");
        let left = ws.cache();
        assert!(left.profiles[0].units.iter().all(|other| other.id != unit.id), "{key:?} is still there");
        assert_eq!(
            left.profiles[0].units.len() + 1,
            cache.profiles[0].units.len(),
            "{key:?} took others with it"
        );
        let rebuilt = ws.rebuilt();
        // A run of a build script makes no artifact, so it is not among them.
        assert_eq!(rebuilt, dependants[&key], "without {key:?}");
        assert_eq!(ws.program_prints(), PRINTS, "without {key:?}");
    }
    assert!(ws.rebuilt().is_empty(), "everything is fresh in the end");
    // In layout 2 a unit is one directory, and its removal one rename: there is nothing to cut but the empty parent.
    let cut = if layout == Layout::Two { &units[..2] } else { &units };
    killed_at_any_cut_the_next_build_works(&ws, cut);
}

/// A removal that is killed leaves a prefix of the entries removed. That unit must be found again and must be stale.
fn killed_at_any_cut_the_next_build_works(ws: &Workspace, units: &[Unit]) {
    for unit in units {
        for cut in 1..unit.entries.len() {
            let what = format!("{:?} cut after {:?}", key_of(unit), &unit.entries[..cut]);
            ws.remove(&unit.entries[..cut]);
            let left = ws.cache();
            let is_there = left.profiles[0].units.iter().any(|other| other.id == unit.id);
            let is_whole_unit =
                matches!(unit.entries[cut - 1], Entry::Tree(ref path) if path.ends_with(&unit.id));
            assert!(is_there || is_whole_unit, "{what}: not found again");
            let rebuilt = ws.rebuilt();
            let key = key_of(unit);
            assert!(key.3 == "run-custom-build" || rebuilt.contains(&key), "{what}: taken for fresh");
            assert_eq!(ws.program_prints(), PRINTS, "{what}");
        }
    }
    assert!(ws.rebuilt().is_empty());
}

fn sources_are_right(cache: &Cache) {
    let mut seen = BTreeSet::new();
    for unit in &cache.profiles[0].units {
        let is_right = match (unit.package.as_str(), &unit.source) {
            ("app" | "plain" | "foo-sys" | "mac", source) => *source == Source::Path,
            ("itoa" | "paste" | "cfg-if", Source::Registry { version }) => version.starts_with("1."),
            ("gitdep", Source::Git { rev }) => rev.len() >= 7,
            _ => false,
        };
        assert!(is_right, "{:?}: {:?}", key_of(unit), unit.source);
        seen.insert((
            unit.package.clone(),
            unit.fingerprints[0].kind.mode as u8,
            unit.fingerprints[0].kind.target as u8,
        ));
    }
    for (package, mode, target) in [
        ("paste", Mode::Build, Target::BuildScript),
        ("paste", Mode::Run, Target::BuildScript),
        ("foo-sys", Mode::Run, Target::BuildScript),
        ("gitdep", Mode::Build, Target::Lib),
    ] {
        assert!(
            seen.contains(&(package.to_owned(), mode as u8, target as u8)),
            "{package} {mode:?} {target:?}"
        );
    }
    let compilers: BTreeSet<u64> = cache.profiles[0]
        .units
        .iter()
        .flat_map(|unit| unit.fingerprints.iter().map(|print| print.rustc))
        .collect();
    assert_eq!(compilers.len(), 1, "one compiler has one hash");
    let incremental = &cache.profiles[0].incremental;
    let version = Command::new("rustc").arg("--version").output().expect("rustc").stdout;
    let version = String::from_utf8(version).expect("UTF-8");
    assert!(!incremental.is_empty());
    for crate_dir in incremental {
        let expect = version.trim().strip_prefix("rustc ");
        assert_eq!(crate_dir.rustc_version(), expect, "{}", crate_dir.path.display());
    }
}

#[test]
fn in_layout_one_a_removed_unit_costs_just_that_unit() {
    one_unit_costs_one_unit(Layout::One);
}

#[test]
fn in_layout_two_a_removed_unit_costs_just_that_unit() {
    one_unit_costs_one_unit(Layout::Two);
}

/// Units for a triple and of the documentation; the second layout beside the first; a cargo that is building.
#[test]
fn triples_documentation_and_both_layouts_are_read() {
    let ws = Workspace::new(Layout::One);
    ws.cargo(&["generate-lockfile"]);
    let host =
        String::from_utf8(Command::new("rustc").arg("-vV").output().expect("rustc").stdout).expect("UTF-8");
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("host");
    ws.cargo(&["check", "--release", "--target", host]);
    ws.cargo(&["doc", "--package", "app"]);
    let two = ws.with_layout(Layout::Two);
    two.cargo(&["check"]);
    let cache = two.cache();
    assert_eq!(cache.unknown, []);
    let places: Vec<_> = cache
        .profiles
        .iter()
        .map(|profile| (profile.triple.as_deref(), profile.name.to_str().expect("UTF-8"), profile.layout))
        .collect();
    let expect =
        [(None, "debug", Layout::Both), (None, "release", Layout::One), (Some(host), "release", Layout::One)];
    assert_eq!(places, expect);
    let all = |package: &str| {
        let units = cache.profiles.iter().flat_map(|profile| &profile.units);
        units.filter(|unit| unit.package == package).cloned().collect::<Vec<_>>()
    };
    // The run of a build script for a triple knows its version by the build script, which is the host's.
    for unit in [all("paste"), all("itoa"), all("cfg-if")].concat() {
        assert!(matches!(unit.source, Source::Registry { .. }), "{unit:?}");
    }
    let documented: Vec<Unit> = all("itoa")
        .into_iter()
        .filter(|unit| unit.fingerprints.iter().any(|print| print.kind.mode == Mode::Doc))
        .collect();
    assert_eq!(documented.len(), 1);
    let ws = two.with_layout(Layout::One);
    ws.remove(&documented[0].entries);
    let stderr =
        String::from_utf8(ws.cargo(&["doc", "--package", "app", "--offline"]).stderr).expect("UTF-8");
    assert!(stderr.contains("Documenting itoa") && !stderr.contains("Documenting gitdep"), "{stderr}");
    let locks = ws.locks();
    let mut waiting =
        ws.command(&["check", "--offline"]).stderr(std::process::Stdio::piped()).spawn().expect("cargo");
    let mut stderr = std::io::BufReader::new(waiting.stderr.take().expect("stderr"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stderr, &mut line).expect("read");
    assert!(line.contains("Blocking") && line.contains("file lock"), "cargo did not see our lock: {line}");
    drop(locks);
    std::io::copy(&mut stderr, &mut std::io::sink()).expect("drain");
    assert!(waiting.wait().expect("wait").success());
}
