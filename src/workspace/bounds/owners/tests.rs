//! Who is found to share a directory, and who is not.

use std::fs;
use std::path::{Path, PathBuf};

use super::{other_owners, prerequisites};
use crate::cache::stamp::Stamp;
use crate::toolchain::Identity;
use crate::workspace::Workspace;
use crate::workspace::bounds::tests::Place;

fn package(place: &Place, dir: &str, rest: &str) {
    let name = Path::new(dir).file_name().expect("a name").to_string_lossy().into_owned();
    place.write(
        &format!("{dir}/Cargo.toml"),
        &format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n{rest}"),
    );
    place.write(&format!("{dir}/src/lib.rs"), "");
}

fn found(place: &Place, target: &str) -> Vec<(Option<PathBuf>, Option<Vec<String>>)> {
    let target = place.root.join(target);
    let workspace: &Workspace = &place.workspace;
    let mut found: Vec<_> = other_owners(&target, &target, workspace)
        .into_iter()
        .map(|it| (it.root, it.packages.map(|all| all.into_iter().map(|one| one.name).collect())))
        .collect();
    found.sort();
    found
}

#[test]
fn programs_tell_from_whose_sources_they_were_built() {
    let place = Place::new();
    package(&place, "other", "[workspace]\nmembers = [\"deep/one\"]\n");
    package(&place, "other/deep/one", "");
    package(&place, "locked", "");
    place.write("locked/Cargo.lock", "version = 4\n[[package]]\nname = \"itoa\"\nversion = \"1.0.0\"\n");
    package(&place, "home/.cargo/registry/src/x/itoa-1.0.0", "");
    package(&place, "home/.rustup/toolchains/x/lib/rustlib/src/rust/library/std", "");
    package(&place, "shared/x/debug/build/gen-0/out", "");
    let at = |path: &str| place.root.join(path);
    let dep_info = |dir: &str, name: &str, sources: &[&str]| {
        let sources: Vec<String> =
            sources.iter().map(|path| at(path).display().to_string().replace(' ', "\\ ")).collect();
        let output = at(dir).join(name).display().to_string().replace(' ', "\\ ");
        place.write(&format!("{dir}/{name}.d"), &format!("{output}: {}\n", sources.join(" ")));
    };
    // Ours, and what counts for nobody.
    dep_info(
        "shared/debug",
        "ws",
        &["ws/src/lib.rs", "ws/a/src/lib.rs", "dep/src/lib.rs", "gone/src/lib.rs"],
    );
    dep_info(
        "shared/debug",
        "vendored",
        &[
            "home/.cargo/registry/src/x/itoa-1.0.0/src/lib.rs",
            "home/.rustup/toolchains/x/lib/rustlib/src/rust/library/std/src/lib.rs",
            "shared/x/debug/build/gen-0/out/src/lib.rs",
            "home/notes.txt",
        ],
    );
    dep_info("shared/debug/deps", "crowded-0123456789abcdef", &["other/src/lib.rs"]);
    // Ours, with a crate of theirs patched in; theirs, but made elsewhere: the directory was copied.
    dep_info("shared/debug", "patched", &["ws/src/lib.rs", "other/src/lib.rs"]);
    let copied = format!("{}: {}\n", at("copied/debug/app").display(), at("other/src/lib.rs").display());
    place.write("shared/debug/app.d", &copied);
    place.write("shared/debug/relative.d", "x: ../other/src/lib.rs\n");
    place.write("shared/top.d", &format!("x: {}\n", at("other/src/lib.rs").display()));
    assert_eq!(found(&place, "shared"), []);

    dep_info("shared/debug/examples", "one", &["other/deep/one/src/lib.rs", "other/deep/one/src/a b.rs"]);
    dep_info("shared/x86_64-unknown-linux-gnu/release", "locked", &["locked/src/lib.rs"]);
    let both = [(Some(at("locked")), Some(vec!["itoa".to_owned()])), (Some(at("other")), None)];
    assert_eq!(found(&place, "shared"), both);
    fs::remove_dir_all(at("other")).expect("the other moves away");
    assert_eq!(found(&place, "shared"), both[..1]);
}

fn stamp(place: &Place, root: Option<&Path>, lock: &str, name: &str) {
    let stat = serde_json::from_str("{\"files\":[]}").expect("no files");
    let pin = Identity { name: "stable".to_owned(), verbose_version: "rustc 1.95.0".to_owned(), stat };
    let (root, lock) = (root.map(Path::to_path_buf), Some(lock.as_bytes().to_vec()));
    let bytes = Stamp { root, lock, ..Stamp::first(pin) }.to_bytes().expect("JSON");
    place.write(&format!("shared/.xcargo/{name}"), &String::from_utf8(bytes).expect("UTF-8"));
}

#[test]
fn stamps_tell_who_built_here_and_who_is_gone_owns_nothing() {
    let place = Place::new();
    let at = |path: &str| place.root.join(path);
    package(&place, "copy", "");
    place.write("copy/Cargo.lock", "version = 4\n[[package]]\nname = \"now\"\nversion = \"1.0.0\"\n");
    let lock = "version = 4\n[[package]]\nname = \"then\"\nversion = \"1.0.0\"\n";
    let own = crate::cache::stamp::path(&at("shared"), &at("ws"));
    stamp(&place, Some(&at("elsewhere")), lock, own.file_name().expect("a name").to_str().expect("UTF-8"));
    // Ourselves by another way, and a checkout that was moved away.
    stamp(&place, Some(&at("ws/a/..")), lock, "stamp-ours");
    stamp(&place, Some(&at("gone")), lock, "stamp-gone");
    place.write("shared/.xcargo/stamp-damaged", "{}");
    place.write("shared/.xcargo/uses-0", "{}");
    assert_eq!(found(&place, "shared"), []);

    stamp(&place, Some(&at("copy")), lock, "stamp-copy");
    stamp(&place, None, "no lock file", "stamp-unknown");
    let names = ["now", "then"].map(str::to_owned).to_vec();
    assert_eq!(found(&place, "shared"), [(None, None), (Some(at("copy")), Some(names))]);
}

#[test]
fn a_blank_in_a_name_is_no_end_of_it() {
    let text = b"/t/debug/a\\ b: /x/a\\ b.rs /x/c.rs\r\n\n/x/c.rs:\n# comment\n/t/e: /y\\z\n";
    let expect = ["/x/a b.rs", "/x/c.rs", "/y\\z"].map(PathBuf::from);
    assert_eq!(prerequisites(text), expect);
}
