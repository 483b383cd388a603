//! Where a clean is asked for in odd places: no terminal, no cargo, a broken manifest, directories that are not there, not
//! writable, not UTF-8, an alias, a program that cargo runs.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use fs_err as fs;

use super::fixture::Shape;
use super::little::{DONE, Little};
use super::report::Report;
use crate::support::listing::Listing;
use crate::support::sandbox::{Sandbox, xcargo};
use crate::support::terminal::Terminal;

/// The exit code for what the policy forbids, from docs/exit-codes.md.
const REFUSED: i32 = 41;

const ASK: &str = "[policy]\n[clean]\nbackground = false\nfull = \"ask\"\n";

fn is_clean(little: &Little<'_>) -> bool {
    !little.at("target/debug/top").exists() && !little.at("target/debug/deps").exists()
}

#[test]
fn a_person_is_asked_before_everything_goes() {
    let sandbox = Sandbox::new();
    let little = Little::built(&sandbox, "p", ASK, Shape::One);
    let before = little.listing();
    for answer in ["n\n", "\n"] {
        let mut terminal = Terminal::start(little.xcargo(&["clean"]));
        terminal.wait_for("?");
        terminal.type_in(answer);
        let run = terminal.finish().code(REFUSED);
        assert!(before.gone_in(&little.listing()).is_empty(), "{answer:?}: {}", run.show());
    }
    // Nobody is asked about what is not everything, nor for a look.
    for args in [&["clean", "--dry-run"][..], &["clean", "--stale"], &["clean", "-p", "low", "--release"]] {
        little.xcargo(args).run().ok();
    }
    assert!(before.gone_in(&little.listing()).is_empty());
    let mut terminal = Terminal::start(little.xcargo(&["clean"]));
    terminal.wait_for("?");
    terminal.type_in("y\n");
    let run = terminal.finish().ok();
    assert!(is_clean(&little), "{}", run.show());
    // There is nothing left to ask about.
    little.xcargo(&["clean"]).run().ok();
}

#[test]
fn where_nobody_can_be_asked_everything_stays_unless_it_is_said_beforehand() {
    let sandbox = Sandbox::new();
    let little = Little::built(&sandbox, "p", ASK, Shape::One);
    let before = little.listing();
    for ci in [None, Some("true")] {
        let cmd = little.xcargo(&["clean"]).stdin("y\n");
        let cmd = ci.map_or_else(|| little.xcargo(&["clean"]), |ci| cmd.env("CI", ci));
        let run = cmd.run().code(REFUSED);
        assert!(run.err().contains("error[policy-refused]") && run.err().contains("--yes"), "{}", run.show());
        assert!(before.gone_in(&little.listing()).is_empty(), "{}", run.show());
    }
    let run = little.xcargo(&["clean", "--yes"]).env("CI", "true").run().ok();
    assert!(is_clean(&little), "{}", run.show());
}

#[test]
fn a_policy_may_forbid_it() {
    let sandbox = Sandbox::new();
    let little =
        Little::built(&sandbox, "p", "[policy]\n[clean]\nfull = \"deny\"\nbackground = false\n", Shape::One);
    let before = little.listing();
    let run = little.xcargo(&["clean", "--yes"]).run().code(REFUSED);
    assert!(
        run.err().contains("doctor.toml") && before.gone_in(&little.listing()).is_empty(),
        "{}",
        run.show()
    );
    little.xcargo(&["clean", "-p", "low"]).run().ok();
    assert!(!before.gone_in(&little.listing()).is_empty());
}

/// The toolchain manager is often what is broken when somebody cleans.
#[test]
fn neither_cargo_nor_rustup_is_needed() {
    let sandbox = Sandbox::new();
    for (at, args) in
        [&["clean", "--yes"][..], &["clean", "--json", "-p", "low"], &["clean", "--manual", "target"]]
            .into_iter()
            .enumerate()
    {
        let little = Little::built(&sandbox, &format!("p{at}"), DONE, Shape::One);
        let before = little.listing();
        let run = little.xcargo(args).env("PATH", sandbox.root().join("tools")).run().ok();
        assert!(!before.gone_in(&little.listing()).is_empty(), "{}", run.show());
        little.works();
    }
}

#[test]
fn a_broken_manifest_is_no_reason_for_rm() {
    let sandbox = Sandbox::new();
    let little = Little::built(&sandbox, "p", DONE, Shape::One);
    let manifest = little.at("Cargo.toml");
    let good = fs::read(&manifest).unwrap();
    fs::write(&manifest, "[package\nname = ").unwrap();
    let before = little.listing();
    for cmd in [little.cargo(&["clean"]), little.xcargo(&["clean"]), little.xcargo(&["clean", "--stale"])] {
        let run = cmd.run();
        assert!(!run.status.success() && before.gone_in(&little.listing()).is_empty(), "{}", run.show());
    }
    // Not what is no target dir, whatever it is called.
    for dir in ["low", ".", "..", "/", "low/src"] {
        let run = little.xcargo(&["clean", "--yes", "--manual", dir]).run().code(43);
        assert!(before.gone_in(&little.listing()).is_empty(), "{}", run.show());
    }
    let run = little.xcargo(&["clean", "--yes", "--manual", "target"]).run().ok();
    assert!(is_clean(&little), "{}", run.show());
    fs::write(&manifest, good).unwrap();
    little.works();
}

#[test]
fn an_empty_or_absent_target_dir_is_clean() {
    let sandbox = Sandbox::new();
    let little = Little::new(&sandbox, "p", DONE);
    little.cargo(&["generate-lockfile"]).run().ok();
    for args in [
        &["clean", "--json"][..],
        &["clean", "--json", "-p", "low"],
        &["clean", "--json", "--stale", "--damaged"],
        &["clean", "--json", "--doc"],
    ] {
        let run = little.xcargo(args).run().ok();
        assert_eq!(Report::of(&run).files, 0, "{}", run.show());
        assert!(!little.at("target").exists(), "a clean makes nothing: {}", run.show());
        fs::create_dir(little.at("target")).unwrap();
        let run = little.xcargo(args).run().ok();
        assert_eq!(Report::of(&run).files, 0, "{}", run.show());
        let left = Listing::read(&little.at("target"));
        assert_eq!(left.paths().count(), 0, "{left:?}\n{}", run.show());
        fs::remove_dir(little.at("target")).unwrap();
    }
    little.xcargo(&["clean"]).run().ok();
    little.works();
}

/// Paths are bytes. rustc takes no such path, so that it only comes about by a move; nobody can build in there afterwards.
#[test]
fn a_target_dir_that_is_not_utf8_is_cleaned() {
    let sandbox = Sandbox::new();
    let little = Little::built(&sandbox, "p", DONE, Shape::One);
    let dir = little.project.root().join(OsStr::from_bytes(b"caf\xe9"));
    fs::rename(little.at("target"), &dir).unwrap();
    let run = little.xcargo(&["clean", "--json", "--dry-run"]).env("CARGO_TARGET_DIR", &dir).run().ok();
    assert!(Report::of(&run).files > 0);
    let run = little.xcargo(&["clean", "--yes"]).env("CARGO_TARGET_DIR", &dir).run().ok();
    assert!(!dir.join("debug/top").exists() && dir.join("debug/.cargo-lock").exists(), "{}", run.show());
}

#[test]
fn an_alias_for_clean_is_a_clean() {
    let sandbox = Sandbox::new();
    let mut little = Little::new(&sandbox, "p", DONE);
    little.project = little.project.file(".cargo/config.toml", "[alias]\nwipe = \"clean --release\"\n");
    for args in [&["build"][..], &["build", "--release"]] {
        little.cargo(args).run().ok();
    }
    let lock = fs::File::open(little.at("target/release/.cargo-lock")).unwrap();
    lock.file().lock().unwrap();
    little.xcargo(&["wipe", "--no-wait"]).run().code(super::edges::BUSY);
    drop(lock);
    let run = little.xcargo(&["wipe"]).run().ok();
    assert!(
        !little.at("target/release/top").exists() && little.at("target/debug/top").exists(),
        "{}",
        run.show()
    );
    assert!(little.at("target/release/.cargo-lock").exists(), "it was xcargo's clean: {}", run.show());
}

/// A program that cargo runs may clean, as an xtask does: the lock is not held any more, and the bounds hold.
#[test]
fn a_clean_by_a_program_that_cargo_runs_is_ours() {
    let sandbox = Sandbox::new();
    let mut little = Little::new(&sandbox, "p", DONE);
    little.project = little.project.file(
        "src/main.rs",
        "fn main() { assert!(std::process::Command::new(\"cargo\").args([\"clean\", \"-p\", \"low\"]).status().unwrap().success()); \
         println!(\"{}\", low::N + 1); }\n",
    );
    symlink(xcargo(), sandbox.bin().join("cargo")).unwrap();
    let run = little.cargo(&["run", "-q"]).run().ok();
    assert_eq!(run.out(), super::little::PRINTS, "{}", run.show());
    let deps = Listing::read(&little.at("target/debug/deps"));
    let is_lows = |path: &Path| path.file_name().unwrap().as_bytes().starts_with(b"liblow-");
    assert!(!deps.paths().any(is_lows), "{}", run.show());
}

/// What nobody can tell is left, and said.
#[test]
fn what_cargo_does_not_make_stays_and_is_named() {
    let sandbox = Sandbox::new();
    let little = Little::built(&sandbox, "p", DONE, Shape::One);
    fs::create_dir(little.at("target/mine")).unwrap();
    fs::write(little.at("target/mine/notes.txt"), "mine").unwrap();
    fs::write(little.at("target/notes.txt"), "mine").unwrap();
    let run = little.xcargo(&["clean", "--json"]).run().ok();
    let report = Report::of(&run);
    for stays in ["target/mine", "target/notes.txt"] {
        assert!(little.at(stays).exists(), "{stays}: {}", run.show());
        let said = report.left.iter().find(|left| left.path == little.at(stays));
        assert!(said.is_some_and(|left| !left.why.is_empty()), "{stays} is not named: {}", run.show());
    }
    assert!(is_clean(&little));
    let run = little.xcargo(&["clean"]).run().ok();
    assert!(run.err().contains("mine"), "{}", run.show());
}

/// What is not one file or directory as cargo makes them is not followed.
#[test]
fn a_read_only_file_goes_and_a_link_is_only_a_link() {
    let sandbox = Sandbox::new();
    let little = Little::built(&sandbox, "p", DONE, Shape::One);
    let outside = sandbox.work().join("precious");
    fs::write(&outside, "mine").unwrap();
    fs::set_permissions(little.at("target/debug/top"), PermissionsExt::from_mode(0o444)).unwrap();
    let run = little.xcargo(&["clean"]).run().ok();
    assert!(is_clean(&little), "{}", run.show());
    little.works();
    symlink(&outside, little.at("target/debug/deps/link")).unwrap();
    // Refused or only the link: never what it leads to.
    little.xcargo(&["clean"]).run();
    assert_eq!(fs::read_to_string(&outside).unwrap(), "mine");
}
