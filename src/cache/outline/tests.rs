//! What a clean of whole directories may take: what cargo makes, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Outline, TopKind, read};
use crate::cache::locks::{self, Held};
use crate::cache::{Entry, Why};

fn outline(files: &[&str]) -> (tempfile::TempDir, Outline) {
    let temp = tempfile::tempdir().expect("temp dir");
    for name in files {
        let path = temp.path().join(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("dir");
        fs::write(path, "").expect("file");
    }
    let outline = read(temp.path()).expect("read");
    (temp, outline)
}

#[test]
fn lock_files_marks_and_strange_names_stay() {
    let (temp, outline) = outline(&[
        "CACHEDIR.TAG",
        ".rustc_info.json",
        ".future-incompat-report.json",
        ".xcargo/stamp-0",
        "debug/.cargo-lock",
        "debug/.cargo-build-lock",
        "debug/.cargo-artifact-lock",
        "debug/.fingerprint/x",
        "debug/deps/x",
        "debug/app",
        "debug/written-by-a-test/x",
        "doc/index.html",
        "package/a.crate",
        "tmp/x",
        "some-triple/CACHEDIR.TAG",
        "some-triple/doc/index.html",
        "some-triple/release/.cargo-lock",
        "some-triple/release/app",
        "some-triple/notes.txt",
        "criterion/report/index.html",
        "notes.txt",
        "rust-analyzer/.rustc_info.json",
        "rust-analyzer/debug/.cargo-lock",
        "rust-analyzer/debug/deps/x",
    ]);
    let profiles: Vec<(&Path, bool, Vec<&Entry>)> = outline
        .profiles
        .iter()
        .map(|profile| (profile.path.as_path(), profile.is_nested, profile.children.iter().collect()))
        .collect();
    let file = |name: &str| Entry::File(PathBuf::from(name));
    let tree = |name: &str| Entry::Tree(PathBuf::from(name));
    assert_eq!(
        profiles,
        [
            (
                Path::new("debug"),
                false,
                vec![
                    &tree("debug/.fingerprint"),
                    &file("debug/app"),
                    &tree("debug/deps"),
                    &tree("debug/written-by-a-test"),
                ]
            ),
            (Path::new("some-triple/release"), false, vec![&file("some-triple/release/app")]),
            (Path::new("rust-analyzer/debug"), true, vec![&tree("rust-analyzer/debug/deps")]),
        ]
    );
    let products: Vec<(&Entry, TopKind)> =
        outline.products.iter().map(|product| (&product.entry, product.kind)).collect();
    assert_eq!(
        products,
        [
            (&file(".future-incompat-report.json"), TopKind::Other),
            (&file(".rustc_info.json"), TopKind::Other),
            (&tree("doc"), TopKind::Doc),
            (&tree("package"), TopKind::Other),
            (&tree("tmp"), TopKind::Other),
            (&tree("some-triple/doc"), TopKind::Doc),
        ]
    );
    let unknown: Vec<(&Path, Why)> = outline
        .unknown
        .iter()
        .map(|unknown| (unknown.path.strip_prefix(temp.path()).expect("below"), unknown.why))
        .collect();
    assert_eq!(
        unknown,
        [
            (Path::new("criterion"), Why::Name),
            (Path::new("notes.txt"), Why::Name),
            (Path::new("some-triple/notes.txt"), Why::Name),
        ]
    );
    assert_eq!(outline.nested().into_iter().collect::<Vec<_>>(), [Path::new("rust-analyzer")]);
    let Held::Locks(locks) =
        locks::try_lock(temp.path(), temp.path(), &outline.without_units()).expect("locks")
    else {
        panic!("nobody builds here")
    };
    let entries = outline.profiles.iter().flat_map(|profile| &profile.children);
    for entry in entries.chain(outline.products.iter().map(|product| &product.entry)) {
        assert!(locks.cover(temp.path(), entry.path()), "{entry:?}");
    }
}

#[cfg(unix)]
#[test]
fn links_stay() {
    let (temp, _) = outline(&["debug/.cargo-lock", "elsewhere/x"]);
    let to = temp.path().join("elsewhere");
    for name in ["debug/deps", "doc"] {
        std::os::unix::fs::symlink(&to, temp.path().join(name)).expect("link");
    }
    let outline = read(temp.path()).expect("read");
    assert!(outline.profiles[0].children.is_empty() && outline.products.is_empty());
    let links = outline.unknown.iter().filter(|unknown| unknown.why == Why::Link).count();
    assert_eq!(links, 2, "{:?}", outline.unknown);
}
