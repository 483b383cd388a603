//! The real cargo is found without ever finding xcargo itself, and where there is none, that is said.

use std::path::Path;

use crate::support::sandbox::{Sandbox, xcargo};

/// The exit code for "there is no cargo to hand the command to", from docs/exit-codes.md.
const NO_CARGO: i32 = 47;

#[test]
fn without_any_cargo_it_says_where_it_looked() {
    let sandbox = Sandbox::new();
    let home = sandbox.root().join("empty-home");
    let path = std::env::join_paths([sandbox.bin(), sandbox.root().join("second")]).unwrap();
    let run = sandbox.xcargo().arg("build").env("PATH", &path).env("CARGO_HOME", &home).run().code(NO_CARGO);
    for part in ["error[no-cargo]", "help:"] {
        assert!(run.err().contains(part), "no {part:?} in\n{}", run.show());
    }
    for dir in [sandbox.bin(), sandbox.root().join("second"), home.join("bin")] {
        assert!(
            run.err().contains(dir.to_str().unwrap()),
            "{} is not named in\n{}",
            dir.display(),
            run.show()
        );
    }
}

#[test]
fn a_cargo_outside_of_path_is_found_in_cargo_home() {
    let sandbox = Sandbox::new();
    let run = sandbox.xcargo().arg("-V").env("PATH", sandbox.root().join("tools")).run().ok();
    assert!(run.out().starts_with("cargo 1."), "{}", run.show());
}

#[test]
fn xcargo_cargo_names_the_cargo_to_use() {
    let sandbox = Sandbox::new();
    let mine = sandbox.script("my tools/my-cargo", "#!/bin/sh\necho mine \"$@\"\nexit 3\n");
    for value in [mine.as_path(), Path::new("../my tools/my-cargo")] {
        let run = sandbox.xcargo().args(["build", "-q"]).env("XCARGO_CARGO", value).run().code(3);
        assert_eq!(run.out(), "mine build -q\n", "{}", run.show());
    }
    let run = sandbox.xcargo().arg("-V").env("XCARGO_CARGO", "").run().ok();
    assert!(run.out().starts_with("cargo 1."), "an empty value counts as none: {}", run.show());
}

#[test]
fn an_xcargo_cargo_that_cannot_be_used_is_named_not_passed_over() {
    let sandbox = Sandbox::new();
    let plain = sandbox.root().join("plain-file");
    std::fs::write(&plain, "").unwrap();
    let link = sandbox.bin().join("cargo");
    std::os::unix::fs::symlink(xcargo(), &link).unwrap();
    for value in [&sandbox.root().join("missing"), &plain, &sandbox.bin(), xcargo(), &link] {
        let run = sandbox.xcargo().arg("build").env("XCARGO_CARGO", value).run().code(NO_CARGO);
        for part in ["error[no-cargo]", "XCARGO_CARGO", value.to_str().unwrap()] {
            assert!(run.err().contains(part), "no {part:?} in\n{}", run.show());
        }
    }
}

#[test]
fn a_script_named_cargo_that_only_leads_back_ends_instead_of_spinning() {
    let sandbox = Sandbox::new();
    let back = format!("#!/bin/sh\nexec '{}' \"$@\"\n", xcargo().display());
    let cargo = sandbox.script("bin/cargo", &back);
    for start in [xcargo(), &cargo] {
        let run = sandbox.command(start).arg("build").run().code(NO_CARGO);
        assert_eq!(run.err().matches("error[no-cargo]").count(), 1, "{}", run.show());
        assert!(run.err().contains("XCARGO_CARGO"), "the way out is named: {}", run.show());
    }
}

#[test]
fn a_script_in_between_that_knows_the_way_on_is_gone_through() {
    let sandbox = Sandbox::new();
    let real = sandbox.cargo_home().join("bin/cargo");
    sandbox.script("bin/cargo", &format!("#!/bin/sh\necho through >&2\nexec '{}' \"$@\"\n", real.display()));
    let run = sandbox.xcargo().arg("-V").run().ok();
    assert!(run.out().starts_with("cargo 1."), "{}", run.show());
    assert_eq!(run.err(), "through\n", "{}", run.show());
}
