//! What may be written down as what a unit was built from, and what must be forgotten.

use fs_err as fs;
use serde_json::Value;

use crate::faults::{edit_at, edit_unseen, old, renewed, stamp};
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

/// Saved while others are compiled, before rustc comes to it: what is there was built from, and nothing is built anew for it.
fn edited_before_rustc_came_to_it(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::unbuilt(&sandbox, "xcargo", layout, Driver::Xcargo);
    let saved = sandbox.root().join("saved.rs");
    fs::write(&saved, renewed(&site, "app/src/main.rs")).unwrap();
    let save = format!("cp {} app/src/main.rs; sleep 0.1", saved.display());
    let wrapper =
        format!("#!/bin/sh\ncase \" $* \" in *\" --crate-name leaf \"*) {save};; esac\nexec \"$@\"\n");
    let wrapper = sandbox.script("wrapper", &wrapper);
    let built = site.build_with(PROGRAM, |cmd| cmd.env("RUSTC_WRAPPER", &wrapper));
    built.prints(&[("main", "2")]).rebuilds(sets::program::ALL);
    sandbox.script("wrapper", "#!/bin/sh\nexec \"$@\"\n");
    let again = site.build_with(PROGRAM, |cmd| cmd.env("RUSTC_WRAPPER", &wrapper));
    again.prints(&[("main", "2")]).rebuilds(sets::NONE).says(&[]);
}

/// What plain cargo built elsewhere from other sources, unpacked with all its times beside older sources: only that it came here
/// later than it says tells that it was not built here.
fn unpacked_with_its_times(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for (driver, name) in [(Driver::Cargo, "plain"), (Driver::Xcargo, "xcargo")] {
        let site = Site::unbuilt(&sandbox, name, layout, driver);
        let elsewhere = Site::unbuilt(&sandbox, &format!("{name}-elsewhere"), layout, Driver::Cargo);
        edit_unseen(&elsewhere, MODULE);
        elsewhere.build(TIP).prints(&[("module", "2")]).rebuilds(sets::TIP);
        std::thread::sleep(std::time::Duration::from_millis(1100));
        copy_tree(&elsewhere.target(), &site.target());
        let built = site.build(TIP);
        match driver {
            Driver::Cargo => drop(built.prints(&[("module", "2")]).rebuilds(sets::NONE)),
            Driver::Xcargo => drop(built.prints(&[]).rebuilds(sets::TIP).says(&["leaf"])),
        }
    }
}

both! {
    repaired_and_taken_back,
    answers_that_nobody_saw_written,
    directory_moved_after_an_unknown_build,
    edited_before_rustc_came_to_it,
    unpacked_with_its_times,
}
