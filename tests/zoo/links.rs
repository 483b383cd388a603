//! Links where cargo and build scripts follow them, and where xcargo must not.

use std::os::unix::fs::symlink;

use filetime::FileTime;
use fs_err as fs;

use crate::faults::{edit_unseen, time};
use crate::sets;
use crate::site::{Driver, Layout, Site};
use crate::support::sandbox::Sandbox;
use crate::template::{PROGRAM, TIP};

const MODULE: &str = "leaf/src/module.rs";

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

/// A link in a directory that a script names: cargo looks at what lies behind it, and so does xcargo.
fn link_below_a_named_directory(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for (driver, name) in [(Driver::Cargo, "plain"), (Driver::Xcargo, "xcargo")] {
        let site = Site::unbuilt(&sandbox, name, layout, driver);
        fs::rename(site.root().join("gen/inputs"), site.root().join("far")).unwrap();
        fs::create_dir(site.root().join("gen/inputs")).unwrap();
        symlink("../../far", site.root().join("gen/inputs/far")).unwrap();
        let script = site.root().join("gen/build.rs");
        let text = fs::read_to_string(&script).unwrap();
        fs::write(&script, text.replace("read_dir(\"inputs\")", "read_dir(\"inputs/far\")")).unwrap();
        site.build(PROGRAM).prints(&[]).rebuilds(sets::program::ALL);
        site.build(PROGRAM).prints(&[]).rebuilds(sets::NONE).says(&[]);
        edit_unseen(&site, "far/a.txt");
        let built = site.build(PROGRAM);
        match driver {
            Driver::Cargo => drop(built.prints(&[]).rebuilds(sets::NONE)),
            Driver::Xcargo => drop(built.prints(&[("dir", "2")]).rebuilds(sets::program::GEN).says(&["gen"])),
        }
    }
}

/// Times of what lies behind a link are somebody else's, whatever is put back here.
fn times_behind_a_link(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::unbuilt(&sandbox, "xcargo", layout, Driver::Xcargo);
    fs::write(site.root().join("doctor.toml"), "[policy]\n[cache]\nrestore = \"mtimes\"\n").unwrap();
    let elsewhere = sandbox.work().join("elsewhere");
    fs::rename(site.root().join("gen/inputs"), &elsewhere).unwrap();
    symlink(&elsewhere, site.root().join("gen/inputs")).unwrap();
    site.build(PROGRAM).prints(&[]).rebuilds(sets::program::ALL);
    let (own, theirs) = (site.root().join("gen/input.txt"), elsewhere.join("a.txt"));
    let (before, now) = (time(&own), FileTime::now());
    for file in [&own, &theirs] {
        filetime::set_file_mtime(file, now).unwrap();
    }
    site.build(PROGRAM).prints(&[]).rebuilds(sets::program::GEN);
    assert_eq!((time(&own), time(&theirs)), (before, now));
    site.build(PROGRAM).prints(&[]).rebuilds(sets::NONE).says(&[]);
}

/// What cargo remembers of the compiler, kept elsewhere: cargo goes by the link, and nobody is in its way.
fn answers_behind_a_link(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::unbuilt(&sandbox, "xcargo", layout, Driver::Xcargo);
    let (answers, elsewhere) =
        (site.target().join(".rustc_info.json"), sandbox.work().join("elsewhere.json"));
    site.build(TIP).prints(&[]).rebuilds(sets::TIP);
    fs::rename(&answers, &elsewhere).unwrap();
    symlink(&elsewhere, &answers).unwrap();
    for _ in 0..2 {
        site.build(TIP).prints(&[]).rebuilds(sets::NONE).says(&[]);
        assert!(answers.is_symlink() && elsewhere.is_file());
    }
}

both! {
    link_to_nowhere_in_a_named_directory,
    own_dir_is_a_link,
    target_dir_is_a_link,
    link_below_a_named_directory,
    times_behind_a_link,
    answers_behind_a_link,
}
