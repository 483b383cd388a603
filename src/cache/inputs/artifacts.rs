//! The files of a unit that a later build reads.

use std::path::{Path, PathBuf};

use super::extension;
use crate::cache::Unit;
use crate::cache::disk::{self, Kind};
use crate::cache::place::{self, Place};

/// So many files that a script generated are all counted; of more, only those that a crate is likely to be given by name.
const MOST: usize = 64;

/// The files that rustc, the linker or a build script made and that a later build reads, relative to the build dir and sorted:
/// libraries, metadata, programs, the encoded dep-info, what rustc had to say (which cargo says again), what a script printed, and
/// what it generated. Only regular files. A unit of which no build is known has none.
///
/// Not among them is what explains or only helps people: hash files and their explanations, rustc's `.d`, debug information and
/// object files beside the outputs. Of a large `OUT_DIR` (a C library's build, say) only the top level counts, without object
/// files; what a crate is compiled from is in that crate's dep-info.
#[must_use]
pub fn artifacts(build_dir: &Path, unit: &Unit) -> Vec<PathBuf> {
    let Some(place) = Place::of(unit).filter(|_| !unit.fingerprints.is_empty()) else { return Vec::new() };
    let is_believed = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        name.starts_with(b"dep-") || name.starts_with(b"output-")
    };
    let prints = disk::list(&build_dir.join(&place.prints)).unwrap_or_default();
    let mut found: Vec<PathBuf> = files(prints, &place.prints).into_iter().filter(is_believed).collect();
    if place::is_run(unit) {
        if let Some(run) = &place.run {
            let is_there = |path: &PathBuf| matches!(disk::kind(&build_dir.join(path)), Ok(Some(Kind::File)));
            found.extend(
                ["output", "stdout", "root-output"].map(|name| run.join(name)).into_iter().filter(is_there),
            );
        }
        found.extend(place.out.iter().flat_map(|out| generated(build_dir, out)));
    } else {
        found.extend(place.outputs(build_dir, unit).into_iter().filter(|path| is_read(path)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether cargo or rustc reads an output of this name again.
fn is_read(path: &Path) -> bool {
    match extension(path) {
        Some("d" | "o" | "obj" | "dwo" | "dwp" | "pdb" | "exp" | "ll" | "s" | "bc" | "mir") => false,
        // What rustc had to shorten in a message.
        Some("txt") => !path.to_string_lossy().contains(".long-type-"),
        _ => true,
    }
}

fn files(items: Vec<disk::Item>, below: &Path) -> Vec<PathBuf> {
    items.into_iter().filter(|item| item.kind == Kind::File).map(|item| below.join(item.name)).collect()
}

/// What a script generated in `out`.
fn generated(build_dir: &Path, out: &Path) -> Vec<PathBuf> {
    let list = |dir: &Path| disk::list(&build_dir.join(dir)).unwrap_or_default();
    let (mut all, mut to_list) = (Vec::new(), vec![out.to_path_buf()]);
    while let Some(dir) = to_list.pop() {
        let items = list(&dir);
        to_list.extend(items.iter().filter(|item| item.kind == Kind::Dir).map(|item| dir.join(&item.name)));
        all.extend(files(items, &dir));
        // A tree of nothing but directories has an end as well.
        if all.len() > MOST || to_list.len() > MOST {
            let is_likely = |path: &PathBuf| !matches!(extension(path), Some("o" | "obj"));
            return files(list(out), out).into_iter().filter(is_likely).take(MOST).collect();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{MOST, generated, is_read};

    #[test]
    fn what_no_build_reads_is_left_out() {
        for (name, expect) in [
            ("libx-0.rlib", true),
            ("libx-0.rmeta", true),
            ("libx.so", true),
            ("x.exe", true),
            ("my.app-0123456789abcdef", true),
            ("x-0", true),
            ("x-0.d", false),
            ("x-0.dwp", false),
            ("x-0.x.1fa-cgu.0.rcgu.o", false),
            ("x-0.long-type-1.txt", false),
        ] {
            assert_eq!(is_read(Path::new(name)), expect, "{name}");
        }
    }

    #[test]
    fn of_a_large_tree_only_the_top_counts() {
        let temp = tempfile::tempdir().expect("temp dir");
        let out = temp.path().join("out");
        fs::create_dir_all(out.join("deep/er")).expect("dir");
        for name in ["g.rs", "a.o", "deep/b.rs", "deep/er/c.rs"] {
            fs::write(out.join(name), "").expect("file");
        }
        let found = |temp: &Path| {
            let mut found = generated(temp, Path::new("out"));
            found.sort();
            found
        };
        let paths =
            |names: &[&str]| names.iter().map(|name| Path::new("out").join(name)).collect::<Vec<PathBuf>>();
        assert_eq!(found(temp.path()), paths(&["a.o", "deep/b.rs", "deep/er/c.rs", "g.rs"]));
        for number in 0..MOST {
            fs::write(out.join(format!("deep/{number}")), "").expect("file");
        }
        assert_eq!(found(temp.path()), paths(&["g.rs"]));
        #[cfg(unix)]
        {
            // A link is not followed, so that nothing outside is read.
            fs::remove_dir_all(out.join("deep")).expect("dir");
            std::os::unix::fs::symlink("/", out.join("link")).expect("link");
            assert_eq!(found(temp.path()), paths(&["a.o", "g.rs"]));
        }
    }
}
