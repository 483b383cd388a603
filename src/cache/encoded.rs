//! Cargo's own dep-info, `dep-…` in a fingerprint directory (`core/compiler/fingerprint/dep_info.rs`): the files that rustc read, as
//! cargo compares them. Cargo writes them in no particular order.

use std::path::PathBuf;

use super::dep_info::path_of;

/// Larger ones are not read. Real ones have some kilobytes.
pub(super) const LIMIT: u64 = 16 << 20;

/// A marker that no older format begins with, then the version that is known.
const START: &[u8] = &[1, 0, 0, 0, 0xff, 1];

/// With two empty lists.
const SHORTEST: usize = START.len() + 8;

/// A file in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Listed {
    /// Relative to the root of the package.
    Package(PathBuf),
    /// Relative to the build dir, or absolute.
    Build(PathBuf),
}

/// Why nothing is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// It ends too early.
    Cut,
    /// It is of the known version, and yet not of its form; or nothing but zeros.
    Garbage,
    /// Another version's.
    Unknown,
}

/// The files in a whole dep-info.
pub(super) fn parse(content: &[u8]) -> Result<Vec<Listed>, Broken> {
    let Some(rest) = content.strip_prefix(START) else {
        return Err(match content {
            cut if START.starts_with(cut) => Broken::Cut,
            // What never reached the disk is read as zeros. Shorter ones, and other beginnings, may be other versions': before 1.85 two
            // empty lists were eight zeros.
            zeros if zeros.len() >= SHORTEST && zeros.iter().all(|byte| *byte == 0) => Broken::Garbage,
            _ => Broken::Unknown,
        });
    };
    let mut reader = Reader { rest };
    let mut files = Vec::new();
    for _ in 0..reader.number()? {
        let is_of_build_dir = reader.flag()?;
        let path = path_of(reader.text()?.to_vec()).ok_or(Broken::Garbage)?;
        files.push(if is_of_build_dir { Listed::Build(path) } else { Listed::Package(path) });
        let has_checksum = reader.flag()?;
        if has_checksum {
            reader.take(8)?;
            reader.text()?;
        }
    }
    // The environment: names, and values if they were set.
    for _ in 0..reader.number()? {
        reader.text()?;
        if reader.flag()? {
            reader.text()?;
        }
    }
    Ok(files)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Broken> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Broken::Cut)?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<usize, Broken> {
        Ok(self.take(4)?.iter().rev().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)))
    }

    fn text(&mut self) -> Result<&'a [u8], Broken> {
        let length = self.number()?;
        self.take(length)
    }

    fn flag(&mut self) -> Result<bool, Broken> {
        match self.take(1)? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(Broken::Garbage),
        }
    }
}
