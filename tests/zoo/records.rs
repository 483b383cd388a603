//! What may be written down as what a unit was built from, and what must be forgotten.

use std::os::unix::fs::symlink;

use fs_err as fs;
use serde_json::Value;

use crate::faults::{edit_at, edit_unseen, old, stamp};
use crate::sets;
use crate::site::{Driver, Layout, Site};
use crate::support::copy::copy_tree;
use crate::support::sandbox::Sandbox;
use crate::template::{PROGRAM, TIP};

const MODULE: &str = "leaf/src/module.rs";

/// The fault is taken back between a repair and the next build, so that the unit is built from what it was built from before, and
/// into the very same bytes. The next fault is found all the same.
fn repaired_and_taken_back(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let plain = Site::new(&sandbox, "plain", layout, Driver::Cargo);
    edit_unseen(&plain, MODULE);
    plain.build(PROGRAM).prints(&[]).rebuilds(sets::NONE);
    let site = Site::new(&sandbox, "xcargo", layout, Driver::Xcargo);
    site.build(PROGRAM).prints(&[]).rebuilds(sets::NONE);
    let text = fs::read_to_string(site.root().join(MODULE)).unwrap();
    edit_unseen(&site, MODULE);
    site.cmd(&["doctor", "--fix"]).run().ok();
    fs::write(site.root().join(MODULE), text).unwrap();
    stamp(&site, MODULE, old());
    site.build(PROGRAM).prints(&[]).rebuilds(sets::program::LEAF);
    edit_unseen(&site, MODULE);
    let found = site.build(PROGRAM);
    found.prints(&[("module", "2")]).rebuilds(sets::program::LEAF).says(&["leaf", "src/module.rs"]);
}

/// A directory whose files are all older than the build, in place of the one that was built from: nothing in it tells that it has
/// not always been there, and there is no record.
fn directory_moved_after_an_unknown_build(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for (driver, name) in [(Driver::Cargo, "plain"), (Driver::Xcargo, "xcargo")] {
        let site = Site::unbuilt(&sandbox, name, layout, driver);
        let [src, other] = ["leaf/src", "leaf/other"].map(|dir| site.root().join(dir));
        copy_tree(&src, &other);
        edit_at(&site, "leaf/other/module.rs", old());
        site.by(Driver::Cargo).build(TIP).prints(&[]).rebuilds(sets::TIP);
        fs::remove_dir_all(&src).unwrap();
        fs::rename(other, src).unwrap();
        let built = site.build(TIP);
        match driver {
            Driver::Cargo => drop(built.prints(&[]).rebuilds(sets::NONE)),
            Driver::Xcargo => {
                built.prints(&[("module", "2")]).rebuilds(sets::TIP).says(&["leaf"]);
                site.build(TIP).prints(&[("module", "2")]).rebuilds(sets::NONE).says(&[]);
            }
        }
    }
}

/// An answer with another letter, in a cache that xcargo has never seen: nobody knows whether the compiler said so, so it is asked
/// again; and once it was, nothing is asked any more.
fn answers_that_nobody_saw_written(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::unbuilt(&sandbox, "site", layout, Driver::Cargo);
    site.build(PROGRAM).prints(&[]).rebuilds(sets::program::ALL);
    let answers = site.target().join(".rustc_info.json");
    let read = || serde_json::from_str::<Value>(&fs::read_to_string(&answers).unwrap()).unwrap();
    let true_ones = read();
    let text = true_ones.to_string().replace("target_pointer_width=", "target_pointer_widt%=");
    fs::write(&answers, text).unwrap();
    assert_ne!(read(), true_ones);
    site.build(PROGRAM).fails_with("cfg expression");
    let xcargo = site.by(Driver::Xcargo);
    for _ in 0..2 {
        xcargo.build(PROGRAM).prints(&[]).rebuilds(sets::NONE).says(&[]);
        assert_eq!(read(), true_ones);
    }
}

/// What has no content is no input: the lock files of an editor (links to nowhere) in a directory that a script names. Plain cargo
/// builds nothing for it, and nor does xcargo.
fn link_to_nowhere_in_a_named_directory(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::unbuilt(&sandbox, "xcargo", layout, Driver::Xcargo);
    symlink("/nonexistent", site.root().join("gen/inputs/.#a.txt")).unwrap();
    site.build(PROGRAM).prints(&[]).rebuilds(sets::program::ALL);
    for _ in 0..2 {
        site.build(PROGRAM).prints(&[]).rebuilds(sets::NONE).says(&[]);
    }
    edit_unseen(&site, "gen/inputs/a.txt");
    site.build(PROGRAM).prints(&[("dir", "2")]).rebuilds(sets::program::GEN).says(&["gen"]);
}

/// Somebody has put a link where xcargo keeps its records: nothing is written behind it, and what can be repaired without is.
fn own_dir_is_a_link(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::new(&sandbox, "xcargo", layout, Driver::Xcargo);
    let elsewhere = sandbox.work().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::remove_dir_all(site.target().join(".xcargo")).unwrap();
    symlink(&elsewhere, site.target().join(".xcargo")).unwrap();
    edit_unseen(&site, MODULE);
    site.build(PROGRAM).prints(&[("module", "2")]);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

/// A target dir that is a link, to a place within the workspace: it is proven and repaired like any other.
fn target_dir_is_a_link(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for (driver, name) in [(Driver::Cargo, "plain"), (Driver::Xcargo, "xcargo")] {
        let site = Site::unbuilt(&sandbox, name, layout, driver);
        fs::create_dir(site.root().join("built")).unwrap();
        symlink("built", site.target()).unwrap();
        site.build(TIP).prints(&[]).rebuilds(sets::TIP);
        edit_unseen(&site, MODULE);
        let built = site.build(TIP);
        match driver {
            Driver::Cargo => drop(built.prints(&[]).rebuilds(sets::NONE)),
            Driver::Xcargo => drop(built.prints(&[("module", "2")]).rebuilds(sets::TIP).says(&["leaf"])),
        }
    }
}

/// One test in each layout for each.
macro_rules! both {
    ($($name:ident),* $(,)?) => { mod tests { $(
        mod $name {
            use crate::site::Layout;

            #[test]
            fn in_layout_one() {
                super::super::$name(Layout::One);
            }

            #[test]
            fn in_layout_two() {
                super::super::$name(Layout::Two);
            }
        }
    )* } };
}

both! {
    repaired_and_taken_back,
    answers_that_nobody_saw_written,
    directory_moved_after_an_unknown_build,
    link_to_nowhere_in_a_named_directory,
    own_dir_is_a_link,
    target_dir_is_a_link,
}
