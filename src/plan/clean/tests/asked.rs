//! What a person asks for: each flag takes what it names and nothing beside it.

use super::{Asked, CleanPlan, Criteria, Owners, Sight, Wanted, What, Where};
use super::{cache, compiler, rustc, unit};
use crate::cache::damage::{self, Damage, Damaged};
use crate::cache::finals::{By, Finals, UnitRef, Uplifted};
use crate::cache::outline::{Outline, Skeleton, TopKind, TopLevel};
use crate::cache::uses::{LASTS, Uses};
use crate::cache::{Cache, Entry, Incremental, Source, Told, Why};
use crate::plan::clean::spec::{Known, choose};
use crate::plan::clean::{Age, Budget, Left, Other, Reason, Side, Spec, Toolchain, Weights};
use crate::workspace::lock_file::{self, Package};

fn plan(sight: (&Outline, &Cache, &Finals), place: Where, what: What, owners: &Owners) -> CleanPlan {
    let (build, cache, finals) = sight;
    let wanted = Wanted { place, what, by: Asked::ByPerson };
    super::super::decide(Sight { build, target: None, cache, finals }, &wanted, owners)
}

fn paths(plan: &CleanPlan) -> Vec<String> {
    let mut paths: Vec<String> =
        plan.entries(Side::Build).map(|entry| entry.path().display().to_string()).collect();
    paths.sort();
    paths
}

fn outline() -> Outline {
    let skeleton = |triple: Option<&str>, name: &str, nested: &str| {
        let path =
            [nested, triple.unwrap_or_default(), name].iter().filter(|part| !part.is_empty()).collect();
        let path: std::path::PathBuf = path;
        let children = vec![Entry::Tree(path.join("deps"))];
        Skeleton {
            path,
            triple: triple.map(str::to_owned),
            name: name.into(),
            is_nested: !nested.is_empty(),
            children,
        }
    };
    let product =
        |triple: Option<&str>, kind, entry| TopLevel { triple: triple.map(str::to_owned), kind, entry };
    Outline {
        dir: "/t".into(),
        profiles: vec![
            skeleton(None, "debug", ""),
            skeleton(None, "release", ""),
            skeleton(Some("arm"), "debug", ""),
            skeleton(Some("arm"), "release", ""),
            skeleton(Some("wasm"), "debug", ""),
            skeleton(None, "debug", "rust-analyzer"),
        ],
        products: vec![
            product(None, TopKind::Doc, Entry::Tree("doc".into())),
            product(None, TopKind::Other, Entry::File(".rustc_info.json".into())),
            product(Some("arm"), TopKind::Doc, Entry::Tree("arm/doc".into())),
        ],
        unknown: vec![crate::cache::Unknown { path: "/t/criterion".into(), why: Why::Name }],
    }
}

fn place(profile: Option<&str>, triples: &[&str]) -> Where {
    Where {
        profile: profile.map(Into::into),
        triples: triples.iter().map(|triple| (*triple).to_owned()).collect(),
        packages: None,
    }
}

/// What a user would lose: another profile, another triple, documentation.
#[test]
fn whole_directories_are_taken_by_name() {
    let (outline, cache, finals) = (outline(), Cache::default(), Finals::default());
    for (at, what, expect) in [
        (
            place(None, &[]),
            What::All,
            &[
                ".rustc_info.json",
                "arm/debug/deps",
                "arm/doc",
                "arm/release/deps",
                "debug/deps",
                "doc",
                "release/deps",
                "rust-analyzer/debug/deps",
                "wasm/debug/deps",
            ][..],
        ),
        (place(Some("release"), &[]), What::All, &["release/deps"]),
        (place(Some("release"), &["arm"]), What::All, &["arm/release/deps"]),
        (place(None, &["arm"]), What::All, &["arm/debug/deps", "arm/doc", "arm/release/deps"]),
        (place(Some("other"), &[]), What::All, &[]),
        (place(None, &[]), What::Doc, &["doc"]),
        (place(None, &["arm"]), What::Doc, &["arm/doc", "doc"]),
    ] {
        let plan = plan((&outline, &cache, &finals), at.clone(), what, &Owners::default());
        assert_eq!(paths(&plan), expect, "{at:?}");
        assert_eq!(plan.left.len(), usize::from(expect.len() == 9), "strange names are said where all goes");
    }
}

fn named(package: &str, id: &str, source: Source) -> crate::cache::Unit {
    let mut unit = unit(id, &[rustc("1.78.0")], source);
    unit.package = package.to_owned();
    unit.fingerprints[0].kind.name = package.to_owned();
    unit
}

fn session(crate_name: &str) -> Incremental {
    Incremental {
        crate_name: crate_name.to_owned(),
        path: format!("/t/debug/incremental/{crate_name}-1").into(),
        told: Some(Told { rustc_version: compiler("1.78.0").incremental_version(), built: None }),
        entries: vec![Entry::Tree(format!("{crate_name}-1").into())],
    }
}

fn uplifted(name: &str, owners: &[(&str, &str)], by: By) -> Uplifted {
    let owner =
        |(package, id): &(&str, &str)| UnitRef { package: (*package).to_owned(), id: (*id).to_owned() };
    Uplifted {
        profile: "debug".into(),
        entry: Entry::File(name.into()),
        owners: owners.iter().map(owner).collect(),
        by,
    }
}

fn registry(version: &str) -> Source {
    Source::Registry { version: version.to_owned() }
}

fn workspace() -> (Cache, Finals) {
    let units = vec![
        named("app", "1", Source::Path),
        named("my-lib", "2", Source::Path),
        named("itoa", "3", registry("1.0.9")),
        named("itoa", "4", registry("0.4.8")),
    ];
    let mut cache = cache(units, vec![session("app"), session("my_lib")], false);
    cache.profiles[0].path = "/t/debug".into();
    let finals = Finals {
        dir: "/t".into(),
        uplifted: vec![
            uplifted("app-same", &[("app", "1")], By::SameFile),
            uplifted("app-name", &[("app", "1")], By::Name),
            uplifted("both", &[("app", "1"), ("my-lib", "2")], By::Name),
            uplifted("nobodys", &[], By::Name),
        ],
        ..Finals::default()
    };
    (cache, finals)
}

const LOCK: &[u8] = b"[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n
[[package]]\nname = \"my-lib\"\nversion = \"0.1.0\"\n
[[package]]\nname = \"itoa\"\nversion = \"1.0.9\"\nsource = \"registry+https://x\"\n";

fn of(specs: &[&str], profile: Option<&str>, triples: &[&str]) -> Where {
    let specs = specs.iter().map(|spec| Spec::parse(spec).expect("a spec")).collect();
    let known =
        Known { locked: lock_file::locked(LOCK).expect("reads").into_iter().collect(), local: vec![] };
    let packages = choose(specs, false, known, &workspace().0).expect("packages");
    Where { packages: Some(packages), ..place(profile, triples) }
}

/// What a user would lose: a rebuild of what they did not name, or a program of another package.
#[test]
fn packages_go_with_their_sessions_and_what_only_they_made() {
    let (cache, finals) = workspace();
    let outline = outline();
    for (at, expect) in [
        (of(&["app"], None, &[]), &["1", "app-1", "app-name", "app-same"][..]),
        (of(&["my-lib"], None, &[]), &["2", "my_lib-1"]),
        (of(&["app", "my-lib"], None, &[]), &["1", "2", "app-1", "app-name", "app-same", "both", "my_lib-1"]),
        (of(&["itoa"], None, &[]), &["3", "4"]),
        (of(&["itoa@1"], None, &[]), &["3"]),
        (of(&["app"], Some("release"), &[]), &[]),
        // The host's units go with those of the triples, as for cargo; its sessions stay.
        (of(&["my-lib"], None, &["arm"]), &["2"]),
    ] {
        let plan = plan((&outline, &cache, &finals), at, What::Packages, &Owners::default());
        assert_eq!(paths(&plan), expect);
    }
}

#[test]
fn criteria_take_only_the_very_same_final_files_and_only_for_a_person() {
    let (cache, finals) = workspace();
    let outline = outline();
    let toolchain =
        Toolchain { name: "1.78.0".to_owned(), identities: vec![compiler("1.78.0")], hashes: vec![] };
    let criteria = Criteria { toolchain: Some(toolchain), ..Criteria::default() };
    let what = What::Matching(Box::new(criteria));
    let by_person = plan((&outline, &cache, &finals), Where::default(), what.clone(), &Owners::default());
    assert_eq!(paths(&by_person), ["1", "2", "3", "4", "app-1", "app-same", "my_lib-1"]);
    let wanted = Wanted { place: Where::default(), what: what.clone(), by: Asked::ByStep };
    let sight = Sight { build: &outline, target: None, cache: &cache, finals: &finals };
    let by_step = super::super::decide(sight, &wanted, &Owners::default());
    assert_eq!(paths(&by_step), ["1", "2", "3", "4", "app-1", "my_lib-1"]);
    let one = plan((&outline, &cache, &finals), of(&["itoa@1"], None, &[]), what, &Owners::default());
    assert_eq!(paths(&one), ["3"]);
    let incremental = What::Matching(Box::new(Criteria { incremental: true, ..Criteria::default() }));
    let plan = plan((&outline, &cache, &finals), Where::default(), incremental, &Owners::default());
    assert_eq!(paths(&plan), ["app-1", "my_lib-1"]);
}

/// What a user would lose: a unit that nothing proves to be damaged; or, in a dir that is shared, the cure.
#[test]
fn what_is_damaged_goes_whoever_else_builds_here() {
    let (cache, finals) = workspace();
    let outline = outline();
    let unit = |profile: &str, id: &str| Damaged {
        profile: profile.into(),
        what: damage::What::Unit(UnitRef { package: "itoa".to_owned(), id: id.to_owned() }),
        file: "f".into(),
        damage: Damage::Empty,
    };
    let sessions =
        Damaged { what: damage::What::Incremental("debug/incremental/app-1".into()), ..unit("debug", "") };
    let info = Damaged { what: damage::What::RustcInfo, ..unit("", "") };
    let found = vec![unit("debug", "3"), unit("release", "4"), sessions, info];
    let what = What::Matching(Box::new(Criteria { damaged: Some(found), ..Criteria::default() }));
    let stranger = Owners { others: vec![Other { root: "/other".into(), packages: None, is_stamped: true }] };
    for owners in [&Owners::default(), &stranger] {
        let plan = plan((&outline, &cache, &finals), Where::default(), what.clone(), owners);
        assert_eq!(paths(&plan), [".rustc_info.json", "3", "app-1"]);
    }
}

fn package(name: &str, version: &str, source: lock_file::Source) -> Package {
    Package { name: name.to_owned(), version: version.to_owned(), source }
}

/// What another checkout would lose: its build.
#[test]
fn what_another_workspace_may_need_stays() {
    let (cache, finals) = workspace();
    let outline = outline();
    let theirs = [package("itoa", "1.0.9", lock_file::Source::Registry)].into();
    let some =
        Owners { others: vec![Other { root: "/other".into(), packages: Some(theirs), is_stamped: true }] };
    let stranger = Owners { others: vec![Other { root: "/other".into(), packages: None, is_stamped: true }] };
    let sight = (&outline, &cache, &finals);
    for (owners, what, at, expect) in [
        (&some, What::All, Where::default(), &["1", "2", "4", "app-1", "my_lib-1"][..]),
        (&stranger, What::All, Where::default(), &[]),
        (&some, What::Doc, Where::default(), &[]),
        (&some, What::Packages, of(&["itoa"], None, &[]), &["4"]),
        (&stranger, What::Packages, of(&["itoa"], None, &[]), &[]),
        (
            &some,
            What::Matching(Box::new(Criteria { incremental: true, ..Criteria::default() })),
            Where::default(),
            &["app-1", "my_lib-1"],
        ),
    ] {
        let plan = plan(sight, at, what, owners);
        assert_eq!(paths(&plan), expect);
        if expect.len() != 2 {
            assert_eq!(plan.shared, [std::path::PathBuf::from("/other")], "it is named");
        }
    }
}

/// What a user would lose: nothing but their calm, from a word about programs where none was in the way.
#[test]
fn shared_programs_are_spoken_of_only_where_one_stays_for_it() {
    let (cache, finals) = workspace();
    let outline = outline();
    let theirs = [package("serde", "1.0.0", lock_file::Source::Registry)].into();
    let other = Other { root: "/other".into(), packages: Some(theirs), is_stamped: true };
    let owners = Owners { others: vec![other] };
    let of_toolchain = |name: &str| {
        let toolchain = Toolchain { name: name.to_owned(), identities: vec![compiler(name)], hashes: vec![] };
        What::Matching(Box::new(Criteria { toolchain: Some(toolchain), ..Criteria::default() }))
    };
    for (what, at, goes, says) in [
        (of_toolchain("1.1.0"), Where::default(), false, false),
        (of_toolchain("1.78.0"), Where::default(), true, true),
        (What::Packages, of(&["itoa"], None, &[]), true, false),
        (What::Packages, of(&["app"], None, &[]), true, true),
    ] {
        let plan = plan((&outline, &cache, &finals), at, what.clone(), &owners);
        assert_eq!(!plan.is_empty(), goes, "{what:?}");
        assert_eq!(plan.left.contains(&Left::SharedFinals), says, "{what:?}");
        assert!(paths(&plan).iter().all(|path| path != "app-same"), "{what:?}");
    }
}

fn used(at: i64, package_name: &str) -> Uses {
    let mut uses = Uses::starting(100);
    let path = lock_file::Source::Path;
    uses.record(at, &compiler("1.78.0"), &[], "", Some(&[package(package_name, "0.1.0", path)].into()));
    uses
}

/// What a user would lose: what they used, but nobody wrote down.
#[test]
fn only_what_is_known_to_be_unused_is_old() {
    let (mut cache, finals) = workspace();
    let outline = outline();
    let built = |seconds| Some(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds));
    for unit in &mut cache.profiles[0].units {
        unit.built = built(if unit.id == "3" { 1000 } else { 10 });
    }
    let old = |cutoff, uses| {
        let older_than = Some(Age { cutoff, uses });
        let what = What::Matching(Box::new(Criteria { older_than, ..Criteria::default() }));
        plan((&outline, &cache, &finals), Where::default(), what, &Owners::default())
    };
    // `app` was used at 600, unit 3 built at 1000.
    assert_eq!(paths(&old(500, vec![used(600, "app")])), ["2", "4", "my_lib-1"]);
    // Used again within the day, that would not have been recorded.
    let then = 600 + LASTS;
    assert_eq!(paths(&old(then, vec![used(600, "app")])), ["2", "3", "4", "my_lib-1"]);
    let all = ["1", "2", "3", "4", "app-1", "app-same", "my_lib-1"];
    assert_eq!(paths(&old(then + 1, vec![used(600, "app")])), all);
    for (cutoff, uses, since) in [
        (99, vec![used(600, "app")], Some(100)),
        (500, vec![], None),
        (99, vec![Uses::starting(0), used(600, "app")], Some(100)),
    ] {
        let plan = old(cutoff, uses);
        assert!(plan.is_empty());
        assert_eq!(plan.left, [Left::TooLittleRecorded { since }].into());
    }
}

#[test]
fn the_least_recently_used_goes_until_the_rest_fits() {
    let (mut cache, finals) = workspace();
    let outline = outline();
    let built = |seconds| Some(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds));
    for (unit, at) in cache.profiles[0].units.iter_mut().zip([10, 20, 40, 30]) {
        unit.built = built(at);
    }
    let fit = |cap, uses: Vec<Uses>, spare_since| {
        let weights =
            Weights { total: 1000, units: vec![vec![100, 100, 100, 100]], incremental: vec![vec![50, 50]] };
        let keep_size = Some(Budget { cap, weights, uses, spare_since });
        let what = What::Matching(Box::new(Criteria { keep_size, ..Criteria::default() }));
        let wanted = Wanted { place: Where::default(), what, by: Asked::ByStep };
        let sight = Sight { build: &outline, target: None, cache: &cache, finals: &finals };
        super::super::decide(sight, &wanted, &Owners::default())
    };
    for (cap, uses, expect) in [
        (1000, vec![], &[][..]),
        (999, vec![], &["app-1"]),
        (900, vec![], &["app-1", "my_lib-1"]),
        (899, vec![], &["1", "app-1", "my_lib-1"]),
        (700, vec![], &["1", "2", "app-1", "my_lib-1"]),
        (600, vec![], &["1", "2", "4", "app-1", "my_lib-1"]),
        // What was used goes last, sessions included.
        (600, vec![used(600, "app")], &["2", "3", "4", "app-1", "my_lib-1"]),
        (650, vec![used(600, "app")], &["2", "3", "4", "my_lib-1"]),
    ] {
        let plan = fit(cap, uses, None);
        assert_eq!(paths(&plan), expect, "{cap}");
        assert!(
            plan.left.is_empty() && plan.groups.iter().all(|group| group.reason == Reason::OverSize { cap })
        );
    }
    let all = fit(0, vec![used(600, "app")], Some(600 + LASTS + 1));
    assert_eq!(paths(&all).len(), 6);
    let lasting = fit(0, vec![used(600, "app")], Some(600 + LASTS));
    assert_eq!(paths(&lasting), ["2", "3", "4", "my_lib-1"], "used again within the day, perhaps");
    let plan = fit(0, vec![used(600, "app")], Some(30));
    assert_eq!(paths(&plan), ["2", "my_lib-1"], "what was used or built lately is spared");
    assert_eq!(plan.left, [Left::StillOverSize { remains: 850, cap: 0 }].into());
}

/// Whoever reads the JSON relies on the names in `docs/clean.md`.
#[test]
fn the_plan_is_told_as_json() {
    let (cache, finals) = workspace();
    let plan =
        plan((&outline(), &cache, &finals), of(&["itoa@1"], None, &[]), What::Packages, &Owners::default());
    let json = plan.to_json("/t".as_ref(), "/t".as_ref());
    assert_eq!(
        json,
        serde_json::json!({
            "format": 1,
            "build-dir": "/t",
            "target-dir": "/t",
            "groups": [{
                "reason": { "kind": "package", "package": "itoa" },
                "units": 1,
                "build": [{ "kind": "tree", "path": "3" }],
                "target": [],
                "size": { "files": 0, "bytes": 0 },
            }],
            "left": [],
            "shared-with": [],
            "units": 1,
            "size": { "files": 0, "bytes": 0 },
        })
    );
}

/// Nobody knows whether a session that was not read is old, or whose it is: it stays.
#[test]
fn sessions_that_were_not_read_stay() {
    let (mut cache, finals) = workspace();
    let outline = outline();
    let budget = |cache: &Cache| {
        let incremental = cache.profiles.iter().map(|profile| vec![50; profile.incremental.len()]).collect();
        Budget { cap: 0, weights: Weights { total: 1000, units: vec![], incremental }, ..Budget::default() }
    };
    let toolchain =
        Toolchain { name: "1.78.0".to_owned(), identities: vec![compiler("1.78.0")], hashes: vec![] };
    let criteria = [
        Criteria { toolchain: Some(toolchain), ..Criteria::default() },
        Criteria {
            older_than: Some(Age { cutoff: 500, uses: vec![Uses::starting(0)] }),
            ..Criteria::default()
        },
        Criteria { keep_size: Some(budget(&cache)), ..Criteria::default() },
    ];
    for is_read in [true, false] {
        for criteria in &criteria {
            let what = What::Matching(Box::new(criteria.clone()));
            let wanted = Wanted { place: Where::default(), what: what.clone(), by: Asked::ByPerson };
            assert!(wanted.needs_sessions(), "{criteria:?}");
            let plan = plan((&outline, &cache, &finals), Where::default(), what, &Owners::default());
            let goes = paths(&plan).iter().any(|path| path == "app-1");
            assert_eq!(goes, is_read, "{criteria:?}");
        }
        for session in cache.profiles.iter_mut().flat_map(|profile| &mut profile.incremental) {
            session.told = None;
        }
    }
}
