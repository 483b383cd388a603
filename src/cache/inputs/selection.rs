//! What a manifest says of which files are the package's: `include` and `exclude`.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::workspace::Manifest;

/// Either list, by the crate with which cargo reads them; `include` makes cargo look at no `exclude`, and not ask git.
pub(super) enum Selection {
    /// Neither is there, or it cannot be told (inherited from the workspace, say): everything counts.
    All,
    Include(Gitignore),
    Exclude(Gitignore),
}

impl Selection {
    /// Of the package in this directory.
    pub(super) fn of(root: &Path) -> Self {
        let Ok(manifest) = Manifest::read(&root.join("Cargo.toml")) else { return Self::All };
        let list = |key| {
            let rules = manifest.list(key)?;
            let mut builder = GitignoreBuilder::new(root);
            for rule in &rules {
                builder.add_line(None, rule).ok()?;
            }
            builder.build().ok().filter(|_| !rules.is_empty())
        };
        list("include").map(Self::Include).or_else(|| list("exclude").map(Self::Exclude)).unwrap_or(Self::All)
    }

    /// Whether a file of the package, relative to its root, counts. The manifest always does, and the lock file is not theirs to choose.
    /// Where cargo walks through directories and does not ask git, what lies in one that is left out never comes back.
    pub(super) fn has(&self, path: &Path, is_walked: bool) -> bool {
        if ["Cargo.toml", "Cargo.lock"].iter().any(|name| path == Path::new(name)) {
            return true;
        }
        match self {
            Self::All => true,
            Self::Include(rules) => rules.matched_path_or_any_parents(path, false).is_ignore(),
            Self::Exclude(rules) => {
                let mut dirs = path.ancestors().skip(1).filter(|dir| !dir.as_os_str().is_empty());
                let is_out = |path, is_dir| rules.matched_path_or_any_parents(path, is_dir).is_ignore();
                !(is_out(path, false) || is_walked && dirs.any(|dir| is_out(dir, true)))
            }
        }
    }
}
