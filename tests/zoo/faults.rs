//! Ways to change files behind cargo's back.

use std::path::Path;

use filetime::FileTime;
use fs_err as fs;

/// Another value in the file, by an ordinary edit: the time is now.
pub(crate) fn edit(root: &Path, file: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).unwrap();
    let edited = text.replace('1', "2");
    assert_ne!(text, edited, "{file} has a value");
    fs::write(&path, edited).unwrap();
}

/// Another value in the file, and its old time put back.
pub(crate) fn edit_unseen(root: &Path, file: &str) {
    let path = root.join(file);
    let time = FileTime::from_last_modification_time(&path.metadata().unwrap());
    edit(root, file);
    filetime::set_file_mtime(&path, time).unwrap();
}
