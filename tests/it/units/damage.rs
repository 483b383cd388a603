//! Damaged files in what the real cargo built: they are found, nothing else is, and cargo by itself would have failed or
//! shown something wrong. And an intact build dir, whatever was built in it, has no damage.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xcargo::cache::damage::{Damage, Damaged, What};
use xcargo::cache::{Layout, Mode, Target, Unit};

use super::small::Small;

fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc").stdout;
    let text = String::from_utf8(output).expect("UTF-8");
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("host").to_owned()
}

#[test]
fn an_intact_build_dir_has_no_damage() {
    let host = host();
    for layout in [Layout::One, Layout::Two] {
        let small = Small::new(layout);
        for args in [
            &["check", "--workspace", "--all-targets"][..],
            &["build", "--workspace", "--all-targets"],
            &["build", "--workspace", "--release"],
            &["doc", "--workspace"],
            &["build", "--workspace", "--target", &host],
            &["check", "--workspace", "--config", "profile.dev.strip = true"],
        ] {
            small.cargo(args);
            assert_eq!(small.damaged(), [], "{layout:?} after {args:?}");
        }
        // A build that fails leaves outputs of the one before it, and is not damage either.
        let lib = small.root().join("app/src/lib.rs");
        let whole = fs::read_to_string(&lib).expect("lib.rs");
        fs::write(&lib, "fn").expect("lib.rs");
        assert!(!small.try_cargo(&["build"]).status.success());
        assert_eq!(small.damaged(), [], "{layout:?} after a build that failed");
        fs::write(&lib, whole).expect("lib.rs");
    }
}

/// What is done to a file.
#[derive(Debug, Clone, Copy)]
enum Harm {
    Empty,
    Half,
    Zeros,
}

fn harm(path: &Path, how: Harm) {
    let content = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let times = filetime::FileTime::from_last_modification_time(&fs::metadata(path).expect("file"));
    let damaged = match how {
        Harm::Empty => Vec::new(),
        Harm::Half => content[..content.len() / 2].to_vec(),
        Harm::Zeros => vec![0; content.len()],
    };
    fs::write(path, damaged).expect("file");
    // As after a power failure: cargo sees nothing.
    filetime::set_file_mtime(path, times).expect("time");
}

/// What plain cargo makes of it.
enum Outcome<'a> {
    /// After an edit of this file this command fails.
    Fails(&'a str, &'a [&'a str]),
    /// Without any edit this program prints nothing, or does not run at all.
    Broken(&'a str),
    /// Nothing that a user would see but time.
    Silent,
}

struct Case<'a> {
    package: &'a str,
    kind: (Mode, Target),
    /// The end of the file's name, or of its path.
    file: &'a str,
    how: Harm,
    damage: Damage,
    outcome: Outcome<'a>,
}

/// All files below a directory that a name ends with.
fn files(dir: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn cases() -> Vec<Case<'static>> {
    const LIB: (Mode, Target) = (Mode::Build, Target::Lib);
    const BUILD: &[&str] = &["build"];
    let case = |package, kind, file, how, damage, outcome| Case { package, kind, file, how, damage, outcome };
    vec![
        case("plain", LIB, ".rlib", Harm::Half, Damage::Cut, Outcome::Fails("app/src/main.rs", BUILD)),
        case("plain", LIB, ".rlib", Harm::Empty, Damage::Empty, Outcome::Fails("app/src/main.rs", BUILD)),
        case("plain", LIB, ".rlib", Harm::Zeros, Damage::Garbage, Outcome::Fails("app/src/main.rs", BUILD)),
        case("plain", LIB, ".rmeta", Harm::Empty, Damage::Empty, Outcome::Fails("app/src/lib.rs", BUILD)),
        case("plain", LIB, ".rmeta", Harm::Half, Damage::Cut, Outcome::Fails("app/src/lib.rs", BUILD)),
        case("mac", LIB, ".so", Harm::Half, Damage::Cut, Outcome::Fails("app/src/main.rs", BUILD)),
        case("cdy", LIB, "libcdy.so", Harm::Half, Damage::Cut, Outcome::Silent),
        case("cdy", LIB, "libcdy.a", Harm::Half, Damage::Cut, Outcome::Silent),
        case(
            "app",
            (Mode::Build, Target::Bin),
            "PROGRAM",
            Harm::Empty,
            Damage::Empty,
            Outcome::Broken("my-app"),
        ),
        case(
            "app",
            (Mode::Build, Target::Bin),
            "PROGRAM",
            Harm::Half,
            Damage::Cut,
            // Only debug information is missing.
            Outcome::Silent,
        ),
        case("plain", LIB, "lib-plain.json", Harm::Half, Damage::Cut, Outcome::Silent),
        case("plain", LIB, "lib-plain.json", Harm::Empty, Damage::Empty, Outcome::Silent),
        case("plain", LIB, "/lib-plain", Harm::Half, Damage::Cut, Outcome::Silent),
        case("plain", LIB, "dep-lib-plain", Harm::Half, Damage::Cut, Outcome::Silent),
        case(
            "scripted",
            (Mode::Run, Target::BuildScript),
            "root-output",
            Harm::Empty,
            Damage::Empty,
            Outcome::Silent,
        ),
        case(
            "scripted",
            (Mode::Build, Target::BuildScript),
            "PROGRAM",
            Harm::Empty,
            Damage::Empty,
            Outcome::Silent,
        ),
    ]
}

fn unit_of(small: &Small, package: &str, (mode, target): (Mode, Target)) -> Unit {
    let cache = small.cache();
    let units = cache.profiles.into_iter().flat_map(|profile| profile.units);
    let is_it = |unit: &Unit| {
        let mut prints = unit.fingerprints.iter().map(|print| (print.kind.mode, print.kind.target));
        unit.package == package && prints.any(|kind| kind == (mode, target))
    };
    units.into_iter().find(is_it).expect("the unit is there")
}

/// The file of a unit that a case names.
fn file_of(small: &Small, unit: &Unit, name: &str) -> PathBuf {
    let all = unit.entries.iter().map(|entry| small.target().join(entry.path()));
    let mut found: Vec<PathBuf> =
        all.flat_map(|path| if path.is_dir() { files(&path, "") } else { vec![path] }).collect();
    found.retain(|path| match name {
        "PROGRAM" => {
            let is_output = path.parent().is_some_and(|dir| {
                dir.ends_with("deps")
                    || dir.ends_with("out")
                    || dir.parent().is_some_and(|up| up.ends_with("build"))
            });
            is_output && fs::read(path).expect("file").starts_with(b"\x7fELF")
        }
        end => path.to_string_lossy().ends_with(end),
    });
    found.first().cloned().unwrap_or_else(|| panic!("{}: no {name}", unit.package))
}

fn damage_is_found_and_cured(layout: Layout) {
    let small = Small::new(layout);
    small.cargo(&["build", "--workspace"]);
    assert_eq!(small.damaged(), []);
    for Case { package, kind, file, how, damage, outcome } in cases() {
        let unit = unit_of(&small, package, kind);
        let path = file_of(&small, &unit, file);
        let what = format!("{layout:?}: {how:?} {}", path.display());
        harm(&path, how);
        let expect = |small: &Small| {
            let mut found = small.damaged();
            let same_file =
                |it: &Damaged| same_file::is_same_file(small.target().join(&it.file), &path).expect("files");
            // Metadata has a second name in the session of its crate.
            found.retain(|it| !matches!(&it.what, What::Incremental(_) if same_file(it)));
            let ids: Vec<_> = found
                .iter()
                .map(|it| match &it.what {
                    What::Unit(unit) => (unit.package.clone(), unit.id.clone(), it.damage),
                    other => panic!("{what}: {other:?}"),
                })
                .collect();
            assert_eq!(ids, [(unit.package.clone(), unit.id.clone(), damage)], "{what}");
            // Build scripts have two names, and either of them is a proof.
            assert!(same_file(&found[0]), "{what}: {:?}", found[0].file);
        };
        expect(&small);
        match outcome {
            Outcome::Fails(edited, command) => {
                small.touch(edited);
                let output = small.try_cargo(command);
                assert!(!output.status.success(), "{what}: cargo has no trouble with it");
                expect(&small);
            }
            Outcome::Broken(program) => {
                small.cargo(&["build", "--workspace"]);
                let output = Command::new(small.target().join("debug").join(program)).output();
                assert!(!output.is_ok_and(|output| output.stdout == b"42 7\n"), "{what}: it runs");
            }
            Outcome::Silent => {}
        }
        assert!(small.remove_damaged() > 0, "{what}");
        small.cargo(&["build", "--workspace"]);
        assert_eq!(small.damaged(), [], "{what}: cured");
        let output = Command::new(small.target().join("debug/my-app")).output().expect("program");
        assert_eq!(output.stdout, b"42 7\n", "{what}");
    }
    sessions_and_what_is_not_a_unit(&small);
}

fn sessions_and_what_is_not_a_unit(small: &Small) {
    // An object file of an incremental session: each build fails on it, until the session is gone.
    let session = files(&small.target().join("debug/incremental"), ".o");
    let object = session.iter().find(|path| path.to_string_lossy().contains("/plain-")).expect("object file");
    harm(object, Harm::Empty);
    let found = small.damaged();
    let [damaged] = &found[..] else { panic!("{found:?}") };
    assert!(
        matches!(&damaged.what, What::Incremental(path) if object.starts_with(small.target().join(path)))
    );
    small.touch("plain/src/lib.rs");
    assert!(!small.try_cargo(&["build"]).status.success(), "cargo has no trouble with it");
    assert_eq!(small.remove_damaged(), 1);
    small.cargo(&["build", "--workspace"]);
    // A graph: rustc would notice by itself.
    let mut graph = files(&small.target().join("debug/incremental"), "dep-graph.bin");
    // Sessions that never ended are nobody's.
    graph.retain(|path| !path.to_string_lossy().contains("-working"));
    harm(&graph[0], Harm::Half);
    let found: Vec<_> = small.damaged().into_iter().map(|it| (it.file, it.damage)).collect();
    let below = graph[0].strip_prefix(small.target()).expect("below").to_path_buf();
    assert_eq!(found, [(below, Damage::Cut)]);
    assert_eq!(small.remove_damaged(), 1);
    // What a build script generated, as a whole: sticky for cargo.
    let run = unit_of(small, "scripted", (Mode::Run, Target::BuildScript));
    let generated = file_of(small, &run, "g.rs");
    fs::remove_dir_all(generated.parent().expect("OUT_DIR")).expect("OUT_DIR");
    for _ in 0..3 {
        let found = small.damaged();
        let [damaged] = &found[..] else { panic!("{found:?}") };
        let is_run = matches!(&damaged.what, What::Unit(unit) if unit.id == run.id);
        assert!(is_run && damaged.damage == Damage::Missing, "{found:?}");
        assert!(!small.try_cargo(&["build"]).status.success(), "cargo has no trouble with it");
    }
    assert_eq!(small.remove_damaged(), 1);
    small.cargo(&["build", "--workspace"]);
    // What cargo remembers of the compiler, with an empty answer: nothing can be built.
    let info = small.target().join(".rustc_info.json");
    let text = fs::read_to_string(&info).expect("rustc info");
    let mut json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for output in json["outputs"].as_object_mut().expect("outputs").values_mut() {
        output["stdout"] = "".into();
    }
    fs::write(&info, json.to_string()).expect("rustc info");
    assert!(!small.try_cargo(&["build"]).status.success(), "cargo has no trouble with it");
    assert!(matches!(&small.damaged()[..], [it] if it.what == What::RustcInfo), "{:?}", small.damaged());
    assert_eq!(small.remove_damaged(), 1);
    small.cargo(&["build", "--workspace"]);
    assert_eq!(small.damaged(), []);
}

#[test]
fn in_layout_one_damage_is_found_and_cured() {
    damage_is_found_and_cured(Layout::One);
}

#[test]
fn in_layout_two_damage_is_found_and_cured() {
    damage_is_found_and_cured(Layout::Two);
}
