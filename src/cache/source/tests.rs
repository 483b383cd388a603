//! Versions put together from partial knowledge: a wrong one would remove what the lock file still names.

use std::path::Path;

use super::{Draft, NoSource, Source, attribute, precalculated};
use crate::cache::dep_info::Said;
use crate::cache::fingerprint::{Edge, Fingerprint, Kind, Mode, Record, Records, Target};

struct Given {
    package: &'static str,
    mode: Mode,
    target: Target,
    said: Option<Said>,
    hash: u64,
    edges: Vec<(u64, u64)>,
}

fn lib(package: &'static str, said: Option<Said>, hash: u64, edges: &[(u64, u64)]) -> Given {
    Given { package, mode: Mode::Build, target: Target::Lib, said, hash, edges: edges.to_vec() }
}

fn script(package: &'static str, said: Option<Said>, hash: u64) -> Given {
    Given { package, mode: Mode::Build, target: Target::BuildScript, said, hash, edges: vec![] }
}

fn run(package: &'static str, hash: u64, edges: &[(u64, u64)]) -> Given {
    Given { package, mode: Mode::Run, target: Target::BuildScript, said: None, hash, edges: edges.to_vec() }
}

fn registry(version: &str) -> Source {
    Source::Registry { version: version.to_owned() }
}

fn said(version: &str) -> Option<Said> {
    Some(Said::From(registry(version)))
}

fn check(title: &str, given: Vec<Given>, expect: &[Source]) {
    let mut drafts: Vec<Draft> = given
        .into_iter()
        .map(|given| {
            let fingerprint = Fingerprint {
                kind: Kind { mode: given.mode, target: given.target, name: String::new() },
                rustc: 1,
                features: vec![],
                profile: 0,
            };
            let record = Record {
                fingerprint,
                hash_file: "lib-x".into(),
                root: 0,
                edges: given.edges.iter().map(|&(package, hash)| Edge { package, hash }).collect(),
                local: vec![],
                built: None,
            };
            let mut draft = Draft::new(
                given.package,
                "0123456789abcdef",
                Path::new(""),
                Records { all: vec![record], is_damaged: false },
            );
            draft.said.extend(given.said);
            draft.hashes.push(given.hash);
            draft
        })
        .collect();
    attribute(&mut drafts);
    let found: Vec<Source> = drafts.into_iter().map(|draft| draft.unit.source).collect();
    assert_eq!(found, expect, "{title}");
}

#[test]
fn what_one_unit_of_a_package_knows_all_know() {
    const PASTE: u64 = 900;
    let none = Source::Unknown(NoSource::NoEvidence);
    let odd = Source::Unknown(NoSource::Contradiction);
    check(
        "a run knows its own build script",
        vec![script("paste", said("1.0.15"), 10), run("paste", 11, &[(PASTE, 10)])],
        &[registry("1.0.15"), registry("1.0.15")],
    );
    check(
        "a run is known by its library's edge where its build script was rebuilt since",
        vec![
            script("paste", said("1.0.15"), 10),
            run("paste", 11, &[(PASTE, 99)]),
            lib("paste", said("1.0.15"), 12, &[(PASTE, 11)]),
            lib("app", Some(Said::From(Source::Path)), 13, &[(PASTE, 12)]),
        ],
        &[registry("1.0.15"), registry("1.0.15"), registry("1.0.15"), Source::Path],
    );
    check(
        "a run does not take the version of what it links to",
        vec![lib("z-sys", said("2.0.0"), 10, &[]), run("app", 11, &[(5, 10)])],
        &[registry("2.0.0"), none.clone()],
    );
    check(
        "overridden build scripts share a hash, not a version",
        vec![
            run("a-sys", 7, &[]),
            run("b-sys", 7, &[]),
            lib("a-sys", said("1.0.0"), 20, &[(1, 7)]),
            lib("b-sys", said("2.0.0"), 21, &[(2, 7)]),
            lib("app", Some(Said::From(Source::Path)), 22, &[(1, 20), (2, 21)]),
        ],
        &[none.clone(), none.clone(), registry("1.0.0"), registry("2.0.0"), Source::Path],
    );
    check(
        "two versions for one package id are none",
        vec![
            lib("itoa", said("1.0.0"), 10, &[]),
            lib("itoa", said("1.0.1"), 11, &[]),
            lib("app", Some(Said::From(Source::Path)), 12, &[(3, 10), (3, 11)]),
        ],
        &[odd.clone(), odd.clone(), Source::Path],
    );
    check(
        "a contradiction in a unit's own files stays one",
        vec![lib("x", Some(Said::Contradiction), 1, &[])],
        &[odd],
    );
    check("nothing said is nothing known", vec![lib("x", None, 1, &[(2, 3)])], &[none]);
    check(
        "a whole and a shortened commit are the same",
        vec![
            lib("g", Some(Said::From(Source::Git { rev: "bd565d9".to_owned() })), 10, &[]),
            lib(
                "g",
                Some(Said::From(Source::Git { rev: "bd565d9a04c6d1335750ca61913c9b95563ab883".to_owned() })),
                11,
                &[],
            ),
            lib("app", Some(Said::From(Source::Path)), 12, &[(3, 10), (3, 11)]),
        ],
        &[Source::Git { rev: "bd565d9".to_owned() }, Source::Git { rev: "bd565d9".to_owned() }, Source::Path],
    );
}

#[test]
fn precalculated_is_a_version_a_commit_or_a_time() {
    for (text, expect) in [
        ("1.0.19", Some(registry("1.0.19"))),
        ("1.0.0-rc.1+build", Some(registry("1.0.0-rc.1+build"))),
        (
            "bd565d9a04c6d1335750ca61913c9b95563ab883",
            Some(Source::Git { rev: "bd565d9a04c6d1335750ca61913c9b95563ab883".to_owned() }),
        ),
        ("1795376694.751796737s (benches/be.rs)", Some(Source::Path)),
        ("overridden build state with hash: 123", None),
        ("bd565d9", None),
        ("", None),
    ] {
        assert_eq!(precalculated(text), expect, "{text:?}");
    }
}
