//! Which toolchain file rustup finds from a directory of the repository: the nearest at or above it.

use std::collections::HashMap;
use std::path::Path;

use super::effective::Nearest;
use super::survey::{FileOfPins, Survey};
use super::{Directory, Job, Kind, Nature};
use crate::toolchain::precedence::{BARE, TOML};

/// A toolchain file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToolchainFileAt<'a> {
    /// Relative to the repository's root.
    pub path: &'a Path,
    /// What it names.
    pub names: Names<'a>,
}

/// What a toolchain file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names<'a> {
    /// This channel.
    Channel(&'a str),
    /// None: it gives a path, or only components.
    Nothing,
    /// It cannot be read.
    Unknown,
}

/// The toolchain files of a repository, by their directories; of two in one directory the one that rustup reads.
#[derive(Debug, Clone, Default)]
pub struct ToolchainFiles<'a> {
    by_dir: HashMap<&'a Path, ToolchainFileAt<'a>>,
}

impl<'a> ToolchainFiles<'a> {
    /// Those of a repository.
    #[must_use]
    pub fn of(survey: &'a Survey) -> Self {
        let channel = |file: &'a FileOfPins| {
            let placed = file.pins.iter().find(|placed| placed.pin.nature == Nature::ToolchainFile);
            placed.map_or(Names::Nothing, |placed| Names::Channel(&placed.pin.text))
        };
        let read = survey.files.iter().filter(|file| file.kind == Some(Kind::ToolchainFile));
        let mut all: Vec<_> =
            read.map(|file| ToolchainFileAt { path: &file.path, names: channel(file) }).collect();
        all.extend(
            survey.unreadable.iter().map(|file| ToolchainFileAt { path: &file.path, names: Names::Unknown }),
        );
        let mut by_dir = HashMap::new();
        // Without an extension it wins, so it comes last.
        for name in [TOML, BARE] {
            for file in all.iter().filter(|file| file.path.ends_with(name)) {
                by_dir.insert(file.path.parent().unwrap_or(Path::new("")), *file);
            }
        }
        Self { by_dir }
    }

    /// The one in exactly this directory.
    #[must_use]
    pub fn in_dir(&self, dir: &Path) -> Option<ToolchainFileAt<'a>> {
        self.by_dir.get(dir).copied()
    }

    /// The one that rustup finds from a directory.
    #[must_use]
    pub fn from(&self, dir: &Path) -> Option<ToolchainFileAt<'a>> {
        dir.ancestors().find_map(|dir| self.in_dir(dir))
    }

    /// The one that counts for the commands of a job, where it is the same for all of them.
    #[must_use]
    pub fn for_job(&self, job: &Job) -> Nearest<'a> {
        if self.by_dir.is_empty() {
            return Nearest::Absent;
        }
        let found = |directory: &Directory| match directory {
            Directory::At(dir) => Some(self.from(dir)),
            Directory::Unknown => None,
        };
        let mut all = job.directories.iter().map(found);
        let Some(first) = all.next().unwrap_or_else(|| Some(self.from(Path::new("")))) else {
            return Nearest::Unknown;
        };
        if all.any(|other| other != Some(first)) {
            return Nearest::Unknown;
        }
        match first {
            None | Some(ToolchainFileAt { names: Names::Nothing, .. }) => Nearest::Absent,
            Some(ToolchainFileAt { names: Names::Unknown, .. }) => Nearest::Unknown,
            Some(ToolchainFileAt { path, names: Names::Channel(channel) }) => {
                Nearest::Names { path, channel }
            }
        }
    }
}

#[cfg(test)]
mod tests;
