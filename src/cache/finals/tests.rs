//! Target dirs made by hand: what belongs to whom, and what is nobody's.

use std::fs;
use std::path::{Path, PathBuf};

use super::{By, Entry, Finals, Product, Uplifted, Why, read};
use crate::cache;

const A: &str = "00000000000000aa";
const B: &str = "00000000000000bb";
const JSON: &str = r#"{"rustc":7}"#;

fn write(dir: &Path, files: &[&str]) {
    for file in files {
        let path = dir.join(file);
        fs::create_dir_all(path.parent().expect("parent")).expect("dir");
        fs::write(path, if file.ends_with("json") { JSON } else { "" }).expect("file");
    }
}

fn finals(target: &Path, build: &Path) -> Finals {
    let cache = cache::read(build, Path::new("/no/cargo/home")).expect("cache");
    read(target, &cache).expect("finals")
}

fn shown(uplifted: &[Uplifted]) -> Vec<String> {
    let show = |it: &Uplifted| {
        let owners: Vec<&str> = it.owners.iter().map(|owner| owner.package.as_str()).collect();
        let by = if it.by == By::SameFile { "same" } else { "name" };
        format!("{} {} {by}", it.entry.path().display(), owners.join("+"))
    };
    uplifted.iter().map(show).collect()
}

fn paths(products: &[Product]) -> Vec<&str> {
    products.iter().map(|product| product.entry.path().to_str().expect("UTF-8")).collect()
}

#[test]
fn copies_belong_to_the_one_package_that_has_a_target_of_the_name() {
    let temp = tempfile::tempdir().expect("temp dir");
    write(
        temp.path(),
        &[
            &format!("debug/.fingerprint/a-{A}/bin-my-app.json"),
            &format!("debug/.fingerprint/a-{B}/lib-a.json"),
            &format!("debug/.fingerprint/b-{B}/bin-both.json"),
            &format!("debug/.fingerprint/c-{A}/bin-both.json"),
            &format!("debug/.fingerprint/c-{B}/example-ex-a.json"),
            &format!("debug/.fingerprint/d-{B}/test-bin-tested.json"),
            &format!("debug/deps/my_app-{A}"),
            &format!("debug/examples/ex_a-{B}"),
            "debug/my-app",
            "debug/my-app.d",
            "debug/liba.rlib",
            "debug/liba.d",
            "debug/both",
            "debug/tested",
            "debug/notes.txt",
            "debug/written/by-a-program",
            "debug/examples/ex-a",
            "debug/examples/ex-a.d",
            "debug/examples/orphan-0123456789abcdef",
            "debug/.cargo-lock",
            "debug/.cargo-artifact-lock",
        ],
    );
    let finals = finals(temp.path(), temp.path());
    assert_eq!(
        shown(&finals.uplifted),
        [
            "debug/examples/ex-a c name",
            "debug/examples/ex-a.d c name",
            "debug/liba.d a name",
            "debug/liba.rlib a name",
            "debug/my-app a name",
            "debug/my-app.d a name",
        ]
    );
    let mut loose = paths(&finals.loose);
    // `examples/ex_a-<id>` is its unit's.
    let expect = [
        "debug/both",
        "debug/examples/orphan-0123456789abcdef",
        "debug/notes.txt",
        "debug/tested",
        "debug/written",
    ];
    loose.sort_unstable();
    assert_eq!(loose, expect);
    assert_eq!(finals.unknown, []);
    let children: Vec<&Path> = finals.profiles[0].children.iter().map(Entry::path).collect();
    assert!(children.contains(&Path::new("debug/deps")) && children.contains(&Path::new("debug/my-app")));
    assert!(!children.iter().any(|path| path.to_string_lossy().contains("lock")), "lock files stay");
}

#[cfg(unix)]
#[test]
fn a_link_belongs_to_the_unit_that_has_the_same_file() {
    let temp = tempfile::tempdir().expect("temp dir");
    let (build, target) = (temp.path().join("build"), temp.path().join("target"));
    write(
        &build,
        &[
            &format!("debug/.fingerprint/a-{A}/bin-both.json"),
            &format!("debug/.fingerprint/b-{B}/bin-both.json"),
            &format!("debug/deps/both-{A}"),
            &format!("debug/deps/both-{B}"),
            &format!("t/release/build/c/{A}/fingerprint/lib-c.json"),
            &format!("t/release/build/c/{A}/out/libc.so"),
        ],
    );
    write(&target, &["debug/both.d", "t/release/libc.d"]);
    fs::hard_link(build.join(format!("debug/deps/both-{B}")), target.join("debug/both")).expect("link");
    fs::hard_link(build.join(format!("t/release/build/c/{A}/out/libc.so")), target.join("t/release/libc.so"))
        .expect("link");
    let finals = finals(&target, &build);
    assert_eq!(
        shown(&finals.uplifted),
        ["debug/both b same", "debug/both.d b same", "t/release/libc.d c same", "t/release/libc.so c same"]
    );
    assert_eq!(
        (&finals.loose[..], &finals.unknown[..]),
        (&[][..], &[][..]),
        "no lock file there: known by the build dir"
    );
}

#[test]
fn products_are_found_beside_the_profiles_and_strangers_are_said() {
    let temp = tempfile::tempdir().expect("temp dir");
    write(
        temp.path(),
        &[
            "CACHEDIR.TAG",
            ".rustc_info.json",
            ".future-incompat-report.json",
            ".xcargo/stamp-0",
            "doc/index.html",
            "package/a-0.1.0.crate",
            "tmp/x",
            "cargo-timings/x.html",
            "debug/.cargo-lock",
            "t/CACHEDIR.TAG",
            "t/doc/index.html",
            "t/strange/x",
            "rust-analyzer/.rustc_info.json",
            "criterion/x",
            "notes.txt",
        ],
    );
    let found = finals(temp.path(), temp.path());
    assert_eq!(paths(&found.docs), ["doc", "t/doc"]);
    assert_eq!(found.docs[1].triple.as_deref(), Some("t"));
    assert_eq!(paths(&found.packages), ["package"]);
    assert_eq!(paths(&found.others), [".future-incompat-report.json", "cargo-timings", "tmp"]);
    let below = |path: &Path| path.strip_prefix(temp.path()).expect("below").to_path_buf();
    let unknown: Vec<(PathBuf, Why)> = found.unknown.iter().map(|it| (below(&it.path), it.why)).collect();
    let expect = [
        ("criterion", Why::Name),
        ("notes.txt", Why::Name),
        ("rust-analyzer", Why::OtherBuildDir),
        ("t/strange", Why::Name),
    ];
    assert_eq!(unknown, expect.map(|(path, why)| (PathBuf::from(path), why)));
    assert_eq!(finals(&temp.path().join("none"), temp.path()).profiles, []);
}

#[cfg(unix)]
#[test]
fn links_are_left_alone() {
    let temp = tempfile::tempdir().expect("temp dir");
    let (outside, target) = (temp.path().join("outside"), temp.path().join("target"));
    write(&outside, &["x"]);
    write(&target, &["debug/.cargo-lock"]);
    for name in ["doc", "strange", "debug/app.dSYM", "debug/examples"] {
        std::os::unix::fs::symlink(&outside, target.join(name)).expect("link");
    }
    fs::write(target.join("package"), "").expect("file");
    let found = finals(&target, &target);
    let why = |name: &str| found.unknown.iter().find(|it| it.path == target.join(name)).map(|it| it.why);
    for name in ["doc", "strange", "debug/app.dSYM", "debug/examples"] {
        assert_eq!(why(name), Some(Why::Link), "{name}");
    }
    assert_eq!(why("package"), Some(Why::Form));
    assert!(found.loose.is_empty() && found.docs.is_empty() && found.profiles[0].children.is_empty());
    fs::remove_file(outside.join("x")).expect("file");
    std::os::unix::fs::symlink(&target, temp.path().join("link")).expect("link");
    assert_eq!(finals(&temp.path().join("link"), &target).unknown[0].why, Why::Link);
}
