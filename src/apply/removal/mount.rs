//! Whether two open directories lie on the same mount, where the system call that refuses to cross one is missing: Linux before
//! 5.6, and sandboxes that know nothing newer. Device numbers do not tell it: a bind mount has that of where it comes from.

use std::io;
use std::os::fd::{AsFd, AsRawFd};

/// Fails closed: where the kernel does not say it, nothing is entered.
///
/// # Errors
/// `CrossesDevices`: they do not. `Unsupported`: nobody can tell.
pub(super) fn is_same(parent: impl AsFd, child: impl AsFd) -> io::Result<()> {
    let (parent, child) = (id(parent)?, id(child)?);
    if parent == child { Ok(()) } else { Err(io::ErrorKind::CrossesDevices.into()) }
}

/// `mnt_id:` of `/proc/self/fdinfo/<fd>` (Linux 3.15).
fn id(dir: impl AsFd) -> io::Result<String> {
    let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", dir.as_fd().as_raw_fd()));
    let info = info.map_err(|error| cannot_tell(&error.to_string()))?;
    let id = info.lines().find_map(|line| line.strip_prefix("mnt_id:")).map(|id| id.trim().to_owned());
    id.ok_or_else(|| cannot_tell("the kernel does not say it"))
}

fn cannot_tell(why: &str) -> io::Error {
    let message = format!("it cannot be told whether something is mounted here: {why}");
    io::Error::new(io::ErrorKind::Unsupported, message)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io;

    use super::is_same;

    #[test]
    fn mounts_are_told_apart() {
        let dir = |path: &str| File::open(path).expect("a directory");
        is_same(dir("/"), dir("/")).expect("the same");
        let proc = is_same(dir("/"), dir("/proc")).expect_err("another mount");
        assert_eq!(proc.kind(), io::ErrorKind::CrossesDevices);
    }
}
