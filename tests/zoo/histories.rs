//! Faults that need a history: image layers, interrupted builds, edits during a build, plain cargo in between, units that
//! xcargo has never seen, a ledger that is lost.

use fs_err as fs;
use rustix::process::{Signal, kill_process_group};

use crate::case::{Case, Plain, Start};
use crate::faults::{backup, edit, edit_at, edit_unseen, old, time, touch, unit_files};
use crate::sets;
use crate::site::{Driver, Layout, Site};
use crate::support::cmd::wait_until;
use crate::support::sandbox::Sandbox;
use crate::template::{BUILD, FILES, PROGRAM, TIP};

const MODULE: &str = "leaf/src/module.rs";
/// What an image layer knows by manifests alone.
const DUMMIES: &[&str] = &[
    "app/src/main.rs",
    "app/src/lib.rs",
    "leaf/src/lib.rs",
    "mac/src/lib.rs",
    "gen/src/lib.rs",
    "pre/src/lib.rs",
    "dev/src/lib.rs",
];

zoo! {
    /// An image layer with the dependencies, and an empty program. The next layer brings the real one, with the times that it
    /// has in the repository.
    dummy_main_of_an_image_layer => Case {
        start: Start::Sources,
        setup: |site| dummies(site, &DUMMIES[..2]),
        before: &[PROGRAM],
        fault: |site| real(site, &DUMMIES[..2]),
        command: PROGRAM,
        plain: Plain::PrintsNothing,
        rebuilds: sets::program::APP,
        says: &["app", "src/main.rs"],
        ..Case::default()
    };
    /// The same for all members of a workspace. One is noticed: the script without `rerun-if-changed` sees that its package has
    /// another newest file.
    dummy_workspace_of_an_image_layer => Case {
        start: Start::Sources,
        setup: |site| dummies(site, DUMMIES),
        before: &[PROGRAM],
        fault: |site| real(site, DUMMIES),
        command: PROGRAM,
        plain: Plain::Fails("E0425"),
        rebuilds: sets::program::LIBRARIES,
        says: &["leaf", "src/lib.rs"],
        ..Case::default()
    };
    /// Plain cargo, or an editor, builds other content in between. What is written down of the unit is of another build.
    built_by_another_in_between => Case {
        fault: |site| {
            let path = site.root().join(MODULE);
            let (text, written) = (fs::read(&path).unwrap(), time(&path));
            edit(site, MODULE);
            site.by(Driver::Cargo).build(PROGRAM).prints(&[("module", "2")]);
            fs::write(&path, text).unwrap();
            filetime::set_file_mtime(&path, written).unwrap();
        },
        command: PROGRAM,
        plain: Plain::Prints(&[("module", "2")]),
        rebuilds: sets::program::LEAF,
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
    /// Something older is moved over a source while its unit is built, after rustc has read it: what is there after the build
    /// is not what it was built from.
    replaced_during_the_build => Case {
        start: Start::Sources,
        setup: |site| {
            let other = backup(site, MODULE);
            let place = site.root().join(MODULE);
            site.sandbox().script(
                "wrapper",
                &format!(
                    "#!/bin/sh\n\"$@\" || exit\ncase \" $* \" in\n*\" --crate-name leaf \"*)\n\
                     [ -e {0}.done ] || cp -p {0} {1}\n: > {0}.done\nesac\nexit 0\n",
                    other.display(),
                    place.display(),
                ),
            );
            let config = format!("[build]\nrustc-wrapper = \"{}\"\n", site.sandbox().root().join("wrapper").display());
            fs::create_dir_all(site.root().join(".cargo")).unwrap();
            fs::write(site.root().join(".cargo/config.toml"), config).unwrap();
        },
        before: &[TIP],
        command: TIP,
        plain: Plain::Prints(&[]),
        prints: &[("module", "2")],
        rebuilds: sets::TIP,
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
    /// The same while a build script runs, after it has read its input.
    replaced_while_the_script_runs => Case {
        start: Start::Sources,
        setup: |site| {
            fs::rename(backup(site, "gen/input.txt"), site.root().join("gen/input.new")).unwrap();
            let script = site.root().join("gen/build.rs");
            let text = fs::read_to_string(&script).unwrap();
            let text = text.replace("let script", "let _ = fs::rename(\"input.new\", \"input.txt\");\n    let script");
            fs::write(script, text).unwrap();
        },
        before: &[PROGRAM],
        command: PROGRAM,
        plain: Plain::Prints(&[]),
        prints: &[("input", "2")],
        rebuilds: sets::program::GEN,
        says: &["gen", "input.txt"],
        ..Case::default()
    };
    /// The build ended before anybody could write down what it was made from.
    interrupted_build => Case {
        start: Start::Sources,
        setup: interrupt,
        fault: |site| edit_at(site, MODULE, old()),
        command: PROGRAM,
        plain: Plain::Prints(&[]),
        prints: &[("module", "2")],
        // Of the library at the bottom it had been made, and nothing that uses it.
        rebuilds: &["leaf lib", "pre build.rs", "pre run", "pre lib", "app lib", "app bin"],
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
    /// Of what plain cargo built xcargo knows nothing, but that a file came to be as it is after the build.
    suspect => Case {
        start: Start::Sources,
        setup: |site| {
            site.by(Driver::Cargo).build(TIP).prints(&[]);
        },
        fault: |site| edit_unseen(site, MODULE),
        command: TIP,
        plain: Plain::Prints(&[]),
        prints: &[("module", "2")],
        rebuilds: sets::TIP,
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
    /// Once seen, such a unit is as well known as any.
    built_by_plain_cargo_and_seen => Case {
        start: Start::Sources,
        setup: |site| {
            site.by(Driver::Cargo).build(TIP).prints(&[]);
            site.build(TIP).prints(&[]).rebuilds(sets::NONE).says(&[]);
        },
        fault: |site| touch(site, MODULE),
        command: TIP,
        plain: Plain::Rebuilds(sets::TIP),
        ..Case::default()
    };
    /// A ledger that cannot be read is none: what it would have proven is suspect, and nothing is believed.
    ledger_overwritten => Case {
        start: Start::Sources,
        before: &[TIP],
        fault: |site| {
            if let Ok(own) = fs::read_dir(site.target().join(".xcargo")) {
                let files = own.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
                files.for_each(|path| fs::write(path, "no ledger\n").unwrap());
            }
            edit_unseen(site, MODULE);
        },
        command: TIP,
        plain: Plain::Prints(&[]),
        prints: &[("module", "2")],
        rebuilds: sets::TIP,
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
}

/// These files as if nobody had written them yet.
fn dummies(site: &Site<'_>, files: &[&str]) {
    for file in files {
        let text = if file.ends_with("main.rs") { "fn main() {}\n" } else { "" };
        fs::write(site.root().join(file), text).unwrap();
    }
}

/// These files as they are in the repository.
fn real(site: &Site<'_>, files: &[&str]) {
    for file in files {
        let (_, text) = FILES.iter().find(|(name, _)| name == file).unwrap();
        fs::write(site.root().join(file), text).unwrap();
        filetime::set_file_mtime(site.root().join(file), old()).unwrap();
    }
}

/// Kills a build that has made the library at the bottom, and waits in a build script.
fn interrupt(site: &Site<'_>) {
    let script = site.root().join("pre/build.rs");
    let text = fs::read_to_string(&script).unwrap();
    let wait = "fn main() {\n    std::thread::sleep(std::time::Duration::from_secs(600));\n";
    fs::write(&script, text.replace("fn main() {\n", wait)).unwrap();
    let running = site.cmd(PROGRAM).spawn();
    let has_ended = |package: &str, name: &str| {
        let prints = unit_files(site, package);
        prints.iter().any(|path| path.ends_with(name) && path.metadata().is_ok_and(|meta| meta.len() > 0))
    };
    wait_until("all but one script is built", || {
        has_ended("leaf", "lib-leaf") && has_ended("gen", "lib-gen") && has_ended("mac", "lib-mac")
    });
    kill_process_group(running.pid(), Signal::KILL).unwrap();
    assert_eq!(running.finish().killed_by(), Some(9));
    fs::write(&script, text).unwrap();
}

/// A copy with other inodes and other change times, but nothing wrong: everything is proven, and nothing is made.
fn healthy(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::new(&sandbox, "xcargo", layout, Driver::Xcargo);
    for _ in 0..2 {
        site.build(BUILD).prints(&[]).rebuilds(sets::NONE).says(&[]);
    }
    site.by(Driver::Cargo).build(BUILD).prints(&[]).rebuilds(sets::NONE);
}

#[test]
fn nothing_is_wrong_in_layout_one() {
    healthy(Layout::One);
}

#[test]
fn nothing_is_wrong_in_layout_two() {
    healthy(Layout::Two);
}

/// `suspects = "trust"` leaves what is only suspect, and finds what is known.
fn trusted(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    let site = Site::unbuilt(&sandbox, "xcargo", layout, Driver::Xcargo);
    fs::write(site.root().join("doctor.toml"), "[policy]\n[cache]\nsuspects = \"trust\"\n").unwrap();
    site.by(Driver::Cargo).build(TIP).prints(&[]);
    edit_unseen(&site, MODULE);
    site.build(TIP).prints(&[]).rebuilds(sets::NONE).says(&[]);
}

#[test]
fn trusted_in_layout_one() {
    trusted(Layout::One);
}

#[test]
fn trusted_in_layout_two() {
    trusted(Layout::Two);
}
