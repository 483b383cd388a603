//! New content under an old time, file by file: cargo calls it fresh.

use crate::case::{Case, Plain};
use crate::faults::edit_unseen;
use crate::sets;

zoo! {
    library => Case {
        fault: |site| edit_unseen(site.root(), "leaf/src/lib.rs"),
        plain: Plain::Prints(&[]),
        prints: &[("lib", "2")],
        rebuilds: sets::LEAF,
        says: &["leaf", "src/lib.rs"],
        ..Case::default()
    };
    module => Case {
        fault: |site| edit_unseen(site.root(), "leaf/src/module.rs"),
        plain: Plain::Prints(&[]),
        prints: &[("module", "2")],
        rebuilds: sets::LEAF,
        says: &["leaf", "src/module.rs"],
        ..Case::default()
    };
}
