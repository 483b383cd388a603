//! The same fault under other commands than `build`: each has units of its own.

use fs_err as fs;

use crate::case::{Case, Plain};
use crate::faults::{edit_unseen, old, stamp};
use crate::sets;
use crate::site::{Driver, Layout, Site};
use crate::support::machine::machine;
use crate::support::sandbox::Sandbox;
use crate::template::{PROGRAM, TIP};

const CHECK: &[&str] = &["check", "-p", "app"];

/// A file with this text and an old time.
fn write_unseen(site: &Site<'_>, file: &str, text: &str) {
    fs::write(site.root().join(file), text).unwrap();
    stamp(site, file, old());
}

/// A function that is there without cargo knowing, and a dependant that calls it.
fn add_function(site: &Site<'_>) {
    write_unseen(
        site,
        "leaf/src/included.rs",
        "pub fn included() -> u32 { 2 }\npub fn added() -> u32 { 2 }\n",
    );
    fs::write(
        site.root().join("app/src/main.rs"),
        "fn main() { println!(\"{} main={}\", app::all(), leaf::added()); }\n",
    )
    .unwrap();
}

/// A function with another type.
fn change_type(site: &Site<'_>) {
    write_unseen(site, "leaf/src/included.rs", "pub fn included() -> String { 2.to_string() }\n");
    let path = site.root().join("app/src/main.rs");
    let text = "fn main() { let it: String = leaf::included(); println!(\"{} main={it}\", app::all()); }\n";
    fs::write(path, text).unwrap();
}

zoo! {
    /// "A missing function that definitely exists".
    missing_function => Case {
        fault: add_function,
        command: PROGRAM,
        plain: Plain::Fails("E0425"),
        prints: &[("included", "2"), ("main", "2")],
        rebuilds: sets::program::LEAF,
        says: &["leaf", "src/included.rs"],
        ..Case::default()
    };
    mismatched_types => Case {
        fault: change_type,
        command: PROGRAM,
        plain: Plain::Fails("E0308"),
        prints: &[("included", "2"), ("main", "2")],
        rebuilds: sets::program::LEAF,
        says: &["leaf", "src/included.rs"],
        ..Case::default()
    };
    check => Case {
        before: &[CHECK],
        fault: add_function,
        command: CHECK,
        plain: Plain::Fails("E0425"),
        rebuilds: sets::program::LEAF,
        says: &["leaf", "src/included.rs"],
        ..Case::default()
    };
    run => Case {
        fault: |site| edit_unseen(site, "leaf/src/module.rs"),
        command: &["run", "-p", "app"],
        plain: Plain::Prints(&[]),
        prints: &[("module", "2")],
        rebuilds: sets::program::LEAF,
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
    test => Case {
        fault: |site| edit_unseen(site, "leaf/src/module.rs"),
        command: &["test", "-p", "app", "--", "--nocapture"],
        plain: Plain::Prints(&[]),
        prints: &[("module", "2")],
        rebuilds: sets::LEAF,
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
}

/// Each profile and triple has units of its own, all of which were built from what the file was.
fn every_profile(layout: Layout, command: &[&str]) {
    let sandbox = Sandbox::in_memory();
    let plain = Site::new(&sandbox, "plain", layout, Driver::Cargo);
    let site = Site::new(&sandbox, "xcargo", layout, Driver::Xcargo);
    for site in [&plain, &site] {
        site.build(TIP).prints(&[]);
        site.build(command).prints(&[]);
        edit_unseen(site, "leaf/src/module.rs");
    }
    plain.build(command).prints(&[]).rebuilds(sets::NONE);
    plain.build(TIP).prints(&[]).rebuilds(sets::NONE);
    site.build(TIP).prints(&[("module", "2")]).rebuilds(sets::TIP).says(&["leaf", "src/module.rs"]);
    site.build(command).prints(&[("module", "2")]).rebuilds(sets::TIP);
    for command in [TIP, command] {
        site.build(command).prints(&[("module", "2")]).rebuilds(sets::NONE).says(&[]);
    }
}

#[test]
fn release_and_dev_in_layout_one() {
    every_profile(Layout::One, &[TIP, &["--release"]].concat());
}

#[test]
fn release_and_dev_in_layout_two() {
    every_profile(Layout::Two, &[TIP, &["--release"]].concat());
}

#[test]
fn triple_and_host_in_layout_one() {
    every_profile(Layout::One, &[TIP, &["--target", &machine().host]].concat());
}

#[test]
fn triple_and_host_in_layout_two() {
    every_profile(Layout::Two, &[TIP, &["--target", &machine().host]].concat());
}
