//! `.rustc_info.json` (cargo's `util/rustc.rs`): what the compiler answered. Cargo believes every answer in it (cargo #9500).

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::Damage;
use crate::cache::disk;
use crate::cache::fingerprint::is_json;

/// Real ones have some kilobytes.
const LIMIT: u64 = 16 << 20;

#[derive(Deserialize)]
struct Info {
    outputs: BTreeMap<String, Output>,
}

#[derive(Deserialize)]
struct Output {
    success: bool,
    stdout: String,
}

/// An answer that the compiler is said to have given with success is never empty: cargo keeps only `-vV` and `--print`.
pub(super) fn check(path: &Path) -> Option<Damage> {
    let content = disk::read(path, LIMIT).ok()?;
    if content.is_empty() {
        return Some(Damage::Empty);
    }
    let Ok(info) = serde_json::from_slice::<Info>(&content) else {
        // JSON of another form is another cargo's.
        return if is_json(&content) { None } else { Some(Damage::Garbage) };
    };
    let is_answer = |output: &Output| !output.success || !output.stdout.trim().is_empty();
    if info.outputs.values().all(is_answer) { None } else { Some(Damage::Garbage) }
}
