//! Ways to damage a file. Its time is put back: as after a power failure, where the name and the time have reached the disk and
//! the content has not.

use std::io::Write;
use std::path::Path;

use filetime::FileTime;
use fs_err as fs;

use super::find::File;
use crate::site::Site;

/// What is done to a file.
#[derive(Clone, Copy)]
pub(super) enum How {
    /// Nothing is left in it.
    Empty,
    /// The first half is left.
    Half,
    /// All zeros, at the same length.
    Zeros,
    /// The second half is zeros, at the same length.
    ZerosAtTheEnd,
    /// It ends before this text.
    CutAt(&'static str),
    /// The lowest bit of this text's last byte, wherever the text is.
    Flip(&'static str),
    /// It has another file's content.
    Other(File),
    /// It becomes what this makes of it.
    By(fn(Vec<u8>) -> Vec<u8>),
    /// It is gone.
    Gone,
    /// This text is replaced, by somebody: the time is now.
    Altered(&'static str, &'static str),
}

/// Damages a file in place, so that all of its names show it.
pub(super) fn harm(site: &Site<'_>, file: &File, how: &How) {
    let path = file.path(site);
    let content = fs::read(&path).unwrap();
    let time = FileTime::from_last_modification_time(&path.metadata().unwrap());
    let half = content.len() / 2;
    let harmed = match how {
        How::Gone => return fs::remove_file(&path).unwrap(),
        How::Empty => Vec::new(),
        How::Half => content[..half].to_vec(),
        How::Zeros => vec![0; content.len()],
        How::ZerosAtTheEnd => [&content[..half], &vec![0; content.len() - half]].concat(),
        How::CutAt(text) => content[..places(&content, text)[0]].to_vec(),
        How::Flip(text) => {
            let mut flipped = content.clone();
            for at in places(&content, text) {
                flipped[at + text.len() - 1] ^= 1;
            }
            flipped
        }
        How::Other(other) => fs::read(other.path(site)).unwrap(),
        How::By(make) => make(content.clone()),
        How::Altered(from, to) => String::from_utf8(content.clone()).unwrap().replace(from, to).into_bytes(),
    };
    assert_ne!(harmed, content, "{} is not harmed", path.display());
    fs::write(&path, harmed).unwrap();
    if !matches!(how, How::Altered(..)) {
        filetime::set_file_mtime(&path, time).unwrap();
    }
}

fn places(content: &[u8], text: &str) -> Vec<usize> {
    let windows = content.windows(text.len()).enumerate();
    let found: Vec<usize> = windows.filter(|(_, it)| *it == text.as_bytes()).map(|(at, _)| at).collect();
    assert!(!found.is_empty(), "{text:?} is in the file");
    found
}

/// A line more in a source file, that is no code, by an ordinary edit.
pub(super) fn append(root: &Path, file: &str) {
    let mut file = fs::OpenOptions::new().append(true).open(root.join(file)).unwrap();
    file.write_all(b"// edited\n").unwrap();
}
