//! Incremental sessions: what rustc takes from its last run where the code did not change.

use super::case::{BUILD_BIN, Case, Known, Wrong, lib_edited};
use super::find::File;
use super::harm::How;
use super::sets;
use crate::site::{Driver, Site};

const OBJECT: File = File::Session("app", ".o", "app=1");
const GRAPH: File = File::Session("app", "dep-graph.bin", "");
const PRODUCTS: File = File::Session("app", "work-products.bin", "");

/// The library is compiled again, with what is left of the last time.
const fn reused(file: File, how: How, plain: Wrong) -> Case {
    Case {
        first: begun,
        then: lib_edited,
        rebuilds: sets::APP,
        says: &["app"],
        ..Case::new(file, how, plain)
    }
}

/// A session is used only where it was made: after the template was copied the library begins another.
fn begun(site: &Site<'_>) {
    lib_edited(site);
    site.build(BUILD_BIN).prints(&[]).rebuilds(sets::APP);
}

/// Somebody takes the damage over into a session of their own.
fn taken_over(site: &Site<'_>) {
    lib_edited(site);
    site.by(Driver::Cargo).build(BUILD_BIN).rebuilds(sets::APP);
    lib_edited(site);
}

zoo! {
    /// Sticky: no build succeeds until the session is gone (rust#142858).
    object_emptied => reused(OBJECT, How::Empty, Wrong::Fails("failed to build archive"));
    object_halved => reused(OBJECT, How::Half, Wrong::Fails("failed to build archive"));
    object_zeroed => reused(OBJECT, How::Zeros, Wrong::Fails(""));
    object_of_another => Case {
        known: Known::ByTheLedger,
        ..reused(OBJECT, How::Other(File::Session("leaf", ".o", "")), Wrong::Fails("linking with"))
    };
    object_flipped => Case {
        known: Known::ByTheLedger,
        ..reused(OBJECT, How::Flip("app=1"), Wrong::Prints(&[("app", "0")]))
    };
    object_flipped_and_taken_over => Case {
        known: Known::ByTheLedger,
        then: taken_over,
        ..reused(OBJECT, How::Flip("app=1"), Wrong::Prints(&[("app", "0")]))
    };
    graph_emptied => reused(GRAPH, How::Empty, Wrong::Warns("could not load dep-graph"));
    graph_halved => reused(GRAPH, How::Half, Wrong::Warns("corrupt incremental compilation artifact"));
    products_halved => reused(PRODUCTS, How::Half, Wrong::Warns("corrupt incremental compilation artifact"));
}
