//! Mach-O of 64 bits, the only one that Rust's tier 1 and 2 targets of Apple have: the segments that the load commands name.

use super::number;
use crate::cache::damage::file::{Probe, Problem, expect};

const SEGMENT: u64 = 0x19;

pub(super) fn check(file: &mut Probe) -> Result<(), Problem> {
    let header = file.at::<32>(0)?;
    let (count, size) = (number(&header, 16, 4, true), number(&header, 20, 4, true));
    file.holds(32, size)?;
    let mut at = 32;
    for _ in 0..count {
        let command = file.at::<8>(at)?;
        let (kind, length) = (number(&command, 0, 4, true), number(&command, 4, 4, true));
        expect(length >= 8)?;
        if kind == SEGMENT {
            let segment = file.at::<72>(at)?;
            file.holds(number(&segment, 40, 8, true), number(&segment, 48, 8, true))?;
        }
        at += length;
    }
    Ok(())
}
