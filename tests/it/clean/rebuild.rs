//! After a surgical clean the next build makes the removed units and what depends on them, and nothing else: by cargo's own
//! messages and its own unit graph.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use fs_err as fs;
use xcargo::cache::{self, Source, Unit};

use super::fixture::{Ground, PRINTS, Shape, Site};
use super::report::Report;
use crate::support::unit_graph::{self, Key, dependants, rebuilt};

/// What the workspace's dev profile is built by.
const BUILD: [&str; 3] = ["build", "--workspace", "--all-targets"];

type Graph = BTreeMap<Key, BTreeSet<Key>>;

fn graph(site: &Site<'_>) -> Graph {
    let cmd = site.cargo(BUILD).args(["--unit-graph", "-Zunstable-options"]).env("RUSTC_BOOTSTRAP", "1");
    dependants(&cmd.run().ok().stdout)
}

/// Builds all, and says what was made.
#[track_caller]
fn build(site: &Site<'_>) -> BTreeSet<Key> {
    let run = site.cargo(BUILD).arg("--message-format=json").run().ok();
    let made = rebuilt(&run.stdout);
    let app = site.target().join("debug/app");
    let out = std::process::Command::new(&app).output().expect("the program");
    assert_eq!(String::from_utf8_lossy(&out.stdout), PRINTS, "it is another program\n{}", run.show());
    made
}

#[track_caller]
fn clean(site: &Site<'_>, args: &[&str]) -> Report {
    Report::of(&site.xcargo(["clean", "--json", "--yes"]).args(args).run().ok())
}

fn without(graph: &Graph, is_gone: impl Fn(&Key) -> bool) -> BTreeSet<Key> {
    graph.iter().filter(|(key, _)| is_gone(key)).flat_map(|(_, above)| above.clone()).collect()
}

fn packages_cost_themselves(shape: Shape) {
    let ground = Ground::new(shape);
    let site = ground.site("ws");
    let graph = graph(&site);
    for (spec, package) in [
        ("plain", "plain@0.1.0"),
        ("app", "app@0.1.0"),
        ("mac", "mac@0.1.0"),
        ("foo-sys", "foo-sys@0.1.0"),
        ("every@0.1.0", "every@0.1.0"),
        ("itoa@1.0.19", "itoa@1.0.19"),
        ("paste", "paste@1.0.15"),
        ("https://github.com/rust-lang/crates.io-index#either@1.19.0", "either@1.19.0"),
        ("either@0.3.0", "either@0.3.0"),
    ] {
        let expect = without(&graph, |key| key.0 == package);
        assert!(!expect.is_empty(), "{package} is in the graph: {:#?}", graph.keys());
        let report = clean(&site, &["-p", spec]);
        assert_eq!(build(&site), expect, "{shape:?} -p {spec}: {report:#?}");
    }
    let report = clean(&site, &["--incremental"]);
    assert!(report.files > 0, "there are sessions");
    assert_eq!(build(&site), [].into(), "{shape:?} --incremental: {report:#?}");
    // All that was in one profile, and the others were not touched. (For a triple the build scripts are the host's, so that
    // its units of the same profile are dirty now.)
    let host = crate::support::machine::machine().host.as_str();
    for args in
        [&["build", "--release", "-p", "app"][..], &["build", "-p", "plain", "--release", "--target", host]]
    {
        let run = site.cargo(args.iter().copied()).arg("--message-format=json").run().ok();
        assert_eq!(rebuilt(&run.stdout), [].into(), "{shape:?} {args:?}");
    }
}

#[test]
fn in_layout_one_a_package_costs_itself_and_what_depends_on_it() {
    packages_cost_themselves(Shape::One);
}

#[test]
fn in_layout_two_a_package_costs_itself_and_what_depends_on_it() {
    packages_cost_themselves(Shape::Two);
}

/// A library that was cut short stops every build above it; afterwards it alone is made again.
#[test]
fn damage_is_taken_and_nothing_else() {
    for shape in [Shape::One, Shape::Two, Shape::TwoApart] {
        let ground = Ground::new(shape);
        let site = ground.site("ws");
        let graph = graph(&site);
        let listing = site.listing();
        let libraries: Vec<PathBuf> = listing
            .paths()
            .filter(|path| path.starts_with(site.build_dir().join("debug")))
            .filter(|path| {
                let name = path.file_name().expect("a name").to_string_lossy();
                name.starts_with("libplain-") && name.ends_with(".rlib")
            })
            .map(PathBuf::from)
            .collect();
        let [library] = &libraries[..] else { panic!("one library of `plain`: {libraries:?}") };
        let bytes = fs::metadata(library).unwrap().len();
        fs::OpenOptions::new().write(true).open(library).unwrap().set_len(bytes / 2).unwrap();
        fs::write(site.root().join("app/examples/ex.rs"), "fn main() { println!(\"{}!\", app::f()); }\n")
            .unwrap();
        let run = site.cargo(BUILD).run();
        assert!(!run.status.success(), "{shape:?}: plain cargo mends it now\n{}", run.show());
        let report = clean(&site, &["--damaged"]);
        assert_eq!(
            build(&site),
            without(&graph, |key| key.0 == "plain@0.1.0" && key.3 == "build"),
            "{shape:?}: {report:#?}"
        );
        assert_eq!(clean(&site, &["--damaged"]).files, 0, "{shape:?}");
    }
}

/// Where only host builds are, every unit of the cache is one of the graph.
#[test]
fn a_limit_is_met_and_costs_what_was_taken() {
    for shape in [Shape::OneApart, Shape::TwoApart] {
        let ground = Ground::new(shape);
        let site = ground.site("ws");
        let graph = graph(&site);
        let units = || -> BTreeMap<String, Unit> {
            let cache = cache::read(&site.build_dir(), &site.cargo_home()).expect("a cache");
            let dev = cache.profiles.into_iter().filter(|profile| profile.name == "debug");
            dev.flat_map(|profile| profile.units).map(|unit| (unit.id.clone(), unit)).collect()
        };
        let size = || {
            let listing = site.listing();
            let all = listing.below([site.build_dir().as_path()]);
            listing.frees(&all).1
        };
        let (before, limit) = (units(), size() * 2 / 3);
        let report = clean(&site, &["--keep-size", &format!("{limit}B")]);
        assert!(size() <= limit, "{shape:?}: {} of {limit} are left: {report:#?}", size());
        let after = units();
        let gone: BTreeSet<Key> =
            before.iter().filter(|(id, _)| !after.contains_key(*id)).map(|(_, unit)| key_of(unit)).collect();
        assert_eq!(build(&site), without(&graph, |key| gone.contains(key)), "{shape:?}: {report:#?}");
    }
}

/// The unit as cargo's graph names it.
fn key_of(unit: &Unit) -> Key {
    let (package, kind, name, mode) = unit_graph::key_of(unit);
    let version = match &unit.source {
        Source::Registry { version } => version.to_string(),
        Source::Git { .. } => "0.3.0".to_owned(),
        _ => "0.1.0".to_owned(),
    };
    (format!("{package}@{version}"), kind, name, mode)
}
