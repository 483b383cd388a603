//! Rustc's metadata, `.rmeta`: `rust`, three zeros, a version, then where the root of it all lies (which is near the end). See
//! `rustc_metadata/src/rmeta/mod.rs` and, for the end's mark, `rustc_serialize/src/opaque/mod.rs`.

use super::file::{Probe, Problem, expect};
use super::{Damage, file};
use crate::cache::disk;
use std::path::Path;

/// What files of rustc's encoder end with, since 1.77 at the latest.
pub(super) const END: &[u8; 13] = b"rust-end-file";

/// The version of rustc 1.87 to 1.97 and later, of which it is known how it ends. Others are only asked for the mark.
const KNOWN: u8 = 10;

pub(super) fn check(file: &mut Probe) -> Result<(), Problem> {
    let header = file.at::<8>(0)?;
    expect(header.starts_with(b"rust\0\0\0"))?;
    if header[7] != KNOWN {
        return Err(Problem::Unknown);
    }
    let root = u64::from_le_bytes(file.at(8)?);
    file.holds(root, END.len() as u64)?;
    ends_with_the_mark(file)
}

/// The compiler that wrote it, as it names itself: `rustc 1.95.0 (59807616e 2026-04-14)`. It stands in the clear, right behind
/// the header. `None`: of a form that is not known.
pub(super) fn compiler(path: &Path) -> Option<String> {
    let (start, _) = disk::read_start(path, 17 + 255).ok()?;
    let header = start.get(..8)?;
    if !header.starts_with(b"rust\0\0\0") || header[7] != KNOWN {
        return None;
    }
    let length = usize::from(*start.get(16)?);
    let text = start.get(17..17 + length)?;
    std::str::from_utf8(text).ok().filter(|text| text.starts_with("rustc ")).map(str::to_owned)
}

/// That the file was written to its end: where it is shorter, the mark is the first thing to be missing.
pub(super) fn ends_with_the_mark(file: &mut Probe) -> Result<(), Problem> {
    let end = file.length.checked_sub(END.len() as u64).ok_or(Problem::Damaged(Damage::Cut))?;
    let found: [u8; 13] = file.at(end)?;
    if found == *END {
        return Ok(());
    }
    // Pages that never reached the disk are read as zeros.
    file::expect(found != [0; 13])?;
    Err(Problem::Damaged(Damage::Cut))
}
