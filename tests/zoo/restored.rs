//! The same content under new times: cargo builds again what did not change. And what must not be taken for that.

use fs_err as fs;

use crate::case::{Case, Plain, Start};
use crate::faults::{branches, check_out, edit, edit_unseen, git, time, touch};
use crate::sets;
use crate::site::{Driver, Layout, Site};
use crate::support::sandbox::Sandbox;
use crate::template::{BUILD, PROGRAM, TIP};

const MTIMES: Option<&str> = Some("[policy]\n[cache]\nrestore = \"mtimes\"\n");
const MODULE: &str = "leaf/src/module.rs";
const INPUT: &str = "gen/input.txt";

/// What the program is built from has new times, and the same content.
fn same(fault: fn(&Site<'_>), plain: &'static [&'static str]) -> Case {
    Case { fault, command: PROGRAM, plain: Plain::Rebuilds(plain), ..Case::default() }
}

zoo! {
    /// A cache of a CI system: the target dir restored, and a fresh checkout. The scripts compare times themselves.
    fresh_checkout => Case {
        fault: check_out,
        plain: Plain::Rebuilds(sets::ALL),
        rebuilds: sets::SCRIPTED,
        ..Case::default()
    };
    fresh_checkout_with_times_put_back => Case {
        fault: check_out,
        plain: Plain::Rebuilds(sets::ALL),
        policy: MTIMES,
        ..Case::default()
    };
    /// The next commit of a CI system.
    fresh_checkout_with_one_change => Case {
        fault: |site| {
            check_out(site);
            edit(site, MODULE);
        },
        command: PROGRAM,
        plain: Plain::Rebuilds(sets::program::ALL),
        prints: &[("module", "2")],
        rebuilds: sets::program::LEAF,
        policy: MTIMES,
        ..Case::default()
    };
    touched => same(|site| touch(site, MODULE), sets::program::LEAF);
    touched_macro => same(|site| touch(site, "mac/src/lib.rs"), &["mac proc-macro", "app lib", "app bin"]);
    touched_build_script => Case {
        policy: MTIMES,
        ..same(|site| touch(site, "gen/build.rs"), &["gen build.rs", "gen run", "gen lib", "app lib", "app bin"])
    };
    touched_input => Case { policy: MTIMES, ..same(|site| touch(site, INPUT), sets::program::GEN) };
    touched_directory => Case { policy: MTIMES, ..same(|site| touch(site, "gen/inputs"), sets::program::GEN) };
    touched_input_of_a_silent_script => Case {
        policy: MTIMES,
        ..same(|site| touch(site, "pre/value.txt"), sets::program::PRE)
    };
    /// A branch, and back, with no build between.
    branch_there_and_back => same(
        |site| {
            branches(site, MODULE);
            git(site, &["checkout", "-q", "other"]);
            git(site, &["checkout", "-q", "main"]);
        },
        sets::program::LEAF,
    );
    /// What was edited and built is put away and taken out again.
    stash_and_pop => Case {
        start: Start::Sources,
        setup: |site| {
            git(site, &["init", "-q"]);
            git(site, &["add", "-A"]);
            git(site, &["commit", "-q", "-m", "one"]);
            edit(site, MODULE);
        },
        before: &[TIP],
        command: TIP,
        prints: &[("module", "2")],
        ..same(
            |site| {
                git(site, &["stash", "-q"]);
                git(site, &["stash", "pop", "-q"]);
            },
            sets::TIP,
        )
    };
    /// One file is only newer, the other has changed and is not: neither the one nor the other alone decides.
    touched_beside_an_unseen_edit => Case {
        fault: |site| {
            touch(site, "mac/src/lib.rs");
            touch(site, "leaf/src/text.txt");
            edit_unseen(site, MODULE);
        },
        command: PROGRAM,
        plain: Plain::Rebuilds(&["mac proc-macro", "leaf lib", "app lib", "app bin"]),
        prints: &[("module", "2")],
        rebuilds: sets::program::LEAF,
        ..Case::default()
    };
    /// The directory is as it was for another reason than the file in it.
    touched_directory_beside_an_unseen_edit => Case {
        fault: |site| {
            edit_unseen(site, "gen/inputs/a.txt");
            touch(site, "mac/src/lib.rs");
        },
        command: PROGRAM,
        plain: Plain::Prints(&[]),
        prints: &[("dir", "2")],
        rebuilds: sets::program::GEN,
        says: &["gen", "inputs"],
        policy: MTIMES,
        ..Case::default()
    };
}

/// Every unit that lists the file is proven at once or in its turn: a dev build, a check, tests.
fn every_unit_of_a_file(layout: Layout) {
    const CHECK: &[&str] = &["check", "-p", "app"];
    let sandbox = Sandbox::in_memory();
    let plain = Site::new(&sandbox, "plain", layout, Driver::Cargo);
    let site = Site::new(&sandbox, "xcargo", layout, Driver::Xcargo);
    for site in [&plain, &site] {
        site.build(CHECK);
        touch(site, MODULE);
    }
    for command in [PROGRAM, CHECK, BUILD] {
        assert!(!plain.build(command).rebuilt.is_empty(), "plain cargo is right: the case proves nothing");
        site.build(command).prints(&[]).rebuilds(sets::NONE).says(&[]);
    }
}

#[test]
fn touched_for_every_command_in_layout_one() {
    every_unit_of_a_file(Layout::One);
}

#[test]
fn touched_for_every_command_in_layout_two() {
    every_unit_of_a_file(Layout::Two);
}

/// `off` leaves cargo alone: what it would build again, it builds.
fn off(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::new(&sandbox, "xcargo", layout, Driver::Xcargo);
    fs::write(site.root().join("doctor.toml"), "[policy]\n[cache]\nrestore = \"off\"\n").unwrap();
    touch(&site, MODULE);
    let touched = time(&site.root().join(MODULE));
    site.build(PROGRAM).prints(&[]).rebuilds(sets::program::LEAF).says(&[]);
    assert_eq!(time(&site.root().join(MODULE)), touched, "sources are nobody's business here");
    // What is false is still made true.
    edit_unseen(&site, MODULE);
    site.build(PROGRAM).prints(&[("module", "2")]).rebuilds(sets::program::LEAF).says(&["leaf"]);
}

#[test]
fn off_is_as_cargo_in_layout_one() {
    off(Layout::One);
}

#[test]
fn off_is_as_cargo_in_layout_two() {
    off(Layout::Two);
}

/// With `units` no source is touched, with `mtimes` those are that a script compares.
fn times_of_sources(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::new(&sandbox, "xcargo", layout, Driver::Xcargo);
    let input = site.root().join(INPUT);
    let written = time(&input);
    touch(&site, INPUT);
    let touched = time(&input);
    site.build(PROGRAM).prints(&[]).rebuilds(sets::program::GEN);
    assert_eq!(time(&input), touched, "under \"units\" no source is touched");
    fs::write(site.root().join("doctor.toml"), MTIMES.unwrap()).unwrap();
    touch(&site, INPUT);
    let again = time(&input);
    site.build(PROGRAM).prints(&[]).rebuilds(sets::NONE);
    let restored = time(&input);
    assert!(restored < again, "its time is put back: {restored} of {again}, first {written}");
}

#[test]
fn times_of_sources_in_layout_one() {
    times_of_sources(Layout::One);
}

#[test]
fn times_of_sources_in_layout_two() {
    times_of_sources(Layout::Two);
}

/// The release was built later from other content. If the input's time were put back for the dev build's sake, the release
/// would be falsely fresh.
fn guard(layout: Layout, front: Driver) {
    const RELEASE: &[&str] = &["build", "-p", "gen", "--release"];
    let sandbox = Sandbox::in_memory();
    let site = Site::new(&sandbox, "guarded", layout, Driver::Xcargo);
    fs::write(site.root().join("doctor.toml"), MTIMES.unwrap()).unwrap();
    let input = site.root().join(INPUT);
    let (text, written) = (fs::read(&input).unwrap(), time(&input));
    edit(&site, INPUT);
    site.build(RELEASE).rebuilds(&["gen build.rs", "gen run", "gen lib"]);
    fs::write(&input, text).unwrap();
    // What a careless restoration would do; plain cargo's release is the wrong one then.
    if front == Driver::Cargo {
        filetime::set_file_mtime(&input, written).unwrap();
        site.by(front).build(RELEASE).rebuilds(sets::NONE);
        return;
    }
    site.build(PROGRAM).prints(&[]);
    // Whoever builds next, and not only xcargo.
    site.by(Driver::Cargo).build(RELEASE).rebuilds(&["gen run", "gen lib"]);
}

#[test]
fn no_time_is_put_back_that_harms_another_profile_in_layout_one() {
    guard(Layout::One, Driver::Cargo);
    guard(Layout::One, Driver::Xcargo);
}

#[test]
fn no_time_is_put_back_that_harms_another_profile_in_layout_two() {
    guard(Layout::Two, Driver::Cargo);
    guard(Layout::Two, Driver::Xcargo);
}
