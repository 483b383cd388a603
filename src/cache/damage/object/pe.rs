//! PE (Windows, UEFI): the table of sections, and what of each lies in the file.

use super::number;
use crate::cache::damage::file::{Probe, Problem, expect};

pub(super) fn check(file: &mut Probe) -> Result<(), Problem> {
    let at = number(&file.at::<64>(0)?, 60, 4, true);
    let header = file.at::<24>(at)?;
    expect(header.starts_with(b"PE\0\0"))?;
    let (count, optional) = (number(&header, 6, 2, true), number(&header, 20, 2, true));
    for index in 0..count {
        let section = file.at::<40>(at + 24 + optional + index * 40)?;
        let (size, offset) = (number(&section, 16, 4, true), number(&section, 20, 4, true));
        // What is not in the file (`.bss`) has no place there.
        if offset != 0 {
            file.holds(offset, size)?;
        }
    }
    Ok(())
}
