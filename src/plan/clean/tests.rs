//! Only what is positively known to be gone goes.

mod asked;

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{
    Asked, CleanPlan, Compilers, Criteria, Other, Owners, Packages, Reason, Rules, Sight, Wanted, What, Where,
};
use crate::cache::finals::Finals;
use crate::cache::outline::Outline;
use crate::cache::{
    Cache, Entry, Fingerprint, Incremental, Kind, Layout, Mode, NoSource, ProfileDir, Source, Target, Told,
    Unit,
};
use crate::policy::Scope;
use crate::toolchain::Identity;
use crate::workspace::lock_file::{self, Package};

fn compiler(release: &str) -> Identity {
    Identity {
        name: format!("{release}-host"),
        verbose_version: format!("rustc {release} (abc 2026-01-01)\nhost: h\nrelease: {release}\n"),
        stat: serde_json::from_str("{\"files\":[]}").expect("a stamp of no files"),
    }
}

fn rustc(release: &str) -> u64 {
    compiler(release).fingerprint_hashes()[0]
}

fn print(rustc: u64) -> Fingerprint {
    let kind = Kind { mode: Mode::Build, target: Target::Lib, name: "itoa".to_owned() };
    Fingerprint { kind, rustc, features: Vec::new(), profile: 0 }
}

fn unit(id: &str, rustcs: &[u64], source: Source) -> Unit {
    Unit {
        package: "itoa".to_owned(),
        id: id.to_owned(),
        fingerprints: rustcs.iter().map(|rustc| print(*rustc)).collect(),
        source,
        built: None,
        entries: vec![Entry::Tree(PathBuf::from(id))],
    }
}

fn cache(units: Vec<Unit>, incremental: Vec<Incremental>, builds_std: bool) -> Cache {
    let profile = ProfileDir {
        path: PathBuf::from("debug"),
        triple: None,
        name: "debug".into(),
        layout: Layout::One,
        units,
        incremental,
        builds_std,
    };
    Cache { dir: PathBuf::from("/t"), profiles: vec![profile], unknown: Vec::new(), has_rustc_info: true }
}

fn decide(cache: &Cache, rules: &Rules) -> CleanPlan {
    decide_beside(cache, rules, &Owners::default())
}

fn decide_beside(cache: &Cache, rules: &Rules, owners: &Owners) -> CleanPlan {
    let criteria = Criteria { stale: Some(rules.clone()), ..Criteria::default() };
    let what = What::Matching(Box::new(criteria));
    let wanted = Wanted { place: Where::default(), what, by: Asked::ByStep };
    let (build, finals) = (Outline::default(), Finals::default());
    super::decide(Sight { build: &build, target: None, cache, finals: &finals }, &wanted, owners)
}

fn gone(cache: &Cache, rules: &Rules) -> Vec<String> {
    gone_beside(cache, rules, &Owners::default())
}

fn gone_beside(cache: &Cache, rules: &Rules, owners: &Owners) -> Vec<String> {
    decide_beside(cache, rules, owners)
        .groups
        .iter()
        .flat_map(|group| &group.build)
        .map(|entry| entry.path().display().to_string())
        .collect()
}

fn compilers(stay: &[&str], gone: &[&str]) -> Rules {
    let list = |releases: &[&str]| releases.iter().map(|release| compiler(release)).collect();
    let compilers =
        Compilers { stay: list(stay), gone: list(gone), pin: "1.78.0".to_owned(), replaced: false };
    Rules { scope: Scope::Stale, compilers: Some(compilers), packages: None }
}

/// What a user would lose: a build to E0514, because cargo takes the new compiler for the old one.
#[test]
fn what_cargo_remembers_of_a_replaced_compiler_goes_and_only_then() {
    for (has_rustc_info, replaced, expect) in
        [(true, true, &[".rustc_info.json"][..]), (true, false, &[]), (false, true, &[])]
    {
        let cache = Cache { has_rustc_info, ..cache(Vec::new(), Vec::new(), false) };
        let mut rules = compilers(&["1.78.0"], &[]);
        rules.compilers.as_mut().expect("they are judged").replaced = replaced;
        assert_eq!(gone(&cache, &rules), expect, "{has_rustc_info} {replaced}");
        rules.compilers = None;
        assert_eq!(gone(&cache, &rules), [""; 0], "compilers are not judged");
    }
}

/// What a user would lose: the units of a toolchain that they still use, or ones that nobody can name.
#[test]
fn only_units_of_compilers_known_to_be_gone_go() {
    let (old, new, strange) = (rustc("1.77.2"), rustc("1.78.0"), 42);
    let cache = cache(
        vec![
            unit("old", &[old], Source::Path),
            unit("new", &[new], Source::Path),
            unit("strange", &[strange], Source::Path),
            unit("old and new", &[old, new], Source::Path),
            unit("old and strange", &[old, strange], Source::Path),
            unit("twice old", &[old, old], Source::Path),
            unit("none", &[], Source::Path),
        ],
        vec![],
        false,
    );
    assert_eq!(gone(&cache, &compilers(&["1.78.0"], &["1.77.2"])), ["old", "twice old"]);
    assert_eq!(gone(&cache, &compilers(&["1.78.0", "1.77.2"], &[])), [] as [&str; 0], "kept");
    assert_eq!(gone(&cache, &compilers(&["1.77.2"], &["1.77.2"])), [] as [&str; 0], "who stays, stays");
}

#[test]
fn incremental_sessions_go_by_the_compiler_that_wrote_them() {
    let session = |name: &str, version: Option<&str>| Incremental {
        crate_name: name.to_owned(),
        path: PathBuf::from(name),
        told: Some(Told { rustc_version: version.map(str::to_owned), built: None }),
        entries: vec![Entry::Tree(PathBuf::from(name))],
    };
    let cache = cache(
        vec![],
        vec![
            session("old", Some("1.77.2 (abc 2026-01-01)")),
            session("new", Some("1.78.0 (abc 2026-01-01)")),
            session("strange", Some("1.1.0")),
            session("unreadable", None),
        ],
        false,
    );
    assert_eq!(gone(&cache, &compilers(&["1.78.0"], &["1.77.2"])), ["old"]);
}

#[test]
fn only_versions_that_left_the_lock_go() {
    let registry = |version: &str| Source::Registry { version: version.to_owned() };
    let git = |rev: &str| Source::Git { rev: rev.to_owned() };
    let package =
        |version: &str, source| Package { name: "itoa".to_owned(), version: version.to_owned(), source };
    let units = || {
        vec![
            unit("1.0.9", &[1], registry("1.0.9")),
            unit("1.0.10", &[1], registry("1.0.10")),
            unit("0.4.8", &[1], registry("0.4.8")),
            unit("git old", &[1], git("0123456")),
            unit("git new", &[1], git("89abcde")),
            unit("path", &[1], Source::Path),
            unit("unknown", &[1], Source::Unknown(NoSource::NoEvidence)),
        ]
    };
    let before: BTreeSet<Package> = [
        package("1.0.9", lock_file::Source::Registry),
        package("0.1.0", lock_file::Source::Path),
        package("2.0.0", lock_file::Source::Git("0123456789".to_owned())),
    ]
    .into();
    let now: BTreeSet<Package> = [
        package("1.0.10", lock_file::Source::Registry),
        package("2.0.0", lock_file::Source::Git("89abcdef".to_owned())),
    ]
    .into();
    let rules = Rules { scope: Scope::Stale, compilers: None, packages: Some(Packages { before, now }) };
    assert_eq!(
        gone(&cache(units(), vec![], false), &rules),
        ["1.0.9", "git old"],
        "a version that was never in this lock file (0.4.8) may be another workspace's"
    );
    assert_eq!(
        gone(&cache(units(), vec![], true), &rules),
        [] as [&str; 0],
        "the standard library's own dependencies"
    );
    let plan = decide(&cache(units(), vec![], false), &rules);
    assert_eq!(plan.groups[0].reason, Reason::LeftTheLock { package: "itoa 1.0.9".to_owned() });
}

/// What a neighbour would lose who builds with plain cargo and left no stamp: its build, whatever this workspace's pin,
/// lock file and scope say.
#[test]
fn what_a_neighbour_without_a_stamp_may_need_is_not_stale() {
    let registry = |version: &str| Source::Registry { version: version.to_owned() };
    let package = |version: &str| Package {
        name: "itoa".to_owned(),
        version: version.to_owned(),
        source: lock_file::Source::Registry,
    };
    let old = rustc("1.77.2");
    let session = Incremental {
        crate_name: "app".to_owned(),
        path: PathBuf::from("session"),
        told: Some(Told { rustc_version: compiler("1.77.2").incremental_version(), built: None }),
        entries: vec![Entry::Tree(PathBuf::from("session"))],
    };
    let units = vec![unit("theirs", &[old], registry("1.0.9")), unit("ours", &[old], registry("1.0.10"))];
    let cache = cache(units, vec![session], false);
    let mut path = package("0.1.0");
    path.source = lock_file::Source::Path;
    let other = |packages: Option<&[&Package]>, is_stamped| {
        let packages = packages.map(|all| all.iter().map(|it| (*it).clone()).collect());
        Owners { others: vec![Other { root: "/other".into(), packages, is_stamped }] }
    };
    let (nine, ten) = (package("1.0.9"), package("1.0.10"));
    let by_compiler = compilers(&["1.78.0"], &["1.77.2"]);
    let lock = Packages { before: [nine.clone(), ten].into(), now: BTreeSet::new() };
    let by_lock = Rules { scope: Scope::Stale, compilers: None, packages: Some(lock) };
    let all = Rules { scope: Scope::All, compilers: None, packages: None };
    for (case, rules, owners, expect) in [
        ("alone", &by_compiler, Owners::default(), &["theirs", "ours", "session"][..]),
        ("no stamp", &by_compiler, other(Some(&[&nine]), false), &["ours", "session"]),
        ("no stamp, sources", &by_compiler, other(Some(&[&nine, &path]), false), &["ours"]),
        ("a stamp", &by_compiler, other(Some(&[&nine]), true), &["theirs", "ours", "session"]),
        ("nothing known", &by_compiler, other(None, true), &[]),
        ("lock, alone", &by_lock, Owners::default(), &["ours", "theirs"]),
        ("lock, no stamp", &by_lock, other(Some(&[&nine]), false), &["ours"]),
        ("lock, a stamp", &by_lock, other(Some(&[&nine]), true), &["ours"]),
        ("scope", &all, other(Some(&[&nine]), false), &[]),
        ("scope, a stamp", &all, other(Some(&[]), true), &[]),
    ] {
        assert_eq!(gone_beside(&cache, rules, &owners), expect, "{case}");
        let narrowed = rules.clone().beside(&owners);
        assert_eq!(narrowed.scope == Scope::All, rules.scope == Scope::All && owners.is_alone(), "{case}");
        if owners.others.is_empty() || rules.scope != Scope::All {
            assert_eq!(gone_beside(&cache, &narrowed, &owners), expect, "{case}");
        }
    }
}

#[test]
fn wider_scopes_are_taken_at_their_word() {
    let units = || {
        vec![
            unit("member", &[1], Source::Path),
            unit("registry", &[1], Source::Registry { version: "1.0.0".to_owned() }),
        ]
    };
    for (scope, expected) in [(Scope::Workspace, vec!["member"]), (Scope::All, vec!["member", "registry"])] {
        let rules = Rules { scope, compilers: None, packages: None };
        assert_eq!(gone(&cache(units(), vec![], false), &rules), expected, "{scope:?}");
    }
}
