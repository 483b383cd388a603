//! Where plain cargo is sharp, shown first, and xcargo is not.

use std::fs::File;
use std::path::Path;

use fs_err as fs;

use super::fixture::{Ground, Shape, Site};
use crate::support::machine::machine;

/// The exit code for somebody else's lock, from docs/exit-codes.md.
pub(super) const BUSY: i32 = 45;

/// The versions of `either` that are left in the dev profile: the program's two are called after their package's id alone,
/// so rustc's own list of sources has to tell.
fn versions_of_either(site: &Site<'_>) -> (bool, bool) {
    let listing = site.listing();
    let lists = listing.paths().filter(|path| {
        let name = path.file_name().expect("a name").to_string_lossy();
        name.starts_with("either-")
            && name.ends_with(".d")
            && path.starts_with(site.build_dir().join("debug"))
    });
    let texts: Vec<String> = lists.map(|path| fs::read_to_string(path).expect("a list of sources")).collect();
    let has = |part: &str| texts.iter().any(|text| text.contains(part));
    (has("/either-1.19.0/"), has("/git/checkouts/"))
}

#[test]
fn cargo_takes_all_versions_of_a_package_and_xcargo_the_one_that_is_named() {
    for shape in [Shape::One, Shape::Two] {
        let ground = Ground::new(shape);
        let site = ground.site("cargos");
        assert_eq!(versions_of_either(&site), (true, true), "{shape:?}");
        let run = site.cargo(["clean", "-p", "either@1.19.0"]).run().ok();
        assert!(run.err().contains("is ignored"), "{}", run.show());
        assert_eq!(versions_of_either(&site), (false, false), "{shape:?}: cargo honours the version now");
        let git = format!("{}#either", super::fixture::repository_url());
        for (name, spec, left) in [
            ("registrys", "either@1.19.0", (false, true)),
            ("gits", "either@0.3.0", (true, false)),
            ("urls", git.as_str(), (true, false)),
            ("both", "either", (false, false)),
        ] {
            let site = ground.site(name);
            let run = site.xcargo(["clean", "-p", spec]).run().ok();
            assert_eq!(versions_of_either(&site), left, "{shape:?} {spec}\n{}", run.show());
        }
    }
}

#[test]
fn cargo_takes_everything_for_a_triple_and_xcargo_the_triple() {
    let host = machine().host.as_str();
    for shape in [Shape::One, Shape::Two] {
        let ground = Ground::new(shape);
        let left = |site: &Site<'_>| {
            ["debug/app", "release/app", "doc/plain", host]
                .map(|path| site.target().join(path).join("").exists() || site.target().join(path).exists())
        };
        let site = ground.site("cargos");
        site.cargo(["clean", "--target", host]).run().ok();
        assert_eq!(left(&site)[..3], [false; 3], "{shape:?}: cargo honours the triple now");
        let site = ground.site("ours");
        site.xcargo(["clean", "--target", host]).run().ok();
        assert_eq!(left(&site)[..3], [true; 3], "{shape:?}");
        assert!(!site.target().join(host).join("debug/app").exists(), "{shape:?}");
    }
}

#[test]
fn cargo_deletes_under_a_lock_that_is_held_and_xcargo_does_not() {
    let ground = Ground::new(Shape::One);
    for (name, front) in [("cargos", "cargo"), ("ours", "xcargo")] {
        let site = ground.site(name);
        let lock = File::open(site.target().join("debug/.cargo-lock")).expect("cargo's lock file");
        lock.lock().expect("the lock");
        let before = site.listing();
        let app = site.target().join("debug/app");
        if front == "cargo" {
            site.cargo(["clean"]).run().ok();
            assert!(!app.exists(), "plain cargo takes the lock now");
        } else {
            let run = site.xcargo(["clean", "--no-wait"]).run().code(BUSY);
            assert!(run.err().contains("error[busy]"), "{}", run.show());
            let gone = before.gone_in(&site.listing());
            assert!(gone.is_empty() && is_there(&app), "{gone:?}");
        }
    }
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
