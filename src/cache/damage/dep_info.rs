//! Cargo's own dep-info, `dep-…` in a fingerprint directory (`core/compiler/fingerprint/dep_info.rs`). Cargo takes one that does
//! not parse for missing, and builds the unit anew: for no reason that a user could see.

use std::path::{Path, PathBuf};

use super::file::{Probe, Problem, expect};
use crate::cache::disk;

/// Larger ones are not judged. Real ones have some kilobytes.
const LIMIT: u64 = 16 << 20;

/// A marker that no older format begins with, then the version that is known.
const START: &[u8] = &[1, 0, 0, 0, 0xff, 1];

pub(super) fn check(file: &mut Probe) -> Result<(), Problem> {
    read(file).map(drop)
}

/// The files that are named relative to the build dir (or absolutely): those that were generated, and sources of others.
pub(super) fn generated(path: &Path) -> Vec<PathBuf> {
    let Ok((file, length)) = disk::open(path) else { return Vec::new() };
    read(&mut Probe { file, length }).unwrap_or_default()
}

fn read(file: &mut Probe) -> Result<Vec<PathBuf>, Problem> {
    if file.length > LIMIT {
        return Err(Problem::Unknown);
    }
    let content = file.start(LIMIT)?;
    let Some(rest) = content.strip_prefix(START) else {
        // What never reached the disk is read as zeros; other beginnings may be other versions'.
        expect(content.iter().any(|byte| *byte != 0))?;
        return if START.starts_with(&content) {
            Reader { rest: &[], file }.take(1).map(|_| Vec::new())
        } else {
            Err(Problem::Unknown)
        };
    };
    let mut reader = Reader { rest, file };
    let mut generated = Vec::new();
    for _ in 0..reader.number()? {
        let is_of_build_dir = reader.flag()?;
        let path = reader.text()?;
        if let (true, Ok(path)) = (is_of_build_dir, std::str::from_utf8(path)) {
            generated.push(PathBuf::from(path));
        }
        if reader.flag()? {
            reader.take(8)?;
            reader.text()?;
        }
    }
    for _ in 0..reader.number()? {
        reader.text()?;
        if reader.flag()? {
            reader.text()?;
        }
    }
    Ok(generated)
}

struct Reader<'a> {
    rest: &'a [u8],
    file: &'a Probe,
}

impl Reader<'_> {
    fn take(&mut self, length: u64) -> Result<&[u8], Problem> {
        self.file.holds(self.file.length - self.rest.len() as u64, length)?;
        let (taken, rest) = self.rest.split_at(usize::try_from(length).unwrap_or(usize::MAX));
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u64, Problem> {
        Ok(self.take(4)?.iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
    }

    fn text(&mut self) -> Result<&[u8], Problem> {
        let length = self.number()?;
        self.take(length)
    }

    fn flag(&mut self) -> Result<bool, Problem> {
        match self.take(1)? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => expect(false).map(|()| false),
        }
    }
}
