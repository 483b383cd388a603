//! Emptying the trash where directories are not files to be opened (Windows): one after the other.

use super::Count;
use crate::apply::removal::folder::Folder;
use crate::apply::removal::progress::{Counted, Stop};
use crate::apply::removal::{Emptied, trash};

pub(in crate::apply::removal) fn all(trash: Folder, _threads: usize, count: Count<'_>) -> Emptied {
    let mut counted = Counted::default();
    let mut first = None;
    let names: Vec<_> = match trash.dir.entries() {
        Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.file_name()).collect(),
        Err(error) => {
            let stop = Some(trash::in_trash(Stop::at("", error)));
            return Emptied { done: counted.done(), stop };
        }
    };
    for name in names {
        if let Err(stop) = trash.remove_tree(&name, &mut counted) {
            first.get_or_insert(trash::in_trash(stop));
        }
        if let Count::Yes(progress) = count {
            progress(counted.done());
        }
    }
    Emptied { done: counted.done(), stop: first }
}
