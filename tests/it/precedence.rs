//! The active toolchain, held against the word of the machine's own rustup in many situations.
//!
//! A wrong answer here builds with another compiler than `cargo build` would, which is the one thing that a drop-in
//! must never do. The toolchains are empty directories: rustup asks for no more, and nothing is downloaded.

mod files;
mod sandbox;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::process::Command;

use xcargo::env::Env;
use xcargo::toolchain;

use sandbox::{Answer, Expect, Sandbox, Situation, real_rustup, reason};

const OVERRIDE: &str =
    "{VERSION}\ndefault_toolchain = \"stable-{HOST}\"\n[overrides]\n'{ROOT}/w' = 'stage1'\n";

#[test]
fn the_order_is_rustups() {
    use Expect::{Active, Missing};
    const FILE: &[(&str, &[u8])] = &[("w/rust-toolchain.toml", b"[toolchain]\nchannel = \"1.95.0\"\n")];
    const NIGHTLY: &[(&str, &str)] = &[("RUSTUP_TOOLCHAIN", "nightly-2026-05-19")];
    for situation in [
        Situation::new("the default", Active),
        Situation::new("a file over the default", Active).files(FILE),
        Situation::new("a file further up", Active).files(FILE).cwd("w/a/b"),
        Situation::new("an override over a file beside it", Active).files(FILE).settings(OVERRIDE),
        Situation::new("a nearer file over an override", Active)
            .files(&[("w/a/rust-toolchain", b"1.95.0")])
            .settings(OVERRIDE)
            .cwd("w/a"),
        Situation::new("a nearer override over a file", Active)
            .files(&[("rust-toolchain", b"1.95.0")])
            .settings(OVERRIDE)
            .cwd("w/a"),
        Situation::new("the variable over file and override", Active)
            .files(FILE)
            .settings(OVERRIDE)
            .vars(NIGHTLY),
        Situation::new("+toolchain over the variable", Active).files(FILE).vars(NIGHTLY).plus("stage1"),
        Situation::new("an empty variable", Active).files(FILE).vars(&[("RUSTUP_TOOLCHAIN", "")]),
        Situation::new("a missing +toolchain", Missing).plus("beta"),
        Situation::new("both files", Active)
            .files(&[("w/rust-toolchain", b"stage1"), ("w/rust-toolchain.toml", b"not even TOML")]),
        Situation::new("a directory named rust-toolchain", Active)
            .files(&[("w/rust-toolchain/x", b""), ("rust-toolchain", b"1.95.0")]),
        Situation::new("a file that is not UTF-8 is passed over", Active).files(&[
            ("w/rust-toolchain.toml", b"[toolchain]\nchannel = \"\xff\"\n"),
            ("rust-toolchain", b"1.95.0"),
        ]),
        Situation::new("a bare file that is not UTF-8 gives way to the other", Active).files(&[
            ("w/rust-toolchain", b"\xff"),
            ("w/rust-toolchain.toml", b"[toolchain]\nchannel = \"1.95.0\"\n"),
        ]),
    ] {
        situation.check();
    }
}

#[test]
fn names_mean_what_they_mean_to_rustup() {
    use Expect::{Active, Missing, Refused};
    for (name, expect) in [
        ("1.95.0", Active),
        ("1.95.0/", Active),
        ("1.8", Active),
        ("1.95", Missing),
        ("1.95.0-beta.1", Missing),
        ("1.95.0-beta.01", Missing),
        ("1.95.0-beta", Missing),
        ("1.095.0", Missing),
        ("10.1", Missing),
        ("nightly-2026-05-19", Active),
        ("nightly-2026-05-199", Missing),
        ("nightly-2026-05-19-musl", Missing),
        ("stable-{HOST}", Active),
        ("stable-i686", Missing),
        ("stable-gnu", Active),
        ("stable-musl", Missing),
        ("stable-linux-gnu", Missing),
        ("stable-unknown-linux", Missing),
        ("beta-aarch64-apple-darwin", Missing),
        ("beta-aarch64-pc-windows-msvc", Missing),
        ("stable-", Missing),
        ("stable-patched", Missing),
        ("my chain", Active),
        ("stage1", Active),
        ("Stable", Missing),
        ("-x", Missing),
        ("a:b", Missing),
        ("none", Refused),
        ("/", Refused),
        ("+stable", Refused),
        ("a/b", Refused),
        ("./stage1", Refused),
        ("{ROOT}/opt/rust", Active),
        ("{ROOT}/opt/rust//", Active),
        ("{ROOT}/opt", Refused),
        ("{ROOT}/nowhere", Refused),
    ] {
        // `stable-gnu` is whole only where the host is of the same kind.
        if name == "stable-gnu" && !cfg!(all(target_os = "linux", target_env = "gnu")) {
            continue;
        }
        let vars: &'static [(&str, &str)] = Box::leak(Box::new([("RUSTUP_TOOLCHAIN", name)]));
        Situation::new(name, expect).vars(vars).check();
    }
    Situation::new("a broken variable counts even beside +toolchain", Refused)
        .vars(&[("RUSTUP_TOOLCHAIN", "a/b")])
        .plus("stable")
        .check();
}

#[test]
fn without_settings_rustup_starts_anew() {
    let sandbox = Sandbox::new();
    let settings = sandbox.root.join("rustup/settings.toml");
    if settings.exists() {
        fs::remove_file(settings).expect("removed");
    }
    let ours = sandbox.our_answer(None, Path::new("w"), &[]);
    assert_eq!(ours.0, sandbox.their_answer(None, Path::new("w"), &[]).0);
    assert_eq!(ours.0, Answer::None);
    fs::remove_dir_all(sandbox.root.join("rustup")).expect("removed");
    let env = Env::of(sandbox.vars(&[]), sandbox.root.join("w"));
    assert_eq!(toolchain::rustup(&env).expect("no mistake"), None, "no rustup at all");
}

#[test]
fn the_pin_is_what_remains_without_plus_and_variable() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.root.join("rustup/settings.toml"), sandbox.fill("version = \"12\"\n"))
        .expect("settings");
    fs::write(sandbox.root.join("w/rust-toolchain"), "1.95.0").expect("a file");
    let env = Env::of(sandbox.vars(&[("RUSTUP_TOOLCHAIN", "a/b".into())]), sandbox.root.join("w"));
    let rustup = toolchain::rustup(&env).expect("valid").expect("rustup is there");
    let pinned = toolchain::pinned(&rustup, &env).expect("valid").expect("a pin");
    let (theirs, _) = sandbox.their_answer(None, Path::new("w"), &[]);
    assert_eq!(Answer::Active(format!("{} ({})", pinned.full_name, reason(&pinned))), theirs);
}

#[cfg(unix)]
#[test]
fn odd_directories_are_walked_as_rustup_walks_them() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::new();
    let root = &sandbox.root;
    let compare = |what: &str, cwd: &Path| {
        let (theirs, words) = sandbox.their_answer(None, cwd, &[]);
        assert!(matches!(theirs, Answer::Active(_)), "{what}: {words}");
        assert_eq!(sandbox.our_answer(None, cwd, &[]).0, theirs, "{what}");
    };

    fs::create_dir_all(root.join("w/real/a")).expect("directories");
    symlink(root.join("w/real"), root.join("link")).expect("a link");
    fs::write(root.join("w/rust-toolchain"), "1.95.0").expect("a file");
    compare("through a link, the file beside the real directory counts", Path::new("link/a"));

    fs::write(
        root.join("rustup/settings.toml"),
        sandbox.fill("version = \"12\"\n[overrides]\n'{ROOT}/link' = 'stable'\n'{ROOT}/w/real' = 'stage1'\n"),
    )
    .expect("settings");
    compare("an override of a link is never found, that of the real directory is", Path::new("link/a"));

    // Not every file system takes such a name; those that do must not confuse the walk.
    let odd = Path::new(OsStr::from_bytes(b"w/caf\xe9"));
    if fs::create_dir_all(root.join(odd)).is_ok() {
        compare("a path that is not UTF-8", odd);
        let settings = "version = \"12\"\n[overrides]\n'{ROOT}/w/caf\u{fffd}' = 'my chain'\n";
        fs::write(root.join("rustup/settings.toml"), sandbox.fill(settings)).expect("settings");
        compare("an override of it, under the key that rustup writes", odd);
        fs::write(root.join(odd).join("rust-toolchain"), "nightly-2026-05-19").expect("a file");
        fs::write(root.join("rustup/settings.toml"), "version = \"12\"\n").expect("settings");
        compare("a file in it", odd);
    }
    let unreadable = [("RUSTUP_TOOLCHAIN", OsString::from(OsStr::from_bytes(b"st\xe9ble")))];
    assert_eq!(sandbox.their_answer(None, Path::new("w"), &unreadable).0, Answer::Refused);
    assert_eq!(sandbox.our_answer(None, Path::new("w"), &unreadable).0, Answer::Refused);
}

/// What the proxy sets for its child is what must be set where it is gone around.
#[cfg(unix)]
#[test]
fn the_proxy_would_run_the_same_and_say_the_same() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::new();
    let root = &sandbox.root;
    fs::create_dir_all(root.join("bin")).expect("a directory");
    symlink(real_rustup(), root.join("bin/cargo")).expect("a proxy");
    for dir in ["rustup/toolchains/stage1", "opt/rust"] {
        // The shell itself: a script written here could still be open in a child of another test (ETXTBSY).
        symlink("/bin/sh", root.join(dir).join("bin/cargo")).expect("a link");
    }
    fs::write(root.join("rustup/settings.toml"), "version = \"12\"\ndefault_toolchain = \"stage1\"\n")
        .expect("settings");
    fs::create_dir_all(root.join("w/file")).expect("a directory");
    fs::write(root.join("w/file/rust-toolchain"), sandbox.fill("{ROOT}/opt/rust")).expect("a file");

    const SAY: &str =
        r#"echo "$0|$RUSTUP_TOOLCHAIN|$RUSTUP_TOOLCHAIN_SOURCE|$LD_LIBRARY_PATH$DYLD_FALLBACK_LIBRARY_PATH""#;
    let loader = if cfg!(target_os = "macos") { "DYLD_FALLBACK_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };
    let path_name = sandbox.fill("{ROOT}/opt/rust/");
    let there = root.join("opt/rust/lib");
    for (plus, cwd, vars) in [
        (None, "w", vec![]),
        (None, "w/file", vec![]),
        (Some("stage1"), "w/file", vec![]),
        (Some(path_name.as_str()), "w", vec![(loader, OsString::from("/a:/b"))]),
        (None, "w", vec![("RUSTUP_TOOLCHAIN", OsString::from("stage1")), (loader, OsString::new())]),
        (None, "w/file", vec![(loader, OsString::from(format!("/a:{}", there.display())))]),
    ] {
        let mut command = Command::new(root.join("bin/cargo"));
        command.args(plus.map(|name| format!("+{name}"))).args(["-c", SAY]);
        command.current_dir(root.join(cwd)).env_clear().envs(sandbox.vars(&vars));
        let output = command.output().expect("the proxy starts");
        let said = String::from_utf8(output.stdout).expect("text");

        let env = Env::of(sandbox.vars(&vars), root.join(cwd));
        let rustup = toolchain::rustup(&env).expect("valid").expect("rustup is there");
        let active = toolchain::active(&rustup, plus, &env).expect("valid").expect("a toolchain");
        let (variable, libraries) = toolchain::loader_path(&active.path, &env).expect("a plain path");
        assert_eq!(variable, loader);
        let expect = [
            active.tool("cargo").to_string_lossy().into_owned(),
            active.full_name.clone(),
            active.source().to_owned(),
            libraries.to_string_lossy().into_owned(),
        ];
        assert_eq!(said.trim_end(), expect.join("|"), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Rustup warns of the ignored file in each command; gone around, nobody would.
#[test]
fn the_file_that_rustup_warns_of_is_known() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.root.join("w/rust-toolchain"), "stage1").expect("a file");
    fs::write(sandbox.root.join("w/rust-toolchain.toml"), "").expect("a file");
    let (_, words) = sandbox.their_answer(None, Path::new("w"), &[]);
    let env = Env::of(sandbox.vars(&[]), sandbox.root.join("w"));
    let rustup = toolchain::rustup(&env).expect("valid").expect("rustup is there");
    let active = toolchain::active(&rustup, None, &env).expect("valid").expect("a toolchain");
    let shadowed = active.shadowed.expect("the second file");
    assert!(words.contains(&format!("and {} exist", shadowed.display())), "{words}");
}
