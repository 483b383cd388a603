//! Ways to change files behind cargo's back. Paths are relative to the workspace.

use std::path::{Path, PathBuf};

use filetime::FileTime;
use fs_err as fs;

use crate::site::Site;
use crate::template::{FILES, WRITTEN};

/// Long before any build, and none of the times in the template.
pub(crate) fn old() -> FileTime {
    FileTime::from_unix_time(WRITTEN - 3600, 0)
}

/// Tomorrow.
pub(crate) fn tomorrow() -> FileTime {
    FileTime::from_unix_time(FileTime::now().unix_seconds() + 24 * 3600, 0)
}

/// When a file was written.
pub(crate) fn time(path: &Path) -> FileTime {
    FileTime::from_last_modification_time(&path.metadata().unwrap())
}

/// The content of a file with the other value.
pub(crate) fn renewed(site: &Site<'_>, file: &str) -> String {
    let text = fs::read_to_string(site.root().join(file)).unwrap();
    assert_eq!(text.matches('1').count(), 1, "{file} has one value: {text}");
    text.replace('1', "2")
}

/// Another value, by an ordinary edit: the time is now.
pub(crate) fn edit(site: &Site<'_>, file: &str) {
    fs::write(site.root().join(file), renewed(site, file)).unwrap();
}

/// Another value under this time.
pub(crate) fn edit_at(site: &Site<'_>, file: &str, time: FileTime) {
    edit(site, file);
    stamp(site, file, time);
}

/// Another value, and the old time put back.
pub(crate) fn edit_unseen(site: &Site<'_>, file: &str) {
    edit_at(site, file, time(&site.root().join(file)));
}

/// A file with the other value and an old time, beside the workspace.
pub(crate) fn backup(site: &Site<'_>, file: &str) -> PathBuf {
    let path = site.root().with_extension("backup");
    fs::write(&path, renewed(site, file)).unwrap();
    filetime::set_file_mtime(&path, old()).unwrap();
    path
}

/// The file has this time.
pub(crate) fn stamp(site: &Site<'_>, file: &str, time: FileTime) {
    filetime::set_file_mtime(site.root().join(file), time).unwrap();
}

/// The file has the time of now, and the content of before.
pub(crate) fn touch(site: &Site<'_>, file: &str) {
    stamp(site, file, FileTime::now());
}

/// Every source is written anew, as a fresh checkout does it.
pub(crate) fn check_out(site: &Site<'_>) {
    for (file, _) in FILES {
        let path = site.root().join(file);
        let text = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        fs::write(&path, text).unwrap();
    }
    touch(site, "gen/inputs");
}

/// All of it under version control, and a branch `other` on which the file has the other value. Nothing is touched.
pub(crate) fn branches(site: &Site<'_>, file: &str) {
    git(site, &["init", "-q"]);
    git(site, &["add", "-A"]);
    git(site, &["commit", "-q", "-m", "one"]);
    let blob = site.sandbox().command("git").args(["hash-object", "-w", "--stdin"]).dir(site.root());
    let blob = blob.stdin(&renewed(site, file)).run().ok().out();
    git(site, &["update-index", "--cacheinfo", &format!("100644,{},{file}", blob.trim())]);
    let tree = site.sandbox().command("git").arg("write-tree").dir(site.root()).run().ok().out();
    let commit = ["commit-tree", "-p", "HEAD", "-m", "two", tree.trim()];
    let commit = site.sandbox().command("git").args(commit).dir(site.root()).run().ok().out();
    git(site, &["branch", "other", commit.trim()]);
    git(site, &["reset", "-q"]);
}

/// A git command there.
pub(crate) fn git(site: &Site<'_>, args: &[&str]) {
    site.sandbox().command("git").args(args).dir(site.root()).run().ok();
}

/// The files in which cargo remembers what a package's units were built from, and whose times it compares.
pub(crate) fn dep_infos(site: &Site<'_>, package: &str) -> Vec<PathBuf> {
    let mut found = unit_files(site, package);
    found.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("dep-"));
    assert!(!found.is_empty(), "{package} is built");
    found
}

/// All files in the directories of a package's units.
pub(crate) fn unit_files(site: &Site<'_>, package: &str) -> Vec<PathBuf> {
    let is_of = |dir: &str| {
        dir == package || dir.rsplit_once('-').is_some_and(|(name, id)| name == package && id.len() == 16)
    };
    let target = site.target();
    let mut found = files(&target);
    found.retain(|path| {
        let mut dirs = path.strip_prefix(&target).unwrap().parent().unwrap().iter();
        dirs.any(|dir| dir.to_str().is_some_and(is_of))
    });
    found
}

/// All files of cargo's in the target dir.
pub(crate) fn built_files(site: &Site<'_>) -> Vec<PathBuf> {
    let own = site.target().join(".xcargo");
    files(&site.target()).into_iter().filter(|path| !path.starts_with(&own)).collect()
}

/// All files below a directory, of which some may go while it is read.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let found = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => files(&entry.path()),
        _ => vec![entry.path()],
    });
    found.flatten().collect()
}
