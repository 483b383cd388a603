//! A report against a build dir made by hand: whose each file is, that all sums agree, and how it looks on a terminal.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::build::{Draft, Place};
use super::text::{Wanted, render};
use super::{BuiltBy, By, Item, Kind, Report, Row};
use crate::cache::{self, Size, usage};
use crate::observe::compilers::{Compilers, Standing};
use crate::output::Page;
use crate::toolchain::Identity;

const PLAIN: Page = Page { width: None, colours: false, unicode: true };

fn identity(release: &str) -> Identity {
    let text = format!("rustc {release} (abc 2026-01-01)\nhost: h-u-l\nrelease: {release}\n");
    let json = serde_json::json!({ "name": format!("{release}-h-u-l"), "verbose_version": text, "stat": { "files": [] } });
    serde_json::from_value(json).expect("an identity")
}

struct Ground(tempfile::TempDir);

impl Ground {
    fn new() -> Self {
        let ground = Self(tempfile::tempdir().expect("temp dir"));
        ground.file("debug/.cargo-lock", 0);
        ground
    }

    fn dir(&self) -> PathBuf {
        self.0.path().join("target")
    }

    fn file(&self, path: &str, bytes: usize) {
        let path = self.dir().join(path);
        fs::create_dir_all(path.parent().expect("parent")).expect("dirs");
        fs::write(path, vec![b'x'; bytes]).expect("file");
    }

    /// A library's unit in layout 1, with an output of so many bytes.
    fn unit(&self, profile: &str, package: &str, id: u64, rustc: u64, bytes: usize) {
        let name = package.replace('-', "_");
        let print = format!("{profile}/.fingerprint/{package}-{id:016x}/lib-{name}");
        self.file(&print, 16);
        let json = format!("{{\"rustc\":{rustc},\"deps\":[],\"local\":[]}}");
        fs::write(self.dir().join(format!("{print}.json")), json).expect("file");
        self.file(&format!("{profile}/deps/lib{name}-{id:016x}.rlib"), bytes);
    }

    fn report(&self, compilers: &Compilers) -> Report {
        let dir = self.dir();
        let cache = cache::read(&dir, Path::new("/no/cargo/home")).expect("readable");
        let place = Place { workspace: None, target_dir: &dir, build_dir: &dir };
        let finals = cache::finals::read(&dir, &cache).expect("readable");
        let draft = Draft::new(place, &cache, &[finals], compilers);
        let usage = usage::read(&draft.claims());
        draft.counted(usage)
    }
}

/// Every file below, each once.
fn on_disk(dir: &Path) -> Size {
    let mut sum = Size::default();
    for entry in fs::read_dir(dir).expect("readable") {
        let path = entry.expect("entry").path();
        let meta = path.symlink_metadata().expect("meta");
        sum += if meta.is_dir() { on_disk(&path) } else { Size { files: 1, bytes: meta.len() } };
    }
    sum
}

fn find(report: &Report, kind: Kind) -> Vec<&Item> {
    report.items.iter().filter(|item| item.kind == kind).collect()
}

/// A breakdown that does not add up is one that nobody believes.
#[test]
fn every_breakdown_adds_up_to_what_is_on_the_disk() {
    let ground = Ground::new();
    ground.unit("debug", "serde", 1, 7, 1000);
    ground.unit("debug", "serde", 2, 8, 500);
    ground.unit("wasm/release", "a-b", 3, 7, 300);
    ground.file("wasm/release/.cargo-lock", 0);
    ground.file("debug/incremental/a_b-xyz/s-1/dep-graph.bin", 70);
    ground.file("debug/deps/odd.txt", 11);
    ground.file("debug/new/thing", 12);
    ground.file("strange/thing", 13);
    ground.file("rust-analyzer/.rustc_info.json", 14);
    ground.file("rust-analyzer/debug/.cargo-lock", 15);
    ground.file(".xcargo/stamp-0", 16);
    ground.file(".rustc_info.json", 17);
    ground.file("CACHEDIR.TAG", 18);
    ground.file("wasm/CACHEDIR.TAG", 19);
    ground.file("doc/index.html", 21);
    ground.file("package/a-b-1.0.0.crate", 22);
    ground.file("tmp/thing", 23);
    let report = ground.report(&Compilers::default());
    assert_eq!(report.total(), on_disk(&ground.dir()));
    for by in By::ALL {
        let sum = report.rows(by).iter().fold(Size::default(), |sum, row| sum + row.size);
        assert_eq!(sum, report.total(), "{by:?}");
    }
    let bytes = |kind| find(&report, kind).iter().map(|item| item.size.bytes).sum::<u64>();
    assert_eq!(bytes(Kind::Loose), 23);
    assert_eq!(bytes(Kind::Unknown), 13);
    assert_eq!(bytes(Kind::Nested), 29);
    assert_eq!(bytes(Kind::Notes), 70);
    let session = find(&report, Kind::Incremental)[0];
    assert_eq!((session.package.as_deref(), session.size.bytes), (Some("a-b"), 70));
    assert_eq!(bytes(Kind::Docs), 21);
    assert_eq!(bytes(Kind::Package), 22);
    assert_eq!(bytes(Kind::Other), 23);
    assert_eq!(find(&report, Kind::Unknown)[0].name, "strange");
    assert_eq!(report.unknown.len(), 2, "each is said once: {:?}", report.unknown);
    let unit = find(&report, Kind::Library).into_iter().find(|it| it.package.as_deref() == Some("a-b"));
    assert_eq!(unit.and_then(|unit| unit.triple.as_deref()), Some("wasm"));
}

/// A name that is wrong is worse than none: `clean --toolchain` is told it.
#[test]
fn compilers_have_their_names_or_none() {
    let (pinned, other) = (identity("1.95.0"), identity("1.94.0"));
    let [hash, old_hash] = pinned.fingerprint_hashes();
    let ground = Ground::new();
    for (id, rustc) in [(1, hash), (2, old_hash), (3, other.fingerprint_hashes()[0]), (4, 255)] {
        ground.unit("debug", "p", id, rustc, 100);
    }
    let mut compilers = Compilers::default();
    compilers.add(pinned, Standing::Pinned);
    compilers.add(other, Standing::Installed);
    let report = ground.report(&compilers);
    let rows = report.rows(By::Toolchain);
    let labels: BTreeSet<(&str, &str)> = rows.iter().map(|row| (&*row.label, &*row.remark)).collect();
    let expect = [
        ("1.95.0", "pinned"),
        ("1.94.0", "installed: 1.94.0-h-u-l"),
        ("unknown compiler 00000000000000ff", "neither remembered nor installed"),
        ("not one compiler's", ""),
    ];
    assert_eq!(labels, BTreeSet::from(expect));
    assert_eq!(rows[0].label, "1.95.0", "both of its hashes are one row, the largest");
    assert!(compilers.meant("00000000000000ff").has(255), "the name shown is a name that can be given");
}

#[test]
fn a_unit_that_two_compilers_share_is_nobodys_alone() {
    let ground = Ground::new();
    ground.unit("debug", "p", 1, 7, 100);
    let dir = ground.dir().join("debug/.fingerprint/p-0000000000000001");
    fs::write(dir.join("doc-lib-p.json"), "{\"rustc\":8,\"deps\":[],\"local\":[]}").expect("file");
    fs::create_dir_all(ground.dir().join("debug/.fingerprint/q-0000000000000002")).expect("dir");
    ground.file("debug/deps/libq-0000000000000002.rlib", 5);
    let report = ground.report(&Compilers::default());
    assert_eq!(find(&report, Kind::Unfinished)[0].built_by, BuiltBy::Unfinished);
    let shared = report.items.iter().find(|item| item.package.as_deref() == Some("p"));
    assert_eq!(shared.map(|item| &item.built_by), Some(&BuiltBy::Several(vec![0, 1])));
}

#[cfg(unix)]
#[test]
fn a_program_with_two_names_is_counted_with_its_unit() {
    let ground = Ground::new();
    ground.unit("debug", "p", 1, 7, 100);
    let deps = ground.dir().join("debug/deps/libp-0000000000000001.rlib");
    fs::hard_link(deps, ground.dir().join("debug/libp.rlib")).expect("link");
    let report = ground.report(&Compilers::default());
    assert_eq!(report.total().bytes + 100, on_disk(&ground.dir()).bytes);
    assert!(find(&report, Kind::Library)[0].size.bytes >= 100);
    let uplifted = find(&report, Kind::Final);
    assert_eq!(uplifted.len(), 1);
    assert_eq!((uplifted[0].package.as_deref(), uplifted[0].size), (Some("p"), Size { files: 1, bytes: 0 }));
    assert_eq!(uplifted[0].built_by, find(&report, Kind::Library)[0].built_by);
}

#[test]
fn lines_fit_the_terminal_and_the_rest_is_summed_up() {
    let ground = Ground::new();
    for at in 0..30_u64 {
        let name = format!("a-package-with-a-rather-long-name-{at:02}");
        ground.unit("debug", &name, at, 7, 100_000 + 1000 * usize::try_from(at).expect("small"));
    }
    let report = ground.report(&Compilers::default());
    let wanted = Wanted { by: vec![By::Package], most: Some(20) };
    for width in [20, 40, 60, 80, 100, 200] {
        for unicode in [true, false] {
            let page = Page { width: Some(width), colours: false, unicode };
            let text = render(&report, &wanted, page);
            let rows: Vec<&str> = text.lines().skip(3).collect();
            assert_eq!(rows.len(), 21, "{text}");
            for row in rows {
                assert!(console::measure_text_width(row) <= width.max(23), "{width}: {row:?}");
            }
            assert!(unicode || text.is_ascii(), "{text}");
            assert_eq!(text.contains(['█', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '#']), width >= 50, "{text}");
        }
    }
    let text = render(&report, &wanted, PLAIN);
    // The row of what is no package's is the last of 31.
    assert!(text.contains("and 11 more (`--all` shows them)"), "{text}");
    assert!(!text.contains('\t') && !text.contains('\u{1b}') && !text.contains('█'), "{text}");
    let all = render(&report, &Wanted { most: None, ..wanted.clone() }, PLAIN);
    assert_eq!(all.lines().count(), 3 + 31);
    let colours = render(&report, &wanted, Page { colours: true, ..PLAIN });
    assert_eq!(console::strip_ansi_codes(&colours), text, "colours change no column");
}

#[test]
fn rows_of_one_size_have_one_order() {
    let ground = Ground::new();
    for (at, name) in ["c", "a", "b"].into_iter().enumerate() {
        ground.unit("debug", name, at as u64, 7, 100);
    }
    let rows = ground.report(&Compilers::default()).rows(By::Package);
    let names: Vec<&str> = rows.iter().map(|Row { label, .. }| label.as_str()).collect();
    assert_eq!(names[..3], ["a", "b", "c"]);
}

/// A terminal that is told to clear itself by the name of a directory is the least of it.
#[test]
fn names_cannot_command_the_terminal() {
    let ground = Ground::new();
    ground.file("\u{1b}[2J\nroot/thing", 10);
    let report = ground.report(&Compilers::default());
    let text = render(&report, &Wanted { by: By::ALL.to_vec(), most: None }, PLAIN);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}
