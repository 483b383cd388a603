//! How much is in a build dir and a target dir, and whose: one walk, each file once.
//!
//! [`Tally`](super::Tally) answers another question: what a removal frees. Here nothing is about to go, so a file with
//! several names (hard links) counts once, with the first of its owners, whether or not it has a name elsewhere.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use super::disk::{self, Kind};
use super::parallel;
use super::size::{Size, identity};

/// Whose is what below one directory. Owners are numbers; where a file has names of several, the lowest has its bytes.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// The directory.
    pub dir: PathBuf,
    /// By path relative to it: a file, or a directory with all in it that nobody else claims.
    pub owners: HashMap<PathBuf, usize>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// By owner: what is theirs. `files` counts names, `bytes` each file once.
    pub owned: HashMap<usize, Size>,
    /// For each of the directories, by the first name below it: what nobody claims.
    pub rest: Vec<BTreeMap<OsString, Size>>,
    /// Directories that could not be read: nothing in them is counted.
    pub unreadable: Vec<(PathBuf, io::ErrorKind)>,
}

/// Whose a file is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    /// Somebody's.
    Of(usize),
    /// Nobody's: the number of the directory, and the first name below it.
    Rest(usize, OsString),
}

/// A directory that is still to be read.
struct Todo {
    root: usize,
    relative: PathBuf,
    owner: Option<Owner>,
}

/// What one directory holds.
#[derive(Default)]
struct Contents {
    dirs: Vec<Todo>,
    files: Vec<(Owner, Found)>,
    unreadable: Option<(PathBuf, io::ErrorKind)>,
}

/// One name of a file.
struct Found {
    bytes: u64,
    /// Of a file that has more than one name.
    file: Option<(u64, u64)>,
}

/// Walks through the directories, in parallel, without following a link. One that lies within another is its own. What
/// vanishes meanwhile counts as nothing.
#[must_use]
pub fn read(roots: &[Claims]) -> Usage {
    let mut usage = Usage { rest: vec![BTreeMap::new(); roots.len()], ..Usage::default() };
    let mut linked: HashMap<(u64, u64), (Owner, u64)> = HashMap::new();
    // Level by level: trees may be as deep as their maker likes, the stack is not.
    let mut level: Vec<Todo> =
        (0..roots.len()).map(|root| Todo { root, relative: PathBuf::new(), owner: None }).collect();
    while !level.is_empty() {
        let read: Vec<Contents> = parallel::map(level, |todo| contents(roots, &todo));
        level = Vec::new();
        for mut contents in read {
            level.append(&mut contents.dirs);
            usage.unreadable.extend(contents.unreadable);
            for (owner, found) in contents.files {
                let Found { bytes, file } = found;
                match file {
                    None => usage.add(&owner, Size { files: 1, bytes }),
                    Some(file) => {
                        usage.add(&owner, Size { files: 1, bytes: 0 });
                        let first = linked.entry(file).or_insert_with(|| (owner.clone(), bytes));
                        if owner < first.0 {
                            first.0 = owner;
                        }
                    }
                }
            }
        }
    }
    for (owner, bytes) in linked.into_values() {
        usage.add(&owner, Size { files: 0, bytes });
    }
    usage.unreadable.sort();
    usage
}

impl Usage {
    /// What this owner has.
    #[must_use]
    pub fn of(&self, owner: usize) -> Size {
        self.owned.get(&owner).copied().unwrap_or_default()
    }

    fn add(&mut self, owner: &Owner, size: Size) {
        match owner {
            Owner::Of(owner) => *self.owned.entry(*owner).or_default() += size,
            Owner::Rest(root, name) => match self.rest[*root].get_mut(name) {
                Some(sum) => *sum += size,
                None => {
                    self.rest[*root].insert(name.clone(), size);
                }
            },
        }
    }
}

fn contents(roots: &[Claims], todo: &Todo) -> Contents {
    let root = &roots[todo.root];
    let is_root = todo.relative.as_os_str().is_empty();
    // Joined with nothing a path would end in a slash, and a link be followed.
    let dir = if is_root { root.dir.clone() } else { root.dir.join(&todo.relative) };
    let mut contents = Contents::default();
    let items = match disk::list(&dir) {
        Ok(items) => items,
        // The model says what a link in the place of a build dir is.
        Err(error) if is_root && error.kind() == io::ErrorKind::NotADirectory => {
            return contents;
        }
        Err(error) => {
            contents.unreadable = Some((dir, error.kind()));
            return contents;
        }
    };
    for item in items {
        let relative = todo.relative.join(&item.name);
        let claimed = root.owners.get(&relative).map(|owner| Owner::Of(*owner));
        let owner = claimed.or_else(|| todo.owner.clone());
        let owner = owner.unwrap_or_else(|| Owner::Rest(todo.root, item.name.clone()));
        let path = dir.join(&item.name);
        match item.kind {
            Kind::Dir if roots.iter().any(|other| other.dir == path) => {}
            Kind::Dir => contents.dirs.push(Todo { root: todo.root, relative, owner: Some(owner) }),
            Kind::File => {
                let Ok(meta) = path.symlink_metadata() else { continue };
                let file = identity(&meta).filter(|it| it.links > 1).map(|it| it.file);
                contents.files.push((owner, Found { bytes: meta.len(), file }));
            }
            Kind::Link | Kind::Other => contents.files.push((owner, Found { bytes: 0, file: None })),
        }
    }
    contents
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};
    use std::ffi::OsString;
    use std::fs;
    use std::path::Path;

    use super::{Claims, Size, read};

    fn claims(dir: &Path, owners: &[(&str, usize)]) -> Claims {
        let owners = owners.iter().map(|(path, owner)| ((*path).into(), *owner)).collect();
        Claims { dir: dir.to_path_buf(), owners }
    }

    fn size(files: u64, bytes: u64) -> Size {
        Size { files, bytes }
    }

    /// A sum that counts a program twice, or not at all, is one that nobody can check with `du`.
    #[test]
    fn each_file_counts_once_with_its_first_owner() {
        let temp = tempfile::tempdir().expect("temp dir");
        let dir = temp.path();
        for (path, bytes) in
            [("debug/deps/a-1", 10), ("debug/deps/b-2", 20), ("debug/x/y/z", 5), (".lock", 1)]
        {
            fs::create_dir_all(dir.join(path).parent().expect("parent")).expect("dirs");
            fs::write(dir.join(path), vec![b'x'; bytes]).expect("file");
        }
        fs::hard_link(dir.join("debug/deps/b-2"), dir.join("debug/b")).expect("link");
        let owners = [("debug/deps/a-1", 0), ("debug/deps/b-2", 1), ("debug/b", 2), ("debug", 3)];
        let usage = read(&[claims(dir, &owners)]);
        let expect = [(0, size(1, 10)), (1, size(1, 20)), (2, size(1, 0)), (3, size(1, 5))];
        assert_eq!(usage.owned, HashMap::from(expect));
        assert_eq!(usage.rest, [BTreeMap::from([(OsString::from(".lock"), size(1, 1))])]);
        assert_eq!(usage.unreadable, []);
    }

    #[test]
    fn a_dir_within_the_other_is_walked_once() {
        let temp = tempfile::tempdir().expect("temp dir");
        let (outer, inner) = (temp.path().to_path_buf(), temp.path().join("build"));
        fs::create_dir_all(inner.join("debug")).expect("dirs");
        fs::write(inner.join("debug/a"), "1234").expect("file");
        fs::write(outer.join("b"), "12").expect("file");
        let usage = read(&[claims(&inner, &[]), claims(&outer, &[])]);
        let rest = |name: &str, size| BTreeMap::from([(OsString::from(name), size)]);
        assert_eq!(usage.rest, [rest("debug", size(1, 4)), rest("b", size(1, 2))]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_files_and_nothing_behind_them_is_counted() {
        let temp = tempfile::tempdir().expect("temp dir");
        fs::create_dir_all(temp.path().join("elsewhere")).expect("dirs");
        fs::write(temp.path().join("elsewhere/big"), "123456789").expect("file");
        fs::create_dir(temp.path().join("target")).expect("dir");
        std::os::unix::fs::symlink("../elsewhere", temp.path().join("target/debug")).expect("link");
        std::os::unix::fs::symlink("target", temp.path().join("linked")).expect("link");
        let usage = read(&[claims(&temp.path().join("target"), &[])]);
        assert_eq!(usage.rest, [BTreeMap::from([(OsString::from("debug"), size(1, 0))])]);
        let usage = read(&[claims(&temp.path().join("linked"), &[])]);
        assert_eq!((usage.owned.len(), &*usage.rest), (0, &[BTreeMap::new()][..]));
    }
}
