//! A fingerprint directory: hash files, their explanations, cargo's dep-info.

use std::path::{Path, PathBuf};

use super::file::Probe;
use super::{Damage, dep_info};
use crate::cache::disk::{self, Dir, Kind};
use crate::cache::fingerprint::{JSON_LIMIT, is_id, is_json, is_unexplained};

/// What cargo would think of the unit.
pub(super) enum State {
    /// A build has ended, and cargo may believe it.
    Finished,
    /// None has, or one has begun since.
    Unfinished,
    /// This file, relative to the build dir, is damaged.
    Damaged(PathBuf, Damage),
}

pub(super) fn check(build_dir: &Path, below: &Path) -> State {
    let Ok(Some(mut dir)) = Dir::open(&build_dir.join(below)) else { return State::Unfinished };
    let (mut is_built, mut is_begun) = (false, false);
    let items = dir.list().unwrap_or_default();
    if let Some(item) = items.iter().find(|item| is_unexplained(&dir, &items, item)) {
        return State::Damaged(below.join(&item.name).with_extension("json"), Damage::Missing);
    }
    for item in items.into_iter().filter(|item| item.kind == Kind::File) {
        let path = below.join(&item.name);
        let damage = match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => {
                let stem = path.file_stem().unwrap_or_default();
                match dir.read(stem, 64).map(|hash| hash.bytes) {
                    // Cargo empties it when a build begins.
                    Ok(hash) if hash.is_empty() => is_begun = true,
                    Ok(hash) => {
                        is_built = true;
                        if let Some(damage) = of_hash(&hash) {
                            return State::Damaged(below.join(stem), damage);
                        }
                    }
                    Err(_) => {}
                }
                dir.read(&item.name, JSON_LIMIT).ok().and_then(|json| of_json(&json.bytes))
            }
            None if item.name.as_encoded_bytes().starts_with(b"dep-") => {
                Probe::judge(&build_dir.join(&path), dep_info::check)
            }
            _ => None,
        };
        if let Some(damage) = damage {
            return State::Damaged(path, damage);
        }
    }
    if is_built && !is_begun { State::Finished } else { State::Unfinished }
}

/// 16 hex digits.
fn of_hash(hash: &[u8]) -> Option<Damage> {
    match std::str::from_utf8(hash) {
        Ok(text) if is_id(text) => None,
        Ok(text) if text.len() < 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => Some(Damage::Cut),
        _ => Some(Damage::Garbage),
    }
}

fn of_json(json: &[u8]) -> Option<Damage> {
    if json.is_empty() {
        return Some(Damage::Empty);
    }
    if is_json(json) {
        return None;
    }
    let is_cut = serde_json::from_slice::<serde::de::IgnoredAny>(json).is_err_and(|error| error.is_eof());
    Some(if is_cut { Damage::Cut } else { Damage::Garbage })
}

/// Whether nothing is here, not even a link.
pub(super) fn is_missing(path: &Path) -> bool {
    matches!(disk::kind(path), Ok(None))
}
