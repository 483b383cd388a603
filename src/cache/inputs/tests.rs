//! What cargo writes seldom or never, in a build dir made by hand. What it does write is in `tests/it/units/inputs.rs`.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Build, Input, Watched, artifacts, builds, printed};
use crate::cache::fingerprint::{Fingerprint, Kind, Mode, Target};
use crate::cache::{Entry, Source, Unit};

const HASH: &str = "0100000000000000";

/// A unit of layout 1 with these files, relative to the build dir.
fn unit(dir: &Path, mode: Mode, files: &[(&str, &[u8])]) -> Unit {
    for (name, content) in files {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("dir");
        fs::write(path, content).expect("file");
    }
    let kind = Kind { mode, target: Target::Lib, name: "x".to_owned() };
    Unit {
        package: "x".to_owned(),
        id: "0123456789abcdef".to_owned(),
        fingerprints: vec![Fingerprint { kind, rustc: 7, features: Vec::new(), profile: 0 }],
        source: Source::Path,
        built: None,
        entries: vec![Entry::Tree("debug/build/x-id".into()), Entry::Tree("prints".into())],
    }
}

fn json(local: &str) -> String {
    format!(r#"{{"rustc":7,"deps":[[1,"a",false,11],[2,"b",true,12]],"local":{local}}}"#)
}

fn built(files: &[(&str, &[u8])]) -> Vec<Build> {
    let temp = tempfile::tempdir().expect("temp dir");
    let unit = unit(temp.path(), Mode::Build, files);
    builds(temp.path(), &unit)
}

#[test]
fn a_build_that_has_not_ended_is_none() {
    let json = json(r#"[{"Precalculated":"1.0.0"}]"#);
    for (hash, is_built) in [(HASH, true), ("", false), ("01", false), ("0100000000000000x", false)] {
        let found = built(&[("prints/lib-x.json", json.as_bytes()), ("prints/lib-x", hash.as_bytes())]);
        assert_eq!(found.len(), usize::from(is_built), "{hash:?}");
    }
    assert_eq!(built(&[("prints/lib-x.json", json.as_bytes())]), []);
    assert_eq!(built(&[]), []);
    assert_eq!(built(&[("prints/invoked.timestamp", b"x"), ("prints/output-lib-x", HASH.as_bytes())]), []);
}

#[test]
fn what_is_damaged_or_of_another_form_is_unknown() {
    let dep = Some("prints/dep-lib-x");
    let whole: &[u8] = &[1, 0, 0, 0, 0xff, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    let files = |reference, watched| (reference, watched);
    for (local, dep_info, (reference, watched)) in [
        (
            r#"[{"CheckDepInfo":{"dep_info":"p/dep-lib-x","checksum":false}}]"#,
            whole,
            files(dep, Watched::Files(vec![])),
        ),
        // Before 1.84 there was no such field.
        (r#"[{"CheckDepInfo":{"dep_info":"p/dep-lib-x"}}]"#, whole, files(dep, Watched::Files(vec![]))),
        (
            r#"[{"CheckDepInfo":{"dep_info":"p/dep-lib-x","checksum":true}}]"#,
            whole,
            files(None, Watched::Files(vec![])),
        ),
        (r#"[{"CheckDepInfo":{"dep_info":"p/dep-lib-x"}}]"#, &whole[..9], files(dep, Watched::Unknown)),
        (r#"[{"CheckDepInfo":{"dep_info":"p/dep-lib-y"}}]"#, whole, files(None, Watched::Unknown)),
        (r#"[{"CheckDepInfo":{"files":[]}}]"#, whole, files(None, Watched::Unknown)),
        (
            r#"[{"RerunIfChanged":{"output":"o/output","paths":[]}},{"OfTheFuture":1}]"#,
            whole,
            files(None, Watched::Unknown),
        ),
        (
            r#"[{"Precalculated":"1.2s (a)"},{"Precalculated":"1.3s (a)"}]"#,
            whole,
            files(None, Watched::Unknown),
        ),
        (
            r#"[{"Precalculated":"1.2s (a)"}]"#,
            whole,
            files(None, Watched::Package { newest: "1.2s (a)".to_owned() }),
        ),
        (r#"[{"Precalculated":"1.0.0"}]"#, whole, files(None, Watched::Nothing)),
        (
            r#"[{"Precalculated":"overridden build state with hash: 1"}]"#,
            whole,
            files(None, Watched::Nothing),
        ),
        (r#"[{"RerunIfEnvChanged":{"var":"A","val":null}}]"#, whole, files(None, Watched::Nothing)),
        ("[]", whole, files(None, Watched::Unknown)),
        ("7", whole, files(None, Watched::Unknown)),
    ] {
        let json = json(local);
        let found = built(&[
            ("prints/lib-x", HASH.as_bytes()),
            ("prints/lib-x.json", json.as_bytes()),
            ("prints/dep-lib-x", dep_info),
        ]);
        let [build] = &found[..] else { panic!("{local}: {found:?}") };
        assert_eq!((build.rustc, build.hash, &build.dependencies[..]), (7, 1, &[11, 12][..]), "{local}");
        assert_eq!(
            (build.reference.as_deref(), &build.watched),
            (reference.map(Path::new), &watched),
            "{local}"
        );
    }
    // The hash is all that cargo believes, so such a build is one.
    for json in [None, Some("{"), Some("{}")] {
        let mut files = vec![("prints/lib-x", HASH.as_bytes())];
        files.extend(json.map(|json| ("prints/lib-x.json", json.as_bytes())));
        let found = built(&files);
        let [build] = &found[..] else { panic!("{json:?}: {found:?}") };
        assert_eq!((build.rustc, build.hash, &build.watched), (0, 1, &Watched::Unknown), "{json:?}");
    }
}

#[test]
fn what_a_script_generated_is_found_where_the_build_dir_was_moved_to() {
    let temp = tempfile::tempdir().expect("temp dir");
    let here = temp.path().join("debug/build/x-id/out/here.rs");
    let paths = format!(r#"["b.rs","/then/out/sub/g.rs","{}","/then/outside","b.rs"]"#, here.display());
    let json =
        json(&format!(r#"[{{"RerunIfChanged":{{"output":"debug/build/x-id/output","paths":{paths}}}}}]"#));
    let files: &[(&str, &[u8])] = &[
        ("prints/run-build-script-x", HASH.as_bytes()),
        ("prints/run-build-script-x.json", json.as_bytes()),
        ("debug/build/x-id/output", b""),
        ("debug/build/x-id/root-output", b"/then/out"),
        ("debug/build/x-id/invoked.timestamp", b""),
        ("debug/build/x-id/out/here.rs", b""),
    ];
    let unit = unit(temp.path(), Mode::Run, files);
    let found = builds(temp.path(), &unit);
    assert_eq!(found[0].reference.as_deref(), Some(Path::new("debug/build/x-id/output")));
    let out = |name: &str| Input::Build(Path::new("debug/build/x-id/out").join(name));
    let expect = [
        Input::Package("b.rs".into()),
        out("here.rs"),
        out("sub/g.rs"),
        Input::Absolute("/then/outside".into()),
    ];
    assert_eq!(found[0].watched, Watched::Rerun(expect.into()));
    assert_eq!(printed(temp.path(), &unit), found[0].reference);
    let made = ["out/here.rs", "output", "root-output"].map(|name| Path::new("debug/build/x-id").join(name));
    assert_eq!(artifacts(temp.path(), &unit), made);
    let nobodys = Unit { fingerprints: Vec::new(), ..unit };
    assert_eq!(artifacts(temp.path(), &nobodys), Vec::<PathBuf>::new());
    assert_eq!(printed(temp.path(), &nobodys), None);
}
