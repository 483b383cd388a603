//! A dry run says S, changes nothing, and the clean takes exactly S: for every flag, in every layout.

mod rows;

use std::path::Path;

use super::fixture::{Ground, Shape, Site, repository_url};
use super::report::Report;
use crate::support::listing::Listing;
use crate::support::machine::machine;
use rows::{Cargo, IDLE, ROWS};

/// What is left of a cleaned directory, so that no other cargo loses a lock that it waits for.
pub(super) fn is_skeleton(path: &Path, is_dir: bool) -> bool {
    let name = path.file_name().expect("a name");
    is_dir
        || [".cargo-lock", ".cargo-build-lock", ".cargo-artifact-lock", "CACHEDIR.TAG"]
            .iter()
            .any(|keep| name == *keep)
}

fn is_own(path: &Path) -> bool {
    path.iter().any(|part| part == ".xcargo")
}

/// The very claim. Returns what the dry run said.
#[track_caller]
pub(super) fn honest(site: &Site<'_>, args: &[&str]) -> Report {
    let clean = |more: &[&'static str]| {
        let run = site.xcargo(["clean"]).args(args).args(more).run().ok();
        (Report::of(&run), run)
    };
    let before = site.listing();
    let (said, run) = clean(&["--dry-run", "--json"]);
    let what = || format!("{args:?}\n{}", run.show());
    assert!(!said.applied, "{}", what());
    assert!(before == site.listing(), "a dry run changed something: {}", what());

    let mut tops: Vec<&Path> = said.paths().collect();
    tops.sort();
    for pair in tops.windows(2) {
        assert!(!pair[1].starts_with(pair[0]), "{} is named twice: {}", pair[1].display(), what());
    }
    for top in &tops {
        assert!(before.has(top), "{} is not there: {}", top.display(), what());
    }
    let promised = before.below(tops.iter().copied());
    for path in &promised {
        assert!(
            before.is_dir(path) || !was_skeleton(&before, path),
            "{} must stay: {}",
            path.display(),
            what()
        );
    }

    let (did, _) = clean(&["--json", "--yes"]);
    let after = site.listing();
    assert!(did.applied, "{}", what());
    let gone = before.gone_in(&after);
    // A directory in which nothing is left may go along.
    let is_emptied = |dir: &Path| {
        before.is_dir(dir)
            && before
                .below([dir])
                .iter()
                .all(|below| below == dir || promised.contains(below) || before.is_dir(below))
    };
    let unsaid: Vec<_> = gone.difference(&promised).filter(|path| !is_emptied(path)).collect();
    let undone: Vec<_> = promised.difference(&gone).collect();
    assert!(unsaid.is_empty(), "went without a word: {unsaid:#?}\n{}", what());
    assert!(undone.is_empty(), "was promised and is there: {undone:#?}\n{}", what());
    let new: Vec<_> = after
        .gone_in(&before)
        .into_iter()
        .filter(|path| !is_own(path) && !is_skeleton(path, false))
        .collect();
    assert!(new.is_empty(), "was made by a clean: {new:#?}\n{}", what());
    let altered = before.altered_in(&after);
    assert!(altered.iter().all(|path| is_own(path)), "was altered by a clean: {altered:#?}\n{}", what());
    assert!(!after.paths().any(|path| path.iter().any(|part| part == "trash")), "it is done: {}", what());

    assert_eq!((said.files, said.bytes), before.frees(&gone), "files and bytes: {}", what());
    for (which, report) in [("said", &said), ("did", &did)] {
        let sum = |count: fn(&super::report::Group) -> u64| report.groups.iter().map(count).sum::<u64>();
        assert_eq!(
            (sum(|group| group.files), sum(|group| group.bytes)),
            (report.files, report.bytes),
            "{which}: {}",
            what()
        );
    }
    assert_eq!(Report { applied: true, ..said.clone() }, did, "the dry run said another thing: {}", what());

    let (again, _) = clean(&["--json", "--yes"]);
    assert_eq!((again.files, again.groups.len()), (0, 0), "a second time: {again:#?}");
    assert!(after.gone_in(&site.listing()).is_empty(), "a second time: {}", what());
    said
}

fn filled(arg: &str) -> String {
    arg.replace("HOST", &machine().host).replace("GIT", &repository_url())
}

/// Where the build dir is apart, only the host's dev and release profiles are built, and documentation.
fn is_built(shape: Shape, path: &str) -> bool {
    let more = ["HOST", "small", "package", "cargo-timings"];
    !shape.is_apart() || !more.iter().any(|more| path.contains(more))
}

fn every_flag(shape: Shape) {
    let ground = Ground::new(shape);
    let rows = ROWS.iter().filter(|row| row.args.iter().all(|arg| is_built(shape, arg)));
    for (at, row) in rows.enumerate() {
        let args: Vec<String> = row.args.iter().map(|arg| filled(arg)).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let built = |paths: &[&str]| {
            let paths = paths.iter().filter(|path| is_built(shape, path));
            paths.map(|path| filled(path)).collect::<Vec<_>>()
        };
        let (takes, keeps) = (built(row.takes), built(row.keeps));

        let site = ground.site(&format!("ours-{at}"));
        let there = |path: &String| site.target().join(path).exists();
        for path in takes.iter().chain(&keeps) {
            assert!(there(path), "{args:?}: {path} is there to go or to stay");
        }
        let said = honest(&site, &args);
        assert!(said.files > 0, "{args:?} takes nothing: {said:#?}");
        assert!(!takes.iter().any(there), "{shape:?} {args:?} spared one of {takes:?}");
        assert!(keeps.iter().all(there), "{shape:?} {args:?} took one of {keeps:?}");

        if row.cargo != Cargo::Other {
            let before = site.listing();
            site.cargo(["clean"]).args(&args).run().ok();
            let more = before.gone_in(&site.listing());
            let more: Vec<_> =
                more.iter().filter(|path| !is_own(path) && !was_skeleton(&before, path)).collect();
            assert!(more.is_empty(), "{shape:?} {args:?}: plain cargo takes more: {more:#?}");
        }
        site.clear();
        if row.cargo == Cargo::Same {
            let site = ground.site(&format!("cargos-{at}"));
            site.cargo(["clean"]).args(&args).run().ok();
            let run = site.xcargo(["clean", "--dry-run", "--json"]).args(&args).run().ok();
            assert_eq!(Report::of(&run).files, 0, "{shape:?}: plain cargo spares it: {}", run.show());
            site.clear();
        }
    }
    let site = ground.site("idle");
    let before = site.listing().without(is_own);
    for args in IDLE {
        let run = site.xcargo(["clean", "--json", "--yes"]).args(*args).run().ok();
        assert_eq!(Report::of(&run).files, 0, "{shape:?} {args:?}: {}", run.show());
        assert!(before.gone_in(&site.listing()).is_empty(), "{shape:?} {args:?}: {}", run.show());
    }
}

fn was_skeleton(before: &Listing, path: &Path) -> bool {
    is_skeleton(path, before.is_dir(path))
}

#[test]
fn in_layout_one_every_flag_does_what_it_says() {
    every_flag(Shape::One);
}

#[test]
fn in_layout_two_every_flag_does_what_it_says() {
    every_flag(Shape::Two);
}

#[test]
fn with_the_build_dir_apart_every_flag_does_what_it_says() {
    every_flag(Shape::OneApart);
    every_flag(Shape::TwoApart);
}
