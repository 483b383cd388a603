//! Incremental sessions: graphs and caches with a header, and the object files of the code that did not change. A damaged
//! object file is an error in every build until the session is gone (rust#142858).

use std::path::{Path, PathBuf};

use super::file::{Probe, Problem, expect};
use super::{Damage, Proof, metadata, object};
use crate::cache::disk::{self, Kind};
use crate::cache::incremental::{GRAPH, HEADER, is_finished, version};

/// What begins with a header (rustc's `rustc_incremental/src/persist/fs.rs`).
const ENCODED: &[&str] = &[GRAPH, "query-cache.bin", "work-products.bin"];

pub(super) fn check(build_dir: &Path, crate_dir: &Path) -> Option<Proof> {
    let sessions = disk::list(&build_dir.join(crate_dir)).ok()?;
    let mut sessions = sessions.into_iter().filter(|item| item.kind == Kind::Dir && is_finished(&item.name));
    sessions.find_map(|item| session(build_dir, &crate_dir.join(item.name)))
}

/// The first file of a session that cannot be what rustc wrote.
pub(in crate::cache) fn session(build_dir: &Path, below: &Path) -> Option<Proof> {
    let files = disk::list(&build_dir.join(below)).ok()?;
    let files: Vec<_> =
        files.into_iter().filter(|item| item.kind == Kind::File).map(|item| below.join(item.name)).collect();
    let of_extension = |wanted: &'static str| {
        files.iter().filter(move |file| file.extension().is_some_and(|it| it == wanted))
    };
    let judge = |file: &Path, check| {
        Probe::judge(&build_dir.join(file), check).map(|damage| (file.to_path_buf(), damage))
    };
    let encoded: Vec<&PathBuf> =
        files.iter().filter(|file| ENCODED.iter().any(|name| file.ends_with(name))).collect();
    // All files of a session are by one compiler: if one ends with the mark, all do. Older compilers set none.
    let are_marked = encoded.iter().any(|file| Probe::judge(&build_dir.join(file), marked).is_none());
    encoded
        .iter()
        .find_map(|file| judge(file, header).or_else(|| are_marked.then(|| judge(file, marked)).flatten()))
        // Another name of the unit's own file, given to the next one while the crate does not change. Never empty: where
        // there is no metadata, there is no such file.
        .or_else(|| of_extension("rmeta").find_map(|file| judge(file, metadata::check)))
        .or_else(|| of_extension("o").find_map(|file| judge(file, object::check)))
}

fn header(file: &mut Probe) -> Result<(), Problem> {
    let start = file.start(HEADER)?;
    match version(&start) {
        Some(_) => Ok(()),
        None if start.starts_with(b"RSIC") && file.length < HEADER => Err(Problem::Damaged(Damage::Cut)),
        None => expect(false),
    }
}

fn marked(file: &mut Probe) -> Result<(), Problem> {
    metadata::ends_with_the_mark(file)
}
