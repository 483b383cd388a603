//! What cargo wrote down itself: which files a unit was built from, and for what.

use super::case::{BUILD_BIN, Case, Known, Wrong};
use super::find::File;
use super::harm::{How, harm};
use super::sets;
use crate::faults::{edit, edit_unseen};
use crate::sets::NONE;
use crate::site::{Driver, Layout, Site};
use crate::support::sandbox::Sandbox;

const HASH: File = File::Print("lib-leaf");
const FILES: File = File::Print("dep-lib-leaf");

/// Cargo builds the unit, but takes the dependants for fresh until the next build.
const fn hash(how: How) -> Case {
    Case {
        rebuilds: sets::LEAF,
        says: &["leaf"],
        ..Case::new(HASH, how, Wrong::Late(&["leaf lib"], sets::APP))
    }
}

/// Well-formed, with fewer files than there were: later edits of the others are not seen.
const fn files(how: How) -> Case {
    Case {
        then: |site| edit(site, "leaf/src/module.rs"),
        prints: &[("module", "2")],
        rebuilds: sets::LEAF,
        says: &["leaf"],
        known: Known::ByTheLedger,
        ..Case::new(FILES, how, Wrong::Prints(&[]))
    }
}

/// An encoded dep-info that lists only those files that `keep` wants, and no variables.
fn with_files(content: &[u8], keep: fn(&str) -> bool) -> Vec<u8> {
    let number = |at: usize| u32::from_le_bytes(content[at..at + 4].try_into().unwrap());
    // A marker and a version, then the number of files.
    let (head, mut at) = (&content[..6], 10);
    let (mut kept, mut files) = (0_u32, Vec::new());
    for _ in 0..number(6) {
        let path = at + 5..at + 5 + usize::try_from(number(at + 1)).unwrap();
        assert_eq!(content[path.end], 0, "a file has no checksum");
        if keep(std::str::from_utf8(&content[path.clone()]).unwrap()) {
            kept += 1;
            files.extend_from_slice(&content[at..=path.end]);
        }
        at = path.end + 1;
    }
    [head, &kept.to_le_bytes(), &files, &0_u32.to_le_bytes()].concat()
}

zoo! {
    /// Cargo never reads it where the hash fits; for xcargo the unit must not disappear with it.
    explanation_gone => Case {
        then: |site| edit_unseen(site, "leaf/src/module.rs"),
        prints: &[("module", "2")],
        rebuilds: sets::LEAF,
        says: &["leaf"],
        ..Case::new(File::Print("lib-leaf.json"), How::Gone, Wrong::Prints(&[]))
    };
    hash_halved => hash(How::Half);
    hash_zeroed => hash(How::Zeros);
    /// Still 16 hex digits.
    hash_flipped => Case {
        known: Known::ByTheLedger,
        ..hash(How::By(|mut content| {
            content[8] = if content[8] == b'0' { b'1' } else { b'0' };
            content
        }))
    };
    files_forgotten => files(How::By(|content| with_files(&content, |_| false)));
    files_forgotten_but_one => files(How::By(|content| with_files(&content, |path| path.ends_with("lib.rs"))));
}

/// What cargo reads only to explain a rebuild: whether it is made again is nobody's concern, but nothing is wrong, neither then
/// nor later.
fn explanations_do_not_matter(layout: Layout) {
    let sandbox = Sandbox::in_memory();
    for driver in [Driver::Cargo, Driver::Xcargo] {
        let name = format!("{driver:?}");
        let site = Site::new(&sandbox, &name, layout, driver);
        edit(&site, "leaf/src/module.rs");
        site.build(BUILD_BIN).prints(&[("module", "2")]).rebuilds(sets::LEAF).says(&[]);
        for how in [How::Flip("profile"), How::Zeros, How::Half] {
            harm(&site, &File::Print("lib-leaf.json"), &how);
            site.build(BUILD_BIN).prints(&[("module", "2")]);
            site.build(BUILD_BIN).prints(&[("module", "2")]).rebuilds(NONE).says(&[]);
        }
    }
}

#[test]
fn in_layout_one_explanations_do_not_matter() {
    explanations_do_not_matter(Layout::One);
}

#[test]
fn in_layout_two_explanations_do_not_matter() {
    explanations_do_not_matter(Layout::Two);
}
