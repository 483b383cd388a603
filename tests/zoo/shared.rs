//! One target dir for two checkouts: the same relative path gives the same unit, and cargo calls the one's code fresh for the
//! other.

use crate::faults::edit_unseen;
use crate::sets;
use crate::site::{Driver, Layout, Site};
use crate::support::machine::machine;
use crate::support::sandbox::{Sandbox, xcargo};
use crate::template::TIP;

const MODULE: &str = "leaf/src/module.rs";

/// Two checkouts, the second with another value in one file, as old as the first one's.
fn checkouts<'a>(sandbox: &'a Sandbox, layout: Layout, drivers: [Driver; 2]) -> [Site<'a>; 2] {
    let target = sandbox.work().join(format!("shared-{:?}", drivers[1]));
    let [one, other] = [0, 1].map(|at| {
        let name = format!("{}-{:?}", ["one", "other"][at], drivers[1]);
        let site = Site::unbuilt(sandbox, &name, layout, drivers[at]).sharing(target.clone());
        let policy = format!("[policy]\n[clean]\nallow-outside = [\"{}\"]\n", target.display());
        fs_err::write(site.root().join("doctor.toml"), policy).unwrap();
        site
    });
    edit_unseen(&other, MODULE);
    [one, other]
}

fn plain_is_wrong(sandbox: &Sandbox, layout: Layout) {
    let [one, other] = checkouts(sandbox, layout, [Driver::Cargo, Driver::Cargo]);
    one.build(TIP).prints(&[]).rebuilds(sets::TIP);
    other.build(TIP).prints(&[]);
}

/// Each has its own code, as often as they take turns.
fn back_and_forth(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    plain_is_wrong(&sandbox, layout);
    let [one, other] = checkouts(&sandbox, layout, [Driver::Xcargo, Driver::Xcargo]);
    one.build(TIP).prints(&[]).rebuilds(sets::TIP);
    other.build(TIP).prints(&[("module", "2")]).rebuilds(sets::TIP);
    one.build(TIP).prints(&[]).rebuilds(sets::TIP);
    one.build(TIP).prints(&[]).rebuilds(sets::NONE);
    other.build(TIP).prints(&[("module", "2")]).rebuilds(sets::TIP);
    other.build(TIP).prints(&[("module", "2")]).rebuilds(sets::NONE);
}

/// The one is built by plain cargo, so that nothing says whose it is.
fn after_plain_cargo(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    plain_is_wrong(&sandbox, layout);
    let [one, other] = checkouts(&sandbox, layout, [Driver::Cargo, Driver::Xcargo]);
    one.build(TIP).prints(&[]).rebuilds(sets::TIP);
    other.build(TIP).prints(&[("module", "2")]).rebuilds(sets::TIP);
    other.build(TIP).prints(&[("module", "2")]).rebuilds(sets::NONE);
}

/// A program of the one runs on, and when it ends the other has built: what is there then is not the one's.
fn while_a_program_runs(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    plain_is_wrong(&sandbox, layout);
    let [one, other] = checkouts(&sandbox, layout, [Driver::Xcargo, Driver::Xcargo]);
    let then = format!("cd {} && {} {}", other.root().display(), xcargo().display(), TIP.join(" "),);
    let runner = sandbox.script("runner", &format!("#!/bin/sh\nunset CARGO\n\"$@\" && {then}\n"));
    let triple = machine().host.to_uppercase().replace('-', "_");
    let run = [&["run"], &TIP[1..]].concat();
    let ran = one.build_with(&run, |cmd| cmd.env(&format!("CARGO_TARGET_{triple}_RUNNER"), &runner));
    ran.prints(&[]).rebuilds(sets::TIP);
    one.build(TIP).prints(&[]).rebuilds(sets::TIP).says(&["leaf"]);
    one.build(TIP).prints(&[]).rebuilds(sets::NONE);
}

/// A target dir outside of the workspace is nobody's to repair unless the policy allows it; then the build is cargo's, and that
/// is said.
fn not_allowed(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let [one, other] = checkouts(&sandbox, layout, [Driver::Xcargo, Driver::Xcargo]);
    for site in [&one, &other] {
        fs_err::write(site.root().join("doctor.toml"), "[policy]\n").unwrap();
    }
    one.build(TIP).prints(&[]);
    let run = other.build(TIP).run;
    assert!(run.err().contains("lies outside the workspace"), "{}", run.show());
    assert!(run.err().contains("allow-outside"), "{}", run.show());
}

both! {
    not_allowed,
    back_and_forth,
    after_plain_cargo,
    while_a_program_runs,
}
