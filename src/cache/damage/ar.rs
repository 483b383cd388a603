//! Archives: `.rlib`, `.a`, `.lib`. A mark, then members: a header of 60 bytes that says how long the member is, its
//! content, a byte more where that is odd.

use super::file::{Probe, Problem, expect};

const MARK: &[u8; 8] = b"!<arch>\n";

pub(super) fn check(file: &mut Probe) -> Result<(), Problem> {
    match &file.at::<8>(0)? {
        MARK => {}
        // Members lie in other files, or the big archives of AIX.
        b"!<thin>\n" | b"<bigaf>\n" => return Err(Problem::Unknown),
        _ => return expect(false),
    }
    let mut offset = MARK.len() as u64;
    while offset < file.length {
        let header = file.at::<60>(offset)?;
        expect(header.ends_with(b"`\n"))?;
        let size =
            std::str::from_utf8(&header[48..58]).ok().and_then(|text| text.trim_end().parse::<u64>().ok());
        let Some(size) = size else { return expect(false) };
        file.holds(offset + 60, size)?;
        offset += 60 + size;
        offset += offset % 2;
    }
    Ok(())
}
