//! Who holds a lock, so that a message can say who is being waited for.

use std::path::Path;

/// A process that holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its id.
    pub pid: u32,
    /// Its command line, quoted as for a shell, and cut where it is long.
    pub command: String,
}

/// Whether the system says who holds a lock.
pub const NAMES_HOLDERS: bool = cfg!(target_os = "linux");

/// The process that holds the lock on this file; `None` where nobody does or the system does not say (all but Linux, another
/// PID namespace, another user's process).
#[cfg(target_os = "linux")]
#[must_use]
pub fn holder(path: &Path) -> Option<Holder> {
    use std::os::unix::fs::MetadataExt;
    let meta = path.symlink_metadata().ok()?;
    let is_it =
        |at: &Path| at.metadata().is_ok_and(|other| (other.dev(), other.ino()) == (meta.dev(), meta.ino()));
    let held = std::fs::read_to_string("/proc/locks").ok()?;
    held.lines().filter_map(|line| flock(line, meta.ino())).find_map(|pid| {
        // The device in the list is not always the one that `stat` gives (btrfs, overlayfs), so the process has to have
        // the file open. Another user's process does not show that, and stays unnamed.
        let open = std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
        let has_it = open.filter_map(Result::ok).any(|entry| is_it(&entry.path()));
        let words = has_it.then(|| std::fs::read(format!("/proc/{pid}/cmdline")).ok())??;
        Some(Holder { pid, command: shown(&words) })
    })
}

/// Only Linux has a list of all locks.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn holder(_: &Path) -> Option<Holder> {
    None
}

/// Whether a process is this one, or was started by it or by one that it started, and all on the way still run.
#[cfg(target_os = "linux")]
#[must_use]
pub fn is_started_by(pid: u32, ancestor: u32) -> bool {
    let parent = |pid: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name in parentheses may hold anything; after it come the state and the parent.
        stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(1)?.parse().ok().filter(|parent| *parent != 0)
    };
    std::iter::successors(Some(pid), parent).any(|pid| pid == ancestor)
}

/// Only Linux is asked.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn is_started_by(_: u32, _: u32) -> bool {
    false
}

/// The process of a line of `/proc/locks`, if it is about this inode and the lock is held and not waited for:
/// `1: FLOCK  ADVISORY  WRITE 708 08:01:131074 0 EOF`.
#[cfg(target_os = "linux")]
fn flock(line: &str, inode: u64) -> Option<u32> {
    let mut words = line.split_ascii_whitespace().skip(1);
    if words.next()? != "FLOCK" {
        return None;
    }
    let pid = words.nth(2)?.parse().ok()?;
    let file = words.next()?;
    (file.rsplit(':').next()?.parse() == Ok(inode)).then_some(pid)
}

/// At most about this many characters of a command line.
#[cfg(target_os = "linux")]
const LONG: usize = 60;

#[cfg(target_os = "linux")]
fn shown(words: &[u8]) -> String {
    let words = words.strip_suffix(b"\0").unwrap_or(words).split(|byte| *byte == 0);
    let mut command = String::new();
    for (at, word) in words.enumerate() {
        let mut word = String::from_utf8_lossy(word);
        // `/usr/bin/cargo` is meant by its name.
        if at == 0
            && let Some(name) = Path::new(&*word).file_name()
        {
            word = name.to_string_lossy().into_owned().into();
        }
        if at > 0 {
            command.push(' ');
        }
        command.push_str(&shell_escape::escape(word));
        if command.chars().count() > LONG {
            let mut cut: String = command.chars().take(LONG).collect();
            cut.push('…');
            return cut;
        }
    }
    command
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{flock, holder, is_started_by, shown};

    #[test]
    fn a_process_is_told_from_those_that_it_did_not_start() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("sleep");
        let (ours, theirs) = (std::process::id(), child.id());
        assert!(is_started_by(theirs, ours) && is_started_by(ours, ours) && !is_started_by(ours, theirs));
        child.kill().expect("kill");
        child.wait().expect("wait");
    }

    #[test]
    fn the_holder_is_named_and_nobody_else() {
        let temp = tempfile::tempdir().expect("temp dir");
        let path = temp.path().join("lock");
        let file = std::fs::File::create(&path).expect("file");
        assert_eq!(holder(&path), None, "open is not locked");
        file.lock().expect("lock");
        let held = holder(&path).expect("this process holds it");
        assert_eq!(held.pid, std::process::id());
        assert!(!held.command.is_empty());
        file.unlock().expect("unlock");
        assert_eq!(holder(&path), None);
    }

    #[test]
    fn the_kernels_list_is_read_as_it_is_written() {
        for (line, pid) in [
            ("1: FLOCK  ADVISORY  WRITE 708 08:01:131074 0 EOF", Some(708)),
            ("1: FLOCK  ADVISORY  READ  708 00:2e:131074 0 EOF", Some(708)),
            ("1: -> FLOCK  ADVISORY  WRITE 709 08:01:131074 0 EOF", None),
            ("2: POSIX  ADVISORY  WRITE 708 08:01:131074 0 EOF", None),
            ("3: FLOCK  ADVISORY  WRITE 708 08:01:131075 0 EOF", None),
            ("4: FLOCK  ADVISORY  WRITE -1 08:01:131074 0 EOF", None),
            ("", None),
        ] {
            assert_eq!(flock(line, 131_074), pid, "{line}");
        }
    }

    #[test]
    fn a_command_can_be_pasted_and_is_short() {
        assert_eq!(shown(b"/usr/bin/cargo\0build\0--config\0a b\0"), "cargo build --config 'a b'");
        let long = shown(&b"cargo\0--very-long-argument".repeat(10));
        assert!(long.ends_with('…') && long.chars().count() == 61, "{long}");
    }
}
