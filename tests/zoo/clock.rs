//! Clocks that were set back or forth, and file systems that drop times.

use crate::case::{Case, Plain};
use crate::faults::{built_files, dep_infos, edit, edit_at, old, tomorrow};
use crate::sets;
use crate::site::{Driver, Layout, Site};
use crate::support::sandbox::Sandbox;
use crate::template::{BUILD, PROGRAM};

const MODULE: &str = "leaf/src/module.rs";

zoo! {
    /// What the units were built from is dated in the future: later edits are older.
    built_by_a_clock_that_was_ahead => Case {
        fault: |site| {
            for path in dep_infos(site, "leaf") {
                filetime::set_file_mtime(path, tomorrow()).unwrap();
            }
            edit(site, MODULE);
        },
        command: PROGRAM,
        plain: Plain::Prints(&[]),
        prints: &[("module", "2")],
        rebuilds: sets::program::LEAF,
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
    /// The same for all that was built. What is built today is older than all of it.
    all_built_by_a_clock_that_was_ahead => Case {
        fault: |site| {
            built_files(site).iter().for_each(|path| filetime::set_file_mtime(path, tomorrow()).unwrap());
            edit(site, MODULE);
        },
        command: PROGRAM,
        plain: Plain::Prints(&[]),
        prints: &[("module", "2")],
        rebuilds: sets::program::LEAF,
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
    /// A target dir that was restored without its times: everything in it is of one moment, and older than the sources. The
    /// script with `rerun-if-changed` compares times itself.
    times_dropped => Case {
        fault: |site| {
            built_files(site).iter().for_each(|path| filetime::set_file_mtime(path, old()).unwrap());
        },
        command: BUILD,
        plain: Plain::Rebuilds(sets::ALL),
        rebuilds: sets::GEN,
        ..Case::default()
    };
}

/// A source of tomorrow: cargo builds it again in every run until then.
fn source_of_tomorrow(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let plain = Site::new(&sandbox, "plain", layout, Driver::Cargo);
    let site = Site::new(&sandbox, "xcargo", layout, Driver::Xcargo);
    for site in [&plain, &site] {
        edit_at(site, MODULE, tomorrow());
    }
    for _ in 0..2 {
        plain.build(PROGRAM).prints(&[("module", "2")]).rebuilds(sets::program::LEAF);
    }
    let first = site.build(PROGRAM);
    first.prints(&[("module", "2")]).rebuilds(sets::program::LEAF);
    // A unit's own time is never moved into the future, where later edits would look older: it is said what is wrong.
    let second = site.build(PROGRAM);
    second.prints(&[("module", "2")]).rebuilds(sets::program::LEAF);
    let said = first.run.err() + &second.run.err();
    assert!(said.contains("dated in the future"), "{said}");
    assert!(said.contains("module.rs"), "{said}");
    // Where times of sources may be put right, they are.
    fs_err::write(site.root().join("doctor.toml"), "[policy]\n[cache]\nrestore = \"mtimes\"\n").unwrap();
    site.build(PROGRAM).prints(&[("module", "2")]).rebuilds(sets::NONE);
    site.build(PROGRAM).prints(&[("module", "2")]).rebuilds(sets::NONE).says(&[]);
    // A later edit, whatever its time, is an edit.
    let text = fs_err::read_to_string(site.root().join(MODULE)).unwrap();
    fs_err::write(site.root().join(MODULE), text.replace("{ 2 }", "{ 3 }")).unwrap();
    site.build(PROGRAM).prints(&[("module", "3")]).rebuilds(sets::program::LEAF);
}

#[test]
fn source_of_tomorrow_in_layout_one() {
    source_of_tomorrow(Layout::One);
}

#[test]
fn source_of_tomorrow_in_layout_two() {
    source_of_tomorrow(Layout::Two);
}
