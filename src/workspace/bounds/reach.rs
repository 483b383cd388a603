//! Where a path really leads, step by step, and through which links.

use std::io;
use std::path::{Component, Path, PathBuf};

/// An absolute path, resolved as far as it exists.
#[derive(Debug)]
pub(super) struct Reach {
    /// The place: no links and no `..` in the part that exists; the rest as it would be created.
    pub(super) real: PathBuf,
    /// The links on the way, in order.
    pub(super) links: Vec<Link>,
    ends_in_link: bool,
}

/// A symbolic link, or on Windows a junction.
#[derive(Debug)]
pub(super) struct Link {
    /// Its own place.
    pub(super) at: PathBuf,
    /// Where it leads, fully resolved.
    pub(super) leads_to: PathBuf,
}

impl Reach {
    /// Follows the path from its root. `..` is the parent of where a link leads, as for the system, never of the link.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let mut reach = Self { real: PathBuf::new(), links: Vec::new(), ends_in_link: false };
        for component in path.components() {
            match component {
                Component::Prefix(_) | Component::RootDir => reach.real.push(component),
                Component::CurDir => {}
                Component::ParentDir => {
                    reach.real.pop();
                    reach.ends_in_link = false;
                }
                Component::Normal(name) => {
                    reach.real.push(name);
                    reach.ends_in_link = reach.follow()?;
                }
            }
        }
        Ok(reach)
    }

    /// The last step, where it is a link.
    pub(super) fn is_link(&self) -> Option<&Link> {
        self.links.last().filter(|_| self.ends_in_link)
    }

    fn follow(&mut self) -> io::Result<bool> {
        match std::fs::symlink_metadata(&self.real) {
            Ok(found) if found.is_symlink() => {
                let leads_to = self.real.canonicalize()?;
                let at = std::mem::replace(&mut self.real, leads_to.clone());
                self.links.push(Link { at, leads_to });
                Ok(true)
            }
            Ok(_) => Ok(false),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}
