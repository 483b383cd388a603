//! What is cleaned and what is refused, rule by rule, on real directories.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Evidence, OutOfBounds, OwnDir, State, Treasure, prove};
use crate::env::Env;
use crate::exit::Code;
use crate::sourced::{Origin, Sourced};
use crate::workspace::config::CargoConfig;
use crate::workspace::{Asked, Workspace, locate};

const TAG: &str =
    "Signature: 8a477f597d28d172789f06886806bc55\n# This file is a cache directory tag created by cargo.\n";

#[cfg(unix)]
mod by_hand;
#[cfg(unix)]
mod handles;
mod neighbours;
#[cfg(unix)]
mod tracked;

/// `ws` (root package, members `a` and `deep/b`), a path dependency `dep` beside it, and homes of their own.
pub(super) struct Place {
    _dir: tempfile::TempDir,
    pub(super) root: PathBuf,
    env: Env,
    pub(super) workspace: Workspace,
}

impl Place {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let root = dir.path().canonicalize().expect("its real path");
        let package = |name: &str, rest: &str| {
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{rest}")
        };
        let members = "[dependencies]\ndep.path = \"../dep\"\n[workspace]\nmembers = [\"a\", \"deep/b\"]\n";
        for (file, text) in [
            ("ws/Cargo.toml", package("ws", members)),
            ("ws/src/lib.rs", String::new()),
            ("ws/.git/HEAD", String::new()),
            ("ws/a/Cargo.toml", package("a", "")),
            ("ws/a/src/lib.rs", String::new()),
            ("ws/a/tests/t.rs", String::new()),
            ("ws/deep/b/Cargo.toml", package("b", "")),
            ("ws/deep/b/src/lib.rs", String::new()),
            ("dep/Cargo.toml", package("dep", "")),
            ("dep/src/lib.rs", String::new()),
            ("home/.cargo/config.toml", String::new()),
            ("home/.rustup/settings.toml", String::new()),
        ] {
            write(&root.join(file), &text);
        }
        let home = root.join("home");
        let env = Env::of([(OsString::from("HOME"), home.into_os_string())], root.join("ws"));
        let config = CargoConfig::load(&[], &env).expect("no configuration");
        let workspace = locate(&Asked::default(), &config, &env).expect("a workspace").expect("a workspace");
        Self { _dir: dir, root, env, workspace }
    }

    /// Below the place.
    pub(super) fn write(&self, file: &str, text: &str) {
        write(&self.root.join(file), text);
    }

    /// A build dir with all marks of cargo's.
    fn build(&self, dir: &str) {
        self.write(&format!("{dir}/CACHEDIR.TAG"), TAG);
        self.write(&format!("{dir}/.rustc_info.json"), "{}");
        self.write(&format!("{dir}/debug/.cargo-lock"), "");
        self.write(&format!("{dir}/debug/.fingerprint/a-0123456789abcdef/lib-a"), "0123456789abcdef");
    }

    fn prove(&self, dir: impl AsRef<Path>, allowed: &[&str]) -> Result<OwnDir, OutOfBounds> {
        let sourced = |path: PathBuf| Sourced::new(path, Origin::CommandLine("--target-dir".to_owned()));
        let allowed: Vec<_> = allowed.iter().map(|path| sourced(self.root.join(path))).collect();
        prove(&sourced(dir.as_ref().to_path_buf()), &self.workspace, &allowed, &self.env)
    }
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().expect("a parent")).expect("directories");
    fs::write(file, text).expect("a file");
}

#[test]
fn what_cargo_made_inside_the_workspace_may_be_cleaned() {
    for (made, expect) in [
        (&[][..], State::Absent),
        (&[("ws/target/", "")], State::Empty),
        (&[("ws/target/CACHEDIR.TAG", TAG)], State::Cargo(Evidence::Tag)),
        (&[("ws/target/.rustc_info.json", "{}")], State::Cargo(Evidence::RustcInfo)),
        (&[("ws/target/debug/.fingerprint/a-0/x", "")], State::Cargo(Evidence::Fingerprints)),
        (&[("ws/target/x86_64-unknown-linux-gnu/release/.cargo-lock", "")], State::Cargo(Evidence::Lock)),
        (&[("ws/target/debug/.cargo-build-lock", "")], State::Cargo(Evidence::Lock)),
        (&[("ws/target/debug/build/a/0123456789abcdef/fingerprint/x", "")], State::Cargo(Evidence::Units)),
    ] {
        let place = Place::new();
        for (file, text) in made {
            let file = place.root.join(file);
            match file.to_string_lossy().ends_with('/') {
                true => fs::create_dir_all(file).expect("a directory"),
                false => write(&file, text),
            }
        }
        let target = place.root.join("ws/target");
        for spelled in ["target", "./target/", "a/../target", "../ws/target/."] {
            let proven = place.prove(spelled, &[]).expect(spelled);
            assert_eq!((proven.path(), proven.state()), (target.as_path(), expect), "{spelled} {made:?}");
        }
    }
}

#[test]
fn what_does_not_look_like_cargos_is_left_alone() {
    for made in [
        "notes.txt",
        "debug/build/output.txt",
        "debug/build/a/out/fingerprint/x",
        "CACHEDIR.TAG",
        "debug/deep/er/.fingerprint/x",
    ] {
        let place = Place::new();
        // The standard's signature without cargo's own line: another tool's cache.
        write(&place.root.join("ws/target").join(made), "Signature: 8a477f597d28d172789f06886806bc55\n");
        let refused = place.prove("target", &[]).expect_err(made);
        assert!(matches!(refused, OutOfBounds::Strange { .. }), "{made}: {refused:?}");
    }
    let place = Place::new();
    write(&place.root.join("ws/target"), TAG);
    assert!(matches!(place.prove("target", &[]), Err(OutOfBounds::NotADirectory { .. })));
    assert!(matches!(place.prove("", &[]), Err(OutOfBounds::Nameless { .. })));
}

#[test]
fn what_holds_something_precious_is_refused_even_where_the_policy_opens_it() {
    for (dir, expect) in [
        ("/", Treasure::FileSystem),
        ("../../../../../../../../../../../..", Treasure::FileSystem),
        (".", Treasure::Workspace),
        ("..", Treasure::Workspace),
        ("nowhere/..", Treasure::Workspace),
        ("../home", Treasure::Home),
        ("../home/.cargo", Treasure::CargoHome),
        ("../home/.rustup", Treasure::RustupHome),
        (".git", Treasure::Git),
        ("a", Treasure::Package),
        ("deep", Treasure::Member),
        ("src", Treasure::Sources),
        ("a/src", Treasure::Sources),
        ("a/tests", Treasure::Sources),
        ("../dep", Treasure::Package),
        ("../dep-parent", Treasure::Package),
        ("../clone", Treasure::Git),
    ] {
        let place = Place::new();
        write(&place.root.join("dep-parent/Cargo.toml"), "[workspace]");
        write(&place.root.join("clone/.git"), "gitdir: elsewhere");
        // A tag makes it look like cargo's, and the policy opens everything: the rule must hold by itself.
        // Resolved first, so that the test itself writes nowhere but into its own place.
        if let Ok(real) = place.root.join("ws").join(dir).canonicalize()
            && real.starts_with(&place.root)
        {
            fs::write(real.join("CACHEDIR.TAG"), TAG).expect("a tag");
        }
        let refused = place.prove(dir, &[".", "/"]).expect_err(dir);
        match refused {
            OutOfBounds::Holds { treasure, .. } => assert_eq!(treasure, expect, "{dir}"),
            other => panic!("{dir}: {other:?}"),
        }
    }
}

#[test]
fn the_path_dependency_of_a_member_and_the_current_directory_are_precious_too() {
    let mut place = Place::new();
    let outer = place.root.join("outer");
    write(&outer.join("lib/Cargo.toml"), "[package]\nname = \"lib\"\nversion = \"0.1.0\"\n");
    let manifest = place.root.join("ws/a/Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    write(&manifest, &format!("{text}\n[build-dependencies]\nlib.path = \"../../outer/lib\"\n"));
    assert!(matches!(
        place.prove(&outer, &["outer"]),
        Err(OutOfBounds::Holds { treasure: Treasure::PathDependency, .. })
    ));
    fs::create_dir_all(place.root.join("ws/scratch/inner")).expect("directories");
    place.env = place.env.in_dir(place.root.join("ws/scratch/inner"));
    assert!(matches!(place.prove("..", &[]), Err(OutOfBounds::Holds { treasure: Treasure::CurrentDir, .. })));
}

#[test]
fn outside_is_refused_unless_the_policy_opens_that_place() {
    for (dir, allowed, inside) in [
        ("../elsewhere", &[][..], false),
        ("../elsewhere", &["elsewhere"], true),
        ("../elsewhere/deeper", &["elsewhere"], true),
        ("../elsewhere", &["elsewhere/deeper"], false),
        ("../elsewhere-2", &["elsewhere"], false),
        ("../ws-2/target", &["ws-2/other", "ws-2/target"], true),
        ("target", &[], true),
    ] {
        let place = Place::new();
        match place.prove(dir, allowed) {
            Ok(_) => assert!(inside, "{dir} {allowed:?}"),
            Err(OutOfBounds::Outside { .. }) => assert!(!inside, "{dir} {allowed:?}"),
            Err(other) => panic!("{dir} {allowed:?}: {other:?}"),
        }
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_cleaned_through_a_link() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    let at = |name: &str| place.root.join(name);
    write(&at("elsewhere/debug/.cargo-lock"), "");
    write(&at("ws/real/debug/.cargo-lock"), "");
    for (link, to) in [
        ("ws/target", "elsewhere"),
        ("ws/inner", "ws/real"),
        ("ws/broken", "nowhere"),
        ("ws/way", "."),
        ("ws/short", "ws/deep"),
        ("way", "ws"),
    ] {
        symlink(at(to), at(link)).expect("a link");
    }
    assert!(matches!(place.prove("target", &["elsewhere"]), Err(OutOfBounds::Link { .. })));
    assert!(matches!(place.prove("target/debug", &["elsewhere"]), Err(OutOfBounds::ThroughLink { .. })));
    assert!(matches!(place.prove("way/elsewhere", &["elsewhere"]), Err(OutOfBounds::ThroughLink { .. })));
    assert!(matches!(place.prove("inner", &[]), Err(OutOfBounds::Link { .. })));
    assert!(matches!(place.prove("broken", &[]), Err(OutOfBounds::Unresolved { .. })));
    assert!(matches!(place.prove("broken/target", &[]), Err(OutOfBounds::Unresolved { .. })));
    // `..` behind a link is the parent of where it leads: here the workspace, not `ws/short/..` by its text.
    assert!(matches!(
        place.prove("short/..", &[]),
        Err(OutOfBounds::Holds { treasure: Treasure::Workspace, .. })
    ));
    // A link above the workspace (`/tmp` on macOS) and one that stays inside are harmless.
    assert!(place.prove(at("way/real"), &[]).is_ok());
    assert_eq!(place.prove("short/target", &[]).expect("inside").path(), at("ws/deep/target"));
}

#[test]
fn a_refusal_names_the_directory_who_set_it_the_rule_and_the_way_out() {
    let place = Place::new();
    let failure = place.prove("../elsewhere", &[]).expect_err("outside").into_failure();
    assert_eq!(failure.code, Code::OutsideBounds);
    let shown = failure.diagnostics[0].render(false);
    for part in
        ["error[outside-bounds]", "../elsewhere", "lies outside", "`--target-dir`", "clean.allow-outside"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn a_workspace_whose_members_are_unknown_is_not_cleaned() {
    let place = Place::new();
    fs::remove_file(place.root.join("ws/a/Cargo.toml")).expect("a manifest");
    assert!(matches!(place.prove("target", &[]), Err(OutOfBounds::MembersUnknown { .. })));
}
