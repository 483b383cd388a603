//! Programs, dynamic libraries and object files: all that their headers name lies within the file.
//!
//! Which format it is says the first word; others are not judged, but one that begins with zeros is none at all.

mod elf;
mod mach_o;
mod pe;
mod wasm;

use super::file::{Probe, Problem, expect};

pub(super) fn check(file: &mut Probe) -> Result<(), Problem> {
    let start = file.start(4)?;
    match start.as_slice() {
        b"\x7fELF" => elf::check(file),
        b"\xcf\xfa\xed\xfe" => mach_o::check(file),
        b"\0asm" => wasm::check(file),
        [b'M', b'Z', ..] => pe::check(file),
        [0, 0, 0, 0] => expect(false),
        _ => Err(Problem::Unknown),
    }
}

/// A number at a place in a header, of 2, 4 or 8 bytes; the header holds it.
fn number(header: &[u8], at: usize, bytes: usize, is_little: bool) -> u64 {
    let bytes = header.get(at..at + bytes).unwrap_or_default();
    let add = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
    if is_little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
}
