//! Packages and checkouts of the same name: what is known of the one says nothing of the other.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::thread;

use fs_err as fs;

use crate::faults::{edit, touch};
use crate::sets::NONE;
use crate::site::{Driver, Layout, Site};
use crate::small::{BIN, BUILD, append, judge, judge_by, package, replace, tick};
use crate::support::cmd::wait_until;
use crate::support::machine::machine;
use crate::support::sandbox::Sandbox;

const DRIVERS: [Driver; 2] = [Driver::Cargo, Driver::Xcargo];
const MAIN: &str = "src/main.rs";

/// The text of a program with this value.
fn main(value: &str) -> String {
    format!("fn main() {{ println!(\"v={{}}\", {value:?}) }}\n")
}

/// A checkout whose program prints this value, as old as any other one. All of a driver's have one target dir, outside.
fn checkout<'a>(sandbox: &'a Sandbox, layout: Layout, driver: Driver, name: &str, value: &str) -> Site<'a> {
    let target = sandbox.work().join(format!("{driver:?}/target"));
    let policy = format!("[policy]\n[clean]\nallow-outside = [\"{}\"]\n", target.display());
    let files: &[(&str, &str)] = &[(MAIN, &main(value)), ("doctor.toml", &policy)];
    package(sandbox, layout, driver, name, files).sharing(target)
}

/// A workspace that lies in another one and builds into the other's target dir, each with a program of one name at another place.
/// The outer one builds what is only touched there; an edit in the inner one from before that is seen all the same, by plain
/// cargo as well. Plain cargo is right here.
fn nested(layout: Layout, inner_driver: fn(Driver) -> Driver) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let outer_main = main("outer");
        let files: &[(&str, &str)] = &[
            ("Cargo.toml", "[workspace]\nmembers = ['app']\nexclude = ['inner']\nresolver = '2'\n"),
            (".cargo/config.toml", "[build]\ntarget-dir = 'target'\n"),
            ("app/Cargo.toml", "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2021'\n"),
            ("app/src/main.rs", &outer_main),
        ];
        let outer = package(&sandbox, layout, driver, "outer", files);
        let inner_main = main("1");
        let files: &[(&str, &str)] = &[
            ("Cargo.toml", "[workspace]\nmembers = ['dev/app']\nresolver = '2'\n"),
            ("dev/app/Cargo.toml", "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2021'\n"),
            ("dev/app/src/main.rs", &inner_main),
        ];
        let inner = package(&sandbox, layout, driver, "outer/inner", files).by(inner_driver(driver));
        inner.build(BUILD).prints(&[("v", "1")]).rebuilds(BIN);
        outer.build(BUILD).prints(&[("v", "outer")]).rebuilds(BIN);
        tick();
        edit(&inner, "dev/app/src/main.rs");
        tick();
        touch(&outer, "app/src/main.rs");
        outer.build(BUILD).prints(&[("v", "outer")]);
        inner.build(BUILD).prints(&[("v", "2")]).rebuilds(BIN);
    }
}

fn nested_and_built_by_plain_cargo(layout: Layout) {
    nested(layout, |_| Driver::Cargo);
}

fn nested_and_built_alike(layout: Layout) {
    nested(layout, |driver| driver);
}

/// Two checkouts take turns in one target dir, and the one that built last is gone. What it built is still not the other's.
fn other_checkout_gone(layout: Layout, go: fn(&Path)) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let [one, other] =
            ["1", "2"].map(|value| checkout(&sandbox, layout, driver, &format!("ws{value}"), value));
        one.build(BUILD).prints(&[("v", "1")]).rebuilds(BIN);
        tick();
        append(&other.root().join(MAIN));
        other.build(BUILD).prints(&[("v", "2")]).rebuilds(BIN);
        tick();
        go(other.root());
        judge(&one, "2", "1", BIN);
    }
}

fn other_checkout_removed(layout: Layout) {
    other_checkout_gone(layout, |root| fs::remove_dir_all(root).unwrap());
}

fn other_checkout_renamed(layout: Layout) {
    other_checkout_gone(layout, |root| fs::rename(root, root.with_extension("away")).unwrap());
}

/// Two packages of one name and two versions, with a build script each. The input of one is replaced under its old time.
fn two_packages_of_one_name(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let script = "fn main() {\n    println!(\"cargo:rerun-if-changed=in.txt\");\n    \
            let out = std::env::var(\"OUT_DIR\").unwrap();\n    std::fs::copy(\"in.txt\", out + \"/v.txt\").unwrap();\n}\n";
        let lib = "pub const VALUE: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/v.txt\"));\n";
        let files: &[(&str, &str)] = &[
            (
                "Cargo.toml",
                "[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2021'\n[dependencies]\n\
                 one = { package = 'dup', path = 'one' }\nother = { package = 'dup', path = 'other' }\n",
            ),
            (MAIN, "fn main() { println!(\"v={} other={}\", one::VALUE, other::VALUE) }\n"),
            ("one/Cargo.toml", "[package]\nname = 'dup'\nversion = '0.1.0'\nedition = '2021'\n"),
            ("one/build.rs", script),
            ("one/src/lib.rs", lib),
            ("one/in.txt", "1"),
            ("other/Cargo.toml", "[package]\nname = 'dup'\nversion = '0.2.0'\nedition = '2021'\n"),
            ("other/build.rs", script),
            ("other/src/lib.rs", lib),
            ("other/in.txt", "1"),
        ];
        let site = package(&sandbox, layout, driver, "app", files);
        site.build(BUILD).prints(&[]).rebuilds(&["dup build.rs", "dup run", "dup lib", "app bin"]);
        tick();
        replace(&site.root().join("one/in.txt"), "2");
        let built = site.build(BUILD);
        match driver {
            Driver::Cargo => drop(built.prints(&[]).rebuilds(NONE)),
            Driver::Xcargo => {
                built
                    .prints(&[("v", "2")])
                    .rebuilds(&["dup run", "dup lib", "app bin"])
                    .says(&["dup", "in.txt"]);
                site.build(BUILD).prints(&[("v", "2")]).rebuilds(NONE).says(&[]);
            }
        }
    }
}

/// Plain cargo builds into a target dir outside; then the checkout is moved away, and another one to its place.
fn checkout_moved_to_the_place_of_another(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let [site, other] =
            ["1", "2"].map(|value| checkout(&sandbox, layout, driver, &format!("ws{value}"), value));
        site.by(Driver::Cargo).build(BUILD).prints(&[("v", "1")]).rebuilds(BIN);
        tick();
        fs::rename(site.root(), site.root().with_extension("away")).unwrap();
        fs::rename(other.root(), site.root()).unwrap();
        judge(&site, "1", "2", BIN);
    }
}

/// The same where the place is a link to the one checkout, and then to the other.
fn link_led_to_another_checkout(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let [one, other] =
            ["1", "2"].map(|value| checkout(&sandbox, layout, driver, &format!("ws{value}"), value));
        let dir = one.root().parent().unwrap();
        let (current, new) = (dir.join("current"), dir.join("new"));
        let site = Site::at(&sandbox, dir.to_owned(), layout, driver).sharing(one.target());
        let command = &["build", "--manifest-path", "current/Cargo.toml"];
        symlink(one.root(), &current).unwrap();
        site.by(Driver::Cargo).build(command).prints(&[("v", "1")]).rebuilds(BIN);
        tick();
        symlink(other.root(), &new).unwrap();
        fs::rename(new, current).unwrap();
        judge_by(&site, command, "1", "2", BIN);
    }
}

/// Plain cargo builds another checkout while xcargo, which has looked at what is there, is about to start cargo. What cargo then
/// calls fresh is the other's, and must not be written down as one's own.
fn other_checkout_built_before_cargo_starts(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in DRIVERS {
        let [one, other] =
            ["1", "2"].map(|value| checkout(&sandbox, layout, driver, &format!("ws{value}"), value));
        one.build(BUILD).prints(&[("v", "1")]).rebuilds(BIN);
        if driver == Driver::Cargo {
            tick();
            append(&other.root().join(MAIN));
            other.build(BUILD).prints(&[("v", "2")]).rebuilds(BIN);
            one.build(BUILD).prints(&[("v", "2")]).rebuilds(NONE);
            continue;
        }
        other.build(BUILD).prints(&[("v", "2")]).rebuilds(BIN);
        one.build(BUILD).prints(&[("v", "1")]).rebuilds(BIN);
        tick();
        append(&other.root().join(MAIN));
        tick();
        let [waits, goes] = ["waits", "goes"].map(|name| sandbox.root().join(name));
        let tools = machine().sysroot.join("bin");
        let stand_in = sandbox.script(
            "stand-in/cargo",
            &format!(
                "#!/bin/sh\ncase \" $* \" in *\" build \"*)\n: > {}\nwhile ! [ -e {} ]; do sleep 0.01; done;;\nesac\n\
                 exec {}/cargo \"$@\"\n",
                waits.display(),
                goes.display(),
                tools.display(),
            ),
        );
        // Whoever has rustc started holds cargo's lock, and goes on to hold it for a while.
        let wrapper = sandbox.script(
            "wrapper",
            &format!(
                "#!/bin/sh\ncase \" $* \" in *\" --crate-name app \"*) : > {}; sleep 0.3;; esac\nexec \"$@\"\n",
                goes.display()
            ),
        );
        let path = [stand_in.parent().unwrap().to_owned(), tools, sandbox.root().join("tools")];
        let path = std::env::join_paths(path).unwrap();
        thread::scope(|scope| {
            // Of a command that was never run here xcargo cannot know beforehand that nothing is going to be built.
            let command = &["build", "--bin", "app"];
            let waiting = scope.spawn(|| one.build_with(command, |cmd| cmd.env("PATH", &path)));
            wait_until("xcargo starts cargo", || waits.exists() || waiting.is_finished());
            let built = other.by(Driver::Cargo).build_with(BUILD, |cmd| cmd.env("RUSTC_WRAPPER", &wrapper));
            fs::write(&goes, "").unwrap();
            built.rebuilds(BIN);
            let raced = waiting.join().expect("a build").run.ok();
            assert!(waits.exists(), "cargo was not started through the stand-in\n{}", raced.show());
        });
        one.build(BUILD).prints(&[("v", "1")]);
        one.build(BUILD).prints(&[("v", "1")]).rebuilds(NONE).says(&[]);
    }
}

both! {
    nested_and_built_by_plain_cargo,
    nested_and_built_alike,
    other_checkout_removed,
    other_checkout_renamed,
    two_packages_of_one_name,
    checkout_moved_to_the_place_of_another,
    link_led_to_another_checkout,
    other_checkout_built_before_cargo_starts,
}
