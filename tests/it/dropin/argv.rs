//! The command line reaches cargo as it was typed, byte for byte.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use crate::support::cmd::Run;
use crate::support::sandbox::Sandbox;

/// A cargo that shows each argument in brackets.
const SHOW: &str = "#!/bin/sh\nprintf 'cargo was called\\n'\nfor arg in \"$@\"; do printf '<%s>\\n' \"$arg\"; done\nexit 5\n";

fn shown(args: &[OsString]) -> Vec<u8> {
    let mut text = b"cargo was called\n".to_vec();
    for arg in args {
        text.extend([b"<", arg.as_bytes(), b">\n"].concat());
    }
    text
}

fn through_xcargo(args: &[OsString]) -> Run {
    let sandbox = Sandbox::new();
    let cargo = sandbox.script("elsewhere/cargo", SHOW);
    sandbox.xcargo().env("XCARGO_CARGO", cargo).args(args).run()
}

#[test]
fn what_the_user_typed_is_what_cargo_gets() {
    let table: &[&[&[u8]]] = &[
        &[],
        &[b""],
        &[b"build"],
        &[b"+nightly", b"build"],
        &[b"+nightly"],
        &[b"-v", b"--color", b"never", b"build", b"--release"],
        &[b"--config", b"build.jobs=1", b"check"],
        &[b"--config=a.b='policy'", b"c"],
        &[b"-C", b"dir", b"-Zunstable-options", b"test"],
        &[b"run", b"--", b"policy", b"check", b"--dry-run", b"+x", b"--"],
        &[b"run", b"policy"],
        &[b"test", b"", b"--", b"", b"--exact"],
        &[b"my-alias", b"a b", b"$HOME", b"*", b"'\"`\\", b"line\nfeed"],
        &[b"script.rs", b"--version"],
        &[b"+stable", b"./some/script.rs", b"help"],
        &[b"not-\xff-utf8", b"\xfe"],
        &[b"run", b"--", b"\xff\xfe\xfd"],
        &[b"--manifest-path", b"a/\xff/Cargo.toml", b"build"],
        &[b"clippy-policy"],
        &[b"--unknown-flag", b"policy"],
        &[b"\xf0\x9f\xa6\x80"],
    ];
    for args in table {
        let args: Vec<OsString> = args.iter().map(|arg| OsStr::from_bytes(arg).to_owned()).collect();
        let run = through_xcargo(&args).code(5);
        assert_eq!(run.stdout, shown(&args), "{}", run.show());
        assert!(run.stderr.is_empty(), "{}", run.show());
    }
}

#[test]
fn a_cargo_policy_of_somebody_elses_is_reached_behind_two_dashes() {
    for (typed, reaches) in [
        (&["--", "policy"][..], &["policy"][..]),
        (&["--", "policy", "--", "check"], &["policy", "--", "check"]),
    ] {
        let run = through_xcargo(&typed.iter().map(OsString::from).collect::<Vec<_>>()).code(5);
        let expect = shown(&reaches.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(run.stdout, expect, "{}", run.show());
    }
}
