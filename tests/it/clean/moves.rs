//! What a moved pin, a moved lock file and the passing of time leave behind goes, and costs no build that is still wanted.

use fs_err as fs;

use super::fixture::{Ground, Shape, Site};
use super::report::Report;
use crate::support::cmd::Cmd;
use crate::support::dist::{Dist, R1_77, R1_78};
use crate::support::listing::Listing;
use crate::support::project::Project;
use crate::support::sandbox::Sandbox;
use crate::support::unit_graph::rebuilt;

const BUILD: [&str; 3] = ["build", "--workspace", "--all-targets"];

/// A copy that was built through xcargo, so that its lock file is on record, and whose lock file then moved.
fn moved<'a>(ground: &'a Ground, name: &str) -> Site<'a> {
    let site = ground.site(name);
    site.xcargo(BUILD).run().ok();
    let manifest = site.root().join("app/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    assert!(text.contains("=1.0.19"));
    fs::write(&manifest, text.replace("=1.0.19", "=1.0.18")).unwrap();
    site.cargo(["update", "itoa"]).run().ok();
    site
}

#[test]
fn a_version_that_left_the_lock_file_goes_and_costs_nothing() {
    for shape in [Shape::One, Shape::Two] {
        let ground = Ground::new(shape);
        let build =
            |site: &Site<'_>| rebuilt(&site.cargo(BUILD).arg("--message-format=json").run().ok().stdout);
        let control = build(&moved(&ground, "control"));
        assert!(control.iter().any(|key| key.0 == "itoa@1.0.18"), "{control:#?}");

        let site = moved(&ground, "cleaned");
        let report = super::honesty::honest(&site, &["--stale"]);
        assert!(report.files > 0, "{shape:?}: the old version's units are there");
        for path in report.paths() {
            let below =
                path.strip_prefix(site.build_dir()).expect("in the build dir").to_string_lossy().into_owned();
            assert!(below.contains("itoa"), "{shape:?}: {below} is no unit of the old version");
        }
        assert_eq!(build(&site), control, "{shape:?}: another build than without the clean");
    }
}

/// Pinned, with two compilers that differ in reach.
fn pinned(sandbox: &Sandbox) -> Project {
    let dist = Dist::of(sandbox);
    dist.stub("1.77.2", &R1_77);
    dist.stub("1.78.0", &R1_78);
    Project::new(sandbox, "p")
        .package("", "top", "[workspace]\nmembers = [\"low\"]\n[dependencies]\nlow = { path = \"low\" }\n")
        .file("src/main.rs", "fn main() { println!(\"{}\", low::f()); }\n")
        .package("low", "low", "")
        .file("low/src/lib.rs", "pub fn f() -> u32 { 42 }\n")
        .doctor(super::little::DONE)
        .toolchain("channel = \"1.77.2\"")
}

fn made(cmd: Cmd) -> usize {
    rebuilt(&cmd.arg("--message-format=json").run().ok().stdout).len()
}

#[test]
fn a_compiler_that_is_no_longer_the_pin_or_is_named_goes() {
    let sandbox = Sandbox::in_memory();
    let project = pinned(&sandbox);
    let cargo = |args: &[&str]| sandbox.cargo().args(args).dir(project.root());
    let clean = |args: &[&str]| {
        let run =
            sandbox.xcargo().args(["clean", "--json", "--yes"]).args(args).dir(project.root()).run().ok();
        Report::of(&run)
    };
    let all = made(sandbox.xcargo().arg("build").dir(project.root()));
    assert_eq!((all, clean(&["--stale"]).files), (2, 0));

    // The pin moves: what the former built can never be used.
    fs::write(project.root().join("rust-toolchain.toml"), "[toolchain]\nchannel = \"1.78.0\"\n").unwrap();
    sandbox.rustup().args(["toolchain", "install", "1.78.0", "--no-self-update"]).run().ok();
    assert!(clean(&["--stale"]).files > 0);
    assert_eq!(made(cargo(&["build"])), all);
    assert_eq!(clean(&["--stale"]).files, 0, "what is left is of the pin");

    // Both side by side; the one that is named goes, and the other is as fresh as ever.
    assert_eq!(made(cargo(&["+1.77.2", "build"])), all);
    assert_eq!(
        (made(cargo(&["build"])), made(cargo(&["+1.77.2", "build"]))),
        (0, 0),
        "they live side by side"
    );
    assert!(clean(&["--toolchain", "1.77.2"]).files > 0);
    assert_eq!((made(cargo(&["build"])), made(cargo(&["+1.77.2", "build"]))), (0, all));
    assert!(clean(&["--toolchain", "1.78.0"]).files > 0, "the pin itself, if it is asked for");
    assert_eq!((made(cargo(&["build"])), made(cargo(&["+1.77.2", "build"]))), (all, 0));
}

/// Makes the record of uses older, as if the builds so far had been that many days ago.
fn age(project: &Project, days: i64) {
    let own = project.root().join("target/.xcargo");
    let mut aged = 0;
    for entry in fs::read_dir(&own).unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_string_lossy().starts_with("uses-") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let mut old = String::new();
        for part in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
            let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
            match digits.parse::<i64>() {
                // Seconds since 1970 of our days, and nothing else has as many digits.
                Ok(time @ 1_600_000_000..=9_999_999_999) => {
                    aged += 1;
                    old.push_str(&(time - days * 86_400).to_string());
                    old.push_str(&part[digits.len()..]);
                }
                _ => old.push_str(part),
            }
        }
        fs::write(&path, old).unwrap();
    }
    assert!(aged > 0, "there is a record of uses in {}: {:?}", own.display(), Listing::read(&own));
}

#[test]
fn what_was_not_used_for_long_goes_by_its_record_and_by_no_other_time() {
    let sandbox = Sandbox::in_memory();
    let little = super::little::Little::new(&sandbox, "p", super::little::DONE);
    let clean =
        |args: &[&str]| Report::of(&little.xcargo(&["clean", "--json", "--yes"]).args(args).run().ok());
    let all = made(little.xcargo(&["build"]));
    let long_ago = filetime::FileTime::from_unix_time(1_000_000_000, 0);
    for path in little.listing().paths().filter(|path| path.starts_with(little.at("target/debug"))) {
        filetime::set_file_times(path, long_ago, long_ago).unwrap();
    }
    assert_eq!(clean(&["--older-than", "1d"]).files, 0, "times of files say nothing");
    age(&little.project, 40);
    made(little.xcargo(&["build", "--release"]));
    assert_eq!(clean(&["--older-than", "50d"]).files, 0);
    let report = clean(&["--older-than", "30d"]);
    assert!(report.files > 0);
    assert!(report.paths().all(|path| path.starts_with(little.at("target/debug"))), "{report:#?}");
    assert_eq!(made(little.cargo(&["build", "--release"])), 0);
    assert_eq!(made(little.cargo(&["build"])), all);
}
