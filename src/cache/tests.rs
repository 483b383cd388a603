//! Build dirs made by hand: what cargo never writes must be left alone, and what it writes must be found whole.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Cache, Entry, Layout, NoSource, Source, Why, read};

const A: &str = "00000000000000aa";
const B: &str = "00000000000000bb";

/// A build dir with these files; a name that ends with `/` is a directory, `x -> y` a link.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let temp = tempfile::tempdir().expect("temp dir");
    for (name, content) in files {
        let (name, link) = name.split_once(" -> ").map_or((*name, None), |(name, link)| (name, Some(link)));
        let path = temp.path().join("build").join(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("dir");
        match link {
            #[cfg(unix)]
            Some(link) => std::os::unix::fs::symlink(temp.path().join(link), path).expect("link"),
            #[cfg(not(unix))]
            Some(_) => {}
            None if name.ends_with('/') => fs::create_dir_all(path).expect("dir"),
            None => fs::write(path, content).expect("file"),
        }
    }
    fs::create_dir_all(temp.path().join("outside/debug")).expect("dir");
    temp
}

fn read_tree(temp: &tempfile::TempDir) -> Cache {
    read(&temp.path().join("build"), &temp.path().join("cargo-home")).expect("read")
}

fn unknown(files: &[(&str, &str)]) -> Vec<(PathBuf, Why)> {
    let temp = tree(files);
    let root = temp.path().join("build");
    let below = |path: &Path| path.strip_prefix(&root).expect("below").to_path_buf();
    read_tree(&temp).unknown.into_iter().map(|unknown| (below(&unknown.path), unknown.why)).collect()
}

fn units(cache: &Cache) -> Vec<String> {
    let all = cache.profiles.iter().flat_map(|profile| &profile.units);
    all.map(|unit| format!("{}-{}", unit.package, unit.id)).collect()
}

const JSON: &str = r#"{"rustc":7,"deps":[],"local":[],"a field of the future":{}}"#;

#[test]
fn a_unit_of_layout_one_is_gathered_in_a_harmless_order() {
    let json = format!("debug/.fingerprint/a-b-{A}/lib-a_b.json");
    let files: Vec<(String, &str)> = vec![
        (json, JSON),
        (format!("debug/deps/a_b-{A}.d"), "x: a/src/lib.rs"),
        (format!("debug/deps/a_b-{A}.dwp"), ""),
        (format!("debug/deps/liba_b-{A}.rlib"), ""),
        (format!("debug/deps/liba_b-{A}.rmeta"), ""),
        (format!("debug/deps/liba_b-{B}.rmeta"), ""),
        ("debug/deps/liba_b.so".to_owned(), ""),
        (format!("debug/examples/ex-{A}"), ""),
        (format!("debug/build/a-b-{A}/out/g.rs"), ""),
        (format!("debug/build/other-{A}/out/g.rs"), ""),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    let cache = read_tree(&tree(&files));
    let file = |name: &str| Entry::File(Path::new("debug").join(name));
    let dir = |name: &str| Entry::Tree(Path::new("debug").join(name));
    assert_eq!(cache.profiles[0].layout, Layout::One);
    assert_eq!(units(&cache), [format!("a-b-{A}")]);
    let unit = &cache.profiles[0].units[0];
    assert_eq!(unit.source, Source::Path);
    assert!(unit.all_built_by(|rustc| rustc == 7) && !unit.all_built_by(|rustc| rustc == 8));
    assert_eq!(
        unit.entries,
        [
            file(&format!("deps/liba_b-{A}.rlib")),
            file(&format!("deps/liba_b-{A}.rmeta")),
            file(&format!("examples/ex-{A}")),
            file(&format!("deps/a_b-{A}.dwp")),
            dir(&format!("build/a-b-{A}")),
            file(&format!("deps/a_b-{A}.d")),
            dir(&format!(".fingerprint/a-b-{A}")),
        ]
    );
}

#[test]
fn both_layouts_in_one_profile_dir_are_read() {
    let two = format!("debug/build/b/{B}");
    let cache = read_tree(&tree(&[
        (&format!("debug/.fingerprint/a-{A}/lib-a.json"), JSON),
        (&format!("debug/build/a-{B}/out/x"), ""),
        (&format!("{two}/fingerprint/run-build-script-build-script-build.json"), JSON),
        // What a build script left; not rustc's.
        (&format!("{two}/out/c-code.d"), "c-code.o: c-code.c"),
    ]));
    assert_eq!(cache.profiles[0].layout, Layout::Both);
    assert_eq!(units(&cache), [format!("a-{A}"), format!("b-{B}")]);
    assert_eq!(cache.unknown, []);
    let unit = &cache.profiles[0].units[1];
    assert_eq!(unit.source, Source::Unknown(NoSource::NoEvidence));
    assert_eq!(unit.entries, [Entry::Tree(two.into()), Entry::EmptyDir("debug/build/b".into())]);
}

#[test]
fn a_unit_that_was_never_finished_is_nobodys() {
    let cache = read_tree(&tree(&[(&format!("debug/.fingerprint/a-{A}/invoked.timestamp"), "")]));
    assert_eq!(units(&cache), [format!("a-{A}")]);
    assert!(!cache.profiles[0].units[0].all_built_by(|_| true));
}

/// Cargo writes nothing but JSON, so this is damaged, not of a newer cargo: a unit, but of no compiler and no version.
#[test]
fn a_unit_with_a_damaged_fingerprint_is_nobodys() {
    for damaged in ["", "{\"rustc\":7,\"deps\":[", "\0\0\0\0"] {
        let cache = read_tree(&tree(&[
            (&format!("debug/.fingerprint/a-{A}/lib-a.json"), damaged),
            (&format!("debug/.fingerprint/a-{A}/doc-lib-a.json"), JSON),
            (&format!("debug/deps/a-{A}.d"), "x: a/src/lib.rs"),
        ]));
        assert_eq!((units(&cache), &cache.unknown[..]), (vec![format!("a-{A}")], &[][..]), "{damaged:?}");
        let unit = &cache.profiles[0].units[0];
        assert!(!unit.all_built_by(|_| true), "{damaged:?}");
        assert_eq!(unit.source, Source::Unknown(NoSource::NoEvidence), "{damaged:?}");
    }
}

#[test]
fn features_profile_and_time_of_a_build_are_read_where_they_are_said() {
    for (json, features, profile) in [
        (r#"{"rustc":7,"features":"[\"a\", \"b\"]","profile":9}"#, &["a", "b"][..], 9),
        (r#"{"rustc":7}"#, &[], 0),
        (r#"{"rustc":7,"features":["a"],"profile":"x","deps":{},"local":[1]}"#, &[], 0),
        (r#"{"rustc":7,"features":7,"profile":9,"deps":[[1,"x",false,2],3]}"#, &[], 9),
    ] {
        let temp = tree(&[
            (&format!("debug/.fingerprint/a-{A}/lib-a.json"), json),
            (&format!("debug/.fingerprint/a-{A}/lib-a"), "0100000000000000"),
            (&format!("debug/.fingerprint/b-{B}/lib-b.json"), json),
            // Begun again, and not ended yet.
            (&format!("debug/.fingerprint/b-{B}/lib-b"), ""),
            // Never ended.
            ("debug/.fingerprint/c-00000000000000cc/invoked.timestamp", ""),
        ]);
        let built = |unit: &str, name: &str| {
            let json = temp.path().join(format!("build/debug/.fingerprint/{unit}/{name}.json"));
            Some(fs::metadata(json).expect("JSON").modified().expect("time"))
        };
        let cache = read_tree(&temp);
        let [a, b, c] = &cache.profiles[0].units[..] else { panic!("three units") };
        assert_eq!(
            (&a.fingerprints[0].features[..], a.fingerprints[0].profile),
            (&features.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()[..], profile),
            "{json}"
        );
        let of_a = built(&format!("a-{A}"), "lib-a");
        let of_b = built(&format!("b-{B}"), "lib-b");
        assert_eq!((a.built, b.built, c.built), (of_a, of_b, None), "{json}");
    }
}

#[test]
fn profile_dirs_are_told_from_everything_else() {
    let fingerprint = format!(".fingerprint/a-{A}/lib-a.json");
    let cache = read_tree(&tree(&[
        (&format!("debug/{fingerprint}"), JSON),
        (&format!("my-profile/{fingerprint}"), JSON),
        (&format!("x86_64-unknown-linux-gnu/release/{fingerprint}"), JSON),
        (&format!("two/build/a/{A}/fingerprint/lib-a.json"), JSON),
        ("only-locked/.cargo-lock", ""),
        (&format!("doc/{fingerprint}"), JSON),
        (&format!(".xcargo/trash/{fingerprint}"), JSON),
        (&format!("rust-analyzer/debug/{fingerprint}"), JSON),
        ("rust-analyzer/.rustc_info.json", "{}"),
        ("criterion/report/index.html", ""),
        ("CACHEDIR.TAG", ""),
    ]));
    let found: Vec<_> = cache
        .profiles
        .iter()
        .map(|profile| (profile.triple.as_deref(), profile.name.to_str().unwrap_or_default(), profile.layout))
        .collect();
    assert_eq!(
        found,
        [
            (None, "debug", Layout::One),
            (None, "my-profile", Layout::One),
            (None, "only-locked", Layout::Unknown),
            (None, "two", Layout::Two),
            (Some("x86_64-unknown-linux-gnu"), "release", Layout::One),
        ]
    );
    let why: Vec<Why> = cache.unknown.iter().map(|unknown| unknown.why).collect();
    assert_eq!(why, [Why::OtherBuildDir], "{:?}", cache.unknown);
}

#[test]
fn what_cargo_does_not_write_is_left_alone_and_said() {
    let unit = format!("debug/.fingerprint/a-{A}");
    let json = format!("{unit}/lib-a.json");
    let pair = |path: &str, why| vec![(PathBuf::from(path), why)];
    for (files, expect) in [
        (vec![(json.as_str(), "{\"rustc\":\"1.2.3\"}")], pair(&unit, Why::Fingerprint)),
        (vec![(&json, "{\"rustc\":-1}")], pair(&unit, Why::Fingerprint)),
        (vec![(&json, "{}")], pair(&unit, Why::Fingerprint)),
        (vec![(&format!("{unit}/plugin-a.json"), JSON)], pair(&unit, Why::Name)),
        (vec![(&format!("{unit}/more/lib-a.json"), JSON)], pair(&unit, Why::Form)),
        (vec![("debug/.fingerprint/mine/notes.txt", "")], pair("debug/.fingerprint/mine", Why::Name)),
        (vec![("debug/.fingerprint/README", "")], pair("debug/.fingerprint/README", Why::Form)),
        (
            vec![("debug/.cargo-lock", ""), ("debug/build/a/new/x", "")],
            vec![(PathBuf::from("debug/build/a"), Why::Layout), (PathBuf::from("debug"), Why::Layout)],
        ),
        (vec![("debug/.cargo-lock", ""), ("debug/deps", "a file")], pair("debug", Why::Form)),
        (
            vec![(&format!("debug/build/a/{A}/fingerprint/"), ""), (&format!("debug/build/a/{B}/new/x"), "")],
            { pair(&format!("debug/build/a/{B}"), Why::Layout) },
        ),
        (vec![(&json, JSON), ("debug/incremental/x/y", "")], pair("debug/incremental/x", Why::Name)),
    ] {
        assert_eq!(unknown(&files), expect, "{files:?}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_read_through_a_link() {
    let unit = format!("debug/.fingerprint/a-{A}");
    let json = format!("{unit}/lib-a.json");
    let pair = |path: &str, why| vec![(PathBuf::from(path), why)];
    for (files, expect) in [
        (vec![("debug -> outside/debug", "")], pair("debug", Why::Link)),
        (vec![("x/debug -> outside/debug", ""), ("x/release/.fingerprint/", "")], pair("x/debug", Why::Link)),
        (vec![(json.as_str(), JSON), ("debug/deps -> outside", "")], pair("debug", Why::Link)),
        (vec![(&format!("{unit} -> outside"), "")], pair(&unit, Why::Link)),
        (vec![(&format!("{json} -> outside/x.json"), "")], pair(&unit, Why::Link)),
        (
            vec![(&json, JSON), (&format!("debug/deps/liba-{A}.rlib -> outside/x"), "")],
            pair(&unit, Why::Link),
        ),
        (
            vec![(&json, JSON), (&format!("debug/build/a-{A} -> outside"), "")],
            vec![(PathBuf::from(&unit), Why::Link), (PathBuf::from(format!("debug/build/a-{A}")), Why::Link)],
        ),
        (
            vec![(&json, JSON), ("debug/incremental/a-1 -> outside", "")],
            pair("debug/incremental/a-1", Why::Link),
        ),
        // Links to files, and links that lead nowhere, are nobody's profile dir.
        (vec![("latest -> outside/none", "")], vec![]),
    ] {
        assert_eq!(unknown(&files), expect, "{files:?}");
    }
    let temp = tree(&[]);
    std::os::unix::fs::symlink(temp.path().join("outside"), temp.path().join("build")).expect("link");
    assert_eq!(read_tree(&temp).unknown.iter().map(|unknown| unknown.why).collect::<Vec<_>>(), [Why::Link]);
}

#[test]
fn a_build_of_the_standard_library_is_noticed() {
    let json = format!("debug/.fingerprint/core-{A}/lib-core.json");
    let dep_info = format!("debug/deps/core-{A}.d");
    let std = "x: /s/lib/rustlib/src/rust/library/core/src/lib.rs";
    let other = json.replace("core", "other");
    for (files, expect) in [
        (vec![(json.as_str(), JSON), (&dep_info, std)], true),
        (vec![(&json, JSON)], true),
        (vec![(&other, JSON), (&dep_info, std)], true),
        (vec![(&other, JSON)], false),
    ] {
        assert_eq!(read_tree(&tree(&files)).profiles[0].builds_std, expect, "{files:?}");
    }
}

/// A unit that was left out would be taken for one of another version, or be lost to its own.
#[test]
fn one_dep_info_speaks_for_all_units_with_the_same_root() {
    let json = |root: &str| format!("{{\"rustc\":7,\"path\":{root}}}");
    let (one, other, none) = (json("5"), json("6"), json("0"));
    let rule = |version: &str| format!("x: {{home}}/registry/src/i/a-{version}/src/lib.rs");
    let home = |temp: &tempfile::TempDir, rule: &str| {
        rule.replace("{home}", &temp.path().join("cargo-home").display().to_string())
    };
    let registry = |version: &str| Source::Registry { version: version.to_owned() };
    let unsaid = || Source::Unknown(NoSource::NoEvidence);
    for (jsons, rules, expect) in [
        // The first is empty, so the second is asked.
        ((&one, &one), ("", &*rule("1.0.0")), (registry("1.0.0"), registry("1.0.0"))),
        ((&one, &one), (&*rule("1.0.0"), ""), (registry("1.0.0"), registry("1.0.0"))),
        ((&one, &other), (&*rule("1.0.0"), &*rule("2.0.0")), (registry("1.0.0"), registry("2.0.0"))),
        ((&one, &other), (&*rule("1.0.0"), ""), (registry("1.0.0"), unsaid())),
        // No root is no common root.
        ((&none, &none), (&*rule("1.0.0"), ""), (registry("1.0.0"), unsaid())),
    ] {
        let temp = tree(&[
            (&format!("debug/.fingerprint/a-{A}/lib-a.json"), jsons.0),
            (&format!("release/.fingerprint/a-{B}/lib-a.json"), jsons.1),
        ]);
        for (dir, id, rule) in [("debug", A, rules.0), ("release", B, rules.1)] {
            let deps = temp.path().join("build").join(dir).join("deps");
            fs::create_dir(&deps).expect("dir");
            fs::write(deps.join(format!("a-{id}.d")), home(&temp, rule)).expect("file");
        }
        let cache = read_tree(&temp);
        let source = |at: usize| cache.profiles[at].units[0].source.clone();
        assert_eq!((source(0), source(1)), expect, "{jsons:?} {rules:?}");
    }
}

/// What a dependant knows reaches the units that know nothing by themselves, over the hash files.
#[test]
fn hash_files_are_read_where_a_unit_knows_nothing_by_itself() {
    for (hash, expect) in [
        ("0100000000000000", Source::Registry { version: "1.0.0".to_owned() }),
        ("", Source::Unknown(NoSource::NoEvidence)),
    ] {
        let temp = tree(&[
            (&format!("debug/.fingerprint/a-{A}/lib-a.json"), JSON),
            (&format!("debug/.fingerprint/a-{A}/lib-a"), hash),
            (
                &format!("debug/.fingerprint/a-{B}/doc-lib-a.json"),
                r#"{"rustc":7,"local":[{"Precalculated":"1.0.0"}]}"#,
            ),
            (&format!("debug/.fingerprint/a-{B}/doc-lib-a"), "0200000000000000"),
            (
                &format!("debug/.fingerprint/z-{A}/lib-z.json"),
                r#"{"rustc":7,"deps":[[9,"a",false,1],[9,"a",false,2]]}"#,
            ),
        ]);
        let cache = read_tree(&temp);
        assert_eq!(cache.profiles[0].units[0].source, expect, "{hash:?}");
    }
}

#[test]
fn sessions_tell_nothing_until_they_are_read() {
    let temp = tree(&[
        ("debug/.cargo-lock", ""),
        ("debug/incremental/a-1/s-1/dep-graph.bin", "RSIC\0\0\u{3}1.1"),
        ("debug/incremental/b-1/", ""),
    ]);
    let mut cache = read_tree(&temp);
    assert!(cache.profiles[0].incremental.iter().all(|session| session.told.is_none()));
    cache.read_sessions();
    let versions: Vec<_> =
        cache.profiles[0].incremental.iter().map(super::Incremental::rustc_version).collect();
    assert_eq!(versions, [Some("1.1"), None]);
    assert!(cache.profiles[0].incremental.iter().all(|session| session.told.is_some()));
}

#[test]
fn no_build_dir_is_an_empty_one() {
    let temp = tempfile::tempdir().expect("temp dir");
    let cache = read(&temp.path().join("none"), temp.path()).expect("read");
    assert!(cache.profiles.is_empty() && cache.unknown.is_empty());
}
