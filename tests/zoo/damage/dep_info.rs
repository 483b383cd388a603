//! What cargo wrote down itself: which files a unit was built from, and for what.

use super::case::{Case, Known, Wrong};
use super::find::File;
use super::harm::How;
use super::sets;
use crate::faults::edit;

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

/// The first `keep` files of an encoded dep-info, and no variables.
fn first_files(content: &[u8], keep: u32) -> Vec<u8> {
    let number = |at: usize| u32::from_le_bytes(content[at..at + 4].try_into().unwrap());
    // A marker, a version, the number of files.
    let mut at = 10;
    assert!(number(6) > keep, "there are fewer files");
    for _ in 0..keep {
        let length = usize::try_from(number(at + 1)).unwrap();
        at += 5 + length;
        assert_eq!(content[at], 0, "no checksum");
        at += 1;
    }
    [&content[..6], &keep.to_le_bytes(), &content[10..at], &0_u32.to_le_bytes()].concat()
}

zoo! {
    hash_emptied => hash(How::Empty);
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
    files_forgotten => files(How::By(|content| first_files(&content, 0)));
    files_forgotten_but_one => files(How::By(|content| first_files(&content, 1)));
}
