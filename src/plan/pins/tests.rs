//! A change edits what follows, leaves what does not, and says what it leaves.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Because, Blocked, ChangePlan, InCharge, OnUnreadable, Scope, Wanted, change, words};
use crate::pins::name::Named;
use crate::pins::role::{self, Ground, Tree};
use crate::pins::survey::{FileOfPins, Placed, Survey, UnreadableFile, shown};
use crate::pins::{Kind, Spelling, recognise};
use crate::sourced::{Origin, Sourced};
use crate::toolchain::rewrite::Parts;
use crate::toolchain::{Channel, ToolchainFile};

fn channel(text: &str) -> Channel {
    Channel::parse(text).expect("a channel")
}

/// A repository pinned to 1.78.0 that supports 1.70, with these files.
fn survey(files: &[(&str, &str)]) -> Survey {
    let ground = Ground {
        pins: vec![channel("1.78.0")],
        rust_versions: Named::parse("1.70", Spelling::Release).into_iter().collect(),
    };
    let mut survey = Survey {
        root: PathBuf::from("/r"),
        pin: Some(Sourced::new(channel("1.78.0"), Origin::ToolchainFile("/r/rust-toolchain.toml".into()))),
        ground,
        ..Survey::default()
    };
    for (path, text) in files {
        let path = PathBuf::from(path);
        let kind = Kind::of(&path).expect("a known kind");
        match recognise(kind, text) {
            Ok(found) => survey.files.push(FileOfPins {
                path,
                kind: Some(kind),
                text: Arc::from(*text),
                pins: found
                    .pins
                    .into_iter()
                    .map(|pin| {
                        let judged = role::judge(&pin, &survey.ground, Tree::Own);
                        Placed { pin, judged }
                    })
                    .collect(),
                remarks: found.remarks,
                jobs: found.jobs,
                patterns: Vec::new(),
                ignored: None,
            }),
            Err(error) => survey.unreadable.push(UnreadableFile {
                path,
                why: error.why,
                span: error.span,
                text: Some(Arc::from(*text)),
            }),
        }
    }
    survey
}

const FILE: &str = "# the pin\n[toolchain]\nchannel = \"1.78.0\"\n";

fn set(files: &[(&str, &str)], to: &str, unreadable: OnUnreadable) -> Result<ChangePlan, Vec<Blocked>> {
    let file = ToolchainFile::parse(Path::new("/r/rust-toolchain.toml"), FILE).expect("a toolchain file");
    let text = Arc::from(FILE);
    let in_charge = InCharge { file: &file, text: &text };
    let wanted = Wanted { to: channel(to), scope: Scope::Everything(Parts::default()), unreadable };
    change(&survey(files), Some(in_charge), Path::new("/r"), &wanted)
}

fn left(plan: &ChangePlan) -> Vec<(String, &Because)> {
    plan.left.iter().map(|left| (format!("{}:{}", shown(&left.path), left.line), &left.because)).collect()
}

#[test]
fn what_follows_is_edited_and_the_toolchain_file_comes_first() {
    let files = [
        ("Dockerfile", "FROM rust:1.78.0-slim AS build\nFROM debian\n"),
        ("clippy.toml", "msrv = \"1.70\"\n"),
        ("doctor.toml", "[toolchain]\nchannel = \"1.78.0\"\n"),
    ];
    let plan = set(&files, "1.79.0", OnUnreadable::Stop).expect("nothing in the way");
    let names: Vec<_> = plan.files.iter().map(words::file_change).collect();
    assert_eq!(names, ["rust-toolchain.toml: 1 place", "Dockerfile: 1 place", "doctor.toml: 1 place"]);
    assert_eq!(plan.files[0].after, FILE.replace("1.78.0", "1.79.0"));
    assert_eq!(plan.files[1].after, files[0].1.replace("1.78.0", "1.79.0"));
    assert_eq!(plan.left, []);
}

/// A place that stays behind without a word is the very drift that this is to end.
#[test]
fn what_cannot_follow_is_said() {
    let files = [("Dockerfile", "FROM rust:1.78.0@sha256:0000\nFROM rust:1.78\n")];
    let plan = set(&files, "nightly-2026-05-19", OnUnreadable::Stop).expect("nothing in the way");
    assert_eq!(
        left(&plan),
        [
            ("Dockerfile:1".to_owned(), &Because::Frozen(crate::pins::Frozen::Digest)),
            ("Dockerfile:2".to_owned(), &Because::Inexpressible)
        ]
    );
}

/// A linked toolchain may have any name; one place that is known by its official name must not hold back its whole file.
#[test]
fn a_linked_toolchain_is_named_where_that_can_be_told() {
    let ci = "env:\n  RUST_VERSION: 1.78.0\njobs:\n  a:\n    steps:\n    - uses: dtolnay/rust-toolchain@master\n      with: {toolchain: 1.78.0}\n";
    let files = [(".github/workflows/ci.yml", ci)];
    let plan = set(&files, "real", OnUnreadable::Stop).expect("nothing in the way");
    assert_eq!(plan.files[1].after, ci.replace("toolchain: 1.78.0", "toolchain: real"));
    assert_eq!(left(&plan), [(".github/workflows/ci.yml:2".to_owned(), &Because::Inexpressible)]);
}

#[test]
fn a_package_that_needs_a_newer_compiler_is_in_the_way() {
    let files = [("Cargo.toml", "[package]\nname = \"a\"\nrust-version = \"1.70\"\n")];
    let blocked = set(&files, "1.69.0", OnUnreadable::Stop).expect_err("too old");
    assert!(matches!(&blocked[..], [Blocked::TooOld { line: 3, .. }]), "{blocked:?}");
    assert!(set(&files, "1.70.0", OnUnreadable::Stop).is_ok());
}

#[test]
fn files_that_cannot_be_read_stop_the_change_unless_they_are_to_be_skipped() {
    let files = [(".gitlab-ci.yml", "image: [rust\n"), ("Dockerfile", "FROM rust:1.78.0\n")];
    let blocked = set(&files, "1.79.0", OnUnreadable::Stop).expect_err("no YAML");
    assert!(matches!(&blocked[..], [Blocked::Unreadable { .. }]), "{blocked:?}");
    let plan = set(&files, "1.79.0", OnUnreadable::Skip).expect("skipped");
    assert_eq!(plan.files.len(), 2);
    assert!(matches!(plan.left[0].because, Because::Unreadable(_)));
}

#[test]
fn without_a_toolchain_file_one_is_created() {
    let wanted = Wanted {
        to: channel("1.79.0"),
        scope: Scope::Everything(Parts::default()),
        unreadable: OnUnreadable::Stop,
    };
    let plan = change(&survey(&[]), None, Path::new("/r/rust"), &wanted).expect("nothing in the way");
    assert_eq!(plan.files.len(), 1);
    assert_eq!((&*plan.files[0].path, &plan.files[0].before), (Path::new("rust/rust-toolchain.toml"), &None));
    assert_eq!(plan.files[0].after, "[toolchain]\nchannel = \"1.79.0\"\n");
}

#[test]
fn what_names_the_new_pin_already_stays_untouched() {
    let files = [("Dockerfile", "FROM rust:1.79\n"), ("sub/Dockerfile", "FROM rust:1.79.0\n")];
    let plan = set(&files, "1.79.0", OnUnreadable::Stop).expect("nothing in the way");
    assert_eq!(plan.files.len(), 1, "the toolchain file alone: {plan:?}");
    let plan = set(&[], "1.78.0", OnUnreadable::Stop).expect("nothing in the way");
    assert_eq!(plan, ChangePlan::default());
}

/// A pin for Windows' other tools that loses its host would build with those of the machine's default.
#[test]
fn the_host_of_a_toolchain_file_stays() {
    let text = FILE.replace("1.78.0", "1.78.0-x86_64-pc-windows-gnu");
    let file = ToolchainFile::parse(Path::new("/r/rust-toolchain.toml"), &text).expect("a toolchain file");
    let text: Arc<str> = Arc::from(text);
    let in_charge = InCharge { file: &file, text: &text };
    for (to, expect) in [("1.79.0", "1.79.0-x86_64-pc-windows-gnu"), ("1.79.0-musl", "1.79.0-musl")] {
        let (scope, unreadable) = (Scope::Everything(Parts::default()), OnUnreadable::Stop);
        let wanted = Wanted { to: channel(to), scope, unreadable };
        let plan =
            change(&survey(&[]), Some(in_charge), Path::new("/r"), &wanted).expect("nothing in the way");
        assert_eq!(plan.files[0].after, FILE.replace("1.78.0", expect), "{to}");
        assert_eq!(super::for_file(&wanted.to, &file), channel(expect));
    }
}
