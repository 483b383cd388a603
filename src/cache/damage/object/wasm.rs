//! WebAssembly: sections up to the very end, each with its length as LEB128.

use crate::cache::damage::file::{Probe, Problem, expect};

pub(super) fn check(file: &mut Probe) -> Result<(), Problem> {
    let mut offset = 8;
    file.holds(0, offset)?;
    while offset < file.length {
        // The section's kind, then its length in at most five bytes.
        offset += 1;
        let mut size = 0;
        for shift in (0..35).step_by(7) {
            let [byte] = file.at::<1>(offset)?;
            offset += 1;
            size |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
            expect(shift < 28)?;
        }
        file.holds(offset, size)?;
        offset += size;
    }
    Ok(())
}
