//! A directory in memory: thousands of small files come and go there several times faster than on most disks.

use std::path::Path;

use rustix::fs::{StatVfsMountFlags, statvfs};

/// Room that must be there, in bytes: what tests that run side by side have in use at a time, with some to spare.
const ROOM: u64 = 4 << 30;

/// The directory, unless `TMPDIR` says where temporary files go. `None`: the system has none, or one without room, or one in which
/// no program may be started.
pub(crate) fn dir() -> Option<&'static Path> {
    let dir = Path::new("/dev/shm");
    if std::env::var_os("TMPDIR").is_some() {
        return None;
    }
    let found = statvfs(dir).ok()?;
    let has_room = found.f_bavail.saturating_mul(found.f_frsize) >= ROOM;
    let may_run = !found.f_flag.contains(StatVfsMountFlags::NOEXEC);
    (has_room && may_run && tempfile::tempdir_in(dir).is_ok()).then_some(dir)
}
