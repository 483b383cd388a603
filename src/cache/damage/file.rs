//! Looking at some bytes of a file, where reading past its end is what proves damage.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::Damage;
use crate::cache::disk;

/// Why a check stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    Damaged(Damage),
    /// It cannot be read, is gone, or is of a form that is not known: nothing is proven.
    Unknown,
}

/// An open file that is known to have something in it.
pub(super) struct Probe {
    pub(super) file: File,
    pub(super) length: u64,
}

impl Probe {
    /// What a check says of the file at this path. An empty file is damaged whatever its format.
    pub(super) fn judge(path: &Path, check: fn(&mut Self) -> Result<(), Problem>) -> Option<Damage> {
        let (file, length) = disk::open(path).ok()?;
        if length == 0 {
            return Some(Damage::Empty);
        }
        match check(&mut Self { file, length }) {
            Err(Problem::Damaged(damage)) => Some(damage),
            Err(Problem::Unknown) | Ok(()) => None,
        }
    }

    /// So many bytes from here on, all of which must be there.
    pub(super) fn at<const N: usize>(&mut self, offset: u64) -> Result<[u8; N], Problem> {
        self.holds(offset, N as u64)?;
        let mut bytes = [0; N];
        self.file
            .seek(SeekFrom::Start(offset))
            .and_then(|_| self.file.read_exact(&mut bytes))
            .map_err(|_| Problem::Unknown)?;
        Ok(bytes)
    }

    /// At most so many bytes from the beginning.
    pub(super) fn start(&mut self, most: u64) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        self.file
            .seek(SeekFrom::Start(0))
            .and_then(|_| (&mut self.file).take(most).read_to_end(&mut bytes))
            .map_err(|_| Problem::Unknown)?;
        Ok(bytes)
    }

    /// That the file reaches over this part.
    pub(super) fn holds(&self, offset: u64, length: u64) -> Result<(), Problem> {
        match offset.checked_add(length) {
            Some(end) if end <= self.length => Ok(()),
            _ => Err(Problem::Damaged(Damage::Cut)),
        }
    }
}

/// That the file has this mark.
pub(super) fn expect(has_mark: bool) -> Result<(), Problem> {
    if has_mark { Ok(()) } else { Err(Problem::Damaged(Damage::Garbage)) }
}
