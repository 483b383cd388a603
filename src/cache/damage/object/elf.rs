//! ELF: the table of segments and that of sections, and each segment and section that has bytes in the file.

use super::number;
use crate::cache::damage::file::{Probe, Problem, expect};

/// A section that takes no space in the file (`.bss`).
const NO_BITS: u64 = 8;

pub(super) fn check(file: &mut Probe) -> Result<(), Problem> {
    let ident = file.at::<16>(0)?;
    let is_wide = ident[4] == 2;
    expect(matches!((ident[4], ident[5]), (1 | 2, 1 | 2)))?;
    let le = ident[5] == 1;
    // The header of 32 bits is the shorter one.
    let header = if is_wide { file.at::<64>(0)?.to_vec() } else { file.at::<52>(0)?.to_vec() };
    let field = |wide: (usize, usize), narrow: (usize, usize)| {
        let (at, bytes) = if is_wide { wide } else { narrow };
        number(&header, at, bytes, le)
    };
    let (segments, sections) = (field((32, 8), (28, 4)), field((40, 8), (32, 4)));
    let (segment_size, segment_count) = (field((54, 2), (42, 2)), field((56, 2), (44, 2)));
    let (section_size, section_count) = (field((58, 2), (46, 2)), field((60, 2), (48, 2)));
    if segment_count > 0 {
        file.holds(segments, segment_size * segment_count)?;
    }
    for index in 0..segment_count {
        let at = segments + index * segment_size;
        let (offset, size) = if is_wide {
            let entry = file.at::<56>(at)?;
            (number(&entry, 8, 8, le), number(&entry, 32, 8, le))
        } else {
            let entry = file.at::<32>(at)?;
            (number(&entry, 4, 4, le), number(&entry, 16, 4, le))
        };
        file.holds(offset, size)?;
    }
    // None: stripped of it. Zero with a table: too many for the header, which then lies in the first of them.
    if sections == 0 {
        return Ok(());
    }
    file.holds(sections, section_size * section_count.max(1))?;
    for index in 0..section_count {
        let at = sections + index * section_size;
        let (kind, offset, size) = if is_wide {
            let entry = file.at::<64>(at)?;
            (number(&entry, 4, 4, le), number(&entry, 24, 8, le), number(&entry, 32, 8, le))
        } else {
            let entry = file.at::<40>(at)?;
            (number(&entry, 4, 4, le), number(&entry, 16, 4, le), number(&entry, 20, 4, le))
        };
        if kind != NO_BITS && kind != 0 {
            file.holds(offset, size)?;
        }
    }
    Ok(())
}
