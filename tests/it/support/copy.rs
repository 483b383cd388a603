//! A copy of a directory that a build system takes for the directory itself.

use std::collections::HashMap;
use std::fs::Metadata;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};

use filetime::FileTime;
use fs_err as fs;

/// A copy with the same modification times, without which cargo would see another history, and with the same hard links:
/// cargo names many files twice, and which of them are one file decides what a removal frees.
pub(crate) fn copy_tree(from: &Path, to: &Path) {
    copy(from, to, &mut HashMap::new());
}

fn copy(from: &Path, to: &Path, names: &mut HashMap<(u64, u64), PathBuf>) {
    fs::create_dir_all(to).expect("a directory");
    let mut times = Vec::new();
    for entry in fs::read_dir(from).expect("a directory to copy") {
        let entry = entry.expect("an entry of it");
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let meta = entry.metadata().expect("its metadata");
        if meta.is_dir() {
            copy(&path, &target, names);
        } else if meta.is_symlink() {
            symlink(fs::read_link(&path).expect("a link's target"), &target).expect("the same link");
        } else if !is_named(&meta, &target, names) {
            fs::copy(&path, &target).expect("a copy of the file");
        }
        times.push((target, FileTime::from_last_modification_time(&meta)));
    }
    for (target, time) in times {
        filetime::set_symlink_file_times(target, time, time).expect("the same time");
    }
}

/// Whether the file has a copy under another name already; then this is one more name of that.
fn is_named(meta: &Metadata, target: &Path, names: &mut HashMap<(u64, u64), PathBuf>) -> bool {
    if meta.nlink() < 2 {
        return false;
    }
    match names.get(&(meta.dev(), meta.ino())) {
        Some(first) => fs::hard_link(first, target).expect("the same hard link"),
        None => drop(names.insert((meta.dev(), meta.ino()), target.to_owned())),
    }
    names[&(meta.dev(), meta.ino())] != target
}
